"""papermill by itself: a notebook in one language, its parameters by name, type and meaning."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.support.templates import code, markdown, template, write_template

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))


def papermill(folder: Path, *arguments: str) -> str:
    """What papermill prints, with our entry point known as an installation makes it known."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    (folder / "evalkit-0.egg-info").mkdir()
    lines = [f"{name} = {at}" for name, at in project["entry-points"]["papermill.engine"].items()]
    known = "\n".join(["[papermill.engine]", *lines])
    (folder / "evalkit-0.egg-info" / "entry_points.txt").write_text(known, encoding="utf-8")
    path = os.pathsep.join([str(folder), str(REPOSITORY)])
    done = subprocess.run(
        [sys.executable, "-m", "papermill", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_notebook_comes_out_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    cells = (markdown("# Svenska", "lang:sv"), markdown("# English", "lang:en"),
             markdown("Both"), code("language"))  # fmt: skip
    source = write_template(tmp_path, "x", template(*cells))
    target = tmp_path / "out.ipynb"
    papermill(tmp_path, str(source), str(target), "-p", "language", "en")
    made = json.loads(target.read_text("utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in made if cell["cell_type"] == "markdown"]
    assert texts == ["# English", "Both"]
    assert "".join(made[-1]["outputs"][0]["data"]["text/plain"]) == "'en'"


def test_every_parameter_is_named_with_its_type_and_meaning(tmp_path: Path) -> None:
    from papermill import inspect_notebook

    for file in NOTEBOOKS:
        for name, told in inspect_notebook(str(file)).items():
            assert told["inferred_type_name"] == "str", (file.name, name)
            assert told["help"], (file.name, name)
    told = papermill(tmp_path, "--help-notebook", str(REPOSITORY / "notebooks" / "costs.ipynb"))
    assert 'language: str (default "sv")' in told
    assert "sv or en" in told
