"""What a worker does when the chapters of a report have run: write its files from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from evalkit.batch.plan import ProjectPlan
from evalkit.batch.processes.worker import perishable
from evalkit.documents.editions.history import history_of
from evalkit.documents.editions.manifest import usable_manifest
from evalkit.documents.files.names import ANSWERS_FILE, chapter_file, report_files
from evalkit.documents.files.provenance import InputFile
from evalkit.documents.files.state import Damaged, is_full, read_bytes, write_whole
from evalkit.documents.files.workfolder import disk_problem, stage_folder
from evalkit.figures import figures_of
from evalkit.project.problems import Spoken, terminal
from evalkit.project.vocabulary import LanguageCode

if TYPE_CHECKING:
    from evalkit.disclosure.scan import RegisterTexts
    from evalkit.documents.model import Document
    from evalkit.present.blocks import Headline
    from evalkit.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportJob:
    """A report to write from chapters that have run.

    Attributes:
        chapters: Name → file of each executed chapter, in reading order.
        links: Languages in which the same report lies beside this one.
        answers: The released answers that the chapters show, to lie beside the report.
    """

    plan: ProjectPlan
    language: LanguageCode
    chapters: Mapping[str, Path]
    links: tuple[LanguageCode, ...]
    answers: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a report: its files with checksums, or why it was not written.

    Attributes:
        outputs: Name in the report's folder → checksum, the main file first.
        stage: Where those files wait that are not there yet.
        history: Its figures and those of the edition before it, for the manifest.
        is_disk_full: There was no room, so that nothing else should be written either.
    """

    language: LanguageCode
    outputs: Mapping[str, str]
    stage: Path = Path()
    headlines: tuple[Headline, ...] = ()
    history: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""
    is_disk_full: bool = False


def write_report(job: ReportJob) -> Written:
    """Write the files of a report where they wait to be moved in place together."""
    nothing, language = Written(language=job.language, outputs={}), job.plan.told_in
    stage = stage_folder(job.plan.folder, job.language)
    try:
        with perishable(stage):
            return _staged(job, stage)
    except _Refused as refusal:
        return replace(nothing, failure=refusal.in_language(language))
    except Damaged as damage:
        told = damage.in_language(language)
        problem = terminal("report.damaged", file=ANSWERS_FILE, damage=told)
        return replace(nothing, failure=problem.in_language(language))
    except OSError as error:
        failure = disk_problem(error).in_language(language)
        return replace(nothing, failure=failure, is_disk_full=is_full(error))
    except Exception as error:  # noqa: BLE001 - a writer may stumble in any way
        problem = terminal("report.other", kind=kind_of(error))
        return replace(nothing, failure=problem.in_language(language))
    finally:
        if {"pdf", "docx"} & set(job.plan.formats):
            from evalkit.documents.writers.memory import give_back_memory

            give_back_memory()


def kind_of(error: Exception) -> str:
    """The kind of an error and the line of our own that met it, which quote nothing."""
    last = [one for one in extract_tb(error.__traceback__) if "evalkit" in one.filename][-1]
    return f"{type(error).__name__}, {Path(last.filename).name}:{last.lineno}"


class _Refused(Spoken, Exception):
    """Why a report may not or cannot be written; the message is one safe sentence."""


def _staged(job: ReportJob, stage: Path) -> Written:
    from evalkit.documents.guard import fault_of

    plan = job.plan
    contents = {name: file.read_bytes() for name, file in job.chapters.items()}
    executed = {name: json.loads(content) for name, content in contents.items()}
    project = project_of(plan.project_file, plan.inputs)
    document = _document(project, executed, job)
    files = dict(_files(document, job))
    texts = texts_of(plan.project_file, plan.inputs)
    fault = fault_of(files, texts, project=project, language=job.language)
    if fault:
        raise _Refused("chapter.said", said=fault)
    _require_mended(executed, job)
    for name, content in files.items():
        write_whole(stage / name, content, is_lasting=False)
    if job.answers is not None and not plan.is_appendix:
        files[ANSWERS_FILE] = read_bytes(job.answers)
        write_whole(stage / ANSWERS_FILE, files[ANSWERS_FILE], is_lasting=False)
    outputs = {name: _checksum(content) for name, content in files.items()}
    if not plan.is_appendix:
        for name, chapter in contents.items():
            outputs[chapter_file(name, job.language)] = _checksum(chapter)
    return Written(
        language=job.language,
        outputs=outputs,
        stage=stage,
        headlines=document.headlines,
        history=_history(project, executed, job),
    )


def _require_mended(executed: Mapping[str, dict[str, Any]], job: ReportJob) -> None:
    """A draft may have a chapter that says why it failed; nobody signs one."""
    for name, one in executed.items():
        if one["metadata"].get("failed") and job.plan.signed_by:
            raise _Refused("report.failed_chapter", chapter=name)


def _history(
    project: Project, executed: Mapping[str, dict[str, Any]], job: ReportJob
) -> dict[str, Any]:
    from evalkit.disclosure.rule import rule_for

    before = usable_manifest(job.plan.folder)
    kind = before.get("appendices" if job.plan.is_appendix else "reports", {})
    return history_of(
        figures_of(executed.values()),
        data_cut=project.data_cut.isoformat(),
        earlier=kind.get(job.language, {}),
        threshold=0 if project.is_synthetic else rule_for(project.disclosure.profile).threshold,
        is_draft=job.plan.is_draft,
    )


def _document(project: Project, executed: Mapping[str, dict[str, Any]], job: ReportJob) -> Document:
    from evalkit.documents.model import build_document

    return build_document(
        _with_chapters(project, tuple(executed)),
        executed,
        language=job.language,
        inputs=job.plan.printed_inputs,
        other_languages=job.links,
        formats=job.plan.formats,
        is_appendix=job.plan.is_appendix,
        is_draft=job.plan.is_draft,
    )


def _files(document: Document, job: ReportJob) -> Iterator[tuple[str, str | bytes]]:
    from evalkit.documents.brief import brief_of
    from evalkit.documents.writers import written

    files = report_files(job.language, job.plan.formats, is_appendix=job.plan.is_appendix)
    for name, (one, is_brief) in files.items():
        yield name, written(brief_of(document) if is_brief else document, one)
    from evalkit.documents.writers.figures import figure_files

    # The Word report has drawn the pictures already; for the sake of others nothing is drawn.
    yield from figure_files(document, with_png="docx" in job.plan.formats)


def _with_chapters(project: Project, chapters: tuple[str, ...]) -> Project:
    """The project with only the chapters of its appendix, in that order."""
    return project.model_copy(update={"chapters": chapters}).placed_in(project.folder)


def _checksum(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


# One worker meets the chapters of one project after another: its registers are read once.
@lru_cache(maxsize=2)
def project_of(file: Path, _inputs: tuple[InputFile, ...]) -> Project:
    from evalkit.project import load_project

    return load_project(file)


@lru_cache(maxsize=2)
def texts_of(file: Path, inputs: tuple[InputFile, ...]) -> RegisterTexts:
    from evalkit.documents.guard import texts_in_registers

    return texts_in_registers(project_of(file, inputs))
