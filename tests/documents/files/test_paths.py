from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.documents.files.paths import (
    NotFound,
    find_project,
    notebooks_folder,
    projects_below,
    sample_folder,
    template_file,
)
from tests.support.templates import template, write_project, write_template


def test_the_installation_brings_templates_and_sample_projects() -> None:
    assert (notebooks_folder() / "participants.ipynb").is_file()
    assert len(projects_below(sample_folder())) == 5


def test_a_projects_own_template_stands_before_the_general_one(tmp_path: Path) -> None:
    general = write_template(tmp_path / "general", "participants", template())
    where = {"project_folder": tmp_path / "p", "templates": tmp_path / "general"}
    assert template_file("participants", **where) == general
    own = write_template(tmp_path / "p" / "notebooks", "participants", template())
    assert template_file("participants", **where) == own


def test_a_chapter_without_a_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no template costs\.ipynb for the chapter 'costs'"):
        template_file("costs", project_folder=tmp_path, templates=tmp_path)


def test_a_project_is_found_by_file_by_folder_and_by_id(tmp_path: Path) -> None:
    file = write_project(tmp_path / "exempel")
    folders = (tmp_path,)
    assert find_project(str(file), folders=()) == file
    assert find_project(str(tmp_path / "exempel"), folders=()) == file
    assert find_project("exempel", folders=folders) == file
    with pytest.raises(NotFound, match="there are: exempel"):
        find_project("exmpel", folders=folders)


def test_a_register_given_in_place_of_a_project_is_told_from_one(tmp_path):
    register = tmp_path / "deltagare.xlsx"
    register.write_bytes(b"PK")
    with pytest.raises(NotFound, match=r"expected a project\.yaml or its folder"):
        find_project(str(register), folders=())


def test_a_folder_without_a_project_file_is_told_so(tmp_path):
    (tmp_path / "Vägen in").mkdir()
    with pytest.raises(NotFound, match=r"Vägen in: the folder holds no project\.yaml"):
        find_project(str(tmp_path / "Vägen in"), folders=())
    write_project(tmp_path / "Vägen in" / "p")
    with pytest.raises(NotFound, match=r"no project\.yaml; name one of those below: .*/Vägen in/p"):
        find_project(str(tmp_path / "Vägen in"), folders=())
