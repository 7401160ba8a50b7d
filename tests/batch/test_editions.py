"""Drafts as often as one likes; an edition is the draft that was read, and stands recorded."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from evalkit.batch.editions import changed_draft, recorded_in
from evalkit.batch.kernels.tasks import ChapterRun, ChapterTask
from evalkit.batch.run import render
from evalkit.figures import FIGURES_MIME_TYPE, ReleasedFigure, figures_to_json
from evalkit.present.blocks import MIME_TYPE, Cell, Paragraph, Section, Table, to_json
from tests.support.offline import Offline
from tests.support.templates import code, template, write_project, write_template

BY = "Kim Exempel, utvärderare"
ASKED: dict[str, Any] = {"languages": ["sv"]}


@pytest.fixture
def folder(tmp_path: Path, offline: Offline) -> Path:
    """A project of real persons, whose chapter says how many of 60 went to work."""
    write_template(tmp_path / "nb", "participants", template(code("1")))
    file = write_project(tmp_path / "p")
    text = file.read_text(encoding="utf-8").replace("is_synthetic: true", "is_synthetic: false")
    file.write_text(text, encoding="utf-8")
    says(offline, 40)
    return tmp_path


def says(offline: Offline, reached: int) -> None:
    row = (Cell("arbete"), Cell("60", 60, "count"), Cell(str(reached), reached, "count"))
    table = Table(
        id="outcomes", caption="Avslut", columns=("Avslut", "Personer", "Arbete"), rows=(row,)
    )
    figure = ReleasedFigure(
        id="share/work", measure="share", label="Till arbete", value=reached / 60, unit="share",
        decimals=1, n=60, events=reached,
    )  # fmt: skip
    data = {
        MIME_TYPE: to_json(Section((Paragraph(f"{reached} av 60."), table))),
        FIGURES_MIME_TYPE: figures_to_json([figure]),
    }
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    cell = {
        "cell_type": "code", "metadata": {"tags": []}, "source": "", "id": "a",
        "outputs": [output], "execution_count": None,
    }  # fmt: skip
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    task = ChapterTask(
        project_file=Path("x"), project_id="x", chapter="x", language="sv", template=Path("x")
    )
    run = ChapterRun(task=task, notebook=notebook, seconds=1.0)
    offline.runs["exempel participants (sv)"] = run


def made(folder: Path, *, signed_by: str = "", formats: tuple[str, ...] = ("html",)) -> list[str]:
    outcomes = render(
        [folder / "p"], output=folder / "out", templates=folder / "nb", formats=formats,
        signed_by=signed_by, **ASKED,
    )  # fmt: skip
    return [failure for outcome in outcomes for failure in outcome.failures]


def changed(folder: Path) -> Any:
    return changed_draft(
        folder / "p/project.yaml",
        output=folder / "out",
        templates=folder / "nb",
        formats=("html",),
        **ASKED,
    )


def page(folder: Path) -> str:
    return (folder / "out/exempel/report.sv.html").read_text(encoding="utf-8")


def correct(folder: Path) -> None:
    """A corrected row: the project's inputs are others than they were."""
    file = folder / "p/project.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("funder: Finsam", "funder: Finsam Ystad"), encoding="utf-8")


def test_a_draft_says_so_in_every_format_and_is_marked(folder: Path, offline: Offline) -> None:
    assert made(folder, formats=("html", "pdf", "docx", "xlsx")) == []
    report = folder / "out/exempel"
    assert "Utkast" in page(folder)
    pages = PdfReader(report / "report.sv.pdf").pages
    assert all("Utkast" in one.extract_text() for one in pages)
    for name, part in (
        ("report.sv.docx", "word/document.xml"),
        ("tables.sv.xlsx", "sharedStrings"),
    ):
        with zipfile.ZipFile(io.BytesIO((report / name).read_bytes())) as archive:
            (inner,) = [one for one in archive.namelist() if part in one]
            assert "Utkast" in archive.read(inner).decode()


def test_a_row_is_corrected_and_drafted_again_as_often_as_one_likes(
    folder: Path, offline: Offline
) -> None:
    for reached in (40, 41, 42):
        says(offline, reached)
        correct(folder)
        assert made(folder) == []
        assert f"{reached} av 60." in page(folder)


def test_the_draft_that_was_read_is_published(folder: Path, offline: Offline) -> None:
    made(folder)
    offline.ran_since()
    assert changed(folder) is None
    assert made(folder, signed_by=BY) == []
    assert offline.ran_since() == []
    assert "Utkast" not in page(folder)


def test_publishing_stops_and_lists_the_figures_when_something_changed_since(
    folder: Path, offline: Offline
) -> None:
    made(folder)
    says(offline, 50)
    correct(folder)
    found = changed(folder)
    assert [sentence.replace("\u00a0", " ") for sentence in found.differing] == [
        "Till arbete: från 66,7 % till 83,3 %"
    ]
    # The new draft is there to be read, and is the one that is published next.
    assert "Utkast" in page(folder)
    assert "50 av 60." in page(folder)
    assert changed(folder) is None


def test_what_is_published_is_no_draft_again_while_nothing_changes(
    folder: Path, offline: Offline
) -> None:
    made(folder)
    made(folder, signed_by=BY)
    assert made(folder) == []
    assert "Utkast" not in page(folder)
    made(folder, signed_by="Någon Annan, chef")


def test_a_draft_sets_the_published_report_apart_until_the_next_edition(
    folder: Path, offline: Offline
) -> None:
    made(folder)
    made(folder, signed_by=BY)
    published = page(folder)
    says(offline, 50)
    correct(folder)
    made(folder)
    apart = folder / "out/exempel/published/report.sv.html"
    assert apart.read_text(encoding="utf-8") == published
    assert "Utkast" in page(folder)
    made(folder, signed_by=BY)
    assert not apart.exists()


def test_what_changed_is_told_against_the_edition_and_not_the_last_draft(
    folder: Path, offline: Offline
) -> None:
    made(folder)
    made(folder, signed_by=BY)
    for reached in (48, 50):
        says(offline, reached)
        correct(folder)
        made(folder)
    entry = json.loads((folder / "out/exempel/manifest.json").read_bytes())["reports"]["sv"]
    (before,) = entry["previous"]["figures"]
    assert (before["events"], entry["figures"][0]["events"]) == (40, 50)
    index = (folder / "out/index.html").read_text(encoding="utf-8")
    assert '<p class="tag">Utkast</p>' in index


def test_made_up_registers_are_no_drafts_and_need_no_publishing(
    folder: Path, offline: Offline
) -> None:
    file = folder / "p/project.yaml"
    text = file.read_text(encoding="utf-8").replace("is_synthetic: false", "is_synthetic: true")
    file.write_text(text, encoding="utf-8")
    made(folder)
    assert "Utkast" not in page(folder)
    made(folder, signed_by=BY)
    assert "påhittat" in recorded_in(file, BY)
