"""The chapters of a project read its registers once, and again when a file has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.answers import registers_read
from evalkit.project import load_project
from tests.own_notebooks.planted import write_planted


@pytest.mark.parametrize("changed", ["deltagare.csv", "project.yaml"])
def test_registers_are_read_again_only_when_a_file_has_changed(
    tmp_path: Path, changed: str
) -> None:
    file = write_planted(tmp_path, ["participants"])
    first = registers_read.read_once(load_project(file))
    assert registers_read.read_once(load_project(file)) is first
    text = (tmp_path / changed).read_text("utf-8")
    rest = text.replace("data_cut: 2021-12-31", "data_cut: 2021-12-30")
    if changed == "deltagare.csv":
        rest = text.rpartition("\n")[0]  # a person fewer
    (tmp_path / changed).write_text(rest, "utf-8")
    again = registers_read.read_once(load_project(file))
    assert again is not first
    fewer = len(first.persons) - len(again.persons)
    assert fewer == (changed == "deltagare.csv")
