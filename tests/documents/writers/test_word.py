"""The Word file read as the XML it is: headings, captions, headers, alternative texts."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from evalkit.documents.writers.word import report_docx
from evalkit.present.blocks import Cell, Table
from tests.documents.writers.documents import document
from tests.documents.writers.reading import word_part

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@pytest.fixture(scope="module")
def written() -> bytes:
    return report_docx(document())


def test_headings_are_headings(written) -> None:
    paragraphs = docx.Document(io.BytesIO(written)).paragraphs
    headings = [
        (p.style.name, p.text) for p in paragraphs if p.style.name in ("Heading 1", "Heading 2")
    ]
    assert ("Heading 1", "2 Mål 2018") in headings
    assert ("Heading 2", "Vilka?") in headings
    assert ("Heading 1", "Talen bakom figurerna") in headings


def test_every_picture_has_its_alternative_text(written) -> None:
    pictures = list(word_part(written, "word/document.xml").iter(f"{_DRAWING}docPr"))
    assert [found.get("descr") for found in pictures] == ["Andelen stiger till 45,2 %."]
    names = zipfile.ZipFile(io.BytesIO(written)).namelist()
    assert [name for name in names if name.endswith(".png")]


def test_the_header_row_of_every_table_repeats_and_its_first_column_heads_rows(written) -> None:
    tables = list(word_part(written, "word/document.xml").iter(f"{_W}tbl"))
    assert len(tables) == 3
    for table in tables:
        repeated = [
            row.find(f"{_W}trPr/{_W}tblHeader") is not None for row in table.iter(f"{_W}tr")
        ]
        assert repeated == [True] + [False] * (len(repeated) - 1)
        look = table.find(f"{_W}tblPr/{_W}tblLook")
        assert look is not None
        assert (look.get(f"{_W}firstRow"), look.get(f"{_W}firstColumn")) == ("1", "1")
        assert table.find(f"{_W}tblPr/{_W}tblCaption") is not None
        assert not list(table.iter(f"{_W}gridSpan")) + list(table.iter(f"{_W}vMerge"))


@pytest.mark.parametrize(("language", "tag"), [("sv", "sv-SE"), ("en", "en-GB")])
def test_the_language_of_the_text_is_that_of_the_report(language, tag) -> None:
    written = report_docx(document(language=language))
    styles = word_part(written, "word/styles.xml")
    assert {found.get(f"{_W}val") for found in styles.iter(f"{_W}lang")} == {tag}
    assert docx.Document(io.BytesIO(written)).core_properties.language == language


def test_title_and_page_numbers_are_set(written) -> None:
    assert docx.Document(io.BytesIO(written)).core_properties.title == "Arena för exempel"
    names = zipfile.ZipFile(io.BytesIO(written)).namelist()
    assert not any("thumbnail" in name for name in names)  # of python-docx's own document
    feet = [word_part(written, name) for name in names if name.startswith("word/footer")]
    fields = [{(t.text or "").strip() for t in foot.iter(f"{_W}instrText")} for foot in feet]
    assert fields == [{"PAGE", "NUMPAGES"}] * 2


def test_the_contents_are_a_field_whose_links_all_lead_somewhere(written) -> None:
    body = word_part(written, "word/document.xml")
    assert any("TOC" in (found.text or "") for found in body.iter(f"{_W}instrText"))
    marks = {
        found.get(f"{_W}name"): paragraph
        for paragraph in body.iter(f"{_W}p")
        for found in paragraph.iter(f"{_W}bookmarkStart")
    }
    links = list(body.iter(f"{_W}hyperlink"))
    assert len(links) == 5  # two chapters, one part, the numbers, about the report
    for link in links:
        text = "".join(t.text or "" for t in link.iter(f"{_W}t"))
        target = marks[link.get(f"{_W}anchor")]
        assert "".join(t.text or "" for t in target.iter(f"{_W}t")) == text


def test_the_contents_say_how_to_have_page_numbers_until_word_counts_them(written) -> None:
    # Word replaces what stands between "separate" and "end" when it updates a field.
    body = word_part(written, "word/document.xml")
    inside, shown = 0, list[str]()
    for node in body.iter():
        if node.tag == f"{_W}fldChar":
            inside += {"separate": 1, "end": -1}.get(node.get(f"{_W}fldCharType", ""), 0)
        if node.tag == f"{_W}t" and inside:
            shown.append(node.text or "")
    assert shown[-1] == "Listan får sidnummer när den uppdateras: markera den och tryck F9."
    assert shown[0] == "1 Deltagarna"
    styles = word_part(written, "word/styles.xml")
    names = {found.get(f"{_W}val") for found in styles.iter(f"{_W}name")}
    assert {"toc 1", "toc 2"} <= names  # those Word sets updated contents in


def test_rows_are_never_divided_and_a_short_table_stays_on_a_page_with_its_notes(written) -> None:
    table = next(word_part(written, "word/document.xml").iter(f"{_W}tbl"))
    rows = list(table.iter(f"{_W}tr"))
    assert all(row.find(f"{_W}trPr/{_W}cantSplit") is not None for row in rows)
    kept = [{p.find(f"{_W}pPr/{_W}keepNext") is not None for p in row.iter(f"{_W}p")}
            for row in rows]  # fmt: skip
    assert kept == [{True}] * 3


def test_a_long_table_may_go_on_over_the_page() -> None:
    rows = tuple((Cell(f"Plats {n}"), Cell("x")) for n in range(40))
    long = Table(id="x", caption="x", columns=("Plats", "Om"), rows=rows)
    table = next(word_part(report_docx(document([long])), "word/document.xml").iter(f"{_W}tbl"))
    assert len(list(table.iter(f"{_W}keepNext"))) == 2  # the cells of the heading


def test_the_same_document_gives_the_same_bytes(written) -> None:
    assert report_docx(document()) == written
