"""A reading as lines for the terminal: plain text, so that it can be piped and searched."""

from __future__ import annotations

from collections.abc import Iterator
from shutil import get_terminal_size
from textwrap import wrap

from evalkit.documents.reading.views import ClaimView, ReadingView

_WIDEST = 88
_INDENT = " " * 5


def reading_text(view: ReadingView) -> str:
    """The whole reading as text."""
    return "\n".join(_printable(line) for line in _lines(view)) + "\n"


def _lines(view: ReadingView) -> Iterator[str]:
    if view.name:
        yield view.name
    yield from _wrapped(view.top_line)
    yield from _wrapped(view.register_line)
    for claim in view.claims:
        yield ""
        yield from _claim(claim, view)


def _claim(claim: ClaimView, view: ReadingView) -> Iterator[str]:
    texts = view.texts
    yield f"{claim.number}. {claim.verdict_words.upper()}"
    quoted = f"{claim.before}»{claim.quote}«{claim.after}"
    yield from _wrapped(" ".join(quoted.split()), "   ", "   ")
    if claim.register is not None:
        yield f"   {texts['reading.register']}: {claim.register.verdict_words.upper()}"
        yield from _wrapped(claim.register.sentence, _INDENT, _INDENT)
        if claim.register.line:
            yield from _wrapped(claim.register.add, _INDENT, _INDENT)
            yield f"{_INDENT}{claim.register.line}"
    for name in ("computed", "missing", "misread"):
        items = getattr(claim, name)
        if items:
            yield f"   {texts[f'reading.{name}']}:"
        for item in items:
            yield from _wrapped(item, "   – ", _INDENT)
    if claim.suggestion:
        yield f"   {texts['reading.suggestion']}:"
        yield from _wrapped(claim.suggestion, "   > ", _INDENT)


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    width = min(_WIDEST, get_terminal_size((_WIDEST, 0)).columns)
    return wrap(text, width, initial_indent=first, subsequent_indent=rest)


def _printable(line: str) -> str:
    """No control characters: a text must not steer the terminal."""
    return "".join(c if c.isprintable() or c == "\u00a0" else " " for c in line)
