"""Putting a project's reports in place: whole files only, all of a report's at once.

Files are written in the hidden folder by workers and moved here. A report that failed leaves
an earlier one on disk as it was, and the manifest says that it failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.batch.plan import PlannedReport, ProjectPlan
from evalkit.batch.renderlog import LOG, longer_log
from evalkit.batch.writing import Written
from evalkit.documents.editions.history import carried_history
from evalkit.documents.editions.manifest import (
    MANIFEST,
    ChapterState,
    failed_entry,
    project_manifest,
    rendered_entry,
    usable_manifest,
)
from evalkit.documents.files.names import ANSWERS_FILE, FORMATS, chapter_file, report_files
from evalkit.documents.files.state import digest_of, state_text, write_whole
from evalkit.documents.files.workfolder import WORK, move_in_place, stage_folder
from evalkit.project.vocabulary import LanguageCode

# Where the files of an edition lie while a draft of the next one stands in their place.
PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A report that was tried: how its chapters went, their files, and what was written."""

    planned: PlannedReport
    chapters: tuple[ChapterState, ...]
    files: Mapping[str, Path]
    written: Written | None
    links: tuple[LanguageCode, ...] = ()

    @property
    def is_written(self) -> bool:
        return self.written is not None and not self.written.failure


def place(plan: ProjectPlan, made: Sequence[Made], log: Sequence[str]) -> None:
    """Put what was made of a project in place, and its manifest and log with it.

    Raises:
        OSError: If there was no room, or the folder cannot be written. Nothing is changed then.
    """
    new = [report for report in made if report.is_written]
    around = {MANIFEST: _manifest(plan, made), LOG: longer_log(plan.folder, log)}
    if plan.is_recorded:
        from evalkit.documents.editions.records import drop_pending, record_pending

        # Recorded first: nothing is handed out that no later edition is judged beside.
        (record_pending if new else drop_pending)(plan.editions, plan.id)
    work = plan.folder / WORK
    for name, content in around.items():
        write_whole(work / name, content)
    move_in_place(
        plan.folder,
        moves=[
            *(move for report in new for move in _moves(plan, report)),
            *((work / name, plan.folder / name) for name in around),
            *(move for report in new for move in _set_apart(plan, report)),
        ],
        removals=[file for report in new for file in _left_over(plan, report)],
    )


def _moves(plan: ProjectPlan, report: Made) -> Iterator[tuple[Path, Path]]:
    assert report.written is not None
    language = report.planned.language
    stage = stage_folder(plan.folder, language)
    kept = {chapter_file(name, language): file for name, file in report.files.items()}
    for name in report.written.outputs:
        source = kept.get(name, stage / name)
        if source != plan.folder / name:
            yield source, plan.folder / name


def _set_apart(plan: ProjectPlan, report: Made) -> Iterator[tuple[Path, Path]]:
    """The files of a published report that a draft takes the place of, to lie in ``published``."""
    entry = usable_manifest(plan.folder).get("reports", {}).get(report.planned.language, {})
    is_published = bool(entry.get("outputs")) and not entry.get("is_draft")
    if not plan.is_draft or plan.is_appendix or not is_published:
        return
    for name, checksum in report.planned.standing.outputs.items():
        # What was edited, or leads elsewhere, is not what was published.
        if "/" not in name and digest_of(plan.folder / name) == checksum:
            kept = plan.folder / WORK / f"{PUBLISHED}-{name}"
            write_whole(kept, (plan.folder / name).read_bytes())
            yield kept, plan.folder / PUBLISHED / name


def _left_over(plan: ProjectPlan, report: Made) -> Iterator[Path]:
    """Files of the earlier report that the new one does not have: no older figures beside it."""
    assert report.written is not None
    every = report_files(report.planned.language, FORMATS, is_appendix=plan.is_appendix)
    if not plan.is_draft and not plan.is_appendix:
        # What was set apart is no longer the latest edition.
        apart = plan.folder / PUBLISHED
        yield from sorted(apart.glob(f"*.{report.planned.language}.*"))
        yield from apart.glob(ANSWERS_FILE)
    for name in sorted({*every, *report.planned.standing.outputs} - set(report.written.outputs)):
        if (plan.folder / name).is_file():
            yield plan.folder / name


def _manifest(plan: ProjectPlan, made: Sequence[Made]) -> str:
    before = usable_manifest(plan.folder)
    kinds = {name: dict(before.get(name, {})) for name in ("reports", "appendices")}
    entries = kinds["appendices" if plan.is_appendix else "reports"]
    for report in made:
        language = report.planned.language
        entries[language] = {
            **_entry(plan, report),
            **_history(report.written, entries.get(language, {})),
        }
    return state_text(project_manifest(plan.facts, **kinds))


def _history(written: Written | None, earlier: Mapping[str, Any]) -> Mapping[str, Any]:
    if written is None or written.failure:
        return carried_history(earlier)
    return written.history


def _entry(plan: ProjectPlan, report: Made) -> dict[str, Any]:
    parameters = {"project_file": plan.project_file.name, "language": report.planned.language}
    written = report.written
    if written is None or written.failure:
        return failed_entry(
            report.chapters,
            failure=written.failure if written else "",
            parameters=parameters,
            inputs=plan.printed_inputs,
            standing=report.planned.standing,
        )
    return rendered_entry(
        report.chapters,
        fingerprint=report.planned.fingerprint,
        parameters=parameters,
        inputs=plan.printed_inputs,
        headlines=written.headlines,
        outputs=written.outputs,
        links=report.links,
    )
