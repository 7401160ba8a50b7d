"""What python-docx has no words for: fields, bookmarks, links and alternative texts."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from evalkit.report.writers.word_styles import MUTED, element

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_CONTENTS = r'TOC \o "1-2" \h \z \u'


def add_field(paragraph: Any, instruction: str, shown: str) -> None:
    """A field with the text it shows until Word counts it anew."""
    for part in ("begin", "instruction", "separate", "shown", "end"):
        run = paragraph.add_run(shown if part == "shown" else "")
        if part == "instruction":
            run._r.append(_instruction(instruction))  # noqa: SLF001 - python-docx has no fields
        elif part != "shown":
            run._r.append(element("fldChar", fldCharType=part))  # noqa: SLF001


def add_contents(word: WordDocument, entries: Iterable[tuple[int, str, str]]) -> None:
    """A table of contents that Word can update, already filled with links to the headings."""
    lines = [
        (word.add_paragraph(style=f"Contents {level}"), text, name) for level, text, name in entries
    ]
    for paragraph, text, name in lines:
        link = element("hyperlink", anchor=name, history="1")
        run = paragraph.add_run(text)
        link.append(run._r)  # noqa: SLF001
        paragraph._p.append(link)  # noqa: SLF001
    first, last = lines[0][0]._p, lines[-1][0]._p  # noqa: SLF001
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
