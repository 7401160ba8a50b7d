"""`evalkit read`: texts in, readings out, in the form and the place asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from evalkit.documents.reading.claims_block import claims_block
from evalkit.documents.reading.files import text_of, text_of_bytes
from evalkit.documents.reading.views import ReadingView, view_of
from evalkit.language import Language
from evalkit.reading.reader import Reading, read_claims

FORMS = ("terminal", "html", "docx", "json", "claims")
_SUFFIXES = {
    "terminal": ".txt",
    "html": ".html",
    "docx": ".docx",
    "json": ".json",
    "claims": ".yaml",
}


class UnusableOption(ValueError):
    """Options that do not go together; the message is one clear sentence."""


def read_texts(
    names: Sequence[str],
    *,
    form: str = "terminal",
    output: Path | None = None,
    language: Language | None = None,
) -> None:
    """Read each text and print or write what it can carry."""
    if form not in FORMS:
        raise UnusableOption(f"formats are {', '.join(FORMS[:-1])}, not '{form}'")
    if form == "docx" and output is None:
        raise UnusableOption("a Word file needs --output")
    several = len(names) > 1 and output is not None
    for name in names:
        text = text_of_bytes(sys.stdin.buffer.read()) if name == "-" else text_of(Path(name))
        reading = read_claims(text, language=language)
        _put(
            _written(reading, text, form, _title(name)),
            _target(name, output, form, several=several),
        )


def _title(name: str) -> str:
    return "" if name == "-" else Path(name).name


def _target(name: str, output: Path | None, form: str, *, several: bool) -> Path | None:
    if output is None:
        return None
    if several or output.is_dir():
        output.mkdir(parents=True, exist_ok=True)
        stem = "text" if name == "-" else Path(name).stem
        return output / f"{stem}.reading{_SUFFIXES[form]}"
    return output


def _written(reading: Reading, text: str, form: str, title: str) -> bytes:
    if form == "json":
        return (json.dumps(reading.to_dict(), ensure_ascii=False, indent=2) + "\n").encode()
    if form == "claims":
        return claims_block(reading, source=title or "–").encode()
    return _shown(view_of(reading, text, name=title), form)


def _shown(view: ReadingView, form: str) -> bytes:
    if form == "html":
        from evalkit.documents.reading.page import reading_page  # templates load on use

        return reading_page(view).encode("utf-8", errors="replace")
    if form == "docx":
        from evalkit.documents.reading.word import reading_docx  # Word loads on use

        return reading_docx(view)
    from evalkit.documents.reading.terminal import reading_text

    return reading_text(view).encode("utf-8", errors="replace")


def _put(content: bytes, target: Path | None) -> None:
    if target is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        target.write_bytes(content)
