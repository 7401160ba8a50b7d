"""Reading ``project.yaml``, and the JSON Schema by which editors complete and check it.

Errors name the file, the key path and the nearest valid key.
"""

from __future__ import annotations

import difflib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import ErrorDetails, core_schema

from evalkit.project.base import ONLY_LANGUAGE
from evalkit.project.model import Project
from evalkit.project.problems import Broken, Problem, ProjectError, meant
from evalkit.project.vocabulary import PROJECT_FILE, TAKEN, Chapter, own_notebooks
from evalkit.yaml_text import read_yaml

# What PyYAML says → what to do about it.
_YAML_HINTS = {
    "cannot start any token": "yaml.sign",
    "stands twice": "yaml.twice",
    "mapping values are not allowed": "yaml.colon",
}
# Kinds of problem that have a text of their own: what to write instead, never what was found.
_EXPECTED = frozenset(
    {
        "string_pattern_mismatch",
        "string_type",
        "tuple_type",
        "dict_type",
        "date_type",
        "date_from_datetime_parsing",
        "float_parsing",
        "int_parsing",
        "bool_parsing",
    }
)
_LIMITS = {"gt": "above", "ge": "at_least", "lt": "below", "le": "at_most"}

# How files of each kind begin.
_WORD = {".docx": b"PK\x03\x04", ".dotx": b"PK\x03\x04"}
_PICTURES = {".png": b"\x89PNG", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}


def load_project(path: str | Path) -> Project:
    """The validated project of a ``project.yaml`` or of the folder that holds it.

    Raises:
        ProjectError: If the file is missing, is not YAML, or breaks the model. Every
            problem is listed with file and key path.
    """
    file = _project_file(Path(path))
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ProjectError.of(str(file), [Problem("not_utf8")]) from None
    return read_project(text, file)


def read_project(text: str, file: Path) -> Project:
    """The validated project of a text, as if it stood in ``file``; raises as `load_project`."""
    try:
        # One form of each letter, as registers are read: a Mac may have written them decomposed.
        content = read_yaml(unicodedata.normalize("NFC", text))
    except yaml.YAMLError as error:
        raise ProjectError.of(str(file), [_yaml_problem(error)]) from None
    except ValueError as error:  # YAML reads 2018-13-31 as a date and finds that it is none
        raise ProjectError.of(str(file), [Problem("bad_day", {"error": str(error)})]) from None
    if not isinstance(content, dict):
        raise ProjectError.of(str(file), [Problem("no_keys")])
    try:
        project = Project.model_validate(content, context={ONLY_LANGUAGE: _only_language(content)})
    except ValidationError as error:
        raise ProjectError.of(str(file), [*map(_problem, error.errors())]) from None
    placed = project.placed_in(file.resolve().parent)
    problems = [*_problems_of_looks(placed), *_problems_of_own_words(placed),
                *_problems_of_chapters(placed)]  # fmt: skip
    if problems:
        raise ProjectError.of(str(file), problems)
    return placed


def _problems_of_looks(project: Project) -> Iterator[Problem]:
    """The template and the logo are there, and are what their names say."""
    for key, named, kinds in (
        ("docx_template", project.docx_template, _WORD),
        ("logo", project.logo, _PICTURES),
    ):
        if named is None:
            continue
        if named.suffix.lower() not in kinds:
            *most, last = kinds
            endings = {"endings": ", ".join(most), "last": last}
            yield Problem("looks.ending", endings, place=key)
            continue
        try:
            with (project.folder / named).open("rb") as content:
                begins = content.read(4)
        except OSError:
            yield Problem("looks.unread", {"file": named.name}, place=key)
            continue
        if not begins.startswith(kinds[named.suffix.lower()]):
            yield Problem("looks.other", {"file": named.name}, place=key)


def _problems_of_own_words(project: Project) -> Iterator[Problem]:
    """The evaluator's Markdown files are there and can be read."""
    for named in project.own_files:
        try:
            (project.folder / named).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            yield Problem("own_words.unread", {"file": named.name})


def _problems_of_chapters(project: Project) -> Iterator[Problem]:
    """A chapter of one's own has a name of its own, and is no chapter of evalkit's misspelt.

    Whether its notebook is there is for whoever knows where notebooks lie.
    """
    for name in project.own_chapters:
        near = difflib.get_close_matches(name, get_args(Chapter), n=1, cutoff=0.8)
        if name in TAKEN:
            yield Problem("chapter.taken", {"name": name}, place="chapters")
        elif near and not any(file.is_file() for file in own_notebooks(name, project.folder)):
            yield Problem("chapter.near", {"name": name, "near": near[0]}, place="chapters")


def _only_language(content: dict[str, Any]) -> str | None:
    languages = content.get("languages")
    return str(languages[0]) if isinstance(languages, list) and len(languages) == 1 else None


def _project_file(path: Path) -> Path:
    file = path / PROJECT_FILE if path.is_dir() else path
    if not file.is_file():
        raise ProjectError.of(str(file), [Problem("no_file")])
    return file


def _yaml_problem(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    said = str(getattr(error, "problem", ""))
    hint = next((Problem(key) for sign, key in _YAML_HINTS.items() if sign in said), None)
    if mark is None:
        return Problem("not_yaml", hint=hint)
    place = {"line": str(mark.line + 1), "column": str(mark.column + 1)}
    return Problem("not_yaml_at", place, hint=hint)


def _problem(details: ErrorDetails) -> Problem:
    location, kind = details["loc"], details["type"]
    place = _key_path(location)
    if kind == "extra_forbidden":
        near = meant(str(location[-1]), sorted(_fields_at(location[:-1])))
        return Problem("unknown_key", place=place, hint=near)
    if kind == "missing":
        return Problem("missing", place=place)
    if kind == "string_type" and isinstance(details["input"], dict | list):
        return Problem("one_text", place=place)
    return replace(_expectation(details), place=place)


def _expectation(details: ErrorDetails) -> Problem:
    """What the place should hold, in words that need no knowledge of the model."""
    kind, limits = details["type"], details.get("ctx", {})
    broken = limits.get("error")
    if isinstance(broken, Broken):
        return broken.problem
    if kind == "model_type":
        return Problem("keys_below", {"keys": ", ".join(_fields_at(details["loc"]))})
    if limits.get("lt") == 1:
        return Problem("share")
    if kind == "literal_error":
        return Problem(kind, {"expected": str(limits["expected"]).replace(" or ", ", ")})
    if "min_length" in limits:
        return Problem("too_short", {"least": str(limits["min_length"])})
    for name, key in _LIMITS.items():
        if name in limits:
            return Problem(key, {"limit": str(limits[name])})
    return Problem(kind if kind in _EXPECTED else "other")


def _key_path(location: tuple[int | str, ...]) -> str:
    """``('targets', 0, 'goal')`` → ``targets[0].goal``; empty for the whole file."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


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


class _AsWritten(GenerateJsonSchema):
    """What may be written in YAML: a text may also be a number, a sheet named 2023."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        found = super().str_schema(schema)
        return {**found, "type": ["string", "number"]}


def project_schema() -> dict[str, Any]:
    """The schema of a whole ``project.yaml``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Project.model_json_schema(schema_generator=_AsWritten),
        "title": "evalkit project file",
    }


def schema_text() -> str:
    """The schema as it is exported."""
    return json.dumps(project_schema(), ensure_ascii=False, indent=2) + "\n"
