"""Women and men in the main results: the gap with its interval, place by place where asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.answers import time_to_employment
from evalkit.answers.given import OUTCOMES, given
from evalkit.answers.measures import (
    is_known,
    of_whom,
    target_persons,
    time_has_come,
)
from evalkit.answers.study import Study
from evalkit.project import Project, Target
from evalkit.project.over_time import POSITIVE
from evalkit.results import (
    Answer,
    Ask,
    CannotBeComputed,
    Derived,
    Estimate,
    EstimateRow,
    GroupsOverTime,
    NotComputed,
    PublicAnswer,
)
from evalkit.results.answers import share_members
from evalkit.statistics.shares.equity import equity_gaps, gap_of
from evalkit.statistics.shares.proportions import proportion

WOMAN, MAN = SIDES = ("woman", "man")
OVER_TIME = "equity.over_time"


@dataclass(frozen=True, slots=True, eq=False)
class _Result:
    """A main result, over the study's persons."""

    id: str
    chosen: np.ndarray
    known: np.ndarray
    reached: np.ndarray
    given: str


def women_and_men(study: Study) -> Iterator[Ask]:
    """The gap in the share with a positive exit and in every target, and within places."""
    if "sex" not in study.persons or not set(SIDES) <= set(study.levels("sex")):
        yield PublicAnswer(id=f"equity.{POSITIVE}", result=NotComputed(reason="one_group"))
        return
    results, over_time = list(_results(study)), is_over_time(study.project)
    by = study.project.equity.by if study.project.equity else ()
    looked_at = len(results) + sum(len(results) * len(study.levels(column)) for column in by)
    looked_at += over_time
    for one in results:
        yield from given(one.given, _gaps(study, one, by, looked_at))
    if over_time:
        yield from time_to_employment.of_groups(study, "sex")
        yield Derived(id=OVER_TIME, of=("decisive.sex",), compute=_gap_over_time)


def _gaps(study: Study, one: _Result, by: Sequence[str], looked_at: int) -> Iterator[Ask]:
    """The gap of one result, the shares behind it, and within places."""
    sex = study.persons["sex"].to_numpy(dtype=object)
    counted = one.chosen & one.known
    sides = [_counts(counted & (sex == side), one.reached) for side in SIDES]
    missing = [int((one.chosen & ~one.known & (sex == side)).sum()) for side in SIDES]
    members = share_members(
        counted, one.reached, unknown=one.chosen & ~one.known, groups=sex, levels=SIDES
    )
    found = equity_gaps(
        [(sides[0], sides[1])],
        others=int((one.chosen & ~np.isin(sex, SIDES)).sum()),
        missing=(missing[0], missing[1]),
        looked_at=looked_at,
    )
    yield Answer(id=f"equity.{one.id}", result=found, members=(members,))
    rows: tuple[EstimateRow, ...] = tuple(
        proportion(events=k, n=n, group=side)
        for (k, n), side in zip(sides, SIDES, strict=True)
        if n
    )
    yield Answer(id=f"equity.{one.id}.shares", result=rows, members=(members,))
    for column in by:
        yield _by_place(study, one, column, looked_at)


def of_both(project: Project) -> list[Target]:
    """The targets that are of women and men; one of women alone has no gap."""
    return [target for target in project.targets if "sex" not in target.where]


def is_over_time(project: Project) -> bool:
    """Whether the figure that decides over time is asked of women and men anyhow."""
    return "sex" in project.groups and "time_to_employment" in project.chapters


def _gap_over_time(found: GroupsOverTime) -> Estimate:
    rows = {row.group: row for row in found.groups}
    if not set(SIDES) <= set(rows):
        raise CannotBeComputed("one_group")
    return gap_of(rows[WOMAN], rows[MAN])


def _results(study: Study) -> Iterator[_Result]:
    positive = study.project.outcomes.positive
    yield _result(study, POSITIVE, of_whom(study, {}, "participants"), positive, None)
    for target in of_both(study.project):
        persons = target_persons(study, target)
        yield _result(study, target.id, persons, target.outcome, target.status_column)


def _result(
    study: Study,
    name: str,
    persons: pd.DataFrame,
    outcome: Sequence[str],
    status_column: str | None,
) -> _Result:
    status = study.persons[status_column or "exit_class"]
    known = is_known(status) if status_column else status != ""
    due = time_has_come(study, study.persons, status_column)
    return _Result(
        name,
        study.persons.index.isin(persons.index) & due.to_numpy(dtype=bool),
        known.to_numpy(dtype=bool),
        status.isin(list(outcome)).to_numpy(dtype=bool),
        "" if status_column else OUTCOMES,
    )


def _by_place(study: Study, one: _Result, column: str, looked_at: int) -> Ask:
    sex, place = (study.persons[name].to_numpy(dtype=object) for name in ("sex", column))
    places = study.levels(column)
    counted = one.chosen & one.known
    pairs = [
        tuple(_counts(counted & (place == level) & (sex == side), one.reached) for side in SIDES)
        for level in places
    ]
    groups = np.array([f"{where}, {who}" for where, who in zip(place, sex, strict=True)], object)
    levels = [f"{level}, {side}" for level in places for side in SIDES]
    members = share_members(counted, one.reached, groups=groups, levels=levels)
    found = equity_gaps([(women, men) for women, men in pairs], names=places, looked_at=looked_at)
    return Answer(id=f"equity.{one.id}.{column}", result=found, members=(members,))


def _counts(chosen: np.ndarray, reached: np.ndarray) -> tuple[int, int]:
    return int((chosen & reached).sum()), int(chosen.sum())
