"""The work list: what each report is to be made from, and what of it stands already.

What is asked for comes from the project file alone. A manifest only says what was done: where
it shows, by fingerprints and checksums, that nothing is left to do, the project file need not
be opened, so that a run that finds nothing changed is short.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.batch.plan import PlanError, ProjectPlan, Request
from evalkit.batch.seen import Done, Seen
from evalkit.batch.standing import anew, kept_of_others, planned_chapter, planned_report
from evalkit.documents.editions.manifest import (
    MANIFEST,
    facts_in,
    project_facts,
    read_manifest,
    standing_report,
    usable_manifest,
)
from evalkit.documents.files.fingerprints import code_fingerprint
from evalkit.documents.files.names import ANSWERS_FILE, file_name
from evalkit.documents.files.provenance import digest, digests, input_names, seal
from evalkit.documents.files.state import Damaged, damage_note, digest_of, set_aside
from evalkit.documents.files.workfolder import MOVES, WORK, disk_problem, finish_moves, require_room
from evalkit.project.problems import Problem, ProjectError, terminal
from evalkit.project.vocabulary import PROJECT_FILE, LanguageCode

if TYPE_CHECKING:
    from evalkit.project import Project

# Where to look for the manifest of a project file; what it says is checked afterwards.
_ID = re.compile(rb"^id: *[\"']?([a-z0-9][a-z0-9_-]*)", re.MULTILINE)


class Planner:
    """Plans projects for one request, and knows what earlier runs left in its output folder."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._seen = Seen(
            request.output,
            request=(
                code_fingerprint(), request.languages, request.formats, request.appendix_of,
                request.templates, bool(request.signed_by),
            ),
        )  # fmt: skip
        self._ids: dict[str, Path] = {}

    def plan(self, file: Path) -> ProjectPlan | Done:
        """The plan of one project, or that nothing is left to do.

        Raises:
            evalkit.project.ProjectError, PlanError: If it cannot be rendered as asked.
        """
        try:
            project_file = (file if file.is_file() else file / PROJECT_FILE).resolve()
            seen = None if self._request.is_forced else self._seen.done(project_file)
            plan = seen or self._read(project_file, file)
        except OSError as error:
            raise PlanError.of(_unreadable(error, file)) from None
        identity = plan.project_id if isinstance(plan, Done) else plan.id
        if identity in self._ids:
            raise PlanError.of(terminal("plan.same_id", place=project_file, id=identity))
        if isinstance(plan, ProjectPlan):
            try:
                require_room(plan.folder)
            except OSError as error:
                raise PlanError.of(disk_problem(error, place=plan.folder)) from None
        self._ids[identity] = project_file
        return plan

    def remember(self) -> None:
        """Have the next run know what this one found done."""
        self._seen.write()

    def _read(self, project_file: Path, named: Path) -> ProjectPlan | Done:
        found = digest(project_file) if project_file.is_file() else ""
        plan = self._done(project_file, named, found) or self._opened(project_file, named, found)
        if not plan.is_done or os.path.lexists(plan.folder / WORK):
            return plan
        done = Done(
            project_id=plan.id,
            folder=plan.folder,
            files=tuple(
                (
                    one.language,
                    file_name(one.language, plan.formats[0], is_appendix=plan.is_appendix),
                )
                for one in plan.reports
            ),
            notes=plan.notes,
        )
        self._seen.remember(project_file, done, _looked_at(plan))
        return done

    def _done(self, project_file: Path, named: Path, found: str) -> ProjectPlan | None:
        """The plan of a project of which nothing is left to do, from its manifest alone."""
        said = _ID.search(project_file.read_bytes()) if found else None
        if said is None or self._request.is_forced:
            return None
        folder = self._request.output / said[1].decode()
        manifest = usable_manifest(folder)
        facts = facts_in(manifest)
        is_of_this = facts.get("project_file_sha256") in (found, seal(found))
        if not is_of_this or facts["code"] != code_fingerprint() or os.path.lexists(folder / WORK):
            return None
        names = facts["asks"]["inputs"] or ()
        try:
            plan = self._planned(project_file, named, facts, names, manifest)
        except PlanError:
            return None
        return plan if names and plan.is_done else None

    def _opened(self, project_file: Path, named: Path, found: str) -> ProjectPlan:
        """The plan of a project as its project file asks for it."""
        from evalkit.project import load_project

        project: Project = load_project(named)
        from evalkit.documents.guard import names_that_point

        pointing = "\n".join(names_that_point(project))
        if pointing and not project.is_synthetic:
            raise ProjectError(pointing)
        names = input_names(project, project_file=project_file)
        facts = project_facts(
            project,
            code=code_fingerprint(),
            project_file_digest=found if project.is_synthetic else seal(found),
            inputs=names,
        )
        folder, language = self._request.output / project.id, project.languages[0]
        notes, manifest = [], dict[str, Any]()
        try:
            if folder.is_symlink():  # whatever it leads to is no report folder of ours
                folder.unlink()
                notes.append(
                    damage_note(folder.name, Damaged("damaged.link"), "damage.linked", language)
                )
            lost = finish_moves(folder)
        except OSError as error:
            raise PlanError.of(disk_problem(error, place=folder)) from None
        if lost:
            notes.append(damage_note(MOVES, lost, "damage.moves", language))
        try:
            manifest = read_manifest(folder)
        except Damaged as damage:
            notes.append(_aside(folder / MANIFEST, damage, language))
        lost = _answers_lost(folder, manifest)
        if lost:
            notes.append(_aside(folder / ANSWERS_FILE, lost, language))
        plan = self._planned(project_file, named, facts, names, manifest)
        return replace(
            plan,
            notes=tuple(notes),
            is_manifest_true=not manifest or facts_in(manifest) == facts,
        )

    def _planned(
        self,
        project_file: Path,
        named: Path,
        facts: dict[str, Any],
        names: Sequence[str],
        manifest: Mapping[str, Any],
    ) -> ProjectPlan:
        request, asks = self._request, facts["asks"]
        wanted = request.languages
        languages = [code for code in asks["languages"] if wanted is None or code in wanted]
        if not languages:
            raise PlanError.of(terminal("plan.no_language", place=named))
        folder = request.output / str(facts["id"])
        plan = ProjectPlan(
            project_file=project_file,
            folder=folder,
            has_unfinished=os.path.lexists(folder / WORK),
            facts=facts,
            inputs=digests(project_file.parent, names),
            input_names=tuple(names),
            reports=(),
            formats=tuple(request.formats or asks["formats"]),
            chapters={},
            is_appendix=request.is_appendix,
            signed_by=request.signed_by,
        )
        names = _chapters(asks["chapters"], request.appendix_of, named)
        chapters = {one: planned_chapter(plan, one, languages[0], request) for one in names}
        plan = replace(plan, chapters=chapters)
        standing = {} if request.is_forced else manifest
        reports = [planned_report(plan, language, request, standing) for language in languages]
        if plan.is_recorded and not all(report.is_whole for report in reports):
            # Judged once more, to be recorded; what comes of it must be what was read.
            reports = [anew(plan, report) for report in reports]
        plan = replace(plan, reports=tuple(reports))
        others = kept_of_others(plan, request) if plan.has_unfinished else ()
        return replace(plan, kept_of_others=tuple(others))


def _answers_lost(folder: Path, manifest: Mapping[str, Any]) -> Damaged | None:
    """What is wrong with the answers that stand, if something is."""
    file = folder / ANSWERS_FILE
    standing = [standing_report(one).outputs for one in manifest.get("reports", {}).values()]
    told = {outputs[ANSWERS_FILE] for outputs in standing if ANSWERS_FILE in outputs}
    if not told or not os.path.lexists(file) or digest_of(file) in told:
        return None
    from evalkit.documents.files.answers import read_answers  # loads pandas

    try:
        read_answers(file)
    except FileNotFoundError:
        return Damaged("damaged.leads_nowhere")
    except Damaged as found:
        return found
    return Damaged("damaged.not_theirs")


def _aside(file: Path, damage: Damaged, language: LanguageCode) -> str:
    """The note on a file that is set aside now, if it can be moved; its work is done again."""
    aside, kind = set_aside(file), f"damage.{file.stem}"
    if aside is None:
        return damage_note(file.name, damage, f"{kind}_left", language)
    return damage_note(file.name, damage, f"{kind}_aside", language, aside=aside.name)


def _looked_at(plan: ProjectPlan) -> Iterator[Path]:
    """Every file and folder whose change could leave something to do."""
    home = plan.project_file.parent
    if plan.is_of_persons:
        yield plan.editions
    yield from (plan.project_file, home / "notebooks", plan.folder / MANIFEST, plan.folder / WORK)
    yield from (home / name for name in plan.input_names)
    yield from {chapter.task.template for chapter in plan.chapters.values()}
    yield from (home / f"{chapter}.ipynb" for chapter in plan.chapters)
    yield from (plan.folder / name for one in plan.reports for name in one.standing.outputs)


def _unreadable(error: OSError, named: Path) -> Problem:
    """What cannot be read and which right is missing; files of a project, named by it."""
    file = Path(str(error.filename or named))
    if not isinstance(error, PermissionError):
        reason = type(error).__name__
        return terminal("plan.unreadable", place=named, file=file.name, reason=reason)
    closed = next((one for one in reversed(file.parents) if not os.access(one, os.X_OK)), None)
    if closed:
        return terminal("plan.closed", place=named, file=file.name, folder=closed.name)
    return terminal("plan.no_right", place=named, file=file.name)


def _chapters(
    those_there: Sequence[str], asked: Sequence[str] | None, named: Path
) -> tuple[str, ...]:
    missing = [name for name in asked or () if name not in those_there]
    if missing:
        lacking, there = ", ".join(missing), ", ".join(those_there)
        raise PlanError.of(terminal("plan.no_chapter", place=named, missing=lacking, there=there))
    return tuple(asked or those_there)
