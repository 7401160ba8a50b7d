"""Two cohorts compared: counts from the register or published, or what percentages allow."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from evalkit.answers.asking import attempt, judged
from evalkit.answers.counts import OVER_TIME, share_of_persons
from evalkit.answers.given import OUTCOMES
from evalkit.answers.measures import (
    cohort_counts,
    cohort_persons,
    is_known,
    require_two_cohorts,
    time_has_come,
)
from evalkit.answers.published import feasible, feasible_of_cohort
from evalkit.answers.study import ONGOING, Study
from evalkit.answers.who_took_part import of_cohorts
from evalkit.project import BeforeAfterSpec, Cohort
from evalkit.results import Answer, Ask, BeforeAfter, Derived, FlowStep, Members, PublicAnswer
from evalkit.results.answers import UNKNOWN, counted, share_members
from evalkit.statistics.shares.before_after import before_after_counts
from evalkit.statistics.shares.claims import feasible_difference
from evalkit.statistics.shares.power import about, persons_for_two_shares
from evalkit.statistics.shares.same_persons import compare_before_after

POWER = 0.8  # the chance of showing what is there that plans usually ask for
SIDES = ("before", "after")


def comparisons(study: Study) -> Iterator[Ask]:
    """Each comparison of the project file."""
    for spec in study.project.before_after:
        yield from _not_yet(study, spec)
        if spec.same_persons:
            name = f"before_after.{spec.id}"
            yield _same_persons(study, spec, name)
            continue
        require_two_cohorts(study, spec)
        if _overlap(study, spec):
            name = f"before_after.{spec.id}"
            yield _overlapping(study, spec, name)
            continue
        yield from comparison_asks(study, spec)


def comparison_asks(study: Study, spec: BeforeAfterSpec) -> Iterator[Ask]:
    """What one comparison asks."""
    yield from _published(spec) if is_percentage(spec) else _counted(study, spec)


def is_percentage(spec: BeforeAfterSpec) -> bool:
    """Whether a side is published as a percentage that more than one count allows."""
    return any(
        cohort.percentage is not None
        and (cohort.percentage.n is None or len(feasible(cohort.percentage).counts) != 1)
        for cohort in (spec.before, spec.after)
    )


def is_followed_unequally(spec: BeforeAfterSpec) -> bool:
    """Whether those who began first have had longer to reach the outcome by the data cut."""
    sides = (spec.before.microdata, spec.after.microdata)
    return spec.status_column is None and all(one and one.by == "entry" for one in sides)


def _same_persons(study: Study, spec: BeforeAfterSpec, name: str) -> Ask:
    """Pairs: of those who have left, or whose status after is known all the same."""
    columns = [str(cohort.status_column) for cohort in (spec.before, spec.after)]
    for column in columns:
        study.require(column)
    before, after = (study.persons[column] for column in columns)
    known, later = is_known(before), is_known(after)
    chosen = ((study.persons["exit_class"] != ONGOING) | later) & _due(study, spec)
    one, two = (status.isin(spec.outcome) for status in (before, after))
    result = partial(
        compare_before_after,
        _outcomes(study, one, known, chosen),
        _outcomes(study, two, later, chosen),
        once_and_for_all="exit_class" in columns,
    )
    levels = ("no", "yes")
    groups = np.where(one, *reversed(levels))
    seen, both = ((chosen & own).to_numpy(dtype=bool) for own in (known, known & later))
    members = (
        share_members(seen, later.to_numpy(dtype=bool), groups=groups, levels=levels),
        share_members(both, two.to_numpy(dtype=bool), groups=groups, levels=levels),
    )
    return judged(name, members, result, rank=OVER_TIME)


def _overlapping(study: Study, spec: BeforeAfterSpec, name: str) -> Ask:
    """Cohorts that share persons: the difference knows that their shares hang together."""
    cohorts = (spec.before, spec.after)
    status = study.persons[spec.status_column or "exit_class"]
    known = is_known(status) if spec.status_column else status != ""
    reached = status.isin(spec.outcome)
    sides = [
        _outcomes(study, reached, known, study.persons.index.isin(_persons(study, cohort).index))
        for cohort in cohorts
    ]
    members = tuple(_members(study, spec, cohort) for cohort in cohorts)
    result = partial(compare_before_after, sides[0], sides[1])
    return judged(name, members, result, rank=OVER_TIME)


def _due(study: Study, spec: BeforeAfterSpec) -> pd.Series[bool]:
    """Of all persons, whose statuses can be known by the data cut."""
    column = spec.after.status_column or spec.status_column
    return time_has_come(study, study.persons, column)


def _not_yet(study: Study, spec: BeforeAfterSpec) -> Iterator[Ask]:
    """Who has left and cannot be compared yet, where there are any."""
    if not study.project.registers:
        return
    waiting = (study.persons["exit_class"] != ONGOING) & ~_due(study, spec)
    sides = [one for one in (spec.before, spec.after) if one.microdata is not None]
    if sides:
        chosen = [study.persons.index.isin(_persons(study, side).index) for side in sides]
        waiting &= np.any(chosen, axis=0)
    if waiting.any():
        step = FlowStep(step="persons_analysed", count=int(waiting.sum()), unit="persons")
        members = (counted(waiting.to_numpy(dtype=bool)),)
        yield Answer(id=f"before_after.{spec.id}.not_yet", result=step, members=members)


def _overlap(study: Study, spec: BeforeAfterSpec) -> bool:
    """Whether some persons, by pseudonym, are in both cohorts."""
    if spec.before.microdata is None or spec.after.microdata is None:
        return False
    one, two = (set(_persons(study, side)["person"]) for side in (spec.before, spec.after))
    return bool(one & two)


def _persons(study: Study, cohort: Cohort) -> pd.DataFrame:
    assert cohort.microdata is not None
    return cohort_persons(study, cohort.microdata)


def _outcomes(study: Study, reached: Any, known: Any, chosen: Any) -> pd.Series[Any]:
    """Pseudonym → whether the outcome held, missing where not known."""
    found = reached.astype("boolean").where(known)[chosen]
    return pd.Series(found.to_numpy(), index=study.persons["person"][chosen])


def _published(spec: BeforeAfterSpec) -> Iterator[Ask]:
    sides = [feasible_of_cohort(cohort) for cohort in (spec.before, spec.after)]
    for name, side in zip(SIDES, sides, strict=True):
        yield PublicAnswer(id=f"before_after.{spec.id}.{name}", result=side)
    possible = partial(feasible_difference, *sides)
    name = f"before_after.{spec.id}"
    yield attempt(name, lambda: PublicAnswer(id=name, result=possible()))


def _counted(study: Study, spec: BeforeAfterSpec) -> Iterator[Ask]:
    name = f"before_after.{spec.id}"
    members = [
        _members(study, spec, cohort)
        for cohort in (spec.before, spec.after)
        if cohort.microdata is not None
    ]
    for side, cohort in zip(SIDES, (spec.before, spec.after), strict=True):
        if cohort.percentage is not None:
            yield PublicAnswer(id=f"{name}.{side}", result=feasible_of_cohort(cohort))
    yield _difference(study, spec, name, tuple(members))
    for side, cohort in zip(SIDES, (spec.before, spec.after), strict=True):
        if cohort.microdata is not None:
            unknown = _members(study, spec, cohort).cells == UNKNOWN
            step = FlowStep(step="persons_analysed", count=int(unknown.sum()), unit="persons")
            yield Answer(id=f"{name}.unknown.{side}", result=step, members=(counted(unknown),))
    if spec.who and len(members) == len(SIDES):
        chosen = [
            study.persons.index.isin(_persons(study, one).index)
            for one in (spec.before, spec.after)
        ]
        yield of_cohorts(study, f"{name}.who", chosen)
    yield Derived(id=f"{name}.needed", of=(name,), compute=_persons_needed)


def _difference(
    study: Study, spec: BeforeAfterSpec, name: str, members: tuple[Members, ...]
) -> Ask:
    before, after = (_counts(study, spec, cohort) for cohort in (spec.before, spec.after))
    result = partial(before_after_counts, before=before, after=after)
    if not members:
        return attempt(name, lambda: PublicAnswer(id=name, result=result()))
    given = OUTCOMES if spec.status_column is None else ""
    return judged(name, members, result, rank=OVER_TIME, given=given)


def _members(study: Study, spec: BeforeAfterSpec, cohort: Cohort) -> Members:
    assert cohort.microdata is not None
    persons = cohort_persons(study, cohort.microdata)
    return share_of_persons(study, persons, spec.outcome, status_column=spec.status_column)


def _counts(study: Study, spec: BeforeAfterSpec, cohort: Cohort) -> tuple[int, int]:
    """The k and n of a cohort, as published or counted in the register."""
    if cohort.counts is not None:
        return cohort.counts.k, cohort.counts.n
    if cohort.percentage is not None:
        (known,) = feasible(cohort.percentage).counts
        return known
    if cohort.microdata is None:
        raise ValueError("a cohort without counts needs a selection from the register")
    found = cohort_counts(study, cohort.microdata, spec.outcome, status_column=spec.status_column)
    return found.events, found.n


def _persons_needed(result: Any) -> int | None:
    """How many persons would show a difference of this size, where it could be none."""
    if not isinstance(result, BeforeAfter):
        return None
    difference = result.difference
    share_1, share_2 = (round(side.value, 3) for side in (result.before, result.after))
    spans_zero = difference.low <= 0 <= difference.high
    if not spans_zero or share_1 == share_2 or {share_1, share_2} & {0.0, 1.0}:
        return None
    needed = persons_for_two_shares(
        share_1=share_1,
        share_2=share_2,
        power=POWER,
        significance_level=1 - difference.confidence_level,
    )
    return about(needed)
