"""The PDF read by an independent library: tags, language, headers, the same bytes every time."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from typing import Any

import pikepdf
import pypdf
import pytest

from evalkit.documents.model import Chapter, Document, Looks, Part
from evalkit.documents.writers.figures import png_charts
from evalkit.documents.writers.pdf import (
    UntaggedTable,
    children,
    compile_typst,
    elements,
    report_pdf,
    with_row_headers,
)
from evalkit.present.blocks import Cell, Heading, Paragraph, Table
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


def test_an_own_logo_adorns_the_cover_and_needs_no_words(written) -> None:
    (png,) = png_charts((figure().svg,))
    dressed = report_pdf(replace(document(), looks=Looks(logo=png)))
    opened = pikepdf.open(io.BytesIO(dressed))
    assert any(page.images for page in opened.pages)
    assert len(list(elements(tree(opened), "/Figure"))) == 1  # the chart alone
    assert len(dressed) > len(written)


def test_a_report_without_title_is_refused() -> None:
    import typst

    with pytest.raises(typst.TypstError):
        report_pdf(replace(document(), title=""))


def many_chapters() -> Document:
    """Chapters of a few lines, with tables that just do not fit where they would begin."""
    rows = tuple((Cell(f"Plats {n}"), Cell(str(n), n, "count")) for n in range(15))
    table = Table(id="t", caption="Platser", columns=("Plats", "Antal"), rows=rows)
    led = (Heading(3, "Före och efter"), Paragraph("Tabellen visar platserna."), table)
    chapters = tuple(
        Chapter(
            id=f"c{n}",
            title=f"Kapitel {n}",
            parts=(
                Part(id=f"c{n}-1", title="Först", blocks=(Paragraph("Några ord. " * 5 * n),)),
                *([Part(id=f"c{n}-2", title="Sedan", blocks=led)] if n % 3 else []),
            ),
        )
        for n in range(1, 8)
    )
    return replace(document(), chapters=chapters)


def lines_of(page: Any) -> list[tuple[float, str]]:
    """Lines between header and footer from the top: how far down, of the page, and the words."""
    found: dict[float, str] = {}

    def visit(text: str, page_at: Any, text_at: Any, *rest: Any) -> None:
        if text.strip(" ."):
            up = text_at[4] * page_at[1] + text_at[5] * page_at[3] + page_at[5]
            height = round(1 - up / float(page.mediabox.height), 3)
            found[height] = found.get(height, "") + text.strip()

    page.extract_text(visitor_text=visit)
    lines = ((height, text) for height, text in found.items() if 0.08 < height < 0.92)
    return sorted((height, text) for height, text in lines if "...." not in text)


def test_no_page_holds_a_few_lines_and_no_heading_stands_last_on_its_page() -> None:
    report = many_chapters()
    pages = [lines_of(page) for page in pypdf.PdfReader(io.BytesIO(report_pdf(report))).pages]
    assert len(pages) > 5
    headings = ("Först", "Sedan", "Före och efter", "Tabellen visar", "Kapitel")
    for lines in pages[:-1]:
        height, text = lines[-1]
        assert height > 0.36, text  # 30 per cent of what lies between the margins
        assert not text.startswith(headings), text
    led = [lines for lines in pages if any(text.startswith("Tabellen visar") for _, text in lines)]
    for lines in led:  # what leads up to a table stands on its page
        texts = [text for _, text in lines]
        places = [i for i, text in enumerate(texts) if text.startswith("Tabellen visar")]
        assert all("Platser" in "".join(texts[i + 1 : i + 3]) for i in places)
