"""Who took part, where they were at the data cut, how long they were enrolled."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from evalkit.answers import subsidised_work, who_took_part
from evalkit.answers.asking import judged
from evalkit.answers.counts import Denominator, persons_answer, share_answer, table_answer
from evalkit.answers.curves import Events, events_answer, horizons_answer, reading
from evalkit.answers.study import Study
from evalkit.results import (
    Ask,
    Between,
    EstimateRow,
    EventTable,
    PublicAnswer,
)
from evalkit.results.answers import counted
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
        mean = partial(mean_days, days[known].to_numpy(dtype=float))
        yield judged("unemployed_days.mean", (counted(known),), mean, measure="mean_days")


def status(study: Study) -> Iterator[Ask]:
    """Where the participants were at the data cut: still enrolled, or the cause of exit."""
    yield table_answer(study, "exit_class")
    yield from subsidised_work.exits(study)


def outcomes(study: Study) -> Iterator[Ask]:
    """Exits to the positive outcomes, together and each: of participants and of exits."""
    positive = study.project.outcomes.positive
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
    left = study.persons["exit"].notna().to_numpy(dtype=bool)
    completed = partial(mean_days, study.persons.loc[left, "days"])
    yield judged("enrolment.completed", (counted(left),), completed, measure="mean_days")


def conclusions(study: Study) -> Iterator[Ask]:
    """What the figures on the participants can carry."""
    yield persons_answer(study)
    for denominator in DENOMINATORS:
        yield share_answer(study, study.project.outcomes.positive, denominator)


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
