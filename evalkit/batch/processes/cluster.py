"""Workers of a Dask cluster behind `evalkit.batch.processes.executors.Executor`.

The one thing to know: each job is meant for one worker and no other. When that one is gone, it
fails with `WorkerLost` and Dask has nowhere to run it again, so that the batch has one rule for
all workers. `distributed` is loaded only here, when a scheduler is named.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from evalkit.batch.processes.cluster_checks import (
    ClusterError,
    Shared,
    require_fit_scheduler,
    unfit_workers,
)
from evalkit.batch.processes.cluster_jobs import end_jobs, let_processes_go, run_in_process
from evalkit.batch.processes.executors import Executor, WorkerLost

__all__ = ["ClusterError", "connected"]

_CONNECT_SECONDS = 30.0
# A worker loads its libraries in 2 s, on a crowded machine in 30.
_FIRST_WORKER_SECONDS = 90.0
_LEAVE_SECONDS = 2.0
# A nanny starts a killed worker again within a few seconds; a machine may take a minute.
_PATIENCE_SECONDS = 90.0
_LOOK_EVERY_SECONDS = 1.0
_TRANSPORTS = ("tcp://", "tls://")


def connected(address: str, *, files: Sequence[Path] = (), output: Path | None = None) -> Executor:
    """The workers of the scheduler at ``address``, looked over before anything is started.

    Args:
        address: Such as ``tcp://10.0.0.5:8786``, or ``tls://…`` with certificates in Dask's
            own configuration.
        files: Files that every worker must see under the same path: the project files.
        output: Folder of the reports, which every worker must be able to write to.

    Raises:
        ClusterError: If no scheduler or no worker is there, if a machine has other versions,
            or if a worker does not see the files.
    """
    client = _client(address)
    try:
        _wait_for_worker(client, address)
        require_fit_scheduler(client)
        shared = Shared(tuple(files), output)
        workers = sorted(client.nthreads())
        for error in unfit_workers(client, workers, shared).values():
            raise error
        return Cluster(client, address, shared, workers)
    except BaseException:
        client.close()
        raise


class _Job(NamedTuple):
    """A job of ours as Dask knows it, and the worker that it is meant for."""

    name: str
    handle: Any
    worker: str


class Cluster:
    """The workers of one scheduler that are fit for the work; a place is a thread of a worker."""

    def __init__(self, client: Any, address: str, shared: Shared, workers: Sequence[str]) -> None:
        self._client = client
        self._address = address
        self._shared = shared
        self._jobs: dict[Future[Any], _Job] = {}
        self._fit, self._unfit = set(workers), set[str]()
        self._threads: dict[str, int] = {}
        self._looked = 0.0
        self._alone_since: float | None = None
        self._look()

    @property
    def places(self) -> int:
        """Threads of the fit workers that are there now; 0 while the last of them starts again.

        Jobs of workers that are not there any more fail with `WorkerLost`.

        Raises:
            ClusterError: If the scheduler is gone, or no worker has come back for a while.
        """
        now = time.monotonic()
        if now - self._looked >= _LOOK_EVERY_SECONDS:
            with self._asking():
                self._look()
            self._looked = now
            self._require_company(now)
        return sum(self._threads.values())

    def _look(self) -> None:
        """Who is there; a worker that has come since is looked over, and left out if unfit."""
        there = dict(self._client.nthreads())
        new = sorted(set(there) - self._fit - self._unfit)
        if new:
            self._unfit |= set(unfit_workers(self._client, new, self._shared))
            self._fit |= set(new) - self._unfit
        self._threads = {at: number for at, number in there.items() if at in self._fit}
        for future, job in list(self._jobs.items()):
            if job.worker not in there:
                self._give_up(future)

    def _require_company(self, now: float) -> None:
        if self._threads:
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = now
        elif now - self._alone_since > _PATIENCE_SECONDS:
            raise ClusterError(
                "cluster.alone", address=self._address, seconds=f"{_PATIENCE_SECONDS:g}"
            )

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        name = f"evalkit-{secrets.token_hex(8)}"
        with self._asking():
            worker = self._idlest()
            handle = self._client.submit(
                run_in_process, name, function, *arguments, key=name, pure=False, workers=[worker]
            )
        future: Future[Any] = Future()
        self._jobs[future] = _Job(name, handle, worker)
        handle.add_done_callback(lambda done: self._settle(future, done))
        return future

    def _idlest(self) -> str:
        """The worker with the smallest part of its threads at work for us."""
        at_work = Counter(job.worker for job in list(self._jobs.values()))
        return min(self._threads, key=lambda at: at_work[at] / self._threads[at])

    def end(self, future: Future[Any]) -> None:
        job = self._jobs.get(future)
        if job is not None:
            self._end([job])
            self._give_up(future)

    def close(self, *, at_once: bool = False) -> None:
        """Leave the cluster as it was found: its scheduler and workers are not ours to end."""
        if at_once:
            self._end(list(self._jobs.values()))
        for future in list(self._jobs):
            self._give_up(future)
        with suppress(Exception), self._asking():
            self._client.run(let_processes_go, workers=sorted(self._threads), on_error="ignore")
        self._client.close(timeout=_LEAVE_SECONDS)

    def _end(self, jobs: Sequence[_Job]) -> None:
        names = [job.name for job in jobs]
        workers = sorted({job.worker for job in jobs} & set(self._threads))
        with suppress(Exception), self._asking():
            self._client.run(end_jobs, names, workers=workers, on_error="ignore")

    def _give_up(self, future: Future[Any]) -> None:
        _fail(future)
        self._forget(future)

    def _settle(self, future: Future[Any], job: Any) -> None:
        """What Dask says of a job, told as the local workers tell it; called in a thread."""
        result, error = None, None
        try:
            result = job.result()
        except BaseException as raised:  # noqa: BLE001 - told below, whatever it was
            error = raised
        if error is None:
            with suppress(InvalidStateError):  # given up at the very moment
                future.set_result(result)
        else:
            # Killed, cancelled or lost with the scheduler: the work was not at fault.
            _fail(future, error if job.status == "error" and not _is_loss(error) else None)
        self._forget(future)

    def _forget(self, future: Future[Any]) -> None:
        # The last reference to Dask's own future: its result is let go of on the cluster.
        self._jobs.pop(future, None)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            if self._client.status != "running":
                raise OSError
            yield
        except (OSError, TimeoutError, RuntimeError):
            raise ClusterError("cluster.gone", address=self._address) from None


def _client(address: str) -> Any:
    if not address.startswith(_TRANSPORTS) or not address.rpartition(":")[2].isdecimal():
        raise ClusterError("cluster.no_address", address=address)
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError("cluster.no_package") from None
    # Its lines would break the progress bar, and quote tracebacks of workers. It gives some of
    # its loggers levels and handlers of their own.
    for name in tuple(logging.root.manager.loggerDict):
        if name.startswith("distributed"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client: Any = Client  # distributed has no types
        return client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError):
        raise ClusterError(
            "cluster.no_answer", address=address, seconds=f"{_CONNECT_SECONDS:g}"
        ) from None
    except (TypeError, ValueError, RuntimeError):
        raise ClusterError("cluster.refused", address=address) from None


def _wait_for_worker(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_FIRST_WORKER_SECONDS)
    except TimeoutError:
        raise ClusterError("cluster.no_workers", address=address) from None


def _is_loss(error: BaseException) -> bool:
    return type(error).__name__ == "KilledWorker"


def _fail(future: Future[Any], error: BaseException | None = None) -> None:
    with suppress(InvalidStateError):  # it has come to its end meanwhile
        future.set_exception(error or WorkerLost("its worker is gone"))
