"""The commands. Each is a few lines over the rooms below; imports wait until they are needed.

Exit codes: 0 all went well, 1 something was found or failed, 2 the command or a file it
was given cannot be used, 130 the command was interrupted.
"""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer
from typer.main import get_command

from evalkit.cli import notebooks, projects, reports
from evalkit.cli.options import FOUND, INTERRUPTED, UNUSABLE
from evalkit.cli.usage import usage_sentence

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="From a participant register to an honest, publishable evaluation.",
)
for _command in (
    projects.init,
    projects.check,
    projects.read,
    reports.render,
    reports.publish,
    reports.appendix,
    reports.portfolio,
    projects.fetch,
    projects.schema,
    notebooks.new_chapter,
    notebooks.preview,
    notebooks.strip,
    reports.demo,
):
    app.command()(_command)


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
        bool, typer.Option("--debug", help="Show the traceback of an error, never of a chapter.")
    ] = False,
) -> None:
    """From a participant register to an honest, publishable evaluation."""


def main() -> None:
    """Run a command: an error of the user's is one sentence, never a traceback."""
    from evalkit.batch.streams import forgiving_streams

    for stream in (sys.stdout, sys.stderr):
        # An output in cp1252 lacks letters that a register may hold.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    with forgiving_streams():
        try:
            command = get_command(app)
            if "--help" in sys.argv or len(sys.argv) < 2:  # no other run waits for the words
                from evalkit.cli.help import speak
                from evalkit.language import readers_language

                speak(command, readers_language())
            code = command(standalone_mode=False)
            sys.exit(code if isinstance(code, int) else 0)
        except Exception as error:
            if hasattr(error, "show"):  # a usage error; without any argument, the help
                if type(error).__name__ == "NoArgsIsHelpError":
                    error.show()
                else:
                    typer.echo(f"evalkit: {usage_sentence(error)}", err=True)
                sys.exit(UNUSABLE)
            if "--debug" in sys.argv:
                raise
            code, sentence = _told(error)
            typer.echo(f"evalkit: {sentence}", err=True)
            sys.exit(code)


_OF_FILES = (
    (FileNotFoundError, "no_file"),
    ((FileExistsError, NotADirectoryError), "file_in_the_way"),
    (PermissionError, "no_right"),
)


def _told(error: Exception) -> tuple[int, str]:
    """Exit code and sentence; the words of an unforeseen error may quote a file and stay here."""
    from evalkit.batch.kernels.execute import SPEAKING_ERRORS
    from evalkit.language import readers_language
    from evalkit.project.problems import terminal

    kind, language = type(error).__name__, readers_language()
    if isinstance(error, typer.Abort):  # the input ended
        return INTERRUPTED, terminal("interrupted").in_language(language)
    if hasattr(error, "in_language"):
        return UNUSABLE, error.in_language(getattr(error, "language", None) or language)
    if kind in SPEAKING_ERRORS:
        return UNUSABLE, str(error)
    unforeseen = terminal("unforeseen", kind=kind).in_language(language)
    if isinstance(error, OSError) and error.filename:
        for kinds, key in _OF_FILES:
            if isinstance(error, kinds):
                return UNUSABLE, terminal(key, file=error.filename).in_language(language)
        return UNUSABLE, f"{error.filename}: {unforeseen}"
    return FOUND, unforeseen
