"""The messy Excel sheet: every habit of a register kept by hand for two years.

Title rows, a merged two-line header, dates in four forms, three ways to say "ongoing",
trailing spaces, a hidden row and a totals row below.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from benchmarks.samples.files import new_workbook, write_cells

GROUPS = (
    ("Deltagare", 0, 7),
    ("Inskrivning", 8, 9),
    ("Utskrivning", 10, 13),
)
HEADER = (
    "Löpnr",
    "Kön",
    "Födelseår",
    "Kommunkod",
    "Utbildningsnivå",
    "Remittent",
    "Sysselsättning före",
    "Försörjning före",
    "Koordinatorsstöd",
    "Inskrivningsdatum",
    "Utskrivningsdatum",
    "Avslutsorsak",
    "Försörjning efter",
    "Subventionerad anställning",
)
COLUMNS = (
    "person",
    "sex",
    "birth_year",
    "municipality",
    "education",
    "referred_by",
    "status_at_entry",
    "support_before",
    "coordinator",
    "entry",
    "exit",
    "exit_reason",
    "support_after",
    "subsidy",
)
FIRST_ROW = 5
"""Rows above the first person, counted from 0: two titles, a blank and two header lines."""


def write_messy_workbook(path: Path, register: pd.DataFrame, *, hidden_row: int) -> Path:
    """The register as a caseworker's workbook, with a second sheet of notes."""
    workbook = new_workbook(path, title="Arena för arbete – syntetiska data")
    sheet = workbook.add_worksheet("Deltagare 2018-2019")
    _write_top(workbook, sheet)
    date_format = workbook.add_format({"num_format": "yyyy-mm-dd"})
    previous: tuple[Any, ...] = ()
    for number, row in enumerate(register.loc[:, list(COLUMNS)].itertuples(index=False)):
        # The hidden copy must be written like its original, whatever its row number.
        position = number - 1 if tuple(row) == previous else number
        write_cells(sheet, FIRST_ROW + number, _cells(row, position), date_format)
        previous = tuple(row)
    sheet.set_row(FIRST_ROW + hidden_row, None, None, {"hidden": True})
    total = FIRST_ROW + len(register) + 1
    sheet.write(total, 0, "Summa")
    sheet.write(total, 2, len(register))
    notes = workbook.add_worksheet("Anteckningar")
    notes.write(0, 0, "Alla personer är påhittade. Koordinatorsstöd: Ja = egen koordinator.")
    workbook.close()
    return path


def _write_top(workbook: xlsxwriter.Workbook, sheet: Any) -> None:
    bold = workbook.add_format({"bold": True})
    sheet.write(0, 0, "Arena för arbete – deltagarlista (SYNTETISKA DATA)", bold)
    sheet.write(1, 0, "Ystad, Tomelilla, Sjöbo, Simrishamn. Uttag 2019-12-31")
    for text, first, last in GROUPS:
        sheet.merge_range(3, first, 3, last, text, bold)
    sheet.write_row(4, 0, HEADER, bold)
    sheet.set_column(0, len(HEADER) - 1, 16)


def _cells(row: Any, number: int) -> list[Any]:
    cells = list(row)
    cells[1] = "K" if row.sex == "Kvinna" else "M"
    if number % 17 == 3:
        cells[1] += " "
    cells[2] = int(row.birth_year)
    cells[3] = int(row.municipality)
    cells[9] = _written_date(row.entry, number)
    cells[10] = _ongoing(number) if pd.isna(row.exit) else _written_date(row.exit, number + 2)
    if number % 23 == 5 and row.exit_reason:
        cells[11] = f"{row.exit_reason} "
    elif number % 29 == 7:
        cells[11] = row.exit_reason.lower()
    return cells


def _ongoing(number: int) -> Any:
    """Nothing, a word, or a date that no calendar will reach."""
    return {0: "Pågår", 1: "9999-12-31"}.get(number % 5, "")


def _written_date(value: pd.Timestamp, number: int) -> Any:
    """A real date mostly; now and then text, or a bare Excel serial."""
    day = value.date()
    if number % 8 == 1:
        return day.isoformat()
    if number % 16 == 4:
        return f"{day.day}/{day.month}/{day.year}"
    if number % 16 == 10:
        return (day - date(1899, 12, 30)).days
    if number % 32 == 14:
        return f"{day:%y%m%d}"
    return day
