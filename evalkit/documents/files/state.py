"""State files: what one run writes for the next, read as warily as any other input.

A state file is JSON whose first line holds a checksum of all the lines after it. Whatever lies
in its place – cut short, edited, of another kind, huge, a folder, a pipe – is `Damaged`, which
its reader sets aside and does the work again. Nothing here waits, and nothing follows a path
out of the folder that it belongs to.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import BufferedReader
from itertools import count
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from evalkit.language import Language
from evalkit.project.problems import Spoken, terminal

# Far more than the ledger of a large project after a hundred editions.
LARGEST_BYTES = 64 * 1024**2
# Far more than any file of a report; ten gigabytes of nothing take half a minute to read.
_LARGEST_REPORT_BYTES = 1024**3
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# Absent on Windows, where a file that is no regular one cannot be waited for.
_CAREFUL = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_FIRST_LINE = re.compile(rb'\{\n "checksum": "([0-9a-f]{64})",\n')
# Unlike that of any other process, also on another machine: the workers of a run that was killed
# may still write, or remove what they wrote, when the next run has begun.
OWN = secrets.token_hex(4)

# What a state file may call a file of its folder: no step upwards, nothing hidden, no drive.
SafeName = Annotated[
    str, Field(pattern=r"^(?:[\p{L}\p{N}_-][\p{L}\p{N}_.-]*/)?[\p{L}\p{N}_-][\p{L}\p{N}_.-]*$",
               max_length=200)
]  # fmt: skip
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]

Content = TypeVar("Content")
# What every part of a state file is held to.
exactly = with_config(ConfigDict(extra="forbid", strict=True, allow_inf_nan=False))
# Made once for each kind: it takes a millisecond.
model_of: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


class Damaged(Spoken, ValueError):
    """A state file that cannot be used; the message says what is wrong, never what it holds."""


def damage_note(file: str, damage: Damaged, outcome: str, language: Language, **values: str) -> str:
    """What is wrong with a file and what becomes of it."""
    done = terminal(outcome, place="", hint=None, **values).in_language(language)
    return f"{file} {damage.in_language(language)}; {done}"


class DiskFull(OSError):
    """There is no room for a file; what stood there before still stands."""


def read_bytes(file: Path) -> bytes:
    """The content of a regular file, read without ever waiting for another process.

    Raises:
        FileNotFoundError: If nothing is there.
        Damaged: If it is of another kind, too large, or may not be read.
    """
    with _opened(file) as opened:
        if os.fstat(opened.fileno()).st_size > LARGEST_BYTES:
            raise Damaged("damaged.too_large", most=LARGEST_BYTES // 1024**2)
        try:
            return opened.read(LARGEST_BYTES)
        except OSError:
            raise Damaged("damaged.unread") from None


def digest_of(file: Path) -> str:
    """SHA-256 of a regular file's content; ``""`` where there is none to be had of a report."""
    try:
        with _opened(file) as opened:
            if os.fstat(opened.fileno()).st_size > _LARGEST_REPORT_BYTES:
                return ""
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except (OSError, Damaged):
        return ""


def _opened(file: Path) -> BufferedReader:
    try:
        descriptor = os.open(file, os.O_RDONLY | _CAREFUL)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(file) from None
    except PermissionError:
        raise Damaged("damaged.no_right") from None
    except (OSError, ValueError):
        raise Damaged("damaged.no_file") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Damaged("damaged.no_file")
    return os.fdopen(descriptor, "rb")


def read_state(file: Path, kind: type[Content]) -> Content | None:
    """What a state file of some kind holds, checked whole; None where there is no file.

    Raises:
        Damaged: If something else lies there.
    """
    try:
        content = read_bytes(file)
    except FileNotFoundError:
        return None
    first = _FIRST_LINE.match(content)
    if first is None:
        raise Damaged("damaged.other_version")
    rest = content[first.end() :]
    if hashlib.sha256(rest).hexdigest().encode() != first[1]:
        raise Damaged("damaged.changed")
    try:
        held: Content = model_of(kind).validate_json(b"{\n" + rest)
    except (ValidationError, RecursionError):
        raise Damaged("damaged.content") from None
    return held


def state_text(content: Any) -> str:
    """The text of a state file; ``content`` is an object with at least one key."""
    _, rest = json.dumps(content, ensure_ascii=False, indent=1).split("\n", 1)
    rest += "\n"
    return f'{{\n "checksum": "{hashlib.sha256(rest.encode()).hexdigest()}",\n{rest}'


def write_whole(
    file: Path, content: str | bytes, *, is_lasting: bool = True, mode: int | None = None
) -> None:
    """Write a file so that it is either the old one or the whole new one.

    ``is_lasting``: also after a power cut. ``mode``: access rights that it has from the start.
    A folder that lies in the file's place is set aside.

    Raises:
        DiskFull: If there is no room for it; nothing of it is left then.
        OSError: If it cannot be written for another reason.
    """
    temporary = file.with_name(f".{file.name}.{OWN}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if mode is not None:
            temporary.touch(mode=0o600)
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
        if is_lasting:
            with temporary.open("rb+") as written:
                os.fsync(written.fileno())
        if mode is not None:
            temporary.chmod(mode)
        move(temporary, file)
        if is_lasting:
            _keep_names(file.parent)
    except OSError as error:
        if is_full(error):
            raise DiskFull(error.errno, "no space left") from None
        raise
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def sweep(folder: Path, name: str = "") -> None:
    """Remove what writers who were killed left half written of files whose name begins so."""
    for half in folder.glob(f".{name}*.tmp"):
        with suppress(OSError):
            half.unlink()


def move(source: Path, target: Path) -> None:
    """Rename, also where a folder has been put in the target's place: that is set aside."""
    if target.is_dir() and not target.is_symlink():
        set_aside(target)
    source.replace(target)


def set_aside(file: Path) -> Path | None:
    """Give whatever lies there another name beside it, so that a new file can take its place.

    Returns its new name, or None if it could not be moved.
    """
    names = (f"{file.name}.damaged{f'-{n}' if n > 1 else ''}" for n in count(1))
    aside = next(one for one in map(file.with_name, names) if not os.path.lexists(one))
    try:
        file.rename(aside)
    except OSError:
        return None
    return aside


def is_full(error: OSError) -> bool:
    return error.errno in _FULL


def is_inside(file: Path, folder: Path) -> bool:
    """Whether a file lies in a folder when every link on the way to it is followed.

    The file's own name is not followed: it is replaced or removed, never written through.
    """
    try:
        return file.parent.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # links in a circle, a name with a zero
        return False


def _keep_names(folder: Path) -> None:
    """Have the system write the folder's names down too, where it can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
