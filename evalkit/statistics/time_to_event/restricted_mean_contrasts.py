"""Two groups compared by mean days up to a horizon: difference, ratios, tests.

Errors combine as for independent groups (Uno et al. 2014; Tian et al. 2014, as R's survRM2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy.special import erfc

from evalkit.results import CannotBeComputed, Estimate, EventTable, TestResult
from evalkit.statistics.shares.share_counts import normal_quantile
from evalkit.statistics.time_to_event.restricted_mean import MeanTime, lost, mean_waiting

Contrast = Literal["difference", "ratio", "lost_time_ratio"]


def restricted_mean_difference(
    table: EventTable,
    *,
    days: float,
    groups: tuple[str, str],
    causes: Sequence[str] | None = None,
    confidence_level: float = 0.95,
) -> Estimate:
    """Mean days waiting in the first group less the second, up to the horizon.

    Difference of `restricted_mean`, errors added in squares, plain interval (Uno et al.
    2014). Negative: the first group leaves sooner.

    Args:
        table: Counts per group and day.
        days: The horizon τ, in days, within both groups' follow-up.
        groups: First and second group; the second is the reference.
        causes: Ways to leave that are the event; ``None``: any.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError, CannotBeComputed: As `restricted_mean`, for either group.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> groups = ["a", "a", "b", "b"]
    >>> table = event_table([1, 4, 2, 4], [1, 1, 1, 1], cause_names=["work"], groups=groups)
    >>> restricted_mean_difference(table, days=4, groups=("a", "b")).value
    -0.5
    """
    first, second = _both(table, days, groups, causes)
    value, error = first.days - second.days, _hypot(first, second)
    half = normal_quantile(confidence_level) * error
    return _estimate(
        "restricted_mean_difference",
        (value, value - half, value + half),
        "days",
        first,
        second,
        groups,
        confidence_level,
    )


def restricted_mean_ratio(
    table: EventTable,
    *,
    days: float,
    groups: tuple[str, str],
    causes: Sequence[str] | None = None,
    lost_time: bool = False,
    confidence_level: float = 0.95,
) -> Estimate:
    """Mean days in the first group over the second: waiting, or with ``lost_time`` after exit.

    Interval on the log scale by the delta method (Uno et al. 2014).

    Args:
        table: Counts per group and day.
        days: The horizon τ, in days, within both groups' follow-up.
        groups: First and second group; the second is the reference.
        causes: Ways to leave that are the event; ``None``: any.
        lost_time: Ratio of mean days after leaving instead of mean days waiting.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError, CannotBeComputed: As `restricted_mean`; ``zero_mean`` when a mean is 0.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> groups = ["a", "a", "b", "b"]
    >>> table = event_table([1, 4, 2, 4], [1, 1, 1, 1], cause_names=["work"], groups=groups)
    >>> round(restricted_mean_ratio(table, days=4, groups=("a", "b")).value, 3)
    0.833
    """
    first, second = _both(table, days, groups, causes)
    if lost_time:
        first, second = lost(first, days), lost(second, days)
    logarithm, error = _log_ratio(first, second)
    half = normal_quantile(confidence_level) * error
    limits = tuple(float(np.exp(logarithm + s * half)) for s in (0, -1, 1))
    measure = "lost_time_ratio" if lost_time else "restricted_mean_ratio"
    return _estimate(measure, limits, "ratio", first, second, groups, confidence_level)


def restricted_mean_test(
    table: EventTable,
    *,
    days: float,
    groups: tuple[str, str],
    causes: Sequence[str] | None = None,
    contrast: Contrast = "difference",
) -> TestResult:
    """Two-sided normal test that two groups have the same mean days up to the horizon.

    The statistic is z, of the difference or of the log ratio (Uno et al. 2014).

    Args:
        table: Counts per group and day.
        days: The horizon τ, in days.
        groups: First and second group.
        causes: Ways to leave that are the event; ``None``: any.
        contrast: What is tested: the difference, the ratio or the ratio of days after exit.

    Raises:
        ValueError, CannotBeComputed: As `restricted_mean_ratio`; ``no_variation`` when the
            standard error is 0.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> groups = ["a", "a", "b", "b"]
    >>> table = event_table([1, 4, 2, 4], [1, 1, 1, 1], cause_names=["work"], groups=groups)
    >>> round(restricted_mean_test(table, days=4, groups=("a", "b")).p_value, 3)
    0.695
    """
    first, second = _both(table, days, groups, causes)
    if contrast == "difference":
        value, error = first.days - second.days, _hypot(first, second)
    else:
        if contrast == "lost_time_ratio":
            first, second = lost(first, days), lost(second, days)
        value, error = _log_ratio(first, second)
    if error == 0:
        raise CannotBeComputed("no_variation")
    z = value / error
    return TestResult(
        name=f"restricted_mean_{contrast}",
        statistic=z,
        degrees_of_freedom=1,
        p_value=float(erfc(abs(z) / np.sqrt(2))),
        n=first.persons + second.persons,
        cells=(*first.cells, *second.cells),
    )


def _both(
    table: EventTable, days: float, groups: tuple[str, str], causes: Sequence[str] | None
) -> tuple[MeanTime, MeanTime]:
    first, second = (mean_waiting(table, days=days, group=g, causes=causes) for g in groups)
    return first, second


def _hypot(first: MeanTime, second: MeanTime) -> float:
    return float(np.hypot(first.standard_error, second.standard_error))


def _log_ratio(first: MeanTime, second: MeanTime) -> tuple[float, float]:
    if first.days <= 0 or second.days <= 0:
        raise CannotBeComputed("zero_mean")
    error = np.hypot(first.standard_error / first.days, second.standard_error / second.days)
    return float(np.log(first.days / second.days)), float(error)


def _estimate(
    measure: str,
    limits: tuple[float, ...],
    unit: Literal["days", "ratio"],
    first: MeanTime,
    second: MeanTime,
    groups: tuple[str, str],
    confidence_level: float,
) -> Estimate:
    value, low, high = limits
    return Estimate(
        measure=measure,
        value=value,
        low=low,
        high=high,
        unit=unit,
        method="plain" if unit == "days" else "log",
        confidence_level=confidence_level,
        n=first.persons + second.persons,
        cells=(*first.cells, *second.cells),
        group=f"{groups[0]} – {groups[1]}",
    )
