from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evalkit.present.blocks import Bullets, Heading, Paragraph
from evalkit.present.prose import blocks_from_markdown


def test_emphasis_becomes_plain_text_and_a_link_keeps_its_address() -> None:
    text = "Se **rapporten** i [arkivet](https://example.org/a) och `koden`."
    assert blocks_from_markdown(text) == (
        Paragraph("Se rapporten i arkivet (https://example.org/a) och koden."),
    )


def test_hard_spaces_survive() -> None:
    assert blocks_from_markdown("61\u00a0% av\n267") == (Paragraph("61\u00a0% av 267"),)


def test_lists_headings_and_quotes_are_blocks() -> None:
    text = "### Rubrik\n\n- ett\n- två *gånger*\n\n1. tre\n\n> citat"
    assert blocks_from_markdown(text) == (
        Heading(3, "Rubrik"),
        Bullets(("ett", "två gånger")),
        Paragraph("1. tre"),
        Paragraph("citat"),
    )


def test_raw_html_is_text() -> None:
    (block,) = blocks_from_markdown("En <b>fet</b> rad <script>x()</script>")
    assert block == Paragraph("En <b>fet</b> rad <script>x()</script>")


@given(st.text(max_size=200))
def test_any_text_at_all_can_be_read(text: str) -> None:
    for block in blocks_from_markdown(text):
        assert isinstance(block, Heading | Paragraph | Bullets)
