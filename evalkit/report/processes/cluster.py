"""Workers of a Dask cluster behind `evalkit.report.processes.executors.Executor`.

The one thing to know: a job whose worker dies is not run again by Dask, as it would be up to
four times, but fails with `WorkerLost`, so that the batch has one rule for all workers.
`distributed` is loaded only here, when a scheduler is named.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from evalkit.report.processes.cluster_checks import (
    ClusterError,
    Shared,
    end_kernels,
    require_fit_scheduler,
    unfit_workers,
)
from evalkit.report.processes.executors import Executor, WorkerLost

__all__ = ["ClusterError", "connected"]

_CONNECT_SECONDS = 10.0
_FIRST_WORKER_SECONDS = 20.0
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
        for sentence in unfit_workers(client, workers, shared).values():
            raise ClusterError(sentence)
        return Cluster(client, address, shared, workers)
    except BaseException:
        client.close()
        raise


class Cluster:
    """The workers of one scheduler that are fit for the work; a place is a thread of a worker."""

    def __init__(self, client: Any, address: str, shared: Shared, workers: Sequence[str]) -> None:
        self._client = client
        self._address = address
        self._shared = shared
        self._jobs: dict[Future[Any], Any] = {}
        self._fit, self._unfit = set(workers), set[str]()
        self._threads: dict[str, int] = {}
        self._looked = 0.0
        self._alone_since: float | None = None
        self._earlier_failures = client.run_on_scheduler(_allow_failures, number=0)

    @property
    def places(self) -> int:
        """Threads of the fit workers that are there now; 0 while the last of them starts again.

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

    def _require_company(self, now: float) -> None:
        if self._threads:
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = now
        elif now - self._alone_since > _PATIENCE_SECONDS:
            raise ClusterError(
                f"{self._address}: no worker has been there for {_PATIENCE_SECONDS:g} "
                "seconds; start workers and give the same command again to continue"
            )

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        with self._asking():
            workers = sorted(self._threads or self._fit)
            job = self._client.submit(function, *arguments, pure=False, workers=workers)
        future: Future[Any] = Future()
        self._jobs[future] = job
        job.add_done_callback(lambda done: self._settle(future, done))
        return future

    def end(self, future: Future[Any]) -> None:
        """End the kernels of the worker that runs it: a thread cannot be ended.

        Workers have one thread each as documented; a second one's chapter is run once more.
        """
        job = self._jobs.get(future)
        if job is None:
            return
        with suppress(Exception):
            self._end_kernels_of([job])
        _fail(future)
        self._forget(future)

    def close(self, *, at_once: bool = False) -> None:
        """Leave the cluster as it was found: its scheduler and workers are not ours to end."""
        with suppress(Exception), self._asking():
            if at_once:
                self._end_kernels_of(list(self._jobs.values()))
                # What has begun to be written is written to its end, not left half.
                wait(list(self._jobs), timeout=_LEAVE_SECONDS)
                self._client.cancel(list(self._jobs.values()))
            self._client.run_on_scheduler(_allow_failures, number=self._earlier_failures)
        for future in list(self._jobs):
            _fail(future)
        self._jobs.clear()
        self._client.close(timeout=_LEAVE_SECONDS)

    def _end_kernels_of(self, jobs: Sequence[Any]) -> None:
        keys = {job.key for job in jobs}
        running = [at for at, held in self._client.processing().items() if keys & set(held)]
        if running:
            self._client.run(end_kernels, workers=running, on_error="ignore")

    def _settle(self, future: Future[Any], job: Any) -> None:
        """What Dask says of a job, told as the local workers tell it; called in a thread."""
        result, error = None, None
        try:
            result = job.result()
        except BaseException as raised:  # noqa: BLE001 - told below, whatever it was
            error = raised
        if error is None and not future.done():
            future.set_result(result)
        elif error is not None:
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
            raise ClusterError(
                f"{self._address}: the scheduler is gone; what is finished is kept, and the "
                "same command continues when it is there again"
            ) from None


def _client(address: str) -> Any:
    if not address.startswith(_TRANSPORTS) or not address.rpartition(":")[2].isdecimal():
        raise ClusterError(
            f"'{address}' is no address of a scheduler: expected tcp://HOST:PORT or tls://HOST:PORT"
        )
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError(
            "a cluster needs the package distributed: pip install 'evalkit[cluster]'"
        ) from None
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
            f"{address}: no scheduler answers there within {_CONNECT_SECONDS:g} seconds"
        ) from None
    except (TypeError, ValueError, RuntimeError):
        raise ClusterError(
            f"{address}: the connection was refused; a tls:// scheduler needs certificates in "
            "Dask's configuration, and one started without them is reached by tcp://"
        ) from None


def _wait_for_worker(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_FIRST_WORKER_SECONDS)
    except TimeoutError:
        raise ClusterError(
            f"{address}: the scheduler has no workers; start some with: dask worker {address}"
        ) from None


def _allow_failures(dask_scheduler: Any, *, number: int) -> int:
    """Run on the scheduler: how many workers a job may cost before it fails; what it was."""
    before = int(dask_scheduler.allowed_failures)
    dask_scheduler.allowed_failures = number
    return before


def _is_loss(error: BaseException) -> bool:
    return type(error).__name__ == "KilledWorker"


def _fail(future: Future[Any], error: BaseException | None = None) -> None:
    if not future.done():
        future.set_exception(error or WorkerLost("its worker is gone"))
