"""Chapter: participants beside persons who did not take part, made alike in what is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalkit.answers.comparison import comparison_figures
from evalkit.answers.comparison_persons import ComparedPersons, compared_persons, specification
from evalkit.answers.study import Study
from evalkit.chapters.section import Blocks, say_box, section
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts.comparison import (
    balance_figure,
    differences_by_method_figure,
    overlap_figure,
)
from evalkit.present.sentences import missing_sentence, outcome_is
from evalkit.present.sentences.comparison import (
    LEVEL_OF,
    balance_sentences,
    came_about_sentences,
    comparison_sentences,
    e_value_sentences,
    main_sentences,
    overlap_sentences,
)
from evalkit.present.tables.comparison import group_flow_table
from evalkit.project import Comparison
from evalkit.results import (
    AdjustedComparison,
    CannotBeComputed,
    Estimate,
    EValue,
    FlowStep,
    Released,
    Withheld,
)
from evalkit.statistics.adjustment.sensitivity import e_value_of

__all__ = ["conclusions", "differences", "groups", "likeness", "sensitivity"]

_CANNOT = {
    "chance": ("offer", "later", "others"),
    "similar": ("unknown", "later", "others"),
    "self_selected": ("chosen", "unknown", "later", "others"),
}


@section
def groups(study: Study) -> Blocks:
    """Who is compared, how that came about, on which day, and who was left out."""
    spec, texts = specification(study), study.words.texts
    yield Heading(3, spec.title.in_language(study.language))
    if spec.is_synthetic:
        yield Paragraph(texts["comparison.synthetic"])
    yield Paragraph(spec.description.in_language(study.language).strip())
    yield Paragraph(came_about_sentences(spec.came_about, study.words)[0])
    yield Paragraph(texts.format("comparison.clock", **_wording(study, spec)))
    yield from _also_participants(study)
    persons = compared_persons(study)
    yield from _confounders(study, spec, persons)
    yield group_flow_table(
        study.through_door(persons.flow), study.words, table_id="comparison-flow"
    )


@section
def likeness(study: Study) -> Blocks:
    """How alike the groups are before and after weighting, and whether they overlap."""
    figures = comparison_figures(study)
    if isinstance(study.through_door(figures.differences).result, Withheld):
        yield Paragraph(missing_sentence(study.through_door(figures.differences), study.words))
        return
    balance, overlap = study.through_door(figures.balance), study.through_door(figures.overlap)
    for sentence in balance_sentences(balance, study.words):
        yield Paragraph(sentence)
    yield balance_figure(balance, study.words, figure_id="comparison-balance")
    for sentence in overlap_sentences(overlap, study.words):
        yield Paragraph(sentence)
    yield overlap_figure(overlap, study.words, figure_id="comparison-overlap")


@section
def differences(study: Study) -> Blocks:
    """The difference by every method, and what it can carry."""
    spec = specification(study)
    released = _released(study)
    wording = _wording(study, spec)
    for sentence in comparison_sentences(
        released,
        study.words,
        came_about=spec.came_about,
        outcome=wording["outcome"],
        day=spec.outcome.day,
    ):
        yield Paragraph(sentence)
    if isinstance(released.result, AdjustedComparison):
        yield differences_by_method_figure(
            released,
            study.words,
            figure_id="comparison-differences",
            caption=study.words.texts.format("comparison.methods.caption", **wording),
        )
    yield Paragraph(came_about_sentences(spec.came_about, study.words)[1])


@section
def sensitivity(study: Study) -> Blocks:
    """How strong something unknown would have to be to match the difference."""
    for sentence in e_value_sentences(_e_value(study, _released(study)), study.words):
        yield Paragraph(sentence)


@section
def conclusions(study: Study) -> Blocks:
    """What the comparison can carry."""
    spec, texts = specification(study), study.words.texts
    day = study.words.numbers.days(spec.outcome.day)
    yield from say_box(
        study,
        can=list(_can_say(study, spec)),
        cannot=[
            texts.format(f"comparison.cannot.{key}", day=day)
            for key in _CANNOT[LEVEL_OF[spec.came_about]]
        ],
    )


def _can_say(study: Study, spec: Comparison) -> Iterator[str]:
    """The main sentence and the rest, where they exist and may be shown."""
    texts = study.words.texts
    try:
        released = _released(study)
        made = released.result
        if not isinstance(made, AdjustedComparison):
            return
        yield " ".join(main_sentences(made, study.words, came_about=spec.came_about)[:2])
        yield texts["comparison.can.balance"]
        found = _e_value(study, released).result
    except CannotBeComputed:
        return
    if isinstance(found, EValue):
        value = study.words.numbers.number(found.point, decimals=1)
        yield texts.format("comparison.can.e_value", value=value)


def _released(study: Study) -> Released[Any]:
    """The differences, or that they are withheld."""
    return study.through_door(comparison_figures(study).differences)


def _e_value(study: Study, released: Released[Any]) -> Released[EValue | Withheld]:
    """The E-value of the ratio as it may be shown.

    Raises:
        CannotBeComputed: Where the ratio does not exist.
    """
    made = released.result
    if isinstance(made, Withheld):
        return study.through_door(made)
    if not isinstance(made.ratio, Estimate):
        raise CannotBeComputed("ratio_undefined")
    return study.through_door(e_value_of(made.ratio))


def _wording(study: Study, spec: Comparison) -> dict[str, str]:
    return {
        "outcome": outcome_is(study.words, *spec.outcome.statuses),
        "day": study.words.numbers.days(spec.outcome.day),
    }


def _confounders(study: Study, spec: Comparison, persons: ComparedPersons) -> Blocks:
    texts = study.words.texts
    yield Paragraph(_columns(study, "comparison.confounders", persons.confounders))
    if spec.missing == "complete":
        yield Paragraph(texts["comparison.filled.complete"])
    elif persons.filled:
        yield Paragraph(_columns(study, "comparison.filled", persons.filled))
    if persons.constant:
        yield Paragraph(_columns(study, "comparison.constant", persons.constant, starts=True))


def _columns(study: Study, key: str, columns: tuple[str, ...], *, starts: bool = False) -> str:
    """A sentence with the headings of some columns, small letters unless they open it."""
    labels = study.words.labels
    names = labels.all_of(
        name if starts and not place else name[:1].lower() + name[1:]
        for place, name in enumerate(labels.dimension(column) for column in columns)
    )
    return study.words.texts.format(key, columns=names)


def _also_participants(study: Study) -> Blocks:
    comparison = study.intake.comparison
    count = comparison.also_participants if comparison else 0
    if not count:
        return
    step = FlowStep(step="comparison_participant", count=count, unit="persons")
    released = study.through_door(step).result
    texts = study.words.texts
    if isinstance(released, FlowStep):
        shown = study.words.numbers.count(released.count)
        yield Paragraph(texts.format("comparison.also_participants", count=shown))
    else:
        yield Paragraph(texts["comparison.also_participants.withheld"])
