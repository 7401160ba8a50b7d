"""Durations → the event table: the one counting pass every nonparametric estimate rests on.

Durations in a register are whole days, so counts per group, day and cause hold everything
the estimates need; after this pass they are arithmetic on a table of some thousand rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from evalkit.results import EventTable
from evalkit.statistics.time_to_event.event_counts import Spells, count_spells
from evalkit.statistics.time_to_event.event_input import checked_spells


def event_table(
    days: npt.ArrayLike,
    causes: npt.ArrayLike,
    *,
    cause_names: Sequence[str],
    groups: npt.ArrayLike | None = None,
    group_names: Sequence[str] | None = None,
    entry: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
) -> EventTable:
    """Counts per group, day and cause, from one row per spell.

    A person is at risk at day t when entry < t ≤ days: a person entering on the day another
    leaves was not there to leave. Events precede censorings on the same day. Fractional
    times that differ only by rounding are one time (Therneau's ``aeqSurv``, tolerance √ε).

    Args:
        days: Days from the start of the clock to exit or last sight, one per spell, ≥ 0.
        causes: 0 while still waiting (censored), i for leaving by ``cause_names[i − 1]``.
        cause_names: Names of the ways to leave, the outcome of interest first.
        groups: Label of the group per spell, or whole-number codes into ``group_names``.
        group_names: Printed levels; with it, ``groups`` are codes 0, 1, … and empty groups
            stay in the table. Without it levels are sorted (a categorical keeps its order).
        entry: Days from the start of the clock until the person came under observation
            (left truncation); 0 or less is no delay.
        weights: Weight per spell, > 0: how many persons it stands for.

    Raises:
        ValueError: For missing or negative days, an unknown cause or group, an entry not
            before its exit or a weight not above 0: names the argument and the positions.
        CannotBeComputed: ``no_persons`` without a single row.

    Edge cases: an exit on day 0 counts; a group may lack events altogether.

    >>> table = event_table([3, 5, 5, 8], [1, 0, 1, 0], cause_names=["work"])
    >>> table.times.tolist(), table.left[0, :, 0].tolist(), table.censored[0].tolist()
    ([3, 5, 8], [1, 1, 0], [0, 1, 1])
    """
    spells = checked_spells(
        days,
        causes,
        n_causes=len(cause_names),
        groups=groups,
        group_names=group_names,
        entry=entry,
        weights=weights,
    )
    return table_of_spells(spells, cause_names)


def table_of_spells(spells: Spells, cause_names: Sequence[str]) -> EventTable:
    """The table of spells that are already checked."""
    counts = count_spells(spells)
    return EventTable(
        times=counts.times,
        groups=spells.group_names,
        causes=tuple(cause_names),
        started=counts.started,
        entered=counts.entered,
        left=np.ascontiguousarray(np.moveaxis(counts.seen[:, 1:], 1, 2)),
        censored=counts.seen[:, 0],
        persons=counts.persons,
    )


def add_tables(first: EventTable, second: EventTable) -> EventTable:
    """The table of both sets of spells together, as if counted in one pass.

    Lets files, years and authorities be counted apart and pooled without sharing a row.
    Groups are matched by name and kept in order of appearance; times are the union.

    Raises:
        ValueError: If the ways to leave differ, or a table has passed disclosure control
            (sums of rounded counts mean nothing).

    >>> a = event_table([3, 8], [1, 0], cause_names=["work"])
    >>> add_tables(a, a).left[0, :, 0].tolist()
    [2, 0]
    """
    if first.causes != second.causes:
        raise ValueError("second: the ways to leave (causes) differ from those of first")
    if first.protection or second.protection:
        raise ValueError("protected tables cannot be added: add first, protect afterwards")
    groups = tuple(dict.fromkeys(first.groups + second.groups))
    times = np.union1d(first.times, second.times)
    spread = [_spread(table, groups, times) for table in (first, second)]
    names = ("started", "entered", "left", "censored", "persons")
    sums = {name: getattr(spread[0], name) + getattr(spread[1], name) for name in names}
    return replace(spread[0], **sums)


def _spread(table: EventTable, groups: tuple[str, ...], times: np.ndarray) -> EventTable:
    """The same counts on wider axes."""
    rows = np.array([groups.index(name) for name in table.groups])
    columns = np.searchsorted(times, table.times)

    def placed(counts: np.ndarray) -> np.ndarray:
        wide = np.zeros((len(groups), len(times), *counts.shape[2:]), dtype=counts.dtype)
        wide[np.ix_(rows, columns)] = counts
        return wide

    def listed(counts: np.ndarray) -> np.ndarray:
        wide = np.zeros(len(groups), dtype=counts.dtype)
        wide[rows] = counts
        return wide

    return replace(
        table,
        times=times,
        groups=groups,
        started=listed(table.started),
        entered=placed(table.entered),
        left=placed(table.left),
        censored=placed(table.censored),
        persons=listed(table.persons),
    )


def select_groups(table: EventTable, groups: Sequence[str]) -> EventTable:
    """The table of some of the groups, in the order asked for.

    Raises:
        ValueError: If a group is not in the table.

    >>> table = event_table([3, 8], [1, 0], cause_names=["work"], groups=["a", "b"])
    >>> select_groups(table, ["b"]).censored.tolist()
    [[0, 1]]
    """
    rows = _positions(groups, table.groups, "groups")
    return replace(
        table,
        groups=tuple(groups),
        started=table.started[rows],
        entered=table.entered[rows],
        left=table.left[rows],
        censored=table.censored[rows],
        persons=table.persons[rows],
    )


def pool_groups(table: EventTable, *, name: str = "") -> EventTable:
    """Everyone as one group.

    >>> table = event_table([3, 8], [1, 0], cause_names=["work"], groups=["a", "b"])
    >>> pool_groups(table).left[0, :, 0].tolist()
    [1, 0]
    """
    names = ("started", "entered", "left", "censored", "persons")
    sums = {field: getattr(table, field).sum(axis=0, keepdims=True) for field in names}
    return replace(table, groups=(name,), **sums)


def select_causes(table: EventTable, causes: Sequence[str]) -> EventTable:
    """Only some ways to leave count as events; leaving by the others becomes censoring.

    Right for hazards and log-rank tests of those causes. As a *share* it answers what would
    happen if the other ways out did not exist; for shares use `cumulative_incidence`.

    Raises:
        ValueError: If a cause is not in the table.

    >>> table = event_table([3, 8], [1, 2], cause_names=["work", "studies"])
    >>> select_causes(table, ["studies"]).censored.tolist()
    [[1, 0]]
    """
    columns = _positions(causes, table.causes, "causes")
    kept = table.left[:, :, columns]
    others = table.left.sum(axis=2) - kept.sum(axis=2)
    return replace(table, causes=tuple(causes), left=kept, censored=table.censored + others)


def pool_causes(table: EventTable, causes: Sequence[str], *, name: str) -> EventTable:
    """Several ways to leave counted as one, which takes the first of their places.

    >>> table = event_table([3, 8], [1, 2], cause_names=["work", "studies"])
    >>> pool_causes(table, ["work", "studies"], name="work_or_studies").left[0, :, 0].tolist()
    [1, 1]
    """
    columns = _positions(causes, table.causes, "causes")
    place = min(columns)
    kept = [i for i in range(len(table.causes)) if i not in columns or i == place]
    left = table.left[:, :, kept].copy()
    left[:, :, kept.index(place)] = table.left[:, :, columns].sum(axis=2)
    names = tuple(name if i == place else table.causes[i] for i in kept)
    return replace(table, causes=names, left=left)


def number_at_risk(table: EventTable, days: npt.ArrayLike) -> np.ndarray:
    """Persons at risk on each day, ``(G, len(days))``: entered before it, not gone before it.

    Those leaving *on* the day are counted, as R's ``survfit`` does; the risk table printed
    under a curve.

    >>> table = event_table([3, 5, 5, 8], [1, 0, 1, 0], cause_names=["work"])
    >>> number_at_risk(table, [0, 5, 6, 9]).tolist()
    [[4, 3, 1, 0]]
    """
    gone = np.cumsum(table.left.sum(axis=2) + table.censored - table.entered, axis=1)
    before = np.concatenate([np.zeros_like(gone[:, :1]), gone], axis=1)
    place = np.searchsorted(table.times, np.asarray(days), side="left")
    return without_residue(table.started[:, None] - before[:, place])


def require_table(given: object) -> None:
    """Refuse what is no event table where estimates begin: most often a frame of persons.

    Raises:
        TypeError: Saying how to make one.
    """
    if not isinstance(given, EventTable):
        raise TypeError(
            f"expected an event table, found {type(given).__name__}: study.events(by=…), or "
            "event_table(days, causes, cause_names=…, groups=…)"
        )


def at_risk(table: EventTable) -> np.ndarray:
    """Weight at risk just before each of the table's times, ``(G, T)``.

    Summed from the end, so that weights that are not whole numbers leave no residue: when
    the last person leaves, at risk equals events exactly and survival is exactly 0.
    """
    require_table(table)
    change = table.left.sum(axis=2) + table.censored - table.entered
    still_to_go = np.cumsum(change[:, ::-1], axis=1)[:, ::-1]
    remaining = without_residue(table.started - change.sum(axis=1))
    return without_residue(still_to_go + remaining[:, None])


def without_residue(weights: np.ndarray) -> np.ndarray:
    """Weights with rounding residue of sums set to exactly 0; whole numbers untouched."""
    if weights.dtype.kind != "f" or not weights.size:
        return weights
    scale = max(1.0, float(np.abs(weights).max()))
    return np.where(np.abs(weights) < 1e-9 * scale, 0.0, weights)


def _positions(names: Sequence[str], known: tuple[str, ...], argument: str) -> list[int]:
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise ValueError(f"{argument}: expected some of {', '.join(known)}; got {list(names)}")
    return [known.index(name) for name in names]
