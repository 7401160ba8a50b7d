"""What runs on a worker of a cluster: each job in a process of the worker's own.

A thread of the worker only waits for it. So a job that hangs can be ended, and one that crashes
or eats memory costs its own process and not the worker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from multiprocessing import current_process
from threading import Lock
from typing import Any

from evalkit.batch.processes.lanes import Lanes

# Of this worker, whose threads carry out jobs at the same time.
_jobs: dict[str, Future[Any]] = {}
_lanes: list[Lanes] = []
_one_at_a_time = Lock()


def run_in_process(name: str, function: Callable[..., Any], /, *arguments: Any) -> Any:
    """Run on a worker: ``function(*arguments)``, under a name by which it can be ended.

    Raises:
        evalkit.batch.processes.executors.WorkerLost: If its process was ended.
    """
    with _one_at_a_time:
        if not _lanes:
            _lanes.append(_lanes_of_this_worker())
        _jobs[name] = job = _lanes[0].submit(function, *arguments)
    try:
        return job.result()
    finally:
        with _one_at_a_time:
            del _jobs[name]


def end_jobs(names: Sequence[str]) -> None:
    """Run on a worker: end those of the jobs that it runs, with all that they have started."""
    with _one_at_a_time:
        for name in {*names} & {*_jobs}:
            _lanes[0].end(_jobs[name])


def let_processes_go() -> None:
    """Run on a worker when a run is over: processes without a job end."""
    with _one_at_a_time:
        for lanes in _lanes:
            lanes.rest()


def _lanes_of_this_worker() -> Lanes:
    from distributed import get_worker

    # A worker under a nanny is a daemon, which may have no processes of its own lest they
    # outlive it; ours end with it.
    current_process().daemon = False
    return Lanes(int(get_worker().state.nthreads))
