"""Whole reports of sample projects: every table, number and sentence alike in four formats.

Between them the two hold every chapter about one project.
"""

from __future__ import annotations

from typing import Any, get_args

import pytest

from evalkit.documents.model import Document
from evalkit.documents.webpages import report_page
from evalkit.documents.writers.pdf import report_pdf
from evalkit.documents.writers.word import report_docx
from evalkit.documents.writers.workbook import report_xlsx
from evalkit.project import load_project
from evalkit.project.vocabulary import Chapter
from tests.documents.writers.comparing import (
    numbered,
    sentences_of,
    shown_in,
    tables_in_word,
    tables_of,
)
from tests.documents.writers.reading import (
    html_tables,
    html_text,
    pdf_text,
    squeezed,
    word_tables,
    word_text,
    workbook,
)
from tests.support.reports import document_of

pytestmark = pytest.mark.slow

REPORTS = (("sydostra-skane-jobbspar", "sv"), ("trelleborg-samordnad-etablering", "en"))
# At least so many tables, and rows without a space, has each of them.
HOLDS = {"sydostra-skane-jobbspar": (40, 100), "trelleborg-samordnad-etablering": (12, 15)}


@pytest.fixture(scope="module", params=REPORTS, ids="-".join)
def report(request: Any) -> Document:
    return document_of(*request.param)


def test_the_reports_hold_every_chapter_about_one_project(sample_folder) -> None:
    held = {
        chapter
        for name, _ in REPORTS
        for chapter in load_project(sample_folder / name / "project.yaml").chapters
    }
    assert held == set(get_args(Chapter)) - {"portfolio"}


def test_every_table_reads_the_same_in_html_and_word(report) -> None:
    expected = tables_of(report)
    assert len(expected) > HOLDS[report.project_id][0]
    *page, _ = html_tables(report_page(report))  # last the files that the report rests on
    assert page == expected
    assert word_tables(report_docx(report)) == tables_in_word(report)


def test_every_sheet_shows_the_numbers_of_its_table(report) -> None:
    book = workbook(report_xlsx(report))
    assert book.sheetnames[2:] == [one.label for one in numbered(report)]
    for name, table in zip(book.sheetnames[2:], tables_of(report), strict=True):
        # An empty cell is one without a number.
        told = [[cell or "–" for cell in row] for row in table]
        assert shown_in(book[name], report.language) == told, name


def test_every_cell_and_every_sentence_stands_in_every_page_format(report) -> None:
    written = {
        "html": squeezed(html_text(report_page(report))),
        "pdf": squeezed(pdf_text(report_pdf(report))),
        "docx": squeezed(word_text(report_docx(report))),
    }
    rows = [row for table in tables_of(report) for row in table]
    said = {*sentences_of(report), *(cell for row in rows for cell in row)}
    missing = {
        name: [text for text in said if squeezed(text) not in content]
        for name, content in written.items()
    }
    assert missing == {"html": [], "pdf": [], "docx": []}
    # In a PDF the cells of a row follow each other, unless words are broken over lines.
    whole = [row for row in rows if not any(" " in cell for cell in row)]
    assert len(whole) > HOLDS[report.project_id][1]
    assert [row for row in whole if squeezed("".join(row)) not in written["pdf"]] == []
