"""Chapter: how long it took until the participants went to work, and who left otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evalkit.answers.measures import levels_without_curve, require_outcomes
from evalkit.answers.models import time_model
from evalkit.answers.study import Study
from evalkit.chapters.section import Blocks, say_box, section, until_not_computable
from evalkit.present.blocks import Block, Bullets, Heading, Paragraph
from evalkit.present.charts import curve_figure
from evalkit.present.regression import regression_sentences, regression_table
from evalkit.present.sentences import (
    missing_sentence,
    outcome_was,
    share_at_sentence,
    test_sentences,
)
from evalkit.present.tables import estimates_table
from evalkit.results import (
    CannotBeComputed,
    Curve,
    Estimate,
    EstimateRow,
    FlowStep,
    NotEstimable,
    Withheld,
)
from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence
from evalkit.statistics.time_to_event.gray import gray_test
from evalkit.statistics.time_to_event.survival import share_at


@section
def ways_out(study: Study) -> Blocks:
    """Cumulative incidence of every way out, everyone together."""
    texts = study.words.texts
    curve = _incidence(study)
    yield curve_figure(
        study.through_door(curve),
        study.words,
        figure_id="ways-out",
        caption=texts["time.ways_out.caption"],
    )
    if study.ends_unknown.any():
        yield Paragraph(texts["time.ends_unknown"])
    if study.purpose == "release":
        yield Paragraph(texts["time.protected"])


@section
def shares_at_horizons(study: Study) -> Blocks:
    """The share gone to the outcome of interest at the project's horizons."""
    texts, numbers = study.words.texts, study.words.numbers
    curve = _incidence(study)
    cause = _outcome(study)
    days = study.horizons_within(curve)
    rows = [_share_at(curve, day, cause=cause) for day in days]
    released = study.through_door(rows)
    yield estimates_table(
        released,
        study.words,
        table_id="shares-at-horizons",
        caption=texts.format("time.horizons.caption", outcome=_outcome_label(study)),
        row_labels=[numbers.days(day) for day in days],
        row_heading=texts["time.horizons.column"],
    )
    last = study.through_door(rows[-1])
    yield Paragraph(
        share_at_sentence(last, study.words, day=days[-1], outcome=outcome_was(study.words, cause))
    )


@section
def by_group(study: Study) -> Blocks:
    """The outcome of interest by each grouping of the project."""
    for column in study.groupings:
        yield Heading(3, study.words.labels.dimension(column))
        yield from until_not_computable(study, _one_grouping(study, column))


@section
def model(study: Study) -> Blocks:
    """What was known at entry and how fast the outcome came, all at once."""
    require_outcomes(study)
    fitted = time_model(study)
    released = study.through_door(fitted.regression)
    done = outcome_was(study.words, _outcome(study))
    if isinstance(released.result, Withheld):
        yield Paragraph(missing_sentence(released, study.words))
        return
    yield regression_table(
        released,
        study.words,
        references=fitted.references,
        outcome=done,
        table_id="model",
        caption=study.words.texts.format("regression.caption", outcome=_outcome_label(study)),
        left_out=_unless_few(study, fitted.left_out),
    )
    sentences = regression_sentences(
        released, study.words, references=fitted.references, outcome=done
    )
    yield Bullets(sentences)


def _unless_few(study: Study, count: int) -> int | None:
    step = FlowStep(step="persons_analysed", count=count, unit="persons")
    return count if isinstance(study.through_door(step).result, FlowStep) else None


@section
def conclusions(study: Study) -> Blocks:
    """What the curves can carry."""
    texts = study.words.texts
    keys = ("cause", "lasting", "groups")
    yield from say_box(
        study,
        can=list(_share_at_last_horizon(study)),
        cannot=[texts[f"time.cannot.{key}"] for key in keys],
    )


def _share_at_last_horizon(study: Study) -> Iterator[str]:
    """The share gone to the outcome by the last horizon, where it exists and may be shown."""
    cause = _outcome(study)
    try:
        curve = _incidence(study)
        day = study.horizons_within(curve)[-1]
    except CannotBeComputed:
        return
    released = study.through_door(_share_at(curve, day, cause=cause))
    if isinstance(released.result, Estimate):
        outcome = outcome_was(study.words, cause)
        yield share_at_sentence(released, study.words, day=day, outcome=outcome)


def _one_grouping(study: Study, column: str) -> Iterator[Block]:
    texts = study.words.texts
    if len(study.levels(column)) == 1:
        raise CannotBeComputed("one_group")
    curve = _incidence(study, by=column)
    cause = _outcome(study)
    dimension = study.words.labels.dimension(column).lower()
    wording = {"outcome": _outcome_label(study), "dimension": dimension}
    yield curve_figure(
        study.through_door(curve),
        study.words,
        figure_id=f"by-{column}",
        caption=texts.format("time.by_group.caption", **wording),
        dimension=column,
        causes=[cause],
    )
    day = study.horizons_within(curve)[-1]
    rows = [_share_at(curve, day, cause=cause, group=group) for group in curve.groups]
    yield estimates_table(
        study.through_door(rows),
        study.words,
        table_id=f"shares-by-{column}",
        caption=texts.format(
            "time.by_group.table_caption", day=study.words.numbers.days(day), **wording
        ),
        dimension=column,
    )
    # Of the persons that the curves are of: beside everybody, an exact number would tell how
    # many have no level.
    exact = gray_test(study.events(by=column), cause=cause)
    test = replace(exact, n=sum(curve.persons.values()))
    for sentence in test_sentences(study.through_door(test), study.words):
        yield Paragraph(sentence)


def _incidence(study: Study, *, by: str | None = None) -> Curve:
    require_outcomes(study)
    without = levels_without_curve(study, by) if by is not None else ()
    return cumulative_incidence(study.protected(study.events(by=by, without=without)))


def _outcome(study: Study) -> str:
    """The outcome of interest: the first cause of the project file."""
    return next(iter(study.project.outcomes.causes))


def _outcome_label(study: Study) -> str:
    return study.words.labels.inline("cause", _outcome(study))


def _share_at(curve: Curve, day: int, *, cause: str, group: str = "") -> EstimateRow:
    """The share at a day, or why it does not exist, as a row of a table."""
    try:
        estimate: Estimate = share_at(curve, day, group=group, cause=cause)
    except CannotBeComputed as error:
        return NotEstimable(
            measure=curve.measure, reason=error.reason, n=curve.persons[group], group=group
        )
    return estimate
