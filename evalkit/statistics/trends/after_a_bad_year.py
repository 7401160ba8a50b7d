"""An area chosen for its bad year: how much of its rise others as low had without a programme.

The bad year is the reason for the programme and for part of the rise. Other areas that stood as
low rose too; what they rose is taken away. Unadjusted, 5–20 of 100 panels where nothing happened
show a lead; so adjusted, 4–6 of 100 do. See ``docs/en/estimates.md``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy
from scipy import optimize, special

from evalkit.options import check_option
from evalkit.results import AreaSeries, CannotBeComputed, ChosenFor, Estimate, LeadAfterBadYear
from evalkit.results.series import YEARS_TO_WEIGHT
from evalkit.statistics.means import t_estimate
from evalkit.statistics.shares.share_counts import check_confidence_level
from evalkit.statistics.trends.aligned import aligned, break_place
from evalkit.statistics.trends.randomisation import pooled_t

FEWEST_OTHERS = 8
"""Other areas: with five the interval is twice as wide."""
FEWEST_YEARS = 3
GUARD = 1.5
"""An area that swings this much more than the others gets no verdict with fewer years."""
LIKE_SIZE = 2.0
POWER = 0.8


def lead_after_bad_year(
    series: AreaSeries,
    *,
    area: str,
    others: list[str] | tuple[str, ...],
    first_after: str,
    chosen_for: ChosenFor = "unknown",
    sizes: Mapping[str, float] | None = None,
    is_share_without_n: bool = False,
    confidence_level: float = 0.95,
) -> LeadAfterBadYear:
    """The area's change less that of others that stood as low, with the unadjusted beside it.

    Per area: L the last value before, E the mean of the earlier ones, C the mean after less L.
    Least squares on the others, C = α + β₁L + β₂E; the lead is the area's own residual, with
    Student's t on J − 3 degrees of freedom. From six years before on the line is weighted by the
    areas' own variability, shrunk towards each other (Smyth 2004, SAGMB 3:3).

    Args:
        series: Observations per area and period.
        area: The area with the programme.
        others: Areas without it; choose those of like size first.
        first_after: First period with the programme.
        chosen_for: Why the area and its start were chosen.
        sizes: Population or enrolled of every area, where the numbers behind shares are unknown.
        is_share_without_n: Whether the values are shares whose n is not published: then only
            areas within a factor two of the area's size are compared.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        CannotBeComputed: ``chosen_for_result`` when area or start was chosen with the years after
            in view, which no method mends; ``too_few_others`` with fewer than eight others;
            ``n_not_published`` with fewer than eight of like size; ``too_few_periods`` with fewer
            than three periods before; ``definition_break``; ``no_variation``; as `aligned`.

    Edge cases: ``is_judged`` is false, and ``guard`` says why, where the reason of the choice is
    unknown, or the area swings much more than the others in the few years before.
    """
    check_option("chosen_for", chosen_for, ChosenFor)
    check_confidence_level(confidence_level)
    names = _allowed(area, others, chosen_for, sizes, is_share_without_n)
    table = aligned(series, areas=[area, *names])
    n_before = break_place(table, first_after=first_after, fewest=FEWEST_YEARS)
    panel = _panel_of(table.to_numpy(float), n_before)
    plain = lead = _residual(panel, np.ones(len(panel.change)))
    if n_before >= YEARS_TO_WEIGHT:
        lead = _residual(panel, shrunken_variances(panel.earlier).variances)
    guard = ""
    if chosen_for == "unknown":
        guard = "chosen_unknown"
    elif n_before < YEARS_TO_WEIGHT and _swings_more(panel.earlier):
        guard = "swings_more"
    return LeadAfterBadYear(
        area=area,
        adjusted=lead.estimate("lead_adjusted", len(names) + 1, confidence_level, area),
        unadjusted=unadjusted_lead(panel.change, confidence_level, area=area),
        plain=plain.estimate("lead_adjusted", len(names) + 1, confidence_level, area),
        change=float(panel.change[0]),
        expected=float(panel.change[0]) - lead.value,
        dip=float(panel.last[0] - panel.earlier_mean[0]),
        is_judged=not guard,
        guard=guard,
        n_others=len(names),
        years_before=n_before,
        smallest_found=smallest_found(lead.error, lead.free, confidence_level),
    )


def smallest_found(error: float, free: float, confidence_level: float = 0.95) -> float:
    """The lead that four of five such comparisons would find: what to say beforehand.

    The shift for which Student's t, not central, lies beyond its limit with power 0.8.
    """
    limit = float(special.stdtrit(free, (1 + confidence_level) / 2))

    def missed(shift: float) -> float:
        return float(scipy.stats.nct.cdf(limit, free, shift)) - (1 - POWER)

    return error * float(optimize.brentq(missed, 0.0, limit + 10))


def unadjusted_lead(change: np.ndarray, confidence_level: float, *, area: str) -> Estimate:
    """The first area's change less the others' mean, t with J − 1 (Donald and Lang 2007)."""
    return pooled_t(
        change,
        np.arange(len(change)) == 0,
        confidence_level=confidence_level,
        measure="lead_unadjusted",
        method="regression_to_the_mean",
        group=area,
    )


@dataclass(frozen=True, slots=True)
class Residual:
    """A lead with its error and degrees of freedom."""

    value: float
    error: float
    free: float
    coefficients: tuple[float, ...] = ()
    spread: float = 0.0

    def estimate(self, measure: str, n: int, confidence_level: float, area: str) -> Estimate:
        return t_estimate(
            self.value,
            self.error,
            self.free,
            measure=measure,
            method="regression_to_the_mean",
            confidence_level=confidence_level,
            n=n,
            group=area,
        )


@dataclass(frozen=True, slots=True)
class Shrunken:
    """Each area's variance, shrunk: by how many degrees of freedom and towards what."""

    variances: np.ndarray
    prior_df: float
    prior_variance: float


@dataclass(frozen=True, slots=True)
class _Panel:
    """Per area, the one with the programme first."""

    last: np.ndarray
    earlier: np.ndarray
    change: np.ndarray

    @property
    def earlier_mean(self) -> np.ndarray:
        return np.asarray(self.earlier.mean(axis=0))


def shrunken_variances(earlier: np.ndarray) -> Shrunken:
    """Variances of the areas' earlier years, each year's mean taken away, shrunk (Smyth 2004).

    Where the areas differ no more than chance makes them all are alike: ``prior_df`` is infinite.

    Args:
        earlier: ``(years, areas)``.
    """
    free = len(earlier) - 1
    own = (earlier - earlier.mean(axis=1, keepdims=True)).var(axis=0, ddof=1)
    if not (own > 0).all():
        raise CannotBeComputed("no_variation", n=earlier.shape[1])
    logs = np.log(own) - special.digamma(free / 2) + math.log(free / 2)
    beyond = float(logs.var(ddof=1) - special.polygamma(1, free / 2))
    if beyond <= 0:
        alike = math.exp(float(logs.mean()))
        return Shrunken(np.full(earlier.shape[1], alike), math.inf, alike)
    root = optimize.brentq(lambda x: float(special.polygamma(1, math.exp(x))) - beyond, -30, 30)
    prior = 2 * math.exp(root)
    centre = math.exp(logs.mean() + special.digamma(prior / 2) - math.log(prior / 2))
    return Shrunken((prior * centre + free * own) / (prior + free), prior, float(centre))


def _residual(panel: _Panel, scale: np.ndarray) -> Residual:
    """The first area's residual from the others' line on the last and the earlier values.

    ``scale``: each area's variance, one for all where they are taken as alike.
    """
    rows = np.column_stack([np.ones(len(scale)), panel.last, panel.earlier_mean])
    z, y, weight = rows[1:], panel.change[1:], 1 / scale[1:]
    cross = (z * weight[:, None]).T @ z
    if np.linalg.matrix_rank(z) < z.shape[1]:
        raise CannotBeComputed("no_variation", n=len(y))
    coefficients = np.linalg.solve(cross, (z * weight[:, None]).T @ y)
    free = len(y) - z.shape[1]
    variance = float(weight @ (y - z @ coefficients) ** 2) / free
    own = rows[0]
    error = math.sqrt(variance * (scale[0] + own @ np.linalg.solve(cross, own)))
    value = float(panel.change[0] - own @ coefficients)
    return Residual(value, error, free, tuple(map(float, coefficients)), math.sqrt(variance))


def _panel_of(values: np.ndarray, n_before: int) -> _Panel:
    last = values[n_before - 1]
    return _Panel(last, values[: n_before - 1], values[n_before:].mean(axis=0) - last)


def _swings_more(earlier: np.ndarray) -> bool:
    own, others = sd_before(earlier)
    return own > GUARD * others


def sd_before(earlier: np.ndarray) -> tuple[float, float]:
    """Standard deviation of the area's earlier years, and the others' median."""
    spread = earlier.std(axis=0, ddof=1)
    return float(spread[0]), float(np.median(spread[1:]))


def _allowed(
    area: str,
    others: list[str] | tuple[str, ...],
    chosen_for: ChosenFor,
    sizes: Mapping[str, float] | None,
    is_share_without_n: bool,
) -> list[str]:
    """The areas to compare with, or why there is no comparison."""
    check_option("chosen_for", chosen_for, ChosenFor)
    if chosen_for == "result":
        raise CannotBeComputed("chosen_for_result", area=area)
    names = [name for name in dict.fromkeys(others) if name != area]
    if is_share_without_n:
        known = sizes or {}
        own = known.get(area, math.inf)
        names = [
            name
            for name in names
            if name in known and own / LIKE_SIZE <= known[name] <= own * LIKE_SIZE
        ]
        if len(names) < FEWEST_OTHERS:
            raise CannotBeComputed("n_not_published", n=len(names), needed=FEWEST_OTHERS)
    if len(names) < FEWEST_OTHERS:
        raise CannotBeComputed("too_few_others", n=len(names), needed=FEWEST_OTHERS)
    return names
