"""The empty Word document: page and named styles are those of ``report.docx``, edited in Word.

Everything looks as it does through a named style, so that a colleague who changes the
style changes the report.
"""

from __future__ import annotations

import io
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.documents.writers.archive import as_document

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

MUTED = "4D5A63"
LANGUAGE_TAGS = {"sv": "sv-SE", "en": "en-GB"}
TABLE_STYLE, TABLE_TEXT = "Report Table", "Table Text"
LINE_WIDTH_MM = 166.0
_OURS = Path(__file__).with_name("report.docx")
_REFERENCES = ("basedOn", "next", "link")


def empty_document(language: str, template: bytes = b"") -> WordDocument:
    """A document with its page, language and styles, and no words yet.

    Of an own template page, header, footer and styles stay; styles that it lacks are added.
    """
    import docx
    from docx.oxml.ns import qn

    word = docx.Document(str(_OURS))
    if template:
        ours, word = word, docx.Document(io.BytesIO(as_document(template)))
        for part in list(word.element.body)[:-1]:
            word.element.body.remove(part)
        _add_lacking(word, ours)
    for tag in word.styles.element.iter(qn("w:lang")):
        tag.set(qn("w:val"), LANGUAGE_TAGS[language])
    theme = word.settings.element.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:val"), LANGUAGE_TAGS[language])
    return word


def _add_lacking(word: WordDocument, ours: WordDocument) -> None:
    """Our styles that a document lacks; what they rest on may have other ids there."""
    from docx.oxml.ns import qn

    names = {style.style_id: style.name for style in ours.styles}
    there = {style.name: style.style_id for style in word.styles}
    for style in ours.styles:
        if style.name in there:
            continue
        made = deepcopy(style.element)
        for name in _REFERENCES:
            for reference in made.findall(qn(f"w:{name}")):
                wanted = names[reference.get(qn("w:val"))]
                reference.set(qn("w:val"), there.get(wanted, reference.get(qn("w:val"))))
        for numbering in made.iter(qn("w:numPr")):
            numbering.getparent().remove(numbering)  # it counts in lists of our document
            break
        word.styles.element.append(made)


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
