"""Tables in Word: a header row that repeats, row headers, widths by content, no merged cells.

Written as the XML they are: python-docx takes most of a report's time for their cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from evalkit.documents.writers.widths import Line, column_widths, is_narrow
from evalkit.documents.writers.word_styles import LINE_WIDTH_MM, TABLE_STYLE, TABLE_TEXT
from evalkit.present.blocks import Table
from evalkit.present.html import number_columns

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_MM_PER_DIGIT = 1.7  # Calibri at 9.5 points
_TWIPS_PER_DIGIT = _MM_PER_DIGIT * 1440 / 25.4
_NORMAL, WIDE = (Line(digits=LINE_WIDTH_MM / _MM_PER_DIGIT, between=gap) for gap in (2, 1))
# A table of no more rows is kept on one page.
_ROWS_KEPT_TOGETHER = 16
# Columns of a wide table stand closer than the table style has them.
_CLOSE = '<w:tblCellMar><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
# Words beside a column of numbers keep a distance to it.
_APART = '<w:ind w:left="90"/>'
_KEPT, _TO_THE_RIGHT = "<w:keepNext/>", '<w:jc w:val="right"/>'
_BOLD, _AT_THE_BOTTOM = "<w:rPr><w:b/></w:rPr>", '<w:vAlign w:val="bottom"/>'


def add_table(word: WordDocument, table: Table, *, caption: str, before_notes: bool) -> None:
    """A data table at the end of the document; the caption is its name for a screen reader.

    Args:
        word: The document.
        table: What the table holds.
        caption: Its name for a screen reader.
        before_notes: Notes follow, which shall stand on the page of the last row.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    made = parse_xml(f"<w:tbl {nsdecls('w')}>{_table(table, caption, before_notes)}</w:tbl>")
    word.element.body.insert_element_before(made, "w:sectPr")


def _table(table: Table, caption: str, before_notes: bool) -> str:
    is_wide = not is_narrow(table, _NORMAL)
    digits = column_widths(table, WIDE if is_wide else _NORMAL)
    widths = [round(width * _TWIPS_PER_DIGIT) for width in digits]
    lines = [list(table.columns), *([cell.text for cell in row] for row in table.rows)]
    numbers = number_columns(table)
    last = len(lines) - 1
    is_short = last <= _ROWS_KEPT_TOGETHER
    rows = (
        _row(
            line,
            widths,
            numbers,
            is_heading=position == 0,
            is_kept=position == 0 or (is_short if position < last else is_short and before_notes),
        )
        for position, line in enumerate(lines)
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"{_properties(table, caption, is_wide)}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}"


def _properties(table: Table, caption: str, is_wide: bool) -> str:
    """The table's style and name, and which of its cells are headers."""
    return (
        f'<w:tblPr><w:tblStyle w:val="{TABLE_STYLE.replace(" ", "")}"/>'
        '<w:tblW w:w="0" w:type="auto"/><w:tblLayout w:type="fixed"/>'
        f"{_CLOSE * is_wide}"
        '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0"'
        f' w:firstColumn="{int(table.row_headers > 0)}" w:lastColumn="0"'
        f' w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val={quoteattr(caption)}/></w:tblPr>'
    )


def _row(
    texts: list[str],
    widths: list[int],
    numbers: frozenset[int],
    *,
    is_heading: bool,
    is_kept: bool,
) -> str:
    """A row that is never divided; the heading stands on every page, kept rows on one."""
    style = f'<w:pStyle w:val="{TABLE_TEXT.replace(" ", "")}"/>{_KEPT * is_kept}'
    cells = (
        f'<w:tc><w:tcPr><w:tcW w:w="{widths[i]}" w:type="dxa"/>{_AT_THE_BOTTOM * is_heading}'
        f"</w:tcPr><w:p><w:pPr>{style}{_APART * (i - 1 in numbers and i not in numbers)}"
        f"{_TO_THE_RIGHT * (i in numbers)}</w:pPr>"
        # The table style makes the heading bold too, which not every program heeds.
        f'<w:r>{_BOLD * is_heading}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        "</w:p></w:tc>"
        for i, text in enumerate(texts)
    )
    repeats = "<w:tblHeader/>" * is_heading
    return f"<w:tr><w:trPr><w:cantSplit/>{repeats}</w:trPr>{''.join(cells)}</w:tr>"
