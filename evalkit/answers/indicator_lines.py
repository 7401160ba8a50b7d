"""From released indicator counts to the lines of tables, in the study's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from evalkit.answers.indicator_figures import Counts, IndicatorFigures
from evalkit.answers.indicator_places import counts_of_leavers
from evalkit.answers.study import Study
from evalkit.disclosure.selections import selections_to_withhold, told_by_share
from evalkit.present.tables.indicators import (
    MOVES,
    RESULT_COUNTS,
    SEX_COLUMNS,
    TOTAL,
    CodeLine,
    ResultLine,
    StepLine,
)
from evalkit.results import EstimateRow, Withheld
from evalkit.statistics.indicators.counts import Division
from evalkit.statistics.indicators.definitions import Chain, Indicator, Measure
from evalkit.statistics.indicators.other_funders import Step, reconcile, stage_persons
from evalkit.statistics.indicators.outcomes import OutcomeCounts

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
    """The steps of a chain with their words, each share through the door with its moves.

    None where the project's own measure, from which all steps set out, may not be told.
    """
    regions = study.indicators
    records = _all_records(study)
    hidden = _hidden_beside_others(study, records, chain.steps)
    hidden |= {step.id for step in chain.steps if not all(_may_print(one, step) for one in regions)}
    if chain.steps[0].id in hidden:
        return []
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
        for number, step in enumerate(
            reconcile(records, chain.steps, smallest_move=smallest, hidden=hidden)
        )
    ]


def _all_records(study: Study) -> pd.DataFrame:
    return pd.concat([figures.records for figures in study.indicators])


def _hidden_beside_others(
    study: Study, records: pd.DataFrame, measures: Sequence[Measure]
) -> set[str]:
    """Ids of measures that would tell of a few persons beside the report's other figures."""
    if study.purpose == "explore":
        return set()
    told = study.indicators[-1].told
    places = study.persons.index.get_indexer(records.index)
    names, figures = [], []
    for measure in measures:
        persons = stage_persons(records, measure)
        if persons is not None:
            among, counted = np.zeros((2, len(study.persons)), dtype=bool)
            among[places], counted[places] = persons
            names.append(measure.id)
            figures.append(told_by_share(among, counted))
    withheld = selections_to_withhold([*told, *figures], study.rule)[len(told) :]
    return {name for name, gone in zip(names, withheld, strict=True) if gone}


def step_share(study: Study, chain: Chain, steps: Steps, change: str) -> EstimateRow | None:
    """The share of the step that ends with a change; nothing where the register cannot tell it.

    Withheld where the change is taken together with others, or tells of too few persons.
    """
    for step, line in steps:
        if step.changes[-1] == change:
            return line.share
    (measure,) = (step for step in chain.steps if step.id == change)
    if stage_persons(_all_records(study), measure) is None:
        return None
    return Withheld(measure="share", reason="complement")


def own_measure(study: Study, key: str) -> str:
    """A text on the project's own outcome."""
    labels = study.words.labels
    outcomes = (labels.inline("exit_class", one) for one in study.project.outcomes.positive)
    return study.words.texts.format(key, outcome=labels.any_of(outcomes))


def paired_lines(
    study: Study, dimension: str, left: pd.DataFrame, divisions: tuple[Division, Division]
) -> list[tuple[str, int | None, int | None]]:
    """Situations before and after of those who have left."""
    labels, texts = study.words.labels, study.words.texts
    first, second = counts_of_leavers(study, left, divisions, study.indicators[-1].told)
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
