"""Excel and OpenDocument files: calamine reads the values fast, a second look finds the rest.

The second look may fail, the reading may not: what could not be looked through is said.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from evalkit.intake import binary_workbook, open_document, open_xml
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import ERROR_CELL, Grid, cell_text, text_cells
from evalkit.intake.headers import column_letter
from evalkit.intake.marks import Marks, Place
from evalkit.intake.text import clean
from evalkit.results import Finding

# More cells than Excel's rows times thirty columns are a stray mark far below or beside a table.
_MOST_CELLS = 32_000_000
_DECIMALS_OF_PERCENT = 10
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})


def read_workbook(path: Path, *, name: str, sheet: str | None) -> Grid:
    """One sheet as text; the only one with anything in it when none is named.

    Raises:
        IntakeError: If the file is not a readable workbook, has no such sheet, or has
            several to choose from and none is named.
    """
    archive = zipfile.ZipFile(path) if zipfile.is_zipfile(path) else None
    with _opened(lambda: _by_content(path), name) as workbook:
        title = _sheet_title(workbook, name, sheet, archive)
        marks = _look_through(path, archive, title)
        if marks.beyond is not None and archive is not None and marks.extent is not None:
            _require_room(marks.extent, name, title)
            trimmed = io.BytesIO(open_xml.without_cells_beyond(archive, title, marks.extent))
            with _opened(lambda: CalamineWorkbook.from_filelike(trimmed), name) as copy:
                cells = _cells(copy.get_sheet_by_name(title))
        else:
            if marks.extent is not None:
                _require_room(marks.extent, name, title)
            opened = workbook.get_sheet_by_name(title)
            cells = _cells(opened)
            if not marks.merged:
                marks.merged = list(opened.merged_cell_ranges or [])
    if archive is not None:
        archive.close()
    unseen = () if marks.is_looked_through else (_not_looked_through(name),)
    return _marked(name, cells, marks, unseen)


def _by_content(path: Path) -> CalamineWorkbook:
    """A workbook of the kind that it is, whatever it is called."""
    return CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))


def _opened(open_it: Callable[[], CalamineWorkbook], name: str) -> CalamineWorkbook:
    try:
        return open_it()
    except PasswordError:
        raise IntakeError("password", file=name) from None
    except (CalamineError, OSError, zipfile.BadZipFile):
        raise IntakeError("not_excel", file=name) from None


def _cells(sheet: CalamineSheet) -> np.ndarray:
    return text_cells(sheet.to_python(skip_empty_area=False))


def _marked(name: str, cells: np.ndarray, marks: Marks, findings: tuple[Finding, ...]) -> Grid:
    """The cells with merged ranges filled, per cent as shown, and errors that are no gaps."""
    n_rows, n_columns = cells.shape

    def is_inside(place: Place) -> bool:
        return bool(place[0] < n_rows and place[1] < n_columns)

    for place in filter(is_inside, marks.percents):
        cells[place] = _in_per_cent(cells[place])
    for place in filter(is_inside, marks.errors | marks.uncomputed):
        cells[place] = ERROR_CELL
    merged: set[int] = set()
    for (top, left), (bottom, right) in marks.merged:
        if is_inside((top, left)):
            cells[top : bottom + 1, left : right + 1] = cells[top, left]
            merged.update(range(top + 1, min(bottom + 1, n_rows) + 1))
    return Grid(
        file=name,
        cells=cells,
        hidden_rows=frozenset(row + 1 for row in marks.hidden),
        error_rows=frozenset(row + 1 for row, _ in marks.errors),
        formula_rows=frozenset(row + 1 for row, _ in filter(is_inside, marks.uncomputed)),
        merged_rows=frozenset(merged),
        counts_from_1904=marks.counts_from_1904,
        zero_formulas=frozenset(marks.zero_formulas),
        findings=findings,
    )


def _in_per_cent(text: str) -> str:
    """0.5 that the sheet shows as 50 %, as it is shown."""
    try:
        return f"{cell_text(round(float(text) * 100, _DECIMALS_OF_PERCENT))} %"
    except ValueError:
        return text


def _not_looked_through(name: str) -> Finding:
    return Finding(severity="warning", check="not_looked_through", file=name)


def _look_through(path: Path, archive: zipfile.ZipFile | None, title: str) -> Marks:
    """The marks of the sheet; none, and that said, where the file does not let itself be read."""
    try:
        if archive is None:
            return binary_workbook.look_through_xls(path.read_bytes(), title)
        names = set(archive.namelist())
        if "content.xml" in names:
            return open_document.look_through(archive, title)
        if "xl/workbook.bin" in names:
            return binary_workbook.look_through_xlsb(archive, title)
        return open_xml.look_through(archive, title)
    except Exception:  # noqa: BLE001 - whatever a damaged part raises, the values are there
        return Marks(is_looked_through=False)


def _require_room(extent: Place, name: str, title: str) -> None:
    """Refuse a sheet whose last cell would make a table of hundreds of millions of cells."""
    n_rows, n_columns = extent
    if n_rows * n_columns > _MOST_CELLS:
        last = f"{column_letter(n_columns - 1)}{n_rows}"
        raise IntakeError("far_cell", file=name, sheet=title, cell=last)


def _sheet_title(
    workbook: CalamineWorkbook, name: str, sheet: str | None, archive: zipfile.ZipFile | None
) -> str:
    titles = workbook.sheet_names
    if not titles:
        raise IntakeError("no_sheets", file=name)
    if sheet is None:
        return _only_sheet(workbook, name, titles, archive)
    for title in titles:
        if clean(title).casefold() == clean(sheet).casefold():
            return title
    raise IntakeError("no_sheet", file=name, sheet=sheet, sheets=", ".join(titles))


def _only_sheet(
    workbook: CalamineWorkbook, name: str, titles: list[str], archive: zipfile.ZipFile | None
) -> str:
    """The sheet that holds something. Which of several holds the persons is not guessed."""
    if len(titles) == 1:
        return titles[0]
    filled = [title for title in titles if _holds_something(workbook, archive, title)]
    if len(filled) > 1:
        raise IntakeError("which_sheet", file=name, sheets=", ".join(filled))
    return filled[0] if filled else titles[0]


def _holds_something(
    workbook: CalamineWorkbook, archive: zipfile.ZipFile | None, title: str
) -> bool:
    """Asked of the archive first: calamine makes room for a whole sheet to tell its height."""
    if archive is not None and "xl/workbook.xml" in archive.namelist():
        marks = _look_through(Path(), archive, title)
        if marks.beyond is not None:
            return marks.extent != (0, 0)
    return bool(workbook.get_sheet_by_name(title).height)


def sheet_names(file: Path) -> tuple[str, ...]:
    """Names of a workbook's sheets, empty ones too; nothing for other files."""
    if file.suffix.lower() not in _WORKBOOKS:
        return ()
    try:
        with _by_content(file) as workbook:
            return tuple(workbook.sheet_names)
    except (CalamineError, OSError, ValueError):
        return ()
