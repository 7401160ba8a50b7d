"""Who took part, where they were at the data cut, how long they were enrolled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from evalkit.answers import subsidised_work, who_took_part
from evalkit.answers.counts import Denominator, persons_answer, share_answer, table_answer
from evalkit.answers.curves import Events, events_answer, horizons_answer, reading
from evalkit.answers.measures import is_mostly_unknown, not_recorded, of_whom, share_bounds
from evalkit.answers.study import Study
from evalkit.project.vocabulary import OUTCOME_UNKNOWN
from evalkit.results import (
    Answer,
    Ask,
    Between,
    CannotBeComputed,
    EstimateRow,
    EventTable,
    PublicAnswer,
)
from evalkit.results.answers import counted, share_members
from evalkit.statistics.means import mean_days
from evalkit.statistics.time_to_event import grouped
from evalkit.statistics.time_to_event.curve_readings import quantile
from evalkit.statistics.time_to_event.restricted_mean import restricted_mean
from evalkit.statistics.time_to_event.survival import kaplan_meier

QUARTER, HALF = 0.25, 0.5
DENOMINATORS: tuple[Denominator, Denominator] = ("participants", "exits")


def composition(study: Study) -> Iterator[Ask]:
    """Women, men and everyone by what was known at the start."""
    yield from who_took_part.composition(study)
    if any(one.check == "no_person_column" for one in study.findings):
        yield PublicAnswer(id="rows_as_persons", result=True)
    # Printed above; claims about a single level read them here.
    yield from (table_answer(study, column) for column in study.groupings)
    if "unemployed_days" in study.persons:
        days = study.persons["unemployed_days"]
        known = days.notna().to_numpy(dtype=bool)
        with suppress(CannotBeComputed):
            yield Answer(
                id="unemployed_days.mean",
                result=mean_days(days[known].to_numpy(dtype=float)),
                members=(counted(known),),
            )


def status(study: Study) -> Iterator[Ask]:
    """Where the participants were at the data cut: still enrolled, or the cause of exit."""
    yield table_answer(study, "exit_class")
    yield from subsidised_work.exits(study)


def outcomes(study: Study) -> Iterator[Ask]:
    """Exits to the positive outcomes, together and each: of participants and of exits."""
    positive = study.project.outcomes.positive
    yield from _unrecorded(study)
    for kind in (positive, *((one,) for one in positive if len(positive) > 1)):
        for denominator in DENOMINATORS:
            yield share_answer(study, kind, denominator)
    for denominator in DENOMINATORS:
        yield from subsidised_work.shares(study, denominator)
    yield from subsidised_work.work(study)


def enrolment(study: Study) -> Iterator[Ask]:
    """Time to any exit, those still enrolled counted in; then the mean of the completed."""
    yield events_answer(study)
    yield reading("enrolment.median", "events.everyone", partial(_quantile, p=HALF))
    yield reading("enrolment.quarter", "events.everyone", partial(_quantile, p=QUARTER))
    yield horizons_answer(study, "horizons.everyone", "events.everyone")
    mean = reading("enrolment.mean", "events.everyone", _mean, "horizons.everyone")
    yield mean
    yield ends_unknown_answer(study)
    has_left = study.persons["exit"].notna()
    if has_left.any():
        yield Answer(
            id="enrolment.completed",
            result=mean_days(study.persons.loc[has_left, "days"]),
            members=(counted(has_left.to_numpy(dtype=bool)),),
        )


def conclusions(study: Study) -> Iterator[Ask]:
    """What the figures on the participants can carry."""
    yield persons_answer(study)
    yield from _unrecorded(study)
    for denominator in DENOMINATORS:
        yield share_answer(study, study.project.outcomes.positive, denominator)


def ends_unknown_answer(study: Study) -> Ask:
    """Whether some left on a day that nobody knows."""
    return PublicAnswer(id="ends_unknown", result=bool(study.ends_unknown.any()))


def unrecorded_answer(study: Study) -> Ask:
    """Whether it is not known how it went for "some" of those who left, "mostly", or "none"."""
    unknown, lost = not_recorded(study)
    kind = "mostly" if is_mostly_unknown(study) else "some" if unknown + lost else "none"
    return PublicAnswer(id="unrecorded", result=kind)


def _unrecorded(study: Study) -> Iterator[Ask]:
    """Between what the shares lie where not every outcome is recorded."""
    yield unrecorded_answer(study)
    positive = study.project.outcomes.positive
    status = study.persons["exit_class"]
    reached = status.isin(positive).to_numpy(dtype=bool)
    possible = reached | status.isin(OUTCOME_UNKNOWN).to_numpy(dtype=bool)
    for denominator in DENOMINATORS:
        bounds = share_bounds(study, positive, denominator)
        if bounds is not None:
            chosen = study.persons.index.isin(of_whom(study, {}, denominator).index)
            members = (share_members(chosen, reached), share_members(chosen, possible))
            yield Answer(id=f"unrecorded.{denominator}", result=bounds, members=members)


def _quantile(events: Events, *, p: float) -> EstimateRow | Between:
    if not isinstance(events, EventTable):
        return grouped.days_until(events, p)
    estimate: EstimateRow = quantile(kaplan_meier(events), p)
    return estimate


def _mean(events: Events, horizons: tuple[int, ...]) -> EstimateRow:
    if not isinstance(events, EventTable):
        return grouped.restricted_mean_days(events)
    estimate: EstimateRow = restricted_mean(events, days=max(horizons))
    return estimate
