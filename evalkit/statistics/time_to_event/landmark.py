"""Landmark analysis: compare by what was known on a day, from that day on.

Persons who received a measure had to stay long enough to receive it; comparing them from the
start with those who did not gives them that time for free (immortal time). From a landmark
on, only those still waiting count and groups are fixed by what had happened by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalkit.results import CannotBeComputed, EventTable
from evalkit.statistics.time_to_event.event_table import event_table


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkTable:
    """Counts from the landmark on, and how many were already gone or out of sight by then."""

    table: EventTable
    landmark: float
    left_before: int
    censored_before: int


def landmark_table(
    days: npt.ArrayLike,
    causes: npt.ArrayLike,
    *,
    landmark: float,
    exposed_on: npt.ArrayLike,
    cause_names: Sequence[str],
    group_names: tuple[str, str] = ("not_exposed", "exposed"),
) -> LandmarkTable:
    """The event table from the landmark on, grouped by whether the measure had begun by then.

    Anderson, Cain & Gelber (1983, J Clin Oncol 1:710). Days are counted from the landmark;
    who begins the measure later stays in the first group.

    Args:
        days: Days from the start of the clock to exit or last sight.
        causes: 0 while still waiting, i for leaving by ``cause_names[i − 1]``.
        landmark: The day from which is compared; fixed before the data are seen.
        exposed_on: Day the measure began; NaN or inf when it never did.
        cause_names: Names of the ways to leave.
        group_names: Not begun and begun by the landmark.

    Raises:
        ValueError: If the landmark is negative or not finite; as `event_table`.
        CannotBeComputed: ``no_persons`` when nobody is still waiting after the landmark.

    Edge cases: a person leaving on the landmark day itself is gone; a measure that began on
    the landmark day counts as begun.

    >>> found = landmark_table(
    ...     [10, 40, 60, 90], [1, 1, 0, 1], landmark=30, exposed_on=[5, 20, 50, float("nan")],
    ...     cause_names=["work"],
    ... )
    >>> found.left_before, found.table.persons.tolist()
    (1, [2, 1])
    """
    if not (np.isfinite(landmark) and landmark >= 0):
        raise ValueError("landmark: expected a number of days from 0")
    last, kind = np.asarray(days), np.asarray(causes)
    began = np.asarray(exposed_on, dtype=float)
    if not last.shape == kind.shape == began.shape:
        raise ValueError("exposed_on: expected as many values as in days and causes")
    event_table(last, kind, cause_names=cause_names)  # refuses bad rows anywhere, not only later
    waiting = last > landmark
    if not waiting.any():
        raise CannotBeComputed("no_persons")
    exposed = np.nan_to_num(began, nan=np.inf) <= landmark
    table = event_table(
        last[waiting] - landmark,
        kind[waiting],
        cause_names=cause_names,
        groups=exposed[waiting].astype(np.int8),
        group_names=group_names,
    )
    return LandmarkTable(
        table=table,
        landmark=float(landmark),
        left_before=int((~waiting & (kind > 0)).sum()),
        censored_before=int((~waiting & (kind == 0)).sum()),
    )
