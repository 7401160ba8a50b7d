"""Rendering many projects: chapters in parallel, reports one by one, failures kept apart.

A report is put in place only when every chapter of that project and language ran; what
fails is told in one sentence per chapter and stops nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evalkit.project import Project, ProjectError, load_project
from evalkit.project.vocabulary import FormatName, LanguageCode
from evalkit.report.execute import ChapterRun, ChapterTask
from evalkit.report.paths import NotFound, template_file
from evalkit.report.pool import run_chapters
from evalkit.report.portfolio import write_portfolio
from evalkit.report.publish import Outcome, publish_project

CHAPTER_TIMEOUT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Step:
    """A chapter that has just been finished, for whoever shows progress."""

    done: int
    total: int
    label: str
    failure: str
    seconds: float


Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class _Plan:
    project: Project
    project_file: Path
    tasks: tuple[ChapterTask, ...]


def render(
    projects: Sequence[Path],
    *,
    output: Path,
    languages: Sequence[LanguageCode] | None = None,
    formats: Sequence[FormatName] | None = None,
    appendix_of: Sequence[str] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    templates: Path | None = None,
    timeout_seconds: float = CHAPTER_TIMEOUT_SECONDS,
) -> tuple[Outcome, ...]:
    """Render the reports of some projects into ``output``, the portfolio page last.

    Args:
        projects: Project files, or folders that hold one.
        output: Folder of the reports; made when it is not there.
        languages: Only these of each project's own languages; all of them when left out.
        formats: Formats to write; those that each project asks for when left out.
        appendix_of: Chapters to write as an appendix, in that order, instead of the report.
        workers: Chapters run at the same time; one per usable core when left out.
        progress: Called after each chapter.
        templates: Folder of chapter templates, when not the one of the installation.
        timeout_seconds: For one chapter.

    Returns:
        One outcome per project and language; one per project when its file cannot be read.
    """
    plans: list[_Plan] = []
    outcomes: list[Outcome] = []
    for file in projects:
        try:
            plan = _plan(_loaded(file, appendix_of), file, languages, templates, timeout_seconds)
            _require_new_id(plan, plans)
        except ProjectError as error:
            name = file.parent.name if file.suffix else file.name
            outcomes.append(Outcome(project_id=name, failures=tuple(str(error).splitlines())))
        else:
            plans.append(plan)
    tasks = [task for plan in plans for task in plan.tasks]
    runs = run_chapters(tasks, workers=workers, on_done=_counting(progress, len(tasks)))
    for plan in plans:
        own = [run for run in runs if run.task in plan.tasks]
        outcomes += publish_project(
            plan.project,
            plan.project_file,
            own,
            output=output,
            formats=formats or plan.project.formats,
            is_appendix=appendix_of is not None,
        )
    write_portfolio(output)
    return tuple(outcomes)


def _loaded(file: Path, chapters: Sequence[str] | None) -> Project:
    """The project, with only the chapters of its appendix where one is asked for."""
    project = load_project(file)
    if chapters is None:
        return project
    missing = [name for name in chapters if name not in project.chapters]
    if missing:
        raise ProjectError(
            f"{file}: chapters: the project has no {', '.join(missing)}; "
            f"there are {', '.join(project.chapters)}"
        )
    chosen = project.model_copy(update={"chapters": tuple(chapters) or project.chapters})
    return chosen.placed_in(project.folder)


def _plan(
    project: Project,
    file: Path,
    languages: Sequence[LanguageCode] | None,
    templates: Path | None,
    timeout_seconds: float,
) -> _Plan:
    project_file = (file if file.is_file() else file / "project.yaml").resolve()
    chosen = tuple(code for code in project.languages if languages is None or code in languages)
    if not chosen:
        raise ProjectError(f"{file}: languages: the project has none of those asked for")
    tasks = [
        ChapterTask(
            project_file=project_file,
            project_id=project.id,
            chapter=chapter,
            language=language,
            template=_template(chapter, project.folder, templates),
            timeout_seconds=timeout_seconds,
        )
        for language in chosen
        for chapter in project.chapters
    ]
    return _Plan(project, project_file, tuple(tasks))


def _template(chapter: str, project_folder: Path, templates: Path | None) -> Path:
    try:
        return template_file(chapter, project_folder=project_folder, templates=templates)
    except NotFound as error:
        raise ProjectError(str(error)) from None


def _require_new_id(plan: _Plan, others: Sequence[_Plan]) -> None:
    """Two projects with one id would write over each other's reports."""
    if any(plan.project.id == other.project.id for other in others):
        raise ProjectError(f"{plan.project_file}: id: another project here is '{plan.project.id}'")


def _counting(progress: Progress | None, total: int) -> Callable[[ChapterRun], None]:
    done = 0

    def step(run: ChapterRun) -> None:
        nonlocal done
        done += 1
        if progress:
            progress(Step(done, total, run.task.label, run.failure, run.seconds))

    return step
