"""Estimates, counts, targets, claims and models: the sentence and the table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evalkit.present import sentences, tables
from evalkit.present.blocks import Cell, Paragraph, Table
from evalkit.present.charts import counts_figure
from evalkit.present.labels import Words
from evalkit.present.show.registry import Blocks, shows
from evalkit.present.tables.cells import (
    count_cell,
    empty_cell,
    estimate_cells,
    estimate_notes,
    internal_notes,
    missing_cell,
    number_cell,
)
from evalkit.present.tables.estimates import coefficients_table
from evalkit.results import (
    BeforeAfter,
    Between,
    Coefficient,
    CountTable,
    Estimate,
    EstimateRow,
    FeasibleCounts,
    FeasibleDifference,
    Finding,
    FlowStep,
    NotEstimable,
    Regression,
    Released,
    TargetVerdict,
    TestResult,
    Withheld,
)
from evalkit.results.frames import frame_of

if TYPE_CHECKING:
    import pandas as pd

_WHOLE = 1e-9


@shows(Between, Estimate)
def estimate(released: Released[Estimate | Between], words: Words) -> Blocks:
    """The number with its interval."""
    yield from rows(released.part((released.result,)), words)


def rows(released: Released[Sequence[EstimateRow | Between]], words: Words) -> Blocks:
    """Several estimates as one table: by group, and by measure where there are several."""
    measures = list(dict.fromkeys(row.measure for row in released.result))
    names = [words.say(f"measure.{name}") for name in measures]
    if len(measures) == 1:
        yield tables.estimates_table(released, words, table_id="estimates", caption=names[0])
        return
    labels = [
        ", ".join(
            [words.say(f"measure.{row.measure}")]
            + ([words.labels.level("group", row.group)] if row.group else [])
        )
        for row in released.result
    ]
    yield Table(
        id="estimates",
        caption=words.labels.all_of(name[:1].lower() + name[1:] for name in names),
        columns=tuple(words.say(name) for name in _COLUMNS),
        rows=tuple(
            (Cell(label), _persons(row, words), *estimate_cells(row, words))
            for label, row in zip(labels, released.result, strict=True)
        ),
        notes=estimate_notes(released, released.result, words, labels=labels),
    )


_COLUMNS = (
    "trend.column.measure",
    "column.persons",
    "trend.column.value",
    "column.low",
    "column.high",
)


@shows(CountTable)
def counts(released: Released[CountTable], words: Words) -> Blocks:
    """Counts as bars, or as a table where there are two dimensions."""
    dimensions = released.result.dimensions
    caption = words.labels.all_of(words.labels.dimension(name) for name in dimensions)
    draw: Any = counts_figure
    if len(dimensions) == 1:
        yield draw(released, words, figure_id="counts", caption=caption)
    else:
        yield tables.counts_table(released, words, table_id="counts", caption=caption)


@shows(TargetVerdict)
def verdict(released: Released[TargetVerdict], words: Words) -> Blocks:
    """A target judged."""
    yield from map(Paragraph, sentences.verdict_sentences(released, words))


@shows(BeforeAfter)
def before_after(released: Released[BeforeAfter], words: Words) -> Blocks:
    """Two cohorts and the change."""
    yield from map(Paragraph, sentences.before_after_sentences(released, words))
    caption = words.say(f"measure.{released.result.before.measure}")
    yield tables.before_after_table(released, words, table_id="before-after", caption=caption)


@shows(FeasibleCounts)
def feasible(
    released: Released[FeasibleCounts], words: Words, *, intervals: pd.DataFrame | None = None
) -> Blocks:
    """The counts that give a published percentage; with ``intervals`` a row for each."""
    yield Paragraph(sentences.feasible_counts_sentence(released, words))
    if intervals is not None:
        yield tables.feasible_table(
            released,
            words,
            table_id="feasible",
            caption=words.say("measure.share"),
            intervals=intervals,
        )


@shows(FeasibleDifference)
def feasible_difference(released: Released[FeasibleDifference], words: Words) -> Blocks:
    """What a published pair allows."""
    yield from map(Paragraph, sentences.feasible_difference_sentences(released, words))
    yield tables.feasible_difference_table(
        released, words, table_id="feasible", caption=words.say("measure.difference")
    )


@shows(TestResult)
def test(released: Released[TestResult], words: Words) -> Blocks:
    """A test in words."""
    yield from map(Paragraph, sentences.test_sentences(released, words))


@shows(NotEstimable, Withheld)
def missing(released: Released[NotEstimable | Withheld], words: Words) -> Blocks:
    """Why there is no number."""
    yield Paragraph(sentences.missing_sentence(released, words))


def flow(released: Released[Sequence[FlowStep]], words: Words) -> Blocks:
    """From rows read to persons analysed."""
    yield tables.flow_table(released, words, table_id="flow", caption=words.say("show.flow"))


def findings(released: Released[Sequence[Finding]], words: Words) -> Blocks:
    """What the checks found."""
    caption = words.say("show.findings")
    yield tables.findings_table(
        released.result, words, table_id="findings", caption=caption, with_rows=True
    )


@shows(Regression)
def regression(released: Released[Regression], words: Words) -> Blocks:
    """The coefficients under their own names."""
    caption = words.say("display.regression")
    yield coefficients_table(released, words, table_id="regression", caption=caption)


def coefficients(model: Regression) -> tuple[Estimate, ...]:
    """The coefficients that have numbers, as estimates to draw: ratios where there are ratios."""
    return tuple(
        Estimate(
            measure=model.ratio or "coefficient",
            value=row.exponentiated if model.ratio else row.estimate,
            low=row.exponentiated_low if model.ratio else row.low,
            high=row.exponentiated_high if model.ratio else row.high,
            unit="ratio" if model.ratio else "rate",
            method="wald",
            confidence_level=model.confidence_level,
            n=row.n,
            cells=(),
            group=row.name,
        )
        for row in model.coefficients
        if isinstance(row, Coefficient) and math.isfinite(row.high)
    )


def plain(released: Released[Any], words: Words) -> Blocks:
    """Figures that belong to a larger result, under the names of their fields."""
    frame = frame_of(released.result)
    yield Table(
        id="figures",
        caption=words.say("show.figures"),
        columns=tuple(map(str, frame.columns)),
        rows=tuple(
            tuple(_plain(value, words) for value in row)
            for row in frame.itertuples(index=False, name=None)
        ),
        notes=internal_notes(released, words),
    )


def _plain(value: Any, words: Words) -> Cell:
    if value is None or value != value:
        return missing_cell(words)
    if isinstance(value, str | bool) or not hasattr(value, "__float__"):
        return Cell(str(value))
    number = float(value)
    if abs(number - round(number)) < _WHOLE if math.isfinite(number) else False:
        return count_cell(number, words)
    return number_cell(number, "number", words, decimals=3)


def _persons(row: EstimateRow | Between, words: Words) -> Cell:
    return empty_cell(row, words) if isinstance(row, Withheld) else count_cell(row.n, words)
