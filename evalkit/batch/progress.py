"""How far a worker has come with a project: a line in a file for each step.

A file and not a connection, because it serves a worker of this machine and one of a cluster
alike. It is read while it grows: a line that is not whole or not one of ours counts for nothing.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from evalkit.documents.files.state import Damaged, read_bytes
from evalkit.project.vocabulary import LanguageCode


@checked(frozen=True, config=ConfigDict(extra="forbid", strict=True))
class Line:
    """A step of one chapter, or of a report where ``chapter`` is empty.

    ``languages``: in which it went alike; a chapter runs once for all of them.
    """

    chapter: str
    languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1)]
    step: Literal["started", "again", "ended"]
    failure: str = ""
    seconds: float = 0.0


@cache
def _model() -> TypeAdapter[Line]:
    return TypeAdapter(Line)


@dataclass(slots=True)
class Progress:
    """The steps of one job, as its worker writes them and the command reads them."""

    file: Path
    read: int = 0

    def tell(self, line: Line) -> None:
        """Write a step down; where that is not possible, the work goes on all the same."""
        with suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a", encoding="utf-8") as opened:
                opened.write(json.dumps(asdict(line)) + "\n")

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
