"""A chapter to run and what became of it, as plain data that crosses process borders."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evalkit.project.problems import Problem
from evalkit.project.vocabulary import LanguageCode

CHAPTER_LIMIT_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterTask:
    """One chapter to run.

    Attributes:
        project_file: Absolute path of the project file.
        template: Absolute path of the template.
        template_digest: Of its content when it was planned; empty where nothing was.
        timeout_seconds: For the whole chapter, not for each cell.
        subject: The parameter that names what the chapter is about: a project file, or for the
            chapter over all projects the folder of their reports, which then stands in its place.
    """

    project_file: Path
    project_id: str
    chapter: str
    language: LanguageCode
    template: Path
    template_digest: str = ""
    timeout_seconds: float = CHAPTER_LIMIT_SECONDS
    subject: str = "project_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterRun:
    """What became of a chapter: its executed notebook, or why there is none.

    ``has_died`` tells a death from outside, such as want of memory, from a fault of the
    chapter: it may go well another time. ``is_disk_full``: it ran, but could not be kept.
    ``file``: where it is kept.
    ``cause``: of the failure, to be told in another language as long as the run is at hand.
    ``stood_in``: why an own notebook could not be run, where its place in the report says so.
    """

    task: ChapterTask
    notebook: dict[str, Any] = field(default_factory=dict)
    failure: str = ""
    cause: Problem | None = None
    seconds: float = 0.0
    has_died: bool = False
    is_disk_full: bool = False
    stood_in: str = ""
    file: Path | None = None

    def failed(self, cause: Problem, language: LanguageCode | None = None) -> ChapterRun:
        """The run as one that failed; told in the chapter's language, or in the project's."""
        told = cause.in_language(language or self.task.language)
        return replace(self, failure=told, cause=cause)
