"""Publishing: the draft that was read, and nothing that has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.batch.plan import PlannedReport, ProjectPlan, Request
from evalkit.batch.planner import Planner
from evalkit.batch.seen import Done
from evalkit.documents.editions.manifest import read_manifest
from evalkit.documents.editions.outcomes import Outcome
from evalkit.documents.files.lock import alone_in
from evalkit.project.vocabulary import LanguageCode


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDraft:
    """A draft made anew, because what the former one rests on has changed.

    Attributes:
        outcomes: What became of the new draft.
        language: Of the texts below.
        folder: Where the draft lies.
        differing: A sentence per figure that differs.
        is_first: Whether there was no draft to read.
    """

    outcomes: tuple[Outcome, ...]
    language: LanguageCode
    folder: Path
    differing: tuple[str, ...]
    is_first: bool = False


def changed_draft(project_file: Path, *, output: Path, **options: Any) -> ChangedDraft | None:
    """None where the draft in place is what would be published.

    Otherwise a draft is made, and its figures are compared with those of the former. Reports of
    made-up persons are no drafts, and none need be in place.
    """
    plan = _plan(project_file, output, options)
    if isinstance(plan, Done):
        return None
    is_first = plan.is_of_persons and not any(one.standing.chapters for one in plan.reports)
    if not is_first and not any(_is_changed(plan, report) for report in plan.reports):
        return None
    from evalkit.batch.run import render

    before = read_manifest(plan.folder).get("reports", {})
    outcomes = render([project_file], output=output, **options)
    after = read_manifest(plan.folder).get("reports", {})
    language = plan.facts["asks"]["languages"][0]
    shown = next((code for code in (language, *after) if code in before), language)
    return ChangedDraft(
        outcomes=outcomes,
        language=language,
        folder=plan.folder,
        differing=_differing(before[shown], after.get(shown, {}), shown) if before else (),
        is_first=is_first,
    )


def recorded_in(project_file: Path, signed_by: str) -> str:
    """Where the edition stands recorded, in the project's language; and under which other name,
    where nothing has changed since somebody else published it.
    """
    from evalkit.documents.editions.records import earlier_editions, editions_folder, record_files
    from evalkit.language import Texts
    from evalkit.project import load_project

    project = load_project(project_file)
    texts = Texts(project.languages[0])
    if project.is_synthetic or not project.registers:
        return texts["document.edition_synthetic"]
    folder = editions_folder(project)
    own = [one for one in record_files(folder) if one.name.partition(".")[0] == project.id]
    record = f"{folder.name}/{own[-1].name if own else ''}"
    by = [one.by for one in earlier_editions(project) if one.project == project.id]
    if by and by[-1] != signed_by:
        return texts.format("document.edition_by_another", record=record, by=by[-1])
    return texts.format("document.edition_recorded", record=record)


def make_lasting_key(project_file: Path) -> None:
    """See to it that the persons of an edition can be found again in the next one.

    Raises:
        OSError: If a key cannot be written beside the register.
        evalkit.intake.IntakeError: If the environment gives a key that can be guessed.
    """
    from evalkit.documents.editions.records import make_key
    from evalkit.project import load_project

    project = load_project(project_file)
    if project.registers and not project.is_synthetic:
        make_key(project)


def _plan(project_file: Path, output: Path, options: dict[str, Any]) -> ProjectPlan | Done:
    output.mkdir(parents=True, exist_ok=True)
    request = Request(
        output=output.resolve(),
        languages=options.get("languages"),
        formats=options.get("formats"),
        templates=options.get("templates"),
    )
    with alone_in(request.output):
        return Planner(request).plan(project_file)


def _is_changed(plan: ProjectPlan, report: PlannedReport) -> bool:
    """Whether a draft stands that was made from something else."""
    return bool(report.standing.chapters) and len(report.kept) < len(plan.chapters)


def _differing(before: Any, after: Any, language: LanguageCode) -> tuple[str, ...]:
    from evalkit.documents.editions.history import changed_figures
    from evalkit.documents.portfolio.comparison import change_text
    from evalkit.figures import figures_from_json
    from evalkit.present.labels import words_in

    old, new = (figures_from_json(entry.get("figures", ())) for entry in (before, after))
    return tuple(change_text(change, words_in(language)) for change in changed_figures(old, new))
