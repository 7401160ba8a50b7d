"""Tables in Word: a header row that repeats, row headers, widths by content, no merged cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit.present.blocks import Table
from evalkit.present.html import number_columns
from evalkit.report.writers.word_styles import LINE_WIDTH_MM, TABLE_STYLE, element

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_MM_PER_CHARACTER = 1.75
_PADDING_MM = 3.5
_NARROWEST_MM = 10.0
_STEP_MM = 0.5
_HEADING_CHARACTERS = 15
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

    Where that is too much, columns of words give way, the widest first, down to their
    longest word: they can be broken at spaces, numbers cannot.
    """
    numbers = number_columns(table)
    texts = [[row[i].text for row in table.rows] for i in range(len(table.columns))]
    words = [_longest_word([table.columns[i], *texts[i]]) for i in range(len(texts))]
    needed, least = [], []
    for i, cells in enumerate(texts):
        longest = max((len(text) for text in cells), default=0)
        heading = min(len(table.columns[i]), _HEADING_CHARACTERS)
        wanted = max(longest, heading, _longest_word([table.columns[i]]))
        needed.append(_millimetres(wanted))
        least.append(needed[i] if i in numbers else min(needed[i], _millimetres(words[i])))
    widths = _narrowed(needed, least)
    excess = sum(widths) / LINE_WIDTH_MM
    return [width / excess for width in widths] if excess > 1 else widths


def _narrowed(widths: list[float], least: list[float]) -> list[float]:
    """The widths with the widest columns cut to what the others leave, never below the least."""
    widths = list(widths)
    while sum(widths) > LINE_WIDTH_MM:
        movable = [i for i in range(len(widths)) if widths[i] > least[i] + _STEP_MM]
        if not movable:
            break
        widest = max(movable, key=lambda i: widths[i])
        widths[widest] -= _STEP_MM
    return widths


def _millimetres(characters: int) -> float:
    return max(characters * _MM_PER_CHARACTER + _PADDING_MM, _NARROWEST_MM)


def _longest_word(texts: list[str]) -> int:
    return max((len(word) for text in texts for word in text.split()), default=0)


def _fill(cell: Any, text: str, *, is_right: bool, is_heading: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph._p.style = _TEXT_STYLE_ID  # noqa: SLF001 - by name, each takes 4 ms
    if is_right:
        paragraph.alignment = _RIGHT
    run = paragraph.add_run(text)
    if is_heading:
        run.bold = True  # the table style says so too, which not every program heeds
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
