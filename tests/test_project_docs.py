"""docs/en/project-file.md is enough to write a project file by: nothing is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from evalkit.intake import read_registers
from evalkit.intake.codebook import built_in
from evalkit.project import Project, load_project
from evalkit.project.registers import ColumnKind
from evalkit.project.vocabulary import Chapter, ExitClass, FollowUpStatus

REPOSITORY = Path(__file__).parents[1]
PAGE = (REPOSITORY / "docs" / "en" / "project-file.md").read_text(encoding="utf-8")
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
REGISTER = """Projekt Vägen in
Löpnr;Kön;Startdatum;Slutdatum;Avslutsorsak
1;K;2023-01-10;2023-06-01;Arbete
2;M;1/2 2023;Pågår;
3;K;230301;2024-02-01;Studier
Summa;3;;;
"""


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from _models(field.annotation)
    for argument in get_args(annotation):
        yield from _models(argument)


def _is_named(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


@pytest.mark.parametrize("page", [PAGE, README], ids=["project-file.md", "README.md"])
def test_the_first_project_file_shown_reads_a_register(tmp_path: Path, page: str) -> None:
    example = YAML.findall(page)[0].replace("deltagare.xlsx", "deltagare.csv")
    (tmp_path / "project.yaml").write_text(example, encoding="utf-8")
    (tmp_path / "deltagare.csv").write_text(REGISTER, encoding="cp1252")
    intake = read_registers(load_project(tmp_path))
    assert intake.persons["exit_class"].tolist() == ["employment", "ongoing", "studies"]


def test_the_second_continues_the_first(tmp_path: Path) -> None:
    first, second = YAML.findall(PAGE)
    start = re.sub(r"^registers:.*?^(?=\w)", "", first, flags=re.DOTALL | re.MULTILINE)
    (tmp_path / "project.yaml").write_text(start + second, encoding="utf-8")
    assert load_project(tmp_path).registers[0].sheet == "2023"


def test_every_key_of_the_project_file_is_named_on_a_page_of_docs() -> None:
    pages = "".join(file.read_text(encoding="utf-8") for file in REPOSITORY.glob("docs/*/*.md"))
    keys = {name for model in _models(Project) for name in model.model_fields}
    assert {name for name in keys if not _is_named(name, pages)} == set()


def test_every_word_that_may_be_chosen_is_on_the_page() -> None:
    words = {*get_args(ExitClass), *get_args(Chapter), *get_args(FollowUpStatus)}
    words |= {*get_args(ColumnKind), *built_in().kinds, *Project.model_fields}
    assert {word for word in words if not _is_named(word, PAGE)} == set()
