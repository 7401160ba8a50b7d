"""A bare result as a section: its sentence and its table or chart, marked internal."""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

from evalkit.chapters.explore import (
    display_comparisons,
    display_follow_up,
    display_sites,
    display_trends,
)
from evalkit.disclosure import internal
from evalkit.language import Language
from evalkit.present import sentences, tables
from evalkit.present.blocks import Block, Paragraph, Section
from evalkit.present.charts import counts_figure, curve_figure
from evalkit.present.labels import Words, words_in
from evalkit.present.tables.regressions import coefficients_table
from evalkit.results import (
    AdjustedComparison,
    AdjustedVerdict,
    AreaChanges,
    AreaSeries,
    Balance,
    BeforeAfter,
    CountTable,
    Curve,
    Estimate,
    EValue,
    EventStudy,
    FeasibleCounts,
    FeasibleDifference,
    FollowUpBounds,
    Funnel,
    GroupFlow,
    LeadChange,
    NotEstimable,
    Overlap,
    Regression,
    SegmentedTrend,
    SiteComparison,
    SyntheticControl,
    TargetVerdict,
    TestResult,
    TippingPoint,
    Withheld,
)
from evalkit.statistics.adjustment.doubly_robust import ModelledDifference
from evalkit.statistics.adjustment.weighting import WeightedDifference
from evalkit.statistics.shares.claims import feasible_intervals

Blocks = Iterator[Block]


def section_of(result: Any, language: Language) -> Section:
    """How a result is shown when it ends a cell."""
    return Section(tuple(_shown(result, words_in(language))), is_internal=True)


def _paragraphs(texts: tuple[str, ...]) -> Blocks:
    return (Paragraph(text) for text in texts)


@singledispatch
def _shown(result: Any, words: Words) -> Blocks:  # noqa: ARG001
    raise TypeError(f"no display for {type(result).__name__}")


@_shown.register
def _(result: Estimate, words: Words) -> Blocks:
    yield tables.estimates_table(
        internal([result]), words, table_id="estimate", caption=_measure(result, words)
    )


@_shown.register
def _(result: Curve, words: Words) -> Blocks:
    caption = words.texts[f"measure.{result.measure}"]
    yield curve_figure(internal(result), words, figure_id="curve", caption=caption)


@_shown.register
def _(result: CountTable, words: Words) -> Blocks:
    dimensions = words.labels.all_of(words.labels.dimension(name) for name in result.dimensions)
    if len(result.dimensions) == 1:
        yield counts_figure(internal(result), words, figure_id="counts", caption=dimensions)
    else:
        yield tables.counts_table(internal(result), words, table_id="counts", caption=dimensions)


@_shown.register
def _(result: TargetVerdict, words: Words) -> Blocks:
    yield from _paragraphs(sentences.verdict_sentences(internal(result), words))


@_shown.register
def _(result: BeforeAfter, words: Words) -> Blocks:
    yield from _paragraphs(sentences.before_after_sentences(internal(result), words))
    yield tables.before_after_table(
        internal(result), words, table_id="before-after", caption=_measure(result.before, words)
    )


@_shown.register
def _(result: FeasibleCounts, words: Words) -> Blocks:
    intervals = feasible_intervals(result)
    yield Paragraph(sentences.feasible_counts_sentence(internal(result), words))
    yield tables.feasible_table(
        internal(result),
        words,
        table_id="feasible",
        caption=words.texts["measure.share"],
        intervals=intervals,
    )


@_shown.register
def _(result: FeasibleDifference, words: Words) -> Blocks:
    yield from _paragraphs(sentences.feasible_difference_sentences(internal(result), words))
    yield tables.feasible_difference_table(
        internal(result), words, table_id="feasible", caption=words.texts["measure.difference"]
    )


@_shown.register
def _(result: TestResult, words: Words) -> Blocks:
    yield from _paragraphs(sentences.test_sentences(internal(result), words))


@_shown.register(NotEstimable)
@_shown.register(Withheld)
def _(result: NotEstimable | Withheld, words: Words) -> Blocks:
    yield Paragraph(sentences.missing_sentence(internal(result), words))


@_shown.register
def _(result: Regression, words: Words) -> Blocks:
    yield coefficients_table(
        internal(result), words, table_id="regression", caption=words.texts["display.regression"]
    )


_shown.register(AreaSeries, display_trends.show_series)
_shown.register(AreaChanges, display_trends.show_changes)
_shown.register(EventStudy, display_trends.show_event_study)
_shown.register(LeadChange, display_trends.show_lead)
_shown.register(SegmentedTrend, display_trends.show_segmented)
_shown.register(SyntheticControl, display_trends.show_synthetic)
_shown.register(FollowUpBounds, display_follow_up.show_bounds)
_shown.register(TippingPoint, display_follow_up.show_tipping)
_shown.register(AdjustedVerdict, display_follow_up.show_adjusted)
_shown.register(AdjustedComparison, display_comparisons.show_comparison)
_shown.register(Balance, display_comparisons.show_balance)
_shown.register(EValue, display_comparisons.show_e_value)
_shown.register(GroupFlow, display_comparisons.show_flow)
_shown.register(ModelledDifference, display_comparisons.show_modelled)
_shown.register(Overlap, display_comparisons.show_overlap)
_shown.register(WeightedDifference, display_comparisons.show_weighted)
_shown.register(SiteComparison, display_sites.show_sites)
_shown.register(Funnel, display_sites.show_funnel)


def shown_types() -> tuple[type, ...]:
    """Every type that has a display."""
    return tuple(one for one in _shown.registry if one is not object)


def _measure(estimate: Estimate, words: Words) -> str:
    return words.texts[f"measure.{estimate.measure}"]
