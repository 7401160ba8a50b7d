"""The claims of press texts that lie beside a project file → its ``claims:``, if one wants them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from evalkit.documents.files.state import write_whole
from evalkit.documents.preparing.check_display import show_sentence
from evalkit.documents.preparing.dialogue import MOST_QUESTIONS, Dialogue
from evalkit.documents.reading.claims_block import claims_block
from evalkit.documents.reading.files import UnreadableText, text_of
from evalkit.language import Texts
from evalkit.project.load import read_project
from evalkit.reading.reader import Reading, TextTooLong, read_claims

_CHAPTER = "targets_and_claims"
_CHAPTERS = re.compile(r"^chapters: \[([^\]\n]*)\]", re.MULTILINE)


def offer_claims(project_file: Path, dialogue: Dialogue, *, but: Sequence[Path] = ()) -> None:
    """Ask whether the claims of the texts in a project's folder are to be tested in its report.

    A file that has ``claims:`` is left as it is; the command that prints a block is named.

    Args:
        project_file: The file to write into.
        dialogue: Silent, it says yes.
        but: Files of the folder that are no press texts.
    """
    words = Texts(dialogue.language)
    found = _texts_with_claims(project_file.parent, but)
    for file, reading in found:
        count = str(len(reading.claims))
        show_sentence(words.format("init.claims", file=file.as_posix(), count=count))
    text = project_file.read_text(encoding="utf-8-sig")
    is_free = re.search(r"^claims:", text, re.MULTILINE) is None
    # The last question, on a draft, is kept room for.
    may_ask = is_free and dialogue.n_asked < MOST_QUESTIONS - 1
    if found and may_ask and dialogue.agrees("claims"):
        languages = read_project(text, project_file).languages
        sources = ((reading, file.name) for file, reading in found)
        block = claims_block(*sources, languages=languages)
        changed = f"{_with_chapter(text).rstrip()}\n\n{block}"
        read_project(changed, project_file)
        write_whole(project_file, changed)
        show_sentence(words.format("init.claims.written", file=project_file.as_posix()))
        return
    for file, _ in found:
        show_sentence(words.format("init.claims.command", file=file.as_posix()))


def _with_chapter(text: str) -> str:
    """The project file with the chapter that judges claims, where its list stands on one line."""
    listed = _CHAPTERS.search(text)
    if listed is None or _CHAPTER in listed[1]:
        return text
    chapters = ", ".join(part for part in (listed[1].strip(), _CHAPTER) if part)
    return f"{text[: listed.start(1)]}{chapters}{text[listed.end(1) :]}"


def _texts_with_claims(folder: Path, but: Sequence[Path]) -> list[tuple[Path, Reading]]:
    """The press texts of a folder that hold claims. What cannot be read is passed by, unasked."""
    known = {file.resolve() for file in but}
    found = []
    for file in sorted((*folder.glob("*.txt"), *folder.glob("*.docx"))):
        if file.resolve() in known or file.name.startswith(("~", ".")):
            continue
        with suppress(UnreadableText, TextTooLong, OSError):
            reading = read_claims(text_of(file))
            found += [(file, reading)] if reading.claims else []
    return found
