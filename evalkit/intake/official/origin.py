"""From where and when a fetched series came: a small file beside it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from evalkit.intake.errors import IntakeError
from evalkit.project.official import origin_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Source, licence, time and query of a fetched file.

    Attributes:
        source: The address asked.
        query: What was asked for, in the service's own terms.
        licence: Terms of use.
        fetched: Time in UTC, ISO 8601.
        notes: What the service says of the figures, such as added noise.
        definition: What the figures are of, where the file states it ("16–65").
        sha256: Of the series as written; tells whether it was changed afterwards.
    """

    source: str
    query: dict[str, Any]
    licence: str
    fetched: str
    notes: tuple[str, ...] = ()
    definition: str = ""
    sha256: str = ""

    @property
    def day(self) -> dt.date:
        return dt.datetime.fromisoformat(self.fetched).date()

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read_origin(file: Path) -> Origin | None:
    """The origin of a series' file; ``None`` for a file that was not fetched.

    Raises:
        IntakeError: If the file beside it cannot be read as one.
    """
    beside = origin_file(file)
    if not beside.is_file():
        return None
    try:
        origin = _model().validate_json(beside.read_bytes())
        _ = origin.day  # a time that is none
        return origin
    except (ValueError, RecursionError):  # pydantic's own error is a ValueError
        raise IntakeError("origin", file=beside.name, of=file.name) from None


@cache
def _model() -> TypeAdapter[Origin]:
    return TypeAdapter(Origin)


def is_as_fetched(file: Path, origin: Origin) -> bool:
    """Whether the series still is what the service answered."""
    return checksum(file.read_bytes()) == origin.sha256


def checksum(content: bytes) -> str:
    """SHA-256 as text."""
    return hashlib.sha256(content).hexdigest()
