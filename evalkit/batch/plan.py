"""The work list: what each report is to be made from, and what of it stands already.

A project that an earlier run knows by the bytes of its project file is planned from its
manifest, without opening the model, so that a run that finds nothing changed is short.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.batch.kernels.tasks import CHAPTER_LIMIT_SECONDS, ChapterTask
from evalkit.documents.editions.manifest import (
    MANIFEST,
    Standing,
    facts_in,
    project_facts,
    read_manifest,
    standing_report,
)
from evalkit.documents.files.fingerprints import (
    chapter_fingerprint,
    code_fingerprint,
    report_fingerprint,
)
from evalkit.documents.files.names import chapter_file
from evalkit.documents.files.paths import NotFound, template_file
from evalkit.documents.files.provenance import InputFile, digest, digests, input_names
from evalkit.documents.files.workfolder import finish_moves, kept_file
from evalkit.project.vocabulary import PROJECT_FILE, FormatName, LanguageCode

if TYPE_CHECKING:
    from evalkit.project import Project


class PlanError(ValueError):
    """A project that cannot be rendered as asked; one sentence a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a render is asked for, the same for each of its projects.

    Attributes:
        output: Folder of the reports, absolute.
        languages: Only these of each project's languages; all of them when None.
        formats: Those that each project asks for when None.
        appendix_of: Chapters to write as an appendix, in that order, instead of the report.
        templates: Folder of chapter templates, when not the one of the installation.
        chapter_limit_seconds: For one chapter.
        is_forced: Run everything, whatever stands.
        signed_by: Who answers for the edition that is published; empty for a draft.
    """

    output: Path
    languages: Sequence[LanguageCode] | None = None
    formats: Sequence[FormatName] | None = None
    appendix_of: Sequence[str] | None = None
    templates: Path | None = None
    chapter_limit_seconds: float = CHAPTER_LIMIT_SECONDS
    is_forced: bool = False
    signed_by: str = ""

    @property
    def is_appendix(self) -> bool:
        return self.appendix_of is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChapter:
    """A chapter of a report; ``kept`` is the file of an earlier run that is still right."""

    task: ChapterTask
    fingerprint: str
    kept: Path | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedReport:
    """A report in one language.

    Attributes:
        standing: What an earlier run left in place.
        is_whole: That is what would be made anew, but for links to other languages. An edition
            that was published is not made a draft again while nothing has changed.
        is_draft: What stands in the end is a draft.
    """

    language: LanguageCode
    chapters: tuple[PlannedChapter, ...]
    fingerprint: str
    standing: Standing
    is_whole: bool
    is_draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPlan:
    """The reports of one project. Plain data, so that a thousand of them weigh little."""

    project_file: Path
    folder: Path
    facts: Mapping[str, Any]
    inputs: tuple[InputFile, ...]
    input_names: tuple[str, ...]
    reports: tuple[PlannedReport, ...]
    formats: tuple[FormatName, ...]
    chapters: tuple[str, ...]
    is_appendix: bool
    signed_by: str = ""

    @property
    def id(self) -> str:
        return str(self.facts["id"])

    @property
    def is_draft(self) -> bool:
        """Made-up registers need no publishing: there is nobody in them to protect."""
        return not self.signed_by and not self.facts["is_synthetic"]


class Planner:
    """Plans projects for one request, and knows what earlier runs left in its output folder."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._known: dict[str, dict[str, Any]] = {}
        for file in sorted(request.output.glob(f"*/{MANIFEST}")):
            facts = facts_in(read_manifest(file.parent), code=code_fingerprint())
            if facts:
                self._known[facts["project_file_sha256"]] = facts
        self._ids: dict[str, Path] = {}

    def plan(self, file: Path) -> ProjectPlan:
        """The plan of one project.

        Raises:
            evalkit.project.ProjectError, PlanError: If it cannot be rendered as asked.
        """
        project_file = (file if file.is_file() else file / PROJECT_FILE).resolve()
        facts, names = self._facts(project_file, file)
        if facts["id"] in self._ids:
            raise PlanError(f"{project_file}: id: another project here is '{facts['id']}'")
        plan = self._planned(project_file, file, facts, names)
        self._ids[facts["id"]] = project_file
        return plan

    def _facts(self, project_file: Path, named: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
        found = digest(project_file) if project_file.is_file() else ""
        known = self._known.get(found)
        if known is not None:
            return known, tuple(known["asks"]["inputs"])
        from evalkit.project import load_project

        project: Project = load_project(named)
        names = input_names(project, project_file=project_file)
        facts = project_facts(
            project, code=code_fingerprint(), project_file_digest=found, inputs=names
        )
        return facts, names

    def _planned(
        self, project_file: Path, named: Path, facts: dict[str, Any], names: tuple[str, ...]
    ) -> ProjectPlan:
        request, asks = self._request, facts["asks"]
        wanted = request.languages
        languages = [code for code in asks["languages"] if wanted is None or code in wanted]
        if not languages:
            raise PlanError(f"{named}: languages: the project has none of those asked for")
        folder = request.output / str(facts["id"])
        finish_moves(folder)
        plan = ProjectPlan(
            project_file=project_file,
            folder=folder,
            facts=facts,
            inputs=digests(project_file.parent, names),
            input_names=names,
            reports=(),
            formats=tuple(request.formats or asks["formats"]),
            chapters=_chapters(asks["chapters"], request.appendix_of, named),
            is_appendix=request.is_appendix,
            signed_by=request.signed_by,
        )
        manifest = {} if request.is_forced else read_manifest(folder)
        reports = [_report(plan, language, request, manifest) for language in languages]
        return replace(plan, reports=tuple(reports))


def _chapters(
    those_there: Sequence[str], asked: Sequence[str] | None, named: Path
) -> tuple[str, ...]:
    missing = [name for name in asked or () if name not in those_there]
    if missing:
        raise PlanError(
            f"{named}: chapters: the project has no {', '.join(missing)}; "
            f"there are {', '.join(those_there)}"
        )
    return tuple(asked or those_there)


def _report(
    plan: ProjectPlan, language: LanguageCode, request: Request, manifest: Mapping[str, Any]
) -> PlannedReport:
    """A report beside what stands of it. Appendices lend the chapters of the report."""
    report = standing_report(manifest.get("reports", {}).get(language))
    appendix = standing_report(manifest.get("appendices", {}).get(language))
    standing = appendix if plan.is_appendix else report
    chapters = tuple(_chapter(plan, name, language, request, report) for name in plan.chapters)
    made_of = [chapter.fingerprint for chapter in chapters]
    fingerprint = report_fingerprint(chapters=made_of, formats=plan.formats, is_draft=plan.is_draft)
    published = report_fingerprint(chapters=made_of, formats=plan.formats)
    is_right = standing.fingerprint in {fingerprint, published}
    is_whole = is_right and _are_there(plan.folder, standing.outputs)
    return PlannedReport(
        language=language,
        chapters=chapters,
        fingerprint=fingerprint,
        standing=standing,
        is_whole=is_whole,
        is_draft=plan.is_draft and not (is_whole and standing.fingerprint == published),
    )


def _chapter(
    plan: ProjectPlan,
    chapter: str,
    language: LanguageCode,
    request: Request,
    standing: Standing,
) -> PlannedChapter:
    task = ChapterTask(
        project_file=plan.project_file,
        project_id=plan.id,
        chapter=chapter,
        language=language,
        template=_template(chapter, plan.project_file.parent, request.templates),
        timeout_seconds=request.chapter_limit_seconds,
    )
    fingerprint = chapter_fingerprint(
        inputs=plan.inputs, template=digest(task.template), chapter=chapter, language=language
    )
    planned = PlannedChapter(task=task, fingerprint=fingerprint)
    unfinished = kept_file(plan.folder, fingerprint=fingerprint, chapter=chapter, language=language)
    if not request.is_forced and unfinished.is_file():
        return replace(planned, kept=unfinished)
    name = chapter_file(chapter, language)
    outputs = {name: standing.outputs.get(name, "")}
    if standing.chapters.get(chapter) == fingerprint and _are_there(plan.folder, outputs):
        seconds = standing.seconds.get(chapter, 0.0)
        return replace(planned, kept=plan.folder / name, seconds=seconds)
    return planned


def _template(chapter: str, project_folder: Path, templates: Path | None) -> Path:
    try:
        return template_file(chapter, project_folder=project_folder, templates=templates)
    except NotFound as error:
        raise PlanError(str(error)) from None


def _are_there(folder: Path, outputs: Mapping[str, str]) -> bool:
    """Whether files stand as they were written; a report that someone edited is made anew."""
    return all(_digest_there(folder / name) == expected for name, expected in outputs.items())


def _digest_there(file: Path) -> str:
    try:
        found = file.stat()
    except OSError:
        return ""
    return _digest_as_of(file, found.st_mtime_ns, found.st_size)


# A chapter is looked at for itself and again as a file of its report.
@lru_cache(maxsize=256)
def _digest_as_of(file: Path, _mtime_ns: int, _size: int) -> str:
    return digest(file)
