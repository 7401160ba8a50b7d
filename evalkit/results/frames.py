"""Results as tidy frames: one row per figure, field names as columns, numbers in the cells.

What only disclosure control reads (``cells``, ``members``) stays out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from evalkit.results.claims import FeasibleCounts
from evalkit.results.comparisons import Overlap
from evalkit.results.curves import EventTable
from evalkit.results.estimates import Released
from evalkit.results.states import StateCurves

Row = dict[str, Any]
_WHOLE = (tuple, np.ndarray, pd.DataFrame)
_EVIDENCE = frozenset({"cells", "members", "reference_cells"})
# The rows that the result is about, where it holds other parts too.
_ROWS = {
    "Balance": "rows",
    "EventStudy": "differences",
    "Funnel": "points",
    "GroupFlow": "steps",
    "Regression": "coefficients",
    "SegmentedTrend": "changes",
    "Society": "rows",
}


def frame_of(result: Any) -> pd.DataFrame:
    """A result, or a list of results, as a tidy frame.

    A result of several parts has one row per part, named in ``part``; one whose figures are a
    table already (`Curve`, `CountTable`) gives a copy of that.
    """
    if isinstance(result, Released):
        return frame_of(result.result)
    if isinstance(result, tuple | list):
        return _of_list(result)
    for shape, make in _MADE.items():
        if isinstance(result, shape):
            return make(result)
    name = _ROWS.get(type(result).__name__)
    if name is not None:
        return _of_list(getattr(result, name))
    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        if isinstance(value, pd.DataFrame):
            return value.copy()
    return _frame(_rows(result))


def _of_list(results: Iterable[Any]) -> pd.DataFrame:
    listed = list(results)
    kinds = {type(one) for one in listed}
    rows: list[Row] = []
    for one in listed:
        first = {"result": type(one).__name__} if len(kinds) > 1 else {}
        rows += [{**first, **row} for row in _rows(one)]
    return _frame(rows)


def _frame(rows: list[Row]) -> pd.DataFrame:
    """Columns that are empty throughout, as the group of everyone, are left out."""
    frame = pd.DataFrame(rows)
    blank = frame.isna() | (frame == "")
    empty = [name for name in frame.columns if len(frame) and blank[name].all()]
    return frame.drop(columns=empty) if len(empty) < len(frame.columns) else frame


def _rows(result: Any) -> list[Row]:
    """Own figures beside each part's; where both have a name, own figures are a row of theirs."""
    own: Row = {}
    parts: list[tuple[str, Any]] = []
    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        held = _parts(value)
        parts += [(field.name, one) for one in held]
        if not held and field.name not in _EVIDENCE and not isinstance(value, _WHOLE):
            own[field.name] = value
    if not parts:
        return [own]
    is_one = len(parts) == 1
    rows = [
        {**({} if is_one else {"part": _joined(name, row)}), **row}
        for name, part in parts
        for row in _rows(part)
    ]
    taken = {name for row in rows for name in row}
    apart = {name: value for name, value in own.items() if name in taken}
    beside = {name: value for name, value in own.items() if name not in taken}
    if apart:
        rows = [*rows, {"part": type(result).__name__, **apart}]
    return [{**row, **beside} for row in rows]


@dataclasses.dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a mapping as a row."""

    name: str
    value: Any


def _parts(value: Any) -> list[Any]:
    """The results that a field holds."""
    if dataclasses.is_dataclass(value):
        return [value]
    if isinstance(value, Mapping):
        return [_Entry(str(key), one) for key, one in value.items()]
    is_rows = isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0])
    return list(value) if is_rows else []


def _joined(name: str, row: Row) -> str:
    inner = row.pop("part", "")
    return f"{name}.{inner}" if inner else name


def _events(table: EventTable) -> pd.DataFrame:
    """One row per group, day and exit; ``""`` are those last seen still waiting."""
    parts = []
    for g, group in enumerate(table.groups):
        for cause, counts in [
            *((name, table.left[g, :, c]) for c, name in enumerate(table.causes)),
            ("", table.censored[g]),
        ]:
            part = pd.DataFrame({"day": table.times, "persons": counts})
            parts.append(part.assign(group=group, cause=cause))
    whole = pd.concat(parts, ignore_index=True)[["group", "cause", "day", "persons"]]
    return whole[whole["persons"] > 0].reset_index(drop=True)


def _states(curves: StateCurves) -> pd.DataFrame:
    n_days, n_states = curves.shares.shape
    return pd.DataFrame(
        {
            "day": np.repeat(curves.days, n_states),
            "state": np.tile(np.array(curves.states), n_days),
            "share": curves.shares.ravel(),
            "standard_error": curves.standard_errors.ravel(),
            "followed": np.repeat(curves.followed, n_states),
        }
    )


def _overlap(overlap: Overlap) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "propensity_from": overlap.edges[:-1],
            "propensity_to": overlap.edges[1:],
            "treated": pd.array(list(overlap.treated), dtype="Int64"),
            "control": pd.array(list(overlap.control), dtype="Int64"),
        }
    )


def _counts(possible: FeasibleCounts) -> pd.DataFrame:
    return pd.DataFrame(list(possible.counts), columns=["k", "n"])


_MADE: dict[type, Callable[[Any], pd.DataFrame]] = {
    EventTable: _events,
    StateCurves: _states,
    Overlap: _overlap,
    FeasibleCounts: _counts,
}
