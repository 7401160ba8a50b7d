"""Registers of case-system shape → `init --yes`, at most three edits → released figures."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from evalkit.answers.study import Study
from evalkit.chapters.section import released_report
from evalkit.documents.preparing.start import init
from evalkit.project import load_project
from evalkit.results import CountTable
from tests.registers import case_systems
from tests.registers.judge import Case
from tests.registers.kit import CUT

# The day on which the evaluator sits down; the file cannot tell until when it was kept.
TODAY = dt.date(2025, 1, 10)
SAID_BY_THE_EVALUATOR = {"period": f"{{start: 2023-01-01, end: {CUT}}}", "data_cut": str(CUT)}
FEWEST_READ = 18


@pytest.mark.parametrize("number", [3, 9, 20])
def test_a_register_is_released_after_init_and_three_edits(number: int, tmp_path: Path) -> None:
    case_systems.write_all(tmp_path / "cases")
    (folder,) = (tmp_path / "cases").glob(f"{number:02d}-*")
    assert first_hour(folder) == []


@pytest.mark.slow
def test_twenty_registers_are_released_after_init_and_three_edits(tmp_path: Path) -> None:
    case_systems.write_all(tmp_path / "cases")
    folders = sorted((tmp_path / "cases").iterdir())
    assert len(folders) == len(case_systems.SHAPES) == 20
    faults = {folder.name: first_hour(folder) for folder in folders}
    missed = {name: why for name, why in faults.items() if why}
    assert len(folders) - len(missed) >= FEWEST_READ, missed
    # What is not read may be refused; a figure that is given is right.
    assert not [why for why in missed.values() if any("instead of" in one for one in why)], missed


def first_hour(folder: Path) -> list[str]:
    """What is wrong in what the folder's register gives after init and the edits."""
    (folder / "project.yaml").unlink()
    (register,) = folder.glob("export.*")
    project_file = init(register, yes=True, today=TODAY)
    n_edited = edit(project_file, SAID_BY_THE_EVALUATOR)
    assert n_edited <= 3
    fault = Case(folder).fault()
    return [fault] if fault else wrong_cells(folder)


def edit(project_file: Path, said: dict[str, str]) -> int:
    """Lines of the project file that the evaluator changes."""
    before = project_file.read_text(encoding="utf-8").splitlines()
    after = [
        f"{key}: {said[key]}" if (key := line.partition(":")[0]) in said else line
        for line in before
    ]
    project_file.write_text("\n".join(after) + "\n", encoding="utf-8")
    return sum(old != new for old, new in zip(before, after, strict=True))


def wrong_cells(folder: Path) -> list[str]:
    """Released cells that are not the generator's."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    study = Study(load_project(folder / "project.yaml"), "sv", "release")
    store = released_report(study)
    wanted = {"persons.exit_class": truth["exits"], "persons.sex": truth["sex"]}
    wrong = []
    for name, counts in wanted.items():
        table = store.of(name, CountTable).result
        column = name.partition(".")[2]
        shown = table.counts[~table.counts["is_margin"] & ~table.counts["is_withheld"]]
        wrong += [
            f"{name} {level}: {n} instead of {counts.get(level, 0)}"
            for level, n in zip(shown[column], shown["n"], strict=True)
            if n != counts.get(level, 0)
        ]
        margin = table.counts.loc[table.counts["is_margin"], "n"].dropna()
        wrong += [
            f"{name}: {n} persons instead of {truth['persons']}"
            for n in margin
            if n != truth["persons"]
        ]
        if shown.empty:
            wrong.append(f"{name}: nothing is shown")
    return wrong
