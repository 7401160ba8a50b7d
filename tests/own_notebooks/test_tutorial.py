"""The tutorial of a chapter of one's own, followed as it stands in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from evalkit.batch import run as batch
from evalkit.documents.preparing.new_chapter import new_chapter
from evalkit.present.blocks import MIME_TYPE, Box, Figure, Table, from_json
from tests.own_notebooks.planted import write_planted
from tests.support.offline import Here
from tests.test_pages import ROOT, blocks


@pytest.mark.parametrize(
    ("page", "name", "captions"),
    [
        ("sv/eget-kapitel.md", "min_egen", {"Kvinnor som gick till arbete", "Avslut, ritade här"}),
        ("en/own-chapters.md", "my_own", {"Kvinnor som gick till arbete", "Exits, drawn here"}),
    ],
)
def test_the_steps_of_the_page_give_the_chapter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, name: str, captions: set[str]
) -> None:
    monkeypatch.setattr(batch, "Lanes", lambda _workers: Here())
    named = blocks(ROOT / "docs" / page, "yaml")[0].strip()
    project = write_planted(tmp_path / "p", ["participants"], languages="sv")
    project.write_text(project.read_text("utf-8").replace("chapters: [participants]", named))
    file = new_chapter(name, project)
    notebook = nbformat.read(file, as_version=4)
    notebook.cells += [new_code_cell(block) for block in blocks(ROOT / "docs" / page, "python")]
    nbformat.write(notebook, file)
    outcomes = batch.render([project], output=tmp_path / "reports", formats=("html",))
    assert [one.failures for one in outcomes] == [()]
    report = tmp_path / "reports" / "planted"
    cells = json.loads((report / "chapters" / f"{name}.sv.ipynb").read_text("utf-8"))["cells"]
    outputs = [o["data"][MIME_TYPE] for cell in cells for o in cell.get("outputs", ())]
    shown = [block for output in outputs for block in from_json(output).blocks]
    assert not [block for block in shown if isinstance(block, Box)]
    assert captions <= {block.caption for block in shown if isinstance(block, Table | Figure)}
    assert f"own.{name}.women" in (report / "answers.json").read_text("utf-8")
