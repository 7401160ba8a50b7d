"""Checks spells at the edge, so that counting can trust them; errors say where, never what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from evalkit.results import CannotBeComputed
from evalkit.statistics.time_to_event.event_counts import CHUNK_ROWS, Spells

POSITIONS_SHOWN = 10
MOST_LABELS_COUNTED = 1_000


def checked_spells(
    days: npt.ArrayLike,
    causes: npt.ArrayLike,
    *,
    n_causes: int,
    groups: npt.ArrayLike | None,
    group_names: Sequence[str] | None,
    entry: npt.ArrayLike | None,
    weights: npt.ArrayLike | None,
) -> Spells:
    """The arguments of `event_table` as plain arrays of one length, every rule checked."""
    named = str(getattr(days, "name", None) or "days")  # of a frame: its column
    times = _numbers(days, named)
    given = {"causes": causes, "groups": groups, "entry": entry, "weights": weights}
    _refuse_other_rows(days, given)
    if not len(times):
        raise CannotBeComputed("no_persons")
    _refuse(~np.isfinite(times) if times.dtype.kind == "f" else None, named, "missing")
    if times.min() < 0:
        _refuse(times < 0, named, "negative")
    codes = _cause_codes(causes, len(times), n_causes)
    group_codes, names = _group_codes(groups, group_names, len(times))
    return Spells(
        days=times,
        causes=codes,
        n_causes=n_causes,
        groups=group_codes,
        group_names=names,
        entry=_entry(entry, times),
        weights=_weights(weights, len(times)),
    )


def _numbers(values: npt.ArrayLike, argument: str) -> np.ndarray:
    array = _plain(values, argument)
    if array.dtype.kind not in "iuf":
        raise ValueError(f"{argument}: expected numbers, got {array.dtype}")
    return array


def _plain(values: Any, argument: str) -> np.ndarray:
    """A one-dimensional array; nullable numbers become floats with NaN where missing."""
    dtype = getattr(values, "dtype", None)
    if dtype is not None and not isinstance(dtype, np.dtype) and dtype.kind in "iufb":
        has_gaps = bool(values.isna().any())
        values = values.to_numpy(dtype=float, na_value=np.nan) if has_gaps else values.to_numpy()
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"{argument}: expected one dimension, got {array.ndim}")
    return array


def _refuse_other_rows(days: Any, others: dict[str, Any]) -> None:
    """Columns are matched by position: two columns of frames must label their rows alike."""
    import pandas as pd

    for argument, values in others.items():
        both_labelled = isinstance(days, pd.Series) and isinstance(values, pd.Series)
        if both_labelled and len(values) == len(days) and not values.index.equals(days.index):
            raise ValueError(f"{argument}: its rows are labelled otherwise than those of days")


def _same_length(array: np.ndarray, n: int, argument: str) -> np.ndarray:
    if len(array) != n:
        raise ValueError(f"{argument}: expected {n} values as in days, got {len(array)}")
    return array


def _refuse(is_bad: np.ndarray | None, argument: str, fault: str) -> None:
    if is_bad is None or not is_bad.any():
        return
    where = np.flatnonzero(is_bad)
    shown = ", ".join(map(str, where[:POSITIONS_SHOWN]))
    more = f" and {len(where) - POSITIONS_SHOWN} more" if len(where) > POSITIONS_SHOWN else ""
    raise ValueError(f"{argument}: {fault} at positions {shown}{more} (counted from 0)")


def _cause_codes(causes: npt.ArrayLike, n: int, n_causes: int) -> np.ndarray:
    codes = _same_length(_plain(causes, "causes"), n, "causes")
    if n_causes < 1:
        raise ValueError("cause_names: expected at least one way to leave")
    if codes.dtype.kind not in "iufb":
        raise ValueError(f"causes: expected whole numbers 0…{n_causes}, got {codes.dtype}")
    if codes.dtype.kind == "f":
        _refuse(~np.isfinite(codes), "causes", "missing")
        _refuse(codes != np.floor(codes), "causes", "not a whole number")
        codes = codes.astype(np.int64)
    if codes.dtype.kind == "b":
        codes = codes.view(np.uint8)
    if _any_outside(codes, n_causes):
        _refuse((codes < 0) | (codes > n_causes), "causes", f"outside 0…{n_causes}")
    return codes


def _any_outside(codes: np.ndarray, largest: int) -> bool:
    """Whether a whole number is negative or too large; unsigned, both are: one pass."""
    return int(codes.view(codes.dtype.str.replace("i", "u")).max()) > largest


def _group_codes(
    groups: npt.ArrayLike | None, group_names: Sequence[str] | None, n: int
) -> tuple[np.ndarray | None, tuple[str, ...]]:
    if groups is None:
        if group_names is not None:
            raise ValueError("group_names: given without groups")
        return None, ("",)
    if group_names is not None:
        return _given_codes(groups, tuple(map(str, group_names)), n)
    return _labelled_codes(groups, n)


def _given_codes(
    groups: npt.ArrayLike, names: tuple[str, ...], n: int
) -> tuple[np.ndarray, tuple[str, ...]]:
    codes = _same_length(_plain(groups, "groups"), n, "groups")
    if codes.dtype.kind not in "iu":
        raise ValueError("groups: expected whole-number codes when group_names is given")
    if len(set(names)) != len(names):
        raise ValueError("group_names: the same name twice")
    if _any_outside(codes, len(names) - 1):
        bad = (codes < 0) | (codes >= len(names))
        _refuse(bad, "groups", f"outside the {len(names)} codes of group_names")
    return codes, names


def _labelled_codes(groups: npt.ArrayLike, n: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Labels as codes into their printed names, sorted; a categorical keeps its order."""
    import pandas as pd

    dtype = getattr(groups, "dtype", None)
    if isinstance(dtype, pd.CategoricalDtype):
        labels = pd.Series(groups).cat.remove_unused_categories().cat
        found, levels = labels.codes.to_numpy(), list(labels.categories)
    else:
        # A text column of a frame is numbered as it stands: five times faster than as objects.
        is_column = isinstance(dtype, pd.api.extensions.ExtensionDtype)
        values: Any = pd.Series(groups).array if is_column else _as_labels(groups)
        found, levels = _numbered(values)
    codes = _same_length(np.asarray(found), n, "groups")
    _refuse(codes < 0 if codes.min() < 0 else None, "groups", "missing")
    return codes, tuple(_printed(level) for level in levels)


def _as_labels(labels: npt.ArrayLike) -> np.ndarray:
    """An array in which a missing label is still missing: NumPy alone writes it "nan"."""
    array = np.asarray(labels)
    if array.ndim != 1:
        raise ValueError(f"groups: expected one dimension, got {array.ndim}")
    is_written_out = array.dtype.kind == "U" and not isinstance(labels, np.ndarray)
    return np.asarray(labels, dtype=object) if is_written_out else array


def _numbered(values: Any) -> tuple[np.ndarray, list[Any]]:
    """Codes of sorted labels; labels that already are 0, 1, … are their own codes, uncopied."""
    import pandas as pd

    if isinstance(values, np.ndarray) and values.dtype.kind in "iu" and len(values):
        is_short = not _any_outside(values, MOST_LABELS_COUNTED - 1)
        if is_short and bool(_occurs(values).all()):
            return values, list(range(int(values.max()) + 1))
    codes, levels = pd.factorize(values, sort=True)
    return codes, list(levels)


def _occurs(codes: np.ndarray) -> np.ndarray:
    """Whether each of 0, 1, … occurs; in chunks, since counting copies other types than its own."""
    occurs = np.zeros(int(codes.max()) + 1, dtype=bool)
    for start in range(0, len(codes), CHUNK_ROWS):
        occurs |= np.bincount(codes[start : start + CHUNK_ROWS], minlength=len(occurs)) > 0
        if occurs.all():
            break
    return occurs


def _printed(level: object) -> str:
    """Whole numbers read as floats print without their decimal point."""
    is_whole = isinstance(level, float | np.floating) and float(level).is_integer()
    return str(int(level)) if is_whole else str(level)  # type: ignore[call-overload]


def _entry(entry: npt.ArrayLike | None, days: np.ndarray) -> np.ndarray | None:
    if entry is None:
        return None
    start = _same_length(_numbers(entry, "entry"), len(days), "entry")
    _refuse(~np.isfinite(start) if start.dtype.kind == "f" else None, "entry", "missing")
    # Someone there from the outset (0 or less) may leave on day 0; a delayed entry may not.
    _refuse((start >= days) & (start > 0), "entry", "not before days (the exit)")
    return start


def _weights(weights: npt.ArrayLike | None, n: int) -> np.ndarray | None:
    if weights is None:
        return None
    array = _same_length(_numbers(weights, "weights"), n, "weights")
    _refuse(~np.isfinite(array) if array.dtype.kind == "f" else None, "weights", "missing")
    _refuse(array <= 0, "weights", "not above 0")
    return array
