"""Rendering many projects: what is up to date left alone, the rest in parallel, faults apart.

A report is put in place only when every chapter of that project and language ran; what
fails is told in one sentence per chapter and stops nothing else.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event as Flag
from threading import current_thread, main_thread
from types import FrameType
from typing import TYPE_CHECKING

from evalkit.batch.events import Finished, Noted, Planned, Progress, report_event
from evalkit.batch.kernels.tasks import CHAPTER_LIMIT_SECONDS
from evalkit.batch.plan import PlanError, ProjectPlan, Request
from evalkit.batch.planner import Planner
from evalkit.batch.processes.executors import Executor, WorkerLost
from evalkit.batch.processes.lanes import Lanes
from evalkit.batch.processes.resources import usual_workers
from evalkit.batch.publish import leave
from evalkit.batch.schedule import Schedule, Stopped
from evalkit.batch.seen import Done
from evalkit.documents.editions.outcomes import Outcome
from evalkit.documents.files.lock import alone_in
from evalkit.documents.files.names import index_name
from evalkit.documents.files.paths import spoken
from evalkit.documents.files.workfolder import disk_problem
from evalkit.language import readers_language
from evalkit.project.problems import ProjectError, Spoken, one_line, terminal
from evalkit.project.vocabulary import PROJECT_FILE, FormatName, LanguageCode

if TYPE_CHECKING:
    from evalkit.disclosure.scan import RegisterTexts


class Interrupted(Spoken, Exception):
    """The run was stopped from outside; ``outcomes`` are of the projects that were finished."""

    def __init__(self, outcomes: tuple[Outcome, ...], *, projects: int) -> None:
        finished = len({outcome.project_id for outcome in outcomes if not outcome.failures})
        super().__init__("interrupted_at", finished=finished, total=projects)
        self.outcomes = outcomes


def render(
    projects: Sequence[Path],
    *,
    output: Path,
    languages: Sequence[LanguageCode] | None = None,
    formats: Sequence[FormatName] | None = None,
    appendix_of: Sequence[str] | None = None,
    workers: int | None = None,
    scheduler: str = "",
    progress: Progress | None = None,
    templates: Path | None = None,
    timeout_seconds: float = CHAPTER_LIMIT_SECONDS,
    time_limit_seconds: float | None = None,
    is_forced: bool = False,
    signed_by: str = "",
) -> tuple[Outcome, ...]:
    """Render the reports of some projects into ``output``, the portfolio page last.

    Args:
        projects: Project files, or folders that hold one.
        output: Folder of the reports; made when it is not there.
        languages: Only these of each project's own languages; all of them when left out.
        formats: Formats to write; those that each project asks for when left out.
        appendix_of: Chapters to write as an appendix, in that order, instead of the report.
        workers: Jobs run at the same time; one per usable core, as memory allows, when left out.
        scheduler: Address of a Dask scheduler whose workers are to be used instead.
        progress: Called with each event, see `evalkit.batch.events`.
        templates: Folder of chapter templates, when not the one of the installation.
        timeout_seconds: For one chapter.
        time_limit_seconds: For the whole run; what is not finished then fails.
        is_forced: Run everything, also what is up to date.
        signed_by: Who answers for the edition that is published; drafts are made when empty.

    Returns:
        One outcome per project and language; one per project when its file cannot be read.

    Raises:
        evalkit.documents.files.lock.AtWork: If another run is at work in ``output``.
        Interrupted: On Ctrl-C, SIGTERM or SIGHUP. What runs is ended, what is finished kept.
    """
    began = time.monotonic()
    tell = progress or (lambda _event: None)
    output.mkdir(parents=True, exist_ok=True)
    request = Request(
        output=output.resolve(),
        languages=languages,
        formats=formats,
        appendix_of=appendix_of,
        templates=templates,
        chapter_limit_seconds=timeout_seconds,
        is_forced=is_forced,
        signed_by=signed_by,
    )
    with alone_in(request.output):
        with _listening() as interrupted:
            plans, outcomes, notes = _planned(projects, request)
            standing = sum(one.is_up_to_date for told in outcomes.values() for one in told)
            jobs = _count(plans.values(), standing)
            tell(Planned(projects=len(projects), **jobs))
            for note in notes:
                tell(note)
            executor = _executor(scheduler, workers, plans.values(), request.output)
            schedule = Schedule(
                executor, tell, interrupted=interrupted, time_limit_seconds=time_limit_seconds
            )
            is_stopped = not _carried_out(schedule, plans, executor)
        outcomes.update(schedule.outcomes)
        for position in sorted(set(outcomes) - set(plans)):
            for outcome in outcomes[position]:
                tell(report_event(outcome))
        flat = tuple(outcome for position in sorted(outcomes) for outcome in outcomes[position])
        if not is_stopped:
            files = [plan.project_file for plan in plans.values()]
            try:
                extra = _portfolio(request.output, tell, files, executor)
            finally:
                executor.close()
            for outcome in extra:
                tell(report_event(outcome))
            flat += extra
        tell(_finished(flat, time.monotonic() - began, is_stopped=is_stopped))
        if is_stopped:
            raise Interrupted(flat, projects=len(projects))
        return flat


def _executor(
    scheduler: str, workers: int | None, plans: Collection[ProjectPlan], output: Path
) -> Executor:
    if scheduler and plans:
        from evalkit.batch.processes.cluster import connected  # few runs need distributed

        files = [plan.project_file for plan in plans]
        return connected(scheduler, files=files, output=output)
    return Lanes(min(workers or usual_workers(), len(plans)))


def _planned(
    projects: Sequence[Path], request: Request
) -> tuple[dict[int, ProjectPlan], dict[int, tuple[Outcome, ...]], list[Noted]]:
    """The plans by position; the outcomes of projects without, done or wrong; what was noted."""
    planner = Planner(request)
    plans: dict[int, ProjectPlan] = {}
    outcomes: dict[int, tuple[Outcome, ...]] = {}
    notes: list[Noted] = []
    for position, file in enumerate(projects):
        try:
            plan = planner.plan(file)
            if isinstance(plan, Done):
                outcomes[position] = _standing(plan)
                notes += [Noted(project=plan.project_id, sentence=one) for one in plan.notes]
            else:
                plans[position] = plan
                notes += [Noted(project=plan.id, sentence=one) for one in plan.notes]
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one stops no other
            name = one_line((file.parent if file.suffix else file).resolve().name)
            failures = tuple(_problem(error, file).splitlines())
            outcomes[position] = (Outcome(project_id=name, failures=failures),)
    planner.remember()
    return plans, outcomes, notes


def _standing(done: Done) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(
            project_id=done.project_id,
            language=language,
            file=done.folder / name,
            is_up_to_date=True,
        )
        for language, name in done.files
    )


def _problem(error: Exception, file: Path) -> str:
    language = spoken([file if file.is_file() else file / PROJECT_FILE])
    if isinstance(error, ProjectError | PlanError):
        return error.in_language(language)
    if isinstance(error, OSError):
        return disk_problem(error).in_language(language)
    return terminal("project_unread", kind=type(error).__name__).in_language(language)


def _count(plans: Collection[ProjectPlan], done: int) -> dict[str, int]:
    reports = [report for plan in plans for report in plan.reports]
    standing = sum(report.is_whole for report in reports)
    chapters = sum(len(plan.chapters) for plan in plans if plan.must_run)
    return {
        "chapters": chapters,
        "reports": len(reports) - standing,
        "up_to_date": standing + done,
    }


def _carried_out(schedule: Schedule, plans: dict[int, ProjectPlan], executor: Executor) -> bool:
    """Whether the run came to its end. Whatever happens, nothing is left running."""
    is_done = False
    try:
        schedule.run(plans)
        is_done = True
    except Stopped:
        pass
    finally:
        if not is_done:
            executor.close(at_once=True)
        for position in set(plans) - set(schedule.outcomes):
            leave(plans[position])
    return is_done


def _portfolio(
    output: Path, tell: Progress, files: Sequence[Path], executor: Executor
) -> tuple[Outcome, ...]:
    """The portfolio pages, unless they were made from these very manifests."""
    from evalkit.documents.portfolio.state import damage_in, is_current, standing_documents

    try:
        if is_current(output):
            return ()
        for name, sentence in damage_in(output).items():
            tell(Noted(project=name, sentence=sentence))
        asked = (output, standing_documents(output), tuple(files))
        if executor.places:  # a worker has loaded what it takes
            with suppress(WorkerLost):
                made: tuple[Outcome, ...] = executor.submit(_make_portfolio, *asked).result()
                return made
        return _make_portfolio(*asked)
    except OSError as error:
        failure = disk_problem(error).in_language(readers_language())
        return (Outcome(project_id=index_name("sv"), failures=(failure,)),)


def _make_portfolio(
    output: Path, formats: tuple[FormatName, ...], files: Sequence[Path]
) -> tuple[Outcome, ...]:
    """What could not be made of them.

    They are searched for the texts of every register that was rendered now, of ``files``.
    A portfolio document that lies there is made anew with them: no older figures beside the new.
    """
    if formats:
        from evalkit.batch.portfolio_report import render_portfolio

        made = render_portfolio(output, formats=formats, texts=_texts_of(files))
        return tuple(outcome for outcome in made if outcome.failures)
    from evalkit.batch.portfolio_page import write_portfolio

    fault = write_portfolio(output, _texts_of(files))
    return (Outcome(project_id=index_name("sv"), language="sv", failures=(fault,)),) * bool(fault)


def _texts_of(files: Sequence[Path]) -> RegisterTexts:
    """What stands in the registers of some projects for a few persons only."""
    from evalkit.disclosure.scan import together
    from evalkit.documents.guard import texts_in_registers
    from evalkit.project import ProjectError, load_project

    found = []
    for file in files:
        with suppress(ProjectError):  # said where the project was to be rendered
            found.append(texts_in_registers(load_project(file)))
    return together(found)


def _finished(outcomes: Sequence[Outcome], seconds: float, *, is_stopped: bool) -> Finished:
    failed = sum(bool(outcome.failures) for outcome in outcomes)
    standing = sum(outcome.is_up_to_date for outcome in outcomes)
    return Finished(
        rendered=len(outcomes) - failed - standing,
        up_to_date=standing,
        failed=failed,
        seconds=seconds,
        interrupted=is_stopped,
    )


@contextmanager
def _listening() -> Iterator[Flag]:
    """Ctrl-C, SIGTERM and a terminal that is closed raise a flag, so that no file is left halfway
    to its place. Who asked beforehand not to be told that it is closed, is not (``nohup``).
    """
    flag = Flag()
    if current_thread() is not main_thread():
        yield flag
        return

    def heard(_number: int, _frame: FrameType | None) -> None:
        flag.set()

    numbers = [signal.SIGINT, signal.SIGTERM]
    hangup = getattr(signal, "SIGHUP", None)  # not on Windows
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
        numbers.append(hangup)
    before = {number: signal.signal(number, heard) for number in numbers}
    try:
        yield flag
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
