"""A process that has loaded the heavy libraries once and forks a kernel for each chapter.

Run as a script: it must start no thread, socket or event loop before it
forks. What evalkit tells IPython, each kernel tells its own when it opens a study. One
request a line on stdin (``{"arguments", "environment", "folder"}``), one answer a line on
stdout (the pid). When its stdin ends, the worker it serves is gone, however it went: the
nursery ends the kernels, removes the worker's folder (its only argument) and follows.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil

from evalkit.batch.processes.worker import end_processes_of, yield_memory_first

# A kernel imports half of these by itself, late; each then costs every project its time. What
# draws is not among them: beside a register nothing is drawn but by an author's chapter.
_PRELOADED = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "tornado.queues",
    "tornado.platform.asyncio", "zmq.utils.garbage", "IPython.core.debugger",
    "IPython.core.oinspect", "IPython.core.completerlib", "IPython.extensions.storemagic",
    "sqlite3", "statistics", "urllib.request", "importlib.resources.readers",
    "encodings.utf_8_sig", "encodings.cp1252", "encodings.cp437", "encodings.unicode_escape",
    "pandas", "pandas.core.methods.to_dict", "pyarrow.parquet", "pyarrow.pandas_compat",
    "scipy.optimize", "evalkit.chapters.show_cell", "evalkit.chapters.key_figures",
    "evalkit.chapters.data_quality", "evalkit.chapters.participants",
    "evalkit.chapters.targets_and_claims", "evalkit.chapters.time_to_employment",
    "evalkit.chapters.after_leaving", "evalkit.chapters.costs", "evalkit.chapters.sites",
)  # fmt: skip
# A debugger of 150 modules that ipykernel loads in every kernel and does without if it must.
_NOT_WANTED = "debugpy"
# Collections of what a chapter makes are rarer: its process ends after a second or two.
_COLLECTION_THRESHOLDS = (50_000, 50, 1000)
# Of 1 000: out of memory, the system ends a kernel before anything else of ours.
_KERNEL_POINTS = 800
_PATIENCE_SECONDS, _POLL_SECONDS = 60.0, 0.01
_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_TAKE_IN_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER


def main() -> None:
    try:
        _serve()
    finally:  # also where the worker went in the midst of a request
        _tidy_up()


def _serve() -> None:
    sys.modules[_NOT_WANTED] = None  # type: ignore[assignment]
    for name in _PRELOADED:
        if _is_left():
            return
        with suppress(ImportError):
            import_module(name)
    # What a chapter started becomes this process's child when its own parent ends, whatever
    # session or environment it took: so it can be found (`warm.Nursery.end_strays`).
    _ask_system(_TAKE_IN_ORPHANS, 1)
    # Kernels are nobody's to wait for: the system reaps them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(*_COLLECTION_THRESHOLDS)
    for line in iter(sys.stdin.readline, ""):
        request = json.loads(line)
        nursery = os.getpid()
        pid = os.fork()
        if pid == 0:
            _become_kernel(request, nursery)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _become_kernel(request: dict[str, Any], nursery: int) -> None:
    try:
        os.setsid()
        _end_with(nursery)
        _take_surroundings(request)
        # The kernel ends itself when this parent is gone; ipykernel read JPY_PARENT_PID on import.
        parent = f"--IPKernelApp.parent_handle={nursery}"
        sys.argv = ["ipykernel_launcher", *request["arguments"], parent]
        import_module("ipykernel.kernelapp").launch_new_instance()
    finally:
        # Whatever happens, a child must never go on as a second nursery.
        os._exit(1)


def _end_with(nursery: int) -> None:
    """The kernel is killed with its nursery, even in code that lets no thread run."""
    _ask_system(_END_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != nursery:
        os._exit(1)


def _ask_system(what: int, value: int) -> None:
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(what, value)


def _take_surroundings(request: dict[str, Any]) -> None:
    yield_memory_first(os.getpid(), _KERNEL_POINTS)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    # Given, not looked for: were the folder gone with a killed worker, the search would go on
    # to the machine's own, and leave files there that nobody removes.
    tempfile.tempdir = request["environment"]["TMPDIR"]
    random.seed()
    import_module("numpy").random.seed()


def _is_left() -> bool:
    """Whether the worker has gone before the libraries were loaded; it asks for nothing yet."""
    readable, _, _ = select.select([sys.stdin], [], [], 0)
    return bool(readable) and not sys.stdin.buffer.peek(1)  # type: ignore[union-attr]


def children_of(parent: int) -> list[int]:
    """The processes that a process has started or taken in, and that have not been reaped."""
    with suppress(psutil.Error):
        return [child.pid for child in psutil.Process(parent).children()]
    return []


def _tidy_up() -> None:
    """End every kernel with whatever its chapters started, and remove the worker's folder."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    for folder in sys.argv[1:]:
        end_processes_of(Path(folder))
    # What is still dying may yet write a file into a folder that is being removed.
    while (left := children_of(os.getpid())) and time.monotonic() < deadline:
        for pid in left:
            for end in (os.killpg, os.kill):  # a kernel leads a group, a stray may lead none
                with suppress(OSError):
                    end(pid, signal.SIGKILL)
        time.sleep(_POLL_SECONDS)
    for folder in sys.argv[1:]:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
