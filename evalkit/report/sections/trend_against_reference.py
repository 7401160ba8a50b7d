"""Chapter: the area's series beside the nation's and comparable areas', by design."""

from __future__ import annotations

from collections.abc import Callable

from evalkit.analysis.trends.spread import change_against_reference
from evalkit.intake.official.origin import is_as_fetched, read_origin
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts import series_figure
from evalkit.present.charts.trends import event_study_figure, segmented_figure, synthetic_figure
from evalkit.present.sentences.changes import changes_sentence
from evalkit.present.sentences.trends import (
    Design,
    design_sentence,
    event_study_sentences,
    lead_sentences,
    segmented_sentences,
    spread_sentences,
    synthetic_sentences,
)
from evalkit.present.tables.changes import changes_table
from evalkit.present.tables.trends import (
    lead_table,
    placebo_table,
    segmented_table,
    weights_table,
)
from evalkit.project import Series
from evalkit.project.model import ReferenceShare
from evalkit.report import trends
from evalkit.report.sections.section import Blocks, say_box, section, until_not_computable, warnings
from evalkit.report.study import Study
from evalkit.report.trends import programme_changes, programme_span
from evalkit.results import LeadChange

__all__ = ["change", "conclusions", "designs", "programme_changes", "programme_span", "series"]


@section
def series(study: Study) -> Blocks:
    """Each series as a chart with its table, where it came from and what changed in it."""
    texts = study.words.texts
    if not study.project.series:
        yield Paragraph(texts["trend.no_series"])
    for spec in study.project.series:
        title = spec.title.in_language(study.language)
        yield series_figure(
            study.through_door(study.series(spec.id)),
            study.words,
            figure_id=f"series-{spec.id}",
            caption=title,
            area=spec.area,
            reference=spec.reference,
            unit=spec.unit.in_language(study.language),
            comparison=spec.comparison,
            goal=spec.goal,
            period=(trends.first_after(study, spec), programme_span(study, spec)[1]),
            source=spec.source.in_language(study.language),
        )
        if spec.is_synthetic:
            yield Paragraph(texts["trend.synthetic"])
        yield from _origin(study, spec)
        yield from _breaks(study, spec)


@section
def change(study: Study) -> Blocks:
    """The change over the programme's time, area against reference, for each series and share."""
    texts = study.words.texts
    for spec in study.project.series:
        yield Heading(3, spec.title.in_language(study.language))
        yield from until_not_computable(study, _change(study, spec))
    if study.project.series:
        yield Paragraph(texts["trend.no_interval"])
    for share in study.project.reference_shares:
        yield Heading(3, share.title.in_language(study.language))
        yield from until_not_computable(study, _lead(study, share))
    if not study.project.series and not study.project.reference_shares:
        yield Paragraph(texts["trend.nothing_to_compare"])


@section
def designs(study: Study) -> Blocks:
    """What broken lines, weighted areas and panels say of each series, and what they cannot."""
    texts = study.words.texts
    if not study.project.series:
        yield Paragraph(texts["trend.no_designs"])
    for spec in study.project.series:
        title = spec.title.in_language(study.language)
        for name, blocks_of in _DESIGNS.items():
            yield Heading(
                3, texts.format("design.heading", design=texts[f"design.{name}"], title=title)
            )
            yield from until_not_computable(study, blocks_of(study, spec))


@section
def conclusions(study: Study) -> Blocks:
    """What series of areas can carry."""
    texts = study.words.texts
    can = [texts["trend.can.together"]] if study.project.series else []
    if study.project.reference_shares:
        can.append(texts["trend.can.lead"])
    yield from say_box(
        study,
        can=can,
        cannot=[
            texts[f"trend.cannot.{key}"]
            for key in ("programme", "own", *(["many"] if study.project.series else []))
        ],
    )


def _origin(study: Study, spec: Series) -> Blocks:
    """From where and when a fetched file came; nothing for a file that was put there by hand."""
    file = study.project.folder / spec.file
    origin = read_origin(file)
    if origin is None:
        return
    words = study.words
    yield Paragraph(
        words.texts.format(
            "trend.origin",
            source=origin.source,
            date=words.numbers.date(origin.day),
            licence=origin.licence,
        )
    )
    if origin.definition:
        yield Paragraph(words.texts.format("trend.definition", ages=origin.definition))
    if not is_as_fetched(file, origin):
        yield Paragraph(words.texts["trend.changed_after_fetching"])


def _breaks(study: Study, spec: Series) -> Blocks:
    words = study.words
    for found in spec.breaks:
        yield Paragraph(
            words.texts.format(
                "trend.break",
                period=words.numbers.period(found.period),
                text=found.text.in_language(study.language),
            )
        )
    if spec.breaks:
        yield from warnings(study, ["definition_break"])


def _change(study: Study, spec: Series) -> Blocks:
    changes = programme_changes(study, spec)
    released = study.through_door(changes)
    unit = spec.unit.in_language(study.language)
    first, last = (study.words.numbers.period(p) for p in programme_span(study, spec))
    yield Paragraph(changes_sentence(released, study.words, unit=unit))
    yield changes_table(
        released,
        study.words,
        table_id=f"change-{spec.id}",
        caption=study.words.texts.format("trend.table_caption", first=first, last=last, unit=unit),
        source=spec.source.in_language(study.language),
    )
    if spec.goal is not None:
        yield Paragraph(_goal(study, spec))
    estimate = study.through_door(change_against_reference(changes))
    for sentence in spread_sentences(estimate, study.words, reference=spec.reference):
        yield Paragraph(sentence)
    yield Paragraph(design_sentence("change_against_reference", study.words))


def _lead(study: Study, spec: ReferenceShare) -> Blocks:
    released = study.through_door(trends.lead(study, spec))
    name = spec.name.in_language(study.language)
    for sentence in lead_sentences(released, study.words, name=name):
        yield Paragraph(sentence)
    if isinstance(released.result, LeadChange):
        yield lead_table(
            released,
            study.words,
            name=name,
            table_id=f"lead-{spec.id}",
            caption=spec.title.in_language(study.language),
        )
    source = spec.source.in_language(study.language)
    yield Paragraph(study.words.texts.format("trend.lead.source", text=source))
    yield Paragraph(design_sentence("lead", study.words))


def _interrupted(study: Study, spec: Series) -> Blocks:
    released = study.through_door(trends.broken_line(study, spec))
    title, source = (text.in_language(study.language) for text in (spec.title, spec.source))
    texts = study.words.texts
    caption = texts.format("trend.segmented.caption", area=spec.area, reference=spec.reference)
    for sentence in segmented_sentences(released, study.words):
        yield Paragraph(sentence)
    yield segmented_figure(
        released,
        study.words,
        figure_id=f"interrupted-{spec.id}",
        caption=f"{caption} {title}",
        unit=texts.format("trend.unit_difference", unit=spec.unit.in_language(study.language)),
        is_synthetic=spec.is_synthetic,
        source=source,
    )
    yield segmented_table(
        released,
        study.words,
        table_id=f"interrupted-changes-{spec.id}",
        caption=texts.format("trend.segmented.table_caption", title=title),
        source=source,
    )
    yield Paragraph(design_sentence("interrupted", study.words))


def _synthetic(study: Study, spec: Series) -> Blocks:
    released = study.through_door(trends.synthetic_area(study, spec))
    title, source = (text.in_language(study.language) for text in (spec.title, spec.source))
    texts = study.words.texts
    for sentence in synthetic_sentences(released, study.words):
        yield Paragraph(sentence)
    yield synthetic_figure(
        released,
        study.words,
        figure_id=f"synthetic-{spec.id}",
        caption=texts.format("trend.synthetic_control.caption", area=spec.area, title=title),
        unit=spec.unit.in_language(study.language),
        is_synthetic=spec.is_synthetic,
        source=source,
    )
    tables = {"weights": weights_table, "placebos": placebo_table}
    for name, table in tables.items():
        yield table(
            released,
            study.words,
            table_id=f"{name}-{spec.id}",
            caption=texts.format(f"trend.synthetic_control.{name}", area=spec.area, title=title),
            source=source,
        )
    yield Paragraph(design_sentence("synthetic_control", study.words))


def _panel(study: Study, spec: Series) -> Blocks:
    released = study.through_door(trends.areas_over_time(study, spec))
    for sentence in event_study_sentences(released, study.words):
        yield Paragraph(sentence)
    yield event_study_figure(
        released,
        study.words,
        figure_id=f"panel-{spec.id}",
        caption=study.words.texts.format(
            "trend.event_study.caption", title=spec.title.in_language(study.language)
        ),
        unit=study.words.texts.format(
            "trend.unit_difference", unit=spec.unit.in_language(study.language)
        ),
        source=spec.source.in_language(study.language),
    )
    yield Paragraph(design_sentence("panel", study.words))


_DESIGNS: dict[Design, Callable[[Study, Series], Blocks]] = {
    "interrupted": _interrupted,
    "synthetic_control": _synthetic,
    "panel": _panel,
}


def _goal(study: Study, spec: Series) -> str:
    found = study.series(spec.id).observations
    own = found[found["area"] == spec.area].sort_values("period").iloc[-1]
    numbers = study.words.numbers
    return study.words.texts.format(
        "trend.goal",
        goal=numbers.number(spec.goal or 0.0, decimals=1),
        period=numbers.period(str(own["period"])),
        value=numbers.number(float(own["value"]), decimals=1),
    )
