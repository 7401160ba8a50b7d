"""Frames of counts that an author hands over, counted anew from the persons they are of."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from evalkit.answers.measures import OTHER, TOTAL
from evalkit.answers.own_persons import Refused, Whom, is_public, require_written
from evalkit.results import CountTable, Members
from evalkit.results.answers import OUTSIDE

_MARGIN = "All"  # what pandas calls the sums of a cross-table
_MOST_DIMENSIONS = 2


def counted_frame(frame: pd.DataFrame | pd.Series[Any], whom: Whom) -> tuple[CountTable, Members]:
    """Persons by one or two columns, as a table with its sums, and who is in which cell.

    Levels of few persons that only the register names are counted together: their very names
    could point somebody out.
    """
    claimed = _as_counts(frame, whom.study.persons.columns)
    names = [str(name) for name in claimed.index.names]
    values = [_values(name, whom) for name in names]
    for level, n in claimed.items():
        key = level if isinstance(level, tuple) else (level,)
        same = [column == str(part) for column, part in zip(values, key, strict=True)]
        if int((whom.everyone & np.logical_and.reduce(same)).sum()) != n:
            raise Refused("counts")
    shown = [_levels(claimed.index.get_level_values(i), values[i], names[i], whom)
             for i in range(len(names))]  # fmt: skip
    keys = tuple(product(*(levels for levels, _ in shown)))
    cells = np.full(len(whom.everyone), OUTSIDE, dtype=np.int64)
    for place, key in enumerate(keys):
        inside = [column == part for (_, column), part in zip(shown, key, strict=True)]
        cells[whom.everyone & np.logical_and.reduce(inside)] = place
    members = Members(cells=cells, keys=keys)
    return CountTable(counts=_with_sums(names, members), dimensions=tuple(names)), members


def _as_counts(frame: pd.DataFrame | pd.Series[Any], columns: pd.Index[str]) -> pd.Series[Any]:
    """A cross-table, or a tidy frame of counts, as one series of whole numbers."""
    counts: Any = frame
    if isinstance(frame, pd.DataFrame):
        keys = [name for name in frame.columns if name in columns]
        if keys and len(keys) == len(frame.columns) - 1:
            counts = frame.set_index(keys).iloc[:, 0]
        elif frame.columns.name is None and len(frame.columns) == 1:
            counts = frame.iloc[:, 0]
        else:
            counts = frame.stack()
    counts = counts.dropna()
    index = counts.index
    is_named = None not in index.names and len({*index.names}) == index.nlevels
    if not is_named or index.nlevels > _MOST_DIMENSIONS or index.has_duplicates:
        raise Refused("no_counts")
    is_sum = [index.get_level_values(name).astype(str) == _MARGIN for name in index.names]
    counts = counts[~np.logical_or.reduce(is_sum)]
    is_number = pd.api.types.is_numeric_dtype(counts) and not pd.api.types.is_bool_dtype(counts)
    if counts.empty or not is_number or (counts != counts.round()).any():
        raise Refused("no_counts")
    whole: pd.Series[Any] = counts.astype("int64")
    return whole


def _values(name: str, whom: Whom) -> np.ndarray:
    """The level of each person by the column that an axis of the frame is named after."""
    given = {str(one.name): one for one in whom.others}
    if name in given:
        require_written(name)
        return given[name].astype(str).to_numpy(dtype=object)
    if name == whom.dimension and whom.groups is not None:
        return whom.groups
    if name not in whom.study.persons.columns:
        raise Refused("column")
    return whom.study.persons[name].astype(str).to_numpy(dtype=object)


def _levels(
    claimed: pd.Index[Any], values: np.ndarray, name: str, whom: Whom
) -> tuple[tuple[str, ...], np.ndarray]:
    """The printed levels in the frame's order, and each person's, rare ones together."""
    levels = list(dict.fromkeys(map(str, claimed)))
    rare = [
        level
        for level in levels
        if int((whom.everyone & (values == level)).sum()) < whom.study.rule.threshold
        and not is_public(whom.study, name, level)
    ]
    named = np.where(np.isin(values, rare), OTHER, values) if rare else values
    kept = [level for level in levels if level not in (*rare, OTHER)]
    return (*kept, *([OTHER] * bool(rare or OTHER in levels))), named.astype(object)


def _with_sums(names: list[str], members: Members) -> pd.DataFrame:
    """One row per cell, and the sums that a reader could make."""
    counts = pd.DataFrame(list(members.keys), columns=names)
    counts["n"], counts["is_margin"] = members.counts, False
    sums = [counts[["n"]].sum().to_frame().T.assign(**dict.fromkeys(names, TOTAL))]
    if len(names) == _MOST_DIMENSIONS:
        down, across = names
        by = {one: counts.groupby(one, sort=False, as_index=False)["n"].sum() for one in names}
        sums = [by[down].assign(**{across: TOTAL}), by[across].assign(**{down: TOTAL}), *sums]
    margins = pd.concat(sums)[[*names, "n"]].assign(is_margin=True)
    whole = pd.concat([counts, margins], ignore_index=True)
    return whole.assign(is_withheld=False)
