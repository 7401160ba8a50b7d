"""How far a worker has come with the chapters of a project: a line in a file for each step.

A file and not a connection, because it serves a worker of this machine and one of a cluster
alike. It is read while it grows: a line that is not whole or not one of ours counts for nothing.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from evalkit.batch.kernels.tasks import ChapterRun
from evalkit.documents.files.state import Damaged, read_bytes

Step = Literal["started", "again", "ended"]


@checked(frozen=True, config=ConfigDict(extra="forbid", strict=True))
class Line:
    """A step of one chapter, by its number in the job."""

    chapter: int
    step: Step
    failure: str = ""
    seconds: float = 0.0


@cache
def _model() -> TypeAdapter[Line]:
    return TypeAdapter(Line)


def tell_of(file: Path, chapter: int, step: Step, run: ChapterRun | None = None) -> None:
    """Write a step down; where that is not possible, the chapter runs all the same."""
    line = {
        "chapter": chapter,
        "step": step,
        "failure": run.failure if run else "",
        "seconds": run.seconds if run else 0.0,
    }
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as opened:
            opened.write(json.dumps(line) + "\n")


@dataclass(slots=True)
class Progress:
    """What has been read of a job's steps so far."""

    file: Path
    read: int = 0

    def news(self) -> list[Line]:
        """The steps since the last call."""
        try:
            content = read_bytes(self.file)
        except (OSError, Damaged):
            return []
        whole = content[self.read : content.rfind(b"\n") + 1]
        self.read += len(whole)
        return [line for text in whole.splitlines() for line in _lines(text)]


def _lines(text: bytes) -> list[Line]:
    try:
        return [_model().validate_json(text)]
    except ValidationError:
        return []
