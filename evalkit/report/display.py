"""A bare result as a section: its sentence and its table or chart, marked internal."""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

from evalkit.analysis.shares.claims import feasible_intervals
from evalkit.disclosure import internal
from evalkit.language import Language
from evalkit.present import sentences, tables
from evalkit.present.blocks import Block, Paragraph, Section
from evalkit.present.charts import counts_figure, curve_figure
from evalkit.present.labels import Words, words_in
from evalkit.results import (
    BeforeAfter,
    CountTable,
    Curve,
    Estimate,
    FeasibleCounts,
    FeasibleDifference,
    TargetVerdict,
    TestResult,
)

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


def _measure(estimate: Estimate, words: Words) -> str:
    return words.texts[f"measure.{estimate.measure}"]
