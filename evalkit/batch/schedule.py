"""The loop of a batch: jobs to workers, what came of them to the projects, until all is done.

Reports are written as soon as the chapters of their project have run, before further
chapters are begun, so that what is finished is in place and little is under way.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from threading import Event as Flag
from typing import Any, Literal

from evalkit.batch.course import Course
from evalkit.batch.events import ChapterDone, Event, Started, report_event
from evalkit.batch.jobs import ProjectJob, run_project
from evalkit.batch.kernels.tasks import ChapterRun
from evalkit.batch.processes.executors import Executor, WorkerLost
from evalkit.batch.progress import Progress
from evalkit.batch.writing import ReportJob, Written, write_report
from evalkit.documents.editions.outcomes import Outcome
from evalkit.documents.files.names import ANSWERS_FILE
from evalkit.documents.files.workfolder import kept_file, told_file
from evalkit.project.problems import Problem, terminal

# A worker keeps a chapter's limit itself, beside the time that it and a kernel take to start.
# Only one that is stuck elsewhere must be ended from here.
_GRACE_SECONDS = 300.0
_REPORT_LIMIT_SECONDS = 600.0
_TICK_SECONDS = 0.1
_LOST = terminal("chapter.lost")


class Stopped(Exception):
    """The run was interrupted; what is finished is in place."""


@dataclass(slots=True)
class _Running:
    """A job on a worker.

    Attributes:
        attempt: Of a report, counted from 1.
        since: When the job began, or when a chapter of it was last heard of.
        lost: Chapters that have cost a worker.
        ended: What is known of each chapter that has ended, by its place in the job.
        under_way: The chapter that runs now.
        is_ended: For taking too long.
    """

    course: Course
    job: ProjectJob | ReportJob
    attempt: int = 1
    since: float = 0.0
    lost: set[str] = field(default_factory=set)
    ended: dict[int, ChapterRun] = field(default_factory=dict)
    under_way: str = ""
    is_ended: bool = False
    progress: Progress | None = None


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
            job = course.project_job()
            if job is None:
                self._end_of_chapters(course)
            else:
                self._total += len(job.by_chapter)
                self._waiting.append(_Running(course, job))
        while self._waiting or self._running:
            self._stop_if_asked()
            self._hear()
            self._keep_limits()
            self._fill_places()
            if not self._running:
                time.sleep(_TICK_SECONDS)  # every worker of a cluster is away for a moment
            done, _ = wait(self._running, timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                self._stop_if_asked()
                self._take(future, self._running.pop(future))

    def _stop_if_asked(self) -> None:
        """What has run of the projects under way is kept for the next run."""
        if not self._interrupted.is_set():
            return
        self._hear()
        for running in self._running.values():
            if isinstance(running.job, ProjectJob):
                for run in self._finished(running, running.job).values():
                    if not run.failure:
                        running.course.chapter_has_run(run)
        raise Stopped

    def _fill_places(self) -> None:
        # Asked for in any case: that is how workers that have gone are missed.
        places = self._executor.places
        while self._waiting and len(self._running) < places:
            running = self._waiting.popleft()
            running.since = time.monotonic()
            job = running.job
            if isinstance(job, ProjectJob):
                running.progress = Progress(job.told)
                self._running[self._executor.submit(run_project, job)] = running
            else:
                project = running.course.plan.id
                self._tell(Started(project=project, chapter="", languages=(job.language,)))
                self._running[self._executor.submit(write_report, job)] = running

    def _hear(self) -> None:
        for running in self._running.values():
            self._hear_of(running)

    def _hear_of(self, running: _Running) -> None:
        """Tell of the steps that a worker has written down since it was last asked."""
        job = running.job
        if not isinstance(job, ProjectJob) or running.progress is None:
            return
        for line in running.progress.news():
            if not 0 <= line.chapter < len(job.chapters):
                continue
            task = job.chapters[line.chapter].task
            running.since = time.monotonic()
            run = ChapterRun(task=task, failure=line.failure, seconds=line.seconds)
            if line.step == "ended":
                running.under_way = ""
                self._has_ended(running, job, line.chapter, run)
            else:
                running.under_way = task.chapter
                if line.step == "again":
                    self._tell_of_chapter(job, [run], "again")
                else:
                    self._tell(
                        Started(
                            project=task.project_id,
                            chapter=task.chapter,
                            languages=job.languages_of(task.chapter),
                        )
                    )

    def _take(self, future: Future[Any], running: _Running) -> None:
        self._hear_of(running)
        error, job = future.exception(), running.job
        if isinstance(job, ReportJob):
            if isinstance(error, WorkerLost) and not running.is_ended and running.attempt == 1:
                self._waiting.appendleft(_Running(running.course, job, attempt=2))
            else:
                written = _unwritten(job, error) if error else future.result()
                self._report_is_written(running.course, written)
        elif error is None:
            for number, run in enumerate(future.result()):
                self._chapter_has_run(running, job, number, run)
            self._end_of_chapters(running.course)
        elif isinstance(error, WorkerLost):
            self._go_on_after_loss(running, job)
        else:
            self._fail_all(running, job, terminal("chapter.other", kind=type(error).__name__))

    def _go_on_after_loss(self, running: _Running, job: ProjectJob) -> None:
        """The chapters that had run are taken; the one that ran is tried once more, then failed.

        Before anything else: the worker died, and not for the chapter's sake perhaps.
        """
        finished = self._finished(running, job)
        for numbers in job.by_chapter.values():
            self._done -= running.ended.keys() >= set(numbers) and not finished.keys() >= set(
                numbers
            )
        running.ended = dict(finished)
        for run in finished.values():
            running.course.chapter_has_run(run)
        rest = {n: one for n, one in enumerate(job.chapters) if n not in finished}
        causes = self._blamed(running, job, [one.task.chapter for one in rest.values()])
        for number, chapter in list(rest.items()):
            cause = causes.get(chapter.task.chapter)
            if cause:
                run = ChapterRun(task=chapter.task).failed(cause, job.language)
                self._chapter_has_run(running, job, number, run)
                del rest[number]
        if rest:
            told = told_file(running.course.plan.folder)
            again = replace(job, chapters=tuple(rest.values()), told=told)
            self._waiting.appendleft(_Running(running.course, again, lost=running.lost))
        else:
            self._end_of_chapters(running.course)

    def _blamed(
        self, running: _Running, job: ProjectJob, rest: Sequence[str]
    ) -> dict[str, Problem]:
        """Why chapters of those that had not run to their end are not run again."""
        if self._is_over():
            return dict.fromkeys(rest, self._over())
        if not rest:
            return {}
        guilty = running.under_way if running.under_way in rest else rest[0]
        task = job.chapters[job.by_chapter[guilty][0]].task
        if running.is_ended:
            return {guilty: terminal("chapter.slow", seconds=f"{task.timeout_seconds:.0f}")}
        if guilty in running.lost:
            return {guilty: _LOST}
        running.lost.add(guilty)
        self._tell_of_chapter(job, [ChapterRun(task=task)], "again")
        return {}

    def _finished(self, running: _Running, job: ProjectJob) -> dict[int, ChapterRun]:
        """The chapters of a job that have come to their end, whole where they are kept.

        All that ran, or none: what a project asks is judged together.
        """
        found, sound = {}, 0
        answers = kept_file(job.chapters[0].folder, fingerprint=job.fingerprint, name=ANSWERS_FILE)
        for number, run in running.ended.items():
            found[number] = run
            if not run.failure:
                one = job.chapters[number]
                file = kept_file(one.folder, fingerprint=one.fingerprint, name=one.name)
                found[number] = replace(run, file=file, answers=answers)
                sound += file is not None and answers is not None
        failed = {number: run for number, run in found.items() if run.failure}
        return found if sound + len(failed) == len(job.chapters) else failed

    def _chapter_has_run(
        self, running: _Running, job: ProjectJob, number: int, run: ChapterRun
    ) -> None:
        running.course.chapter_has_run(run)
        self._has_ended(running, job, number, run)

    def _has_ended(self, running: _Running, job: ProjectJob, number: int, run: ChapterRun) -> None:
        """Tell of a chapter once, when it has come to its end in every language."""
        if number in running.ended:
            return
        running.ended[number] = run
        numbers = job.by_chapter[run.task.chapter]
        if running.ended.keys() >= set(numbers):
            self._done += 1
            runs = [running.ended[one] for one in numbers]
            for failure in dict.fromkeys(one.failure for one in runs):
                alike = [one for one in runs if one.failure == failure]
                self._tell_of_chapter(job, alike, "failed" if failure else "done")

    def _fail_all(self, running: _Running, job: ProjectJob, cause: Problem) -> None:
        for number, chapter in enumerate(job.chapters):
            run = ChapterRun(task=chapter.task).failed(cause, job.language)
            self._chapter_has_run(running, job, number, run)
        self._end_of_chapters(running.course)

    def _end_of_chapters(self, course: Course) -> None:
        if not course.is_waiting_for_chapters:
            self._write_next(course, list(course.report_jobs()))

    def _report_is_written(self, course: Course, written: Written) -> None:
        course.report_is_written(written)
        if not any(other.course is course for other in [*self._running.values(), *self._waiting]):
            self._write_next(course, list(course.relinking_jobs()))

    def _write_next(self, course: Course, jobs: list[ReportJob]) -> None:
        self._waiting.extendleft(_Running(course, job) for job in reversed(jobs))
        if jobs:
            return
        outcomes = course.settled()
        self.outcomes[self._number[id(course)]] = outcomes
        for outcome in outcomes:
            self._tell(report_event(outcome))

    def _keep_limits(self) -> None:
        now, is_over = time.monotonic(), self._is_over()
        for future, running in self._running.items():
            is_project = isinstance(running.job, ProjectJob)
            if now - running.since > _patience(running) or (is_over and is_project):
                running.is_ended = True
                self._executor.end(future)
        if is_over:
            unbegun = [one for one in self._waiting if isinstance(one.job, ProjectJob)]
            self._waiting = deque(one for one in self._waiting if one not in unbegun)
            for running in unbegun:
                job = running.job
                assert isinstance(job, ProjectJob)
                self._fail_all(running, job, self._over())

    def _is_over(self) -> bool:
        return self._limit is not None and time.monotonic() - self._began > self._limit

    def _over(self) -> Problem:
        return terminal("run_over", seconds=f"{self._limit:.0f}")

    def _tell_of_chapter(
        self, job: ProjectJob, runs: Sequence[ChapterRun], state: Literal["done", "failed", "again"]
    ) -> None:
        """``runs``: of one chapter, in the languages in which it went alike."""
        task = runs[0].task
        languages = tuple(run.task.language for run in runs)
        self._tell(
            ChapterDone(
                project=task.project_id,
                chapter=task.chapter,
                languages=job.languages_of(task.chapter) if state == "again" else languages,
                state=state,
                seconds=sum(run.seconds for run in runs),
                sentence=runs[0].failure,
                done=self._done,
                total=self._total,
            )
        )


def _patience(running: _Running) -> float:
    if isinstance(running.job, ProjectJob):
        return running.job.chapters[0].task.timeout_seconds + _GRACE_SECONDS
    return _REPORT_LIMIT_SECONDS


def _unwritten(job: ReportJob, error: BaseException) -> Written:
    kind = type(error).__name__
    cause = _LOST if isinstance(error, WorkerLost) else terminal("report.other", kind=kind)
    return Written(language=job.language, outputs={}, failure=cause.in_language(job.told_in))
