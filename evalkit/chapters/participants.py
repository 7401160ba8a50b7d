"""Chapter: who took part, where they were at the data cut, how long they were enrolled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from evalkit.answers import participants, subsidised_work
from evalkit.answers.counts import Denominator, share_id
from evalkit.answers.participants import DENOMINATORS
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, asks, say_box, until_not_computable
from evalkit.present.blocks import Paragraph
from evalkit.present.charts import counts_figure
from evalkit.present.sentences import (
    median_sentence,
    outcome_was,
    quantile_sentence,
    restricted_mean_sentence,
    share_sentence,
    subsidy_sentence,
)
from evalkit.present.tables import estimates_table, who_table
from evalkit.present.tables.cells import internal_notes
from evalkit.results import (
    Between,
    CountTable,
    Estimate,
    EstimateRow,
    FlowStep,
    Released,
    is_reached,
)


@asks(participants.composition)
def composition(report: Report) -> Blocks:
    """Women, men and everyone by what was known at the start."""
    if "rows_as_persons" in report:
        yield Paragraph(report.say("participants.rows_as_persons"))
    yield who_table(
        report.always("who_took_part", tuple),
        report.words,
        table_id="who-took-part",
        caption=report.say("participants.composition.caption"),
    )
    before = report.result("unemployed_days.mean", Estimate)
    if before is not None:
        numbers = report.words.numbers
        days, n = numbers.days(before.value), numbers.count(before.n)
        yield Paragraph(report.say("participants.unemployed", days=days, n=n))


@asks(participants.status)
def status(report: Report) -> Blocks:
    """Where the participants were at the data cut: still enrolled, or left for what."""
    divided = "exits.divided" in report
    yield counts_figure(
        report.always("exits.divided" if divided else "persons.exit_class", CountTable),
        report.words,
        figure_id="status",
        caption=report.say("participants.status.caption", date=_data_cut(report)),
    )


@asks(participants.outcomes)
def outcomes(report: Report) -> Blocks:
    """Exits to the positive outcomes: of all participants beside of those who have left.

    The two are often mixed up; as long as many are enrolled they lie far apart.
    """
    labels = report.words.labels
    positive = report.project.outcomes.positive
    if report.always("unrecorded", str).result in ("mostly", "all"):
        yield Paragraph(report.say("cannot.outcome_unknown"))
        told = (_unrecorded_sentence(report, denominator) for denominator in DENOMINATORS)
        yield from map(Paragraph, dict.fromkeys(told))
        yield from _other_measure(report)
        yield from subsidy_paragraph(report)
        return
    ids, row_labels = [], []
    for kind in (positive, *((one,) for one in positive if len(positive) > 1)):
        outcome = labels.any_of(labels.inline("exit_class", one) for one in kind)
        for denominator in DENOMINATORS:
            ids.append(share_id(kind, denominator))
            row_labels.append(report.say(f"participants.outcomes.{denominator}", outcome=outcome))
    for part in subsidised_work.KINDS:
        outcome = labels.inline("exit_class", f"{subsidised_work.WORK}_{part}")
        for denominator in DENOMINATORS:
            if (name := subsidised_work.share_id(part, denominator)) in report:
                ids.append(name)
                label = report.say(f"participants.outcomes.{denominator}", outcome=outcome)
                row_labels.append(label)
    yield estimates_table(
        report.rows(ids),
        report.words,
        table_id="outcomes",
        caption=report.say("participants.outcomes.caption"),
        row_labels=row_labels,
        row_heading=report.say("participants.outcomes.column"),
    )
    yield from map(Paragraph, _positive_sentences(report, DENOMINATORS))
    yield from _other_measure(report)
    yield from subsidy_paragraph(report)


def _other_measure(report: Report) -> Blocks:
    """That a target is about a situation at follow-up, where it is: another share than these."""
    if any(target.status_column is not None for target in report.project.targets):
        yield Paragraph(report.say("participants.outcomes.status"))


@asks(participants.enrolment)
def enrolment(report: Report) -> Blocks:
    """Median time to any exit, those still enrolled counted in; then the tempting mean."""
    left = outcome_was(report.words, "any")
    half: Released[Any] = report.of("enrolment.median", object)
    yield Paragraph(median_sentence(half, report.words, outcome=left))
    if not _is_reached(half.result):
        yield from until_not_computable(report, _first_quarter(report))
    mean = report.say("measure.restricted_mean")
    yield from until_not_computable(report, _mean(report, left), title=mean)
    if not report.is_internal:
        yield Paragraph(report.say("participants.protected"))
        yield from map(Paragraph, internal_notes(half, report.words))
    if report.always("ends_unknown", bool).result:
        yield Paragraph(report.say("time.ends_unknown"))
    completed = report.result("enrolment.completed", Estimate)
    if completed is not None:
        days = report.words.numbers.days(completed.value)
        yield Paragraph(report.say("participants.completers", days=days))


def _is_reached(half: Any) -> bool:
    """Whether it is not known that half had not left."""
    if isinstance(half, Between):
        return is_reached(half.high)
    return not isinstance(half, Estimate) or is_reached(half.value)


def _mean(report: Report, left: str) -> Blocks:
    """The mean time within the longest horizon."""
    horizon = max(report.days("horizons.everyone"))
    mean, numbers = report.of("enrolment.mean", Estimate), report.words.numbers
    if not isinstance(mean.result, Estimate) or mean.is_internal:
        yield Paragraph(restricted_mean_sentence(mean, report.words, days=horizon, outcome=left))
        return
    yield Paragraph(
        report.say(
            "participants.mean",
            days=horizon,
            value=numbers.days(mean.result.value),
            n=mean.result.n,
        )
    )


def _first_quarter(report: Report) -> Blocks:
    """By when a quarter had left, for where half never did."""
    first: Released[Any] = report.of("enrolment.quarter", object)
    left = outcome_was(report.words, "any")
    quarter = participants.QUARTER
    yield Paragraph(quantile_sentence(first, report.words, probability=quarter, outcome=left))


@asks(participants.conclusions)
def conclusions(report: Report) -> Blocks:
    """What the figures on the participants can carry."""
    can: list[str] = []
    counted = report.result("persons", FlowStep)
    of_all = share_id(report.project.outcomes.positive, "participants")
    if report.result(of_all, Estimate) is not None:
        can += _positive_sentences(report, DENOMINATORS[:1])
    elif counted is not None:
        can.append(report.say("participants.can.count", persons=counted.count))
    yield from say_box(
        report,
        can=can,
        cannot=[
            report.say("participants.cannot.represent"),
            report.say("participants.cannot.status", date=_data_cut(report)),
            report.say("participants.cannot.completers"),
        ],
    )


def subsidy_paragraph(report: Report, where: str = "") -> Blocks:
    """How many of those who went to work have a subsidised job, where it may be shown."""
    table = report.result("work.subsidy", CountTable)
    if table is not None and not table.has_withheld:
        yield Paragraph(subsidy_sentence(table, report.words, where=where))


def _positive_sentences(report: Report, denominators: Sequence[Denominator]) -> Iterator[str]:
    """The shares with a positive exit; the table's note explains one that does not exist."""
    positive = report.project.outcomes.positive
    outcome = outcome_was(report.words, *positive)
    for denominator in denominators:
        released = report.of(share_id(positive, denominator), Estimate)
        if isinstance(released.result, EstimateRow):
            share = share_sentence(released, report.words, outcome=outcome, denominator=denominator)
            # One paragraph: no share is read without what is not known of it.
            yield f"{share} {_unrecorded_sentence(report, denominator)}".rstrip()


def _unrecorded_sentence(report: Report, denominator: Denominator) -> str:
    """Between what the share lies, where not every outcome is recorded; else nothing."""
    if report.always("unrecorded", str).result == "none":
        return ""
    positive = report.project.outcomes.positive
    outcome = outcome_was(report.words, *positive)
    name = f"unrecorded.{denominator}"
    if report.always("unrecorded", str).result == "all":
        return report.say("participants.unrecorded.all", outcome=outcome)
    bounds = report.always(name, tuple).result
    if not all(isinstance(one, Estimate) for one in bounds):
        return report.say("participants.unrecorded.some", outcome=outcome)
    low, high = (report.words.numbers.percent(one.value) for one in bounds)
    return report.say(f"participants.unrecorded.{denominator}", outcome=outcome, low=low, high=high)


def _data_cut(report: Report) -> str:
    return report.words.numbers.date(report.project.data_cut)
