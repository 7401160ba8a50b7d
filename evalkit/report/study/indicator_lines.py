"""From released indicator counts to the lines of tables, in the study's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from evalkit.analysis.indicators.definitions import Chain, Indicator, Measure
from evalkit.analysis.indicators.other_funders import Step, reconcile
from evalkit.analysis.indicators.outcomes import OutcomeCounts
from evalkit.present.tables.indicators import (
    MOVES,
    RESULT_COUNTS,
    SEX_COLUMNS,
    TOTAL,
    CodeLine,
    ResultLine,
    StepLine,
)
from evalkit.report.study.indicator_figures import Counts, IndicatorFigures
from evalkit.report.study.study import Study
from evalkit.results import CountTable, EstimateRow, Withheld

Steps = list[tuple[Step, StepLine]]


def work_results(figures: IndicatorFigures) -> dict[str, Indicator]:
    """The codes for being in work upon leaving and six months after, by kind."""
    wanted = {"EECR04", "EECR05"} if figures.codes.id == "esf_plus_2021_2027" else {"CR04", "CR06"}
    return {one.kind: one for one in figures.codes.indicators if one.code in wanted}


def output_lines(study: Study, figures: IndicatorFigures) -> list[CodeLine]:
    """Every output code in the order of the list; without counts where nothing is recorded."""
    return [
        CodeLine(
            code=indicator.code,
            text=indicator.label.in_language(study.language),
            counts=figures.output(indicator) if indicator.kind == "output" else {},
        )
        for indicator in figures.codes.of_kind("output", "entity")
    ]


def level_lines(study: Study, figures: IndicatorFigures, levels: Sequence[str]) -> list[CodeLine]:
    """Lines without a code of their own: levels such as ``after:studies``, then the total."""
    labels, texts = study.words.labels, study.words.texts
    lines = []
    for level in levels:
        dimension, _, name = level.rpartition(":")
        text = labels.level(_DIMENSIONS[dimension], name)
        lines.append(CodeLine(code="", text=text, counts=figures.by_sex(level)))
    total = CodeLine(code="", text=texts["label.total"], counts=figures.by_sex(TOTAL))
    return [*lines, total]


_DIMENSIONS = {"": "record", "after": "after_leaving", "region": "region_category"}


def result_lines(
    study: Study, figures: IndicatorFigures, indicators: Sequence[Indicator]
) -> Iterator[ResultLine]:
    """Each result for all, women, men and non-binary; one empty line where nobody records it."""
    labels, texts = study.words.labels, study.words.texts
    for indicator in indicators:
        is_recorded = figures.outcome(indicator) is not None
        for sex in (TOTAL, *SEX_COLUMNS) if is_recorded else (TOTAL,):
            counts = figures.outcome(indicator, sex)
            yield ResultLine(
                code=indicator.code,
                text=texts["label.total"] if sex == TOTAL else labels.level("sex", sex),
                counts=_named(counts),
                share=None if counts is None else _share(study, counts),
            )


def step_lines(study: Study, chain: Chain) -> Steps:
    """The steps of a chain with their words, each share through the door with its moves."""
    regions = study.indicators
    records = pd.concat([figures.records for figures in regions])
    shown = [step for step in chain.steps if all(_may_print(one, step) for one in regions)]
    smallest = study.rule.threshold if study.purpose == "release" else 1
    return [
        (
            step,
            StepLine(
                text=_step_text(study, step, is_first=number == 0),
                moves=dict(zip(MOVES, step.moves, strict=True)) if number else {},
                share=study.through_door(step.estimate).result,
            ),
        )
        for number, step in enumerate(reconcile(records, shown, smallest_move=smallest))
    ]


def step_share(steps: Steps, change: str) -> EstimateRow | None:
    """The share of the step that ends with a change; nothing where the register cannot tell it.

    Withheld where the change is taken together with later ones: it moves too few persons.
    """
    for step, line in steps:
        if step.changes[-1] == change:
            return line.share
        if change in step.changes:
            return Withheld(measure="share", reason="complement")
    return None


def own_measure(study: Study, key: str) -> str:
    """A text on the project's own outcome."""
    labels = study.words.labels
    outcomes = (labels.inline("exit_class", one) for one in study.project.outcomes.positive)
    return study.words.texts.format(key, outcome=labels.any_of(outcomes))


def paired_lines(
    study: Study, dimension: str, before: CountTable, after: CountTable
) -> list[tuple[str, int | None, int | None]]:
    """Situations before and after, from two released tables of the same persons."""
    labels, texts = study.words.labels, study.words.texts
    first, second = (_by_level(study.through_door(table).result) for table in (before, after))
    special = {"": texts["label.missing"], TOTAL: texts["label.total"]}
    return [
        (special.get(level) or labels.level(dimension, level), first[level], second[level])
        for level in first
    ]


def _may_print(figures: IndicatorFigures, step: Measure) -> bool:
    """Whether the result table shows the number of persons that the step is of."""
    if step.prints is None:
        return True
    counts = figures.outcome(work_results(figures)[step.prints])
    return counts is not None and counts.observed is not None


def _named(counts: OutcomeCounts | None) -> Counts:
    if counts is None:
        return {}
    return {name: getattr(counts, name) for name in RESULT_COUNTS}


def _share(study: Study, counts: OutcomeCounts) -> EstimateRow | None:
    share = counts.share()
    if share is None:
        return None
    released: EstimateRow = study.through_door(share).result
    return released


def _step_text(study: Study, step: Step, *, is_first: bool) -> str:
    if is_first:
        return own_measure(study, "reconcile.own")
    return " ".join(study.words.texts[f"reconcile.{change}"] for change in step.changes)


def _by_level(table: CountTable) -> Counts:
    (dimension,) = table.dimensions
    return {
        str(level): None if pd.isna(n) else int(n)
        for level, n in zip(table.counts[dimension], table.counts["n"], strict=True)
    }
