"""new-chapter writes what renders as written; preview shows it anew on a save; strip empties it."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evalkit import cli
from evalkit.batch import run as batch
from evalkit.batch.preview import LOOPBACK, Preview, follow, served
from evalkit.documents.files.stripping import NotANotebook, stripped
from evalkit.documents.filled import failed_chapter, opened_report
from evalkit.documents.preparing.checking import checked
from evalkit.documents.preparing.new_chapter import new_chapter
from evalkit.present.blocks import MIME_TYPE, Box, Figure, Table, from_json
from evalkit.project import ProjectError, load_project
from evalkit.project.problems import terminal
from tests.own_notebooks.planted import write_planted
from tests.support.offline import Here
from tests.support.waiting import wait_until

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "Lanes", lambda _workers: Here())


def test_the_template_renders_as_written_in_both_languages(tmp_path: Path) -> None:
    project = write_planted(tmp_path / "p", ["min_egen"])
    new_chapter("min_egen", project)
    outcomes = batch.render([project], output=tmp_path / "reports", formats=("html",))
    assert [one.failures for one in outcomes] == [(), ()]
    for language, title in (("sv", "Avslut, ritade av mig"), ("en", "Exits, drawn by me")):
        file = tmp_path / "reports" / "planted" / "chapters" / f"min_egen.{language}.ipynb"
        cells = json.loads(file.read_text("utf-8"))["cells"]
        outputs = [o["data"][MIME_TYPE] for cell in cells for o in cell.get("outputs", ())]
        blocks = [block for output in outputs for block in from_json(output).blocks]
        assert not [block for block in blocks if isinstance(block, Box)]
        assert len([block for block in blocks if isinstance(block, Table)]) == 2
        assert title in [block.caption for block in blocks if isinstance(block, Figure)]
    again = batch.render([project], output=tmp_path / "reports", formats=("html",))
    assert all(one.is_up_to_date for one in again)


def test_a_projects_own_version_of_a_chapter_names_its_project(tmp_path: Path) -> None:
    project = write_planted(tmp_path, ["participants"])
    file = new_chapter("participants", project)
    first = json.loads(file.read_text("utf-8"))["cells"][0]
    assert first["source"].startswith('project_file: str = "project.yaml"')
    with pytest.raises(ProjectError, match="already"):
        new_chapter("participants", project)
    with pytest.raises(ProjectError, match="cannot be a chapter's name"):
        new_chapter("answers", project)


def test_a_new_chapter_speaks_the_projects_language_alone(tmp_path: Path) -> None:
    project = write_planted(tmp_path, ["participants"], languages="sv")
    text = new_chapter("min_egen", project).read_text("utf-8")
    assert "# Projektfilens namn" in text
    assert "NOTE_" not in text
    assert "lang:en" not in text


def test_a_chapter_that_fails_is_told_of_and_tried_again(tmp_path: Path) -> None:
    project = write_planted(tmp_path / "p", ["participants", "missing_library"], languages="sv")
    own = tmp_path / "p" / "missing_library.ipynb"
    shutil.copy(HERE / "missing_library.ipynb", own)
    asked = ["render", str(project), "--output", str(tmp_path / "reports"), "--formats", "html"]
    page = tmp_path / "reports" / "planted" / "report.sv.html"
    for _ in range(2):  # nothing is changed: the library may have been installed meanwhile
        done = CliRunner().invoke(cli.app, asked)
        assert done.exit_code == 1
        assert "(utkast, ofullständig)" in done.stdout
        assert "missing_library: ModuleNotFoundError i cell 4" in done.stderr
        assert "ModuleNotFoundError i cell 4" in page.read_text("utf-8")
    notebook = json.loads(own.read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []):
            cell["source"] = "1 + 1"
    own.write_text(json.dumps(notebook), encoding="utf-8")
    done = CliRunner().invoke(cli.app, asked)
    assert done.exit_code == 0, done.stderr
    assert "i cell" not in page.read_text("utf-8")
    assert "behövde inte göras om" in CliRunner().invoke(cli.app, asked).stdout


def test_why_a_chapter_failed_is_said_in_the_reports_language(tmp_path: Path) -> None:
    project = load_project(write_planted(tmp_path, ["participants"]))
    for language, words in (("sv", "KeyError i cell 3"), ("en", "KeyError in cell 3")):
        report = opened_report(project, {}, language)
        failure = terminal("chapter.in_cell", kind="KeyError", cell=3).in_language(language)
        (cell,) = failed_chapter(failure, report)["cells"]
        (box,) = from_json(cell["outputs"][0]["data"][MIME_TYPE]).blocks
        assert words in str(box)


def test_words_of_cause_in_an_own_notebook_are_warned_of(tmp_path: Path) -> None:
    project = write_planted(tmp_path, ["participants", "min_egen"])
    file = new_chapter("min_egen", project)
    notebook = json.loads(file.read_text("utf-8"))
    notebook["cells"][-1]["source"] = "<!-- sv -->\nTack vare insatsen fick fler arbete."
    file.write_text(json.dumps(notebook), encoding="utf-8")
    (warned,) = (one for one in checked(project).remarks if one.severity == "warning")
    assert warned.text.startswith("min_egen.ipynb, ")
    assert "(sv): ”Tack vare insatsen fick fler arbete.”" in warned.text


def asked(address: str, path: str, host: str = LOOPBACK) -> tuple[int, str]:
    port = int(address.rstrip("/").rpartition(":")[2])
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
    connection.request("GET", path, headers={"Host": f"{host}:{port}"})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_the_preview_follows_a_notebook_and_serves_this_machine_only(tmp_path: Path) -> None:
    project = write_planted(tmp_path / "p", ["participants", "frame_last"])
    own = tmp_path / "p" / "frame_last.ipynb"
    shutil.copy(HERE / "frame_last.ipynb", own)
    preview = Preview(project, chapters=["frame_last"], output=tmp_path / "out")
    is_over = threading.Event()
    following = threading.Thread(target=follow, args=(preview,), kwargs={"until": is_over.is_set})
    with served(preview) as address:
        assert address.startswith(f"http://{LOOPBACK}:")
        assert "Utkast, bara på den här datorn" in asked(address, "/")[1]
        following.start()
        try:
            wait_until(lambda: preview.version == 1)
            status, page = asked(address, "/page")
            assert status == 200
            assert "Visas inte i rapporten" in page
            own.write_text(own.read_text("utf-8").replace("# Tabeller", "# Ny rubrik"), "utf-8")
            wait_until(lambda: preview.version == 2)
            assert "Ny rubrik" in asked(address, "/page")[1]
        finally:
            is_over.set()
            following.join(60)
        assert asked(address, "/page", host="elsewhere.example")[0] == 403
        assert asked(address, "/etc/passwd")[0] == 404


def test_stripping_leaves_nothing_that_a_cell_showed(tmp_path: Path) -> None:
    notebook = json.loads((HERE / "prints.ipynb").read_text("utf-8"))
    code = notebook["cells"][-1]
    internal = {"blocks": [], "is_internal": True}
    released = {"blocks": [{"block": "paragraph", "text": "Granskat"}], "is_internal": False}
    code["execution_count"] = 7
    code["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "Xerxes"},
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": "Xerxes"}},
        {"output_type": "error", "ename": "E", "evalue": "Xerxes", "traceback": ["Xerxes"]},
        *(
            {"output_type": "display_data", "metadata": {}, "data": {MIME_TYPE: one, "x": "Xerxes"}}
            for one in (internal, released)
        ),
    ]
    left = stripped(json.dumps(notebook))
    assert "Xerxes" not in left
    assert "Granskat" in left
    assert stripped(left) == left
    with pytest.raises(NotANotebook):
        stripped("[1]")
    run = [sys.executable, "-m", "evalkit", "strip", "-"]
    done = subprocess.run(run, input=json.dumps(notebook), capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert (done.returncode, done.stdout) == (0, left)
