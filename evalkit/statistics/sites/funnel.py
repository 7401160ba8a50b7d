"""Funnel plots as data: sites by size against the limits of chance, no site before another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

from evalkit.options import check_option
from evalkit.results import (
    Allowance,
    CannotBeComputed,
    Estimate,
    Funnel,
    FunnelLine,
    FunnelPoint,
    TestResult,
    Zone,
)
from evalkit.statistics.shares.share_counts import FloatArray, checked_share

LEVELS = (0.95, 0.998)
POINTS_ON_A_LINE = 80


def share_funnel(
    sites: Sequence[Estimate],
    *,
    allowance: Allowance = "none",
    reference: float | None = None,
) -> Funnel:
    """Shares of sites against 95 % and 99.8 % limits around what they have in common.

    Spiegelhalter (2005): exact binomial limits; with an allowance, limits widened by the
    dispersion φ of the winsorised distances from the reference, all by √φ or by one variance
    added to each site. An allowance is made only where φ exceeds 1.

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
    n = np.array([site.n for site in sites], dtype=float)
    values = np.array([site.value for site in sites])
    centre = float(np.sum(values * n) / n.sum()) if reference is None else reference
    _check(sites, is_fixed=centre in (0.0, 1.0))
    z = 2 * np.sqrt(n) * (np.arcsin(np.sqrt(values)) - np.arcsin(np.sqrt(centre)))
    phi = float(np.mean(winsorised(z) ** 2))
    limit_at = _share_limit(centre, phi, n, allowance)
    return _funnel(sites, n, centre, limit_at, phi=phi, allowance=allowance if phi > 1 else "none")


def ratio_funnel(
    sites: Sequence[Estimate],
    *,
    expected: Sequence[float],
    n: Sequence[int] | None = None,
) -> Funnel:
    """Observed over expected of sites against 95 % and 99.8 % limits around 1.

    Spiegelhalter (2005) for indirectly standardised ratios: by the number expected, with exact
    Poisson limits, or binomial ones where ``n`` tells how many could have had the outcome.

    Args:
        sites: Ratios of sites, value observed over expected.
        expected: Persons expected to have the outcome, per site.
        n: Persons per site, for outcomes that many have. The line is then drawn for the mean
            share expected; each site is judged by its own.

    Raises:
        ValueError: If a number expected is not between nobody and everybody.
        CannotBeComputed: ``one_site`` for fewer than two sites.
    """
    _check(sites, is_fixed=False)
    size, values = np.asarray(expected, dtype=float), np.array([site.value for site in sites])
    if n is None:
        line: LimitAt = ratio_limit
        error, limits = 1 / np.sqrt(size), [line for _ in sites]
    else:
        part = size / np.asarray(n, dtype=float)
        if not ((part > 0) & (part < 1)).all():
            raise ValueError("expected must lie strictly between nobody and everybody")
        error = np.sqrt((1 - part) / size)
        limits = [_bounded(float(one)) for one in part]
        line = _bounded(float(size.sum() / np.sum(n)))
    phi = float(np.mean(winsorised((values - 1) / error) ** 2))
    return _funnel(sites, size, 1.0, line, phi=phi, allowance="none", own=limits)


def _bounded(part: float) -> LimitAt:
    def limit(expected: FloatArray, probability: float) -> FloatArray:
        # Between whole numbers of persons the line is drawn at the nearest.
        n = np.maximum(np.rint(np.asarray(expected) / part), 1.0)
        return bounded_ratio_limit(n * part, n, probability)

    return limit


def _share_limit(centre: float, phi: float, n: FloatArray, allowance: Allowance) -> LimitAt:
    if allowance == "none" or phi <= 1:
        return partial(share_limit, centre)
    weights, k = 4 * n, len(n)
    room = float(weights.sum() - np.sum(weights**2) / weights.sum())
    added = max(0.0, (k * phi - (k - 1)) / room)
    is_added = allowance == "additive"
    return partial(
        share_limit_beyond_chance,
        centre,
        factor=1.0 if is_added else phi,
        added=added if is_added else 0.0,
    )


def _check(sites: Sequence[Estimate], *, is_fixed: bool) -> None:
    if len(sites) < 2:
        raise CannotBeComputed("one_site")
    if is_fixed:
        raise CannotBeComputed("no_variation")


def _funnel(
    sites: Sequence[Estimate],
    size: FloatArray,
    reference: float,
    line: LimitAt,
    *,
    phi: float,
    allowance: Allowance,
    own: Sequence[LimitAt] | None = None,
) -> Funnel:
    grid = np.unique(np.rint(np.geomspace(max(size.min() * 0.6, 1.0), size.max() * 1.15, 200)))
    grid = grid[np.linspace(0, len(grid) - 1, min(len(grid), POINTS_ON_A_LINE)).astype(int)]
    limits = own or [line] * len(sites)
    return Funnel(
        reference=reference,
        lines=tuple(_line(line, grid, level) for level in LEVELS),
        points=tuple(
            _point(site, float(n), limit)
            for site, n, limit in zip(sites, size, limits, strict=True)
        ),
        allowance=allowance,
        dispersion=phi,
        test=_test(sites, phi),
    )


def _line(limit_at: LimitAt, grid: FloatArray, level: float) -> FunnelLine:
    below = (1 - level) / 2
    low, high = limit_at(grid, below), limit_at(grid, 1 - below)
    return FunnelLine(level=level, size=grid, low=low, high=high)


def _point(site: Estimate, size: float, limit_at: LimitAt) -> FunnelPoint:
    narrow, wide = (_limits(limit_at, size, (1 - level) / 2) for level in LEVELS)
    return FunnelPoint(
        row=site, size=size, zone=_zone(site.value, narrow, wide), narrow=narrow, wide=wide
    )


def _limits(limit_at: LimitAt, size: float, below: float) -> tuple[float, float]:
    at = np.asarray(size)
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


LimitAt: TypeAlias = Callable[[FloatArray, float], FloatArray]


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
    size = np.asarray(n, dtype=float)
    limit = _binomial_limit(size, reference, probability) / size
    return np.asarray(np.clip(limit, 0.0, 1.0))


def ratio_limit(expected: npt.ArrayLike, probability: float) -> FloatArray:
    """The observed over expected below which a site falls with a probability, by chance alone.

    Exact Poisson limits with interpolation (Spiegelhalter 2005, appendix A.1.2) around 1, for
    outcomes that few have; `bounded_ratio_limit` is for those that many have.

    >>> [round(float(ratio_limit(25.0, p)), 4) for p in (0.025, 0.975)]
    [0.607, 1.3911]
    """
    size = np.asarray(expected, dtype=float)
    found = _interpolated(lambda k: special.pdtr(k, size), size, np.sqrt(size), probability)
    limit = found / size
    return np.asarray(np.maximum(limit, 0.0))


def bounded_ratio_limit(
    expected: npt.ArrayLike, n: npt.ArrayLike, probability: float
) -> FloatArray:
    """As `ratio_limit`, where at most ``n`` persons can have the outcome: binomial limits.

    A site where 60 of 100 are expected varies by √24 persons and not by √60, which Poisson
    limits take it to: they would let nearly every site stay inside.

    Raises:
        ValueError: If the number expected is not between nobody and everybody.

    >>> [round(float(bounded_ratio_limit(30.5, 50, p)), 4) for p in (0.025, 0.975)]
    [0.7585, 1.2028]
    """
    awaited, size = np.asarray(expected, dtype=float), np.asarray(n, dtype=float)
    if not ((awaited > 0) & (awaited < size)).all():
        raise ValueError("expected must lie strictly between nobody and everybody")
    limit = _binomial_limit(size, awaited / size, probability) / awaited
    return np.asarray(np.clip(limit, 0.0, size / awaited))


def share_limit_beyond_chance(
    reference: float, n: npt.ArrayLike, probability: float, *, factor: float, added: float
) -> FloatArray:
    """Limits widened by what sites differ beyond chance, on the arcsine scale.

    Spiegelhalter (2005, section 2.3): normal limits around arcsin √reference with variance
    ``factor``/(4n) + ``added``: the multiplicative form has a factor and nothing added, the
    additive form a factor of 1.

    >>> limit = share_limit_beyond_chance(0.61, 50, 0.025, factor=1.0, added=0.0)
    >>> round(float(limit), 3)
    0.472
    """
    checked_share(probability, "probability")
    size = np.asarray(n, dtype=float)
    error = np.sqrt(factor / (4 * size) + added)
    centre = np.arcsin(np.sqrt(checked_share(reference, "reference")))
    angle = np.clip(centre + special.ndtri(probability) * error, 0.0, np.pi / 2)
    return np.asarray(np.sin(angle) ** 2)


def winsorised(z: FloatArray, *, share: float = 0.1) -> FloatArray:
    """The distances with the most extreme tenth at either end drawn in to the next.

    Whole sites are drawn in: with fewer than ten none is (Spiegelhalter 2005, section 2.3.2).

    >>> winsorised(np.array([-9.0, *range(8), 50.0])).tolist()
    [0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 7.0]
    """
    drawn, ordered = int(share * len(z)), np.sort(z)
    return np.asarray(np.clip(z, ordered[drawn], ordered[len(z) - 1 - drawn]))


def _binomial_limit(n: FloatArray, share: npt.ArrayLike, probability: float) -> FloatArray:
    chance = np.asarray(share, dtype=float)
    spread = np.sqrt(n * chance * (1 - chance))
    whole = n.astype(np.int64)

    def at_most(count: FloatArray) -> FloatArray:
        # The normal one may lie above everybody, where `bdtr` has no value.
        within = np.minimum(count, whole)
        return np.asarray(special.bdtr(within, whole, chance), dtype=float)

    return _interpolated(at_most, n * chance, np.asarray(spread, dtype=float), probability)


def _interpolated(
    at_most: Callable[[FloatArray], FloatArray],
    mean: FloatArray,
    spread: FloatArray,
    probability: float,
) -> FloatArray:
    """The count with P(R ≤ count) = ``probability`` between two, sought from the normal one."""
    checked_share(probability, "probability")
    count = np.floor(np.maximum(mean + special.ndtri(probability) * spread, 0.0))
    while (is_low := at_most(count) < probability).any():
        count = count + is_low
    # Below the least count nothing lies.
    while (is_high := (count > 0) & (at_most(count - 1) >= probability)).any():
        count = count - is_high
    before = np.where(count > 0, at_most(np.maximum(count - 1, 0)), 0.0)
    overshoot = (at_most(count) - probability) / (at_most(count) - before)
    return np.asarray(count - overshoot)
