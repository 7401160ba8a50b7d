"""The workbook read back: one table a sheet, real numbers, text that stays text."""

from __future__ import annotations

import datetime as dt

import pytest

from evalkit.documents.writers.number_codes import number_format
from evalkit.documents.writers.workbook import report_xlsx
from evalkit.language import Texts
from evalkit.present.blocks import Cell, Table
from tests.documents.writers.documents import document, number
from tests.documents.writers.reading import workbook


@pytest.fixture(scope="module")
def book():
    return workbook(report_xlsx(document()))


def test_a_cover_then_one_sheet_for_each_table_and_figure(book) -> None:
    assert book.sheetnames == ["Om filen", "Alla tal", "Tabell 1", "Figur 1"]
    cover = book["Om filen"]
    links = {cell.value: cell.hyperlink.location for row in cover for cell in row if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in ("Alla tal", "Tabell 1", "Figur 1")}


def test_title_unit_notes_and_source_stand_above_the_one_table(book) -> None:
    sheet = book["Tabell 1"]
    column = [row[0].value for row in sheet.iter_rows(max_col=1)]
    assert column[0] == "Tabell 1. Utfall efter grupp, 55,1–66,7 %"
    assert column[2] == "Enhet: antal, procent, procentenheter, dagar, kronor"
    assert column[3:5] == [
        "95 % konfidensintervall: Wilsons metod (1927).",
        "Källa: Deltagarregistret",
    ]
    assert None not in column  # no blank rows
    assert not sheet.merged_cells.ranges
    assert len(sheet.tables) == 1


def test_numbers_are_numbers_as_printed_and_words_are_words(book) -> None:
    (reference,) = [found.ref for found in book["Tabell 1"].tables.values()]
    rows = [[cell.value for cell in row] for row in book["Tabell 1"][reference]]
    # 0.575 and 1.005 are printed half up, and held as printed.
    assert rows[1] == ["Kvinnor", 1004, 0.58, -12.3, 286, 1.01, 4330224, 0.42, None]
    # A column of numbers holds no words: they stand in the last column.
    assert rows[2] == ["Män", *[None] * 6, 0.001, "Antal: färre än 5"]
    assert rows[0][-1] == "Anmärkning"
    (p_value,) = [cell for row in book["Tabell 1"] for cell in row if cell.value == 0.001]
    assert p_value.number_format == '"< "0.000'


def test_every_number_stands_in_the_long_table_with_its_unit(book) -> None:
    sheet = book["Alla tal"]
    (reference,) = [found.ref for found in sheet.tables.values()]
    heads, *rows = [[cell.value for cell in row] for row in sheet[reference]]
    assert heads == ["Kapitel", "Tabell", "Rubrik", "Grupp", "Tid", "Mått", "n", "Antal", "Värde",
                     "Nedre gräns", "Övre gräns", "Enhet", "Avrundat", "Anmärkning"]  # fmt: skip
    women = {row[5]: (row[7], row[8], row[11]) for row in rows if row[3] == "Kvinnor"}
    assert women == {
        "Andel": (1004, 58, "procent"),
        "Skillnad": (1004, -12.3, "procentenheter"),
        "Dagar": (1004, 286, "dagar"),
        "Kvot": (1004, 1.01, "tal"),
        "Belopp": (1004, 4330224, "kronor"),
        "p-värde": (1004, 0.42, "p-värde"),
    }
    numeric = [value for row in rows for value in row[6:11] if value is not None]
    assert all(isinstance(value, int | float) for value in numeric)


def test_limits_stand_beside_their_value_and_what_is_withheld_has_no_number() -> None:
    share, low, high = (number(x, "percent", 1, "sv") for x in (0.61, 0.551, 0.667))
    rows = (
        (Cell("Alla"), number(267, "count", 0, "sv"), share, low, high),
        (Cell("Unga"), *(Cell("skyddad"),) * 4),
    )
    heads = ("Grupp", "Antal personer", "Andel", "Nedre gräns", "Övre gräns")
    table = Table(id="x", caption="x", columns=heads, rows=rows)
    sheet = workbook(report_xlsx(document([table])))["Alla tal"]
    found = [[cell.value for cell in row][5:] for row in sheet.iter_rows(min_row=4)]
    assert found == [
        ["Andel", 267, None, 61, 55.1, 66.7, "procent", "nej", None],
        ["Andel", None, None, None, None, None, None, "nej", "skyddad"],
    ]


def test_the_contents_name_the_chapter_of_every_sheet(book) -> None:
    rows = [[cell.value for cell in row] for row in book["Om filen"].iter_rows(max_col=3)]
    assert rows[-4:] == [
        ["Blad", "Vad bladet innehåller", "Kapitel"],
        ["Alla tal", "Alla tal i rapporten", None],
        ["Tabell 1", "Utfall efter grupp, 55,1–66,7 %", "2 Mål 2018"],
        ["Figur 1", "Andel över tid", "2 Mål 2018"],
    ]


def test_every_sheet_is_printed_a_page_wide_with_its_heading_and_its_page_number(book) -> None:
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.left.text == "Arena för exempel"
        assert sheet.oddFooter.right.text == "Sida &P av &N"
    (reference,) = [found.ref for found in book["Tabell 1"].tables.values()]
    heading = reference.split(":")[0].strip("A")
    assert book["Tabell 1"].print_title_rows == f"${heading}:${heading}"


@pytest.mark.parametrize("rows", [1, 30])
def test_every_table_keeps_its_heading_in_sight(rows: int) -> None:
    lines = tuple((Cell(f"Plats {n}"), Cell("x")) for n in range(rows))
    table = Table(id="x", caption="x", columns=("Plats", "Om"), rows=lines)
    sheet = workbook(report_xlsx(document([table])))["Tabell 1"]
    heading = next(cell.row for cell in sheet["A"] if cell.value == "Plats")
    assert sheet.freeze_panes == f"B{heading + 1}"


def test_a_long_note_goes_on_in_the_next_row_with_no_word_lost() -> None:
    note = "Beräknad med en metod som tar många ord att nämna. " * 9
    table = Table(id="x", caption="x", columns=("A",), rows=((Cell("a"),),), notes=(note.strip(),))
    sheet = workbook(report_xlsx(document([table])))["Tabell 1"]
    lines = [cell.value for cell in sheet["A"]]
    assert max(len(line) for line in lines) <= 120
    assert note.strip() in " ".join(lines)


def test_a_row_is_as_high_as_its_wrapped_words() -> None:
    # Calibri 11 holds about 46 letters in a column of 48; its lines are 15 points high.
    cells = ("Inga", "Till arbete eller studier i de fyra kommunerna: Simrishamn")
    heads = ("Projekt", "Uppgifter till och med")
    row = (Cell(cells[0]), Cell(cells[1]))
    table = Table(id="x", caption="x", columns=heads, rows=(row,))
    sheet = workbook(report_xlsx(document([table])))["Tabell 1"]
    last = sheet.max_row
    assert sheet.row_dimensions[last].height >= 30
    assert sheet.row_dimensions[last - 1].height < 30
    narrow = Table(id="x", caption="x", columns=heads, rows=((row[0], Cell("juni 2019")),))
    sheet = workbook(report_xlsx(document([narrow])))["Tabell 1"]
    assert sheet.row_dimensions[sheet.max_row - 1].height >= 30  # bold: two lines


def test_a_number_that_heads_a_row_stands_under_its_heading() -> None:
    rows = ((Cell("Ystad"), Cell("90", 90, "count")), (Cell("Sjöbo"), Cell("180", 180, "count")))
    table = Table(id="x", caption="x", columns=("Plats", "Dag"), rows=rows, row_headers=2)
    sheet = workbook(report_xlsx(document([table])))["Tabell 1"]
    column = [cell.alignment.horizontal for cell in sheet["B"] if cell.value]
    assert column == ["right"] * 3


def test_text_that_looks_like_a_formula_or_a_link_stays_text() -> None:
    nasty = ("=1+1", "+SUM(A1)", "@x", "https://example.org", "{=A1}")
    table = Table(
        id="x", caption="=2+2", columns=("=A", "B"), rows=tuple((Cell(t), Cell(t)) for t in nasty)
    )
    sheet = workbook(report_xlsx(document([table]))).worksheets[2]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value in nasty]
    assert len(cells) == 10
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_equal_headings_are_told_apart_and_none_is_empty() -> None:
    table = Table(
        id="x", caption="x", columns=("n", "N", ""), rows=((Cell("a"), Cell("b"), Cell("c")),)
    )
    sheet = workbook(report_xlsx(document([table]))).worksheets[2]
    (made,) = sheet.tables.values()
    assert [column.name for column in made.tableColumns] == ["n", "N (2)", "–"]


def test_the_file_is_dated_by_its_data_and_the_same_every_time(book) -> None:
    assert book.properties.created == dt.datetime(2019, 12, 31)
    assert report_xlsx(document()) == report_xlsx(document())


@pytest.mark.parametrize(
    ("language", "code"), [("sv", '0.0"\u00a0"%;"−"0.0"\u00a0"%'), ("en", '0.0%;"−"0.0%')]
)
def test_format_codes_are_those_of_the_language(language, code) -> None:
    assert number_format("percent", 1, Texts(language)) == code
