"""The help in the reader's language: English as the code says it, or the words beside it."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from evalkit.language import Language


def words_of_help() -> dict[str, str]:
    """Command, or option of any or of one command → what it does, in Swedish."""
    from evalkit.yaml_text import read_yaml

    file = resources.files("evalkit.cli") / "help.sv.yaml"
    words: dict[str, str] = read_yaml(file.read_text(encoding="utf-8"))
    return words


def speak(group: Any, language: Language) -> None:
    """Let the commands' help be in the language of whoever asks for it.

    Raises:
        KeyError: Where a command or an option has no words.
    """
    if language == "en":
        return
    words = words_of_help()
    for name, command in [("evalkit", group), *group.commands.items()]:
        command.help = _plain(words[name])
        command.options_metavar, command.subcommand_metavar = "[VAL]", "KOMMANDO"
        command.get_help_option(typer.Context(command)).help = words["help"]
        for option in command.params:
            option.help = _plain(words.get(f"{name}.{option.name}") or words[option.name])
    from typer import rich_utils

    titles = {name: text for name, text in words.items() if name.isupper()}
    vars(rich_utils).update(titles)


def _plain(text: str) -> str:
    return text.replace("`", "")
