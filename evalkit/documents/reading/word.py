"""A reading as a Word file, to comment in and pass on."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from evalkit.documents.reading.views import ClaimView, ReadingView, RegisterView
from evalkit.documents.writers.archive import repacked
from evalkit.documents.writers.word_styles import box_style, empty_document

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_BOX_OF = {"holds": "can_say", "clarify": "note", "rewrite": "cannot_say"}
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def reading_docx(view: ReadingView) -> bytes:
    """The reading as one Word file."""
    word = empty_document(view.texts.language)
    texts = view.texts
    word.core_properties.title = texts["reading.title"]
    word.core_properties.author = ""
    if view.name:
        _say(word, view.name, "Kind")
    _say(word, texts["reading.title"], "Title")
    _say(word, view.top_line, "Subtitle")
    if view.register_line:
        _say(word, view.register_line, "Subtitle")
    for claim in view.claims:
        _claim(word, claim, view)
    _say(word, texts["reading.how"], "Heading 2")
    _say(word, texts["reading.how.text"], "Normal")
    _say(word, texts["reading.how.interval"], "Normal")
    target = io.BytesIO()
    word.save(target)
    return repacked(target.getvalue())


def _claim(word: WordDocument, claim: ClaimView, view: ReadingView) -> None:
    texts = view.texts
    heading = texts.format("reading.heading", number=str(claim.number))
    _say(word, f"{heading}: {claim.verdict_words}", "Heading 2")
    line = _say(word, "", "Normal")
    line.add_run(_clean(claim.before))
    line.add_run(_clean(claim.quote)).bold = True
    line.add_run(_clean(claim.after))
    if claim.is_plain:
        line.paragraph_format.keep_with_next = True
        _say(word, texts["reading.fine"], "Normal")
    if claim.register is not None:
        _register(word, claim.register, view)
    for name in ("computed", "missing", "misread"):
        items = getattr(claim, name)
        if items:
            _say(word, texts[f"reading.{name}"], "Heading 3")
        for item in items:
            _say(word, item, "List Bullet")
    if claim.suggestion:
        _suggestion(word, claim, view)


def _register(word: WordDocument, register: RegisterView, view: ReadingView) -> None:
    texts = view.texts
    _say(word, f"{texts['reading.register']}: {register.verdict_words}", "Heading 3")
    if register.sentence:
        _say(word, register.sentence, "Normal")
    if register.line:
        _say(word, register.add, "Normal")
        _say(word, register.line, "Note")


def _suggestion(word: WordDocument, claim: ClaimView, view: ReadingView) -> None:
    texts = view.texts
    kind: Any = _BOX_OF[claim.verdict]
    _say(word, texts["reading.suggestion"], box_style(kind, "Title"))
    proposed = _say(word, claim.suggestion, box_style(kind, "Text"))
    if claim.fill_in:
        proposed.paragraph_format.keep_with_next = True
        _say(word, f"{texts['reading.fill_in']}: {'; '.join(claim.fill_in)}.", "Note")


def _say(word: WordDocument, text: str, style: str) -> Any:
    return word.add_paragraph(_clean(text), style=style)


def _clean(text: str) -> str:
    """Text without the control characters that XML cannot hold."""
    return _NOT_IN_XML.sub(" ", text)
