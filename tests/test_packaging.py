"""The ways of installing agree with each other, and the wheel carries what it promises."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

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
