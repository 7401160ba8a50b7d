"""Local workers in lanes: a process of its own for each, so that one death loses one job.

A pool of several processes breaks as a whole when one of them dies, and all that waited in
it is lost. A lane is a pool of one, replaced when it breaks.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from typing import Any

from evalkit.batch.processes.worker import become_worker
from evalkit.documents.files.workfolder import remove_workplace


class Lanes:
    """Processes of this machine behind `evalkit.batch.processes.executors.Executor`."""

    def __init__(self, places: int) -> None:
        self._lanes = tuple(_Lane() for _ in range(places))

    @property
    def places(self) -> int:
        return len(self._lanes)

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        free = (lane for lane in self._lanes if lane.is_free)
        return next(free).submit(function, *arguments)

    def end(self, future: Future[Any]) -> None:
        for lane in self._lanes:
            if lane.future is future:
                lane.kill()

    def rest(self) -> None:
        """Let the processes go that have nothing to do; the next jobs get new ones."""
        for lane in self._lanes:
            if lane.is_free:
                lane.close()

    def close(self, *, at_once: bool = False) -> None:
        for lane in self._lanes:
            if at_once:
                lane.kill()
        for lane in self._lanes:
            lane.close()


class _Lane:
    """One process, started when it is first needed and again after a death."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._process: Any = None
        self._pid = 0
        self.future: Future[Any] | None = None

    @property
    def is_free(self) -> bool:
        return self.future is None or self.future.done()

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        try:
            self.future = self._submit(function, *arguments)
        except BrokenExecutor:  # died since its last job
            self.close()
            self.future = self._submit(function, *arguments)
        return self.future

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        if self._process is not None:
            remove_workplace(self._pid)
        self._pool = self._process = None

    def _submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        if self._pool is not None:
            return self._pool.submit(function, *arguments)
        # Spawned, not forked: the parent may hold threads and sockets a fork would corrupt.
        spawning = get_context("spawn")
        self._pool = ProcessPoolExecutor(1, mp_context=spawning, initializer=become_worker)
        before = set(active_children())
        with _without_interrupts():
            future = self._pool.submit(function, *arguments)
        self._process = next(iter(set(active_children()) - before), None)
        self._pid = self._process.pid if self._process else 0
        return future


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Ctrl-C reaches every process of the terminal; the parent alone decides what it means.

    A blocked signal stays blocked in the processes started meanwhile, from their first
    instruction on and whatever handler a library installs there.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
