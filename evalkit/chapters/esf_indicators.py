"""Chapter: the Social Fund's common indicators, and the same exits by two other definitions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from evalkit.answers.follow_up import indicator_follow_up
from evalkit.answers.indicator_figures import IndicatorFigures
from evalkit.answers.indicator_lines import (
    level_lines,
    output_lines,
    own_measure,
    paired_lines,
    result_lines,
    step_lines,
    step_share,
    work_results,
)
from evalkit.answers.study import ONGOING, Study
from evalkit.chapters.not_followed_up import indicator_not_followed_up, longer_term_work
from evalkit.chapters.section import Blocks, say_box, section, until_not_computable
from evalkit.present.blocks import Box, Paragraph, Table
from evalkit.present.tables import estimates_table
from evalkit.present.tables.indicators import (
    before_and_after_table,
    checks_table,
    codes_table,
    results_table,
    steps_table,
)
from evalkit.present.tables.missing import missing_table
from evalkit.results import Estimate, EstimateRow, Withheld
from evalkit.statistics.indicators.counts import lost_records, not_collected, refused_records
from evalkit.statistics.indicators.definitions import CodeList, Kind, other_funders
from evalkit.statistics.indicators.other_funders import income_support, situations
from evalkit.statistics.indicators.outcomes import AFTER
from evalkit.statistics.indicators.validation import validations

_PROGRAMME_OF = {"esf_2014_2020": "esf_2014_2020", "esf_plus_2021_2027": "esf_plus"}


@section
def records(study: Study) -> Blocks:
    """How many records there are, how many count, and what the others lack."""
    texts, codes = study.words.texts, _codes(study)
    if study.project.programme != _PROGRAMME_OF[codes.id]:
        yield Box("note", texts["esf.illustration.title"], (texts["esf.illustration.text"],))
    for figures in study.indicators:
        yield codes_table(
            level_lines(study, figures, ("complete", "incomplete")),
            study.words,
            table_id=_numbered("esf-records", figures),
            caption=_in_region(study, "esf.records.caption", figures),
            first_columns=("record",),
        )
    yield Paragraph(texts[f"esf.records.{codes.id}"])
    everyone = _everyone(study)
    yield _share_table(study, _judged(study, lost_records(everyone, codes)), "lost")
    refused = refused_records(everyone, codes)
    if refused:
        yield _share_table(study, refused, "refused")
        yield Paragraph(texts["esf.refused.text"])
    regions = (
        study.words.labels.inline("region_category", category)
        for category in sorted(everyone["region_category"].unique())
    )
    yield Paragraph(texts.format("esf.regions", regions=study.words.labels.all_of(regions)))


@section
def outputs(study: Study) -> Blocks:
    """Output indicators: who took part, by situation at entry."""
    texts, codes = study.words.texts, _codes(study)
    for figures in study.indicators:
        yield codes_table(
            output_lines(study, figures),
            study.words,
            table_id=_numbered("esf-outputs", figures),
            caption=_in_region(study, "esf.outputs.caption", figures),
            notes=(
                texts["esf.note.dash"],
                *_absent_note(study, figures, "output"),
                texts["esf.note.entities"],
            ),
            source=codes.source.in_language(study.language),
        )


@section
def immediate_results(study: Study) -> Blocks:
    """Results upon leaving: the last event within four weeks decides."""
    yield from _results(study, "immediate_result", "immediate")


@section
def longer_term_results(study: Study) -> Blocks:
    """Results six months after leaving."""
    yield from _results(study, "longer_term_result", "longer_term")


@section
def not_followed_up(study: Study) -> Blocks:
    """Those whose situation six months after leaving nobody knows, and what they could change."""
    for figures in study.indicators:
        indicator = longer_term_work(figures)
        if figures.outcome(indicator) is None:
            yield Paragraph(study.words.texts["follow_up.not_recorded"])
            continue
        found = indicator_follow_up(figures.records, indicator)
        yield from until_not_computable(study, indicator_not_followed_up(study, figures, found))


@section
def after_leaving(study: Study) -> Blocks:
    """Work, education or programme upon leaving, started against finished, by sex."""
    for figures in study.indicators:
        yield codes_table(
            level_lines(study, figures, (*AFTER, "incomplete")),
            study.words,
            table_id=_numbered("esf-after-leaving", figures),
            caption=_in_region(study, "esf.after_leaving.caption", figures),
            first_columns=("after_leaving",),
        )


@section
def side_by_side(study: Study) -> Blocks:
    """The result of the same exits by the project's, Kolada's, SUS's and the fund's definitions."""
    texts = study.words.texts
    chains = other_funders().chains
    to_esf, to_sus = (
        partial(step_share, study, chain, step_lines(study, chain)) for chain in chains
    )
    codes = {kind: one.code for kind, one in work_results(study.indicators[0]).items()}
    measures: dict[str, EstimateRow | None] = {
        own_measure(study, "esf.side.own"): to_esf("own"),
        _measure(study, "kolada"): to_esf("kolada"),
        _measure(study, "sus"): to_sus("sus"),
        texts.format("esf.side.immediate", code=codes["immediate_result"]): to_esf(
            "last_event_decides"
        ),
        texts.format("esf.side.longer_term", code=codes["longer_term_result"]): to_esf(
            "six_months_status"
        ),
    }
    rows = [(label, share) for label, share in measures.items() if share is not None]
    yield estimates_table(
        # Each has passed the door with its moves; once more as the rows of one table.
        study.through_door([row for _, row in rows]),
        study.words,
        table_id="esf-side-by-side",
        caption=texts["esf.side.caption"],
        row_labels=[label for label, _ in rows],
        row_heading=texts["column.definition"],
    )
    absent = [label for label, share in measures.items() if share is None]
    if absent:
        listed = study.words.labels.all_of(absent)
        yield Paragraph(texts.format("esf.side.not_recorded", measures=listed))


@section
def reconciliation(study: Study) -> Blocks:
    """Step by step from one share to the other: whom one definition counts and the next not."""
    texts = study.words.texts
    for chain in other_funders().chains:
        steps = step_lines(study, chain)
        if not steps:
            yield Paragraph(texts["withheld.complement"])
            continue
        yield steps_table(
            [line for _, line in steps],
            study.words,
            table_id=f"esf-{chain.id.replace('_', '-')}",
            caption=texts[f"reconcile.caption.{chain.id}"],
            notes=(
                texts["reconcile.columns"],
                *((texts["reconcile.note"],) if study.purpose == "release" else ()),
            ),
        )


@section
def before_and_after(study: Study) -> Blocks:
    """Employment and income support of those who have left, before and after."""
    texts, everyone = study.words.texts, _everyone(study)
    left = everyone[everyone["exit_class"] != ONGOING]
    pairs = [("situation", situations(left))]
    support = income_support(left)
    if support is not None:
        pairs.append(("support_after", support))
    for dimension, divisions in pairs:
        heading = texts[f"esf.before_after.{dimension}"]
        yield before_and_after_table(
            paired_lines(study, dimension, left, divisions),
            study.words,
            table_id=f"esf-{dimension.replace('_', '-')}",
            caption=texts.format("esf.before_after.caption", what=heading.lower()),
            heading=heading,
        )
    if support is None:
        yield Paragraph(texts["esf.before_after.not_recorded"])


@section
def validation(study: Study) -> Blocks:
    """The validation tests and their outcomes."""
    texts = study.words.texts
    lines = [
        (
            texts[f"esf.check.{test.check}"],
            test.formula.replace("complete", texts["esf.check.complete"]) or texts["cannot.marker"],
            texts[f"esf.verdict.{test.verdict}"],
        )
        for test in validations(_everyone(study), _codes(study))
    ]
    yield checks_table(
        lines, study.words, table_id="esf-validation", caption=texts["esf.validation.caption"]
    )


@section
def conclusions(study: Study) -> Blocks:
    """What the indicators can carry."""
    texts = study.words.texts
    yield from say_box(
        study,
        can=[texts["esf.can.count"], texts["esf.can.definitions"]],
        cannot=[
            *(texts[f"esf.cannot.{key}"] for key in ("cause", "not_yet", "compare", "small")),
            texts["follow_up.cannot"],
        ],
    )


def _results(study: Study, kind: Kind, name: str) -> Blocks:
    texts, codes = study.words.texts, _codes(study)
    indicators = codes.of_kind(kind)
    labels = tuple(
        texts.format("esf.note.code", code=one.code, text=one.label.in_language(study.language))
        for one in indicators
    )
    for figures in study.indicators:
        yield results_table(
            list(result_lines(study, figures, indicators)),
            study.words,
            table_id=_numbered(f"esf-{name.replace('_', '-')}", figures),
            caption=_in_region(study, f"esf.{name}.caption", figures),
            notes=(
                *labels,
                texts["esf.note.columns"],
                texts[f"esf.{name}.note"],
                texts["esf.note.dash"],
                *_absent_note(study, figures, kind),
            ),
            source=codes.source.in_language(study.language),
        )


def _codes(study: Study) -> CodeList:
    return study.indicators[0].codes


def _everyone(study: Study) -> pd.DataFrame:
    return pd.concat([figures.records for figures in study.indicators])


def _absent_note(study: Study, figures: IndicatorFigures, kind: Kind) -> tuple[str, ...]:
    """Codes that the register cannot tell, where there are any."""
    absent = not_collected(figures.records, figures.codes.of_kind(kind))
    if not absent:
        return ()
    listed = study.words.labels.all_of(absent)
    return (study.words.texts.format("esf.note.not_collected", codes=listed),)


def _measure(study: Study, measure_id: str) -> str:
    label = other_funders().measure(measure_id).label
    assert label is not None
    return label.in_language(study.language)


def _share_table(study: Study, shares: Sequence[tuple[str, EstimateRow]], name: str) -> Table:
    return missing_table(
        [(variable, study.through_door(share)) for variable, share in shares],
        study.words,
        table_id=f"esf-{name}",
        caption=study.words.texts[f"esf.{name}.caption"],
    )


def _judged(study: Study, shares: Sequence[tuple[str, Estimate]]) -> list[tuple[str, EstimateRow]]:
    """What the chapter on the data withholds of a variable is withheld here."""
    return [
        (variable, Withheld(measure=share.measure, reason="complement"))
        if ("missing", variable) in study.hidden_selections
        else (variable, share)
        for variable, share in shares
    ]


def _numbered(table_id: str, figures: IndicatorFigures) -> str:
    category = figures.category.replace("_", "-")
    return f"{table_id}-{category}" if category else table_id


def _in_region(study: Study, key: str, figures: IndicatorFigures) -> str:
    """The caption, with the category of region where there are several."""
    texts = study.words.texts
    if not figures.category:
        return texts[key]
    region = study.words.labels.inline("region_category", figures.category)
    return texts.format("esf.in_region", caption=texts[key], region=region)
