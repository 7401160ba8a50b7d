"""Commands before a project is rendered: init, check, read, schema, fetch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evalkit.cli.options import (
    FOUND,
    INTERRUPTED,
    UNUSABLE,
    UsageError,
    chosen_languages,
    project_file,
)


def init(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Registers: Excel, CSV or Parquet.")
    ],
    folder: Annotated[
        Path | None,
        typer.Option(help="Where project.yaml is to lie.  [default: beside the first file]"),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take every guess.")] = False,
    language: Annotated[
        str, typer.Option(help="Language of the questions: sv or en.  [default: the machine's]")
    ] = "",
) -> None:
    """Write a commented project.yaml from a register, check it, and offer a draft.

    Run again on a new extract, it changes only what is new.
    """
    import datetime as dt

    from evalkit.documents.preparing.check_display import show_check, show_sentence
    from evalkit.documents.preparing.checking import checked
    from evalkit.documents.preparing.dialogue import Dialogue
    from evalkit.documents.preparing.start import start_project
    from evalkit.documents.reading.into_project import offer_claims
    from evalkit.intake.read import grids_kept
    from evalkit.language import Texts, readers_language

    spoken = chosen_languages(language)[0] if language else readers_language()
    for file in files:
        if not file.is_file():
            raise UsageError("no_such_file", file=file)
    dialogue = Dialogue(spoken, is_silent=yes)
    try:
        with grids_kept():
            started = start_project(
                files, folder or files[0].parent, dialogue, today=dt.date.today()
            )
            offer_claims(started.project_file, dialogue, but=files)
            looked = checked(started.project_file, language=spoken)
        show_check(looked, with_reading=False)
        shown = started.project_file.parent.as_posix()
        wants_draft = not yes and dialogue.agrees("draft", default=not looked.has_stop)
    except (EOFError, KeyboardInterrupt):  # else told by the library, in English
        show_sentence(Texts(spoken)["init.ended"])
        raise typer.Exit(INTERRUPTED) from None
    if wants_draft:
        from evalkit.cli.reports import render

        render([started.project_file.as_posix()])  # not those in folders below
    key = "init.next.drafted" if wants_draft else "init.next"
    key = "init.next.stopped" if looked.is_unusable else key
    show_sentence(Texts(spoken).format(key, folder=shown))


def check(
    project: Annotated[str, typer.Argument(help="Project folder, project.yaml or project id.")],
    language: Annotated[
        str, typer.Option(help="Language of the findings: sv or en.  [default: the project's]")
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Everything as one JSON object, for machines.")
    ] = False,
) -> None:
    """Show what was read, what is wrong or remarkable, and what each chapter needs.

    Exit code 1 if anything is wrong.
    """
    from evalkit.documents.preparing.check_display import check_json, show_check
    from evalkit.documents.preparing.checking import checked

    chosen = chosen_languages(language)[0] if language else None
    looked = checked(project_file(project), language=chosen)
    if as_json:
        typer.echo(check_json(looked))
    else:
        show_check(looked)
    if looked.is_unusable:
        raise typer.Exit(2)
    if looked.is_wrong:
        raise typer.Exit(FOUND)


def read(
    texts: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="Text, Word, web page or PDF; - for standard input."
        ),
    ],
    format_name: Annotated[
        str, typer.Option("--format", help="terminal, html, docx or json.")
    ] = "terminal",
    output: Annotated[
        Path | None, typer.Option(help="A file, or a folder when several texts are read.")
    ] = None,
    language: Annotated[str, typer.Option(help="sv or en.  [default: the text's]")] = "",
    write_claims: Annotated[
        bool, typer.Option("--write-claims", help="Print the claims: block for project.yaml.")
    ] = False,
    project: Annotated[
        str, typer.Option(help="A project, beside whose released figures the claims are set.")
    ] = "",
    reports: Annotated[Path, typer.Option(help="Where the reports of the project lie.")] = Path(
        "reports"
    ),
) -> None:
    """Read texts and say what the figures in them can carry; exit code 0 whatever they say."""
    from evalkit.documents.reading.command import read_texts

    read_texts(
        texts,
        form="claims" if write_claims else format_name,
        output=output,
        language=chosen_languages(language)[0] if language else None,
        project=project_file(project) if project else None,
        reports=reports,
    )


def schema(
    output: Annotated[
        Path | None, typer.Option(help="File to write.  [default: what the terminal shows]")
    ] = None,
) -> None:
    """Export the JSON Schema of project.yaml, by which editors complete and check it."""
    from evalkit.documents.files.state import write_whole
    from evalkit.project.load import schema_text

    if output is None:
        typer.echo(schema_text(), nl=False)
    else:
        write_whole(output, schema_text())


def fetch(
    project: Annotated[str, typer.Argument(help="Project folder, project.yaml or project id.")],
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Fetch again the series that are already there.")
    ] = False,
) -> None:
    """Bring a project's official series into its folder; reports are made from the files."""
    from evalkit.batch.fetch.cache import fetch_project
    from evalkit.batch.fetch.client import Client, FetchError
    from evalkit.project import load_project
    from evalkit.project.problems import terminal

    opened = load_project(project_file(project))
    language = opened.languages[0]
    try:
        with Client() as client:
            for found in fetch_project(opened, client, is_refreshed=refresh):
                told = [terminal(f"fetch.{found.outcome}", series=found.series,
                                 count=found.observations, file=found.file)]  # fmt: skip
                if found.changed_definition:
                    before, now = found.changed_definition
                    told.append(
                        terminal("fetch.definition", series=found.series, before=before, now=now)
                    )
                for one in told:
                    typer.echo(one.in_language(language))
    except FetchError as error:
        typer.echo(f"evalkit: {error.in_language(language)}", err=True)
        raise typer.Exit(UNUSABLE) from None
