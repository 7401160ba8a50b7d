"""A command that is written wrong: the library's own sentences, in the reader's language."""

from __future__ import annotations

import re
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.project.problems import Problem, terminal
from evalkit.project.vocabulary import PROJECT_FILE

if TYPE_CHECKING:
    from evalkit.language import Language

_QUOTED = re.compile(r"'([^']*)'")
_NUMBERS = (int, float)


def usage_sentence(error: Any) -> str:
    """What is wrong with the command and where its form is shown.

    Args:
        error: A usage error of typer's, whose kinds are no part of what it promises.
    """
    return _problem(error).in_language(_language(sys.argv[1:]))


def _problem(error: Any) -> Problem:
    context = error.ctx
    command = "evalkit" if context is None or context.parent is None else context.info_name
    parameter, kind = getattr(error, "param", None), type(error).__name__
    where = terminal("usage.see", command=f"{command} ".removeprefix("evalkit "))
    if kind == "NoSuchOption":
        near = ", ".join(sorted(error.possibilities or ()))
        hint = terminal("usage.near", near=near, hint=where) if near else where
        return terminal("usage.no_option", command=command, name=error.option_name, hint=hint)
    if kind == "BadOptionUsage":
        return terminal("usage.no_value", name=error.option_name, hint=where)
    if parameter is not None:
        if parameter.name == "by" and kind == "MissingParameter":
            return terminal("signed_by")
        return terminal(_fault(parameter, kind, error.message), name=_name(parameter),
                        least=f"{parameter.min or 0:g}", hint=where)  # fmt: skip
    known = getattr(context.command, "commands", None) if context is not None else None
    if known:
        name = next(iter(_QUOTED.findall(error.message)), "")
        near = ", ".join(get_close_matches(name, known, n=1))
        hint = terminal("usage.near", near=near, hint=where) if near else where
        return terminal("usage.no_command", name=name, hint=hint)
    return terminal("usage.unread", command=command, hint=where)


def _fault(parameter: Any, kind: str, message: str) -> str:
    if kind == "MissingParameter":
        return "usage.missing"
    if parameter.type_descriptor.is_path:
        return "usage.closed" if "not readable" in message else "usage.no_folder"
    is_number = parameter.type_descriptor.annotation in _NUMBERS
    return ("usage.too_small" if parameter.min else "usage.no_number") if is_number else "usage.bad"


def _name(parameter: Any) -> str:
    is_option = parameter.param_type_name == "option"
    return str(parameter.opts[0] if is_option else parameter.metavar or parameter.name.upper())


def _language(arguments: list[str]) -> Language:
    """That of a project among what was written, else the reader's."""
    from evalkit.documents.files.paths import spoken

    files = [file for one in arguments for file in (Path(one), Path(one, PROJECT_FILE))]
    return spoken(file for file in files if file.suffix == ".yaml")
