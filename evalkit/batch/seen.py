"""What an earlier run found done, remembered by the times and sizes of files as Git does it.

A thousand finished projects are some gigabytes, which need not be read again to see that
nobody touched them. Only a run that has looked at every byte remembers; whatever differs since
– size, times, number on the disk – is looked at again. The memory lies with the user's caches,
never among the reports, and may be removed at any time.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from evalkit.documents.editions.manifest import MANIFEST
from evalkit.documents.files.provenance import cache_folder
from evalkit.documents.files.state import (
    Damaged,
    Digest,
    read_state,
    state_text,
    sweep,
    write_whole,
)
from evalkit.project.vocabulary import LanguageCode

# Below this many projects, reading them all is as quick.
FEWEST = 50
# A file that was changed this shortly ago may be changed again without its time telling.
_SETTLED_SECONDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A project of which nothing is left to do: the main file of its report in each language."""

    project_id: str
    folder: Path
    files: tuple[tuple[LanguageCode, str], ...]
    notes: tuple[str, ...] = ()


@with_config(ConfigDict(extra="forbid", strict=True))
class _Record(TypedDict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    files: list[tuple[LanguageCode, Annotated[str, Field(pattern=r"^[\w.-]+$")]]]
    looked_at: list[str]
    stamp: Digest


@with_config(ConfigDict(extra="forbid", strict=True))
class _Memory(TypedDict):
    request: Digest
    projects: dict[str, _Record]


class Seen:
    """The memory of one folder of reports, for one kind of request."""

    def __init__(self, output: Path, *, request: Sequence[object]) -> None:
        self._output = output
        self._file = cache_folder() / f"{_digest(str(output))[:32]}.json"
        self._request = _digest(repr(request))
        self._records: dict[str, _Record] = {}
        with suppress(Damaged, OSError):
            found = read_state(self._file, _Memory)
            if found and found["request"] == self._request:
                self._records = found["projects"]
        self._new: dict[str, _Record] = {}

    def done(self, project_file: Path) -> Done | None:
        """What is remembered of a project, if every file is as it was."""
        record = self._records.get(str(project_file))
        if record is None or not self._names_all(project_file, record):
            return None
        if _stamp(record["looked_at"]) != record["stamp"]:
            return None
        return Done(
            project_id=record["id"],
            folder=self._output / record["id"],
            files=tuple(record["files"]),
        )

    def _names_all(self, project_file: Path, record: _Record) -> bool:
        """Whether a record looked at what it cannot have been made without."""
        folder = self._output / record["id"]
        named = {project_file, folder / MANIFEST, *(folder / name for _, name in record["files"])}
        return bool(record["files"]) and {str(one) for one in named} <= set(record["looked_at"])

    def remember(self, project_file: Path, done: Done, looked_at: Iterable[Path]) -> None:
        """Remember a project whose files have all been read since this object was made."""
        names = [str(file) for file in looked_at]
        stamp = _stamp(names)
        if stamp:
            self._new[str(project_file)] = {
                "id": done.project_id,
                "files": list(done.files),
                "looked_at": names,
                "stamp": stamp,
            }

    def write(self) -> None:
        """Keep what is new, where that can be done and is worth it."""
        records = {**self._records, **self._new}
        if self._new and len(records) >= FEWEST:
            with suppress(OSError):
                sweep(self._file.parent, self._file.name)
                text = state_text({"request": self._request, "projects": records})
                write_whole(self._file, text)


def _stamp(names: Sequence[str]) -> str:
    """Of the files as the system tells of them now; empty while one of them is quite new."""
    newest = (time.time() - _SETTLED_SECONDS) * 1e9
    found: list[tuple[int, ...] | None] = []
    for name in names:
        try:
            one = os.lstat(name)
        except OSError:
            found.append(None)
            continue
        if max(one.st_mtime_ns, one.st_ctime_ns) > newest:
            return ""
        found.append((one.st_mode, one.st_size, one.st_mtime_ns, one.st_ctime_ns, one.st_ino))
    return _digest(repr(found))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
