"""The hidden folder beside a report where it is made: whole files only are moved out of it.

It lies in the project's own report folder, so that moving is renaming and never copying.
Chapters that have run are kept there under their fingerprint until their report is in
place; an interrupted run goes on from them. All else in it is thrown away.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Collection, Iterable
from contextlib import suppress
from functools import cache
from multiprocessing import current_process
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from evalkit.documents.files.state import (
    OWN,
    Damaged,
    SafeName,
    digest_of,
    exactly,
    is_full,
    is_inside,
    move,
    read_state,
    set_aside,
    state_text,
    write_whole,
)
from evalkit.project.problems import Problem, terminal

WORK = ".work"
MOVES = f"{WORK}/moves.json"
_KEPT = "kept"
_KINDS = {errno.EACCES: "no_right", errno.EPERM: "no_right", errno.EROFS: "read_only"}
_LETTERS = 16
# More than the manifest, ledger and log of any project; what a report takes comes on top.
_ROOM_BYTES = 64 * 1024


@exactly
class _Moves(TypedDict):
    """From where in the hidden folder to where in the report's; and what is to go."""

    moves: list[tuple[Annotated[str, Field(pattern=r"^\.work/", max_length=300)], SafeName]]
    removals: list[SafeName]


def keep(folder: Path, content: str, *, fingerprint: str, name: str) -> Path:
    """Keep a chapter that has run, or what its project's chapters asked, until its report is in
    place; its name holds its checksum.

    Raises:
        OSError: If it cannot be written.
    """
    own = hashlib.sha256(content.encode()).hexdigest()
    file = folder / WORK / _KEPT / f"{fingerprint[:_LETTERS]}-{own[:_LETTERS]}.{name}"
    write_whole(file, content)
    return file


def kept_file(folder: Path, *, fingerprint: str, name: str) -> Path | None:
    """What an earlier run kept under a name, if it is whole."""
    place = folder / WORK / _KEPT
    if not is_inside(place / "x", folder):
        return None
    for file in place.glob(f"{fingerprint[:_LETTERS]}-*.{name}"):
        own = file.name.partition(".")[0].partition("-")[2]
        if len(own) == _LETTERS and digest_of(file).startswith(own):
            return file
    return None


def stage_folder(folder: Path, language: str) -> Path:
    """Where this run writes the files of a report before they are moved in place together."""
    return folder / WORK / f"stage.{language}.{OWN}"


def told_file(folder: Path) -> Path:
    """Where a worker writes down how far it has come with a project, anew at each call."""
    return folder / WORK / f"told.{secrets.token_hex(4)}.jsonl"


def disk_problem(error: OSError, *, place: Path | str = "") -> Problem:
    """Why files could not be written, in one sentence without their paths."""
    if is_full(error):
        return terminal("disk.full")
    kind = _KINDS.get(error.errno or 0, "other")
    reason = type(error).__name__
    return terminal(f"disk.{kind}", place=place, reason=reason)


def require_room(folder: Path) -> None:
    """Write a little into the hidden folder and take it away again.

    Raises:
        DiskFull, OSError: If the files of a report could not be written there.
    """
    was_there = folder.exists()
    probe = folder / WORK / f"room.{OWN}"
    try:
        write_whole(probe, bytes(_ROOM_BYTES), is_lasting=False)
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
        with suppress(OSError):  # not empty: an earlier run kept chapters in it
            probe.parent.rmdir()
        if not was_there:
            with suppress(OSError):
                folder.rmdir()


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
    write_whole(folder / MOVES, state_text(listed))
    finish_moves(folder)


def finish_moves(folder: Path) -> Damaged | None:
    """Do what a list of moves says that was begun, now or by a run that was killed.

    Returns what was wrong with the list, if it cannot be used: what it would have moved is then
    rebuilt, since the manifest knows each file by its checksum.
    """
    list_file = folder / MOVES
    if not os.path.lexists(folder / WORK):
        return None
    _make_sound(folder / WORK, folder)
    _make_sound(folder / WORK / _KEPT, folder)
    try:
        listed = read_state(list_file, _Moves)
        if listed is None:
            return None
        _require_inside(folder, listed)
    except Damaged as damage:
        _remove(list_file)
        return damage
    for source, target in listed["moves"]:
        _make_sound((folder / target).parent, folder)
        (folder / target).parent.mkdir(parents=True, exist_ok=True)
        if (folder / source).is_file():
            move(folder / source, folder / target)
    for name in listed["removals"]:
        if is_inside(folder / name, folder):
            _remove(folder / name)
    list_file.unlink()
    return None


def _require_inside(folder: Path, listed: _Moves) -> None:
    """No file of the list may lead out of the folder, by its name or by a link on its way."""
    sources = [folder / source for source, _ in listed["moves"]]
    is_safe = all(
        ".." not in source.parts and is_inside(source, folder / WORK) and not source.is_symlink()
        for source in sources
    )
    if not is_safe:
        raise Damaged("damaged.elsewhere")


def _make_sound(place: Path, folder: Path) -> None:
    """A folder of ours that is a link or a file gives way to one that is a folder."""
    if place == folder:
        return
    if place.is_symlink():
        place.unlink()
    elif place.exists() and not place.is_dir():
        set_aside(place)


def tidy(folder: Path, *, keep: Collection[Path] = ()) -> None:
    """Throw away what lies in the hidden folder, except whole chapters still of use.

    Files of a move that was begun and could not go on are left for the next run.
    """
    work = folder / WORK
    with suppress(OSError):
        _make_sound(work, folder)
        _make_sound(work / _KEPT, folder)
    if not work.is_dir() or (folder / MOVES).is_file():
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
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


@cache
def workplace() -> Path:
    """The folder of this process for whatever its chapters need while they run."""
    folder = Path(tempfile.mkdtemp(prefix=_prefix(os.getpid())))
    # Processes of a pool leave without atexit, but not without multiprocessing's finalizers.
    Finalize(None, shutil.rmtree, args=(folder,), kwargs={"ignore_errors": True}, exitpriority=1)
    return folder


def remove_workplace(pid: int) -> None:
    """Remove the folder of a process that has ended and may have been killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_prefix(pid)}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _prefix(pid: int) -> str:
    """Of one run: another, in a container with numbers of its own, may share the folder."""
    run = hashlib.sha256(bytes(current_process().authkey)).hexdigest()[:8]
    return f"evalkit-{pid}-{run}-"
