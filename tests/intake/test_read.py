"""Real messy files of Swedish authorities, and workbooks disturbed on purpose."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from evalkit.intake.codebook import built_in
from evalkit.intake.convert import to_numbers
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import ERROR_CELL, coded
from evalkit.intake.headers import _header_parts
from evalkit.intake.read import read_grid


def test_hard_spaces_in_the_price_index_of_scb_separate_thousands(shared_path: Path) -> None:
    file = shared_path / "data" / "messy" / "scb_kpi_semikolon_hart_mellanslag.csv"
    grid = read_grid(file, name=file.name)
    assert grid.cells[0, 0] == "År"
    # First row of the published table: January and February 2020.
    assert to_numbers(coded(grid.cells[1, 1:3]), built_in()).values.tolist() == [1900.0, 1910.0]


def test_the_two_line_header_of_mucf_is_stacked_per_column(shared_path: Path) -> None:
    file = shared_path / "data" / "messy" / "mucf_uvas_tvaradshuvud_nbsp.xlsx"
    grid = read_grid(file, name=file.name, sheet="Dalarna")
    stacked = [" ".join(parts) for parts in _header_parts(grid.cells[2:4])]
    assert stacked[1:] == [
        "16-24\xa0år Antal",
        "16-24\xa0år Andel",
        "25-29\xa0år Antal",
        "25-29\xa0år Andel",
    ]


def test_a_sheet_that_begins_below_row_one_keeps_its_row_numbers(shared_path: Path) -> None:
    file = shared_path / "data" / "messy" / "mucf_uvas_tvaradshuvud_nbsp.xlsx"
    grid = read_grid(file, name=file.name, sheet="Inläs")
    assert grid.cells[1, 0] == "År"  # cell A2 of the sheet


def test_months_with_leading_zeros_stay_text(shared_path: Path) -> None:
    file = shared_path / "data" / "messy" / "fk_sjukpenningtal_riket_lan_2024.xlsx"
    grid = read_grid(file, name=file.name)
    assert grid.cells[1, 1] == "09"


def test_cells_become_text_without_losing_digits(tmp_path: Path, xlsx: Any) -> None:
    name = xlsx(
        [["a"], [197802022389], [1.5], [dt.date(2018, 2, 1)], [True], ["0114"], [None], [2]]
    )
    cells = read_grid(tmp_path / name, name=name).cells[:, 0].tolist()
    assert cells == ["a", "197802022389", "1.5", "2018-02-01", "true", "0114", "", "2"]


def test_formulas_without_a_stored_value_are_not_read_as_empty(tmp_path: Path, xlsx: Any) -> None:
    name = xlsx([["a", "b"], ["x", "=A2"], ["y", "z"]])
    grid = read_grid(tmp_path / name, name=name)
    assert grid.cells[1, 1] == ERROR_CELL
    assert grid.formula_rows == {2}


def test_error_values_are_not_read_as_empty(tmp_path: Path, xlsx: Any) -> None:
    def disturb(sheet: Any) -> None:
        sheet["B2"].value = "#N/A"
        sheet["B2"].data_type = "e"

    name = xlsx([["a", "b"], ["x", "y"]], disturb=disturb)
    grid = read_grid(tmp_path / name, name=name)
    assert grid.cells[1, 1] == ERROR_CELL
    assert grid.error_rows == {2}


def test_hidden_rows_are_read_and_known(tmp_path: Path, xlsx: Any) -> None:
    def disturb(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    name = xlsx([["a"], ["x"], ["y"]], disturb=disturb)
    grid = read_grid(tmp_path / name, name=name)
    assert grid.cells[2, 0] == "y"
    assert grid.hidden_rows == {3}


def test_merged_cells_give_their_value_to_every_row(tmp_path: Path, xlsx: Any) -> None:
    rows = [["a", "b"], ["x", 1], [None, 2]]
    name = xlsx(rows, disturb=lambda sheet: sheet.merge_cells("A2:A3"))
    grid = read_grid(tmp_path / name, name=name)
    assert grid.cells[:, 0].tolist() == ["a", "x", "x"]


def test_parquet_keeps_dates_and_row_numbers(tmp_path: Path) -> None:
    table = pa.table({"Startdatum": [dt.date(2018, 2, 1), None], "Löpnr": [1, 2]})
    parquet.write_table(table, tmp_path / "a.parquet")
    cells = read_grid(tmp_path / "a.parquet", name="a.parquet").cells
    assert cells.tolist() == [["Startdatum", "Löpnr"], ["2018-02-01", "1"], ["", "2"]]


def workbook(file: Path, **sheets: list[list[object]]) -> str:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file.name


def test_which_of_several_sheets_holds_the_persons_is_not_guessed(tmp_path: Path) -> None:
    name = workbook(tmp_path / "a.xlsx", Info=[["text"]], Deltagare=[["a"]], Blad3=[])
    with pytest.raises(IntakeError, match="has the sheets Info, Deltagare; name the one to read"):
        read_grid(tmp_path / name, name=name)
    assert read_grid(tmp_path / name, name=name, sheet="Deltagare").cells.tolist() == [["a"]]


def test_empty_sheets_beside_the_register_do_not_matter(tmp_path: Path) -> None:
    name = workbook(tmp_path / "a.xlsx", Blad1=[], Deltagare=[["a"]])
    assert read_grid(tmp_path / name, name=name).cells.tolist() == [["a"]]


def test_a_missing_sheet_lists_the_sheets_there_are(tmp_path: Path, xlsx: Any) -> None:
    name = xlsx([["a"]], title="Deltagare")
    with pytest.raises(IntakeError, match="no sheet named 'Blad1'; the sheets are Deltagare"):
        read_grid(tmp_path / name, name=name, sheet="Blad1")


def test_an_empty_sheet_says_so(tmp_path: Path, xlsx: Any) -> None:
    name = xlsx([], title="Tom")
    with pytest.raises(IntakeError, match="the sheet 'Tom' is empty"):
        read_grid(tmp_path / name, name=name, sheet="Tom")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"a\.xlsx: no such file"):
        read_grid(tmp_path / "a.xlsx", name="a.xlsx")


@pytest.mark.parametrize("suffix", ["xlsx", "xlsm", "xls", "ods", "parquet"])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a.{suffix}").write_bytes(b"neither this nor that")
    with pytest.raises(IntakeError, match="cannot be opened"):
        read_grid(tmp_path / f"a.{suffix}", name=f"a.{suffix}")


def test_a_half_written_workbook_is_one_sentence(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Startdatum"])
    book.save(tmp_path / "whole.xlsx")
    content = (tmp_path / "whole.xlsx").read_bytes()
    (tmp_path / "half.xlsx").write_bytes(content[: len(content) // 2])
    with pytest.raises(IntakeError, match="cannot be opened"):
        read_grid(tmp_path / "half.xlsx", name="half.xlsx")


def test_an_unknown_kind_of_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"x")
    with pytest.raises(IntakeError, match="expected an Excel, CSV or Parquet file"):
        read_grid(tmp_path / "a.docx", name="a.docx")


@pytest.mark.parametrize("mark", ["~$deltagare.xlsx", ".~lock.deltagare.xlsx#"])
def test_the_mark_of_an_open_workbook_is_told_from_a_damaged_one(tmp_path: Path, mark: str) -> None:
    (tmp_path / mark).write_bytes(b"\x05Kim")

    with pytest.raises(IntakeError) as told:
        read_grid(tmp_path / mark, name=mark)

    assert "öppen i Excel eller LibreOffice" in told.value.in_language("sv")
