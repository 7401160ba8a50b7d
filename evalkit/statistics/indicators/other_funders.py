"""The same exits by other funders' definitions, and why one share is not the other.

A chain of definitions changes one thing at a time. Between two of them it is told how many
persons left or joined those the share is of, and how many it counted before and counts no more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.results import CountTable, Estimate
from evalkit.statistics.indicators.counts import Division
from evalkit.statistics.indicators.definitions import Measure
from evalkit.statistics.indicators.windows import holds, lacks, mapped
from evalkit.statistics.shares.proportions import proportion


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A share by one definition and what changed since the step before.

    Attributes:
        changes: Ids of the definitions taken in one step: more than one where a change alone
            would point at too few persons.
        estimate: The share; its ``cells`` hold the changes too.
        left, joined: Persons no longer, or newly, among those the share is of.
        lost, gained: Persons no longer, or newly, counted as having the result.
    """

    changes: tuple[str, ...]
    estimate: Estimate
    left: int = 0
    joined: int = 0
    lost: int = 0
    gained: int = 0

    @property
    def moves(self) -> tuple[int, int, int, int]:
        return self.left, self.joined, self.lost, self.gained


# Statuses at entry and after leaving → the situations that are set side by side.
SITUATIONS = {
    "work": ("employment", "municipal_employment"),
    "studies": ("studies",),
    "unemployed": ("unemployed", "long_term_unemployed", "programme"),
    "outside_labour_force": ("inactive", "sick", "parental_leave"),
    "": ("other", "unknown", ""),
}


@dataclass(frozen=True, slots=True)
class _Stage:
    id: str
    among: np.ndarray
    counted: np.ndarray


def reconcile(
    records: pd.DataFrame,
    measures: Sequence[Measure],
    *,
    smallest_move: int = 1,
    hidden: Collection[str] = (),
) -> tuple[Step, ...]:
    """From the first definition's share to the last one's, a step for each change.

    Args:
        records: One record per person.
        measures: Complete definitions in order; those the register cannot tell are passed over.
        smallest_move: A step that would move fewer persons is taken together with the next,
            the last ones with the one before, so that no move points at so few.
        hidden: Ids of definitions whose share may not be told; taken together with the next,
            and the chain ends before the last ones.

    Raises:
        CannotBeComputed: ``no_persons`` when a definition has nobody at risk.
    """
    stages = [_stage(records, one) for one in measures if not lacks(one.needs, records)]
    while stages and stages[-1].id in hidden:
        stages.pop()
    groups = _merged(stages, smallest_move, hidden)
    steps, before = [], None
    for changes, stage in groups:
        steps.append(_step(changes, before, stage))
        before = stage
    return tuple(steps)


def situations(left: pd.DataFrame) -> tuple[Division, Division]:
    """What those who have left did at entry and upon leaving; ``""`` where it is not known."""
    group = {status: name for name, statuses in SITUATIONS.items() for status in statuses}
    unknown = pd.Series("", index=left.index)
    before, after = (
        np.asarray(mapped(left.get(column, unknown), group, otherwise=""), dtype=object)
        for column in ("status", "status_upon_leaving")
    )
    return Division(before, tuple(SITUATIONS)), Division(after, tuple(SITUATIONS))


def income_support(left: pd.DataFrame) -> tuple[Division, Division] | None:
    """Income support of those who have left, before and after; none where it is not recorded."""
    if lacks(("support_before", "support_after"), left):
        return None
    before, after = (
        left[column].to_numpy(dtype=object) for column in ("support_before", "support_after")
    )
    order = (*sorted({*before, *after} - {""}), "")
    return Division(before, order), Division(after, order)


def division_table(division: Division) -> CountTable:
    """Persons by level with their total."""
    counted = pd.Series(division.levels).value_counts()
    rows = [(level, int(counted.get(level, 0)), False) for level in division.order]
    return CountTable.of([*rows, ("total", len(division.levels), True)], "situation")


def stage_persons(records: pd.DataFrame, measure: Measure) -> tuple[np.ndarray, np.ndarray] | None:
    """Who a measure is of and who of them has the result; nobody where it is not collected."""
    if lacks(measure.needs, records):
        return None
    stage = _stage(records, measure)
    return stage.among, stage.counted


def _merged(
    stages: list[_Stage], smallest_move: int, hidden: Collection[str]
) -> list[tuple[tuple[str, ...], _Stage]]:
    """The stages to show, each with the ids of the changes that lead to it."""
    shown: list[tuple[tuple[str, ...], _Stage]] = []
    waiting: tuple[str, ...] = ()
    for stage in stages:
        few = shown and _is_too_small(_moves(shown[-1][1], stage), smallest_move)
        if few or stage.id in hidden:
            waiting = (*waiting, stage.id)
            continue
        shown.append(((*waiting, stage.id), stage))
        waiting = ()
    # The chain must end at the last definition: what is left over joins the steps before it.
    while waiting and len(shown) > 1:
        changes, _ = shown.pop()
        waiting = (*changes, *waiting)
        if not _is_too_small(_moves(shown[-1][1], stages[-1]), smallest_move):
            shown.append((waiting, stages[-1]))
            waiting = ()
    return shown


def _is_too_small(moves: tuple[int, int, int, int], smallest_move: int) -> bool:
    return any(0 < move < smallest_move for move in moves)


def _moves(before: _Stage, after: _Stage) -> tuple[int, int, int, int]:
    return (
        int((before.among & ~after.among).sum()),
        int((~before.among & after.among).sum()),
        int((before.counted & ~after.counted).sum()),
        int((~before.counted & after.counted).sum()),
    )


def _step(changes: tuple[str, ...], before: _Stage | None, after: _Stage) -> Step:
    share = proportion(events=int(after.counted.sum()), n=int(after.among.sum()))
    if before is None:
        return Step(changes=changes, estimate=share)
    left, joined, lost, gained = moves = _moves(before, after)
    with_moves = Estimate(
        **{
            **{name: getattr(share, name) for name in share.__slots__},
            "cells": (*share.cells, *moves),
        }
    )
    return Step(
        changes=changes, estimate=with_moves, left=left, joined=joined, lost=lost, gained=gained
    )


def _stage(records: pd.DataFrame, measure: Measure) -> _Stage:
    among = holds(measure.at_risk, records)
    return _Stage(measure.id, among, among & holds(measure.rule, records))
