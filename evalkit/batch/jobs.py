"""What a worker does: run the chapters of a project and keep them, or write a report from them.

Both leave their work in files and answer with little, so that the command that started them
holds no notebook, however many projects there are. Heavy imports wait until a job runs.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.batch.kernels.tasks import ChapterRun, ChapterTask
from evalkit.batch.kernels.warm import prepare_kernels
from evalkit.batch.processes.worker import perishable
from evalkit.batch.progress import tell_of
from evalkit.documents.editions.history import history_of
from evalkit.documents.editions.manifest import usable_manifest
from evalkit.documents.files.fingerprints import answers_fingerprint
from evalkit.documents.files.names import ANSWERS_FILE, chapter_file, kept_name, report_files
from evalkit.documents.files.provenance import InputFile, digests
from evalkit.documents.files.state import Damaged, DiskFull, read_bytes, write_whole
from evalkit.documents.files.workfolder import disk_sentence, keep, workplace
from evalkit.figures import figures_of
from evalkit.project.vocabulary import FormatName, LanguageCode, is_own

if TYPE_CHECKING:
    from evalkit.batch.kernels.session import KernelSession
    from evalkit.chapters.report import Report
    from evalkit.disclosure.scan import RegisterTexts
    from evalkit.documents.model import Document
    from evalkit.present.blocks import Headline
    from evalkit.project import Project

_CHANGED = "the project's files were changed while it was rendered; run the command again"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportJob:
    """A report to write from chapters that have run.

    Attributes:
        folder: The project's report folder.
        stage: Where to write; the files are moved from there together.
        chapters: Name → file of each executed chapter, in reading order.
        links: Languages in which the same report lies beside this one.
        printed_inputs: The inputs with checksums that may be handed on.
        answers: The released answers that the chapters show, to lie beside the report.
    """

    project_file: Path
    folder: Path
    stage: Path
    language: LanguageCode
    chapters: Mapping[str, Path]
    formats: tuple[FormatName, ...]
    links: tuple[LanguageCode, ...]
    inputs: tuple[InputFile, ...]
    printed_inputs: tuple[InputFile, ...]
    is_appendix: bool
    answers: Path | None = None
    is_draft: bool = False
    signed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a report: its files with checksums, or why it was not written.

    Attributes:
        outputs: Name in the report's folder → checksum, the main file first.
        history: Its figures and those of the edition before it, for the manifest.
        is_disk_full: There was no room, so that nothing else should be written either.
    """

    language: LanguageCode
    outputs: Mapping[str, str]
    headlines: tuple[Headline, ...] = ()
    history: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""
    is_disk_full: bool = False


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
    answers, failure = _judged(job, asked) if is_any else (None, "")
    kept, is_full = None, False
    if answers is not None:
        try:
            folder = job.chapters[0].folder
            kept = keep(folder, answers, fingerprint=job.fingerprint, name=ANSWERS_FILE)
        except OSError as error:
            failure, is_full = disk_sentence(error), _is_full(error)
    # Read once for each language, not for each of its chapters.
    report_in = cache(partial(_report_in, job, answers or "{}"))
    for first, run in runs.items():
        languages = job.by_chapter[job.chapters[first].task.chapter]
        for number in languages:
            chapter = job.chapters[number]
            one = replace(
                run, task=chapter.task, seconds=run.seconds / len(languages), answers=kept
            )
            if failure:
                one = replace(one, failure=one.failure or failure, is_disk_full=is_full)
            elif not one.failure:
                one = _kept(chapter, _with_marked_cells(one, answers, showing), report_in)
            told = one = replace(one, notebook={})
            if one.failure and is_own(chapter.task.chapter) and not failure:
                one = replace(_stand_in(chapter, one, report_in), notebook={})
            tell_of(job.told, number, "ended", told)
            yield one


def _judged(job: ProjectJob, asked: Path) -> tuple[str | None, str]:
    """The released answers, or why there are none."""
    from evalkit.documents.filled import EditionRefused

    try:
        return _answers_text(job, asked), ""
    except EditionRefused as refusal:
        return None, str(refusal)
    except OSError as error:
        return None, disk_sentence(error)
    except Exception as error:  # noqa: BLE001 - its words may quote what it stumbled on
        return None, f"its figures could not be judged ({type(error).__name__})"


def _with_marked_cells(run: ChapterRun, answers: str | None, session: KernelSession) -> ChapterRun:
    from evalkit.batch.kernels.show_cells import with_marked_cells

    shown = with_marked_cells(run.notebook, answers=answers or "", task=run.task, session=session)
    return replace(run, notebook=shown)


def _stand_in(
    job: ChapterJob,
    run: ChapterRun,
    report_in: Callable[[LanguageCode], Report],
) -> ChapterRun:
    """An own notebook that failed says so in its place: the other chapters have their report."""
    from evalkit.documents.filled import failed_chapter

    report = report_in(job.task.language)
    told = replace(
        run, notebook=failed_chapter(run.failure, report), failure="", stood_in=run.failure
    )
    return _kept(job, told, report_in)


def _answers_text(job: ProjectJob, asked: Path) -> str:
    from evalkit.batch.kernels.session import asked_file
    from evalkit.documents.filled import released_answers

    chapter = job.chapters[0]
    project = _project(chapter.task.project_file, chapter.inputs)
    files = [asked_file(asked, name) for name in job.by_chapter]
    return released_answers(project, files, signed_by=job.signed_by)


def _report_in(job: ProjectJob, answers: str, language: LanguageCode) -> Report:
    from evalkit.documents.filled import opened_report

    chapter = job.chapters[0]
    project = _project(chapter.task.project_file, chapter.inputs)
    return opened_report(project, answers, language)


def _kept(
    job: ChapterJob, run: ChapterRun, report_in: Callable[[LanguageCode], Report]
) -> ChapterRun:
    """The chapter filled in, in its language, and kept, if nothing in it points at a person."""
    from evalkit.documents.filled import filled
    from evalkit.documents.guard import fault_of
    from evalkit.documents.kept import ChapterError, released_chapter

    task = job.task
    project = _project(task.project_file, job.inputs)
    name = f"{task.chapter}.ipynb"
    try:
        report = report_in(task.language)
        content = _notebook_text(released_chapter(filled(run.notebook, report), task.language))
    except ChapterError as error:
        return replace(run, failure=str(error))
    except Exception as error:  # noqa: BLE001 - a chapter may show anything; see `_naming`
        return replace(run, failure=f"could not be shown ({type(error).__name__})")
    fault = fault_of(
        {name: content},
        _texts(task.project_file, job.inputs),
        project=project,
        language=task.language,
    )
    if fault:
        return replace(run, failure=fault.removeprefix(f"{name} "))
    if digests(task.project_file.parent, job.input_names) != job.inputs:
        return replace(run, failure=_CHANGED)
    try:
        file = keep(job.folder, content, fingerprint=job.fingerprint, name=job.name)
    except OSError as error:
        return replace(run, failure=disk_sentence(error), is_disk_full=_is_full(error))
    return replace(run, file=file)


def _notebook_text(notebook: Mapping[str, Any]) -> str:
    """A notebook with one cell a line: read by people seldom, and made ten times as fast."""
    dump = partial(json.dumps, ensure_ascii=False)
    around = dump({key: value for key, value in notebook.items() if key != "cells"})
    cells = ",\n".join(map(dump, notebook["cells"]))
    return f'{{"cells": [\n{cells}\n],\n{around[1:]}\n'


def write_report(job: ReportJob) -> Written:
    """Write the files of a report where they wait to be moved in place together."""
    nothing = Written(language=job.language, outputs={})
    try:
        with perishable(job.stage):
            return _staged(job)
    except _Refused as refusal:
        return replace(nothing, failure=str(refusal))
    except Damaged as damage:
        return replace(nothing, failure=f"{ANSWERS_FILE} {damage}; run the command again")
    except OSError as error:
        return replace(nothing, failure=disk_sentence(error), is_disk_full=_is_full(error))
    finally:
        if {"pdf", "docx"} & set(job.formats):
            from evalkit.documents.writers.memory import give_back_memory

            give_back_memory()


class _Refused(Exception):
    """Why a report may not or cannot be written; the message is one safe sentence."""


def _staged(job: ReportJob) -> Written:
    from evalkit.documents.guard import fault_of

    contents = {name: file.read_bytes() for name, file in job.chapters.items()}
    executed = {name: json.loads(content) for name, content in contents.items()}
    project = _project(job.project_file, job.inputs)
    document = _document(project, executed, job)
    files = dict(_files(document, job))
    fault = fault_of(
        files,
        _texts(job.project_file, job.inputs),
        project=project,
        language=job.language,
    )
    fault = fault or _unmended(executed, job)
    if fault:
        raise _Refused(fault)
    for name, content in files.items():
        write_whole(job.stage / name, content, is_lasting=False)
    if job.answers is not None and not job.is_appendix:
        files[ANSWERS_FILE] = read_bytes(job.answers)
        write_whole(job.stage / ANSWERS_FILE, files[ANSWERS_FILE], is_lasting=False)
    outputs = {name: _checksum(content) for name, content in files.items()}
    if not job.is_appendix:
        for name, chapter in contents.items():
            outputs[chapter_file(name, job.language)] = _checksum(chapter)
    return Written(
        language=job.language,
        outputs=outputs,
        headlines=document.headlines,
        history=_history(project, executed, job),
    )


def _unmended(executed: Mapping[str, dict[str, Any]], job: ReportJob) -> str:
    """A draft may have a chapter that says why it failed; nobody signs one."""
    failed = [name for name, one in executed.items() if one["metadata"].get("failed")]
    return f"{failed[0]}: could not be run; see the draft" if failed and job.signed_by else ""


def _history(
    project: Project, executed: Mapping[str, dict[str, Any]], job: ReportJob
) -> dict[str, Any]:
    from evalkit.disclosure.rule import rule_for

    before = usable_manifest(job.folder)
    kind = before.get("appendices" if job.is_appendix else "reports", {})
    return history_of(
        figures_of(executed.values()),
        data_cut=project.data_cut.isoformat(),
        earlier=kind.get(job.language, {}),
        threshold=0 if project.is_synthetic else rule_for(project.disclosure.profile).threshold,
        is_draft=job.is_draft,
    )


def _document(project: Project, executed: Mapping[str, dict[str, Any]], job: ReportJob) -> Document:
    from evalkit.documents.model import build_document

    with _naming("report"):
        return build_document(
            _with_chapters(project, tuple(executed)),
            executed,
            language=job.language,
            inputs=job.printed_inputs,
            other_languages=job.links,
            formats=job.formats,
            is_appendix=job.is_appendix,
            is_draft=job.is_draft,
        )


def _files(document: Document, job: ReportJob) -> Iterator[tuple[str, str | bytes]]:
    from evalkit.documents.brief import brief_of
    from evalkit.documents.writers import written

    files = report_files(job.language, job.formats, is_appendix=job.is_appendix)
    for name, (one, is_brief) in files.items():
        with _naming(f"{'brief' if is_brief else 'report'} as {one}"):
            yield name, written(brief_of(document) if is_brief else document, one)
    from evalkit.documents.writers.figures import figure_files

    # The Word report has drawn the pictures already; for the sake of others nothing is drawn.
    with _naming("figures as files"):
        yield from figure_files(document, with_png="docx" in job.formats)


@contextmanager
def _naming(what: str) -> Iterator[None]:
    """One report's fault must not stop the others, nor quote what it stumbled on."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - a writer may stumble in any way
        kind = type(error).__name__
        raise _Refused(f"the {what} could not be put together ({kind})") from None


def _with_chapters(project: Project, chapters: tuple[str, ...]) -> Project:
    """The project with only the chapters of its appendix, in that order."""
    return project.model_copy(update={"chapters": chapters}).placed_in(project.folder)


# One worker meets the chapters of one project after another: its registers are read once.
@lru_cache(maxsize=2)
def _project(file: Path, _inputs: tuple[InputFile, ...]) -> Project:
    from evalkit.project import load_project

    return load_project(file)


@lru_cache(maxsize=2)
def _texts(file: Path, inputs: tuple[InputFile, ...]) -> RegisterTexts:
    from evalkit.documents.guard import texts_in_registers

    return texts_in_registers(_project(file, inputs))


def _checksum(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def _is_full(error: OSError) -> bool:
    return isinstance(error, DiskFull)
