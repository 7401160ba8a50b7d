"""What the last guard would refuse at render, `check` tells before: the column and the remedy."""

from __future__ import annotations

import random
import shutil
from importlib import import_module
from pathlib import Path

import pytest

from evalkit.answers.study import open_study
from evalkit.chapters.plain_text import plain_text
from evalkit.chapters.section import AskedSection, released_report, show
from evalkit.documents.files.paths import sample_folder
from evalkit.documents.guard import fault_of, texts_in_registers
from evalkit.documents.preparing.check_display import show_check
from evalkit.documents.preparing.checking import checked
from evalkit.project import load_project
from tests.registers.kit import HEAD, csv, people

CHAPTERS = ("data_quality", "participants", "time_to_employment")
PLANTED = (
    "Anna Bergqvist", "Unga hos Björn Ceder", "Nordbergs Åkeri i Mora", "Storgatan 14",
    "ring 070-174 06 05", "cecilia.dahlin@kommunen.se", "har vård på Solgården sedan mars",
    "Coach: D. Ekengren (vik.)",
)  # fmt: skip
GROUPS = {"Coach": "coach", "Enhet": "unit", "Målgrupp": "target_group", "Kommun": "municipality",
          "Remittent": "referred_by"}  # fmt: skip
BESIDE = ("Anm", "Handläggare", "Försörjning före", "Avslutsorsak")


@pytest.mark.parametrize("seed", range(5))
def test_check_names_every_column_that_would_stop_the_report(seed: int, tmp_path: Path) -> None:
    assert _untold(seed, tmp_path) == set()


@pytest.mark.slow
def test_check_names_the_columns_of_many_registers(tmp_path: Path) -> None:
    untold = {seed: _untold(seed, tmp_path / str(seed)) for seed in range(5, 105)}
    assert {seed: columns for seed, columns in untold.items() if columns} == {}


def test_the_planted_texts_do_stop_reports(tmp_path: Path) -> None:
    _planted(0, tmp_path, of_all=30, of_few=2)
    assert _fault(tmp_path)
    assert _told(tmp_path)


def _untold(seed: int, folder: Path) -> set[str]:
    chance = random.Random(seed)
    headings = _planted(
        seed, folder, of_all=chance.choice((1, 3, 12, 40)), of_few=chance.choice((1, 2, 4))
    )
    fault, told = _fault(folder), _told(folder)
    refused = {heading for heading in headings if f"r.csv: {heading}" in fault}
    assert bool(fault) == bool(refused), fault
    return {heading for heading in refused if not any(f" r.csv: {heading} " in one for one in told)}


def _planted(seed: int, folder: Path, *, of_all: int, of_few: int) -> list[str]:
    """A register with one text in a column of groups and in another beside it."""
    chance = random.Random(seed)
    text, group, beside = (chance.choice([*all_of]) for all_of in (PLANTED, GROUPS, BESIDE))
    persons = people(7000 + seed, 100)
    rows = [dict(zip(HEAD, one.row, strict=True)) for one in persons]
    for number, row in enumerate(rows):
        row[group] = ("Norr", "Söder", "Öst")[number % 3]
        if beside == "Anm":
            row[beside] = f"samtal nummer {number} om planer"
        row.setdefault(beside, ("Ett", "Två")[number % 2])
    for column, count in ((group, of_all), (beside, of_few)):
        for row in chance.sample(rows, count):
            row[column] = text
    folder.mkdir(exist_ok=True)
    csv(folder / "r.csv", [*rows[0]], [[*row.values()] for row in rows])
    (folder / "project.yaml").write_text(
        f"""id: planted
title: Vägen in
summary: Ett samarbete.
languages: [sv]
period: {{start: 2023-01-01, end: 2024-12-31}}
data_cut: 2024-12-31
is_synthetic: true
registers:
  - {{file: r.csv, columns: {{{group}: {GROUPS[group]}}}}}
groups: [{GROUPS[group]}]
chapters: [{", ".join(CHAPTERS)}]
""",
        encoding="utf-8",
    )
    return [*rows[0]]


def _fault(folder: Path) -> str:
    """What the guard says of everything that the chapters print."""
    study = open_study(folder, language="sv", purpose="release")
    report = released_report(study)
    modules = [import_module(f"evalkit.chapters.{name}") for name in CHAPTERS]
    names = [
        one.name
        for name, module in zip(CHAPTERS, modules, strict=True)
        for one in vars(module).values()
        if isinstance(one, AskedSection) and one.name.startswith(f"{name}.")
    ]
    printed = "\n".join(plain_text(show(name, report)) for name in names)
    project = load_project(folder)
    texts = texts_in_registers(project)
    return fault_of({"report.html": printed}, texts, project=project, language="sv")


def _told(folder: Path) -> list[str]:
    """What check says will stop the report, each with what to do about it."""
    return [one.text for one in checked(folder).remarks if "Ta bort kolumnen ur filen" in one.text]


def test_a_column_of_ones_own_is_told_by_its_title(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(sample_folder() / "arena-for-arbete", tmp_path / "p")
    show_check(checked(folder, language="sv"))
    told = capsys.readouterr().out
    assert "(Koordinatorsstöd)" in told
