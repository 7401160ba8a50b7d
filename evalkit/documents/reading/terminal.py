"""A reading as lines for the terminal: plain text, so that it can be piped and searched."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from evalkit.documents.reading.views import ClaimView, ReadingView

_WIDTH = 88


def reading_text(view: ReadingView) -> str:
    """The whole reading as text."""
    return "\n".join(_printable(line) for line in _lines(view)) + "\n"


def _lines(view: ReadingView) -> Iterator[str]:
    if view.name:
        yield view.name
    yield from wrap(view.top_line, _WIDTH)
    yield from wrap(view.register_line, _WIDTH)
    for claim in view.claims:
        yield ""
        yield from _claim(claim, view)


def _claim(claim: ClaimView, view: ReadingView) -> Iterator[str]:
    texts = view.texts
    yield f"{claim.number}. {claim.verdict_words.upper()}"
    quoted = f"{claim.before}»{claim.quote}«{claim.after}"
    yield from wrap(" ".join(quoted.split()), _WIDTH, initial_indent="   ", subsequent_indent="   ")
    if claim.register is not None:
        yield f"   {texts['reading.register']}: {claim.register.verdict_words.upper()}"
        yield from _indented(claim.register.sentence)
        if claim.register.line:
            yield from _indented(claim.register.add)
            yield f"     {claim.register.line}"
    for name in ("computed", "missing", "misread"):
        items = getattr(claim, name)
        if items:
            yield f"   {texts[f'reading.{name}']}:"
        for item in items:
            yield from wrap(item, _WIDTH, initial_indent="   – ", subsequent_indent="     ")
    if claim.suggestion:
        yield f"   {texts['reading.suggestion']}:"
        yield from wrap(claim.suggestion, _WIDTH, initial_indent="   > ", subsequent_indent="     ")


def _indented(text: str) -> list[str]:
    indent = " " * 5
    return wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)


def _printable(line: str) -> str:
    """No control characters: a text must not steer the terminal."""
    return "".join(c if c.isprintable() or c == "\u00a0" else " " for c in line)
