"""Excel files: calamine reads the values fast.

openpyxl looks once more only where the file holds hidden rows, formulas or error values,
which calamine shows as empty cells.
"""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    load_workbook,
)

from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import ERROR_CELL, Grid, text_cells

_MARKS = (b'hidden="1"', b'hidden="true"', b"<f>", b"<f ", b"<f/>", b't="e"')


def read_workbook(path: Path, *, name: str, sheet: str | None) -> Grid:
    """One sheet as text; the only one with anything in it when none is named.

    Raises:
        IntakeError: If the file is not a readable workbook, has no such sheet, or has
            several to choose from and none is named.
    """
    try:
        workbook = load_workbook(path)
    except PasswordError:
        raise IntakeError(
            f"{name}: the workbook is protected by a password; save a copy without one"
        ) from None
    except (CalamineError, OSError, zipfile.BadZipFile):
        raise IntakeError(
            f"{name}: cannot be opened as an Excel file; it may be damaged or of another kind"
        ) from None
    with workbook:
        title = _sheet_title(workbook, name, sheet)
        opened = workbook.get_sheet_by_name(title)
        cells = text_cells(opened.to_python(skip_empty_area=False))
        merged = _fill_merged(cells, opened)
    marks = _marked_cells(path, title)
    for row, column in marks["errors"] | marks["formulas"]:
        if row < cells.shape[0] and column < cells.shape[1] and not cells[row, column]:
            cells[row, column] = ERROR_CELL
    return Grid(
        file=name,
        cells=cells,
        hidden_rows=frozenset(row + 1 for row, _ in marks["hidden"]),
        error_rows=frozenset(row + 1 for row, _ in marks["errors"]),
        formula_rows=frozenset(
            row + 1 for row, column in marks["formulas"] if _is_error(cells, row, column)
        ),
        merged_rows=merged,
    )


def _sheet_title(workbook: CalamineWorkbook, name: str, sheet: str | None) -> str:
    titles = workbook.sheet_names
    if not titles:
        raise IntakeError(f"{name}: the workbook has no sheets")
    if sheet is None:
        return _only_sheet(workbook, name, titles)
    for title in titles:
        if title.strip().casefold() == sheet.strip().casefold():
            return title
    raise IntakeError(f"{name}: no sheet named '{sheet}'; the sheets are {', '.join(titles)}")


def _only_sheet(workbook: CalamineWorkbook, name: str, titles: list[str]) -> str:
    """The sheet that holds something. Which of several holds the persons is not guessed."""
    if len(titles) == 1:
        return titles[0]
    filled = [title for title in titles if workbook.get_sheet_by_name(title).height]
    if len(filled) > 1:
        raise IntakeError(
            f"{name}: the workbook has the sheets {', '.join(filled)}; "
            "name the one to read under registers: sheet: in the project file"
        )
    return filled[0] if filled else titles[0]


def _fill_merged(cells: np.ndarray, sheet: CalamineSheet) -> frozenset[int]:
    """Every cell of a merged range gets its first cell's text, in place; rows touched."""
    rows: set[int] = set()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top < cells.shape[0] and left < cells.shape[1]:
            cells[top : bottom + 1, left : right + 1] = cells[top, left]
            rows.update(range(top + 1, min(bottom + 1, cells.shape[0]) + 1))
    return frozenset(rows)


def _is_error(cells: np.ndarray, row: int, column: int) -> bool:
    inside = row < cells.shape[0] and column < cells.shape[1]
    return inside and bool(cells[row, column] == ERROR_CELL)


def _marked_cells(path: Path, title: str) -> dict[str, set[tuple[int, int]]]:
    """Positions (from 0) of hidden rows, error values and formulas of the sheet."""
    marks: dict[str, set[tuple[int, int]]] = {"hidden": set(), "errors": set(), "formulas": set()}
    if not _needs_second_look(path):
        return marks
    with warnings.catch_warnings():
        # openpyxl warns of parts it leaves out (validation lists, styles): not of cells.
        warnings.simplefilter("ignore")
        book: Any = openpyxl.load_workbook(path)
    sheet = book[title]
    marks["hidden"] = {
        (number - 1, 0) for number, row in sheet.row_dimensions.items() if row.hidden
    }
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                marks["formulas"].add((cell.row - 1, cell.column - 1))
            elif cell.data_type == "e":
                marks["errors"].add((cell.row - 1, cell.column - 1))
    book.close()
    return marks


def _needs_second_look(path: Path) -> bool:
    if path.suffix.lower() not in {".xlsx", ".xlsm"}:
        return False
    with zipfile.ZipFile(path) as archive:
        sheets = [part for part in archive.namelist() if part.startswith("xl/worksheets/sheet")]
        contents = (archive.read(part) for part in sheets)
        return any(mark in content for content in contents for mark in _MARKS)
