"""What a worker does: run the chapters of a project and keep them, or write a report from them.

Both leave their work in files and answer with little, so that the command that started them
holds no notebook, however many projects there are. Heavy imports wait until a job runs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.batch.kernels.tasks import ChapterRun, ChapterTask
from evalkit.batch.kernels.warm import prepare_kernels
from evalkit.batch.processes.worker import perishable
from evalkit.batch.progress import tell_of
from evalkit.documents.editions.history import history_of
from evalkit.documents.editions.manifest import usable_manifest
from evalkit.documents.editions.store import UnreadableLedger
from evalkit.documents.figures import figures_of
from evalkit.documents.files.names import chapter_file, file_name
from evalkit.documents.files.provenance import InputFile, digests
from evalkit.documents.files.state import DiskFull, write_whole
from evalkit.documents.files.workfolder import disk_sentence, keep
from evalkit.project.vocabulary import FormatName, LanguageCode

if TYPE_CHECKING:
    from evalkit.batch.kernels.session import KernelSession
    from evalkit.disclosure.scan import RegisterTexts
    from evalkit.documents.kept import Headline
    from evalkit.documents.model import Document
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
    input_names: tuple[str, ...]
    inputs: tuple[InputFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectJob:
    """Chapters of one project, to be run one after another in one kernel.

    ``told``: the file in which the worker writes how far it has come, for the command to read.
    """

    chapters: tuple[ChapterJob, ...]
    told: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportJob:
    """A report to write from chapters that have run.

    Attributes:
        folder: The project's report folder, where earlier editions are told of.
        stage: Where to write; the files are moved from there together.
        chapters: Name → file of each executed chapter, in reading order.
        links: Languages in which the same report lies beside this one.
    """

    project_file: Path
    folder: Path
    stage: Path
    language: LanguageCode
    chapters: Mapping[str, Path]
    formats: tuple[FormatName, ...]
    links: tuple[LanguageCode, ...]
    inputs: tuple[InputFile, ...]
    is_appendix: bool
    is_draft: bool = False
    signed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a report: its files with checksums, or why it was not written.

    Attributes:
        outputs: Name in the report's folder → checksum, the main file first.
        edition: What the ledger is to tell of it; None for a draft and for made-up registers.
        history: Its figures and those of the edition before it, for the manifest.
        is_disk_full: There was no room, so that nothing else should be written either.
    """

    language: LanguageCode
    outputs: Mapping[str, str]
    headlines: tuple[Headline, ...] = ()
    edition: Mapping[str, Any] | None = None
    history: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""
    is_disk_full: bool = False


def run_project(job: ProjectJob) -> tuple[ChapterRun, ...]:
    """Run the chapters of a project in one kernel and keep each; answers without them."""
    prepare_kernels()
    from evalkit.batch.kernels.session import KernelSession

    with KernelSession() as session:
        return tuple(
            _told(job, number, chapter, session) for number, chapter in enumerate(job.chapters)
        )


def _told(job: ProjectJob, number: int, chapter: ChapterJob, session: KernelSession) -> ChapterRun:
    tell_of(job.told, number, "started")
    run = _run_and_keep(chapter, session)
    if run.has_died:
        # Not for the chapter's sake perhaps: want of memory kills whatever runs just then.
        tell_of(job.told, number, "again", run)
        run = _run_and_keep(chapter, session)
    tell_of(job.told, number, "ended", run)
    return run


def _run_and_keep(job: ChapterJob, session: KernelSession) -> ChapterRun:
    """Run a chapter and keep it, if nothing in it points at a person."""
    from evalkit.batch.kernels import execute
    from evalkit.documents.guard import fault_of

    run = execute.run_chapter(job.task, session)
    if run.failure:
        return run
    without = replace(run, notebook={})
    content = _notebook_text(run.notebook)
    project = _project(job.task.project_file, job.inputs)
    name = f"{job.task.chapter}.ipynb"
    fault = fault_of(
        {name: content},
        _texts(job.task.project_file, job.inputs),
        authors=project.actors,
        project=project,
        language=job.task.language,
    )
    if fault:
        return replace(without, failure=fault.removeprefix(f"{name} "))
    if digests(job.task.project_file.parent, job.input_names) != job.inputs:
        return replace(without, failure=_CHANGED)
    try:
        file = keep(
            job.folder,
            content,
            fingerprint=job.fingerprint,
            chapter=job.task.chapter,
            language=job.task.language,
        )
    except OSError as error:
        return replace(without, failure=disk_sentence(error), is_disk_full=_is_full(error))
    return replace(without, file=file)


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
    except (_Refused, UnreadableLedger) as refusal:
        return replace(nothing, failure=str(refusal))
    except OSError as error:
        return replace(nothing, failure=disk_sentence(error), is_disk_full=_is_full(error))
    finally:
        if {"pdf", "docx"} & set(job.formats):
            from evalkit.documents.writers.memory import give_back_memory

            give_back_memory()


class _Refused(Exception):
    """Why a report may not or cannot be written; the message is one safe sentence."""


def _staged(job: ReportJob) -> Written:
    from evalkit.documents.editions.ledger import refused_edition
    from evalkit.documents.guard import fault_of

    contents = {name: file.read_bytes() for name, file in job.chapters.items()}
    executed = {name: json.loads(content) for name, content in contents.items()}
    project = _project(job.project_file, job.inputs)
    document = _document(project, executed, job)
    files = dict(_files(document, job))
    fault = fault_of(
        files,
        _texts(job.project_file, job.inputs),
        authors=project.actors,
        project=project,
        language=job.language,
    )
    fault = fault or refused_edition(project, executed, folder=job.folder, language=job.language)
    if fault:
        raise _Refused(fault)
    for name, content in files.items():
        write_whole(job.stage / name, content, is_lasting=False)
    outputs = {name: _checksum(content) for name, content in files.items()}
    if not job.is_appendix:
        for name, chapter in contents.items():
            outputs[chapter_file(name, job.language)] = _checksum(chapter)
    return Written(
        language=job.language,
        outputs=outputs,
        headlines=document.headlines,
        edition=_edition(project, executed, job),
        history=_history(project, executed, job),
    )


def _edition(
    project: Project, executed: Mapping[str, dict[str, Any]], job: ReportJob
) -> Mapping[str, Any] | None:
    """What the ledger is to hold; a draft enters none."""
    from evalkit.documents.editions.ledger import edition_of

    if job.is_draft:
        return None
    return edition_of(project, executed, language=job.language, signed_by=job.signed_by)


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
            inputs=job.inputs,
            other_languages=job.links,
            formats=job.formats,
            is_appendix=job.is_appendix,
            is_draft=job.is_draft,
        )


def _files(document: Document, job: ReportJob) -> Iterator[tuple[str, str | bytes]]:
    from evalkit.documents.writers import written

    for one in job.formats:
        name = file_name(job.language, one, is_appendix=job.is_appendix)
        with _naming(f"report as {one}"):
            yield name, written(document, one)


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
