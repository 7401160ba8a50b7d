"""The project's targets tested, and what has been published set beside the register."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from evalkit.answers import subsidised_work
from evalkit.answers.asking import attempt, public
from evalkit.answers.claim_figures import mean_answer, target_answer
from evalkit.answers.claim_verdicts import verdict_asks
from evalkit.answers.counts import QUESTION, share_asked
from evalkit.answers.curves import Events, events_answer, reading
from evalkit.answers.expected import adjusted_answers
from evalkit.answers.follow_up import target_follow_up_answers
from evalkit.answers.measures import of_whom
from evalkit.answers.published import feasible
from evalkit.answers.study import Study
from evalkit.project import Claim
from evalkit.project.questions import RegisterFigure
from evalkit.results import (
    Ask,
    Between,
    Derived,
    EstimateRow,
    EventTable,
    PublicAnswer,
    TargetVerdict,
)
from evalkit.statistics.shares.claims import feasible_intervals
from evalkit.statistics.shares.power import about, persons_to_tell_from_goal
from evalkit.statistics.time_to_event import grouped
from evalkit.statistics.time_to_event.survival import kaplan_meier, median

HALF = 0.5
POWER = 0.8  # the chance of showing what is there that plans usually ask for
SHARE_DECIMALS = 3  # as printed: 61,0 %


def targets(study: Study) -> Iterator[Ask]:
    """Each target with its verdict, those not followed up, and who took part."""
    if any(subsidised_work.WORK in target.outcome for target in study.project.targets):
        yield from subsidised_work.work(study)
    for target in study.project.targets:
        yield target_answer(study, target)
        yield Derived(
            id=f"target.{target.id}.needed", of=(f"target.{target.id}",), compute=_persons_needed
        )
        yield from target_follow_up_answers(study, target)
        if target.casemix is not None:
            yield from adjusted_answers(study, target)


def claims(study: Study) -> Iterator[Ask]:
    """Each published claim: the counts it allows, and what the register says."""
    for claim in study.project.claims:
        figures = list(_figures(study, claim))
        yield from figures
        yield from verdict_asks(study, claim, (ask.id for ask in figures))


def _figures(study: Study, claim: Claim) -> Iterator[Ask]:
    name = f"claim.{claim.id}"
    if claim.percentage is not None:
        possible = feasible(claim.percentage)
        yield PublicAnswer(id=f"{name}.feasible", result=possible)
        yield public(f"{name}.intervals", partial(feasible_intervals, possible))
    if claim.register_figure is not None:
        yield from _register_figure(study, claim, claim.register_figure)


def conclusions(study: Study) -> Iterator[Ask]:
    """What targets and claims can carry."""
    yield from targets(study)


def _register_figure(study: Study, claim: Claim, figure: RegisterFigure) -> Iterator[Ask]:
    name = f"claim.{claim.id}.register"
    if figure.measure == "composition":
        return  # counted in the table of the column
    if figure.measure == "share":
        persons = of_whom(study, figure.where, figure.denominator)
        yield share_asked(study, name, persons, figure.outcome, QUESTION)
        return
    left, chosen = (
        study.persons.index.isin(of_whom(study, figure.where, denominator).index)
        for denominator in ("exits", "participants")
    )
    yield mean_answer(study, name, left, chosen)
    events = f"events.claim.{claim.id}"
    yield attempt(events, partial(events_answer, study, where=figure.where, name=events))
    yield reading(f"claim.{claim.id}.median", events, _median)


def _median(events: Events) -> EstimateRow | Between:
    if not isinstance(events, EventTable):
        return grouped.days_until(events, HALF)
    estimate: EstimateRow = median(kaplan_meier(events))
    return estimate


def _persons_needed(result: Any) -> int | None:
    """Of an uncertain verdict: how many persons would tell such a share from the goal."""
    if not isinstance(result, TargetVerdict) or not result.grade.endswith("uncertain"):
        return None
    share = round(result.estimate.value, SHARE_DECIMALS)
    if not 0 < share < 1 or share == result.goal:
        return None
    needed = persons_to_tell_from_goal(
        share=share,
        goal=result.goal,
        confidence_level=result.estimate.confidence_level,
        power=POWER,
    )
    return about(needed)
