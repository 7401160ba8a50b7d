"""Commands that write reports: render, publish, appendix, portfolio, demo."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evalkit.cli.options import (
    FOUND,
    INTERRUPTED,
    UsageError,
    chosen_formats,
    chosen_languages,
    default_notebooks,
    every_project,
    names,
    project_file,
    sample_projects,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

Output = Annotated[Path, typer.Option(help="Folder of the reports.")]
Languages = Annotated[str, typer.Option(help="Languages, comma between.")]
Formats = Annotated[
    str, typer.Option(help="html, pdf, docx, xlsx; comma between.  [default: the project's]")
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Chapters run at once.  [default: one per core]")
]
Notebooks = Annotated[
    Path | None,
    typer.Option(help="Folder of chapter templates.  [default: notebooks]", file_okay=False),
]


def render(
    projects: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PROJECT...",
            help="Project folder, project.yaml or project id; a folder stands for every "
            "project in it and below.",
        ),
    ] = None,
    all_projects: Annotated[
        bool,
        typer.Option("--all", help="Every project in data/sample, or else in this folder."),
    ] = False,
    projects_folder: Annotated[
        Path | None,
        typer.Option("--projects", help="Where projects are looked for.  [default: data/sample]"),
    ] = None,
    notebooks: Notebooks = None,
    languages: Languages = "sv,en",
    formats: Formats = "",
    output: Output = Path("reports"),
    workers: Workers = None,
    scheduler: Annotated[
        str, typer.Option(help="Run on a Dask cluster: its scheduler, tcp://host:port.")
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Run everything, also what is up to date.")
    ] = False,
    chapter_limit: Annotated[
        float, typer.Option(min=1, help="Seconds that a chapter may take.")
    ] = 600.0,
    time_limit: Annotated[
        float | None, typer.Option(min=1, help="Seconds that the whole run may take.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Tell what happens as one JSON object a line.")
    ] = False,
) -> None:
    """Make drafts of the reports of one or more projects; what is up to date is left as it is.

    A draft is marked so in every format and recorded nowhere. Publish it with evalkit publish.
    Projects whose register is made up need no publishing.
    """
    from evalkit.documents.files.paths import find_projects, projects_below

    if all_projects == bool(projects):
        raise UsageError("no_projects_named")
    chosen, wanted = chosen_languages(languages), chosen_formats(formats)
    if all_projects:
        files = projects_below(projects_folder or every_project(), outputs=(output,))
    else:
        folder = projects_folder or sample_projects()
        found = [find_projects(name, folders=(folder,), outputs=(output,))
                 for name in projects or ()]  # fmt: skip
        files = tuple(dict.fromkeys(file for group in found for file in group))
    if len(files) > 1 and not as_json:
        _list(files)
    _render(
        files,
        output,
        languages=chosen,
        formats=wanted,
        as_json=as_json,
        workers=workers,
        scheduler=scheduler,
        templates=notebooks or default_notebooks(),
        timeout_seconds=chapter_limit,
        time_limit_seconds=time_limit,
        is_forced=force,
    )


def publish(
    project: Annotated[str, typer.Argument(help="Project folder, project.yaml or project id.")],
    by: Annotated[str, typer.Option("--by", help='Who answers for it: "name, role".')],
    languages: Languages = "sv,en",
    formats: Formats = "",
    output: Output = Path("reports"),
    notebooks: Notebooks = None,
    workers: Workers = None,
) -> None:
    """Publish the draft that was read, and record it beside the register.

    Stops where there is none to read, or where anything has changed since it was made.
    """
    from evalkit.batch.editions import changed_draft, make_lasting_key, recorded_in
    from evalkit.batch.terminal import show_changed_draft

    signed_by = by.strip()
    name, _, role = signed_by.partition(",")
    if not name.strip() or not role.strip():
        raise UsageError("signed_by")
    file = project_file(project)
    asked: dict[str, Any] = {
        "languages": chosen_languages(languages),
        "formats": chosen_formats(formats),
        "workers": workers,
        "templates": notebooks or default_notebooks(),
    }
    changed = changed_draft(file, output=output, **asked)
    if changed is not None:
        show_changed_draft(changed, output)
        raise typer.Exit(FOUND)
    make_lasting_key(file)
    _render((file,), output, signed_by=signed_by, **asked)
    typer.echo(recorded_in(file, signed_by))


def appendix(
    project: Annotated[str, typer.Argument(help="Project folder, project.yaml or project id.")],
    chapters: Annotated[
        str, typer.Option(help="Chapters, comma between, in that order.  [default: all]")
    ] = "",
    languages: Languages = "sv,en",
    formats: Formats = "",
    output: Output = Path("reports"),
    workers: Workers = None,
) -> None:
    """Write chapters of a project as one appendix, numbered A1, A2 …, for a final report."""
    _render(
        (project_file(project),),
        output,
        languages=chosen_languages(languages),
        formats=chosen_formats(formats),
        workers=workers,
        templates=default_notebooks(),
        appendix_of=tuple(names(chapters)),
    )


def portfolio(
    output: Output = Path("reports"),
    languages: Languages = "sv,en",
    formats: Annotated[
        str, typer.Option(help="html, pdf, docx, xlsx; comma between.  [default: all]")
    ] = "",
    notebooks: Notebooks = None,
) -> None:
    """Compare all projects whose reports lie in a folder: state, changes, forest and funnel."""
    from evalkit.batch.portfolio_report import render_portfolio
    from evalkit.batch.terminal import show_outcomes
    from evalkit.documents.files.lock import alone_in
    from evalkit.documents.files.names import FORMATS
    from evalkit.documents.portfolio.state import damage_in

    for name, sentence in damage_in(output).items():
        typer.echo(f"{name}: {sentence}", err=True)
    chosen = chosen_languages(languages)
    with alone_in(output):
        outcomes = render_portfolio(
            output,
            languages=chosen,
            formats=chosen_formats(formats) or FORMATS,
            templates=notebooks or default_notebooks(),
        )
    show_outcomes(outcomes, output, language=chosen[0])
    if any(outcome.failures for outcome in outcomes):
        raise typer.Exit(FOUND)


def demo(
    folder: Annotated[Path, typer.Argument(help="An empty folder.")] = Path(),
    workers: Workers = None,
) -> None:
    """Copy the sample projects and notebooks into an empty folder and render them."""
    from evalkit.documents.files.paths import notebooks_folder, projects_below, sample_folder

    if folder.is_file():
        raise UsageError("file_in_the_way", file=folder)
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError("demo_not_empty", folder=folder.resolve())
    _copy(sample_folder(), folder / "data" / "sample")
    _copy(notebooks_folder(), folder / "notebooks")
    files = projects_below(folder / "data" / "sample")
    _render(files, folder / "reports", workers=workers, templates=folder / "notebooks")


def _copy(source: Path, target: Path) -> None:
    unwanted = shutil.ignore_patterns(".*", "__pycache__")
    shutil.copytree(source, target, ignore=unwanted, dirs_exist_ok=True)


def _list(files: Iterable[Path]) -> None:
    """What is about to be rendered, where a folder or ``--all`` chose it."""
    from evalkit.documents.files.paths import spoken
    from evalkit.project.problems import terminal

    listed = list(files)
    told = terminal("projects", count=len(listed)).in_language(spoken(listed))
    typer.echo(told, err=True)
    for file in listed:
        typer.echo(f"  {file.parent}", err=True)


def _render(
    files: tuple[Path, ...], output: Path, *, as_json: bool = False, **options: Any
) -> None:
    from evalkit.batch.run import Interrupted
    from evalkit.batch.run import render as render_projects
    from evalkit.batch.terminal import show_outcomes, showing_progress
    from evalkit.documents.files.paths import spoken
    from evalkit.project.problems import terminal

    language = spoken(files)
    try:
        with showing_progress(language, as_json=as_json) as progress:
            outcomes = render_projects(files, output=output, progress=progress, **options)
    except (Interrupted, KeyboardInterrupt) as interrupted:
        told = getattr(interrupted, "problem", None) or terminal("interrupted")
        typer.echo(f"evalkit: {told.in_language(language)}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    if not as_json:
        show_outcomes(outcomes, output, language=language)
    if any(outcome.failures or outcome.incomplete for outcome in outcomes):
        raise typer.Exit(FOUND)
