"""Reading ``project.yaml``: errors name the file, the key path and the nearest valid key."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from evalkit.project.base import ONLY_LANGUAGE
from evalkit.project.model import Project
from evalkit.project.vocabulary import PROJECT_FILE
from evalkit.yaml_text import read_yaml

# What PyYAML says → what to do about it.
_YAML_HINTS = {
    "cannot start any token": "; indent with spaces, not tabs, and put a text that begins with "
    "a sign in quotes",
    "stands twice": "; this key stands twice in its block, so that the first would be lost",
    "mapping values are not allowed": "; a text that holds a colon must stand in quotes",
}
# Kind of problem → what to write instead. Never what was found there.
_EXPECTED = {
    "string_pattern_mismatch": "use only the letters a–z, digits, - and _, in lower case",
    "string_type": "expected a text; put words such as yes, no and on in quotes",
    "tuple_type": "expected a list, such as [first, second]",
    "dict_type": "expected keys with values below it",
    "date_type": "expected a date such as 2024-12-31",
    "date_from_datetime_parsing": "expected a date such as 2024-12-31",
    "float_parsing": "expected a number such as 1250000.5, without spaces or units",
    "int_parsing": "expected a whole number, without spaces or units",
}


# How files of each kind begin.
_WORD = {".docx": b"PK\x03\x04", ".dotx": b"PK\x03\x04"}
_PICTURES = {".png": b"\x89PNG", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}


class ProjectError(ValueError):
    """A project file that cannot be used; the message is one clear sentence per problem."""


def load_project(path: str | Path) -> Project:
    """The validated project of a ``project.yaml`` or of the folder that holds it.

    Raises:
        ProjectError: If the file is missing, is not YAML, or breaks the model. Every
            problem is listed with file and key path.
    """
    file = _project_file(Path(path))
    try:
        # One form of each letter, as registers are read: a Mac may have written them decomposed.
        content = read_yaml(unicodedata.normalize("NFC", file.read_text(encoding="utf-8-sig")))
    except UnicodeDecodeError:
        raise ProjectError(f"{file}: must be saved as UTF-8") from None
    except yaml.YAMLError as error:
        raise ProjectError(f"{file}: {_yaml_problem(error)}") from None
    except ValueError as error:  # YAML reads 2018-13-31 as a date and finds that it is none
        raise ProjectError(f"{file}: holds a date that does not exist ({error})") from None
    if not isinstance(content, dict):
        raise ProjectError(f"{file}: expected keys such as 'id' and 'title', found none")
    try:
        project = Project.model_validate(content, context={ONLY_LANGUAGE: _only_language(content)})
    except ValidationError as error:
        problems = [_problem(details) for details in error.errors()]
        raise ProjectError("\n".join(f"{file}: {problem}" for problem in problems)) from None
    placed = project.placed_in(file.resolve().parent)
    _check_looks(placed, file)
    _check_own_words(placed, file)
    return placed


def _check_looks(project: Project, file: Path) -> None:
    """The template and the logo are there, and are what their names say."""
    for key, named, kinds in (
        ("docx_template", project.docx_template, _WORD),
        ("logo", project.logo, _PICTURES),
    ):
        if named is None:
            continue
        if named.suffix.lower() not in kinds:
            raise ProjectError(f"{file}: {key}: expected a file that ends with {_or(kinds)}")
        try:
            with (project.folder / named).open("rb") as content:
                begins = content.read(4)
        except OSError:
            raise ProjectError(f"{file}: {key}: cannot read the file {named.name}") from None
        if not begins.startswith(kinds[named.suffix.lower()]):
            raise ProjectError(f"{file}: {key}: {named.name} does not hold what its ending says")


def _check_own_words(project: Project, file: Path) -> None:
    """The evaluator's Markdown files are there and can be read."""
    for named in project.own_files:
        try:
            (project.folder / named).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise ProjectError(f"{file}: cannot read {named.name} as a text in UTF-8") from None


def _or(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"


def _only_language(content: dict[str, Any]) -> str | None:
    languages = content.get("languages")
    return str(languages[0]) if isinstance(languages, list) and len(languages) == 1 else None


def _project_file(path: Path) -> Path:
    file = path / PROJECT_FILE if path.is_dir() else path
    if not file.is_file():
        raise ProjectError(f"{file}: no such project file")
    return file


def _yaml_problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    problem = str(getattr(error, "problem", ""))
    hints = (hint for sign, hint in _YAML_HINTS.items() if sign in problem)
    return f"{where}not valid YAML{next(hints, '')}"


def _problem(details: ErrorDetails) -> str:
    location = details["loc"]
    key_path = _key_path(location)
    if details["type"] == "extra_forbidden":
        return f"{key_path}: unknown key{_suggestion(location)}"
    if details["type"] == "missing":
        return f"{key_path}: this key is required"
    return f"{key_path}: {_expectation(details)}"


def _expectation(details: ErrorDetails) -> str:
    """What the place should hold, in words that need no knowledge of the model."""
    kind, limits = details["type"], details.get("ctx", {})
    if kind == "model_type":
        return f"expected the keys {', '.join(_fields_at(details['loc']))} below it"
    if limits.get("lt") == 1:
        return "expected a share between 0 and 1, such as 0.4 for 40 %"
    message = details["msg"].removeprefix("Value error, ")
    return _EXPECTED.get(kind, f"{message[:1].lower()}{message[1:]}")


def _key_path(location: tuple[int | str, ...]) -> str:
    """``('targets', 0, 'goal')`` → ``targets[0].goal``."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path or "the file"


def _suggestion(location: tuple[int | str, ...]) -> str:
    valid = sorted(_fields_at(location[:-1]))
    near = difflib.get_close_matches(str(location[-1]), valid, n=1, cutoff=0.5)
    if near:
        return f"; did you mean '{near[0]}'?"
    return f"; valid keys are {', '.join(valid)}"


def _fields_at(location: tuple[int | str, ...]) -> tuple[str, ...]:
    """Names of the keys that the block at ``location`` may hold, in the model's order."""
    block: type[BaseModel] = Project
    for part in location:
        if isinstance(part, str) and part in block.model_fields:
            block = next(_blocks_in(block.model_fields[part].annotation), block)
    return tuple(block.model_fields)


def _blocks_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The model classes inside an annotation such as ``tuple[Target, ...] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _blocks_in(argument)
