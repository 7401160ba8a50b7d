"""The part on those who could not be followed up: of a target, or of an indicator."""

from __future__ import annotations

from dataclasses import dataclass, replace

from evalkit.chapters.casemix import is_hidden
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts.intervals import bounds_figure
from evalkit.present.sentences import outcome_is, outcome_was
from evalkit.present.sentences.follow_up import (
    bounds_sentences,
    did_text,
    imputed_sentences,
    tipping_sentences,
)
from evalkit.present.tables import estimates_table
from evalkit.project import MissingAssumption, Target
from evalkit.results import (
    Estimate,
    EstimateRow,
    FlowStep,
    FollowUpBounds,
    Released,
    TippingPoint,
    Withheld,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a follow-up, and the words for it.

    Attributes:
        id: Identifier of its table and figure.
        of: Id of the target or code of the indicator.
        title: What it is a follow-up of.
        did: What those counted were or had done.
        goal: The goal, where there is one.
        missing: The project's assumption about those not followed up.
        hides_sexes: Whether the chapter withholds counts of a sex elsewhere; with the total
            disclosed, each sex would give the other away.
        tells_not_yet: Whether the chapter says of how many the follow-up is in all.
    """

    id: str
    of: str
    title: str
    did: str
    goal: float | None = None
    missing: MissingAssumption | None = None
    hides_sexes: bool = False
    tells_not_yet: bool = True


def target_not_followed_up(report: Report, target: Target) -> Blocks:
    """Of a target: nothing where every outcome is known by its nature."""
    name = f"follow_up.{target.id}"
    if name not in report or is_hidden(report, target):
        return
    bounds = report.of(name, FollowUpBounds)
    words = report.words
    if isinstance(bounds.result, Withheld) and bounds.result.reason == "protected":
        yield Heading(4, words.say("follow_up.heading"))
        yield Paragraph(words.say("withheld.protected"))
        return
    is_status = target.status_column is not None
    outcome = (outcome_is if is_status else outcome_was)(words, *target.outcome)
    asked = Asked(
        id=f"follow-up-{target.id}",
        of=target.id,
        title=_title(report, target),
        did=did_text(words, outcome, kind="being" if is_status else "done"),
        goal=target.goal,
        missing=target.missing,
    )
    yield Heading(4, words.say("follow_up.heading"))
    yield from follow_up_part(report, asked)


def _title(report: Report, target: Target) -> str:
    """Which of several targets a table is of, as it ends the caption."""
    is_one = len(report.project.targets) == 1
    return "" if is_one else f" ({target.title.in_language(report.language)})"


def follow_up_part(report: Report, asked: Asked) -> Blocks:
    """The extremes, who could be followed up, the imputed share and what would turn the grade."""
    words, name = report.words, f"follow_up.{asked.of}"
    bounds = report.of(name, FollowUpBounds)
    grounds = asked.missing.grounds.in_language(report.language) if asked.missing else ""
    yield from map(Paragraph, bounds_sentences(bounds, words, did=asked.did, grounds=grounds))
    if asked.tells_not_yet:
        yield from not_yet(report, name)
    if not isinstance(bounds.result, FollowUpBounds) or f"{name}.modelled" not in report:
        return
    yield from _response(report, asked)
    modelled = report.always(f"{name}.modelled", tuple)
    imputed = modelled.part(modelled.result[0])
    yield bounds_figure(
        report.always(name, FollowUpBounds),
        words,
        figure_id=asked.id,
        caption=words.say("follow_up.bounds.caption", title=asked.title),
        imputed=imputed.result,
        goal=asked.goal,
    )
    columns = report.always(f"{name}.columns", tuple).result
    names = [words.labels.dimension(column).lower() for column in columns]
    yield Paragraph(" ".join(imputed_sentences(imputed, words, columns=names)))
    if asked.goal is not None:
        turning = report.of(f"{name}.tipping", TippingPoint)
        yield Paragraph(" ".join(tipping_sentences(turning, words, did=asked.did)))


def not_yet(report: Report, name: str, key: str = "follow_up.not_yet") -> Blocks:
    """Of how many the time for the follow-up has not come, where there are any."""
    step = report.result(f"{name}.not_yet", FlowStep) if f"{name}.not_yet" in report else None
    if step is not None and step.count:
        yield Paragraph(report.say(key, count=step.count))


def _response(report: Report, asked: Asked) -> Blocks:
    """Who could be followed up, by the project's groupings; each grouping is one whole."""
    words = report.words
    rows: list[EstimateRow] = []
    labels: list[str] = []
    bounds = report.always(f"follow_up.{asked.of}", FollowUpBounds)
    for by in report.groupings:
        name = f"follow_up.{asked.of}.response.{by}"
        own: list[EstimateRow] = list(report.always(name, tuple).result[1:])
        if by == "sex" and asked.hides_sexes:
            own = [
                Withheld(measure=row.measure, reason="protected", group=row.group) for row in own
            ]
        rows += own
        labels += [words.labels.level(by, row.group) for row in own]
    if rows and not any(isinstance(row, Estimate) for row in rows):
        yield Paragraph(words.say("follow_up.response.withheld"))
    elif rows:
        alone = tuple(replace(row, group="") for row in (bounds.result.response, *rows))
        withheld = sum(isinstance(row, Withheld) for row in alone)
        yield estimates_table(
            Released(alone, withheld, bounds.rule, is_internal=bounds.is_internal),
            words,
            table_id=f"{asked.id}-response",
            caption=words.say("follow_up.response.caption", title=asked.title),
            row_labels=[words.say("label.everyone"), *labels],
        )
