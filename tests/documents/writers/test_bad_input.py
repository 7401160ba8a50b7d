"""Whatever the words are, every file is well formed, or the error says what is wrong."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from evalkit.documents.kept import (
    HEADLINE_MIME_TYPE,
    chapter_blocks,
    chapter_headlines,
    released_chapter,
)
from evalkit.documents.webpages import report_page
from evalkit.documents.writers.pdf import report_pdf
from evalkit.documents.writers.widths import page_wide_parts
from evalkit.documents.writers.word import report_docx
from evalkit.documents.writers.word_fields import WIDE
from evalkit.documents.writers.workbook import report_xlsx
from evalkit.present.blocks import (
    MIME_TYPE,
    Box,
    Bullets,
    Cell,
    Figure,
    Headline,
    Paragraph,
    Section,
    Table,
    to_json,
)
from tests.documents.page_audit import faults
from tests.documents.writers.documents import document, number, results_table
from tests.documents.writers.reading import (
    html_text,
    pdf_text,
    squeezed,
    word_tables,
    word_text,
    workbook,
)

MARKUP = '#let x = 1; $a$ *b* _c_ <d> & "e" `f` \\g [h] {{ i }} {% j %} ]]> @k ~ // l'
LONG = "Samordningsförbundet " + "Kommunalsammanläggningsområdes" * 6 + " kommun"
EMOJI, RIGHT_TO_LEFT = "Grupp 🎯👩‍👩‍👧 漢字", "مريم ב שלום"


def is_well_formed(file: bytes) -> bool:
    archive = zipfile.ZipFile(io.BytesIO(file))
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(archive.read(name))
    return True


def check_all(report) -> None:
    assert faults(report_page(report), report.language) == []
    assert len(pikepdf.open(io.BytesIO(report_pdf(report))).pages) > 1
    assert is_well_formed(report_docx(report))
    assert is_well_formed(report_xlsx(report))


def test_markup_of_any_language_is_text() -> None:
    report = document([Paragraph(MARKUP), Bullets((MARKUP,)), Box("note", MARKUP, (MARKUP,))],
                      title=MARKUP)  # fmt: skip
    check_all(report)
    assert squeezed(MARKUP) in squeezed(pdf_text(report_pdf(report)))
    assert MARKUP in word_text(report_docx(report))
    assert squeezed(MARKUP) in squeezed(html_text(report_page(report)))


@pytest.mark.parametrize("label", [MARKUP, LONG, EMOJI, RIGHT_TO_LEFT], ids=str.__len__)
def test_any_label_may_stand_in_a_table(label) -> None:
    row = (Cell(label), number(0.5, "percent", 1, "sv"), Cell(label))
    table = Table(id=label, caption=label, columns=(label, "Andel", "Om"), rows=(row,))
    report = document([table])
    check_all(report)
    assert word_tables(report_docx(report))[0][1][0] == label
    sheet = workbook(report_xlsx(report)).worksheets[2]
    assert label in [cell.value for row in sheet.iter_rows() for cell in row]


def test_a_long_name_stays_within_its_column_of_the_page() -> None:
    row = (Cell(LONG), number(12, "count", 0, "sv"), number(0.5, "percent", 1, "sv"))
    table = Table(id="x", caption="x", columns=("Kommun", "Antal", "Andel"), rows=(row,))
    lines = pdf_text(report_pdf(document([table]))).splitlines()
    name = [line for line in lines if "Kommunalsamman" in line]
    assert max(len(line) for line in name) < 120  # a full line of the page holds about 110
    assert "50,0" in "".join(lines)


def test_forty_columns_are_cut_into_parts_that_a_page_holds() -> None:
    columns = ("Område", *(f"Mätning {i}" for i in range(1, 40)))
    row = (Cell("Ystad"), *(number(i / 40, "percent", 1, "sv") for i in range(1, 40)))
    table = Table(id="wide", caption="Bred", columns=columns, rows=(row,) * 3)
    parts = page_wide_parts(table, WIDE)
    assert len(parts) > 2
    counts = [len(part.columns) for part in parts]
    assert max(counts) - min(counts) <= len(parts)  # none is left with a column of its own
    assert {part.columns[0] for part in parts} == {"Område"}
    assert [name for part in parts for name in part.columns[1:]] == list(columns[1:])
    report = document([table])
    check_all(report)
    printed = squeezed(pdf_text(report_pdf(report)))
    assert all(squeezed(cell.text) in printed for cell in row)
    assert len(word_tables(report_docx(report))) == len(parts) + 1
    assert workbook(report_xlsx(report)).worksheets[2].max_column == 40


def test_an_empty_chapter_and_an_empty_table_are_written() -> None:
    empty = Table(id="none", caption="Inga", columns=("Grupp", "Antal"), rows=())
    check_all(document([empty]))
    check_all(document([]))


def test_a_figure_without_alternative_text_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="figure curve has no alternative text"):
        Figure(id="curve", caption="x", alt=" ", svg="<svg/>", data=results_table())


def test_control_characters_in_a_label_never_reach_a_file() -> None:
    section = Section((Paragraph("Gr\x07upp\x00en 12"), Bullets(("\x1b[1mfet\ud800",))))
    data = {MIME_TYPE: to_json(section), HEADLINE_MIME_TYPE: [{"label": "A\x08", "text": "1\x0c"}]}
    cell = {"cell_type": "code", "metadata": {}, "source": "", "outputs": [{"data": data}]}
    kept = released_chapter({"cells": [cell]}, "sv")
    assert chapter_blocks(kept) == (Paragraph("Gruppen 12"), Bullets(("[1mfet",)))
    assert chapter_headlines(kept) == (Headline("A", "1"),)
    check_all(document(chapter_blocks(kept)))
