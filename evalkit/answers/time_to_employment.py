"""How long it took until the participants went to work, and who left otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from evalkit.answers import subsidised_work
from evalkit.answers.curves import Events, events_answer, horizons_answer, incidence_answer, reading
from evalkit.answers.given import OUTCOMES, given
from evalkit.answers.models import time_model
from evalkit.answers.study import Study
from evalkit.project.over_time import Decisive
from evalkit.results import (
    Answer,
    Ask,
    Between,
    Derived,
    Estimate,
    EstimateRow,
    EventTable,
    FlowStep,
    GroupsOverTime,
    NotComputed,
    NotEstimable,
    PublicAnswer,
    TestResult,
    Withheld,
)
from evalkit.results.answers import counted, share_members
from evalkit.statistics.states.curves import FEWEST_FOLLOWED
from evalkit.statistics.time_to_event import grouped
from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence
from evalkit.statistics.time_to_event.curve_readings import share_row
from evalkit.statistics.time_to_event.decisive_figure import decisive_difference, grouped_difference
from evalkit.statistics.time_to_event.gray import gray_test

_PRINTED = 3  # decimals of a share as printed: tenths of a percentage point


def outcome_of_interest(study: Study) -> str:
    """The first cause of the project file."""
    return next(iter(study.project.outcomes.causes))


def ways_out(study: Study) -> Iterator[Ask]:
    """Cumulative incidence of every exit, everyone together."""
    yield events_answer(study)
    yield from given(OUTCOMES, [incidence_answer("incidence.everyone", "events.everyone")])


def shares_at_horizons(study: Study) -> Iterator[Ask]:
    """The share gone to the outcome of interest at the project's horizons."""
    yield events_answer(study)
    yield horizons_answer(study, "horizons.everyone", "events.everyone")
    if outcome_of_interest(study) == subsidised_work.WORK:
        yield from subsidised_work.work(study)
    rows = partial(_at_horizons, cause=outcome_of_interest(study))
    shares = reading("shares.everyone", "events.everyone", rows, "horizons.everyone")
    yield from given(OUTCOMES, [shares])


def by_group(study: Study) -> Iterator[Ask]:
    """The outcome of interest by each grouping of the project."""
    for column in study.groupings:
        yield from of_groups(study, column)


def of_groups(study: Study, column: str) -> Iterator[Ask]:
    """The outcome of interest by one grouping, and the figure that decides."""
    events = f"events.{column}"
    if len(study.levels(column)) == 1:
        yield PublicAnswer(id=events, result=NotComputed(reason="one_group"))
        yield PublicAnswer(id=f"incidence.{column}", result=NotComputed(reason="one_group"))
        return
    yield events_answer(study, by=column)
    yield events_answer(study)
    yield from given(OUTCOMES, _of_groups(study, column))


def _of_groups(study: Study, column: str) -> Iterator[Ask]:
    cause, events = outcome_of_interest(study), f"events.{column}"
    yield incidence_answer(f"incidence.{column}", events)
    yield horizons_answer(study, f"horizons.{column}", events)
    groups = partial(_at_last_horizon, cause=cause)
    yield reading(f"shares.{column}", events, groups, f"horizons.{column}")
    main = partial(_at_main_horizon, days=tuple(study.project.outcomes.horizons_days))
    yield reading(f"shares.main.{column}", events, main, f"horizons.{column}")
    yield Derived(
        id=f"total.{column}",
        of=("events.everyone", f"shares.{column}", f"horizons.{column}"),
        compute=partial(_total_outside, cause=cause),
    )
    yield reading(f"test.{column}", events, partial(_test, cause=cause))
    yield Derived(
        id=f"decisive.{column}",
        of=(events, f"test.{column}"),
        compute=partial(
            _decisive,
            cause=cause,
            spec=study.project.decisive,
            fewest=max(FEWEST_FOLLOWED, study.rule.threshold),
        ),
    )


def model(study: Study) -> Iterator[Ask]:
    """What was known at entry and how fast the outcome came, all at once."""
    fitted = time_model(study)
    members = share_members(fitted.chosen, fitted.reached)
    yield Answer(id="model", result=fitted.regression, members=(members,))
    yield PublicAnswer(id="model.references", result=fitted.references)
    left_out = ~fitted.chosen
    step = FlowStep(step="persons_analysed", count=int(left_out.sum()), unit="persons")
    yield Answer(id="model.left_out", result=step, members=(counted(left_out),))


def _test(events: Events, *, cause: str) -> TestResult:
    """Gray's test; of the released counts alone where they are released."""
    if isinstance(events, EventTable):
        return gray_test(events, cause=cause)
    return grouped.gray_like_test(events)


def _decisive(
    table: Events, test: Any, *, cause: str, spec: Decisive, fewest: int
) -> GroupsOverTime | NotEstimable:
    """The figure named beforehand, of the counts that the curves show; Gray's test as printed."""
    if not isinstance(table, EventTable):
        found = grouped_difference(table, day=spec.day, figure=spec.figure)
        return replace(found, curves_differ=test) if isinstance(test, TestResult) else found
    days, causes, groups = _persons_of(table)
    found = decisive_difference(
        days,
        causes,
        groups,
        day=spec.day,
        cause=table.causes.index(cause) + 1,
        reference=table.groups[-1],
        figure=spec.figure,
        fewest=fewest,
    )
    if isinstance(test, TestResult):
        return replace(found, curves_differ=test)
    return found


def _persons_of(table: EventTable) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days, way out and group of each person counted; 0 for those still enrolled."""
    counts = np.concatenate([table.censored[:, :, None], table.left], axis=2)
    group, time, cause = np.nonzero(counts > 0)
    times = np.rint(counts[group, time, cause]).astype(int)
    names = np.array(table.groups, dtype=object)
    return (
        np.repeat(table.times[time], times),
        np.repeat(cause, times),
        np.repeat(names[group], times),
    )


def _at_horizons(
    events: Events, horizons: tuple[int, ...], *, cause: str
) -> tuple[EstimateRow | Between, ...]:
    if not isinstance(events, EventTable):
        return tuple(grouped.share_by(events, day) for day in horizons)
    curve = cumulative_incidence(events)
    return tuple(share_row(curve, day, cause=cause) for day in horizons)


def _total_outside(
    everyone: Events, groups: Sequence[Any], horizons: tuple[int, ...], *, cause: str
) -> tuple[Estimate, ...]:
    """Everyone's share where it lies outside those of all its groups, as they are printed.

    Groups that were followed for different times can have it so (Aalen and Johansen's estimate
    is not collapsible).
    """
    (total,) = _at_horizons(everyone, horizons[-1:], cause=cause)
    if not isinstance(total, Estimate) or not all(isinstance(one, Estimate) for one in groups):
        return ()
    printed = [round(one.value, _PRINTED) for one in (total, *groups)]
    is_between = min(printed[1:]) <= printed[0] <= max(printed[1:])
    return () if is_between else (total,)


def _at_main_horizon(
    events: Events, horizons: tuple[int, ...], *, days: tuple[int, ...]
) -> tuple[EstimateRow | Between, ...]:
    """Each group by the project's last horizon, where that is no day that all of them have."""
    if isinstance(events, EventTable) or not days or days[-1] in horizons:
        return ()
    return tuple(grouped.share_by(events, days[-1], group=group) for group in events.groups)


def _at_last_horizon(
    events: Events, horizons: tuple[int, ...], *, cause: str
) -> tuple[EstimateRow | Between, ...]:
    """Each group by the last day; whoever has no curve is withheld."""
    day = horizons[-1]
    if not isinstance(events, EventTable):
        hidden = [
            Withheld(measure="cumulative_incidence", reason="protected", group=group)
            for group in events.hidden
        ]
        return (*(grouped.share_by(events, day, group=group) for group in events.groups), *hidden)
    curve = cumulative_incidence(events)
    return tuple(share_row(curve, day, cause=cause, group=group) for group in curve.groups)
