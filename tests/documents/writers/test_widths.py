"""Columns of a table share a line so that numbers stay whole and words are broken at spaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.documents.writers.widths import (
    Line,
    column_widths,
    digits_wide,
    is_narrow,
    lines_needed,
    page_wide_parts,
)
from evalkit.present.blocks import Cell, Table
from tests.documents.writers.documents import number, results_table

LINE = Line(digits=100, between=2)


def table(*columns: str, words: str = "ett två", rows: int = 2) -> Table:
    cells = (Cell(words), *(number(0.5, "percent", 1, "sv") for _ in columns[1:]))
    return Table(id="x", caption="x", columns=columns, rows=(cells,) * rows)


def test_a_narrow_table_is_as_wide_as_its_content() -> None:
    assert is_narrow(results_table(), LINE)
    assert sum(column_widths(results_table(), LINE)) < 90


@pytest.mark.parametrize(
    ("text", "percent_of_digits"),
    # Widths in Source Sans over the width of its digits, from the advances in the font's
    # hmtx table: 0.497 em for a digit.
    [("Icke-binära", 9.51), ("Resultat", 7.11), ("skyddad", 6.93), ("46,0\u00a0%", 5.58)],
)
def test_letters_are_weighed_nearly_as_the_font_has_them(text, percent_of_digits) -> None:
    assert digits_wide(text) == pytest.approx(percent_of_digits, rel=0.07)


def test_words_give_way_before_numbers() -> None:
    wide = table("Definition", *(f"Räknas nu {i}" for i in range(7)), words="ord " * 60)
    widths = column_widths(wide, LINE)
    assert sum(widths) == pytest.approx(100)
    assert widths[0] > 30
    # Headings of numbers are broken at their spaces; no number is.
    assert all(digits_wide("50,0\u00a0%") + 2 <= width < 11 for width in widths[1:])


def test_a_name_without_end_does_not_push_the_numbers_out() -> None:
    widths = column_widths(table("Kommun", "Andel", words="x" * 300), LINE)
    assert sum(widths) == pytest.approx(100)


def test_eleven_columns_of_words_for_withheld_figures_still_fit_a_page() -> None:
    heads = ("Code", "Started", "Finished", "Not yet", "Unknown", "Observed", "Result", "Share")
    row = (Cell("EECR01"), *(Cell("withheld") for _ in heads[1:]))
    numbers = (Cell("EECR02"), *(number(0.21, "percent", 1, "en") for _ in heads[1:]))
    made = Table(id="x", caption="x", columns=heads, rows=(row, numbers))
    assert page_wide_parts(made, LINE) == (made,)


@given(st.lists(st.text("abc åäö", min_size=1, max_size=30), min_size=2, max_size=30))
def test_columns_never_take_more_than_the_line_and_none_is_lost(heads) -> None:
    made = table(*heads)
    parts = page_wide_parts(made, LINE)
    assert [head for part in parts for head in part.columns[1:]] == heads[1:]
    for part in parts:
        assert sum(column_widths(part, LINE)) <= 100.001


@given(st.text("abc åäö-1234567890 ", min_size=1, max_size=80))
def test_a_column_as_wide_as_its_text_needs_one_line(text) -> None:
    assert lines_needed(text, max(digits_wide(text), 1)) == 1


@given(st.text("abc åäö-1234567890 ", max_size=200), st.integers(5, 60))
def test_lines_hold_what_they_are_given(text, width) -> None:
    needed = lines_needed(text, width)
    assert needed >= digits_wide(text.strip()) / width - 0.05 * needed - 1
    assert needed <= max(len(text.split(" ")), 1) + digits_wide(text) // width
