"""What stands of a report beside what it would be made of, chapter by chapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from evalkit.batch.kernels.tasks import ChapterTask
from evalkit.batch.plan import PlanError, PlannedChapter, PlannedReport, ProjectPlan, Request
from evalkit.documents.editions.manifest import Standing, standing_report
from evalkit.documents.files.fingerprints import chapter_fingerprint, report_fingerprint
from evalkit.documents.files.names import (
    ANSWERS_FILE,
    FIGURES,
    chapter_file,
    kept_name,
    report_files,
)
from evalkit.documents.files.paths import NotFound, template_file
from evalkit.documents.files.provenance import digest
from evalkit.documents.files.state import digest_of
from evalkit.documents.files.workfolder import kept_file
from evalkit.project.vocabulary import LanguageCode


def planned_report(
    plan: ProjectPlan, language: LanguageCode, request: Request, manifest: Mapping[str, Any]
) -> PlannedReport:
    """A report beside what stands of it. Appendices lend the chapters of the report."""
    report = standing_report(manifest.get("reports", {}).get(language))
    appendix = standing_report(manifest.get("appendices", {}).get(language))
    standing = appendix if plan.is_appendix else report
    chapters = {name: _chapter(plan, name, language, request, report) for name in plan.chapters}
    made_of = [chapter.fingerprint for chapter in chapters.values()]
    drafted, published = (
        report_fingerprint(
            chapters=made_of, formats=plan.formats, facts=plan.facts, is_draft=is_draft
        )
        for is_draft in (True, False)
    )
    fingerprint = drafted if plan.is_draft else published
    expected = set(report_files(language, plan.formats, is_appendix=plan.is_appendix))
    if not plan.is_appendix:
        expected |= {chapter_file(name, language) for name in plan.chapters} | {ANSWERS_FILE}
    is_whole = (
        standing.fingerprint in {fingerprint, published}
        and {name for name in standing.outputs if not name.startswith(FIGURES)} == expected
        and _are_there(plan.folder, standing.outputs)
    )
    return PlannedReport(
        language=language,
        chapters=chapters,
        fingerprint=fingerprint,
        standing=standing,
        is_whole=is_whole,
        is_draft=plan.is_draft and not (is_whole and standing.fingerprint == published),
    )


def anew(report: PlannedReport) -> PlannedReport:
    chapters = {name: replace(one, kept=None) for name, one in report.chapters.items()}
    is_read = all(chapter.kept is not None for chapter in report.chapters.values())
    return replace(report, chapters=chapters, is_whole=False, is_read=is_read)


def kept_of_others(plan: ProjectPlan, request: Request) -> Iterator[Path]:
    """Chapters that wait for a report in a language that is not asked for now."""
    asked = {report.language for report in plan.reports}
    for language in plan.facts["asks"]["languages"]:
        if language not in asked:
            chapters = (_chapter(plan, one, language, request, Standing()) for one in plan.chapters)
            yield from (one.kept for one in chapters if one.kept is not None)


def _chapter(
    plan: ProjectPlan,
    chapter: str,
    language: LanguageCode,
    request: Request,
    standing: Standing,
) -> PlannedChapter:
    template = _template(chapter, plan.project_file.parent, request.templates)
    task = ChapterTask(
        project_file=plan.project_file,
        project_id=plan.id,
        chapter=chapter,
        language=language,
        template=template,
        template_digest=digest(template),
        timeout_seconds=request.chapter_limit_seconds,
    )
    fingerprint, asked = (
        chapter_fingerprint(
            inputs=plan.printed_inputs,
            template=task.template_digest,
            chapter=chapter,
            language=one,
            editions=_editions_stamp(plan.editions, plan.id) if plan.is_of_persons else "",
        )
        for one in (language, "")
    )
    planned = PlannedChapter(task=task, fingerprint=fingerprint, asked=asked)
    unfinished = None
    if not request.is_forced and plan.has_unfinished:
        unfinished = kept_file(
            plan.folder, fingerprint=fingerprint, name=kept_name(chapter, language)
        )
    if unfinished is not None:
        return replace(planned, kept=unfinished)
    name = chapter_file(chapter, language)
    # Whole only with the answers that it shows.
    outputs = {one: standing.outputs.get(one, "") for one in (name, ANSWERS_FILE)}
    if standing.chapters.get(chapter) == fingerprint and _are_there(plan.folder, outputs):
        seconds = standing.seconds.get(chapter, 0.0)
        return replace(planned, kept=plan.folder / name, seconds=seconds)
    return planned


def _editions_stamp(folder: Path, project_id: str) -> str:
    """Which editions a draft is judged beside; the project's own latest says nothing new."""
    if not folder.is_dir():
        return ""
    names = sorted(one.name for one in folder.glob("*.json") if not one.name.startswith("."))
    own = [name for name in names if name.partition(".")[0] == project_id]
    return " ".join(name for name in names if not own or name != own[-1])


def _template(chapter: str, project_folder: Path, templates: Path | None) -> Path:
    try:
        return template_file(chapter, project_folder=project_folder, templates=templates)
    except NotFound as error:
        raise PlanError.of(error.problem) from None


def _are_there(folder: Path, outputs: Mapping[str, str]) -> bool:
    """Whether files stand as they were written; a report that someone edited is made anew."""
    return all(_digest_there(folder / name) == expected for name, expected in outputs.items())


def _digest_there(file: Path) -> str:
    try:
        found = file.lstat()
    except OSError:
        return ""
    return _digest_as_of(file, found.st_mtime_ns, found.st_size, found.st_ino)


# A chapter is looked at for itself and again as a file of its report.
@lru_cache(maxsize=256)
def _digest_as_of(file: Path, _mtime_ns: int, _size: int, _inode: int) -> str:
    return digest_of(file)
