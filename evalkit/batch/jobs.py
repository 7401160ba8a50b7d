"""What a worker does with a project: run its chapters, keep them, and write its reports.

It leaves its work in files and answers with little, so that the command that started it holds no
notebook, however many projects there are. Heavy imports wait until a job runs.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.batch.course import Course
from evalkit.batch.kernels.tasks import ChapterRun, ChapterTask
from evalkit.batch.kernels.warm import prepare_kernels
from evalkit.batch.plan import ProjectPlan
from evalkit.batch.progress import Line, Progress
from evalkit.batch.writing import (
    ReportJob,
    Written,
    kind_of,
    project_of,
    texts_of,
    write_report,
)
from evalkit.documents.files.fingerprints import answers_fingerprint
from evalkit.documents.files.names import ANSWERS_FILE, kept_name
from evalkit.documents.files.provenance import digest, digests
from evalkit.documents.files.state import is_full
from evalkit.documents.files.workfolder import disk_problem, keep, workplace
from evalkit.project.problems import Problem, terminal
from evalkit.project.vocabulary import LanguageCode, is_own

if TYPE_CHECKING:
    from evalkit.batch.kernels.session import KernelSession
    from evalkit.chapters.report import Report

_ReportIn = Callable[[LanguageCode], "Report"]


def run_project(plan: ProjectPlan, told: Path, failed: Mapping[str, str]) -> Course:
    """Run the chapters of a project, unless all are kept, and write its reports.

    Args:
        plan: What is to be made.
        told: The file in which to write how far it has come, for the command to read.
        failed: Chapters and reports that are not tried again, and why: they cost workers.
    """
    course, progress = Course(plan), Progress(told)
    if not course.takes_kept():
        for name in plan.chapters:
            if name in failed:
                course.chapter_has_failed(name, failed[name])
        for run in _chapter_runs(course, progress, [n for n in plan.chapters if n not in failed]):
            course.chapter_has_run(run)
    for jobs in (course.to_write, course.to_link_anew):
        for job in jobs():
            course.report_is_written(_written(job, progress, failed))
    return course


def report_step(language: LanguageCode) -> str:
    """The name of writing a report among the steps of a project; no chapter is called so."""
    return f"report.{language}"


def _written(job: ReportJob, progress: Progress, failed: Mapping[str, str]) -> Written:
    failure = failed.get(report_step(job.language), "")
    if failure:
        return Written(language=job.language, outputs={}, failure=failure)
    progress.tell(Line("", (job.language,), "started"))
    return write_report(job)


def _chapter_runs(course: Course, progress: Progress, names: Sequence[str]) -> Iterator[ChapterRun]:
    """Run chapters once in one kernel, judge all that they asked together, and keep each of them
    in each language; what became of each, without the notebook.
    """
    prepare_kernels()
    from evalkit.batch.kernels.session import KernelSession

    asked = Path(tempfile.mkdtemp(dir=workplace()))
    try:
        with KernelSession(asked) as session:
            # evalkit's own first, which an author's then cannot break.
            runs = {
                name: _asked(course.plan, name, session, asked, progress)
                for name in sorted(names, key=is_own)
            }
        with KernelSession() as showing:
            yield from _released(course, runs, asked, showing, progress)
    finally:
        shutil.rmtree(asked, ignore_errors=True)


def _asked(
    plan: ProjectPlan, name: str, session: KernelSession, asked: Path, progress: Progress
) -> ChapterRun:
    """A chapter run for all languages, in the first of them."""
    from evalkit.batch.kernels import execute
    from evalkit.batch.kernels.session import asked_file

    task = plan.chapters[name].task
    progress.tell(Line(name, plan.languages, "started"))
    if is_own(name):
        session.close()  # an author's chapter has a kernel to itself
    run = execute.run_chapter(task, session)
    if run.has_died:
        # Not for the chapter's sake perhaps: want of memory kills whatever runs just then.
        progress.tell(Line(name, plan.languages, "again", run.failure, run.seconds))
        asked_file(asked, name).unlink(missing_ok=True)
        run = execute.run_chapter(task, session)
    if run.failure:
        asked_file(asked, name).unlink(missing_ok=True)
    return run


def _released(
    course: Course,
    runs: Mapping[str, ChapterRun],
    asked: Path,
    showing: KernelSession,
    progress: Progress,
) -> Iterator[ChapterRun]:
    """Every chapter in every language, filled with what may be shown."""
    plan = course.plan
    is_any = any(not run.failure or is_own(name) for name, run in runs.items())
    ran = [name for name in plan.chapters if name in runs]
    answers, course.answers, cause = _judged(plan, ran, asked) if is_any else ("", None, None)
    # Read once for each language, not for each of its chapters.
    report_in = cache(partial(_report_in, plan, answers or "{}"))
    for name, run in runs.items():
        failures: dict[str, list[LanguageCode]] = {}
        for report in plan.reports:
            task = replace(run.task, language=report.language)
            one = replace(run, task=task, seconds=run.seconds / len(plan.reports))
            if cause:
                failure = one.failure or cause.in_language(plan.told_in)
                one = replace(one, failure=failure, is_disk_full=cause == terminal("disk.full"))
            elif not one.failure:
                one = _kept(plan, _with_marked_cells(one, answers, showing), report_in)
            if one.cause:
                one = one.failed(one.cause, plan.told_in)
            failures.setdefault(one.failure, []).append(report.language)
            if one.failure and is_own(name) and not cause:
                one = _stand_in(plan, one, report_in)
            yield replace(one, notebook={})
        for failure, alike in failures.items():
            seconds = run.seconds * len(alike) / len(plan.reports)
            progress.tell(Line(name, tuple(alike), "ended", failure, seconds))


def _judged(
    plan: ProjectPlan, names: Sequence[str], asked: Path
) -> tuple[str, Path | None, Problem | None]:
    """The released answers and where they are kept, or why there are none."""
    from evalkit.batch.kernels.session import asked_file
    from evalkit.documents.filled import EditionRefused, released_answers

    signed_by = plan.signed_by if plan.is_recorded else ""
    fingerprint = answers_fingerprint([plan.chapters[name].fingerprint for name in names])
    try:
        project = project_of(plan.project_file, plan.inputs)
        files = [asked_file(asked, name) for name in names]
        answers = released_answers(project, files, signed_by=signed_by)
        kept = keep(plan.folder, answers, fingerprint=fingerprint, name=ANSWERS_FILE)
        return answers, kept, None
    except EditionRefused as refusal:
        return "", None, terminal("chapter.said", said=refusal)
    except OSError as error:
        return "", None, disk_problem(error)
    except Exception as error:  # noqa: BLE001 - its words may quote what it stumbled on
        return "", None, terminal("chapter.unjudged", kind=kind_of(error))


def _with_marked_cells(run: ChapterRun, answers: str, session: KernelSession) -> ChapterRun:
    from evalkit.batch.kernels.show_cells import with_marked_cells

    shown = with_marked_cells(run.notebook, answers=answers, task=run.task, session=session)
    return replace(run, notebook=shown)


def _stand_in(plan: ProjectPlan, run: ChapterRun, report_in: _ReportIn) -> ChapterRun:
    """An own notebook that failed says so in its place: the other chapters have their report."""
    from evalkit.documents.filled import failed_chapter

    language = run.task.language
    failure = run.cause.in_language(language) if run.cause else run.failure
    notebook = failed_chapter(failure, report_in(language))
    told = replace(run, notebook=notebook, failure="", cause=None, stood_in=run.failure)
    return _kept(plan, told, report_in)


def _report_in(plan: ProjectPlan, answers: str, language: LanguageCode) -> Report:
    from evalkit.documents.filled import opened_report

    return opened_report(project_of(plan.project_file, plan.inputs), answers, language)


def _kept(plan: ProjectPlan, run: ChapterRun, report_in: _ReportIn) -> ChapterRun:
    """The chapter filled in, in its language, and kept, if nothing in it points at a person."""
    from evalkit.documents.filled import filled
    from evalkit.documents.guard import fault_of
    from evalkit.documents.kept import ChapterError, released_chapter

    task = run.task
    name = f"{task.chapter}.ipynb"
    try:
        report = report_in(task.language)
        content = _notebook_text(released_chapter(filled(run.notebook, report), task.language))
    except ChapterError as error:
        return run.failed(error.problem)
    except Exception as error:  # noqa: BLE001 - a chapter may show anything
        return run.failed(terminal("chapter.unshown", kind=kind_of(error)))
    fault = fault_of(
        {name: content},
        texts_of(plan.project_file, plan.inputs),
        project=project_of(plan.project_file, plan.inputs),
        language=task.language,
    )
    if fault:
        return replace(run, failure=fault.removeprefix(f"{name} "))
    if _has_changed(plan, task):
        return run.failed(terminal("chapter.changed"))
    try:
        file = keep(
            plan.folder,
            content,
            fingerprint=plan.chapters[task.chapter].fingerprint,
            name=kept_name(task.chapter, task.language),
        )
    except OSError as error:
        return replace(run.failed(disk_problem(error)), is_disk_full=is_full(error))
    return replace(run, file=file)


def _has_changed(plan: ProjectPlan, task: ChapterTask) -> bool:
    """Whether a file that the chapter is made of is another than when it was planned."""
    try:
        template = digest(task.template)
        inputs = digests(plan.project_file.parent, plan.input_names)
    except OSError:
        return True
    return inputs != plan.inputs or template != task.template_digest


def _notebook_text(notebook: Mapping[str, Any]) -> str:
    """A notebook with one cell a line: read by people seldom, and made ten times as fast."""
    dump = partial(json.dumps, ensure_ascii=False)
    around = dump({key: value for key, value in notebook.items() if key != "cells"})
    cells = ",\n".join(map(dump, notebook["cells"]))
    return f'{{"cells": [\n{cells}\n],\n{around[1:]}\n'
