"""Commands for notebooks of one's own: new-chapter, preview, strip."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from evalkit.cli.options import UsageError, chosen_languages, default_notebooks, names, project_file


def new_chapter(
    name: Annotated[str, typer.Argument(help="Name of the chapter: a–z, 0–9 and _.")],
    project: Annotated[
        str, typer.Argument(help="Project folder, project.yaml or project id.  [default: here]")
    ] = ".",
) -> None:
    """Write a notebook for a chapter of your own, with an example of each kind.

    With the name of a chapter of evalkit's: the project's own version of it.
    """
    from evalkit.documents.preparing.new_chapter import new_chapter as write
    from evalkit.language import Texts
    from evalkit.project import load_project

    file = project_file(project)
    written = write(name, file)
    loaded = load_project(file)
    key = "listed" if name in loaded.chapters else "written"
    texts = Texts(loaded.languages[0])
    typer.echo(texts.format(f"new_chapter.{key}", file=str(written), name=name))


def preview(
    project: Annotated[str, typer.Argument(help="Project folder, project.yaml or project id.")],
    chapters: Annotated[str, typer.Option(help="Chapters, comma between.  [default: all]")] = "",
    language: Annotated[str, typer.Option(help="sv or en.  [default: the project's first]")] = "",
    notebooks: Annotated[
        Path | None, typer.Option(help="Folder of chapter templates.", file_okay=False)
    ] = None,
    port: Annotated[int, typer.Option(help="Port on this machine.  [default: any]")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Show chapters as a draft in the browser, made anew each time a file is saved.

    On this machine only (127.0.0.1). Ctrl-C ends it, and nothing is left behind.
    """
    import tempfile
    import webbrowser

    from evalkit.batch.preview import Preview, follow, served

    chosen = chosen_languages(language)[0] if language else None
    with tempfile.TemporaryDirectory(prefix="evalkit-") as folder:
        shown = Preview(
            project_file(project), chapters=names(chapters), output=Path(folder),
            language=chosen, templates=notebooks or default_notebooks(),
        )  # fmt: skip
        with served(shown, port=port) as address:
            typer.echo(address)
            if browser:
                webbrowser.open(address)
            try:
                follow(shown)
            except KeyboardInterrupt:
                typer.echo("", err=True)


def strip(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Notebooks; - from stdin to stdout.")
    ],
) -> None:
    """Take away what the cells of notebooks showed, which may hold persons.

    As a filter of git: git config filter.evalkit.clean "evalkit strip -" and, in .gitattributes,
    *.ipynb filter=evalkit
    """
    from evalkit.documents.files.stripping import NotANotebook, stripped

    for name in files:
        try:
            if name == "-":
                sys.stdout.write(stripped(sys.stdin.read()))
                continue
            before = Path(name).read_text("utf-8")
            after = stripped(before)
        except (NotANotebook, UnicodeDecodeError):
            raise UsageError("not_a_notebook", file=name) from None
        if after != before:
            Path(name).write_text(after, encoding="utf-8")
