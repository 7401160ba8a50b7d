"""What happens during a render, as plain data for whoever shows it: a bar, lines or JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Literal

from evalkit.documents.editions.outcomes import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is to be done: chapters to run, reports to write, and those left as they are."""

    name: ClassVar = "planned"
    projects: int
    chapters: int
    reports: int
    up_to_date: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A file that an earlier run left was found damaged and has been put right."""

    name: ClassVar = "noted"
    project: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A chapter begins to run, or a report to be written when ``chapter`` is empty."""

    name: ClassVar = "started"
    project: str
    chapter: str
    languages: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.project} {self.chapter or 'report'} ({', '.join(self.languages)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterDone:
    """A chapter, which runs once for all languages, has run or failed, or will be run once more
    because its process died.
    """

    name: ClassVar = "chapter"
    project: str
    chapter: str
    languages: tuple[str, ...]
    state: Literal["done", "failed", "again"]
    seconds: float
    sentence: str = ""
    done: int = 0
    total: int = 0

    @property
    def label(self) -> str:
        return f"{self.project} {self.chapter} ({', '.join(self.languages)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDone:
    """A report is in place, was left as it stands, or could not be made."""

    name: ClassVar = "report"
    project: str
    language: str
    state: Literal["rendered", "up_to_date", "failed"]
    file: Path | None = None
    sentences: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.project} report ({self.language})" if self.language else self.project


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The end, whether everything was done or the run was interrupted."""

    name: ClassVar = "finished"
    rendered: int
    up_to_date: int
    failed: int
    seconds: float
    interrupted: bool = False


Event = Planned | Noted | Started | ChapterDone | ReportDone | Finished
Progress = Callable[[Event], None]


def report_event(outcome: Outcome) -> ReportDone:
    """What became of a report, to be told."""
    state = "failed" if outcome.failures else "up_to_date" if outcome.is_up_to_date else "rendered"
    return ReportDone(
        project=outcome.project_id,
        language=outcome.language or "",
        state=state,  # type: ignore[arg-type]
        file=outcome.file,
        sentences=(*outcome.failures, *outcome.incomplete),
    )


def as_data(event: Event) -> dict[str, Any]:
    """The event with its name first, ready for JSON.

    >>> as_data(Started(project="arena", chapter="costs", languages=("sv",)))
    {'event': 'started', 'project': 'arena', 'chapter': 'costs', 'languages': ('sv',)}
    """
    values = asdict(event) if fields(event) else {}
    return {"event": event.name, **{key: _plain(value) for key, value in values.items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return value.as_posix()
    return round(value, 1) if isinstance(value, float) else value
