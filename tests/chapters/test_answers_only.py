"""Every number of a report is an answer's: none without members, none beside the answers."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from importlib import import_module

import pytest

import evalkit as ek
from evalkit.answers.study import Study
from evalkit.chapters.report import Report
from evalkit.chapters.section import AskedSection, asked_of, asks
from evalkit.present.blocks import Block, Cell, Figure, Paragraph, Table, printed
from evalkit.results import Answer, NotComputed, Released
from tests.conftest import REPOSITORY

SAMPLES = sorted(path.parent for path in REPOSITORY.glob("data/sample/*/project.yaml"))
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def sections_of(chapters: Iterable[str]) -> Iterator[AskedSection]:
    for chapter in chapters:
        for one in vars(import_module(f"evalkit.chapters.{chapter}")).values():
            if isinstance(one, AskedSection) and one.name.startswith(f"{chapter}."):
                yield one


def without_answers(study: Study) -> Report:
    """The report in which not one of the project's answers could be computed."""
    none = Released(NotComputed(reason="no_persons"), 0, "")
    return Report(study.project, study.words, {ask.id: none for ask in asked_of(study)})


def numbers_shown(section: AskedSection, report: Report, stated: set[str]) -> list[str]:
    """Numbers in tables, figures and prose that the project file does not state."""
    found: list[str] = []
    for block in section.show(report).blocks:
        found += [f"figure {block.id}"] if isinstance(block, Figure) else []
        found += [number for text in _texts(block) for number in NUMBER.findall(text)]
    return [one for one in found if one not in stated]


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from (cell.text for row in block.rows for cell in row if cell.value is not None)
    elif isinstance(block, Paragraph):
        yield from printed(block)


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_none_of_a_samples_answers_can_be_made_without_its_members(folder) -> None:
    answers = asked_of(ek.open_study(folder / "project.yaml"))
    of_persons = [one for one in answers if isinstance(one, Answer)]
    assert of_persons or folder.name.startswith("eskilstuna")  # which has no register
    for answer in of_persons:
        with pytest.raises(TypeError, match="needs its members"):
            dataclasses.replace(answer, members=())


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_where_no_answer_was_computed_no_chapter_shows_a_number(folder) -> None:
    study = ek.open_study(folder / "project.yaml")
    stated = set(NUMBER.findall((folder / "project.yaml").read_text(encoding="utf-8")))
    report = without_answers(study)
    shown = {
        one.name: numbers_shown(one, report, stated) for one in sections_of(study.project.chapters)
    }
    assert {name: numbers for name, numbers in shown.items() if numbers} == {}


def test_a_chapter_that_shows_a_figure_of_its_own_is_found() -> None:
    study = ek.open_study(SAMPLES[0] / "project.yaml")
    row = (Cell("Alla"), Cell("61,7 %", 0.617, "percent", 1))

    @asks(lambda _: iter(()))
    def rogue(report: Report) -> Iterator[Block]:
        yield Table(id="t", caption="", columns=("", ""), rows=(row,))
        yield Paragraph("Av 9 267 deltagare fick 61,7 % arbete.")

    assert "61,7" in numbers_shown(rogue, without_answers(study), set())
    assert numbers_shown(rogue, without_answers(study), set()).count("61,7") == 2
