"""The part on those who could not be followed up: of a target, or of an indicator."""

from __future__ import annotations

from dataclasses import dataclass, replace

from evalkit.answers.follow_up import (
    FollowUp,
    modelled_shares,
    response_rows,
    target_follow_up,
)
from evalkit.answers.indicator_figures import IndicatorFigures
from evalkit.answers.indicator_lines import work_results
from evalkit.answers.measures import tells_hidden_way_out
from evalkit.answers.study import SEXES, Study
from evalkit.chapters.section import Blocks
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts.follow_up import bounds_figure
from evalkit.present.sentences import outcome_is, outcome_was
from evalkit.present.sentences.follow_up import (
    bounds_sentences,
    did_text,
    modelled_sentences,
    tipping_sentences,
)
from evalkit.present.tables import estimates_table
from evalkit.project import MissingAssumption, Target
from evalkit.results import Estimate, EstimateRow, FlowStep, FollowUpBounds, Withheld
from evalkit.statistics.follow_up.bounds import follow_up_bounds
from evalkit.statistics.follow_up.tipping import tipping_point
from evalkit.statistics.indicators.definitions import Indicator
from evalkit.statistics.shares.proportions import proportion


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
        by_way_out: Whether the way out was known before the outcome.
        hides_sexes: Whether the chapter withholds counts of a sex elsewhere; with the total
            told, each sex would give the other away.
        tells_not_yet: Whether the chapter tells of how many the follow-up is in all.
    """

    id: str
    of: str
    title: str
    did: str
    goal: float | None = None
    missing: MissingAssumption | None = None
    by_way_out: bool = True
    hides_sexes: bool = False
    tells_not_yet: bool = True


def target_not_followed_up(study: Study, target: Target) -> Blocks:
    """Of a target: nothing where every outcome is known by its nature."""
    if tells_hidden_way_out(study, target):
        return
    found = target_follow_up(study, target)
    is_status = target.status_column is not None
    if not is_status and not found.missing:
        return
    if ("follow_up", target.id) in study.hidden_selections:
        yield Heading(4, study.words.texts["follow_up.heading"])
        yield Paragraph(study.words.texts["withheld.complement"])
        return
    outcome = (outcome_is if is_status else outcome_was)(study.words, *target.outcome)
    asked = Asked(
        id=f"follow-up-{target.id}",
        of=target.id,
        title=target.title.in_language(study.language),
        did=did_text(study.words, outcome, kind="being" if is_status else "done"),
        goal=target.goal,
        missing=target.missing,
        by_way_out=is_status,
    )
    yield Heading(4, study.words.texts["follow_up.heading"])
    yield from _part(study, found, asked)


def indicator_not_followed_up(study: Study, figures: IndicatorFigures, found: FollowUp) -> Blocks:
    """Of the result in work six months after leaving, by what its table releases."""
    indicator = longer_term_work(figures)
    counts = figures.outcome(indicator)
    assert counts is not None
    if counts.observed is None or counts.no_information is None or counts.reached is None:
        yield Paragraph(study.words.texts["withheld.small_count"])
        return
    if study.purpose == "release" and study.rule.round_counts_to > 1:
        yield Paragraph(study.words.texts["withheld.complement"])  # the table rounds these counts
        return
    by_sex = [figures.outcome(indicator, sex) for sex in SEXES]
    asked = Asked(
        id=f"follow-up-{indicator.code.lower()}",
        of=indicator.code,
        title=study.words.texts.format("follow_up.indicator", code=indicator.code),
        did=did_text(study.words, outcome_is(study.words, "employment"), kind="being"),
        missing=study.project.indicators.missing,
        hides_sexes=any(
            told is not None and (told.observed is None or told.no_information is None)
            for told in by_sex
        ),
        tells_not_yet=counts.started is not None,
    )
    yield from _part(study, found, asked)


def longer_term_work(figures: IndicatorFigures) -> Indicator:
    """The code for being in work six months after leaving."""
    return work_results(figures)["longer_term_result"]


def _part(study: Study, found: FollowUp, asked: Asked) -> Blocks:
    words = study.words
    bounds = study.through_door(
        follow_up_bounds(
            events=found.events,
            followed_up=found.followed_up,
            n=found.n,
            ratios=asked.missing.ratio if asked.missing else (),
        )
    )
    grounds = asked.missing.grounds.in_language(study.language) if asked.missing else ""
    yield from map(Paragraph, bounds_sentences(bounds, words, did=asked.did, grounds=grounds))
    if asked.tells_not_yet:
        yield from _not_yet(study, found)
    if not isinstance(bounds.result, FollowUpBounds) or not found.missing:
        return
    yield from _response(study, found, asked)
    modelled, columns = modelled_shares(study, found, by_way_out=asked.by_way_out)
    released = study.through_door(modelled)
    yield bounds_figure(
        bounds,
        words,
        figure_id=asked.id,
        caption=words.texts.format("follow_up.bounds.caption", title=asked.title),
        modelled=released.result,
        goal=asked.goal,
    )
    names = [words.labels.dimension(column).lower() for column in columns]
    yield Paragraph(" ".join(modelled_sentences(released, words, columns=names)))
    if asked.goal is not None:
        turning = study.through_door(
            tipping_point(
                events=found.events, followed_up=found.followed_up, n=found.n, goal=asked.goal
            )
        )
        yield Paragraph(" ".join(tipping_sentences(turning, words, did=asked.did)))


def _response(study: Study, found: FollowUp, asked: Asked) -> Blocks:
    """Who could be followed up, by the project's groupings; each grouping is one whole."""
    words = study.words
    rows: list[EstimateRow] = []
    labels: list[str] = []
    for by in study.groupings:
        own: list[EstimateRow] = response_rows(study, found, by)
        keys = [("response", asked.of, by, row.group) for row in own]
        if by == "sex" and asked.hides_sexes:
            own = [
                Withheld(measure=row.measure, reason="complement", group=row.group) for row in own
            ]
        rows += study.rows_through_door([_everyone(found), *own], [(), *keys]).result[1:]
        labels += [words.labels.level(by, row.group) for row in own]
    if rows and not any(isinstance(row, Estimate) for row in rows):
        yield Paragraph(words.texts["follow_up.response.withheld"])
    elif rows:
        # Each grouping has passed the door as one whole; once more as the rows of one table.
        alone = [replace(row, group="") for row in (_everyone(found), *rows)]
        yield estimates_table(
            study.through_door(alone),
            words,
            table_id=f"{asked.id}-response",
            caption=words.texts.format("follow_up.response.caption", title=asked.title),
            row_labels=[words.texts["label.everyone"], *labels],
        )


def _everyone(found: FollowUp) -> EstimateRow:
    return proportion(events=found.followed_up, n=found.n, measure="response_share")


def _not_yet(study: Study, found: FollowUp) -> Blocks:
    step = FlowStep(step="persons_analysed", count=found.not_yet, unit="persons")
    if found.not_yet and isinstance(study.through_door(step).result, FlowStep):
        count = study.words.numbers.count(found.not_yet)
        yield Paragraph(study.words.texts.format("follow_up.not_yet", count=count))
