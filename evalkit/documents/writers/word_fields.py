"""What python-docx has no words for: fields, bookmarks, links, alternative texts, tables as XML."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from evalkit.documents.writers.widths import Line, column_widths, has_room, is_narrow
from evalkit.documents.writers.word_styles import (
    LINE_WIDTH_MM,
    MUTED,
    TABLE_STYLE,
    TABLE_TEXT,
    element,
)
from evalkit.present.blocks import Table
from evalkit.present.html import number_columns

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

REPEAT = "\\c "
_CONTENTS = r'TOC \o "1-2" \h \z \u'


def add_field(paragraph: Any, instruction: str, shown: str) -> None:
    """A field with the text it shows until Word counts it anew."""
    for part in ("begin", "instruction", "separate", "shown", "end"):
        run = paragraph.add_run(shown if part == "shown" else "")
        if part == "instruction":
            run._r.append(_instruction(instruction))  # noqa: SLF001 - python-docx has no fields
        elif part != "shown":
            run._r.append(element("fldChar", fldCharType=part))  # noqa: SLF001


def add_number(paragraph: Any, label: str, *, again: bool) -> None:
    """A caption's label with a number that Word counts: what is inserted before moves it on.

    Args:
        paragraph: The caption.
        label: As ``Tabell 3``; one without a number at its end is written as it is.
        again: The number of the caption before, for a table that goes on.
    """
    name, _, number = label.rpartition(" ")
    if not number.isdigit() or " " in name:
        paragraph.add_run(label).bold = True
        return
    paragraph.add_run(f"{name} ").bold = True
    before = len(paragraph.runs)
    add_field(paragraph, f"SEQ {name} {REPEAT if again else ''}\\* ARABIC", number)
    for run in paragraph.runs[before:]:
        run.bold = True


def add_place_for_text(paragraph: Any, *, title: str) -> None:
    """Make a paragraph a place where the reader writes: what stands there goes when they do."""
    control = element("sdt")
    properties = element("sdtPr")
    for name, value in (("alias", title), ("tag", "own-text")):
        properties.append(element(name, val=value))
    properties.append(element("showingPlcHdr"))
    content = element("sdtContent")
    control.append(properties)
    control.append(content)
    paragraph._p.addprevious(control)  # noqa: SLF001 - python-docx has no content controls
    content.append(paragraph._p)  # noqa: SLF001


def add_contents(
    lines: Sequence[Any], entries: Iterable[tuple[str, str]], *, until_updated: Any
) -> None:
    """Make paragraphs a table of contents that Word can update, filled with links to headings.

    Page numbers are Word's to count. It would do so on opening only after asking its reader a
    question about other files, so the contents say how to have them instead.

    Args:
        lines: A paragraph for each entry, in the style of its level.
        entries: Text and bookmark of each.
        until_updated: A paragraph after them that goes when the contents are updated.
    """
    for paragraph, (text, name) in zip(lines, entries, strict=True):
        link = element("hyperlink", anchor=name, history="1")
        run = paragraph.add_run(text)
        link.append(run._r)  # noqa: SLF001
        paragraph._p.append(link)  # noqa: SLF001
    first, last = lines[0]._p, until_updated._p  # noqa: SLF001
    start = [_run(element("fldChar", fldCharType="begin")), _run(_instruction(_CONTENTS)),
             _run(element("fldChar", fldCharType="separate"))]  # fmt: skip
    for run in reversed(start):
        first.insert(1, run)  # after the paragraph's properties
    last.append(_run(element("fldChar", fldCharType="end")))


def bookmark_name(number: int) -> str:
    return f"_Toc{number:06}"


def bookmark(paragraph: Any, number: int) -> None:
    """Mark a heading so that the contents can lead to it."""
    start = element("bookmarkStart", id=str(number), name=bookmark_name(number))
    paragraph._p.insert(1, start)  # noqa: SLF001
    paragraph._p.append(element("bookmarkEnd", id=str(number)))  # noqa: SLF001


def add_picture(run: Any, png: bytes, *, width_mm: float, title: str, description: str) -> None:
    """A picture with its alternative text, which python-docx leaves empty."""
    from docx.oxml.ns import qn
    from docx.shared import Mm

    shape = run.add_picture(io.BytesIO(png), width=Mm(width_mm))
    properties = shape._inline.find(qn("wp:docPr"))  # noqa: SLF001
    properties.set("descr", description)
    properties.set("title", title)


def add_logo(run: Any, picture: bytes) -> None:
    """A logo of at most 18 by 60 mm; it adorns, and is passed over by a screen reader."""
    from docx.oxml.ns import qn
    from docx.shared import Mm

    shape = run.add_picture(io.BytesIO(picture), height=Mm(18))
    if shape.width > Mm(60):
        shape.height, shape.width = round(shape.height * Mm(60) / shape.width), Mm(60)
    properties = shape._inline.find(qn("wp:docPr"))  # noqa: SLF001
    properties.set("descr", "")
    properties.append(_decorative())


def _decorative() -> Any:
    from docx.oxml import parse_xml

    return parse_xml(
        '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
        '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"'
        ' val="1"/></a:ext></a:extLst>'
    )


def make_quiet(run: Any) -> None:
    """The detail beside a key figure: smaller, not bold."""
    from docx.shared import Pt, RGBColor

    run.bold = False
    run.font.size = Pt(10)
    run.font.color.rgb = RGBColor.from_string(MUTED)


def _instruction(text: str) -> Any:
    made = element("instrText")
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    made.text = f" {text} "
    return made


def _run(child: Any) -> Any:
    run = element("r")
    run.append(child)
    return run


_MM_PER_DIGIT = 1.7  # Calibri at 9.5 points
_TWIPS_PER_DIGIT = _MM_PER_DIGIT * 1440 / 25.4
_OTHER_FONT = 1.3  # the widest common substitute beside the faces that the report asks for
_NORMAL, WIDE = (Line(digits=LINE_WIDTH_MM / _MM_PER_DIGIT, between=gap) for gap in (2, 1))
# Many columns are set smaller, lest another font breaks words within.
_SMALL, _SMALL_TEXT = 8 / 9.5, '<w:sz w:val="16"/>'
# A table of no more rows is kept on one page.
_ROWS_KEPT_TOGETHER = 16
# Columns of a wide table stand closer than the table style has them.
_CLOSE = '<w:tblCellMar><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
# Words beside a column of numbers keep a distance to it.
_APART = '<w:ind w:left="90"/>'
_KEPT, _TO_THE_RIGHT = "<w:keepNext/>", '<w:jc w:val="right"/>'
_BOLD, _AT_THE_BOTTOM = "<w:b/>", '<w:vAlign w:val="bottom"/>'


def add_table(
    word: WordDocument, table: Table, *, caption: str, before_notes: bool, room: float = 1
) -> None:
    """A data table at the end of the document; the caption is its name for a screen reader.

    Args:
        word: The document.
        table: What the table holds.
        caption: Its name for a screen reader.
        before_notes: Notes follow, which shall stand on the page of the last row.
        room: How much of the report's own line an own template leaves.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    made = parse_xml(f"<w:tbl {nsdecls('w')}>{_table(table, caption, before_notes, room)}</w:tbl>")
    word.element.body.insert_element_before(made, "w:sectPr")


def _table(table: Table, caption: str, before_notes: bool, room: float) -> str:
    normal, wide = (replace(line, digits=line.digits * room) for line in (_NORMAL, WIDE))
    is_wide = not (is_narrow(table, normal) and has_room(table, normal, margin=_OTHER_FONT))
    line = wide if is_wide else normal
    is_small = not has_room(table, line, margin=_OTHER_FONT)
    scale = _SMALL if is_small else 1
    digits = column_widths(table, replace(line, digits=line.digits / scale), margin=_OTHER_FONT)
    widths = [round(width * scale * _TWIPS_PER_DIGIT) for width in digits]
    lines = [list(table.columns), *([cell.text for cell in row] for row in table.rows)]
    numbers = number_columns(table)
    last = len(lines) - 1
    is_short = last <= _ROWS_KEPT_TOGETHER
    rows = (
        _row(
            line,
            widths,
            numbers,
            looks=_BOLD * (position == 0) + _SMALL_TEXT * is_small,
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
    looks: str,
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
        f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        "</w:p></w:tc>"
        for i, text in enumerate(texts)
    )
    repeats = "<w:tblHeader/>" * is_heading
    return f"<w:tr><w:trPr><w:cantSplit/>{repeats}</w:trPr>{''.join(cells)}</w:tr>"
