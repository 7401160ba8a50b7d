"""The only door: what a report shows has passed `release`.

Exploring one's own data needs no protection: `internal` passes the exact figures on,
marked as not released.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from typing import Any, TypeVar

from evalkit.disclosure.counts import is_small, release_counts
from evalkit.disclosure.curves import release_curve
from evalkit.disclosure.rule import Rule
from evalkit.results import (
    AreaChanges,
    AreaSeries,
    BeforeAfter,
    CountTable,
    Curve,
    Estimate,
    EstimateRow,
    FeasibleCounts,
    FeasibleDifference,
    FlowStep,
    NotEstimable,
    Released,
    TargetVerdict,
    TestResult,
    Withheld,
)

T = TypeVar("T")


def release(result: Any, rule: Rule) -> Released[Any]:
    """The result as it may be published, with the number of figures withheld.

    Args:
        result: A shape of `evalkit.results`, or a sequence of estimates by group.
        rule: The project's disclosure profile.

    Raises:
        TypeError: For a shape the door does not know: it stays shut.
        UnprotectedCurveError: For a curve computed from exact counts.
    """
    safe, withheld = _released(result, rule)
    return Released(safe, withheld, rule.name)


def internal(result: T) -> Released[T]:
    """The exact result, marked as not released: for exploring one's own data only."""
    return Released(result, 0, "internal", is_internal=True)


@singledispatch
def _released(result: Any, rule: Rule) -> tuple[Any, int]:  # noqa: ARG001
    raise TypeError(f"no disclosure rule for {type(result).__name__}")


@_released.register
def _(result: Estimate, rule: Rule) -> tuple[EstimateRow, int]:
    if any(is_small(count, rule) for count in result.cells):
        return _withheld(result), 1
    return result, 0


@_released.register(list)
@_released.register(tuple)
def _(rows: Sequence[EstimateRow], rule: Rule) -> tuple[tuple[EstimateRow, ...], int]:
    """Groups of one whole: a lone withheld group would follow from the others and the total."""
    released = [_released(row, rule)[0] for row in rows]
    hidden = [row for row in released if isinstance(row, Withheld) and row.group]
    shown = [row for row in released if isinstance(row, Estimate) and row.group]
    if len(hidden) == 1 and shown:
        smallest = min(shown, key=lambda row: row.n)
        released[released.index(smallest)] = _withheld(smallest, reason="complement")
    return tuple(released), sum(isinstance(row, Withheld) for row in released)


@_released.register(NotEstimable)
@_released.register(Withheld)
def _(result: NotEstimable | Withheld, rule: Rule) -> tuple[EstimateRow, int]:
    if isinstance(result, NotEstimable) and is_small(result.n, rule):
        return Withheld(measure=result.measure, reason="small_count", group=result.group), 1
    return result, 0


@_released.register
def _(result: FlowStep, rule: Rule) -> tuple[FlowStep | Withheld, int]:
    """Row counts describe the file; a small count of persons could point someone out."""
    if result.unit == "persons" and is_small(result.count, rule):
        return Withheld(measure=result.step, reason="small_count"), 1
    return result, 0


@_released.register
def _(result: TargetVerdict, rule: Rule) -> tuple[TargetVerdict | Withheld, int]:
    return _whole(result, (result.estimate,), rule)


@_released.register
def _(result: BeforeAfter, rule: Rule) -> tuple[BeforeAfter | Withheld, int]:
    return _whole(result, (result.before, result.after, result.difference), rule)


@_released.register
def _(result: TestResult, rule: Rule) -> tuple[TestResult | Withheld, int]:
    if any(is_small(count, rule) for count in result.cells):
        return Withheld(measure=result.name, reason="small_count"), 1
    return result, 0


@_released.register
def _(result: CountTable, rule: Rule) -> tuple[CountTable, int]:
    return release_counts(result, rule)


@_released.register
def _(result: Curve, rule: Rule) -> tuple[Curve, int]:
    return release_curve(result, rule)


@_released.register(AreaChanges)
@_released.register(AreaSeries)
@_released.register(FeasibleCounts)
@_released.register(FeasibleDifference)
def _(result: T, rule: Rule) -> tuple[T, int]:  # noqa: ARG001
    """Already published by others, or worked out from what is."""
    return result, 0


def _whole(result: T, parts: Sequence[Estimate], rule: Rule) -> tuple[T | Withheld, int]:
    """All of a compound result or nothing: each part would give the others away."""
    if any(is_small(count, rule) for part in parts for count in part.cells):
        return _withheld(parts[0]), 1
    return result, 0


def _withheld(estimate: Estimate, *, reason: str = "small_count") -> Withheld:
    return Withheld(measure=estimate.measure, reason=reason, group=estimate.group)
