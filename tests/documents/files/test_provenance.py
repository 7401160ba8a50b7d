from __future__ import annotations

from pathlib import Path

from evalkit.documents.files.provenance import digests, input_names, package_versions
from evalkit.project import load_project
from evalkit.yaml_text import read_yaml
from tests.support.templates import write_project


def test_inputs_are_named_from_the_projects_folder_with_their_checksums(tmp_path: Path) -> None:
    (tmp_path / "p" / "data").mkdir(parents=True)
    (tmp_path / "p" / "data" / "a.csv").write_bytes(b"abc")
    (tmp_path / "outside.csv").write_bytes(b"")
    file = write_project(tmp_path / "p")
    registers = "registers: [{file: data/a.csv}, {file: ../outside.csv}, {file: missing.csv}]\n"
    file.write_text(file.read_text() + registers)
    project = load_project(file)
    inputs = digests(project.folder, input_names(project, project_file=file))
    assert [read.name for read in inputs] == ["project.yaml", "data/a.csv", "outside.csv"]
    # FIPS 180-2, appendix B.1: SHA-256 of "abc"; and the well-known digest of nothing.
    assert inputs[1].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert inputs[2].sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def files_named(content: object) -> set[str]:
    """Whatever stands under a key ``file``, at any depth."""
    if isinstance(content, list):
        return set().union(*map(files_named, content))
    if not isinstance(content, dict):
        return set()
    own = {content["file"]} if isinstance(content.get("file"), str) else set()
    return own.union(*map(files_named, content.values()))


def test_every_file_that_a_project_names_is_an_input(sample_folder: Path) -> None:
    """Registers, follow-ups, the comparison group's own and series; else a change goes unseen."""
    for file in sample_folder.glob("*/project.yaml"):
        named = files_named(read_yaml(file.read_text(encoding="utf-8")))
        assert named
        assert named <= set(input_names(load_project(file), project_file=file))


def test_where_a_fetched_series_came_from_is_an_input_too(sample_folder: Path) -> None:
    file = sample_folder / "eskilstuna-fler-jobb" / "project.yaml"
    names = input_names(load_project(file), project_file=file)
    series = "kolada_n03937_urval.csv"
    assert {series, f"{series}.source.json"} <= set(names)


def test_the_packages_that_decide_a_figure_are_named() -> None:
    assert {"python", "evalkit", "numpy", "pandas", "scipy"} <= set(package_versions())
