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
from evalkit.statistics.time_to_event.event_counts import count_spells
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


def require_table(given: object) -> None:
    """Refuse what is no event table where estimates begin: most often a frame of persons.

    Raises:
        TypeError: Saying how to make one.
    """
    if not isinstance(given, EventTable):
        raise TypeError(
            f"expected an event table, found {type(given).__name__}: study.events(by=…), "
            "events_of(frame, duration=…, exit=…, by=…), or a curve straight from a frame: "
            "kaplan_meier(frame, duration=…, exit=…), aalen_johansen(…)"
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
