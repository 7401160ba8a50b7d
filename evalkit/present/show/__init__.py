"""Every result as blocks of one language, once per shape: for notebooks, files and pictures.

`show` gives sentences, tables and charts; `chart` the one picture of a result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from evalkit.present.blocks import Block, Figure
from evalkit.present.charts import interval_figure
from evalkit.present.labels import Words
from evalkit.present.show import estimates, over_time, persons, series
from evalkit.results import (
    AdjustedComparison,
    AdjustedVerdict,
    AreaChanges,
    AreasCompared,
    AreaSeries,
    Balance,
    BeforeAfter,
    Between,
    BoundedShare,
    BreakEven,
    CohortsCompared,
    CountTable,
    Curve,
    DaysRange,
    EquityGaps,
    Estimate,
    EValue,
    EventStudy,
    EventTable,
    FeasibleCounts,
    FeasibleDifference,
    Finding,
    FlowStep,
    FollowUpBounds,
    Funnel,
    GroupFlow,
    GroupsOverTime,
    LeadAfterBadYear,
    LeadChange,
    ModelledDifference,
    NotEstimable,
    Overlap,
    Regression,
    Released,
    SegmentedTrend,
    SiteComparison,
    Society,
    StateCurves,
    SustainedWork,
    SyntheticControl,
    TargetVerdict,
    TestResult,
    TippingPoint,
    WeightedDifference,
    Withheld,
    YearsBefore,
)

Blocks = Iterator[Block]
Shows = Callable[..., Blocks]

SHOWN: dict[type, Shows] = {
    AdjustedComparison: persons.comparison,
    AdjustedVerdict: persons.adjusted,
    AreaChanges: series.changes,
    AreaSeries: series.series,
    AreasCompared: series.compared,
    Balance: persons.balance,
    BeforeAfter: estimates.before_after,
    Between: estimates.estimate,
    BoundedShare: over_time.share_on_day,
    BreakEven: over_time.break_even,
    CohortsCompared: persons.cohorts,
    CountTable: estimates.counts,
    Curve: over_time.curve,
    DaysRange: over_time.days,
    EValue: persons.e_value,
    EquityGaps: persons.equity,
    Estimate: estimates.estimate,
    EventStudy: series.event_study,
    EventTable: over_time.events,
    FeasibleCounts: estimates.feasible,
    FeasibleDifference: estimates.feasible_difference,
    FollowUpBounds: persons.bounds,
    Funnel: persons.funnel,
    GroupFlow: persons.flow,
    GroupsOverTime: over_time.groups,
    LeadAfterBadYear: series.bad_year,
    LeadChange: series.lead,
    ModelledDifference: persons.modelled,
    NotEstimable: estimates.missing,
    Overlap: persons.overlap,
    Regression: estimates.regression,
    SegmentedTrend: series.segmented,
    SiteComparison: persons.sites,
    Society: over_time.society,
    StateCurves: over_time.states,
    SustainedWork: over_time.sustained,
    SyntheticControl: series.synthetic,
    TargetVerdict: estimates.verdict,
    TestResult: estimates.test,
    TippingPoint: persons.tipping,
    WeightedDifference: persons.weighted,
    Withheld: estimates.missing,
    YearsBefore: series.before,
}
_OF_ROWS: dict[type, Shows] = {
    Estimate: estimates.rows,
    Finding: estimates.findings,
    FlowStep: estimates.flow,
}


def show(released: Released[Any], words: Words) -> Blocks:
    """The sentences, tables and charts of a result, or of a list of results as one table.

    Parts of larger results have a table under the names of their fields.
    """
    result = released.result
    if isinstance(result, tuple):
        yield from _of_rows(result)(released, words)
    elif isinstance(result, Finding | FlowStep):
        yield from show(released.part((result,)), words)
    else:
        shows: Shows = SHOWN.get(type(result), estimates.plain)
        yield from shows(released, words)


def chart(released: Released[Any], words: Words) -> Figure | None:
    """The picture of a result: its chart, or its estimates of one unit as dots; else ``None``."""
    drawn = next((one for one in show(released, words) if isinstance(one, Figure)), None)
    if drawn is not None:
        return drawn
    found = _estimates(released.result)
    listed = [row for row in found if row.unit == found[0].unit]
    measures = list(dict.fromkeys(words.texts[f"measure.{row.measure}"] for row in listed))
    labels = [
        words.labels.level("group", row.group)
        if len(measures) == 1
        else words.texts[f"measure.{row.measure}"]
        for row in listed
    ]
    if not listed or len({*labels}) < len(labels):
        return None
    caption = measures[0] if len(measures) == 1 else words.texts["show.figures"]
    return interval_figure(
        released.part(tuple(listed)),
        words,
        figure_id="estimates",
        caption=caption,
        row_labels=labels,
    )


def _of_rows(listed: tuple[Any, ...]) -> Shows:
    if all(isinstance(row, Estimate | Between | NotEstimable | Withheld) for row in listed):
        return estimates.rows
    kinds = {*map(type, listed)}
    return _OF_ROWS.get(kinds.pop(), estimates.plain) if len(kinds) == 1 else estimates.plain


def _estimates(result: Any) -> list[Estimate]:
    """The estimates a result holds, in its order."""
    if isinstance(result, Estimate):
        return [result]
    if isinstance(result, Regression):
        return list(estimates.coefficients(result))
    if isinstance(result, tuple):
        return [row for one in result for row in _estimates(one)]
    if not is_dataclass(result):
        return []
    return [row for field in fields(result) for row in _estimates(getattr(result, field.name))]
