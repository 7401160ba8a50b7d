"""The PDF read by an independent library: tags, language, headers, the same bytes every time."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from evalkit.documents.writers.pdf import compile_typst, report_pdf
from evalkit.documents.writers.pdf_tags import UntaggedTable, children, elements, with_row_headers
from tests.documents.writers.documents import document, figure
from tests.documents.writers.reading import pdf_text


@pytest.fixture(scope="module")
def written() -> bytes:
    return report_pdf(document())


@pytest.fixture(scope="module")
def pdf(written: bytes) -> Any:
    return pikepdf.open(io.BytesIO(written))


def tree(pdf: Any) -> Any:
    return pdf.Root.StructTreeRoot


def test_it_declares_pdf_ua_1_with_language_and_title(pdf) -> None:
    # ISO 14289-1: identification in XMP, title shown in the window, natural language, tags.
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Arena för exempel"
    assert str(pdf.Root.Lang) == "sv-SE"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


@pytest.mark.parametrize(("language", "tag"), [("sv", "sv-SE"), ("en", "en-GB")])
def test_the_language_is_that_of_the_report(language, tag) -> None:
    opened = pikepdf.open(io.BytesIO(report_pdf(document(language=language))))
    assert str(opened.Root.Lang) == tag


def test_every_figure_has_its_alternative_text(pdf) -> None:
    figures = list(elements(tree(pdf), "/Figure"))
    assert [str(found.Alt) for found in figures] == ["Andelen stiger till 45,2 %."]


def test_every_table_has_header_cells_for_columns_and_rows(pdf) -> None:
    tables = list(elements(tree(pdf), "/Table"))
    assert len(tables) == 3  # the table, the numbers of the figure, the files
    for table in tables:
        (head,) = elements(table, "/THead")
        assert {str(cell.S) for row in elements(head, "/TR") for cell in children(row)} == {"/TH"}
        for row in elements(next(elements(table, "/TBody")), "/TR"):
            kinds = [str(cell.S) for cell in children(row)]
            assert kinds == ["/TH"] + ["/TD"] * (len(kinds) - 1)
            scopes = [entry.get("/Scope") for entry in children(row)[0].A if "/Scope" in entry]
            assert scopes == ["/Row"]


def test_headings_start_at_the_first_level_and_skip_none(pdf) -> None:
    def levels(node: Any) -> list[int]:
        found = []
        for child in children(node):
            name = str(child.S)
            if name[:2] == "/H" and name[2:].isdigit():
                found.append(int(name[2:]))
            found += levels(child)
        return found

    order = levels(tree(pdf))
    assert order[0] == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(order))


def test_bookmarks_lead_to_the_chapters(pdf) -> None:
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert "2 Mål 2018" in [title.replace("\u2003", " ").replace("  ", " ") for title in titles]


def test_pages_are_numbered_of_how_many(written, pdf) -> None:
    assert f"Sida 2 av {len(pdf.pages)}" in pdf_text(written)


def test_only_fonts_that_come_with_packages_are_inside(pdf) -> None:
    fonts = {
        str(font.BaseFont).split("+")[-1]
        for page in pdf.pages
        for font in page.Resources.get("/Font", {}).values()
    }
    assert fonts
    assert all(name.startswith(("SourceSansPro", "DejaVuSans")) for name in fonts), fonts


def test_the_same_document_gives_the_same_bytes(written) -> None:
    assert report_pdf(document()) == written


def test_an_appendix_numbers_its_chapters_with_a_letter() -> None:
    text = pdf_text(report_pdf(document(is_appendix=True)))
    assert "Bilaga till utvärderingsrapport" in text
    assert "A2" in text


def test_a_picture_without_alternative_text_fails_the_build() -> None:
    import typst

    source = '#set document(title: "x")\n#title()\n#image("a.svg")'
    svg = figure().svg
    with pytest.raises(typst.TypstError, match="PDF/UA-1 error"):
        compile_typst(source, {"a.svg": svg}, day=document().data_cut)


def test_a_table_that_was_not_tagged_is_not_passed_over(written) -> None:
    with pytest.raises(UntaggedTable, match="expected 1 tables, found 3"):
        with_row_headers(written, [1])


def test_a_report_without_title_is_refused() -> None:
    import typst

    with pytest.raises(typst.TypstError):
        report_pdf(replace(document(), title=""))
