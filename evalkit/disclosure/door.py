"""The only door: what a report shows has passed `release`.

Exploring one's own data needs no protection: `internal` passes the exact figures on,
marked as not released.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import singledispatch
from typing import Any, TypeVar

from evalkit.disclosure.comparisons import (
    release_balance,
    release_comparison,
    release_e_value,
    release_flow,
    release_overlap,
)
from evalkit.disclosure.counts import Telling, is_small, release_tables
from evalkit.disclosure.curves import release_curve
from evalkit.disclosure.estimates import as_withheld, reason_to_withhold, release_rows
from evalkit.disclosure.models import release_regression
from evalkit.disclosure.rule import Rule
from evalkit.disclosure.sites import release_funnel, release_sites
from evalkit.disclosure.states import release_state_curves
from evalkit.results import (
    AdjustedComparison,
    AdjustedVerdict,
    AreaChanges,
    AreaSeries,
    Balance,
    BeforeAfter,
    BoundedShare,
    CohortsCompared,
    CountTable,
    Curve,
    DaysRange,
    EquityGaps,
    Estimate,
    EstimateRow,
    EValue,
    EventStudy,
    FeasibleCounts,
    FeasibleDifference,
    FlowStep,
    FollowUpBounds,
    Funnel,
    GroupFlow,
    LeadChange,
    NotEstimable,
    Overlap,
    Regression,
    Released,
    SegmentedTrend,
    SiteComparison,
    StateCurves,
    SustainedWork,
    SyntheticControl,
    TargetVerdict,
    TestResult,
    TippingPoint,
    Withheld,
)

T = TypeVar("T")


def release(result: Any, rule: Rule) -> Released[Any]:
    """The result as it may be published, with the number of figures withheld.

    Args:
        result: A shape of `evalkit.results`, a sequence of estimates by group (the total,
            if given, without a group), or a sequence of count tables that share margins.
        rule: The project's disclosure profile.

    Raises:
        TypeError: For a shape the door does not know: it stays shut.
        UnprotectedCurveError: For a curve computed from exact counts.
    """
    if isinstance(result, CountTable):
        (table,), withheld, notes = release_tables([result], rule)
        return Released(table, withheld, rule.name, notes=notes)
    if _are_tables(result):
        tables, withheld, notes = release_tables(result, rule)
        return Released(tables, withheld, rule.name, notes=notes)
    safe, withheld = _released(result, rule)
    return Released(safe, withheld, rule.name)


def release_beside(
    tables: Sequence[CountTable], rule: Rule, *, telling: Telling
) -> Released[tuple[CountTable, ...]]:
    """Linked tables as they may be published beside other figures; see `release_tables`."""
    released, withheld, notes = release_tables(tables, rule, telling=telling)
    return Released(released, withheld, rule.name, notes=notes)


def release_rows_beside(
    rows: Sequence[EstimateRow], rule: Rule, *, telling: Collection[int]
) -> Released[tuple[EstimateRow, ...]]:
    """Estimates by group as they may be published beside other figures; see `release_rows`."""
    released, withheld = release_rows(rows, rule, telling=telling)
    return Released(released, withheld, rule.name)


def internal(result: T) -> Released[T]:
    """The exact result, marked as not released: for exploring one's own data only."""
    return Released(result, 0, "internal", is_internal=True)


def _are_tables(result: Any) -> bool:
    return (
        isinstance(result, list | tuple)
        and len(result) > 0
        and all(isinstance(table, CountTable) for table in result)
    )


@singledispatch
def _released(result: Any, rule: Rule) -> tuple[Any, int]:  # noqa: ARG001
    raise TypeError(f"no disclosure rule for {type(result).__name__}")


@_released.register
def _(result: Estimate, rule: Rule) -> tuple[EstimateRow, int]:
    reason = reason_to_withhold(result, rule)
    return (as_withheld(result, reason), 1) if reason else (result, 0)


@_released.register(list)
@_released.register(tuple)
def _(rows: Sequence[Any], rule: Rule) -> tuple[tuple[Any, ...], int]:
    """Estimates by group are judged together; anything else one by one."""
    if rows and all(isinstance(row, Estimate | NotEstimable | Withheld) for row in rows):
        return release_rows(rows, rule)
    released = [_released(row, rule) for row in rows]
    return tuple(row for row, _ in released), sum(withheld for _, withheld in released)


@_released.register(NotEstimable)
@_released.register(Withheld)
def _(result: NotEstimable | Withheld, rule: Rule) -> tuple[EstimateRow, int]:
    (row,), withheld = release_rows([result], rule)
    return row, withheld


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
def _(result: LeadChange, rule: Rule) -> tuple[LeadChange | Withheld, int]:
    return _whole(result, (result.before.share, result.after.share, result.change), rule)


@_released.register
def _(result: FollowUpBounds, rule: Rule) -> tuple[FollowUpBounds | Withheld, int]:
    """The extremes tell how many are missing, and any two of the shares the third."""
    return _whole(result, result.parts, rule)


@_released.register
def _(result: BoundedShare, rule: Rule) -> tuple[BoundedShare | Withheld, int]:
    """The extremes tell how many are not known."""
    return _whole(result, (result.of_known,), rule, counts=(result.n - result.known,))


@_released.register
def _(result: CohortsCompared, rule: Rule) -> tuple[CohortsCompared | Withheld, int]:
    return _whole(result, result.parts, rule, counts=result.counts)


@_released.register
def _(result: EquityGaps, rule: Rule) -> tuple[EquityGaps | Withheld, int]:
    if not result.parts:
        return result, 0
    return _whole(result, result.parts, rule, counts=result.counts)


@_released.register
def _(result: SustainedWork, rule: Rule) -> tuple[SustainedWork | Withheld, int]:
    return _by_counts(result, "sustained_work", result.counts, rule)


@_released.register
def _(result: DaysRange, rule: Rule) -> tuple[DaysRange | Withheld, int]:
    return _by_counts(result, "days_in_state", (result.n,), rule)


@_released.register
def _(result: StateCurves, rule: Rule) -> tuple[StateCurves | Withheld, int]:
    return release_state_curves(result, rule)


@_released.register
def _(result: TippingPoint, rule: Rule) -> tuple[TippingPoint | Withheld, int]:
    return _whole(result, (result.followed_up,), rule, counts=result.cells)


@_released.register
def _(result: AdjustedVerdict, rule: Rule) -> tuple[AdjustedVerdict | Withheld, int]:
    """Beside the plain verdict it tells those left out; a published table, who took part."""
    counts = (result.left_out, *result.reference_cells)
    return _whole(result, (result.observed, result.ratio, result.adjusted), rule, counts=counts)


@_released.register
def _(result: TestResult, rule: Rule) -> tuple[TestResult | Withheld, int]:
    if any(is_small(count, rule) for count in result.cells):
        return Withheld(measure=result.name, reason="small_count"), 1
    return result, 0


@_released.register
def _(result: Regression, rule: Rule) -> tuple[Regression | Withheld, int]:
    return release_regression(result, rule)


@_released.register
def _(result: SiteComparison, rule: Rule) -> tuple[SiteComparison | Withheld, int]:
    return release_sites(result, rule)


@_released.register
def _(result: Funnel, rule: Rule) -> tuple[Funnel | Withheld, int]:
    return release_funnel(result, rule)


@_released.register
def _(result: Curve, rule: Rule) -> tuple[Curve, int]:
    return release_curve(result, rule)


@_released.register
def _(result: AdjustedComparison, rule: Rule) -> tuple[AdjustedComparison | Withheld, int]:
    return release_comparison(result, rule)


@_released.register
def _(result: EValue, rule: Rule) -> tuple[EValue | Withheld, int]:
    return release_e_value(result, rule)


@_released.register
def _(result: Balance, rule: Rule) -> tuple[Balance, int]:
    return release_balance(result, rule)


@_released.register
def _(result: Overlap, rule: Rule) -> tuple[Overlap, int]:
    return release_overlap(result, rule)


@_released.register
def _(result: GroupFlow, rule: Rule) -> tuple[GroupFlow, int]:
    return release_flow(result, rule)


@_released.register(AreaChanges)
@_released.register(AreaSeries)
@_released.register(EventStudy)
@_released.register(SegmentedTrend)
@_released.register(SyntheticControl)
@_released.register(FeasibleCounts)
@_released.register(FeasibleDifference)
def _(result: T, rule: Rule) -> tuple[T, int]:  # noqa: ARG001
    """Already published by others, or worked out from what is."""
    return result, 0


def _by_counts(
    result: T, measure: str, counts: Sequence[int], rule: Rule
) -> tuple[T | Withheld, int]:
    """All of it or nothing, by the persons in each part."""
    if any(is_small(count, rule) for count in counts):
        return Withheld(measure=measure, reason="small_count"), 1
    return result, 0


def _whole(
    result: T, parts: Sequence[Estimate], rule: Rule, *, counts: Sequence[int] = ()
) -> tuple[T | Withheld, int]:
    """All of a compound result or nothing: each part would give the others away."""
    if any(is_small(count, rule) for count in counts):
        return as_withheld(parts[0], "small_count"), 1
    for part in parts:
        reason = reason_to_withhold(part, rule)
        if reason:
            return as_withheld(part, reason), 1
    return result, 0
