"""Two groups compared by mean days up to a horizon: difference, ratios, tests.

Errors combine as for independent groups (Uno et al. 2014; Tian et al. 2014, as R's survRM2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from evalkit.results import Estimate, EventTable
from evalkit.statistics.shares.share_counts import normal_quantile
from evalkit.statistics.time_to_event.restricted_mean import MeanTime, mean_waiting


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


def _both(
    table: EventTable, days: float, groups: tuple[str, str], causes: Sequence[str] | None
) -> tuple[MeanTime, MeanTime]:
    first, second = (mean_waiting(table, days=days, group=g, causes=causes) for g in groups)
    return first, second


def _hypot(first: MeanTime, second: MeanTime) -> float:
    return float(np.hypot(first.standard_error, second.standard_error))


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
