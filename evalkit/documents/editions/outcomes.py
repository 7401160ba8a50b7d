"""What became of each report, for whoever tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evalkit.documents.editions.manifest import ChapterState
from evalkit.project.vocabulary import LanguageCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a report: its file, or one sentence per failure.

    ``is_up_to_date``: it stood there already and was left as it was. ``is_draft``: nobody
    answers for it yet. ``incomplete``: own notebooks that could not be run, a sentence each;
    the report is in place and says so where they would stand.
    """

    project_id: str
    language: LanguageCode | None = None
    file: Path | None = None
    failures: tuple[str, ...] = ()
    is_up_to_date: bool = False
    is_draft: bool = False
    incomplete: tuple[str, ...] = ()


def sentences(chapters: Sequence[ChapterState]) -> list[str]:
    """Each failure once: by itself when every chapter had it, else with its chapters."""
    names: dict[str, list[str]] = {}
    for chapter in chapters:
        if chapter.failure:
            names.setdefault(chapter.failure, []).append(chapter.name)
    return [
        failure if len(named) == len(chapters) > 1 else f"{', '.join(named)}: {failure}"
        for failure, named in names.items()
    ]
