"""The commands. Each is a few lines over the rooms below; imports wait until they are needed.

Exit codes: 0 all went well, 1 something was found or failed, 2 the command or a file it
was given cannot be used, 130 the command was interrupted.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from evalkit.language import Language
    from evalkit.project.vocabulary import FormatName

FOUND, UNUSABLE, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="From a participant register to an honest, publishable evaluation.",
)


class UsageError(ValueError):
    """A command that cannot be carried out as given; the message is one clear sentence."""


def _show_version(is_asked: bool) -> None:
    if is_asked:
        from evalkit import __version__

        typer.echo(f"evalkit {__version__}")
        raise typer.Exit


@app.callback()
def _everything(
    version: Annotated[  # answered by its callback, before any command
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Which one.")
    ] = False,
    debug: Annotated[  # read in `main`, where errors end up
        bool, typer.Option("--debug", help="Show the traceback of an error.")
    ] = False,
) -> None:
    """From a participant register to an honest, publishable evaluation."""


@app.command()
def render(
    projects: Annotated[
        list[str] | None,
        typer.Argument(metavar="PROJECT...", help="Project folder, project.yaml or project id."),
    ] = None,
    all_projects: Annotated[
        bool, typer.Option("--all", help="Every project in the --projects folder.")
    ] = False,
    projects_folder: Annotated[
        Path | None,
        typer.Option("--projects", help="Where projects are looked for.  [default: data/sample]"),
    ] = None,
    notebooks: Annotated[
        Path | None,
        typer.Option(help="Folder of chapter templates.  [default: notebooks]", file_okay=False),
    ] = None,
    languages: Annotated[str, typer.Option(help="Languages to render, comma between.")] = "sv,en",
    formats: Annotated[
        str, typer.Option(help="html, pdf, docx, xlsx; comma between.  [default: the project's]")
    ] = "",
    output: Annotated[Path, typer.Option(help="Folder of the reports.")] = Path("reports"),
    workers: Annotated[
        int | None, typer.Option(min=1, help="Chapters run at once.  [default: one per core]")
    ] = None,
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
    """Render the reports of one or more projects; what is up to date is left as it is."""
    from evalkit.documents.files.paths import find_project, projects_in

    folder = projects_folder or _default_projects()
    if all_projects == bool(projects):
        raise UsageError("name one or more projects, or give --all")
    chosen, wanted = _languages(languages), _formats(formats)
    files = (
        projects_in(folder)
        if all_projects
        else tuple(find_project(name, folders=(folder,)) for name in projects or ())
    )
    _render(
        files,
        output,
        languages=chosen,
        formats=wanted,
        as_json=as_json,
        workers=workers,
        scheduler=scheduler,
        templates=notebooks or _default_notebooks(),
        timeout_seconds=chapter_limit,
        time_limit_seconds=time_limit,
        is_forced=force,
    )


@app.command()
def appendix(
    project: Annotated[str, typer.Argument(help="Project folder, project.yaml or project id.")],
    chapters: Annotated[
        str, typer.Option(help="Chapters, comma between, in that order.  [default: all]")
    ] = "",
    languages: Annotated[str, typer.Option(help="Languages, comma between.")] = "sv,en",
    formats: Annotated[
        str, typer.Option(help="html, pdf, docx, xlsx; comma between.  [default: the project's]")
    ] = "",
    output: Annotated[Path, typer.Option(help="Folder of the reports.")] = Path("reports"),
    workers: Annotated[int | None, typer.Option(min=1, help="Chapters run at once.")] = None,
) -> None:
    """Write chapters of a project as one appendix, numbered A1, A2 …, for a final report."""
    from evalkit.documents.files.paths import find_project

    _render(
        (find_project(project, folders=(_default_projects(),)),),
        output,
        languages=_languages(languages),
        formats=_formats(formats),
        workers=workers,
        templates=_default_notebooks(),
        appendix_of=tuple(_names(chapters)),
    )


@app.command()
def portfolio(
    output: Annotated[Path, typer.Option(help="Folder of the reports.")] = Path("reports"),
    languages: Annotated[str, typer.Option(help="Languages, comma between.")] = "sv,en",
    formats: Annotated[
        str, typer.Option(help="html, pdf, docx, xlsx; comma between.  [default: all]")
    ] = "",
    notebooks: Annotated[
        Path | None, typer.Option(file_okay=False, help="Folder of chapter templates.")
    ] = None,
) -> None:
    """Compare all projects whose reports lie in a folder: state, changes, forest and funnel."""
    from evalkit.batch.portfolio_report import NoReports, render_portfolio
    from evalkit.batch.terminal import show_outcomes
    from evalkit.documents.files.lock import alone_in
    from evalkit.documents.files.names import FORMATS

    try:
        with alone_in(output):
            outcomes = render_portfolio(
                output,
                languages=_languages(languages),
                formats=_formats(formats) or FORMATS,
                templates=notebooks or _default_notebooks(),
            )
    except NoReports as error:
        raise UsageError(str(error)) from None
    show_outcomes(outcomes, output)
    if any(outcome.failures for outcome in outcomes):
        raise typer.Exit(FOUND)


@app.command()
def check(
    project: Annotated[str, typer.Argument(help="Project folder, project.yaml or project id.")],
    language: Annotated[str, typer.Option(help="Language of the findings: sv or en.")] = "sv",
) -> None:
    """List what is wrong or remarkable in a project's files; exit code 1 if anything is wrong."""
    from evalkit.chapters.findings import project_findings, show_findings
    from evalkit.documents.files.paths import find_project

    (chosen,) = _languages(language)
    findings = project_findings(find_project(project, folders=(_default_projects(),)))
    show_findings(findings, chosen)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(FOUND)


@app.command()
def fetch(
    project: Annotated[str, typer.Argument(help="Project folder, project.yaml or project id.")],
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Fetch again the series that are already there.")
    ] = False,
) -> None:
    """Bring a project's official series into its folder; reports are made from the files."""
    from evalkit.batch.fetch.cache import fetch_project
    from evalkit.batch.fetch.client import Client, FetchError
    from evalkit.documents.files.paths import find_project
    from evalkit.project import load_project

    opened = load_project(find_project(project, folders=(_default_projects(),)))
    try:
        with Client() as client:
            for found in fetch_project(opened, client, is_refreshed=refresh):
                typer.echo(
                    f"{found.series}: {found.outcome}, {found.observations} values, {found.file}"
                )
                if found.changed_definition:
                    before, now = found.changed_definition
                    typer.echo(
                        f"{found.series}: the figures are now of ages {now} and were of {before}; "
                        "name the first period of the new definition under breaks"
                    )
    except FetchError as error:
        raise UsageError(str(error)) from None


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="An empty folder.")] = Path(),
    workers: Annotated[int | None, typer.Option(min=1, help="Chapters run at once.")] = None,
) -> None:
    """Copy the sample projects and notebooks into an empty folder and render them."""
    from evalkit.documents.files.paths import notebooks_folder, projects_in, sample_folder

    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(
            f"{folder.resolve()}: the folder is not empty; make a new one for the demo"
        )
    _copy(sample_folder(), folder / "data" / "sample")
    _copy(notebooks_folder(), folder / "notebooks")
    files = projects_in(folder / "data" / "sample")
    _render(files, folder / "reports", workers=workers, templates=folder / "notebooks")


def main() -> None:
    """Run a command: an error of the user's is one sentence, never a traceback."""
    try:
        app()
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        code, sentence = _told(error)
        typer.echo(f"evalkit: {sentence}", err=True)
        sys.exit(code)


def _told(error: Exception) -> tuple[int, str]:
    """Exit code and sentence; the words of an unforeseen error may quote a file and stay here."""
    from evalkit.batch.kernels.execute import SPEAKING_ERRORS

    kind = type(error).__name__
    if kind in SPEAKING_ERRORS | {"UsageError", "NotFound", "ClusterError", "AtWork"}:
        return UNUSABLE, str(error)
    if isinstance(error, FileExistsError | NotADirectoryError) and error.filename:
        return UNUSABLE, f"{error.filename}: a file stands where a folder is needed"
    if isinstance(error, OSError) and error.filename:
        return UNUSABLE, f"{error.filename}: {error.strerror}"
    return FOUND, f"unforeseen error ({kind}); run again with --debug first to see where"


def _copy(source: Path, target: Path) -> None:
    unwanted = shutil.ignore_patterns(".*", "__pycache__")
    shutil.copytree(source, target, ignore=unwanted, dirs_exist_ok=True)


def _default_projects() -> Path:
    from evalkit.documents.files.paths import sample_folder

    here = Path("data") / "sample"
    return here if here.is_dir() else sample_folder()


def _default_notebooks() -> Path:
    from evalkit.documents.files.paths import notebooks_folder

    here = Path("notebooks")
    return here if any(here.glob("*.ipynb")) else notebooks_folder()


def _languages(given: str) -> tuple[Language, ...]:
    from evalkit.language import LANGUAGES

    names = _names(given)
    chosen = tuple(code for code in LANGUAGES if code in names)
    if not names or len(chosen) != len(set(names)):
        raise UsageError(f"languages are {' and '.join(LANGUAGES)}, not '{given}'")
    return chosen


def _formats(given: str) -> tuple[FormatName, ...] | None:
    from evalkit.documents.files.names import FORMATS

    names = _names(given)
    chosen = tuple(one for one in FORMATS if one in names)
    if len(chosen) != len(set(names)):
        raise UsageError(f"formats are {', '.join(FORMATS)}, not '{given}'")
    return chosen or None


def _names(given: str) -> list[str]:
    return [name.strip() for name in given.split(",") if name.strip()]


def _render(
    files: tuple[Path, ...], output: Path, *, as_json: bool = False, **options: Any
) -> None:
    from evalkit.batch.run import Interrupted
    from evalkit.batch.run import render as render_projects
    from evalkit.batch.terminal import show_outcomes, showing_progress

    try:
        with showing_progress(as_json=as_json) as progress:
            outcomes = render_projects(files, output=output, progress=progress, **options)
    except (Interrupted, KeyboardInterrupt) as interrupted:
        told = str(interrupted) or "interrupted; the same command continues"
        typer.echo(f"evalkit: {told}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    if not as_json:
        show_outcomes(outcomes, output)
    if any(outcome.failures for outcome in outcomes):
        raise typer.Exit(FOUND)
