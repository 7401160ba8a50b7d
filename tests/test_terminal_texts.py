"""What the commands say on the terminal is said from the catalogue, in the project's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalkit.batch.run import Interrupted
from evalkit.documents.files.paths import NotFound
from evalkit.language import LANGUAGES, Texts
from evalkit.project.problems import Spoken

PACKAGE = Path(__file__).parents[1] / "evalkit"
SAYING = {"echo", "print", "console.print", "_say"}


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            named = node.func
            yield getattr(named, "attr", getattr(named, "id", "")), node


def kinds() -> set[str]:
    found, left = {"terminal"}, [Spoken]
    while left:
        below = left.pop().__subclasses__()
        found |= {kind.__name__ for kind in below}
        left += below
    return found - {"Interrupted", "NoReports", "IntakeError"}  # the last speaks of files


def test_every_sentence_is_in_the_catalogue_and_every_one_there_is_said() -> None:
    catalogue = Texts("sv", only="terminal").keys()
    keys = {key.removeprefix("terminal.") for key in catalogue}
    source = "".join(file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))
    said = set()
    for file in PACKAGE.rglob("*.py"):
        for name, call in calls(file):
            first = call.args[0] if call.args else None
            if name in kinds() and isinstance(first, ast.Constant):
                assert first.value in keys, f"{file.name}: {first.value}"
                said.add(first.value)
    built = {"fetch.fetched", "fetch.kept"} | {key for key in keys if "gave_up" in key}
    built |= {
        f"damage.{file}_{left}" for file in ("manifest", "answers") for left in ("left", "aside")
    }
    # Said by its kind: f"disk.{kind}", where the kind is a word of the source.
    begun = set(re.findall(r'terminal\(f"(\w+)\.\{', source))
    for key in keys:
        start, _, kind = key.partition(".")
        if start in begun and re.search(rf"[\"']{kind}[\"']", source):
            built.add(key)
    unsaid = {key for key in keys - said - built if f'"terminal.{key}"' not in source}
    assert {key for key in unsaid if f'"{key}"' not in source and "column" not in key} == set()


def test_no_command_says_a_sentence_of_its_own() -> None:
    files = [*(PACKAGE / "cli").glob("*.py"), PACKAGE / "batch" / "terminal.py"]
    spoken = [
        f"{file.name}:{call.lineno}"
        for file in files
        for name, call in calls(file)
        if name in SAYING and call.args
        for part in ast.walk(call.args[0])
        if isinstance(part, ast.Constant) and " " in str(part.value).strip()
    ]
    assert spoken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_of_a_command_is_told_in_either_language(language: str) -> None:
    error = NotFound("no_such_file", file="x.csv")
    told = {"sv": "x.csv: filen finns inte", "en": "x.csv: no such file"}
    assert error.in_language(language) == told[language]  # type: ignore[arg-type]
    stopped = Interrupted((), projects=3)
    start = {"sv": "avbrutet: 0 av 3 projekt", "en": "interrupted: 0 of 3 projects"}
    assert stopped.in_language(language).startswith(start[language])  # type: ignore[arg-type]
