"""One difference by every method, and how strong a hidden one would have to be: the E-value.

VanderWeele and Ding (2017), Annals of Internal Medicine 167:268. Other measures are first put
as an approximate ratio of shares, by the formulas of their Table 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from evalkit.options import check_option
from evalkit.results import (
    AdjustedComparison,
    CannotBeComputed,
    ComparedTarget,
    Estimate,
    EstimateRow,
    EValue,
    NotEstimable,
)
from evalkit.statistics.adjustment.arm_means import ArmMean, ratio_of_means
from evalkit.statistics.adjustment.doubly_robust import (
    doubly_robust_difference,
    doubly_robust_means,
    modelled_difference,
)
from evalkit.statistics.adjustment.groups import Groups
from evalkit.statistics.adjustment.matching import matched_estimate
from evalkit.statistics.adjustment.weighting import weighted_difference, weighted_means
from evalkit.statistics.shares.differences import newcombe
from evalkit.statistics.shares.proportions import proportion

# Persons that each group must have beyond the columns of the models (disclosure's own rule for
# a regression is the same number).
FEWEST_BEYOND_MODEL = 10
Counts = tuple[int, int, int, int]


def compared(
    groups: Groups,
    *,
    target: ComparedTarget = "treated",
    confidence_level: float = 0.95,
) -> AdjustedComparison:
    """The difference of shares unadjusted, standardised, weighted, matched and doubly robust.

    The main row is the doubly robust one (Robins, Rotnitzky and Zhao 1994), for the target
    ``overlap`` the overlap-weighted one, since only weights have that target. Matching is
    always of the treated.

    Args:
        groups: From `compare_groups`, the outcome 0 or 1.
        target: For whom: the treated, everyone, or those who could be in either group.
        confidence_level: 0.95 for a 95 % interval.

    Where all, or nobody, in both groups have the outcome there are two shares and no difference.

    Raises:
        CannotBeComputed: ``too_few_to_compare`` when a group has fewer than ten persons more
            than the model has columns.
        ValueError: If an outcome is neither 0 nor 1.

    >>> import pandas as pd
    >>> from evalkit.statistics.adjustment.groups import compare_groups
    >>> rows = [(y, a, s) for a, s, k, n in ((1, 1, 6, 8), (1, 0, 2, 9), (0, 1, 2, 9), (0, 0, 1, 8))
    ...     for y in [1] * k + [0] * (n - k)]
    >>> frame = pd.DataFrame(rows, columns=["work", "arm", "young"])
    >>> groups = compare_groups(frame, outcome="work", treatment="arm", covariates=["young"])
    >>> made = compared(groups)
    >>> round(made.main_difference.value, 4)  # 8/17 (6/8 − 2/9) + 9/17 (2/9 − 1/8)
    0.2998
    """
    check_option("target", target, ComparedTarget)
    if not ((groups.outcome == 0) | (groups.outcome == 1)).all():
        raise ValueError("outcome: expected 0 or 1")
    k1, n1, k0, n0 = exact_counts(groups)
    needed = FEWEST_BEYOND_MODEL + len(groups.columns) - 1
    if min(n1, n0) < needed:
        raise CannotBeComputed("too_few_to_compare", needed=needed)
    rows, n_pairs = _differences(groups, target, confidence_level)
    unadjusted: EstimateRow = newcombe(
        events_1=k1,
        n_1=n1,
        events_2=k0,
        n_2=n0,
        confidence_level=confidence_level,
        measure="unadjusted_difference",
    )
    if groups.outcome.min() == groups.outcome.max():
        unadjusted = NotEstimable(
            measure="unadjusted_difference", reason="same_outcome_in_both", n=groups.n
        )
    return AdjustedComparison(
        shares=(proportion(events=k1, n=n1), proportion(events=k0, n=n0)),
        differences=(unadjusted, *rows),
        main="doubly_robust" if target != "overlap" else "overlap_weighted",
        ratio=_ratio(groups, target, confidence_level),
        n_pairs=n_pairs,
        target=target,
        n_treated=n1,
        n_control=n0,
        cells=(k1, n1 - k1, k0, n0 - k0),
    )


def exact_counts(groups: Groups) -> Counts:
    """With the outcome and all, participants first."""
    outcome, treated = groups.outcome, groups.treated
    return (
        int(outcome[treated].sum()),
        int(treated.sum()),
        int(outcome[~treated].sum()),
        int((~treated).sum()),
    )


def _differences(
    groups: Groups, target: ComparedTarget, confidence_level: float
) -> tuple[list[EstimateRow], int]:
    made: list[EstimateRow] = []
    if target != "overlap":
        options = {"target": target, "confidence_level": confidence_level}
        made += [
            _row("standardised", groups, lambda: modelled_difference(groups, **options).difference),  # type: ignore[arg-type]
            _row("weighted", groups, lambda: weighted_difference(groups, **options).difference),  # type: ignore[arg-type]
        ]
    made.append(
        _row(
            "overlap_weighted",
            groups,
            lambda: (
                weighted_difference(
                    groups, target="overlap", confidence_level=confidence_level
                ).difference
            ),
        )
    )
    pairs, n_pairs = _matched(groups, confidence_level)
    made.append(pairs)
    if target != "overlap":
        made.append(
            _row(
                "doubly_robust",
                groups,
                lambda: doubly_robust_difference(groups, **options).difference,  # type: ignore[arg-type]
            )
        )
    return made, n_pairs


def _matched(groups: Groups, confidence_level: float) -> tuple[EstimateRow, int]:
    try:
        pairs, n_pairs = matched_estimate(groups, confidence_level=confidence_level)
    except CannotBeComputed as error:
        return NotEstimable(measure="matched", reason=error.reason, n=groups.n), 0
    return replace(pairs, measure="matched"), n_pairs


def _row(measure: str, groups: Groups, estimate: Callable[[], Estimate]) -> EstimateRow:
    """The estimate, or why this method has none: the others still stand."""
    try:
        return replace(estimate(), measure=measure)
    except CannotBeComputed as error:
        return NotEstimable(measure=measure, reason=error.reason, n=groups.n)


def _ratio(groups: Groups, target: ComparedTarget, confidence_level: float) -> EstimateRow:
    try:
        one, zero = _main_means(groups, target)
        method = "aipw" if target != "overlap" else "overlap_weighting"
        return ratio_of_means(
            groups,
            one,
            zero,
            measure="adjusted_ratio",
            method=method,
            confidence_level=confidence_level,
        )
    except CannotBeComputed as error:
        return NotEstimable(measure="adjusted_ratio", reason=error.reason, n=groups.n)


def _main_means(groups: Groups, target: ComparedTarget) -> tuple[ArmMean, ArmMean]:
    if target == "overlap":
        return weighted_means(groups, target=target)
    return doubly_robust_means(groups, target=target)


def e_value(ratio: float) -> float:
    """The E-value of a ratio of shares: RR + √(RR (RR − 1)), of 1/RR where RR is below 1.

    The smallest ratio by which something unknown must be tied to both membership and outcome,
    beyond what is adjusted for, to explain the whole ratio away.

    Args:
        ratio: Ratio of shares, above 0.

    Raises:
        ValueError: If the ratio is not a positive number.

    >>> round(e_value(3.9), 2), round(e_value(1.0), 2)
    (7.26, 1.0)
    """
    if not 0 < ratio < math.inf:
        raise ValueError("ratio: expected a positive number")
    upwards = max(ratio, 1 / ratio)
    return upwards + math.sqrt(upwards * (upwards - 1))


def e_value_of(ratio: Estimate) -> EValue:
    """The E-value of an estimated ratio and of the limit of its interval nearest to 1.

    Args:
        ratio: A ratio of shares with its interval.

    Edge cases: an interval that includes 1 has the limit 1: nothing unknown is needed.

    >>> row = Estimate(measure="adjusted_ratio", value=3.9, low=1.8, high=8.7, unit="ratio",
    ...     method="aipw", confidence_level=0.95, n=800, cells=(400, 400))
    >>> round(e_value_of(row).limit, 1)  # VanderWeele and Ding (2017), Table 1
    3.0
    """
    crosses = ratio.low <= 1 <= ratio.high
    nearest = ratio.low if ratio.value > 1 else ratio.high
    return EValue(
        ratio=ratio,
        point=e_value(ratio.value),
        limit=1.0 if crosses else e_value(nearest),
    )
