"""Chapter: who took part, where they were at the data cut, how long they were enrolled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from evalkit.answers.measures import (
    count_table,
    hidden_exit_classes,
    is_mostly_unknown,
    not_recorded,
    positive_shares,
    share_bounds,
)
from evalkit.answers.study import Study
from evalkit.chapters.section import Blocks, say_box, section, until_not_computable
from evalkit.present.blocks import Paragraph
from evalkit.present.charts import counts_figure
from evalkit.present.sentences import (
    median_sentence,
    outcome_was,
    quantile_sentence,
    restricted_mean_sentence,
    share_sentence,
)
from evalkit.present.tables import counts_table, estimates_table
from evalkit.results import Curve, Estimate, EstimateRow, FlowStep, is_reached
from evalkit.statistics.means import mean_days
from evalkit.statistics.time_to_event.curve_readings import quantile
from evalkit.statistics.time_to_event.restricted_mean import restricted_mean
from evalkit.statistics.time_to_event.survival import kaplan_meier, median

QUARTER = 0.25
OfWhom = Literal["participants", "exits"]
DENOMINATORS: tuple[OfWhom, OfWhom] = ("participants", "exits")


@section
def composition(study: Study) -> Blocks:
    """Participants by each grouping of the project."""
    for column in study.groupings:
        yield counts_table(
            study.through_door(count_table(study, column)),
            study.words,
            table_id=f"participants-{column}",
            caption=study.words.texts.format(
                "participants.composition.caption",
                dimension=study.words.labels.dimension(column).lower(),
            ),
        )


@section
def status(study: Study) -> Blocks:
    """Where the participants were at the data cut: still enrolled, or left for what."""
    yield counts_figure(
        study.through_door(count_table(study, "exit_class")),
        study.words,
        figure_id="status",
        caption=study.words.texts.format("participants.status.caption", date=_data_cut(study)),
    )


@section
def outcomes(study: Study) -> Blocks:
    """Exits to the positive outcomes: of all participants beside of those who have left.

    The two are often mixed up; as long as many are enrolled they lie far apart.
    """
    texts, labels = study.words.texts, study.words.labels
    positive = study.project.outcomes.positive
    kinds = [positive, *((one,) for one in positive if len(positive) > 1)]
    rows, row_labels = [], []
    for kind in kinds:
        outcome = labels.any_of(labels.inline("exit_class", one) for one in kind)
        for row, of_whom in zip(positive_shares(study, kind), DENOMINATORS, strict=True):
            rows.append(row)
            row_labels.append(texts.format(f"participants.outcomes.{of_whom}", outcome=outcome))
    yield estimates_table(
        study.through_door(rows),
        study.words,
        table_id="outcomes",
        caption=texts["participants.outcomes.caption"],
        row_labels=row_labels,
        row_heading=texts["participants.outcomes.column"],
    )
    for sentence in _positive_sentences(study, rows[: len(DENOMINATORS)]):
        yield Paragraph(sentence)
    if is_mostly_unknown(study):
        yield Paragraph(_unrecorded_sentence(study, DENOMINATORS[0]))


@section
def enrolment(study: Study) -> Blocks:
    """Median time to any way out, those still enrolled counted in; then the tempting mean."""
    table = study.protected(study.events())
    curve = kaplan_meier(table)
    left = outcome_was(study.words, "any")
    half = study.through_door(median(curve))
    yield Paragraph(median_sentence(half, study.words, outcome=left))
    if isinstance(half.result, Estimate) and not is_reached(half.result.value):
        yield from until_not_computable(study, _first_quarter(study, curve))
    horizon = max(study.horizons_within(curve))
    mean = study.through_door(restricted_mean(table, days=horizon))
    yield Paragraph(restricted_mean_sentence(mean, study.words, days=horizon, outcome=left))
    if study.purpose == "release":
        yield Paragraph(study.words.texts["participants.protected"])
    if study.ends_unknown.any():
        yield Paragraph(study.words.texts["time.ends_unknown"])
    completed = study.persons.loc[study.persons["exit"].notna(), "days"]
    if completed.empty:
        return
    of_completed = study.through_door(mean_days(completed)).result
    if isinstance(of_completed, Estimate):
        days = study.words.numbers.days(of_completed.value)
        yield Paragraph(study.words.texts.format("participants.completers", days=days))


def _first_quarter(study: Study, curve: Curve) -> Blocks:
    """By when a quarter had left, for where half never did."""
    first = study.through_door(quantile(curve, QUARTER))
    left = outcome_was(study.words, "any")
    yield Paragraph(quantile_sentence(first, study.words, probability=QUARTER, outcome=left))


@section
def conclusions(study: Study) -> Blocks:
    """What the figures on the participants can carry."""
    texts = study.words.texts
    counted = FlowStep(step="persons_analysed", count=len(study.persons), unit="persons")
    released = study.through_door(counted).result
    can: list[str] = []
    of_all, _ = positive_shares(study, study.project.outcomes.positive)
    if isinstance(study.through_door(of_all).result, Estimate):
        can += _positive_sentences(study, [of_all])
    elif isinstance(released, FlowStep):
        count = study.words.numbers.count(released.count)
        can.append(texts.format("participants.can.count", persons=count))
    yield from say_box(
        study,
        can=can,
        cannot=[
            texts["participants.cannot.represent"],
            texts.format("participants.cannot.status", date=_data_cut(study)),
            texts["participants.cannot.completers"],
        ],
    )


def _positive_sentences(study: Study, rows: Sequence[EstimateRow]) -> Iterator[str]:
    """The shares with a positive exit; of one that does not exist the table's note tells."""
    outcome = outcome_was(study.words, *study.project.outcomes.positive)
    for row, of_whom in zip(rows, DENOMINATORS, strict=False):
        if isinstance(row, Estimate):
            share = share_sentence(
                study.through_door(row), study.words, outcome=outcome, denominator=of_whom
            )
            # One paragraph: no share is read without what is not known of it.
            yield f"{share} {_unrecorded_sentence(study, of_whom)}".rstrip()


def _unrecorded_sentence(study: Study, of_whom: OfWhom) -> str:
    """Between what the share lies, where not every outcome is recorded; else nothing."""
    if not any(not_recorded(study)):
        return ""
    texts, outcomes = study.words.texts, study.project.outcomes.positive
    bounds = share_bounds(study, outcomes, of_whom)
    outcome = outcome_was(study.words, *outcomes)
    if bounds is None:
        return texts.format("participants.unrecorded.all", outcome=outcome)
    low, high = (study.through_door(bound).result for bound in bounds)
    may_be_told = not ({"", "completed_unknown"} & hidden_exit_classes(study)) and all(
        isinstance(study.through_door(FlowStep(step="rows_accepted", count=count)).result, FlowStep)
        for count in not_recorded(study)
        if count
    )
    if may_be_told and isinstance(low, Estimate) and isinstance(high, Estimate):
        return texts.format(
            f"participants.unrecorded.{of_whom}",
            outcome=outcome,
            low=study.words.numbers.percent(low.value),
            high=study.words.numbers.percent(high.value),
        )
    return texts.format("participants.unrecorded.some", outcome=outcome)


def _data_cut(study: Study) -> str:
    return study.words.numbers.date(study.project.data_cut)
