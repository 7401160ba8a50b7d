"""A number of persons that is not the register's own is marked where it stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evalkit.answers.study import open_study
from evalkit.language import Texts
from evalkit.present.blocks import Block, Figure, Table
from tests.golden.figures import sections_of
from tests.support.reports import project_file

pytestmark = pytest.mark.slow

MARKS = ("note.protected_curve", "disclosure.rounded_counts")


def numbered(purpose: str, name: str) -> Iterator[tuple[str, Block]]:
    study = open_study(project_file(name), language="sv", purpose=purpose)
    for section, made in sections_of(study):
        for block in made.blocks:
            if isinstance(block, Table | Figure):
                yield f"{section}: {block.id}", block


def persons(block: Block) -> dict[tuple[str, str], float]:
    """What stands in each column of whole numbers, by the first cell of its row."""
    table = block.data if isinstance(block, Figure) else block
    return {
        (row[0].text, column): cell.value
        for row in table.rows
        for column, cell in zip(table.columns, row, strict=True)
        if cell.kind == "count" and cell.value is not None
    }


@pytest.mark.parametrize("name", ["haninge-arbetsmarknadscenter", "sydostra-skane-jobbspar"])
def test_a_rounded_number_of_persons_is_marked(name: str) -> None:
    texts = Texts("sv")
    marks = tuple(texts[key].partition("{")[0] for key in MARKS)
    exact = {place: persons(block) for place, block in numbered("explore", name)}
    seen = 0
    for place, block in numbered("release", name):
        own = persons(block)
        shared = own.keys() & exact.get(place, {}).keys()
        differs = {key for key in shared if own[key] != exact[place][key]}
        if differs:
            seen += 1
            assert any(note.startswith(marks) for note in block.notes), (place, differs)
    assert seen or name.startswith("haninge")
