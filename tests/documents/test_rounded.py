"""A number of persons that is not the register's own is marked where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest

from evalkit.answers.store import Store, answered
from evalkit.answers.study import open_study
from evalkit.chapters.report import Report
from evalkit.chapters.section import AskedSection, asked_of
from evalkit.language import Texts
from evalkit.present.blocks import Block, Figure, Table
from evalkit.present.labels import words_of
from evalkit.project import load_project
from tests.support.reports import answers_of, project_file

pytestmark = pytest.mark.slow

MARKS = ("note.protected_curve", "disclosure.rounded_counts")


def numbered(answers: Store, name: str, *, is_exact: bool) -> Iterator[tuple[str, Block]]:
    project = load_project(project_file(name))
    report = Report(project, words_of(project, "sv"), answers, is_internal=is_exact)
    for chapter in project.chapters:
        module = import_module(f"evalkit.chapters.{chapter}")
        for section in vars(module).values():
            if isinstance(section, AskedSection) and section.name.startswith(f"{chapter}."):
                for block in section.show(report).blocks:
                    if isinstance(block, Table | Figure):
                        yield f"{section.name}: {block.id}", block


def persons(block: Block) -> dict[tuple[str, ...], float]:
    """What stands in each column of whole numbers, by the heading cells of its row."""
    table = block.data if isinstance(block, Figure) else block
    return {
        (*(one.text for one in row[: table.row_headers]), column): cell.value
        for row in table.rows
        for column, cell in zip(table.columns, row, strict=True)
        if cell.kind == "count" and cell.value is not None
    }


@pytest.mark.parametrize("name", ["haninge-arbetsmarknadscenter", "sydostra-skane-jobbspar"])
def test_a_rounded_number_of_persons_is_marked(name: str) -> None:
    texts = Texts("sv")
    marks = tuple(texts[key].partition("{")[0] for key in MARKS)
    study = open_study(project_file(name), language="sv", purpose="explore")
    own_answers = answered(study, asked_of(study))
    exact = {place: persons(one) for place, one in numbered(own_answers, name, is_exact=True)}
    seen = 0
    for place, block in numbered(answers_of(name), name, is_exact=False):
        own = persons(block)
        shared = own.keys() & exact.get(place, {}).keys()
        differs = {key for key in shared if own[key] != exact[place][key]}
        if differs:
            seen += 1
            assert any(note.startswith(marks) for note in block.notes), (place, differs)
    assert seen or name.startswith("haninge")
