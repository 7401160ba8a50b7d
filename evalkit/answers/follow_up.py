"""Those who could not be followed up: of a target, or of an indicator."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from evalkit.answers.followed_persons import (
    OUTCOME,
    FollowUp,
    imputed_row,
    response_rows,
    target_follow_up,
)
from evalkit.answers.study import Study
from evalkit.project import MissingAssumption, Target
from evalkit.results import Answer, Ask, Derived, EstimateRow, FlowStep, Withheld
from evalkit.results.answers import counted, share_members
from evalkit.statistics.follow_up.bounds import follow_up_bounds, tipping_point
from evalkit.statistics.shares.proportions import proportion


def follow_up_answers(
    study: Study,
    found: FollowUp,
    *,
    of: str,
    goal: float | None = None,
    missing: MissingAssumption | None = None,
    by_exit: bool = True,
) -> Iterator[Ask]:
    """The extremes, who could be followed up, the imputed share and what would turn the grade.

    Args:
        study: The study.
        found: Whose time for a follow-up has come.
        of: Id of the target or code of the indicator.
        goal: The goal, where there is one.
        missing: The project's assumption about those not followed up.
        by_exit: Whether the exit was known before the outcome.
    """
    name = f"follow_up.{of}"
    due, followed, reached = _masks(study, found)
    persons = share_members(due, followed)
    outcome = share_members(followed, reached)
    bounds = follow_up_bounds(
        events=found.events,
        followed_up=found.followed_up,
        n=found.n,
        ratios=missing.ratio if missing else (),
    )
    yield Answer(id=name, result=bounds, members=(persons, outcome))
    step = FlowStep(step="persons_analysed", count=found.not_yet, unit="persons")
    waiting = counted(study.persons.index.isin(found.waiting))
    yield Answer(id=f"{name}.not_yet", result=step, members=(waiting,))
    if not found.missing:
        return
    everyone: EstimateRow = proportion(
        events=found.followed_up, n=found.n, measure="response_share"
    )
    for by in study.groupings:
        rows = response_rows(study, found, by)
        values = study.persons[by].to_numpy(dtype=object)
        levels = [row.group for row in rows]
        groups = share_members(due, followed, groups=values, levels=levels)
        yield Answer(
            id=f"{name}.response.{by}", result=(everyone, *rows), members=(persons, groups)
        )
    imputed, columns = imputed_row(study, found, by_way_out=by_exit)
    yield Answer(id=f"{name}.modelled", result=(imputed,), members=(persons, outcome))
    shown = partial(_columns_of, columns=columns)
    yield Derived(id=f"{name}.columns", of=(f"{name}.modelled",), compute=shown)
    if goal is not None:
        turning = tipping_point(
            events=found.events, followed_up=found.followed_up, n=found.n, goal=goal
        )
        yield Answer(id=f"{name}.tipping", result=turning, members=(persons, outcome))


def _columns_of(rows: tuple[Any, ...], *, columns: tuple[str, ...]) -> tuple[str, ...]:
    """What a shown share rests on: how many columns there is room for tells of the outcomes."""
    return () if isinstance(rows[0], Withheld) else columns


def target_follow_up_answers(study: Study, target: Target) -> Iterator[Ask]:
    """Those of a target who could not be followed up; nothing where every outcome is known."""
    found = target_follow_up(study, target)
    if target.status_column is not None or found.missing:
        yield from follow_up_answers(
            study,
            found,
            of=target.id,
            goal=target.goal,
            missing=target.missing,
            by_exit=target.status_column is not None,
        )


def _masks(study: Study, found: FollowUp) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whose time has come, who of them was followed up, and who of those has the outcome."""
    outcome = pd.Series(pd.NA, index=study.persons.index, dtype="Float64")
    outcome.loc[found.persons.index] = found.persons[OUTCOME]
    due = study.persons.index.isin(found.persons.index)
    followed = outcome.notna().to_numpy(dtype=bool)
    return due, followed, (outcome == 1).fillna(False).to_numpy(dtype=bool)
