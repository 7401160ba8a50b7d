"""Dated statuses of persons, read once: who was where when, and how long they are followed.

A status holds until the next. A repeated status is no change, and of two on one day the later
row counts. Unknown is a state of its own, so that nothing need be assumed of those it holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.results import CannotBeComputed

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Histories:
    """Statuses in order of person and day, one per person and day.

    Attributes:
        states: Names of the states.
        person: ``(R,)`` position of the person in ``followed``.
        day: ``(R,)`` days since the start of the clock.
        state: ``(R,)`` position of the status in ``states``.
        followed: ``(n,)`` last day each person is followed.
    """

    states: tuple[str, ...]
    person: np.ndarray
    day: np.ndarray
    state: np.ndarray
    followed: np.ndarray

    @property
    def n(self) -> int:
        return len(self.followed)

    @property
    def first(self) -> np.ndarray:
        """``(n,)`` each person's status on day 0."""
        return self.at(np.zeros(self.n))[0]

    def at(self, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Each person's last status dated no later than a day of their own, and its date."""
        rows = np.flatnonzero(self.day <= days[self.person])
        last = np.full(self.n, -1)
        last[self.person[rows]] = rows  # rows are in order of days: the last one stays
        return self.state[last], self.day[last]

    def code(self, state: str) -> int:
        """Position of a state.

        Raises:
            ValueError: If there is no such state, naming those there are.
        """
        if state not in self.states:
            raise ValueError(f"state must be one of {', '.join(self.states)}, not {state!r}")
        return self.states.index(state)

    def only(self, chosen: np.ndarray) -> Histories:
        """Some of the persons, by a yes or no for each."""
        place = np.cumsum(chosen) - 1
        kept = chosen[self.person]
        return Histories(
            self.states,
            place[self.person[kept]],
            self.day[kept],
            self.state[kept],
            self.followed[chosen],
        )

    def starting_in(self, state: str) -> Histories:
        """Those whose status on day 0 is ``state``: "of those who left to work"."""
        return self.only(self.first == self.code(state))


def read_histories(
    statuses: pd.DataFrame,
    followed: Mapping[object, float] | pd.Series,
    *,
    states: Sequence[str],
    id_column: str = "id",
    day_column: str = "day",
    status_column: str = "status",
) -> Histories:
    """Reads dated statuses.

    Args:
        statuses: One row per dated status, in the order they were written.
        followed: Person → last day followed, from the cut of the data.
        states: Names of the states, in the order to show them.
        id_column: Column of the person.
        day_column: Column of whole days since the start of the clock.
        status_column: Column of the status.

    Raises:
        ValueError: If a status is not among ``states``, a day is no number, or a status belongs
            to somebody whose follow-up is not given; with the number of rows.
        CannotBeComputed: ``no_persons``; ``status_missing_at_start`` when somebody has no status
            on day 0, with how many.

    Edge cases: statuses dated after a person's follow-up, or before day 0, are left out.
    """
    last_day = pd.Series(followed)
    if last_day.empty:
        raise CannotBeComputed("no_persons")
    person = pd.Index(last_day.index).get_indexer(pd.Index(statuses[id_column]))
    state = pd.Index(list(states)).get_indexer(pd.Index(statuses[status_column]))
    day = statuses[day_column].to_numpy(float)
    for name, bad in (
        (id_column, person < 0),
        (status_column, state < 0),
        (day_column, ~np.isfinite(day)),
    ):
        if bad.any():
            raise ValueError(f"{name}: {int(bad.sum())} rows hold nothing that can be read")
    until = last_day.to_numpy(float)
    kept = (day >= 0) & (day <= until[person])
    order = np.lexsort((np.flatnonzero(kept), day[kept], person[kept]))
    person, day, state = (values[kept][order] for values in (person, day, state))
    is_last = np.append((np.diff(person) != 0) | (np.diff(day) != 0), True)[: len(person)]
    found = Histories(tuple(states), person[is_last], day[is_last], state[is_last], until)
    starts = np.zeros(found.n, dtype=bool)
    starts[found.person[found.day == 0]] = True
    if not starts.all():
        raise CannotBeComputed("status_missing_at_start", n=int((~starts).sum()))
    return found
