"""Chapter: where persons are after leaving – known, not known, and for how long at work."""

from __future__ import annotations

from typing import cast

from evalkit.answers import after_leaving
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, asks, say_box, until_not_computable
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts.after_leaving import stacked_states_figure
from evalkit.present.sentences.after_leaving import (
    Who,
    days_sentence,
    return_sentence,
    share_on_day_sentences,
    sustained_sentence,
)
from evalkit.present.sentences.parts import titled
from evalkit.project.registers import FollowUp
from evalkit.results import (
    BoundedShare,
    CannotBeComputed,
    DaysRange,
    Estimate,
    StateCurves,
    SustainedWork,
)


@asks(after_leaving.still_in_work)
def still_in_work(report: Report) -> Blocks:
    """The share at work some days after leaving, of those who left to work and of all."""
    spec = _spec(report)
    yield Paragraph(report.say(f"after_leaving.kind.{_kind(report)}"))
    for day in spec.days:
        yield Heading(3, report.say("after_leaving.heading", days=report.words.numbers.days(day)))
        for who in after_leaving.of_whom(report.project):
            yield from until_not_computable(report, _share(report, cast("Who", who), day))


@asks(after_leaving.sustained)
def sustained(report: Report) -> Blocks:
    """Of those who left to work: work throughout, up to each day."""
    for day in _spec(report).days:
        yield from until_not_computable(report, _sustained(report, day))


@asks(after_leaving.days_in_work)
def days_in_work(report: Report) -> Blocks:
    """Mean days at work, and how many became unemployed again."""
    yield from until_not_computable(report, _days(report))
    if "after_leaving.return" in report:
        yield from until_not_computable(report, _return(report))


@asks(after_leaving.states)
def states(report: Report) -> Blocks:
    """The states stacked over time with the number followed; contacts have no curve."""
    if _kind(report) == "contacts":
        return  # the first part says that nothing is known between two answers
    curves = report.of("after_leaving.states", StateCurves)
    if not isinstance(curves.result, StateCurves):
        yield Paragraph(report.say(f"withheld.{_reason(curves.result)}"))
        return
    yield stacked_states_figure(
        report.always("after_leaving.states", StateCurves),
        report.words,
        figure_id="after-leaving-states",
        caption=report.say("after_leaving.caption"),
    )


@asks(after_leaving.conclusions)
def conclusions(report: Report) -> Blocks:
    """What follow-up after leaving can carry."""
    kind = _kind(report)
    cannot = ["cause", "unknown", "between" if kind == "contacts" else "later"]
    yield from say_box(
        report,
        can=_can_say(report),
        cannot=[report.say(f"after_leaving.cannot.{key}") for key in cannot],
    )


def _can_say(report: Report) -> list[str]:
    """The share at the last day that there is one of."""
    for day in reversed(_spec(report).days):
        name = f"after_leaving.share.work.{day}"
        if report.result(name, BoundedShare) is not None:
            return list(share_on_day_sentences(report.of(name, BoundedShare), report.words))
    return []


def _spec(report: Report) -> FollowUp:
    """The first register's follow-up, whose days are asked of.

    Raises:
        CannotBeComputed: Where no register has one.
    """
    for register in report.project.registers:
        if register.follow_up is not None:
            return register.follow_up
    raise CannotBeComputed("no_follow_up_after_leaving")


def _kind(report: Report) -> str:
    """Contacts where any register's are: the careful one."""
    kinds = {one.follow_up.kind for one in report.project.registers if one.follow_up is not None}
    return "changes" if kinds == {"changes"} else "contacts"


def _share(report: Report, who: Who, day: int) -> Blocks:
    released = report.of(f"after_leaving.share.{who}.{day}", BoundedShare)
    yield Paragraph(" ".join(share_on_day_sentences(released, report.words, who=who)))


def _sustained(report: Report, day: int) -> Blocks:
    released = report.of(f"after_leaving.sustained.{day}", SustainedWork)
    sentence = sustained_sentence(released, report.words)
    if not isinstance(released.result, SustainedWork):
        days = report.words.numbers.days(day)
        title = report.say("after_leaving.heading", days=days)
        sentence = titled(sentence, report.words, title=title)
    yield Paragraph(sentence)


def _days(report: Report) -> Blocks:
    released = report.of("after_leaving.days", DaysRange | Estimate)  # type: ignore[arg-type]
    horizon = max(_spec(report).days)
    yield Paragraph(days_sentence(released, report.words, horizon=horizon))


def _return(report: Report) -> Blocks:
    released = report.of("after_leaving.return", Estimate | BoundedShare)  # type: ignore[arg-type]
    horizon = max(_spec(report).days)
    yield Paragraph(return_sentence(released, report.words, day=horizon))


def _reason(result: object) -> str:
    return str(getattr(result, "reason", "protected"))
