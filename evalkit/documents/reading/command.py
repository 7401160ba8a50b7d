"""`evalkit read`: texts in, readings out, in the form and the place asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from evalkit.documents.reading.beside import Beside
from evalkit.documents.reading.claims_block import claims_block
from evalkit.documents.reading.files import UnreadableText, text_of, text_of_bytes
from evalkit.documents.reading.views import ReadingView, view_of
from evalkit.language import Language
from evalkit.project.problems import Spoken
from evalkit.reading.reader import LONGEST, Reading, read_claims

FORMS = ("terminal", "html", "docx", "json", "claims")
_SUFFIXES = {
    "terminal": ".txt",
    "html": ".html",
    "docx": ".docx",
    "json": ".json",
    "claims": ".yaml",
}


class UnusableOption(Spoken, ValueError):
    """Options that do not go together; the message is one clear sentence."""


def read_texts(
    names: Sequence[str],
    *,
    form: str = "terminal",
    output: Path | None = None,
    language: Language | None = None,
    project: Path | None = None,
    reports: Path = Path("reports"),
) -> None:
    """Read each text and print or write what it can carry.

    Args:
        names: Files, or ``-`` for standard input.
        form: One of `FORMS`.
        output: A file, or a folder when several texts are read.
        language: Told by the text itself when not given.
        project: A project file, beside whose released answers each claim is set.
        reports: Where the reports of the project lie.
    """
    if form not in FORMS:
        raise UnusableOption("formats", formats=", ".join(FORMS[:-1]), given=form)
    if form == "docx" and output is None:
        raise UnusableOption("word_needs_output")
    several = len(names) > 1 and output is not None
    register = _Register(project, reports) if project is not None else None
    for name in names:
        text = text_of_bytes(sys.stdin.buffer.read()) if name == "-" else text_of(Path(name))
        if len(text) > LONGEST:
            raise UnreadableText("text.too_long", length=len(text), longest=LONGEST)
        reading = read_claims(text, language=language)
        _put(
            _written(reading, text, form, _title(name), register),
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


class _Register:
    """A project's released answers, read once for all texts."""

    def __init__(self, project: Path, reports: Path) -> None:
        from evalkit.documents.reading.register import released_answers  # pandas loads on use
        from evalkit.project import load_project

        self._project = load_project(project)
        self._answers = released_answers(self._project, reports)

    def beside(self, reading: Reading, source: str) -> tuple[Beside, ...]:
        from evalkit.documents.reading.register import beside_register  # as above

        return beside_register(reading, self._project, self._answers, source=source)


def _written(
    reading: Reading, text: str, form: str, title: str, register: _Register | None
) -> bytes:
    source = title or "–"
    if form == "claims":
        return claims_block((reading, source)).encode()
    beside = register.beside(reading, source) if register is not None else ()
    if form == "json":
        told = reading.to_dict()
        for claim, one in zip(told["claims"], beside, strict=False):
            claim["register"] = asdict(one)
        return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
    return _shown(view_of(reading, text, name=title, beside=beside), form)


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
