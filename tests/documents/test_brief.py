"""The brief: two pages that fit, with a question, an answer and a picture, and no other figures."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from evalkit.documents.brief import brief_of
from evalkit.documents.files.names import report_files
from evalkit.documents.model import Document
from evalkit.documents.webpages import report_page
from evalkit.documents.writers.pdf import report_pdf
from evalkit.present.blocks import Figure, Table, printed, words_of
from tests.support.reports import SAMPLES, document_of

# Issue 16: one A4 of at most 220 words, one picture, five claim rows; two pages in all.
MOST_WORDS, MOST_CLAIMS = 220, 5
PARTS = {"Frågan", "Svaret", "Hur säkert är det?", "Vad det betyder", "Nästa steg för uppgifterna"}

# Every sample in Swedish, and in English those whose first page says most.
REPORTS = [(name, "sv") for name in SAMPLES] + [("arena-for-arbete", "en"), (SAMPLES[-1], "en")]


@pytest.fixture(params=REPORTS, ids="-".join)
def brief(request) -> Document:
    return brief_of(document_of(*request.param))


@pytest.fixture
def language(brief):
    return brief.language


def blocks_of(document: Document) -> list:
    assert document.first_page is not None
    return [block for part in document.first_page.parts for block in part.blocks]


def test_it_is_two_pages_that_pass_the_gate_for_accessibility(brief):
    pages = pypdf.PdfReader(io.BytesIO(report_pdf(brief))).pages
    assert len(pages) == 2
    assert brief.title in " ".join(pages[0].extract_text().split())


def test_the_first_page_has_five_parts_one_picture_and_few_words(brief, language):
    page = brief.first_page
    if language == "sv":
        assert {part.title for part in page.parts} == PARTS
    around = [brief.title, page.title, *(f"{name}. {note}" for name, note in brief.notices)]
    words = sum(len(text.split()) for text in (*around, *(part.title for part in page.parts)))
    assert words + words_of(blocks_of(brief)) <= MOST_WORDS
    assert sum(isinstance(block, Figure) for block in blocks_of(brief)) == 1
    claims = [block for block in blocks_of(brief) if isinstance(block, Table)]
    assert all(len(table.rows) <= MOST_CLAIMS for table in claims)


def test_the_first_page_has_a_verdict_on_each_claim_in_swedish(brief, language):
    rows = sum(len(block.rows) for block in blocks_of(brief) if isinstance(block, Table))
    asked = _claims(document_of(brief.project_id, language), table="claim-verdicts")
    assert rows == min(asked, MOST_CLAIMS) or (language == "en" and rows >= min(asked, 3))


def test_what_it_says_stands_in_the_report(brief, language):
    whole = document_of(brief.project_id, language)
    assert whole.first_page is not None
    said = {text for part in whole.first_page.parts for b in part.blocks for text in printed(b)}
    assert {text for block in blocks_of(brief) for text in printed(block)} <= said


def test_every_claim_of_the_report_stands_on_one_of_the_pages(brief, language):
    whole = document_of(brief.project_id, language)
    assert _claims(brief) == _claims(whole, table="claim-verdicts")


def _claims(document: Document, table: str = "") -> int:
    wanted = {table} if table else {"first-claims", "brief-claims"}
    chapters = document.chapters if table else (document.first_page, *document.chapters)
    return sum(
        len(block.rows)
        for chapter in chapters
        for part in chapter.parts
        for block in part.blocks
        if isinstance(block, Table) and block.id in wanted
    )


def test_it_is_a_page_of_its_own_that_fetches_nothing(brief):
    page = report_page(brief)
    assert not re.search(r"(src|href)=\"https?:", page)
    assert "<h1>" in page
    assert "report." in page


def test_its_files_are_among_those_of_a_report():
    language = "sv"
    files = report_files(language, ("html", "pdf", "docx", "xlsx"))
    assert {f"report.{language}.brief.html", f"report.{language}.brief.pdf"} <= set(files)
    assert not any("brief" in name for name in report_files(language, ("html",), is_appendix=True))
