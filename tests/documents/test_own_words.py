"""The evaluator's voice: read from the project file or beside it, marked, and warned of."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from evalkit.documents.files.paths import sample_folder
from evalkit.documents.files.provenance import input_names
from evalkit.documents.model import build_document
from evalkit.documents.preparing.checking import checked
from evalkit.present.blocks import Box
from evalkit.project import ProjectError, load_project

OWN = {
    "author": "Utvärderarna AB",
    "contact": {"sv": "utvarderarna@example.se", "en": "utvarderarna@example.se"},
    "reference": "KS 2026/12",
    "published": "2026-03-01",
    "conclusions": {"sv": "slutsatser.md", "en": "Thanks to the programme more people found work."},
    "recommendations": {"sv": "Följ alla i ett år.", "en": "Follow everyone for a year."},
    "comments": {"costs": {"sv": "Beloppet är budgeten.", "en": "The amount is the budget."}},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "arena"
    shutil.copytree(sample_folder() / "arena-for-arbete", folder)
    (folder / "slutsatser.md").write_text(
        "# Slutsatser\n\nMålet är *inte* säkert nått.\n\n3. Ett\n4. Två\n", "utf-8"
    )
    path = folder / "project.yaml"
    content = yaml.safe_load(path.read_text("utf-8")) | OWN | {"chapters": ["costs"]}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


def test_the_evaluators_words_stand_in_boxes_that_say_whose_they_are(file):
    document = build_document(load_project(file), {"costs": {"cells": []}}, language="sv")
    assert document.first_page is not None
    boxes = [block for part in document.first_page.parts for block in part.blocks]
    assert boxes == [
        Box("note", "Utvärderarens slutsatser, med egna ord",
            ("Målet är inte säkert nått.", "3. Ett", "4. Två")),
        Box("note", "Utvärderarens rekommendationer, med egna ord", ("Följ alla i ett år.",)),
    ]  # fmt: skip
    (comment,) = document.chapters[0].parts[0].blocks
    assert comment == Box(
        "note", "Utvärderarens kommentar, med egna ord", ("Beloppet är budgeten.",)
    )
    facts = {fact.label: fact.values for fact in document.facts}
    assert facts["Diarienummer"] == ("KS 2026/12",)
    assert facts["Publicerad"] == ("1 mars 2026",)
    assert facts["Utvärderare"] == ("Utvärderarna AB",)


def test_a_markdown_file_is_an_input_and_must_be_there(file):
    assert "slutsatser.md" in input_names(load_project(file), project_file=file)
    (file.parent / "slutsatser.md").unlink()
    with pytest.raises(ProjectError, match=r"slutsatser\.md"):
        load_project(file)


def test_words_of_cause_without_a_design_are_warned_of(file):
    warned = [one.text for one in checked(file).remarks if one.severity == "warning"]
    assert len(warned) == 1
    assert warned[0].startswith("project.yaml, conclusions (en): ”")


def test_a_chapter_of_ones_own_without_a_notebook_is_told_before_the_draft(file):
    content = yaml.safe_load(file.read_text("utf-8")) | {"chapters": ["costs", "my_own"]}
    file.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    found = checked(file, language="en")
    (told,) = (one.text for one in found.remarks if one.severity == "error")
    assert "evalkit new-chapter my_own" in told
    assert [one.chapter for one in found.chapters] == ["costs"]
