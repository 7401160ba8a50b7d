"""What stands of a report beside what it would be made of, chapter by chapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
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
    sound = _sound(plan.folder, report)
    kept = dict(_kept(plan, language, request, report, sound))
    standing = report
    if plan.is_appendix:
        standing = standing_report(manifest.get("appendices", {}).get(language))
        sound = _sound(plan.folder, standing)
    made_of = [chapter.fingerprint for chapter in plan.chapters.values()]
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
        and sound == set(standing.outputs)
    )
    return PlannedReport(
        language=language,
        kept=kept,
        fingerprint=fingerprint,
        standing=standing,
        is_whole=is_whole,
        is_draft=plan.is_draft and not (is_whole and standing.fingerprint == published),
    )


def anew(plan: ProjectPlan, report: PlannedReport) -> PlannedReport:
    """The report to be made whatever is kept of it."""
    is_read = len(report.kept) == len(plan.chapters)
    return replace(report, kept={}, is_whole=False, is_read=is_read)


def kept_of_others(plan: ProjectPlan, request: Request) -> Iterator[Path]:
    """Chapters that wait for a report in a language that is not asked for now."""
    for language in plan.facts["asks"]["languages"]:
        if language not in plan.languages:
            yield from (file for _, file in _kept(plan, language, request, Standing(), set()))


def planned_chapter(
    plan: ProjectPlan, chapter: str, language: LanguageCode, request: Request
) -> PlannedChapter:
    """A chapter and what it is made of; ``language``: the first in which it is asked for."""
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
    fingerprint = chapter_fingerprint(
        inputs=plan.printed_inputs,
        template=task.template_digest,
        chapter=chapter,
        editions=_editions_stamp(plan.editions, plan.id) if plan.is_of_persons else "",
    )
    return PlannedChapter(task=task, fingerprint=fingerprint)


def _kept(
    plan: ProjectPlan,
    language: LanguageCode,
    request: Request,
    standing: Standing,
    sound: Set[str],
) -> Iterator[tuple[str, Path]]:
    """The chapters that are there: in the hidden folder, or in place with their answers."""
    is_looked_for = not request.is_forced and plan.has_unfinished
    for name, planned in plan.chapters.items():
        fingerprint, place = planned.fingerprint, chapter_file(name, language)
        unfinished = is_looked_for and kept_file(
            plan.folder, fingerprint=fingerprint, name=kept_name(name, language)
        )
        if unfinished:
            yield name, unfinished
        elif standing.chapters.get(name) == fingerprint and {place, ANSWERS_FILE} <= sound:
            yield name, plan.folder / place


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


def _sound(folder: Path, standing: Standing) -> set[str]:
    """The files that stand as they were written; a report that someone edited is made anew."""
    outputs = standing.outputs.items()
    return {name for name, checksum in outputs if digest_of(folder / name) == checksum}
