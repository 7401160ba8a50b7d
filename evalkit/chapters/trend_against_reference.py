"""Chapter: the area's series beside the nation's and comparable areas', by design."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalkit.answers import trends
from evalkit.answers.study import Study
from evalkit.answers.trends import programme_changes, programme_span
from evalkit.chapters.section import Blocks, say_box, section, until_not_computable, warnings
from evalkit.chapters.trend_designs import DESIGNS
from evalkit.intake.official.origin import is_as_fetched, read_origin
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts import series_figure
from evalkit.present.sentences.changes import changes_sentence
from evalkit.present.sentences.trends import design_sentence, lead_sentences, spread_sentences
from evalkit.present.tables.changes import changes_table
from evalkit.present.tables.trends import lead_table
from evalkit.project import Series
from evalkit.project.model import ReferenceShare
from evalkit.results import CannotBeComputed, LeadChange, Released, Withheld
from evalkit.statistics.trends.aligned import refuse_mixed
from evalkit.statistics.trends.spread import change_against_reference

__all__ = ["change", "conclusions", "designs", "programme_changes", "programme_span", "series"]

LONGEST_NOTE = 400
"""Characters: a service's notes on all its tables are no note on these figures."""


@section
def series(study: Study) -> Blocks:
    """Each series as a chart with its table, where it came from and what changed in it."""
    texts = study.words.texts
    if not study.project.series:
        yield Paragraph(texts["trend.no_series"])
    for spec in study.project.series:
        yield from until_not_computable(study, _series(study, spec))


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
        for name, blocks_of in DESIGNS.items():
            yield Heading(
                3, texts.format("design.heading", design=texts[f"design.{name}"], title=title)
            )
            yield from until_not_computable(study, blocks_of(study, spec))


@section
def conclusions(study: Study) -> Blocks:
    """What series of areas can carry."""
    keys = ["programme", "own", "many"] if study.project.series else []
    if study.project.reference_shares or not keys:
        keys += ["lead", "rise"]
    yield from say_box(
        study,
        can=[*_can_say(study)],
        cannot=[study.words.texts[f"trend.cannot.{key}"] for key in keys],
    )


def _can_say(study: Study) -> Iterator[str]:
    """How each series and each share has moved beside its reference."""
    told = [
        *((spec.title, _beside(study, spec)) for spec in study.project.series),
        *((one.title, _lead_sentences(study, one)[2:]) for one in study.project.reference_shares),
    ]
    for title, sentences in told:
        if sentences:
            yield study.words.texts.format(
                "sentence.titled",
                title=title.in_language(study.language),
                sentence=" ".join(sentences),
            )


def _beside(study: Study, spec: Series) -> tuple[str, ...]:
    """The change against the reference with its interval; without one where there is none."""
    try:
        changes = programme_changes(study, spec)
    except CannotBeComputed:
        return ()
    try:
        estimate = study.through_door(change_against_reference(changes))
    except CannotBeComputed:
        return (
            changes_sentence(
                study.through_door(changes),
                study.words,
                unit=spec.unit.in_language(study.language),
                is_percentage=spec.is_percentage,
            ),
        )
    return spread_sentences(
        estimate, study.words, reference=spec.reference, is_percentage=spec.is_percentage
    )


def _series(study: Study, spec: Series) -> Blocks:
    """The chart with its table, where the figures came from and what changed in them."""
    refuse_mixed(study.series(spec.id).observations["period"])
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
        yield Paragraph(study.words.texts["trend.synthetic"])
    yield from _origin(study, spec)
    yield from _repeated(study, spec)
    yield from _breaks(study, spec)


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
    for note in origin.notes:
        if len(note) <= LONGEST_NOTE:
            yield Paragraph(words.texts.format("trend.source_says", note=note))
    if not is_as_fetched(file, origin):
        yield Paragraph(words.texts["trend.changed_after_fetching"])


def _repeated(study: Study, spec: Series) -> Blocks:
    words = study.words
    for area, period in study.series(spec.id).repeated:
        yield Paragraph(
            words.texts.format("trend.repeated", area=area, period=words.numbers.period(period))
        )


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
    yield Paragraph(
        changes_sentence(released, study.words, unit=unit, is_percentage=spec.is_percentage)
    )
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
    for sentence in spread_sentences(
        estimate, study.words, reference=spec.reference, is_percentage=spec.is_percentage
    ):
        yield Paragraph(sentence)
    yield Paragraph(design_sentence("change_against_reference", study.words))


def _lead(study: Study, spec: ReferenceShare) -> Blocks:
    released = _released_lead(study, spec)
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


def _released_lead(study: Study, spec: ReferenceShare) -> Released[Any]:
    is_hidden = ("reference", spec.id) in study.hidden_selections
    return study.through_door(
        Withheld(measure="lead", reason="complement") if is_hidden else trends.lead(study, spec)
    )


def _lead_sentences(study: Study, spec: ReferenceShare) -> tuple[str, ...]:
    """The sentences on a lead; none where it cannot be computed."""
    try:
        released = _released_lead(study, spec)
    except CannotBeComputed:
        return ()
    return lead_sentences(released, study.words, name=spec.name.in_language(study.language))


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
