"""Pairs of persons with nearly the same propensity, one from each group."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, Estimate, Unit
from evalkit.statistics.adjustment.arm_means import (
    FEWEST_EFFECTIVE,
    difference_estimate,
    is_share,
    refuse_same_outcome,
)
from evalkit.statistics.adjustment.groups import Groups
from evalkit.statistics.shares.before_after import paired_newcombe_limits

CALIPER = 0.2
_FEWEST_PAIRS = 2


def nearest_pairs(groups: Groups, *, caliper: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Pairs each treated person with the nearest unused control (Rosenbaum and Rubin 1985).

    Greedy, without replacement, highest propensity first, as MatchIt's default. Of controls
    equally near the one below is taken, and of those at the same propensity the first in the
    frame; MatchIt 4.5 breaks ties by the order of the rows, too, so that another order may give
    other pairs.

    Args:
        groups: From `compare_groups`.
        caliper: Largest distance of a pair in standard deviations of the logit of the
            propensity (Austin 2011: 0.2), which then is also what nearness is measured in;
            none when left out, and nearness in the propensity itself.

    Returns:
        Positions of the treated and of their controls; treated without a control are left out.
    """
    if caliper is None:
        e, widest = groups.propensity, np.inf
    else:
        e = groups.log_odds
        widest = caliper * float(e.std(ddof=1))
    treated, controls = np.flatnonzero(groups.treated), np.flatnonzero(~groups.treated)
    treated = treated[np.argsort(-e[treated], kind="stable")]
    controls = controls[np.argsort(e[controls], kind="stable")]
    unused, ids = e[controls].tolist(), controls.tolist()
    pairs = []
    for person in treated.tolist():
        above = bisect_left(unused, e[person])
        apart = {
            place: abs(unused[place] - e[person])
            for place in (above - 1, above)
            if 0 <= place < len(unused)
        }
        if not apart:
            break
        nearest = min(apart, key=apart.__getitem__)
        if apart[nearest] <= widest:
            unused.pop(nearest)
            pairs.append((person, ids.pop(nearest)))
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def matched_estimate(
    groups: Groups,
    *,
    caliper: float | None = CALIPER,
    unit: Unit = "share_difference",
    confidence_level: float = 0.95,
) -> tuple[Estimate, int]:
    """Mean difference within the pairs, with an interval of pairs.

    For an outcome of 0 or 1 Newcombe's method 10 for pairs (1998c), which keeps its width where
    all have the outcome; for others the error is clustered by pair (Austin 2011; Abadie and
    Spiess 2022). Both take the propensity as known, which for the treated may be too much or too
    little (Abadie and Imbens 2016): the doubly robust estimate has the better interval.

    Args:
        groups: From `compare_groups`.
        caliper: See `nearest_pairs`.
        unit: Unit of the difference.
        confidence_level: 0.95 for a 95 % interval.

    Returns:
        The difference and the number of pairs.

    Raises:
        CannotBeComputed: ``no_comparable_pairs`` with fewer than two pairs; ``too_few_effective``
            for a share of fewer than five;
            ``same_outcome_in_both`` when all, or nobody, in both groups have the outcome.
    """
    check_option("unit", unit, Unit)
    first, second = nearest_pairs(groups, caliper=caliper)
    if len(first) < _FEWEST_PAIRS:
        raise CannotBeComputed("no_comparable_pairs")
    limits = None
    if is_share(groups.outcome):
        refuse_same_outcome(groups)
        if len(first) < FEWEST_EFFECTIVE:
            raise CannotBeComputed(
                "too_few_effective", n=groups.n, effective=len(first), needed=FEWEST_EFFECTIVE
            )
        limits = _limits_of_pairs(groups.outcome[first], groups.outcome[second], confidence_level)
    gap = groups.outcome[first] - groups.outcome[second]
    estimate = difference_estimate(
        groups,
        float(gap.mean()),
        float(gap.std(ddof=1) / np.sqrt(len(gap))),
        measure="matched",
        method="matched_pairs",
        unit=unit,
        confidence_level=confidence_level,
        limits=limits,
    )
    return estimate, len(gap)


def _limits_of_pairs(
    one: np.ndarray, other: np.ndarray, confidence_level: float
) -> tuple[float, float]:
    """Of the cells yes/yes, yes/no, no/yes, no/no."""
    a, b, c, d = (int(np.sum((one == x) & (other == y))) for x in (1, 0) for y in (1, 0))
    low, high = paired_newcombe_limits(a, b, c, d, confidence_level)
    return float(low), float(high)
