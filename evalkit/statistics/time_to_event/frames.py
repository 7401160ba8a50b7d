"""Curves straight from a frame of persons, its columns named as lifelines' users expect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from evalkit.options import check_option, nearest
from evalkit.results import Curve, EventTable
from evalkit.statistics.time_to_event import competing_risks, survival
from evalkit.statistics.time_to_event.curve_steps import IntervalScale
from evalkit.statistics.time_to_event.event_table import event_table, require_table

WAITING = ("", "ongoing")
ONE_EXIT = "any"
_MOST_EXITS = 20


def events_of(
    persons: pd.DataFrame,
    *,
    duration: str,
    exit: str,  # noqa: A002 - the register's word, and the project's
    by: str | None = None,
    waiting: str | Sequence[str] = WAITING,
) -> EventTable:
    """Counts per group, day and way to leave, from one row per person.

    Args:
        persons: One row per person.
        duration: Column of days from the start to the exit, or to when the person was last
            seen; a column of time differences is read as days.
        exit: Column of how the person left: words, one for each way; or yes and no.
        by: Column of the group; everyone together when left out.
        waiting: The words in ``exit`` of those who have not left; a missing one always is.

    Raises:
        ValueError: For a column that the frame lacks, days that are missing or negative, codes
            in place of words, or a group that is missing: by column and position.
        CannotBeComputed: ``no_persons`` without a single row.

    >>> frame = pd.DataFrame({"days": [3, 5, 5], "reason": ["work", "studies", None]})
    >>> events_of(frame, duration="days", exit="reason")
    EventTable(3 persons; studies, work, days 3–5)
    """
    if not isinstance(persons, pd.DataFrame):
        raise TypeError(f"expected a frame of persons, found {type(persons).__name__}")
    days, exits = _column(persons, duration, "duration"), _column(persons, exit, "exit")
    codes, causes = _exits(exits, [waiting] if isinstance(waiting, str) else list(waiting))
    groups = None if by is None else _column(persons, by, "by")
    if groups is not None and groups.isna().any():
        missing = int(groups.isna().sum())
        raise ValueError(f"by: {missing} rows have no {by}; leave them out, or give them a word")
    if pd.api.types.is_timedelta64_dtype(days):
        days = days.dt.days
    return event_table(days, codes, cause_names=causes, groups=groups)


def kaplan_meier(
    data: EventTable | pd.DataFrame,
    *,
    duration: str = "",
    exit: str = "",  # noqa: A002
    by: str | None = None,
    waiting: str | Sequence[str] = WAITING,
    causes: Sequence[str] | None = None,
    confidence_level: float = 0.95,
    interval: IntervalScale = "log-log",
    measure: Literal["share_exited", "survival"] = "share_exited",
) -> Curve:
    """The share that has left by each day, with those still waiting counted in.

    Kaplan & Meier (1958). Leaving in any way counts; for the share that leaves in one of
    several ways write `aalen_johansen`.

    Args:
        data: ``study.events(…)``, or a frame with one row per person.
        duration: Of a frame: its column of days; see `events_of` for all four.
        exit: Its column of how the person left.
        by: Its column of the group.
        waiting: Words of those who have not left.
        causes: Ways to leave that are the event; leaving by others is then censoring, and the
            curve is of hazards, no share of the persons.
        confidence_level: 0.95 for pointwise 95 % intervals.
        interval: Scale of the interval.
        measure: ``share_exited`` is 1 − S.

    Raises:
        ValueError: For an unknown column, cause, interval or confidence level.

    >>> frame = pd.DataFrame({"days": [3, 5, 5, 8], "left": [True, False, True, False]})
    >>> kaplan_meier(frame, duration="days", exit="left").steps["value"].tolist()
    [0.25, 0.5, 0.5]
    """
    check_option("interval", interval, IntervalScale)
    check_option("measure", measure, Literal["share_exited", "survival"])
    return survival.kaplan_meier(
        _counted(data, duration, exit, by, waiting),
        causes=causes,
        confidence_level=confidence_level,
        interval=interval,
        measure=measure,
    )


def aalen_johansen(
    data: EventTable | pd.DataFrame,
    *,
    duration: str = "",
    exit: str = "",  # noqa: A002
    by: str | None = None,
    waiting: str | Sequence[str] = WAITING,
    confidence_level: float = 0.95,
    interval: IntervalScale = "log-log",
) -> Curve:
    """The share that has left in each of several ways by each day (Aalen & Johansen 1978).

    Args:
        data: ``study.events(…)``, or a frame with one row per person.
        duration: Of a frame: its column of days; see `events_of` for all four.
        exit: Its column of how the person left.
        by: Its column of the group.
        waiting: Words of those who have not left.
        confidence_level: 0.95 for pointwise 95 % intervals.
        interval: Scale of the interval.

    Raises:
        ValueError: For an unknown column, interval or confidence level.

    >>> frame = pd.DataFrame({"days": [1, 2, 3, 4], "reason": ["work", "studies", "", "work"]})
    >>> curve = aalen_johansen(frame, duration="days", exit="reason")
    >>> curve.steps.query("cause == 'work'")["value"].tolist()
    [0.25, 0.25, 0.25, 0.75]
    """
    check_option("interval", interval, IntervalScale)
    return competing_risks.cumulative_incidence(
        _counted(data, duration, exit, by, waiting),
        confidence_level=confidence_level,
        interval=interval,
    )


def _counted(
    data: EventTable | pd.DataFrame,
    duration: str,
    leaving: str,
    by: str | None,
    waiting: str | Sequence[str],
) -> EventTable:
    if isinstance(data, EventTable):
        if duration or leaving or by is not None:
            raise ValueError("duration, exit and by name columns of a frame, not of counts")
        return data
    if not isinstance(data, pd.DataFrame) or not (duration and leaving):
        require_table(data)
    assert isinstance(data, pd.DataFrame)
    return events_of(data, duration=duration, exit=leaving, by=by, waiting=waiting)


def _column(frame: pd.DataFrame, name: str, argument: str) -> pd.Series:
    if name not in frame.columns:
        raise ValueError(
            f"{argument}: the frame has no column {name!r}{nearest(name, map(str, frame.columns))}"
        )
    return frame[name]


def _exits(exits: pd.Series, waiting: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """0 for those waiting and 1, 2 … for the ways to leave, with their words."""
    is_yes_or_no = set(exits.dropna().unique()) <= {0, 1}
    if is_yes_or_no:
        return exits.fillna(0).astype(np.int64).to_numpy(), [ONE_EXIT]
    if pd.api.types.is_numeric_dtype(exits) or pd.api.types.is_datetime64_any_dtype(exits):
        raise ValueError(
            f"exit: expected words for the ways to leave, or yes and no, found {exits.dtype}"
        )
    words = exits.astype("str").str.strip().where(exits.notna(), "")
    left = ~words.isin([*waiting, ""])
    causes = sorted(words[left].unique())
    if len(causes) > _MOST_EXITS:
        raise ValueError(f"exit: {len(causes)} different words; group them into a few ways first")
    codes = pd.Index(causes).get_indexer(pd.Index(words)) + 1
    return np.where(left, codes, 0), list(causes) or [ONE_EXIT]
