"""Tables in Word: a header row that repeats, row headers, widths by content, no merged cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit.present.blocks import Table
from evalkit.present.html import number_columns
from evalkit.report.writers.word_styles import LINE_WIDTH_MM, TABLE_STYLE, element

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_MM_PER_CHARACTER = 1.85
_PADDING_MM = 4.0
_NARROWEST_MM = 14.0
_RIGHT, _BOTTOM = 2, 3  # WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_VERTICAL.BOTTOM
_TEXT_STYLE_ID = "TableText"  # python-docx takes the spaces out of "Table Text"


def add_table(word: WordDocument, table: Table, *, caption: str) -> None:
    """A data table at the end of the document; the caption is its name for a screen reader."""
    made = word.add_table(rows=1 + len(table.rows), cols=len(table.columns), style=TABLE_STYLE)
    made.autofit = False
    numbers = number_columns(table)
    widths = column_widths(table)
    # The cells of python-docx are looked up anew at each access: rows are walked once instead.
    rows = [[cell for cell in row.cells] for row in made.rows]  # noqa: C416 - a list, not a tuple
    texts = [list(table.columns), *([cell.text for cell in row] for row in table.rows)]
    for position, (cells, line) in enumerate(zip(rows, texts, strict=True)):
        for column, (cell, text) in enumerate(zip(cells, line, strict=True)):
            _fill(cell, text, is_right=column in numbers, is_heading=position == 0)
            _set_width(cell, widths[column])
    for column, width in zip(made.columns, widths, strict=True):
        column.width = _mm(width)
    _describe(made, caption, has_row_headers=table.row_headers > 0)
    for position, row in enumerate(made.rows):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no such property
        properties.append(element("cantSplit"))
        if position == 0:
            properties.append(element("tblHeader"))


def column_widths(table: Table) -> list[float]:
    """Millimetres for each column: what its content needs, within a line of the page.

    Too wide a table gives way in its widest columns, where there are spaces to break at.
    """
    needed = []
    for position, heading in enumerate(table.columns):
        longest = max((len(row[position].text) for row in table.rows), default=0)
        words = max((len(word) for word in heading.split()), default=0)
        characters = max(longest, words, min(len(heading), 14))
        needed.append(max(characters * _MM_PER_CHARACTER + _PADDING_MM, _NARROWEST_MM))
    excess = sum(needed) - LINE_WIDTH_MM
    while excess > 0.5 and max(needed) > _NARROWEST_MM:
        widest = max(needed)
        at_widest = [i for i, width in enumerate(needed) if width >= widest - 0.01]
        lower = max((w for w in needed if w < widest - 0.01), default=_NARROWEST_MM)
        step = min(widest - lower, excess / len(at_widest))
        for i in at_widest:
            needed[i] -= max(step, 0.01)
        excess = sum(needed) - LINE_WIDTH_MM
    return needed


def _fill(cell: Any, text: str, *, is_right: bool, is_heading: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph._p.style = _TEXT_STYLE_ID  # noqa: SLF001 - by name, each takes 4 ms
    if is_right:
        paragraph.alignment = _RIGHT
    paragraph.add_run(text)
    if is_heading:
        paragraph.paragraph_format.keep_with_next = True
        cell.vertical_alignment = _BOTTOM


def _set_width(cell: Any, width: float) -> None:
    cell.width = _mm(width)


def _describe(table: Any, caption: str, *, has_row_headers: bool) -> None:
    """The table's name, and which of its cells are headers."""
    from docx.oxml.ns import qn

    properties = table._tbl.tblPr  # noqa: SLF001
    for look in properties.findall(qn("w:tblLook")):
        properties.remove(look)
    properties.append(
        element("tblLook", val="04A0", firstRow="1", lastRow="0",
                firstColumn="1" if has_row_headers else "0", lastColumn="0",
                noHBand="1", noVBand="1")
    )  # fmt: skip
    properties.append(element("tblCaption", val=caption))


def _mm(width: float) -> Any:
    from docx.shared import Mm

    return Mm(width)
