"""The same figures stand in every format, to the last digit and sign."""

from __future__ import annotations

import re

import pytest

from evalkit.present.blocks import Cell, Paragraph
from evalkit.report.documents.model import Document
from evalkit.report.documents.webpages import report_page
from evalkit.report.writers.content import numbered_blocks, numbered_chapters
from evalkit.report.writers.pdf import report_pdf
from evalkit.report.writers.word import report_docx
from evalkit.report.writers.workbook import report_xlsx
from tests.report.writers.documents import document
from tests.report.writers.reading import (
    html_tables,
    html_text,
    numbers_in,
    pdf_text,
    squeezed,
    word_tables,
    word_text,
    workbook,
)


def tables_of(report: Document) -> list[list[list[str]]]:
    found = []
    for one in numbered_blocks(numbered_chapters(report)):
        rows = [[cell.text for cell in row] for row in one.table.rows]
        found.append([list(one.table.columns), *rows])
    return found


def as_printed(cell: object, code: str) -> str:
    """A spreadsheet cell as Excel shows it: only the parts of format codes that we use."""
    if not isinstance(cell, int | float):
        return str(cell)
    positive = code.split(";")[0]
    digits = re.search(r"0(?:\.(0+))?", positive)
    assert digits is not None
    shown = cell * 100 if positive.endswith("%") else cell
    text = (
        f"{abs(shown):,.{len(digits[1] or '')}f}"
        if "," in positive
        else (f"{abs(shown):.{len(digits[1] or '')}f}")
    )
    before, after = (
        part.replace('"', "")
        for part in (positive[: re.search(r"[#0]", positive).start()], positive[digits.end() :])
    )
    return before + ("−" if shown < 0 else "") + text + after


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_table_reads_the_same_in_every_format(language) -> None:
    report = document(language=language)
    expected = tables_of(report)
    assert len(expected) == 2
    page = [table for table in html_tables(report_page(report)) if len(table[0]) > 2]
    assert page == expected
    word = [table for table in word_tables(report_docx(report)) if len(table[0]) > 2]
    assert word == expected
    printed = squeezed(pdf_text(report_pdf(report)))
    for table in expected:
        for row in table:
            assert squeezed("".join(row)) in printed, row


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_workbook_shows_the_numbers_of_the_report(language) -> None:
    report = document(language=language)
    book = workbook(report_xlsx(report))
    for name, table in zip(book.sheetnames[1:], tables_of(report), strict=True):
        sheet = book[name]
        (reference,) = [found.ref for found in sheet.tables.values()]
        shown = [[as_printed(cell.value, cell.number_format) for cell in row]
                 for row in sheet[reference]]  # fmt: skip
        if language == "sv":
            # The program that opens the file writes marks of its own language.
            shown = [shown[0], *([_swedish(cell) for cell in row] for row in shown[1:])]
        assert shown == table


def _swedish(cell: str) -> str:
    if not re.match(r"(p\u00a0=\u00a0)?−?\d", cell):
        return cell
    return cell.replace(",", "\u00a0").replace(".", ",")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_number_of_every_sentence_stands_in_every_page_format(language) -> None:
    report = document(language=language)
    sentences = [report.summary, *(f"{line.text} {line.detail}" for line in report.headlines)]
    for chapter in report.chapters:
        for part in chapter.parts:
            for block in part.blocks:
                sentences += [block.text] if isinstance(block, Paragraph) else []
                sentences += list(getattr(block, "items", ()))
                sentences += list(getattr(block, "notes", ()))
    assert sum(len(numbers_in(text)) for text in sentences) > 15
    written = {
        "html": squeezed(html_text(report_page(report))),
        "pdf": squeezed(pdf_text(report_pdf(report))),
        "docx": squeezed(word_text(report_docx(report))),
    }
    for text in sentences:
        for name, content in written.items():
            assert squeezed(text) in content, (name, text)


def test_headlines_stand_on_the_cover_of_the_workbook() -> None:
    sheet = workbook(report_xlsx(document())).worksheets[0]
    pairs = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2)}
    assert pairs["Till arbete"] == "61,0 %; 95 % konfidensintervall 55,1–66,7 %"


def test_a_number_that_differs_would_be_seen() -> None:
    """The comparison above fails on a changed digit: it compares whole texts, not a sample."""
    report = document([Paragraph("Andelen är 61,0 %.")])
    other = document([Paragraph("Andelen är 61,1 %.")])
    assert squeezed("Andelen är 61,0 %.") not in squeezed(pdf_text(report_pdf(other)))
    assert squeezed("Andelen är 61,0 %.") in squeezed(pdf_text(report_pdf(report)))
    assert Cell("61,0 %").text == "61,0 %"
