"""Registers with a known truth: read as a careful person would, or refused with what to do.

The cases are written by `make_public.py` from made-up people; what each accepts is told in
`cases/README.md`. Everything is read in this process; what renders is marked slow.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from tests.registers import case_systems, cousins, newcomers, siblings, strangers
from tests.registers.judge import Case

CASES = Path(__file__).parent / "cases"
FOLDERS = sorted(path.parent for path in CASES.glob("*/truth.json"))
RENDERED = {
    folder.name
    for folder in FOLDERS
    if json.loads((folder / "truth.json").read_text(encoding="utf-8")).get("renders")
}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_register_gives_its_truth_or_says_why_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(folder)
    for name, value in {"COLUMNS": "400", **case.truth.get("env", {})}.items():
        monkeypatch.setenv(name, value)
    assert case.fault() == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(RENDERED))
def test_a_register_renders(name: str, tmp_path: Path) -> None:
    from evalkit.batch.run import render

    outcomes = render(
        (CASES / name / "project.yaml",),
        output=tmp_path,
        languages=("sv",),
        formats=("html",),
        templates=Path("notebooks"),
        workers=1,
    )
    assert not [failure for outcome in outcomes for failure in outcome.failures]
    assert [*tmp_path.rglob("*.html")]


def test_the_output_of_check_ends_in_an_encoding_that_lacks_letters(tmp_path: Path) -> None:
    import subprocess
    import sys

    printed = subprocess.run(
        [
            sys.executable,
            "-m",
            "evalkit",
            "check",
            str(CASES / "text-check-into-a-file-on-windows"),
        ],
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=False,
    )
    assert printed.returncode in (0, 1)
    assert b"unforeseen" not in printed.stderr


@pytest.mark.parametrize("more", [siblings, newcomers])
def test_other_files_of_the_same_kinds_give_their_truth(more: ModuleType, tmp_path: Path) -> None:
    more.write_all(tmp_path / "cases")
    assert faults_in(tmp_path / "cases") == {}


def test_twenty_registers_of_case_systems_give_their_truth(tmp_path: Path) -> None:
    case_systems.write_all(tmp_path / "cases")
    assert len(case_systems.SHAPES) == 20
    assert faults_in(tmp_path / "cases") == {}


@pytest.mark.parametrize("more", [cousins, strangers])
def test_every_eighth_file_of_further_sets_gives_its_truth(
    more: ModuleType, tmp_path: Path
) -> None:
    more.write_all(tmp_path / "cases")
    for number, folder in enumerate(sorted((tmp_path / "cases").iterdir())):
        if number % 8:
            shutil.rmtree(folder)
    assert faults_in(tmp_path / "cases") == {}


@pytest.mark.slow
@pytest.mark.parametrize("more", [cousins, strangers])
def test_further_sets_of_files_give_their_truth(more: ModuleType, tmp_path: Path) -> None:
    more.write_all(tmp_path / "cases")
    assert faults_in(tmp_path / "cases") == {}


def faults_in(root: Path) -> dict[str, str]:
    folders = sorted(path.parent for path in root.glob("*/truth.json"))
    found = {folder.name: Case(folder).fault() for folder in folders}
    return {name: fault for name, fault in found.items() if fault}
