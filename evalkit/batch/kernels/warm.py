"""Warm kernels: the nursery that forks them, and what surrounds a chapter.

Light to import, so that the nursery can load its libraries while its worker does.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock

import psutil

from evalkit.batch.kernels.nursery import children_of
from evalkit.documents.files.workfolder import workplace

# One thread each: the chapters themselves already use every core.
_SURROUNDINGS: Mapping[str, str] = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    # Arrow's allocator would start a thread on import, and the nursery forks: it must have none.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
}
_NURSERY = Path(__file__).with_name("nursery.py")
# A nursery loads its libraries in 2 s, on a crowded machine in 30.
_PATIENCE_SECONDS = 120.0
_POLL_SECONDS = 0.005
_ROUNDS = 100
# Where a chapter's temporary files go, beside the empty folder that it works in.
TEMPORARY = "tmp"


def chapter_environment(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment of a chapter's kernel, whose every file lies in the folder and goes with it.

    So nothing of the user's own IPython set-up is in it, and a temporary file, which may hold
    a person's values, does not outlive a kernel that was killed.
    """
    own = {"IPYTHONDIR": str(folder / ".ipython"), "TMPDIR": str(folder / TEMPORARY)}
    return {**environment, **_SURROUNDINGS, **own}


class ForkedKernel:
    """A kernel the nursery forked, with the part of ``Popen`` that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, *, nursery: int) -> None:
        self.pid, self._nursery = pid, nursery

    def poll(self) -> int | None:
        """None while it runs. Its exit status is not ours to read: 1 stands for any.

        The system reaps it, and may give its number to another process at once.
        """
        with suppress(psutil.Error):
            if psutil.Process(self.pid).ppid() == self._nursery:
                return None
        return 1

    def wait(self) -> int:
        while self.poll() is None:
            time.sleep(_POLL_SECONDS)
        return 1

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


class Nursery:
    """The nursery process of this worker, started when first needed and again if it dies."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._kernels: set[int] = set()
        # A worker of a cluster may run several chapters at once, in threads.
        self._one_at_a_time = Lock()

    def prepare(self) -> None:
        """Have it load its libraries while the worker loads its own."""
        with suppress(OSError), self._one_at_a_time:
            self._running()

    def fork(
        self, arguments: list[str], *, environment: Mapping[str, str], folder: Path
    ) -> ForkedKernel:
        """A kernel started with ``arguments`` in ``folder``.

        Raises:
            OSError, ValueError: If the nursery does not answer.
        """
        request = {
            "arguments": arguments,
            "environment": dict(environment),
            "folder": str(folder),
        }
        with self._one_at_a_time:
            process = self._running()
            assert process.stdin is not None
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            kernel = ForkedKernel(int(self._answer(process)), nursery=process.pid)
            self._kernels.add(kernel.pid)
            return kernel

    def end_strays(self) -> None:
        """End what chapters started that has lost its parent: the nursery has taken it in."""
        for _ in range(_ROUNDS):  # the children of who is ended come next
            with self._one_at_a_time:
                children = children_of(self._process.pid) if self._process else []
                self._kernels.intersection_update(children)
                strays = set(children) - self._kernels
            if not strays:
                return
            for pid in strays:
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(_POLL_SECONDS)

    def _answer(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], _PATIENCE_SECONDS)
        if not ready:
            process.kill()
            raise TimeoutError
        return process.stdout.readline()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                # -P: the folder the user stands in must not shadow a library.
                [sys.executable, "-P", str(_NURSERY), str(workplace())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_SURROUNDINGS},
                cwd=workplace().parent,
                text=True,
                start_new_session=True,
            )
        return self._process


# One per process: a worker runs one chapter after another, and its nursery outlives each.
nursery = Nursery()


def prepare_kernels() -> None:
    """Start what the kernels of this worker will come from, where the system can fork."""
    if sys.platform == "linux":
        nursery.prepare()
