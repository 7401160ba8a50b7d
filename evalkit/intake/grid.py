"""A sheet as text: every cell a string, every row at the number the spreadsheet shows."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evalkit.intake.text import clean
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
        counts_from_1904: Numbers that stand for days count from 1904-01-01.
        findings: What was noticed while reading the file itself.
    """

    file: str
    cells: np.ndarray
    hidden_rows: frozenset[int] = frozenset()
    error_rows: frozenset[int] = frozenset()
    formula_rows: frozenset[int] = frozenset()
    merged_rows: frozenset[int] = frozenset()
    counts_from_1904: bool = False
    findings: tuple[Finding, ...] = ()


def cell_text(value: object) -> str:
    """A cell's value as text: whole floats without a decimal, dates as ISO.

    >>> cell_text(197802022389.0), cell_text(dt.datetime(2018, 2, 1)), cell_text(None)
    ('197802022389', '2018-02-01', '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.timedelta):
        return _float_text(value.total_seconds() / _SECONDS_PER_HOUR)
    if isinstance(value, bytes):
        return clean(value.decode("utf-8", "replace"))
    return clean(str(value))


def _float_text(value: float) -> str:
    """A number cell as text.

    Three decimals get a nought behind them: three digits after a mark are what thousands look
    like in text, and a number cell has no marks to doubt.
    """
    if math.isnan(value):
        return ""
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    return f"{text}0" if text[-4:-3] == "." else text


def text_cells(rows: Sequence[Sequence[object]]) -> np.ndarray:
    """Rows of cells, possibly of unequal length, as a rectangular array of strings."""
    width = max((len(row) for row in rows), default=0)
    cells = np.full((len(rows), width), "", dtype=object)
    # Most cells recur. The type is part of a key because 1 == 1.0 == True; of equal texts one
    # is kept, which is what lets a million rows fit.
    known: defaultdict[type, _Texts] = defaultdict(_Texts)
    for index, row in enumerate(rows):
        try:
            cells[index, : len(row)] = [known[type(cell)][cell] for cell in row]
        except TypeError:  # a list, or the like
            cells[index, : len(row)] = [*map(cell_text, row)]
    return cells


class _Texts(dict[object, str]):
    """Values of one type → their texts, each made when it is first asked for."""

    def __missing__(self, value: object) -> str:
        text = self[value] = cell_text(value)
        return text


def encoded_cells(columns: Iterable[pa.Array | pa.ChunkedArray]) -> np.ndarray:
    """Columns of arrow as cells: every distinct value becomes text once."""
    cells = []
    for column in columns:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        encoded = whole.dictionary_encode()
        texts = _distinct_texts(encoded.dictionary)
        codes = encoded.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
        cells.append(np.array([*texts, ""], dtype=object)[codes])
    return np.column_stack(cells) if cells else np.full((0, 0), "", dtype=object)


def _distinct_texts(distinct: pa.Array) -> list[str]:
    """Each value as text; letters and digits of ASCII, which most are, need no cleaning."""
    if not pa.types.is_string(distinct.type) or not len(distinct):
        return [cell_text(value) for value in distinct.to_pylist()]
    is_plain = pc.and_kleene(pc.string_is_ascii(distinct), pc.ascii_is_printable(distinct))
    texts: list[str] = pc.ascii_trim(distinct, " ").to_pylist()
    for place in np.flatnonzero(~is_plain.to_numpy(zero_copy_only=False)).tolist():
        texts[place] = clean(distinct[place].as_py())
    return texts
