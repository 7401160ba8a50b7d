"""The hidden folder beside a report where it is made: whole files only are moved out of it.

It lies in the project's own report folder, so that moving is renaming and never copying.
Chapters that have run are kept there under their fingerprint until their report is in
place; an interrupted run goes on from them. All else in it is thrown away.
"""

from __future__ import annotations

import errno
import json
import secrets
import shutil
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

WORK = ".work"
_MOVES = "moves.json"
_KEPT = "kept"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FINGERPRINT_LETTERS = 16
# Unlike that of any other process, also on another machine: the workers of a run that was killed
# may still write, or remove what they wrote, when the next run has begun.
_OWN = secrets.token_hex(4)


class DiskFull(OSError):
    """There is no room for the files of a report; what stood there before still stands."""


def kept_file(folder: Path, *, fingerprint: str, chapter: str, language: str) -> Path:
    """Where a chapter that has run is kept until its report is in place."""
    name = f"{fingerprint[:_FINGERPRINT_LETTERS]}.{chapter}.{language}.ipynb"
    return folder / WORK / _KEPT / name


def stage_folder(folder: Path, language: str) -> Path:
    """Where this run writes the files of a report before they are moved in place together."""
    return folder / WORK / f"stage.{language}.{_OWN}"


def write_whole(file: Path, content: str | bytes) -> None:
    """Write a file so that it is either the old one or the whole new one.

    Raises:
        DiskFull: If there is no room for it; nothing of it is left then.
        OSError: If it cannot be written for another reason.
    """
    temporary = file.with_name(f".{file.name}.{_OWN}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
        temporary.replace(file)
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(error.errno, "no space left") from None
        raise
    finally:
        temporary.unlink(missing_ok=True)


def as_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def disk_sentence(error: OSError) -> str:
    """Why files could not be written, in one sentence without their paths."""
    if error.errno in _FULL:
        return "no space left where the reports are written; the earlier report stands untouched"
    return f"the report's files could not be written ({error.strerror or type(error).__name__})"


def move_in_place(
    folder: Path, *, moves: Iterable[tuple[Path, Path]], removals: Iterable[Path]
) -> None:
    """Move whole files in place and take others away, as one act.

    What is to be done is written down first. Whoever finds the list after a crash in the
    midst of it goes on to the end, so that the files of a report always belong together.
    """
    listed = {
        "moves": [[_name(source, folder), _name(target, folder)] for source, target in moves],
        "removals": [_name(file, folder) for file in removals],
    }
    write_whole(folder / WORK / _MOVES, as_json(listed))
    finish_moves(folder)


def finish_moves(folder: Path) -> None:
    """Do what a list of moves says that was begun, now or by a run that was killed."""
    list_file = folder / WORK / _MOVES
    try:
        listed = json.loads(list_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    for source, target in listed["moves"]:
        (folder / target).parent.mkdir(parents=True, exist_ok=True)
        if (folder / source).is_file():
            (folder / source).replace(folder / target)
    for name in listed["removals"]:
        (folder / name).unlink(missing_ok=True)
    list_file.unlink()


def tidy(folder: Path, *, keep: Collection[Path] = ()) -> None:
    """Throw away what lies in the hidden folder, except whole chapters still of use.

    Files of a move that was begun and could not go on are left for the next run.
    """
    work = folder / WORK
    if not work.is_dir() or (work / _MOVES).is_file():
        return
    kept = [file for file in keep if work in file.parents and file.is_file()]
    for entry in [*work.iterdir(), *(work / _KEPT).glob("*"), *(work / _KEPT).glob(".*.tmp")]:
        if entry in kept or (kept and entry.name == _KEPT):
            continue
        _remove(entry)
    if not kept:
        shutil.rmtree(work, ignore_errors=True)
        with suppress(OSError):  # a folder that was made for nothing
            folder.rmdir()


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()
