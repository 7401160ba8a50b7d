"""Editions as they are recorded: beside the register, with its own access rights.

A record names by keyed pseudonym whose persons each printed number was, and is as sensitive as
the register. It is read as warily as any state file; what cannot be read stops the next
edition, since nobody could say what it would disclose beside this one.
"""

from __future__ import annotations

import hmac
import secrets
import stat
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from evalkit.disclosure.record import Edition, from_data, to_data
from evalkit.documents.files.provenance import digest
from evalkit.documents.files.state import (
    Damaged,
    Day,
    Digest,
    exactly,
    is_inside,
    move,
    read_state,
    state_text,
    sweep,
    write_whole,
)
from evalkit.intake.keys import KEY_FILE, lasting_key, secret_key
from evalkit.project import Project
from evalkit.project.vocabulary import EDITIONS, LanguageCode

_Text = Annotated[str, Field(max_length=1000)]
_Pseudonym = Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
_PENDING = "pending"
PAGES = (".html", ".pdf")


@exactly
class _Row(TypedDict):
    answer: _Text
    key: list[str]
    sets: list[list[Annotated[int, Field(ge=0)]]]
    is_printed: bool
    lowest: Annotated[int, Field(ge=0)]


@exactly
class _WithheldRow(TypedDict):
    answer: _Text
    key: list[str]
    reason: _Text
    lowest: int
    highest: int | None


@exactly
class _Record(TypedDict):
    format: int
    name: _Text
    date: Day
    by: _Text
    rule: _Text
    register: Digest
    persons: list[_Pseudonym]
    gone: NotRequired[list[_Pseudonym]]
    rows: list[_Row]
    withheld: list[_WithheldRow]
    project: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    files: list[_Text]
    answers: str
    curves: dict[str, Any]
    steps: dict[str, int]
    data_cut: NotRequired[Day | Literal[""]]


class UnreadableRecord(ValueError):
    """A record that is there and cannot be read; the message names the file alone."""

    def __init__(self, name: str, damage: Damaged) -> None:
        super().__init__(f"{name} {damage}")
        self.name, self.damage = name, damage

    def in_language(self, language: LanguageCode) -> str:
        return f"{self.name} {self.damage.in_language(language)}"


def editions_folder(project: Project) -> Path:
    """Beside the project's first register."""
    return (project.folder / project.registers[0].file).parent / EDITIONS


def earlier_editions(project: Project) -> tuple[Edition, ...]:
    """Every edition recorded beside the register, whatever project it is of, oldest first.

    Raises:
        UnreadableRecord: If one of them cannot be read, or their folder is another's or none.
    """
    folder = editions_folder(project)
    if folder.is_symlink():
        raise UnreadableRecord(EDITIONS, Damaged("damaged.link"))
    if folder.exists() and not folder.is_dir():
        raise UnreadableRecord(EDITIONS, Damaged("damaged.no_folder"))
    return tuple(_read(file) for file in record_files(folder))


def record_files(folder: Path) -> list[Path]:
    """The records in a folder of editions, oldest first."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    return sorted(
        (one for one in folder.glob("*.json") if not one.name.startswith(".")),
        key=lambda one: (_part(one.name, 1), _part(one.name, 2), one.name),
    )


def keep_pending(project: Project, edition: Edition, pages: Iterable[tuple[str, bytes]]) -> None:
    """Lay an edition ready, to be recorded when its report is put in place.

    Raises:
        OSError: If it cannot be written beside the register.
    """
    folder = editions_folder(project)
    mode = _make_folder(project)
    sweep(folder, f".{project.id}.")
    for suffix, content in pages:
        write_whole(folder / f".{project.id}.{_PENDING}{suffix}", content, mode=mode)
    text = state_text(to_data(edition))
    write_whole(folder / f".{project.id}.{_PENDING}.json", text, mode=mode)


def record_pending(folder: Path, project_id: str) -> None:
    """Make what was laid ready the latest edition; the same edition is recorded once."""
    pending = folder / f".{project_id}.{_PENDING}.json"
    if not pending.is_file():
        return
    edition = _read(pending)
    own = [one for one in record_files(folder) if one.name.partition(".")[0] == project_id]
    last = _read(own[-1]) if own else None
    if last is not None and _unsigned(last) == _unsigned(edition):
        drop_pending(folder, project_id)
        return
    # Names keep the order of recording, also where the clock ran ahead or was set back.
    date = max([edition.date, *(_part(one.name, 1) for one in own)])
    same_day = sum(_part(one.name, 1) == date for one in own)
    name = f"{project_id}.{date}.{same_day + 1:03}"
    for suffix in (*PAGES, ".json"):
        laid = pending.with_suffix(suffix)
        if laid.is_file():
            move(laid, folder / f"{name}{suffix}")


def drop_pending(folder: Path, project_id: str) -> None:
    for suffix in (*PAGES, ".json"):
        (folder / f".{project_id}.{_PENDING}{suffix}").unlink(missing_ok=True)


def make_key(project: Project) -> None:
    """A key of pseudonyms that lasts, beside the register, where the environment gives none.

    Raises:
        OSError: If it cannot be written.
        evalkit.intake.IntakeError: If the environment gives one that can be guessed.
    """
    folder = editions_folder(project)
    if lasting_key(folder.parent) is None:
        mode = _make_folder(project)
        sweep(folder, KEY_FILE)
        write_whole(folder / KEY_FILE, secrets.token_hex(32), mode=mode)


def register_digest(project: Project) -> str:
    """A keyed checksum of the registers, for the record."""
    files = [digest(project.folder / register.file) for register in project.registers]
    key = secret_key(editions_folder(project).parent)
    return hmac.digest(key, " ".join(files).encode(), "sha256").hex()


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def _unsigned(edition: Edition) -> Edition:
    """What was released, whoever answers for it and when."""
    return replace(edition, name="", date="", by="")


def _make_folder(project: Project) -> int:
    """The folder of editions; what is written in it has the register's own access rights."""
    register = project.folder / project.registers[0].file
    mode = stat.S_IMODE(register.stat().st_mode) & 0o666
    folder = editions_folder(project)
    if not folder.is_dir() or folder.is_symlink():
        folder.mkdir(mode=0o700)
        folder.chmod(mode | 0o700 | (mode & 0o044) >> 2)
    return mode


def _read(file: Path) -> Edition:
    try:
        if file.is_symlink() or not is_inside(file, file.parent.parent):
            raise Damaged("damaged.link")
        found = read_state(file, _Record)
        if found is None:
            raise Damaged("damaged.gone")
        return from_data(dict(found))
    except ValueError as error:
        damage = error if isinstance(error, Damaged) else Damaged("damaged.content")
        raise UnreadableRecord(f"{EDITIONS}/{file.name}", damage) from None


def _part(name: str, place: int) -> str:
    parts = name.split(".")
    return parts[place] if len(parts) > place else ""
