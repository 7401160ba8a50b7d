"""The counts of two independent groups: checked, listed as cells, made into an `Estimate`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from evalkit.options import check_option
from evalkit.results import Estimate, Unit
from evalkit.statistics.shares.share_counts import (
    check_confidence_level,
    checked_counts,
    interval_estimate,
)

Counts: TypeAlias = tuple[int, int, int, int]
LimitsOfGroups: TypeAlias = Callable[[int, int, int, int, float], tuple[Any, Any]]


def two_groups(events_1: float, n_1: float, events_2: float, n_2: float) -> Counts:
    """``events_1, n_1, events_2, n_2`` as checked integers (see `share_counts.checked_counts`)."""
    first = checked_counts(events_1, n_1, names=("events_1", "n_1"))
    return first + checked_counts(events_2, n_2, names=("events_2", "n_2"))


def cells_of(counts: Counts) -> Counts:
    """With and without the event in the first group, then in the second."""
    k1, n1, k2, n2 = counts
    return k1, n1 - k1, k2, n2 - k2


def two_group_estimate(
    value: float,
    limits: LimitsOfGroups,
    method: str,
    counts: Counts,
    *,
    unit: Unit,
    confidence_level: float,
    measure: str,
    group: str,
) -> Estimate:
    """An `Estimate` of two groups from its value and the function that gives its limits."""
    check_option("unit", unit, Unit)
    check_confidence_level(confidence_level)
    return interval_estimate(
        value=value,
        limits=limits(*counts, confidence_level),
        unit=unit,
        method=method,
        confidence_level=confidence_level,
        n=counts[1] + counts[3],
        cells=cells_of(counts),
        measure=measure,
        group=group,
    )
