"""One run at a time in a folder of reports, on this machine and on others that share it.

The system holds the lock (`filelock`), and lets go of it with the process that has it, however
that ends: a file that is left after a kill or a power cut is nobody's and stops nobody.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from evalkit.documents.files.state import sweep
from evalkit.project.problems import Spoken

LOCK = ".lock"


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
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False)
    try:
        if folder.is_dir():
            if (folder / LOCK).is_symlink():  # put there by somebody
                (folder / LOCK).unlink()
            lock.acquire()
            sweep(folder)
            os.utime(folder / LOCK)
    except Timeout:
        raise _at_work(folder) from None
    except OSError:
        pass
    try:
        yield
    finally:
        if lock.is_locked:
            # Taken away while it is held: whoever waits for it sees that, and makes a new one.
            # Windows removes no open file; there it stays.
            with suppress(OSError):
                (folder / LOCK).unlink()
            lock.release()


def _at_work(folder: Path) -> AtWork:
    try:
        time = datetime.fromtimestamp((folder / LOCK).stat().st_mtime)
    except OSError:
        return AtWork("at_work", folder=folder)
    return AtWork("at_work_since", folder=folder, since=f"{time:%Y-%m-%d %H:%M}")
