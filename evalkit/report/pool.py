"""Many chapters at once: worker processes that survive the death of one of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from evalkit.report.execute import ChapterRun, ChapterTask, run_chapter

OnDone = Callable[[ChapterRun], None]

_DIED = "the process that ran it was ended from outside (out of memory?)"


def run_chapters(
    tasks: Sequence[ChapterTask], *, workers: int | None = None, on_done: OnDone | None = None
) -> tuple[ChapterRun, ...]:
    """Run every chapter, each in a kernel of its own; runs come back in the order of ``tasks``.

    When a worker process dies, every chapter then waiting is lost with it, so those are
    run once more, one at a time: only the one that kills its worker fails.
    """
    report = on_done or (lambda _run: None)
    count = max(1, min(workers or usable_cores(), len(tasks)))
    finished = _run_together(tasks, count, report)
    for task in tasks:
        if task not in finished:
            finished[task] = _run_alone(task)
            report(finished[task])
    return tuple(finished[task] for task in tasks)


def usable_cores() -> int:
    """Cores this process may use, which containers and schedulers may limit."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _run_together(
    tasks: Sequence[ChapterTask], workers: int, report: OnDone
) -> dict[ChapterTask, ChapterRun]:
    finished: dict[ChapterTask, ChapterRun] = {}
    with _pool(workers) as pool:
        waiting = [pool.submit(run_chapter, task) for task in tasks]
        try:
            for future in as_completed(waiting):
                run = future.result()
                finished[run.task] = run
                report(run)
        except BrokenProcessPool:
            pass  # the unfinished are run again by the caller
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return finished


def _run_alone(task: ChapterTask) -> ChapterRun:
    with _pool(1) as pool:
        try:
            return pool.submit(run_chapter, task).result()
        except BrokenProcessPool:
            return ChapterRun(task=task, failure=_DIED)


def _pool(workers: int) -> ProcessPoolExecutor:
    # Spawned, not forked: the parent may hold threads and sockets a fork would corrupt.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
