"""The styles of the Word report, built in code on the plain document of python-docx.

Everything looks as it does through a named style, so that a colleague who changes the
style changes the report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

FONT = "Calibri"
INK, MUTED, ACCENT, HAIR = "1C2429", "4D5A63", "0A5272", "C9D1D6"
BOX_COLOURS = {
    "can_say": ("1D6B40", "EEF6F1"),
    "cannot_say": ("8F4300", "FDF4EA"),
    "warning": ("97201C", "FCF0EF"),
    "internal": ("97201C", "FCF0EF"),
    "note": (MUTED, "F4F6F7"),
}
LANGUAGE_TAGS = {"sv": "sv-SE", "en": "en-GB"}
TABLE_STYLE, TABLE_TEXT = "Report Table", "Table Text"
LINE_WIDTH_MM = 166.0

# name: (based on, points, bold, colour, space before, space after)
_PARAGRAPHS: dict[str, tuple[str, float, bool, str, float, float]] = {
    "Title": ("Normal", 28, True, INK, 60, 14),
    "Subtitle": ("Normal", 14, False, INK, 0, 16),
    "Heading 1": ("Normal", 21, True, INK, 0, 12),
    "Heading 2": ("Normal", 15, True, INK, 18, 5),
    "Heading 3": ("Normal", 12.5, True, INK, 14, 4),
    "Heading 4": ("Normal", 11.5, True, INK, 12, 4),
    "Heading 5": ("Normal", 11, True, INK, 10, 4),
    "Caption": ("Normal", 10, False, INK, 12, 4),
    "Logo": ("Normal", 11, False, INK, 0, 0),
    "Own Text": ("Normal", 11, False, MUTED, 0, 8),
    "Kind": ("Normal", 11, False, MUTED, 40, 0),
    "Fact": ("Normal", 10, False, INK, 0, 4),
    "Figure": ("Normal", 11, False, INK, 0, 4),
    TABLE_TEXT: ("Normal", 9.5, False, INK, 2, 2),
    "Note": ("Normal", 9, False, MUTED, 3, 0),
    "Last Note": ("Note", 9, False, MUTED, 3, 14),
    "Key Figure Label": ("Normal", 10, False, MUTED, 5, 0),
    "Key Figure": ("Normal", 14, True, INK, 0, 2),
    # The names that Word itself gives the lines of contents, for its next update.
    "toc 1": ("Normal", 10.5, True, INK, 6, 0),
    "toc 2": ("Normal", 10, False, INK, 0, 0),
    "Header": ("Normal", 9, False, MUTED, 0, 0),
    "Footer": ("Normal", 9, False, MUTED, 0, 0),
}
_CLOSE_LINES = (TABLE_TEXT, "Note", "Key Figure Label", "Key Figure")
_STAYS_WITH_NEXT = ("Title", "Caption", "Figure", "Note", "Key Figure Label", "Kind")


def prepare(word: WordDocument, language: str) -> None:
    """Give an empty document its page, its language and its styles."""
    _without_thumbnail(word)
    from docx.shared import Mm, Pt

    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(26), Mm(24)
    section.different_first_page_header_footer = True
    normal: Any = word.styles["Normal"]
    _font(normal, 11, bold=False, colour=INK)
    normal.paragraph_format.space_after = Pt(8)
    normal.paragraph_format.line_spacing = 1.15
    _languages(word, LANGUAGE_TAGS[language])
    for name in _PARAGRAPHS:
        _paragraph_style(word, name)
    _headings(word)
    _fact(word)
    _contents(word)
    for kind in BOX_COLOURS:
        _box_styles(word, kind)
    _table_style(word)


def complete(word: WordDocument, language: str) -> None:
    """Give an own template the styles that it lacks; those it has stay as they are."""
    present = {style.name for style in word.styles}
    _languages(word, LANGUAGE_TAGS[language])
    for name in _PARAGRAPHS:
        if name not in present:
            _paragraph_style(word, name)
    makers = {"Heading 1": _headings, "Fact": _fact, "toc 1": _contents,
              "List Bullet": _bullet_style, TABLE_STYLE: _table_style}  # fmt: skip
    for name, make in makers.items():
        if name not in present:
            make(word)
    for kind in BOX_COLOURS:
        if box_style(kind, "Title") not in present:
            _box_styles(word, kind)


def box_style(kind: str, part: str) -> str:
    """The style of a box's ``Title``, ``Text`` or ``Item``."""
    return f"Box {kind.replace('_', ' ').title()} {part}"


def element(name: str, /, **attributes: str) -> Any:
    """A Word element with attributes of Word's namespace."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def _without_thumbnail(word: WordDocument) -> None:
    """The picture that python-docx's own document carries is of another text."""
    relations = word.part.package.rels
    for name in [name for name, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        del relations[name]


def _languages(word: WordDocument, tag: str) -> None:
    from docx.oxml.ns import qn

    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), tag)
    theme = word.settings.element.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:val"), tag)


def _paragraph_style(word: WordDocument, name: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt

    base, points, bold, colour, before, after = _PARAGRAPHS[name]
    if name not in word.styles:
        is_words_own = name.startswith("toc")
        word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=is_words_own)
    style: Any = word.styles[name]
    style.base_style = word.styles[base]
    _font(style, points, bold=bold, colour=colour)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.keep_with_next = name.startswith("Heading") or name in _STAYS_WITH_NEXT
    for border in style.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break
    if name in _CLOSE_LINES:
        style.paragraph_format.line_spacing = 1.0
    if name == TABLE_TEXT:
        style.font.bold = None  # the table style makes the header row bold


def _font(style: Any, points: float, *, bold: bool, colour: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold = FONT, Pt(points), bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.rPr.find(qn("w:rFonts"))
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    for name in ("spacing", "kern"):
        for found in style.element.rPr.findall(qn(f"w:{name}")):
            style.element.rPr.remove(found)


def _bullet_style(word: WordDocument) -> None:
    """A bare list style for a template that has none: the dots are typed by nobody else."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm

    style: Any = word.styles.add_style("List Bullet", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = word.styles["Normal"]
    style.paragraph_format.left_indent = Mm(6.35)
    style.paragraph_format.first_line_indent = -Mm(6.35)


def _headings(word: WordDocument) -> None:
    first: Any = word.styles["Heading 1"]
    first.paragraph_format.page_break_before = True
    first.element.get_or_add_pPr().append(_borders(top=(ACCENT, "16", "8")))


def _fact(word: WordDocument) -> None:
    from docx.shared import Mm

    fact: Any = word.styles["Fact"]
    fact.paragraph_format.left_indent = Mm(44)
    fact.paragraph_format.first_line_indent = -Mm(44)
    fact.paragraph_format.tab_stops.add_tab_stop(Mm(44))


def _contents(word: WordDocument) -> None:
    """Lines of contents with a dotted line to the page number that Word puts there."""
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Mm

    for name, indent in (("toc 1", 0), ("toc 2", 6)):
        style: Any = word.styles[name]
        style.paragraph_format.left_indent = Mm(indent)
        style.paragraph_format.line_spacing = 1.0 if indent else 1.1
        style.paragraph_format.tab_stops.add_tab_stop(
            Mm(LINE_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )


def _box_styles(word: WordDocument, kind: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm, Pt

    colour, ground = BOX_COLOURS[kind]
    for part in ("Title", "Text", "Item"):
        style: Any = word.styles.add_style(box_style(kind, part), WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["List Bullet" if part == "Item" else "Normal"]
        is_title = part == "Title"
        _font(style, 11 if is_title else 10.5, bold=is_title, colour=colour if is_title else INK)
        style.paragraph_format.space_before = Pt(10 if is_title else 0)
        style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.line_spacing = 1.05
        style.paragraph_format.keep_with_next = is_title
        # Bullets of the base style have a tab at 6.35 mm, where the text must hang; Word draws
        # the border at the outermost indent, which is 3 mm for all parts of a box.
        style.paragraph_format.left_indent = Mm(6.35 if part == "Item" else 3)
        style.paragraph_format.first_line_indent = Mm(-3.35 if part == "Item" else 0)
        properties = style.element.get_or_add_pPr()
        _insert(properties, _borders(left=(colour, "24", "6")))
        _insert(properties, element("shd", val="clear", color="auto", fill=ground))


def _insert(properties: Any, child: Any) -> None:
    """Borders and shading have a fixed place among paragraph properties."""
    after = ("w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing",
             "w:jc", "w:outlineLvl")  # fmt: skip
    properties.insert_element_before(child, *after)


def _borders(**sides: tuple[str, str, str]) -> Any:
    borders = element("pBdr")
    for side, (colour, size, space) in sides.items():
        borders.append(element(side, val="single", sz=size, space=space, color=colour))
    return borders


def _table_style(word: WordDocument) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    style: Any = word.styles.add_style(TABLE_STYLE, WD_STYLE_TYPE.TABLE)
    style.base_style = word.styles["Normal Table"]
    looks = element("tblPr")
    looks.append(_lines("tblBorders", top=("8", INK), bottom=("8", INK), insideH=("4", HAIR)))
    margins = element("tblCellMar")
    for side, width in (("left", "0"), ("right", "170")):
        margins.append(element(side, w=width, type="dxa"))
    looks.append(margins)
    style.element.append(looks)
    first = element("tblStylePr", type="firstRow")
    run = element("rPr")
    run.append(element("b"))
    first.append(run)
    cell = element("tcPr")
    cell.append(_lines("tcBorders", bottom=("12", INK)))
    first.append(cell)
    style.element.append(first)


def _lines(name: str, **sides: tuple[str, str]) -> Any:
    lines = element(name)
    for side, (size, colour) in sides.items():
        lines.append(element(side, val="single", sz=size, space="0", color=colour))
    return lines
