"""Writing register files so that the same rows always give the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

CREATED = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Written into every workbook: the date of making would change the bytes."""


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    line_end: str = "\n",
    first_line: str = "",
) -> Path:
    """A delimited text file; ``first_line`` stands above the header (``sep=;``)."""
    text = io.StringIO(newline="")
    if first_line:
        text.write(first_line + line_end)
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def new_workbook(path: Path, *, title: str) -> xlsxwriter.Workbook:
    """A workbook with a fixed date, in which no text turns into a formula or a link."""
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties({"title": title, "comments": "Syntetiska data", "created": CREATED})
    return workbook


def write_cells(sheet: Worksheet, row: int, cells: Sequence[Any], date_format: Any) -> None:
    """One row of cells: dates as real dates, numbers as numbers, empty text as no cell."""
    for column, cell in enumerate(cells):
        if isinstance(cell, date):
            sheet.write_datetime(
                row, column, datetime(cell.year, cell.month, cell.day), date_format
            )
        elif cell not in ("", None):
            sheet.write(row, column, cell)


def write_tidy_workbook(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str, title: str
) -> Path:
    """A well-kept sheet: header in row 1, one row per enrolment, real dates."""
    workbook = new_workbook(path, title=title)
    worksheet = workbook.add_worksheet(sheet)
    date_format = workbook.add_format({"num_format": "yyyy-mm-dd"})
    worksheet.write_row(0, 0, header, workbook.add_format({"bold": True}))
    for number, cells in enumerate(rows, start=1):
        write_cells(worksheet, number, cells, date_format)
    workbook.close()
    return path
