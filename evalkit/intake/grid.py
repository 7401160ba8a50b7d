"""A sheet as text: every cell a string, every row at the number the spreadsheet shows."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evalkit.results import Finding

ERROR_CELL = "#ERROR"
_SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """All cells of one sheet or file.

    Attributes:
        file: Name to print in messages.
        cells: ``(rows, columns)`` object array of trimmed strings, ``""`` where empty. Row
            ``i`` is row ``i + 1`` of the spreadsheet. A formula without a stored value and
            an error value (#N/A) are ``ERROR_CELL``: they must not pass for an empty cell.
        hidden_rows, error_rows, formula_rows, merged_rows: Row numbers where the spreadsheet
            hides a row, holds an error value, lost a formula's value, merges cells.
        findings: What was noticed while reading the file itself.
    """

    file: str
    cells: np.ndarray
    hidden_rows: frozenset[int] = frozenset()
    error_rows: frozenset[int] = frozenset()
    formula_rows: frozenset[int] = frozenset()
    merged_rows: frozenset[int] = frozenset()
    findings: tuple[Finding, ...] = ()


def cell_text(value: object) -> str:
    """A cell's value as text: whole floats without a decimal, dates as ISO.

    >>> cell_text(197802022389.0), cell_text(dt.datetime(2018, 2, 1)), cell_text(None)
    ('197802022389', '2018-02-01', '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.timedelta):
        return _float_text(value.total_seconds() / _SECONDS_PER_HOUR)
    return str(value).strip()


def _known_text(value: object, known: dict[tuple[type, object], str]) -> str:
    key = (type(value), value)
    text = known.get(key)
    if text is None:
        text = known[key] = cell_text(value)
    return text


def _float_text(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() else repr(value)


def text_cells(rows: Sequence[Sequence[object]]) -> np.ndarray:
    """Rows of cells, possibly of unequal length, as a rectangular array of strings."""
    width = max((len(row) for row in rows), default=0)
    cells = np.full((len(rows), width), "", dtype=object)
    # Dates and numbers recur; the type is part of the key because 1 == 1.0 == True.
    known: dict[tuple[type, object], str] = {}
    for index, row in enumerate(rows):
        cells[index, : len(row)] = [
            cell.strip() if type(cell) is str else _known_text(cell, known) for cell in row
        ]
    return cells
