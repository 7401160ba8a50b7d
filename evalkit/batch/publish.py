"""Putting a project's reports in place: whole files only, all of a report's at once.

Files are written in the hidden folder by workers and moved here. A report that failed leaves
an earlier one on disk as it was, and the manifest says that it failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evalkit.batch.course import TO_TRY_AGAIN, Course, kept_answers, with_kept
from evalkit.batch.plan import PlannedReport, ProjectPlan
from evalkit.batch.renderlog import LOG, longer_log
from evalkit.batch.writing import Written
from evalkit.documents.editions.history import carried_history
from evalkit.documents.editions.manifest import (
    MANIFEST,
    failed_entry,
    project_manifest,
    rendered_entry,
    usable_manifest,
)
from evalkit.documents.editions.outcomes import Outcome, sentences
from evalkit.documents.files.names import (
    ANSWERS_FILE,
    FORMATS,
    chapter_file,
    file_name,
    report_files,
)
from evalkit.documents.files.state import digest_of, state_text, write_whole
from evalkit.documents.files.workfolder import (
    WORK,
    disk_problem,
    move_in_place,
    tidy,
)

# Where the files of an edition lie while a draft of the next one stands in their place.
PUBLISHED = "published"


def settled(course: Course) -> tuple[Outcome, ...]:
    """Everything put in place that was made; what became of each report."""
    plan = course.plan
    outcomes = tuple(_outcome(course, report) for report in plan.reports)
    changed = [one for one, told in zip(plan.reports, outcomes, strict=True)
               if not told.is_up_to_date]  # fmt: skip
    try:
        if (changed or not plan.is_manifest_true) and not course.is_disk_full:
            _place(course, changed)
    except OSError as error:
        sentence = disk_problem(error).in_language(plan.told_in)
        outcomes = tuple(_failed(outcome, sentence) for outcome in outcomes)
        course.is_disk_full = True
    _tidy(course, outcomes)
    return outcomes


def leave(plan: ProjectPlan) -> None:
    """A project that is not brought to its end: what of it is whole waits for the next run."""
    answers = kept_answers(plan)
    kept = [file for report in with_kept(plan).reports for file in report.kept.values()]
    tidy(plan.folder, keep=[*kept, *plan.kept_of_others, answers] if answers else [])


def _tidy(course: Course, outcomes: Sequence[Outcome]) -> None:
    """Throw away what is unfinished; keep the chapters of reports still to be made.

    Where a chapter failed the others are not kept: what a project asks is judged together.
    """
    done = {outcome.language for outcome in outcomes if not outcome.failures}
    keep: list[Path] = []
    failed = course.stood_in or any(one.failure for one in course.states.values())
    if course.answers is not None and not failed and not course.is_disk_full:
        keep = [file for key, file in course.files.items() if key[0] not in done]
        keep += course.plan.kept_of_others
        keep += [course.answers] * bool(keep)
    tidy(course.plan.folder, keep=keep)


def _outcome(course: Course, report: PlannedReport) -> Outcome:
    plan, language = course.plan, report.language
    chapters, written = course.chapters_of(report), course.written.get(language)
    failures = sentences(chapters)
    if written and written.failure:
        failures.append(written.failure)
    main = file_name(language, plan.formats[0], is_appendix=plan.is_appendix)
    # Own notebooks that could not be run: the report is there, and says so in their place.
    incomplete = (f"{name}: {why}" for (one, name), why in course.stood_in.items()
                  if one == language)  # fmt: skip
    return Outcome(
        project_id=plan.id,
        language=language,
        file=None if failures else plan.folder / main,
        failures=tuple(failures),
        is_up_to_date=not failures and written is None,
        is_draft=report.is_draft,
        incomplete=() if failures else tuple(incomplete),
    )


def _failed(outcome: Outcome, sentence: str) -> Outcome:
    if outcome.is_up_to_date:
        return outcome
    failures = tuple(dict.fromkeys([*outcome.failures, sentence]))
    return replace(outcome, file=None, failures=failures)


def _place(course: Course, changed: Sequence[PlannedReport]) -> None:
    """Put what was made of a project in place, and its manifest and log with it.

    Raises:
        OSError: If there was no room, or the folder cannot be written. Nothing is changed then.
    """
    plan = course.plan
    new = [
        (report, written)
        for report in changed
        if (written := course.written.get(report.language)) and not written.failure
    ]
    around = {MANIFEST: _manifest(course, changed), LOG: longer_log(plan.folder, course.log)}
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
            *(move for report, written in new for move in _moves(course, report, written)),
            *((work / name, plan.folder / name) for name in around),
            *(move for report, _ in new for move in _set_apart(plan, report)),
        ],
        removals=[file for one in new for file in _left_over(plan, *one)],
    )


def _moves(course: Course, report: PlannedReport, written: Written) -> Iterator[tuple[Path, Path]]:
    folder, language = course.plan.folder, report.language
    kept = {chapter_file(name, language): file for name, file in course.files_of(report).items()}
    for name in written.outputs:
        source = kept.get(name, written.stage / name)
        if source != folder / name:
            yield source, folder / name


def _set_apart(plan: ProjectPlan, report: PlannedReport) -> Iterator[tuple[Path, Path]]:
    """The files of a published report that a draft takes the place of, to lie in ``published``."""
    entry = usable_manifest(plan.folder).get("reports", {}).get(report.language, {})
    is_published = bool(entry.get("outputs")) and not entry.get("is_draft")
    if not plan.is_draft or plan.is_appendix or not is_published:
        return
    for name, checksum in report.standing.outputs.items():
        # What was edited, or leads elsewhere, is not what was published.
        if "/" not in name and digest_of(plan.folder / name) == checksum:
            kept = plan.folder / WORK / f"{PUBLISHED}-{name}"
            write_whole(kept, (plan.folder / name).read_bytes())
            yield kept, plan.folder / PUBLISHED / name


def _left_over(plan: ProjectPlan, report: PlannedReport, written: Written) -> Iterator[Path]:
    """Files of the earlier report that the new one does not have: no older figures beside it."""
    every = report_files(report.language, FORMATS, is_appendix=plan.is_appendix)
    if not plan.is_draft and not plan.is_appendix:
        # What was set apart is no longer the latest edition.
        apart = plan.folder / PUBLISHED
        yield from sorted(apart.glob(f"*.{report.language}.*"))
        yield from apart.glob(ANSWERS_FILE)
    for name in sorted({*every, *report.standing.outputs} - set(written.outputs)):
        if (plan.folder / name).is_file():
            yield plan.folder / name


def _manifest(course: Course, changed: Sequence[PlannedReport]) -> str:
    plan, before = course.plan, usable_manifest(course.plan.folder)
    kinds = {name: dict(before.get(name, {})) for name in ("reports", "appendices")}
    entries = kinds["appendices" if plan.is_appendix else "reports"]
    for report in changed:
        earlier = entries.get(report.language, {})
        entries[report.language] = _entry(course, report, earlier)
    return state_text(project_manifest(plan.facts, **kinds))


def _entry(course: Course, report: PlannedReport, earlier: Mapping[str, Any]) -> dict[str, Any]:
    plan, language = course.plan, report.language
    chapters, written = course.chapters_of(report), course.written.get(language)
    parameters = {"project_file": plan.project_file.name, "language": language}
    if written is None or written.failure:
        entry = failed_entry(
            chapters,
            failure=written.failure if written else "",
            parameters=parameters,
            inputs=plan.printed_inputs,
            standing=report.standing,
        )
        return {**entry, **carried_history(earlier)}
    has_gap = any(one == language for one, _ in course.stood_in)
    entry = rendered_entry(
        chapters,
        fingerprint=TO_TRY_AGAIN if has_gap else report.fingerprint,
        parameters=parameters,
        inputs=plan.printed_inputs,
        headlines=written.headlines,
        outputs=written.outputs,
        links=course.links[language],
    )
    return {**entry, **written.history}
