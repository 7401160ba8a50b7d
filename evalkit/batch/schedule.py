"""The loop of a batch: jobs to workers, what came of them to the projects, until all is done.

Reports are written as soon as the chapters of their project have run, before further
chapters are begun, so that what is finished is in place and little is under way.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from threading import Event as Flag
from typing import Any

from evalkit.batch.course import Course
from evalkit.batch.events import ChapterDone, Event, ReportDone, Started
from evalkit.batch.jobs import ChapterJob, ReportJob, Written, run_and_keep, write_report
from evalkit.batch.kernels.tasks import ChapterRun, ChapterTask
from evalkit.batch.processes.executors import Executor, WorkerLost
from evalkit.documents.editions.outcomes import Outcome

# A worker keeps a chapter's limit itself, beside the time that it and a kernel take to start.
# Only one that is stuck elsewhere must be ended from here.
_GRACE_SECONDS = 300.0
_REPORT_LIMIT_SECONDS = 600.0
_TICK_SECONDS = 0.1
_LOST = "the process that ran it was ended from outside twice (out of memory?)"


class Stopped(Exception):
    """The run was interrupted; what is finished is in place."""


@dataclass(slots=True)
class _Running:
    """A job on a worker. ``attempt`` counts from 1; ``is_ended``: for taking too long."""

    course: Course
    job: ChapterJob | ReportJob
    attempt: int
    since: float
    is_ended: bool = False


class Schedule:
    """Runs the jobs of some projects on an executor, within a time limit for all of them."""

    def __init__(
        self,
        executor: Executor,
        tell: Callable[[Event], None],
        *,
        interrupted: Flag,
        time_limit_seconds: float | None = None,
    ) -> None:
        self._executor = executor
        self._tell = tell
        self._interrupted = interrupted
        self._limit = time_limit_seconds
        self._began = time.monotonic()
        self._waiting: deque[_Running] = deque()
        self._running: dict[Future[Any], _Running] = {}
        self._done, self._total = 0, 0
        self._number: dict[int, int] = {}
        self.outcomes: dict[int, tuple[Outcome, ...]] = {}

    def run(self, courses: Mapping[int, Course]) -> None:
        """Until every project has its outcomes, which stand in ``outcomes`` by its number.

        Raises:
            Stopped: If the run was interrupted; the outcomes of finished projects stand.
        """
        self._number = {id(course): number for number, course in courses.items()}
        for course in courses.values():
            jobs = list(course.chapter_jobs())
            self._total += len(jobs)
            self._waiting.extend(_Running(course, job, 1, 0.0) for job in jobs)
            if not jobs:
                self._chapters_have_run(course)
        while self._waiting or self._running:
            if self._interrupted.is_set():
                raise Stopped
            self._keep_limits()
            self._fill_places()
            if not self._running:
                time.sleep(_TICK_SECONDS)  # every worker of a cluster is away for a moment
            done, _ = wait(self._running, timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                if self._interrupted.is_set():
                    raise Stopped
                self._take(future, self._running.pop(future))

    def _fill_places(self) -> None:
        # Asked for in any case: that is how workers that have gone are missed.
        places = self._executor.places
        while self._waiting and len(self._running) < places:
            running = self._waiting.popleft()
            running.since = time.monotonic()
            work = run_and_keep if isinstance(running.job, ChapterJob) else write_report
            self._running[self._executor.submit(work, running.job)] = running
            self._tell(_started(running))

    def _take(self, future: Future[Any], running: _Running) -> None:
        error = future.exception()
        if isinstance(error, WorkerLost) and not running.is_ended and running.attempt == 1:
            self._again(running)
        elif isinstance(running.job, ChapterJob):
            run = _run_of(running.job.task, error) if error else future.result()
            if running.is_ended:
                run = replace(run, failure=self._too_long(running.job.task))
            elif run.has_died and running.attempt == 1:
                self._again(running)
                return
            self._chapter_has_run(running, run)
        else:
            failed = Written(
                language=running.job.language, outputs={}, failure=_report_failure(error)
            )
            self._report_is_written(running, failed if error else future.result())

    def _again(self, running: _Running) -> None:
        """Once more, before anything else: the process died, and not for the job's sake perhaps."""
        again = _Running(running.course, running.job, running.attempt + 1, 0.0)
        self._waiting.appendleft(again)
        if isinstance(running.job, ChapterJob):
            self._tell(self._chapter_event(running, ChapterRun(task=running.job.task), "again"))

    def _chapter_has_run(self, running: _Running, run: ChapterRun) -> None:
        self._done += 1
        running.course.chapter_has_run(run)
        self._tell(self._chapter_event(running, run, "failed" if run.failure else "done"))
        if not running.course.is_waiting_for_chapters:
            self._chapters_have_run(running.course)

    def _chapters_have_run(self, course: Course) -> None:
        self._write_next(course, list(course.report_jobs()))

    def _report_is_written(self, running: _Running, written: Written) -> None:
        course = running.course
        course.report_is_written(written)
        if not any(other.course is course for other in [*self._running.values(), *self._waiting]):
            self._write_next(course, list(course.relinking_jobs()))

    def _write_next(self, course: Course, jobs: list[ReportJob]) -> None:
        self._waiting.extendleft(_Running(course, job, 1, 0.0) for job in reversed(jobs))
        if jobs:
            return
        outcomes = course.settled()
        self.outcomes[self._number[id(course)]] = outcomes
        for outcome in outcomes:
            self._tell(report_event(outcome))

    def _keep_limits(self) -> None:
        now = time.monotonic()
        is_over = self._limit is not None and now - self._began > self._limit
        for future, running in self._running.items():
            is_chapter = isinstance(running.job, ChapterJob)
            if now - running.since > _patience(running.job) or (is_over and is_chapter):
                running.is_ended = True
                self._executor.end(future)
        if is_over:
            unbegun = [one for one in self._waiting if isinstance(one.job, ChapterJob)]
            self._waiting = deque(one for one in self._waiting if one not in unbegun)
            for running in unbegun:
                task = running.job.task  # type: ignore[union-attr]
                self._chapter_has_run(running, ChapterRun(task=task, failure=self._over()))

    def _too_long(self, task: ChapterTask) -> str:
        if self._limit is not None and time.monotonic() - self._began > self._limit:
            return self._over()
        return f"took longer than {task.timeout_seconds:g} seconds"

    def _over(self) -> str:
        return f"not finished within the time limit of {self._limit:g} seconds for the whole run"

    def _chapter_event(self, running: _Running, run: ChapterRun, state: Any) -> ChapterDone:
        return ChapterDone(
            project=run.task.project_id,
            chapter=run.task.chapter,
            language=run.task.language,
            state=state,
            seconds=run.seconds or time.monotonic() - (running.since or time.monotonic()),
            sentence=run.failure,
            done=self._done,
            total=self._total,
        )


def report_event(outcome: Outcome) -> ReportDone:
    """What became of a report, to be told."""
    state = "failed" if outcome.failures else "up_to_date" if outcome.is_up_to_date else "rendered"
    return ReportDone(
        project=outcome.project_id,
        language=outcome.language or "",
        state=state,  # type: ignore[arg-type]
        file=outcome.file,
        sentences=outcome.failures,
    )


def _started(running: _Running) -> Started:
    job = running.job
    return Started(
        project=running.course.plan.id,
        chapter=job.task.chapter if isinstance(job, ChapterJob) else "",
        language=job.task.language if isinstance(job, ChapterJob) else job.language,
    )


def _patience(job: ChapterJob | ReportJob) -> float:
    if isinstance(job, ChapterJob):
        return job.task.timeout_seconds + _GRACE_SECONDS
    return _REPORT_LIMIT_SECONDS


def _run_of(task: ChapterTask, error: BaseException) -> ChapterRun:
    """A chapter whose job broke; what an error says may quote a file and is not repeated."""
    if isinstance(error, WorkerLost):
        return ChapterRun(task=task, failure=_LOST)
    return ChapterRun(task=task, failure=f"could not be run ({type(error).__name__})")


def _report_failure(error: BaseException | None) -> str:
    if isinstance(error, WorkerLost):
        return f"the report could not be written: {_LOST}"
    return f"the report could not be written ({type(error).__name__})"
