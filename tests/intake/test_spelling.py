"""One level spelled in two ways is one level; which spelling stays is not left to chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd

from evalkit.intake import Intake, read_registers
from evalkit.project.model import Project
from tests.intake.conftest import KEY, Build

TODAY = dt.date(2020, 3, 1)
HEADER = "Löpnr;Målgrupp;Startdatum"
Csv = Callable[..., str]


def _read(project: Project) -> Intake:
    return read_registers(project, key=KEY, today=TODAY)


def _lines(*groups: str) -> list[str]:
    return [f"{number};{group};2018-02-01" for number, group in enumerate(groups, 1)]


def test_spellings_that_differ_by_case_are_one_level_with_a_note(
    project_of: Build, csv: Csv
) -> None:
    groups = ("Unga", "unga ", "Unga.", "Unga", "Nyanlända")
    intake = _read(project_of(csv(HEADER, *_lines(*groups))))
    assert intake.spells["target_group"].tolist() == ["Unga"] * 4 + ["Nyanlända"]
    (found,) = [one for one in intake.findings if one.check == "spelled_alike"]
    assert (found.severity, found.column, found.rows) == ("note", "Målgrupp", (3, 4))
    assert found.listing == ()


def test_the_spelling_written_most_often_stays_over_all_registers(
    project_of: Build, csv: Csv
) -> None:
    first = csv(HEADER, *_lines("unga", "unga"), name="a.csv")
    second = csv(HEADER, *_lines("Unga", "Unga", "Unga"), name="b.csv")
    intake = _read(project_of(first, second))
    assert set(intake.spells["target_group"]) == {"Unga"}
    noted = [one.file for one in intake.findings if one.check == "spelled_alike"]
    assert noted == ["a.csv"]


def test_a_spelling_that_the_project_file_uses_stays_though_it_is_rarer(
    project_of: Build, csv: Csv
) -> None:
    name = csv(HEADER, *_lines("UNGA", "UNGA", "unga"))
    titled = {"target_group": {"unga": {"sv": "Unga", "en": "Young"}}}
    assert set(_read(project_of(name, levels=titled)).spells["target_group"]) == {"unga"}
    chosen = project_of(name).model_dump() | {
        "targets": [
            {
                "id": "young",
                "title": {"sv": "a", "en": "a"},
                "goal": 0.5,
                "where": {"target_group": "unga"},
            }
        ]
    }
    project = Project.model_validate(chosen).placed_in(project_of(name).folder)
    assert set(_read(project).spells["target_group"]) == {"unga"}


def test_a_comparison_group_is_spelled_as_the_participants(project_of: Build, csv: Csv) -> None:
    participants = csv(HEADER, *_lines("Unga", "Unga"))
    others = csv(HEADER, *(f"9{line}" for line in _lines("UNGA", "UNGA", "UNGA")), name="b.csv")
    text = {"sv": "a", "en": "a"}
    comparison: dict[str, Any] = {
        "title": text,
        "description": text,
        "from_register": {"file": others},
        "came_about": "not_offered",
        "confounders": ["target_group"],
        "outcome": {"day": 90, "statuses": ["employment"], "column": "later"},
    }
    content = project_of(participants).model_dump() | {"comparison": comparison}
    intake = _read(Project.model_validate(content).placed_in(project_of(participants).folder))
    assert intake.comparison is not None
    assert set(intake.comparison.persons["target_group"]) == {"Unga"}


def test_what_was_read_is_not_changed(project_of: Build, csv: Csv) -> None:
    from evalkit.intake.spelling import spelled_as

    others = pd.DataFrame({"group": ["UNGA"]}).astype("str")
    spelled = spelled_as(pd.DataFrame({"group": ["Unga"]}).astype("str"), others)
    assert (others["group"][0], spelled["group"][0]) == ("UNGA", "Unga")


def test_a_municipality_is_one_with_and_without_the_word(project_of: Build, csv: Csv) -> None:
    towns = ("Ystads kommun", "YSTAD", "ystad", "Borås stad", "Borås", "Kommun: Borås", "Norsjö")
    lines = _lines(*towns)
    intake = _read(project_of(csv("Löpnr;Kommun;Startdatum", *lines)))
    assert intake.spells["municipality"].value_counts().tolist() == [3, 3, 1]
    # "Borås" is no genitive of "Borå"; nothing is cut off where nobody writes the shorter name.
    assert set(intake.spells["municipality"]) == {"Ystads kommun", "Borås", "Norsjö"}
