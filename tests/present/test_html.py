from __future__ import annotations

from evalkit.language import Texts
from evalkit.present.blocks import Box, Cell, Heading, Paragraph, Section, Table
from evalkit.present.html import Page, blocks_html, section_html
from tests.documents.page_audit import Page as Parsed
from tests.support.templates import section


def test_a_section_stands_on_its_own_with_its_language_and_style() -> None:
    html = section_html(section(), "sv")
    page = Parsed(html)
    assert page.mismatched == []
    assert page.elements[0] == ("div", {"class": "evalkit", "lang": "sv"})
    assert len(page.of("style")) >= 1
    assert "Visa talen bakom figuren" in html


def test_every_style_rule_is_confined_to_the_section() -> None:
    css = section_html(Section((Paragraph("x"),)), "sv").split("<style>")[1].split("</style>")[0]
    selectors = [line for line in css.splitlines() if line.endswith("{") or "{" in line]
    assert selectors
    assert all(line.strip().startswith((".evalkit", "@media", "@container")) for line in selectors)


def test_an_internal_section_says_so_before_anything_else() -> None:
    html = section_html(section(is_internal=True), "en")
    assert html.index("Internal view") < html.index("Antal")
    assert "Internal view" not in section_html(section(), "en")


def test_tables_are_not_numbered_in_a_notebook() -> None:
    assert "Tabell 1" not in section_html(section(), "sv")


def test_a_table_heads_its_columns_and_its_first_columns_head_their_rows() -> None:
    cell = Cell
    table = Table(
        id="t",
        caption="Kön & ålder",
        columns=("Kön", "Ålder", "Antal"),
        rows=((cell("Kvinnor"), cell("18–29"), cell("141", 141, "count")),),
        row_headers=2,
    )
    html = blocks_html((table,), Page(Texts("sv")))
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 2
    assert '<td role="cell" data-head="Antal" class="ek-number">141</td>' in html
    assert "Kön &amp; ålder</span></caption>" in html


def test_a_box_is_told_by_its_title_and_not_by_colour_alone() -> None:
    html = blocks_html((Box("cannot_say", "Kan inte sägas", ("<Att>",)),), Page(Texts("sv")))
    assert "Kan inte sägas" in html
    assert 'aria-hidden="true">✕' in html
    assert "&lt;Att&gt;" in html


def test_a_heading_is_one_level_below_the_pages_own() -> None:
    blocks = (Heading(1, "A"), Heading(2, "B"), Heading(6, "C"))
    html = blocks_html(blocks, Page(Texts("sv")))
    assert [f"h{n}" for n in (2, 3, 6)] == [
        tag for tag, _ in Parsed(html).elements if tag.startswith("h")
    ]


def test_ids_that_would_clash_are_told_apart() -> None:
    page = Page(Texts("sv"))
    assert [page.unique_id("Tabell å") for _ in range(3)] == ["tabell", "tabell-2", "tabell-3"]


def test_the_same_section_gives_the_same_html() -> None:
    assert section_html(section(), "sv") == section_html(section(), "sv")


def test_a_source_is_labelled_once_in_the_language_of_the_page() -> None:
    page = Page(Texts("en"))
    assert page.source("Källa: Kolada (N03937)") == "Source: Kolada (N03937)"
    assert page.source("SCB") == "Source: SCB"


def test_a_withheld_cell_lines_up_with_the_numbers_of_its_column() -> None:
    rows = ((Cell("a"), Cell("skyddad"), Cell("x")), (Cell("b"), Cell("7", 7, "count"), Cell("y")))
    table = Table(id="t", caption="T", columns=("A", "B", "C"), rows=rows)
    html = blocks_html((table,), Page(Texts("sv")))
    assert 'data-head="B" class="ek-number">skyddad</td>' in html
    assert 'role="columnheader" class="ek-number">B</th>' in html
    assert 'data-head="C">x</td>' in html
