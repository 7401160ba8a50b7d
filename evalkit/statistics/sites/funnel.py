"""Funnel plots as data: sites by size against the limits of chance, no site before another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy import special

from evalkit.options import check_option
from evalkit.results import (
    Allowance,
    CannotBeComputed,
    Estimate,
    EstimateRow,
    Funnel,
    FunnelLine,
    FunnelPoint,
    TestResult,
    Zone,
)
from evalkit.statistics.shares.share_counts import FloatArray, checked_share

LimitAt = Callable[[FloatArray, float], FloatArray]
LEVELS = (0.95, 0.998)
POINTS_ON_A_LINE = 80


def share_funnel(
    sites: Sequence[Estimate],
    *,
    allowance: Allowance = "none",
    reference: float | None = None,
) -> Funnel:
    """Shares of sites against 95 % and 99.8 % limits around what they have in common.

    Spiegelhalter (2005): exact binomial limits; with an allowance, limits widened by one variance
    added to each site, from the dispersion φ of the winsorised distances from the reference. An
    allowance is made only where φ exceeds 1.

    Args:
        sites: Shares of whole persons, as `proportion` makes them.
        allowance: For sites known to differ in what the figures do not show.
        reference: The share to compare with; that of all sites together when left out.

    Raises:
        CannotBeComputed: ``one_site`` for fewer than two sites; ``no_variation`` when nobody or
            everybody in all of them has the event.

    >>> from evalkit.statistics.shares.proportions import proportion
    >>> shares = [(45, 80), (38, 60), (30, 57), (50, 70), (20, 60)]
    >>> sites = [proportion(events=k, n=n, group=f"site {n}") for k, n in shares]
    >>> [point.zone for point in share_funnel(sites).points]
    ['inside', 'inside', 'inside', 'warning_above', 'outside_below']
    """
    check_option("allowance", allowance, Allowance)
    check_sites(sites)
    n = np.array([site.n for site in sites], dtype=float)
    values = np.array([site.value for site in sites])
    centre = float(np.sum(values * n) / n.sum()) if reference is None else reference
    if len(sites) < 2:
        raise CannotBeComputed("one_site")
    if centre in (0.0, 1.0):
        raise CannotBeComputed("no_variation")
    z = 2 * np.sqrt(n) * (np.arcsin(np.sqrt(values)) - np.arcsin(np.sqrt(centre)))
    phi = float(np.mean(winsorised(z) ** 2))
    is_widened = allowance == "additive" and phi > 1
    limit_at: LimitAt = partial(share_limit, centre)
    if is_widened:
        limit_at = partial(share_limit_beyond_chance, centre, added=_added(phi, n))
    grid = np.unique(np.rint(np.geomspace(max(n.min() * 0.6, 1.0), n.max() * 1.15, 200)))
    grid = grid[np.linspace(0, len(grid) - 1, min(len(grid), POINTS_ON_A_LINE)).astype(int)]
    return Funnel(
        reference=centre,
        lines=tuple(_line(limit_at, grid, level) for level in LEVELS),
        points=tuple(_point(site, limit_at) for site in sites),
        allowance="additive" if is_widened else "none",
        dispersion=phi,
        test=_test(sites, phi),
    )


def check_sites(sites: Sequence[EstimateRow]) -> None:
    """Refuse counts and names in place of the sites' estimates."""
    other = next((one for one in sites if not isinstance(one, EstimateRow)), None)
    if isinstance(sites, Mapping) or other is not None:
        found = type(sites if isinstance(sites, Mapping) else other).__name__
        wanted = "one estimate per site, as [proportion(20, 60, group='A'), …]"
        raise TypeError(f"sites: expected {wanted}, found {found}")


def _added(phi: float, n: FloatArray) -> float:
    """The variance to add to each site on the arcsine scale (Spiegelhalter 2005, 2.3)."""
    weights, k = 4 * n, len(n)
    room = float(weights.sum() - np.sum(weights**2) / weights.sum())
    return max(0.0, (k * phi - (k - 1)) / room)


def _line(limit_at: LimitAt, grid: FloatArray, level: float) -> FunnelLine:
    below = (1 - level) / 2
    low, high = limit_at(grid, below), limit_at(grid, 1 - below)
    return FunnelLine(level=level, size=grid, low=low, high=high)


def _point(site: Estimate, limit_at: LimitAt) -> FunnelPoint:
    narrow, wide = (_limits(limit_at, site.n, (1 - level) / 2) for level in LEVELS)
    zone = _zone(site.value, narrow, wide)
    return FunnelPoint(row=site, size=float(site.n), zone=zone, narrow=narrow, wide=wide)


def _limits(limit_at: LimitAt, n: int, below: float) -> tuple[float, float]:
    at = np.asarray(float(n))
    return float(limit_at(at, below)), float(limit_at(at, 1 - below))


def _zone(value: float, narrow: tuple[float, float], wide: tuple[float, float]) -> Zone:
    if value < wide[0]:
        return "outside_below"
    if value > wide[1]:
        return "outside_above"
    if value < narrow[0]:
        return "warning_below"
    return "warning_above" if value > narrow[1] else "inside"


def _test(sites: Sequence[Estimate], phi: float) -> TestResult:
    """k·φ is χ² on k degrees of freedom where chance is all (Spiegelhalter 2005)."""
    statistic = len(sites) * phi
    return TestResult(
        name="dispersion",
        statistic=statistic,
        degrees_of_freedom=len(sites),
        p_value=float(special.chdtrc(len(sites), statistic)),
        n=sum(site.n for site in sites),
        cells=tuple(count for site in sites for count in site.cells),
    )


def share_limit(reference: float, n: npt.ArrayLike, probability: float) -> FloatArray:
    """The share below which a site of ``n`` persons falls with a probability, by chance alone.

    Exact binomial limits with interpolation (Spiegelhalter 2005, appendix A.1.1): with r the
    smallest count with P(R ≤ r) ≥ p, the limit is (r − α)/n, α = (P(R ≤ r) − p)/P(R = r), so
    that it does not jump with n. Cut at 0 and 1.

    Args:
        reference: The share that all sites are taken to have.
        n: Persons of the sites, any shape.
        probability: 0.025 for the lower 95 % limit.

    Raises:
        ValueError: If ``reference`` or ``probability`` is not strictly between 0 and 1.

    >>> [round(float(share_limit(0.61, 50, p)), 4) for p in (0.025, 0.975)]
    [0.4627, 0.7337]
    """
    checked_share(reference, "reference")
    checked_share(probability, "probability")
    size = np.asarray(n, dtype=float)
    count = np.ceil(special.bdtrik(probability, size, reference))
    # The inverse is of a count between whole ones: one too many where it is exact.
    one_less = np.maximum(count - 1, 0.0)
    count = np.where(_at_most(one_less, size, reference) >= probability, one_less, count)
    upto = _at_most(count, size, reference)
    before = np.where(count > 0, _at_most(np.maximum(count - 1, 0.0), size, reference), 0.0)
    limit = (count - (upto - probability) / (upto - before)) / size
    return np.asarray(np.clip(limit, 0.0, 1.0))


def _at_most(count: FloatArray, n: FloatArray, share: float) -> FloatArray:
    return np.asarray(special.bdtr(count, n.astype(np.int64), share))


def share_limit_beyond_chance(
    reference: float, n: npt.ArrayLike, probability: float, *, added: float
) -> FloatArray:
    """Limits widened by what sites differ beyond chance, on the arcsine scale.

    Spiegelhalter (2005, section 2.3): normal limits around arcsin √reference with variance
    1/(4n) + ``added``.

    >>> limit = share_limit_beyond_chance(0.61, 50, 0.025, added=0.0)
    >>> round(float(limit), 3)
    0.472
    """
    checked_share(probability, "probability")
    size = np.asarray(n, dtype=float)
    error = np.sqrt(1 / (4 * size) + added)
    centre = np.arcsin(np.sqrt(checked_share(reference, "reference")))
    angle = np.clip(centre + special.ndtri(probability) * error, 0.0, np.pi / 2)
    return np.asarray(np.sin(angle) ** 2)


def winsorised(z: FloatArray) -> FloatArray:
    """The distances with the most extreme tenth at either end drawn in to the next.

    Whole sites are drawn in: with fewer than ten none is (Spiegelhalter 2005, section 2.3.2).

    >>> winsorised(np.array([-9.0, *range(8), 50.0])).tolist()
    [0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 7.0]
    """
    drawn, ordered = len(z) // 10, np.sort(z)
    return np.asarray(np.clip(z, ordered[drawn], ordered[len(z) - 1 - drawn]))
