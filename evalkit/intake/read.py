"""Any register file → a grid of text. Reading text first keeps leading zeros and odd dates."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from evalkit.intake.delimited import read_delimited
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import Grid, text_cells
from evalkit.intake.workbook import read_workbook

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_DELIMITED = frozenset({".csv", ".tsv", ".txt"})
_PARQUET = frozenset({".parquet", ".pq"})


def read_grid(path: Path, *, name: str, sheet: str | None = None) -> Grid:
    """The cells of an Excel, CSV or Parquet file as text.

    Args:
        path: Where the file lies.
        name: What messages call the file.
        sheet: Excel sheet; may be left out where only one sheet holds anything.

    Raises:
        IntakeError: If the file is missing, empty, unreadable or of an unknown kind.
    """
    if not path.is_file():
        raise IntakeError(f"{name}: no such file")
    suffix = path.suffix.lower()
    if suffix not in _WORKBOOKS | _DELIMITED | _PARQUET:
        raise IntakeError(f"{name}: expected an Excel, CSV or Parquet file, found '{suffix}'")
    try:
        grid = _read(path, name, sheet, suffix)
    except PermissionError:
        raise IntakeError(
            f"{name}: the file may not be read; is it open in another program?"
        ) from None
    if not grid.cells.size or not (grid.cells != "").any():
        what = f"the sheet '{sheet}'" if sheet else "the file"
        raise IntakeError(f"{name}: {what} is empty")
    return grid


def _read(path: Path, name: str, sheet: str | None, suffix: str) -> Grid:
    if suffix in _WORKBOOKS:
        return read_workbook(path, name=name, sheet=sheet)
    if suffix in _DELIMITED:
        return read_delimited(path, name=name)
    return _read_parquet(path, name)


def _read_parquet(path: Path, name: str) -> Grid:
    """A Parquet table with its column names as row 1, as a spreadsheet would show it."""
    try:
        table = parquet.read_table(path)
    except (pa.ArrowException, OSError):
        raise IntakeError(f"{name}: cannot be opened as a Parquet file") from None
    columns = [column.to_pylist() for column in table.columns]
    rows: list[list[object]] = [list(table.column_names)]
    rows.extend(list(row) for row in zip(*columns, strict=True))
    return Grid(file=name, cells=text_cells(rows))
