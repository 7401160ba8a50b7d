"""What is asked of a render, and what each project's reports are to be made from: plain data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.batch.kernels.tasks import CHAPTER_LIMIT_SECONDS, ChapterTask
from evalkit.documents.editions.manifest import Standing
from evalkit.documents.files.names import file_name
from evalkit.documents.files.provenance import InputFile, sealed
from evalkit.project.problems import Spoken
from evalkit.project.vocabulary import EDITIONS, FormatName, LanguageCode


class PlanError(Spoken, ValueError):
    """A project that cannot be rendered as asked."""


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
    """A chapter, which runs once for all languages: its task in the first of them, and the
    fingerprint of what it is made of.
    """

    task: ChapterTask
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedReport:
    """A report in one language.

    Attributes:
        kept: Chapters that an earlier run filled in and that are still right, by name.
        standing: What an earlier run left in place.
        is_whole: That is what would be made anew, but for links to other languages. An edition
            that was published is not made a draft again while nothing has changed.
        is_draft: What stands in the end is a draft.
        is_read: It is made of the same as what stands, which was read before it is published.
    """

    language: LanguageCode
    kept: Mapping[str, Path]
    fingerprint: str
    standing: Standing
    is_whole: bool
    is_draft: bool = False
    is_read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPlan:
    """The reports of one project. Plain data, so that a thousand of them weigh little.

    Attributes:
        chapters: By name, in reading order.
        facts: What its manifest is to tell of the project itself.
        notes: What was found damaged and set aside, one sentence each.
        is_manifest_true: The manifest that stands tells the same of the project.
        has_unfinished: An earlier run left chapters that wait for their report.
        kept_of_others: Those of them in a language that is not asked for now.
    """

    project_file: Path
    folder: Path
    facts: Mapping[str, Any]
    inputs: tuple[InputFile, ...]
    input_names: tuple[str, ...]
    reports: tuple[PlannedReport, ...]
    formats: tuple[FormatName, ...]
    chapters: Mapping[str, PlannedChapter]
    is_appendix: bool
    notes: tuple[str, ...] = ()
    is_manifest_true: bool = True
    has_unfinished: bool = False
    kept_of_others: tuple[Path, ...] = ()
    signed_by: str = ""

    @property
    def id(self) -> str:
        return str(self.facts["id"])

    @property
    def languages(self) -> tuple[LanguageCode, ...]:
        return tuple(report.language for report in self.reports)

    @property
    def told_in(self) -> LanguageCode:
        """In which its failures are told: the first of the languages asked for."""
        return self.languages[0]

    @property
    def must_run(self) -> bool:
        """Whether some chapter is not kept; then all of them are run."""
        return any(len(report.kept) < len(self.chapters) for report in self.reports)

    @property
    def printed_inputs(self) -> tuple[InputFile, ...]:
        """The inputs with checksums that may be handed on."""
        return self.inputs if self.facts["is_synthetic"] else sealed(self.inputs)

    @property
    def is_draft(self) -> bool:
        """Made-up registers need no publishing: there is nobody in them to protect."""
        return not self.signed_by and not self.facts["is_synthetic"]

    @property
    def is_recorded(self) -> bool:
        """Whether this is an edition of real persons."""
        return bool(self.signed_by) and self.is_of_persons

    @property
    def is_of_persons(self) -> bool:
        """Whether there is somebody to protect."""
        return not self.facts["is_synthetic"] and bool(self.facts["asks"].get("has_register"))

    @property
    def editions(self) -> Path:
        """Where editions are recorded: beside the first register, which comes second."""
        register = Path(*self.input_names[1:2])
        return (self.project_file.parent / register).parent / EDITIONS

    @property
    def is_done(self) -> bool:
        """Whether every report stands as it would be made, with its links."""
        return self.is_manifest_true and all(
            report.is_whole and report.standing.links == self.links(report.language)
            for report in self.reports
        )

    def links(
        self, language: LanguageCode, *, failed: Collection[LanguageCode] = ()
    ) -> tuple[LanguageCode, ...]:
        """Languages whose pages lie beside a report in the end, when those of some fail."""

        def will_be_there(code: LanguageCode) -> bool:
            if code in self.languages and code not in failed:
                return "html" in self.formats
            return (self.folder / file_name(code, is_appendix=self.is_appendix)).is_file()

        others = (code for code in self.facts["asks"]["languages"] if code != language)
        return tuple(filter(will_be_there, others))
