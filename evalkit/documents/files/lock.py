"""One run at a time in a folder of reports, on this machine and on others that share it.

The system holds the lock, and lets go of it with the process that has it, however that ends:
a file that is left after a kill or a power cut is nobody's and stops nobody.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from evalkit.documents.files.state import sweep
from evalkit.project.problems import Spoken

LOCK = ".lock"
_TAKEN = frozenset({errno.EAGAIN, errno.EACCES, errno.EDEADLK})


class AtWork(Spoken, RuntimeError):
    """Another run is at work in the folder; the message is one clear sentence."""


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """While this lasts, no other run begins in the folder.

    Storage that knows no locks is not guarded, nor a folder where no file can be made, which
    the run itself will tell.

    Raises:
        AtWork: If another run is at work there.
    """
    held = _held(folder / LOCK)
    if held is not None:
        sweep(folder)
    try:
        yield
    finally:
        if held is not None:
            # Taken away while it is held: whoever waits for it sees that, and makes a new one.
            # Windows removes no open file; there it stays.
            with suppress(OSError):
                (folder / LOCK).unlink()
            os.close(held)


def _held(file: Path) -> int | None:
    """The locked file; None where there are no locks to be had."""
    while True:
        try:
            descriptor = _opened(file)
        except OSError:
            return None
        try:
            _lock(descriptor)
            if os.path.samestat(os.fstat(descriptor), file.stat()):
                with suppress(OSError):  # another user's, left after a kill
                    os.utime(file)
                return descriptor
        except FileNotFoundError:
            pass  # its last holder took it away meanwhile
        except OSError as error:
            os.close(descriptor)
            if error.errno in _TAKEN:
                raise _at_work(file) from None
            return None
        os.close(descriptor)


def _opened(file: Path) -> int:
    if file.is_symlink():  # put there by somebody; no file is made where it leads
        file.unlink()
    careful = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT | careful, 0o666)
    except PermissionError:  # another user's: locked as well by who may only read it
        return os.open(file, os.O_RDONLY)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _at_work(file: Path) -> AtWork:
    try:
        time = datetime.fromtimestamp(file.stat().st_mtime)
    except OSError:
        return AtWork("at_work", folder=file.parent)
    return AtWork("at_work_since", folder=file.parent, since=f"{time:%Y-%m-%d %H:%M}")
