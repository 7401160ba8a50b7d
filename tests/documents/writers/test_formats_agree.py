"""The same figures stand in every format, to the last digit and sign."""

from __future__ import annotations

import pytest

from evalkit.documents.webpages import report_page
from evalkit.documents.writers.pdf import report_pdf
from evalkit.documents.writers.word import report_docx
from evalkit.documents.writers.workbook import report_xlsx
from evalkit.present.blocks import Cell, Paragraph
from tests.documents.writers.comparing import sentences_of, shown_in, tables_of
from tests.documents.writers.documents import document
from tests.documents.writers.reading import (
    html_tables,
    html_text,
    numbers_in,
    pdf_text,
    squeezed,
    word_tables,
    word_text,
    workbook,
)


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
    for name, table in zip(book.sheetnames[2:], tables_of(report), strict=True):
        assert shown_in(book[name], language) == table


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_number_of_every_sentence_stands_in_every_page_format(language) -> None:
    report = document(language=language)
    sentences = list(sentences_of(report))
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
