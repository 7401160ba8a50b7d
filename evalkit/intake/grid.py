"""A sheet as text: every cell a string, every row at the number the spreadsheet shows."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from types import NoneType

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from evalkit.intake.text import LEFT_AS_IT_IS, clean
from evalkit.results import Finding

ERROR_CELL = "#ERROR"
_SECONDS_PER_HOUR = 3600
_HASHED = frozenset({str, bool, int, float, bytes, NoneType, dt.date, dt.datetime, dt.time,
                     dt.timedelta})  # fmt: skip


@dataclass(frozen=True, eq=False)
class Column:
    """A column of texts: each distinct one, in order of appearance, and which stands in each row.

    What is asked of a text is asked once of each distinct one.
    """

    codes: np.ndarray
    distinct: np.ndarray

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: np.ndarray | slice) -> np.ndarray:
        texts: np.ndarray = self.distinct[self.codes[rows]]
        return texts

    @cached_property
    def filled(self) -> np.ndarray:
        mask: np.ndarray = (self.distinct != "")[self.codes]
        return mask

    def at(self, rows: np.ndarray | slice) -> Column:
        """The column of some rows, with the texts that stand in them."""
        codes = self.codes[rows]
        is_used = np.zeros(len(self.distinct), dtype=bool)
        is_used[codes] = True
        return Column((np.cumsum(is_used, dtype=np.intp) - 1)[codes], self.distinct[is_used])


def coded(texts: np.ndarray) -> Column:
    """An object array of strings as a column."""
    codes, distinct = pd.factorize(texts)
    return Column(codes, distinct)


def blank(n_rows: int) -> Column:
    """A column without anything in it."""
    return Column(np.zeros(n_rows, dtype=np.intp), np.array([""], dtype=object))


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
        zero_formulas: Columns of formulas, where no formula of the sheet has a result but 0.
        widths: Cells of each row, where a text file's rows may differ.
        findings: What was noticed while reading the file itself.
    """

    file: str
    cells: np.ndarray
    hidden_rows: frozenset[int] = frozenset()
    error_rows: frozenset[int] = frozenset()
    formula_rows: frozenset[int] = frozenset()
    merged_rows: frozenset[int] = frozenset()
    counts_from_1904: bool = False
    zero_formulas: frozenset[int] = frozenset()
    widths: Sequence[int] = ()
    findings: tuple[Finding, ...] = ()
    columns_kept: dict[int, Column] = field(init=False, repr=False, default_factory=dict)

    def column(self, index: int) -> Column:
        """A column of the cells, kept for whoever asks next."""
        if index not in self.columns_kept:
            self.columns_kept[index] = coded(self.cells[:, index])
        return self.columns_kept[index]


def grid_of(file: str, columns: Sequence[Column], findings: tuple[Finding, ...] = ()) -> Grid:
    """A grid of columns of equal length."""
    cells = [column[:] for column in columns]
    grid = Grid(
        file=file,
        cells=np.column_stack(cells) if cells else np.full((0, 0), "", dtype=object),
        findings=findings,
    )
    grid.columns_kept.update(enumerate(columns))
    return grid


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

    Three decimals get a zero behind them: three digits after a mark are what thousands look
    like in text, and a number cell has no marks to doubt.
    """
    if math.isnan(value):
        return ""
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    return f"{text}0" if text[-4:-3] == "." else text


def text_cells(rows: Iterable[Sequence[object]]) -> np.ndarray:
    """Rows of cells, possibly of unequal length, as a rectangular array of strings."""
    columns = [_texts(column) for column in zip_longest(*rows, fillvalue="")]
    return np.column_stack(columns) if columns else np.full((0, 0), "", dtype=object)


def _texts(values: Sequence[object]) -> np.ndarray:
    """The texts of a column; most cells recur, and each distinct one becomes text once.

    Of equal texts one is kept, which is what lets a million rows fit.
    """
    kinds = set(map(type, values))
    if len(kinds & {bool, int, float}) > 1 or not kinds <= _HASHED:  # 1 == 1.0 == True
        return np.array([*map(cell_text, values)], dtype=object)
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    codes, distinct = pd.factorize(cells)  # NaN and None have -1
    texts: np.ndarray = np.array([*map(cell_text, distinct), ""], dtype=object)[codes]
    return texts


def encoded_columns(
    columns: Iterable[pa.Array | pa.ChunkedArray], headings: Iterable[str] = ()
) -> list[Column]:
    """Columns of arrow, below their headings, as texts: every distinct value becomes text once."""
    found = []
    for column, heading in zip_longest(columns, headings):
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        encoded = whole.dictionary_encode()
        texts, is_as_read = _distinct_texts(encoded.dictionary)
        codes = encoded.indices.to_numpy(zero_copy_only=False)
        if encoded.null_count:
            codes, texts = encoded.indices.fill_null(len(texts)).to_numpy(), np.append(texts, "")
        if heading is not None:
            codes, texts = np.append(len(texts), codes), np.append(texts, heading)
        one = Column(codes.astype(np.intp), texts)
        if heading is not None or not is_as_read:  # trimmed, two values may be one text
            once = coded(one.distinct)
            one = Column(once.codes[codes], once.distinct)
        found.append(one)
    return found


def _distinct_texts(distinct: pa.Array) -> tuple[np.ndarray, bool]:
    """Each value as text, and whether all are as they stand: printable ASCII needs no cleaning."""
    if not pa.types.is_string(distinct.type) or not len(distinct):
        return np.array([*map(cell_text, distinct.to_pylist())], dtype=object), False
    is_plain = pc.and_kleene(pc.string_is_ascii(distinct), pc.ascii_is_printable(distinct))
    for opening in LEFT_AS_IT_IS:
        is_plain = pc.and_not(is_plain, pc.starts_with(distinct, opening))
    trimmed = pc.ascii_trim(distinct, " ")
    texts = np.array(trimmed.to_numpy(zero_copy_only=False), dtype=object)
    odd = np.flatnonzero(~is_plain.to_numpy(zero_copy_only=False)).tolist()
    as_read = [distinct[place].as_py() for place in odd]
    texts[odd] = cleaned = [*map(clean, as_read)]
    return texts, cleaned == as_read and trimmed.equals(distinct)
