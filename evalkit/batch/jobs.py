"""What a worker does: run the chapters of a project, and keep them where reports are written.

It leaves its work in files and answers with little, so that the command that started it holds no
notebook, however many projects there are. Heavy imports wait until a job runs.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from evalkit.batch.kernels.tasks import ChapterRun, ChapterTask
from evalkit.batch.kernels.warm import prepare_kernels
from evalkit.batch.progress import tell_of
from evalkit.documents.files.fingerprints import answers_fingerprint
from evalkit.documents.files.names import ANSWERS_FILE, kept_name
from evalkit.documents.files.provenance import InputFile, digest, digests
from evalkit.documents.files.state import is_full
from evalkit.documents.files.workfolder import disk_problem, keep, workplace
from evalkit.project.problems import Problem, terminal
from evalkit.project.vocabulary import LanguageCode, is_own

if TYPE_CHECKING:
    from evalkit.batch.kernels.session import KernelSession
    from evalkit.chapters.report import Report
    from evalkit.disclosure.scan import RegisterTexts
    from evalkit.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterJob:
    """A chapter to run, the folder of its report, and the inputs it is expected to read.

    ``inputs`` are named as in the project file, with their checksums when it was planned.
    """

    task: ChapterTask
    folder: Path
    fingerprint: str
    asked: str
    input_names: tuple[str, ...]
    inputs: tuple[InputFile, ...]

    @property
    def name(self) -> str:
        """Under which it is kept when it has run."""
        return kept_name(self.task.chapter, self.task.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectJob:
    """Chapters of one project, to be run one after another in one kernel.

    ``told``: the file in which the worker writes how far it has come, for the command to read.
    ``signed_by``: who answers for the edition, which is then laid ready to be recorded.
    """

    chapters: tuple[ChapterJob, ...]
    told: Path
    signed_by: str = ""

    @property
    def language(self) -> LanguageCode:
        """In which its failures are told: the project's first of those asked for."""
        return self.chapters[0].task.language

    @property
    def fingerprint(self) -> str:
        """Under which its answers are kept."""
        return answers_fingerprint([one.asked for one in self.chapters])

    @property
    def by_chapter(self) -> dict[str, list[int]]:
        """Chapter → the numbers of its jobs, one per language: it runs once for all of them."""
        numbers: dict[str, list[int]] = {}
        for number, one in enumerate(self.chapters):
            numbers.setdefault(one.task.chapter, []).append(number)
        return numbers

    def languages_of(self, chapter: str) -> tuple[LanguageCode, ...]:
        return tuple(self.chapters[number].task.language for number in self.by_chapter[chapter])


def run_project(job: ProjectJob) -> tuple[ChapterRun, ...]:
    """Run the chapters of a project once in one kernel, judge all that they asked together, and
    keep each chapter in each language; answers without the notebooks.
    """
    prepare_kernels()
    from evalkit.batch.kernels.session import KernelSession

    asked = Path(tempfile.mkdtemp(dir=workplace()))
    try:
        with KernelSession(asked) as session:
            runs = {numbers[0]: _told(job, numbers, session, asked) for numbers in _in_order(job)}
        with KernelSession() as showing:
            return tuple(_released(job, runs, asked, showing))
    finally:
        shutil.rmtree(asked, ignore_errors=True)


def _in_order(job: ProjectJob) -> list[list[int]]:
    """Chapters as they run: evalkit's own first, which an author's then cannot break."""
    return sorted(
        job.by_chapter.values(), key=lambda numbers: is_own(job.chapters[numbers[0]].task.chapter)
    )


def _told(
    job: ProjectJob, numbers: Sequence[int], session: KernelSession, asked: Path
) -> ChapterRun:
    from evalkit.batch.kernels import execute
    from evalkit.batch.kernels.session import asked_file

    task = job.chapters[numbers[0]].task
    tell_of(job.told, numbers[0], "started")
    if is_own(task.chapter):
        session.close()  # an author's chapter has a kernel to itself
    run = execute.run_chapter(task, session)
    if run.has_died:
        # Not for the chapter's sake perhaps: want of memory kills whatever runs just then.
        tell_of(job.told, numbers[0], "again", run)
        asked_file(asked, task.chapter).unlink(missing_ok=True)
        run = execute.run_chapter(task, session)
    if run.failure:
        asked_file(asked, task.chapter).unlink(missing_ok=True)
    return run


def _released(
    job: ProjectJob, runs: Mapping[int, ChapterRun], asked: Path, showing: KernelSession
) -> Iterator[ChapterRun]:
    """Every chapter in every language, filled with what may be shown."""
    is_any = any(not run.failure or is_own(run.task.chapter) for run in runs.values())
    answers, kept, cause = _judged(job, asked) if is_any else ("", None, None)
    # Read once for each language, not for each of its chapters.
    report_in = cache(partial(_report_in, job, answers or "{}"))
    for first, run in runs.items():
        languages = job.by_chapter[job.chapters[first].task.chapter]
        for number in languages:
            chapter = job.chapters[number]
            one = replace(
                run, task=chapter.task, seconds=run.seconds / len(languages), answers=kept
            )
            if cause:
                failure = one.failure or cause.in_language(job.language)
                one = replace(one, failure=failure, is_disk_full=cause == terminal("disk.full"))
            elif not one.failure:
                one = _kept(chapter, _with_marked_cells(one, answers, showing), report_in)
            if one.cause:
                one = one.failed(one.cause, job.language)
            told = one = replace(one, notebook={})
            if one.failure and is_own(chapter.task.chapter) and not cause:
                one = replace(_stand_in(chapter, one, report_in), notebook={})
            tell_of(job.told, number, "ended", told)
            yield one


def _judged(job: ProjectJob, asked: Path) -> tuple[str, Path | None, Problem | None]:
    """The released answers and where they are kept, or why there are none."""
    from evalkit.documents.filled import EditionRefused

    folder = job.chapters[0].folder
    try:
        answers = _answers_text(job, asked)
        return answers, keep(folder, answers, fingerprint=job.fingerprint, name=ANSWERS_FILE), None
    except EditionRefused as refusal:
        return "", None, terminal("chapter.said", said=refusal)
    except OSError as error:
        return "", None, disk_problem(error)
    except Exception as error:  # noqa: BLE001 - its words may quote what it stumbled on
        return "", None, terminal("chapter.unjudged", kind=_kind(error))


def _kind(error: Exception) -> str:
    """The kind of an error and the line of our own that met it, which quote nothing."""
    last = [one for one in extract_tb(error.__traceback__) if "evalkit" in one.filename][-1]
    return f"{type(error).__name__}, {Path(last.filename).name}:{last.lineno}"


def _with_marked_cells(run: ChapterRun, answers: str, session: KernelSession) -> ChapterRun:
    from evalkit.batch.kernels.show_cells import with_marked_cells

    shown = with_marked_cells(run.notebook, answers=answers, task=run.task, session=session)
    return replace(run, notebook=shown)


def _stand_in(
    job: ChapterJob,
    run: ChapterRun,
    report_in: Callable[[LanguageCode], Report],
) -> ChapterRun:
    """An own notebook that failed says so in its place: the other chapters have their report."""
    from evalkit.documents.filled import failed_chapter

    language = job.task.language
    failure = run.cause.in_language(language) if run.cause else run.failure
    notebook = failed_chapter(failure, report_in(language))
    told = replace(run, notebook=notebook, failure="", cause=None, stood_in=run.failure)
    return _kept(job, told, report_in)


def _answers_text(job: ProjectJob, asked: Path) -> str:
    from evalkit.batch.kernels.session import asked_file
    from evalkit.documents.filled import released_answers

    chapter = job.chapters[0]
    project = project_of(chapter.task.project_file, chapter.inputs)
    files = [asked_file(asked, name) for name in job.by_chapter]
    return released_answers(project, files, signed_by=job.signed_by)


def _report_in(job: ProjectJob, answers: str, language: LanguageCode) -> Report:
    from evalkit.documents.filled import opened_report

    chapter = job.chapters[0]
    project = project_of(chapter.task.project_file, chapter.inputs)
    return opened_report(project, answers, language)


def _kept(
    job: ChapterJob, run: ChapterRun, report_in: Callable[[LanguageCode], Report]
) -> ChapterRun:
    """The chapter filled in, in its language, and kept, if nothing in it points at a person."""
    from evalkit.documents.filled import filled
    from evalkit.documents.guard import fault_of
    from evalkit.documents.kept import ChapterError, released_chapter

    task = job.task
    project = project_of(task.project_file, job.inputs)
    name = f"{task.chapter}.ipynb"
    try:
        report = report_in(task.language)
        content = _notebook_text(released_chapter(filled(run.notebook, report), task.language))
    except ChapterError as error:
        return run.failed(error.problem)
    except Exception as error:  # noqa: BLE001 - a chapter may show anything
        return run.failed(terminal("chapter.unshown", kind=_kind(error)))
    fault = fault_of(
        {name: content},
        texts_of(task.project_file, job.inputs),
        project=project,
        language=task.language,
    )
    if fault:
        return replace(run, failure=fault.removeprefix(f"{name} "))
    if _has_changed(job):
        return run.failed(terminal("chapter.changed"))
    try:
        file = keep(job.folder, content, fingerprint=job.fingerprint, name=job.name)
    except OSError as error:
        return replace(run.failed(disk_problem(error)), is_disk_full=is_full(error))
    return replace(run, file=file)


def _has_changed(job: ChapterJob) -> bool:
    """Whether a file that the chapter is made of is another than when it was planned."""
    try:
        template = digest(job.task.template)
        inputs = digests(job.task.project_file.parent, job.input_names)
    except OSError:
        return True
    return inputs != job.inputs or template != (job.task.template_digest or template)


def _notebook_text(notebook: Mapping[str, Any]) -> str:
    """A notebook with one cell a line: read by people seldom, and made ten times as fast."""
    dump = partial(json.dumps, ensure_ascii=False)
    around = dump({key: value for key, value in notebook.items() if key != "cells"})
    cells = ",\n".join(map(dump, notebook["cells"]))
    return f'{{"cells": [\n{cells}\n],\n{around[1:]}\n'


# One worker meets the chapters of one project after another: its registers are read once.
@lru_cache(maxsize=2)
def project_of(file: Path, _inputs: tuple[InputFile, ...]) -> Project:
    from evalkit.project import load_project

    return load_project(file)


@lru_cache(maxsize=2)
def texts_of(file: Path, inputs: tuple[InputFile, ...]) -> RegisterTexts:
    from evalkit.documents.guard import texts_in_registers

    return texts_in_registers(project_of(file, inputs))
