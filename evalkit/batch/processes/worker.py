"""A worker process: it leaves Ctrl-C and a closed terminal to its parent, and nothing behind.

Its chapters work in one folder of its own. Whoever is left removes that folder: the worker
itself, or its nursery when the worker was killed.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread

from evalkit.documents.files.workfolder import workplace

# Of 1 000. The system, out of memory, ends what has the most points: a kernel (800, see
# `nursery`) before a worker, and a worker before the command that has to tell of it.
_WORKER_POINTS = 300

# A chart or a page is many small objects that live until it is written: looking through them at
# every 700 is a fifteenth of a report's time.
_COLLECTION_THRESHOLDS = (50_000, 50, 1000)

_perishable: set[Path] = set()


def become_worker() -> None:
    """What a process does first that is to run jobs for a parent."""
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    gc.set_threshold(*_COLLECTION_THRESHOLDS)
    yield_memory_first(os.getpid(), _WORKER_POINTS)
    Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()


def end_processes_of(folder: Path) -> None:
    """End whatever was started in a chapter's surroundings and still runs, on Linux.

    Also in a session of its own, where no group of processes holds it: it inherited the folder
    that the chapter's environment names (`evalkit.batch.kernels.warm`).
    """
    mark = b"IPYTHONDIR=" + os.fsencode(folder.resolve()) + b"/"
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark in environment.read_bytes():
                os.kill(int(environment.parent.name), signal.SIGKILL)


@contextmanager
def perishable(folder: Path) -> Iterator[None]:
    """A folder that is unfinished work while this lasts: removed if the parent is killed."""
    _perishable.add(folder)
    try:
        yield
    finally:
        _perishable.discard(folder)


def yield_memory_first(pid: int, points: int) -> None:
    """Name a process as one to end when memory runs out, where the system takes such names."""
    with suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text(f"{points}\n", encoding="ascii")


def _end_with_parent() -> None:
    """A killed parent cannot tell its workers, and these would wait for jobs for ever."""
    parent = parent_process()
    if parent is None:
        return
    wait([parent.sentinel])
    try:
        for folder in (workplace(), *_perishable):
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        # The nursery and its kernels end when this process does.
        os._exit(1)
