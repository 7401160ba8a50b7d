"""Columns of a frame as checked arrays: days, events, entries, weights, strata, clusters.

Everything is checked here, once; the numerical modules trust what they get. A message
names the argument and the row positions (counted from 0), never a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.results import CannotBeComputed

ROWS_IN_A_MESSAGE = 10
TIE_TOLERANCE = 1.5e-8
"""Times closer than this (absolutely, or relative to their mean) are the same time, as R does."""


class RegressionInputError(ValueError):
    """Data that a regression cannot use: which argument, what is wrong, in which rows.

    >>> print(RegressionInputError("days", "negative", rows=[4, 7]))
    days: negative in 2 rows (positions 4, 7)
    """

    def __init__(
        self, argument: str, problem: str, *, rows: Sequence[int] = (), column: str = ""
    ) -> None:
        self.argument = argument
        self.column = column
        self.rows = tuple(int(row) for row in rows)
        shown = ", ".join(str(row) for row in self.rows[:ROWS_IN_A_MESSAGE])
        more = ", …" if len(self.rows) > ROWS_IN_A_MESSAGE else ""
        where = f" in {len(self.rows)} rows (positions {shown}{more})" if self.rows else ""
        super().__init__(f"{argument}: {problem}{where}")


@dataclass(frozen=True, slots=True)
class SurvivalRows:
    """One row per spell: at risk when ``entry < t <= days``.

    Attributes:
        days: Time of leaving or of being last seen.
        event: Whether the row ends with the event.
        entry: Time of coming under observation, ``None`` when everyone is seen from the start.
        strata: Stratum numbers 0, 1 … or ``None``.
        weights: Case weights, or ``None`` for one each.
        clusters: Cluster numbers 0, 1 … or ``None``.
    """

    days: np.ndarray
    event: np.ndarray
    entry: np.ndarray | None = None
    strata: np.ndarray | None = None
    weights: np.ndarray | None = None
    clusters: np.ndarray | None = None

    @property
    def n(self) -> int:
        return len(self.days)


def survival_rows(
    frame: pd.DataFrame,
    *,
    days: str,
    event: str,
    entry: str | None = None,
    strata: str | Sequence[str] | None = None,
    weights: str | None = None,
    cluster: str | None = None,
) -> SurvivalRows:
    """Reads and checks the columns of a survival regression.

    Raises:
        RegressionInputError: If a column is absent, holds missing or impossible values, if
            the event column holds anything but 0/1, or an entry is not before the exit.
    """
    if len(frame) == 0:
        raise RegressionInputError("frame", "has no rows")
    start = None if entry is None else numbers(frame, entry, "entry")
    stop = numbers(frame, days, "days")
    refuse("days", "negative", stop < 0)
    if start is not None:
        refuse("entry", "not before days", start >= stop)
    stop, start = same_times(stop, start)
    return SurvivalRows(
        days=stop,
        event=indicator(frame, event, "event"),
        entry=start,
        strata=None if strata is None else codes(frame, strata, "strata"),
        weights=None if weights is None else case_weights(frame, weights),
        clusters=clusters_of(frame, cluster),
    )


def numbers(frame: pd.DataFrame, name: str, argument: str) -> np.ndarray:
    """A numeric column without missing values, as it is when it is a plain array already."""
    column = existing(frame, name, argument)
    if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)):
        raise RegressionInputError(argument, f"column {name!r} does not hold numbers", column=name)
    if column.isna().any():
        refuse(argument, f"missing value in column {name!r}", column.isna().to_numpy())
    values = column.to_numpy()
    if values.dtype == object or values.dtype.kind == "b":
        values = values.astype(float)
    if values.dtype.kind == "f":
        refuse(argument, f"not a finite number in column {name!r}", ~np.isfinite(values))
    return values


def indicator(frame: pd.DataFrame, name: str, argument: str) -> np.ndarray:
    """A yes/no column as booleans; a code such as 2 is refused, never taken for a yes."""
    values = numbers(frame, name, argument)
    refuse(argument, f"neither 0 nor 1 in column {name!r}", (values != 0) & (values != 1))
    return values.astype(bool)


def case_weights(frame: pd.DataFrame, name: str) -> np.ndarray:
    values = numbers(frame, name, "weights").astype(float)
    refuse("weights", "not positive", values <= 0)
    return values


def codes(frame: pd.DataFrame, names: str | Sequence[str], argument: str) -> np.ndarray:
    """Numbers 0, 1 … for the distinct values of one column, or combinations of several."""
    chosen = [names] if isinstance(names, str) else list(names)
    for name in chosen:
        missing = existing(frame, name, argument).isna().to_numpy()
        refuse(argument, f"missing value in column {name!r}", missing)
    if len(chosen) == 1:
        return pd.factorize(frame[chosen[0]], sort=True)[0]
    return frame.groupby(chosen, sort=True, observed=True).ngroup().to_numpy()


def clusters_of(frame: pd.DataFrame, name: str | None) -> np.ndarray | None:
    """Cluster numbers, or ``None`` without clusters; one cluster says nothing of spread."""
    if name is None:
        return None
    found = codes(frame, name, "cluster")
    if found.max() == 0:
        raise CannotBeComputed("one_cluster")
    return found


def existing(frame: pd.DataFrame, name: str, argument: str) -> pd.Series:
    if name not in frame.columns:
        raise RegressionInputError(argument, f"the frame has no column {name!r}")
    return frame[name]


def same_times(days: np.ndarray, entry: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
    """Times that differ by rounding only are made equal, so that they are ties.

    Whole numbers pass untouched. Follows R's ``aeqSurv`` (Therneau, survival, "tied times").
    """
    given = [days] if entry is None else [days, entry]
    if all(
        values.dtype.kind in "iu" or bool((values == np.rint(values)).all()) for values in given
    ):
        return days, entry
    distinct = np.unique(np.concatenate(given))
    gaps = np.diff(distinct)
    close = (gaps <= TIE_TOLERANCE) | (gaps <= TIE_TOLERANCE * np.abs(distinct).mean())
    if not close.any():
        return days, entry
    kept = distinct[np.concatenate(([True], ~close))]
    merged = [kept[np.searchsorted(kept, values, side="right") - 1] for values in given]
    return merged[0], merged[1] if len(merged) > 1 else None


def refuse(argument: str, problem: str, is_bad: np.ndarray) -> None:
    if is_bad.any():
        raise RegressionInputError(argument, problem, rows=np.flatnonzero(is_bad).tolist())
