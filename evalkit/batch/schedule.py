"""The loop of a batch: projects to workers, what became of them in place, until all is done."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Any, Literal

from evalkit.batch.course import Course, with_kept
from evalkit.batch.events import ChapterDone, Event, Started, report_event
from evalkit.batch.jobs import report_step, run_project
from evalkit.batch.plan import ProjectPlan
from evalkit.batch.processes.executors import Executor, WorkerLost
from evalkit.batch.progress import Line, Progress
from evalkit.batch.publish import settled
from evalkit.documents.editions.outcomes import Outcome
from evalkit.documents.files.workfolder import told_file
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
class _Project:
    """A project that a worker has, or that waits for one.

    Attributes:
        since: When the job began, or when a step of it was last heard of.
        under_way: The step that was begun last: a chapter, or a report (`report_step`).
        lost: Steps that have cost a worker.
        failed: Steps that are not tried again, and why.
        ended: Chapters that have come to their end in every language.
        is_ended: For taking too long.
    """

    number: int
    plan: ProjectPlan
    must_run: bool
    progress: Progress | None = None
    since: float = 0.0
    under_way: str = ""
    lost: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    is_ended: bool = False

    @property
    def is_writing(self) -> bool:
        steps = {report_step(language) for language in self.plan.languages}
        return not self.must_run or self.under_way in steps

    @property
    def patience(self) -> float:
        """Seconds without a word after which it is ended."""
        if self.is_writing:
            return _REPORT_LIMIT_SECONDS
        first = next(iter(self.plan.chapters.values()))
        return first.task.timeout_seconds + _GRACE_SECONDS


class Schedule:
    """Has an executor make some projects, within a time limit for all of them."""

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
        self._projects: list[_Project] = []
        self._total = 0
        self._waiting: deque[_Project] = deque()
        self._running: dict[Future[Any], _Project] = {}
        self.outcomes: dict[int, tuple[Outcome, ...]] = {}

    def run(self, plans: Mapping[int, ProjectPlan]) -> None:
        """Until every project has its outcomes, which stand in ``outcomes`` by its number.

        Raises:
            Stopped: If the run was interrupted; the outcomes of finished projects stand.
        """
        for number, plan in plans.items():
            course = Course(plan)
            must_run = not course.takes_kept()
            if must_run or course.to_write():
                self._projects.append(_Project(number, plan, must_run))
            else:
                self._settle(number, course)
        self._total = sum(len(one.plan.chapters) for one in self._projects if one.must_run)
        self._waiting.extend(self._projects)
        while self._waiting or self._running:
            self._stop_if_asked()
            for one in self._running.values():
                self._hear(one)
            self._keep_limits()
            self._fill_places()
            if not self._running:
                time.sleep(_TICK_SECONDS)  # every worker of a cluster is away for a moment
            done, _ = wait(self._running, timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                self._stop_if_asked()
                self._take(future, self._running.pop(future))

    def _stop_if_asked(self) -> None:
        if self._interrupted.is_set():
            for one in self._running.values():
                self._hear(one)
            raise Stopped

    def _fill_places(self) -> None:
        # Asked for in any case: that is how workers that have gone are missed.
        places = self._executor.places
        while self._waiting and len(self._running) < places:
            one = self._waiting.popleft()
            one.since, one.under_way, one.is_ended = time.monotonic(), "", False
            one.progress = Progress(told_file(one.plan.folder))
            future = self._executor.submit(run_project, one.plan, one.progress.file, one.failed)
            self._running[future] = one

    def _hear(self, one: _Project) -> None:
        """Tell of the steps that a worker has written down since it was last asked."""
        for line in one.progress.news() if one.progress else ():
            is_report = not line.chapter and line.step == "started"
            if not is_report and line.chapter not in one.plan.chapters:
                continue
            one.since = time.monotonic()
            if line.step == "started":
                one.under_way = line.chapter or report_step(line.languages[0])
                self._tell(
                    Started(project=one.plan.id, chapter=line.chapter, languages=line.languages)
                )
            elif line.step == "again":
                self._tell_of_chapter(one, line, "again")
            else:
                one.under_way = ""
                self._has_ended(one, line)

    def _take(self, future: Future[Any], one: _Project) -> None:
        self._hear(one)
        error = future.exception()
        if error is None:
            self._settle(one.number, future.result())
        elif isinstance(error, WorkerLost):
            self._go_on_after_loss(one)
        else:
            kind = type(error).__name__
            self._fail(one, one.plan.chapters, terminal("chapter.other", kind=kind))

    def _go_on_after_loss(self, one: _Project) -> None:
        """What a worker has kept is taken; the step that ran is tried once more, then failed."""
        had_to_run = one.must_run
        if not one.plan.signed_by and not one.failed:  # who signs has it judged anew, and recorded
            one.plan = with_kept(one.plan)
            one.must_run = one.must_run and one.plan.must_run
        plan = one.plan
        if one.must_run:
            one.ended = {name for name in one.ended if name in one.failed}
        if one.must_run and self._is_over():
            self._fail(one, plan.chapters, self._over())
            return
        steps = [*(plan.chapters if one.must_run else ()), *map(report_step, plan.languages)]
        rest = [step for step in steps if step not in one.failed]
        if one.under_way in rest or (rest and one.must_run == had_to_run):
            self._blame(one, one.under_way if one.under_way in rest else rest[0])
        if not rest or set(plan.chapters) <= one.failed.keys():
            self._fail(one, plan.chapters, _LOST)
        else:
            self._waiting.appendleft(one)

    def _blame(self, one: _Project, step: str) -> None:
        """Once a step is tried again before anything else: the worker died, and not for its sake
        perhaps.
        """
        is_chapter = step in one.plan.chapters
        if one.is_ended and is_chapter:
            seconds = one.plan.chapters[step].task.timeout_seconds
            self._condemn(one, step, terminal("chapter.slow", seconds=f"{seconds:.0f}"))
        elif one.is_ended or step in one.lost:
            self._condemn(one, step, _LOST)
        else:
            one.lost.add(step)
            if is_chapter:
                self._tell_of_chapter(one, Line(step, one.plan.languages, "again"), "again")

    def _condemn(self, one: _Project, step: str, cause: Problem) -> None:
        """A step that is not tried again."""
        one.failed[step] = cause.in_language(one.plan.told_in)
        if step in one.plan.chapters:
            self._has_ended(one, Line(step, one.plan.languages, "ended", one.failed[step]))

    def _fail(self, one: _Project, chapters: Iterable[str], cause: Problem) -> None:
        """The project comes to its end without those chapters, and without the failed ones."""
        for name in chapters:
            if name not in one.failed:
                self._condemn(one, name, cause)
        course = Course(one.plan)
        for name in one.plan.chapters:
            course.chapter_has_failed(name, one.failed[name])
        course.to_write()
        self._settle(one.number, course)

    def _settle(self, number: int, course: Course) -> None:
        self.outcomes[number] = settled(course)
        for outcome in self.outcomes[number]:
            self._tell(report_event(outcome))

    def _has_ended(self, one: _Project, line: Line) -> None:
        one.ended.add(line.chapter)
        self._tell_of_chapter(one, line, "failed" if line.failure else "done")

    def _keep_limits(self) -> None:
        now, is_over = time.monotonic(), self._is_over()
        for future, one in self._running.items():
            # Reports that are being written are let to their end.
            if now - one.since > one.patience or (is_over and not one.is_writing):
                one.is_ended = True
                self._executor.end(future)
        for one in [one for one in self._waiting if is_over and one.must_run]:
            self._waiting.remove(one)
            self._fail(one, one.plan.chapters, self._over())

    def _is_over(self) -> bool:
        return self._limit is not None and time.monotonic() - self._began > self._limit

    def _over(self) -> Problem:
        return terminal("run_over", seconds=f"{self._limit:.0f}")

    def _tell_of_chapter(
        self, one: _Project, line: Line, state: Literal["done", "failed", "again"]
    ) -> None:
        self._tell(
            ChapterDone(
                project=one.plan.id,
                chapter=line.chapter,
                languages=line.languages,
                state=state,
                seconds=line.seconds,
                sentence=line.failure,
                done=sum(len(other.ended) for other in self._projects),
                total=self._total,
            )
        )
