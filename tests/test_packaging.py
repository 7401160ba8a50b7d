"""The ways of installing agree with each other, and the wheel carries what it promises."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
import yaml

import evalkit
from tests.conftest import REPOSITORY


@pytest.fixture(scope="module")
def pyproject() -> dict:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pinned() -> dict[str, str]:
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {_canonical(name): version for name, version in pins}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _name(requirement: str) -> str:
    return _canonical(re.split(r"[<>=!~ \[;]", requirement)[0])


def test_environment_file_lists_the_dependencies_of_pyproject(pyproject):
    environment = yaml.safe_load((REPOSITORY / "environment.yml").read_text(encoding="utf-8"))
    (pip,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    requirements = [line for line in pip if not line.startswith("--")]
    both = pyproject["project"]["dependencies"] + pyproject["dependency-groups"]["dev"]
    assert requirements == both
    assert f"python{pyproject['project']['requires-python']}" in environment["dependencies"]


def test_every_direct_dependency_is_pinned(pyproject, pinned):
    direct = pyproject["project"]["dependencies"] + pyproject["dependency-groups"]["dev"]
    assert {_name(requirement) for requirement in direct} <= set(pinned)


# A program that is started by name, and a library whose results are read when handed over.
NOT_IMPORTED = {"jupyterlab", "lifelines"}


def imported_distributions() -> set[str]:
    """What the package imports that is not Python's own, by the names it is installed by."""
    homes = packages_distributions()
    modules = {
        name.split(".")[0]
        for file in (REPOSITORY / "evalkit").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    found = modules - set(sys.stdlib_module_names) - {"evalkit", ""}
    return {_canonical(home) for name in found for home in homes.get(name, [name])}


def declared_packages(pyproject: dict) -> set[str]:
    project = pyproject["project"]
    extras = [line for extra in project["optional-dependencies"].values() for line in extra]
    return {_name(line) for line in [*project["dependencies"], *extras]}


def test_the_table_of_dependencies_names_what_is_declared(pyproject):
    text = (REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = text.partition("## Dependencies")[2].splitlines()
    first = [row.split("|")[1] for row in rows if row.startswith("| ")][1:]
    named = {
        _canonical(name)
        for cell in first
        if "group `dev`" not in cell
        for name in re.sub(r"\(.*?\)", "", cell).replace(" ", "").split(",")
    }
    assert named == declared_packages(pyproject)


def test_what_is_declared_is_imported_and_what_is_imported_is_declared(pyproject):
    declared, imported = declared_packages(pyproject), imported_distributions()
    assert declared - imported == NOT_IMPORTED
    brought = {_name(line) for name in declared for line in requires(name) or ()}
    assert imported <= declared | brought


def test_the_version_to_cite_is_the_packages():
    citation = (REPOSITORY / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {evalkit.__version__}\n" in citation


def test_constraints_name_no_package_index():
    text = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--" not in text


def test_import_is_cheap():
    """Nothing of the scientific stack is loaded until a public name is used."""
    code = (
        "import sys, evalkit; print(sorted({'numpy', 'pandas', 'matplotlib'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert found == "[]"


@pytest.mark.slow
def test_wheel_carries_templates_texts_and_sample_data(tmp_path: Path):
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    notebooks = {
        f"evalkit/_bundled/notebooks/{p.name}" for p in REPOSITORY.glob("notebooks/*.ipynb")
    }
    projects = {
        f"evalkit/_bundled/sample/{p.parent.name}/project.yaml"
        for p in REPOSITORY.glob("data/sample/*/project.yaml")
    }
    assert notebooks
    assert projects
    assert notebooks | projects <= names
    assert not [name for name in names if name.startswith("tests/") or "oracles" in name]
