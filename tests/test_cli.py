from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from evalkit import __version__, cli, intake
from evalkit.documents.files import paths
from evalkit.results import Finding
from tests.support.templates import (
    code,
    template,
    whole_template,
    write_project,
    write_template,
)

# Skatteverket's published test number: stands for whatever must never be told.
PLANTED = "191212121212"


class Told(NamedTuple):
    code: int
    out: str
    err: str


class Runner:
    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], folder: Path
    ) -> None:
        self.monkeypatch, self.capfd = monkeypatch, capfd
        monkeypatch.chdir(folder)
        monkeypatch.setenv("COLUMNS", "200")
        for name in ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS"):
            monkeypatch.delenv(name, raising=False)

    def __call__(self, *arguments: str) -> Told:
        self.monkeypatch.setattr(sys, "argv", ["evalkit", *arguments])
        self.capfd.readouterr()
        status = 0
        try:
            cli.main()
        except SystemExit as left:
            status = int(left.code or 0)
        told = self.capfd.readouterr()
        assert "Traceback" not in told.err
        return Told(status, told.out, told.err)


@pytest.fixture
def evalkit(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> Runner:
    return Runner(monkeypatch, capfd, tmp_path)


def test_help_lists_the_commands(evalkit: Runner) -> None:
    told = evalkit("--help")
    assert told.code == 0
    assert all(name in told.out for name in ("render", "check", "demo"))


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; import evalkit.cli\n"
        "heavy = {'pandas', 'numpy', 'papermill', 'matplotlib', 'pydantic', 'jinja2'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_render_writes_the_report_of_a_named_project(evalkit: Runner, tmp_path: Path) -> None:
    write_template(tmp_path / "notebooks", "participants", whole_template())
    write_project(tmp_path / "data/sample/exempel")
    told = evalkit("render", "exempel", "--languages", "sv", "--workers", "1")
    assert told.code == 0
    assert (tmp_path / "reports/exempel/report.sv.html").is_file()
    assert not (tmp_path / "reports/exempel/report.en.html").exists()
    assert "1 of 1 reports rendered; start at reports/index.html" in told.out
    assert told.err.startswith("1/1 exempel participants (sv): ")


def test_render_writes_only_the_formats_asked_for_and_takes_older_ones_away(
    evalkit: Runner, tmp_path: Path
) -> None:
    write_template(tmp_path / "notebooks", "participants", whole_template())
    write_project(tmp_path / "p")
    told = evalkit("render", "p", "--languages", "sv", "--formats", "html,pdf", "--workers", "1")
    assert told.code == 0
    folder = tmp_path / "reports/exempel"
    assert {file.name for file in folder.glob("*.sv.*")} == {"report.sv.html", "report.sv.pdf"}
    page = (folder / "report.sv.html").read_text(encoding="utf-8")
    assert '<a href="report.sv.pdf">PDF</a>' in page
    assert "docx" not in page
    assert 'href="exempel/report.sv.pdf"' in (tmp_path / "reports/index.html").read_text()
    assert evalkit("render", "p", "--languages", "sv", "--formats", "xlsx").code == 0
    assert {file.name for file in folder.glob("*.sv.*")} == {"tables.sv.xlsx"}
    assert 'href="exempel/tables.sv.xlsx"' in (tmp_path / "reports/index.html").read_text()


def test_an_appendix_stands_beside_the_report_with_chapters_of_its_own_numbers(
    evalkit: Runner, tmp_path: Path
) -> None:
    write_template(tmp_path / "notebooks", "participants", whole_template())
    write_template(tmp_path / "notebooks", "before_after", whole_template())
    write_project(tmp_path / "p", chapters=("participants", "before_after"))
    told = evalkit("appendix", "p", "--chapters", "before_after", "--languages", "en",
                   "--formats", "html,docx")  # fmt: skip
    assert told.code == 0
    folder = tmp_path / "reports/exempel"
    assert {file.name for file in folder.glob("*.en.*")} == {"appendix.en.html", "appendix.en.docx"}
    page = (folder / "appendix.en.html").read_text(encoding="utf-8")
    assert '<span class="chapter-number">A1</span>' in page
    assert '<span class="chapter-number">A2</span>' not in page
    assert evalkit("appendix", "p", "--chapters", "costs").code == 1


@pytest.mark.slow
def test_render_all_renders_the_projects_of_a_folder(evalkit: Runner, tmp_path: Path) -> None:
    write_template(tmp_path / "mallar", "participants", whole_template())
    write_project(tmp_path / "mine/a", identity="a")
    write_project(tmp_path / "mine/b", identity="b")
    told = evalkit(
        "render", "--all", "--projects", "mine", "--notebooks", "mallar", "--languages", "en",
        "--output", "ut",
    )  # fmt: skip
    assert told.code == 0
    assert {p.parent.name for p in (tmp_path / "ut").glob("*/report.en.html")} == {"a", "b"}


def test_a_failing_chapter_is_told_in_one_sentence_and_ends_with_1(
    evalkit: Runner, tmp_path: Path
) -> None:
    failing = template(code(f"raise ValueError({PLANTED!r})"))
    write_template(tmp_path / "notebooks", "participants", failing)
    write_project(tmp_path / "p")
    told = evalkit("render", "p", "--languages", "sv")
    assert told.code == 1
    assert "exempel (sv): participants: ValueError in cell 2\n" in told.err
    assert PLANTED not in told.out + told.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("render",), "name one or more projects, or give --all"),
        (("render", "x", "--all"), "name one or more projects, or give --all"),
        (("render", "nowhere"), "'nowhere' is neither a project file, a project folder nor"),
        (("render", "--all", "--projects", "empty"), "empty: no projects here"),
        (("render", "p", "--languages", "sv,fi"), "languages are sv and en, not 'sv,fi'"),
        (("render", "p", "--formats", "odt"), "formats are html, pdf, docx, xlsx, not 'odt'"),
        (("check", "nowhere"), "'nowhere' is neither"),
        (("demo",), "the folder is not empty"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_why_and_ends_with_2(
    evalkit: Runner, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    write_project(tmp_path / "p")
    told = evalkit(*arguments)
    assert told.code == 2
    assert told.err.startswith("evalkit: ")
    assert sentence in told.err
    assert len(told.err.splitlines()) == 1
    assert not (tmp_path / "reports").exists()


def test_a_faulty_project_file_is_told_with_its_key_path(evalkit: Runner, tmp_path: Path) -> None:
    file = write_project(tmp_path / "p")
    file.write_text(file.read_text().replace("funder:", "fundr:"))
    told = evalkit("render", "p")
    assert told.code == 1
    assert "fundr: unknown key; did you mean 'funder'?" in told.err


def test_an_unforeseen_error_is_told_without_its_words(
    evalkit: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError(PLANTED)

    monkeypatch.setattr(paths, "find_project", broken)
    told = evalkit("check", "p")
    assert told.code == 1
    assert "unforeseen error (KeyError)" in told.err
    assert PLANTED not in told.err


def project_with_register(folder: Path) -> None:
    file = write_project(folder)
    file.write_text(file.read_text() + "registers: [{file: deltagare.csv}]\n")


def test_check_lists_findings_gravest_first_and_ends_with_1_on_errors(
    evalkit: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Read:
        persons = pd.DataFrame(columns=["sex"])
        findings = (
            Finding(severity="note", check="title_rows", file="deltagare.csv", count=3),
            Finding(
                severity="error",
                check="exit_before_entry",
                file="deltagare.csv",
                column="Slutdatum",
                rows=(14, 88, 131),
            ),
        )

    project_with_register(tmp_path / "p")
    monkeypatch.setattr(intake, "read_registers", lambda _: Read(), raising=False)
    told = evalkit("check", "p", "--language", "en")
    assert told.code == 1
    assert "14, 88, 131" in told.out
    assert "Slutdatum" in told.out
    assert told.out.index("before the start date") < told.out.index("above the header row")


def test_check_cuts_no_word_off_in_a_narrow_window(
    evalkit: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Read:
        persons = pd.DataFrame(columns=["sex"])
        findings = (
            Finding(
                severity="warning",
                check="exit_before_entry",
                file="deltagare.csv",
                column="Utskrivningsdatum",
                rows=(14, 88, 131),
            ),
        )

    project_with_register(tmp_path / "p")
    monkeypatch.setattr(intake, "read_registers", lambda _: Read(), raising=False)
    monkeypatch.setenv("COLUMNS", "48")
    told = evalkit("check", "p", "--language", "sv")
    assert "…" not in told.out
    assert max(map(len, told.out.splitlines())) <= 48


def test_check_ends_with_0_when_nothing_is_found(
    evalkit: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Read:
        persons = pd.DataFrame(columns=["sex"])
        findings = ()

    project_with_register(tmp_path / "p")
    monkeypatch.setattr(intake, "read_registers", lambda _: Read(), raising=False)
    told = evalkit("check", "p")
    assert (told.code, told.out) == (0, "Inget att anmärka.\n")


@pytest.mark.slow
def test_demo_fills_an_empty_folder_and_renders_it(
    evalkit: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_template(tmp_path / "nb", "participants", whole_template())
    write_project(tmp_path / "samples/exempel")
    (tmp_path / "samples/.gitkeep").touch()
    monkeypatch.setattr(paths, "sample_folder", lambda: tmp_path / "samples")
    monkeypatch.setattr(paths, "notebooks_folder", lambda: tmp_path / "nb")
    told = evalkit("demo", "here")
    assert told.code == 0
    made = {str(f.relative_to(tmp_path / "here")) for f in (tmp_path / "here").rglob("*.*")}
    assert {
        "data/sample/exempel/project.yaml",
        "notebooks/participants.ipynb",
        "reports/index.html",
        "reports/exempel/report.sv.html",
        "reports/exempel/report.en.html",
    } <= made
    assert not any(".gitkeep" in name for name in made)


def test_a_portfolio_of_nothing_is_refused_in_one_sentence(evalkit: Runner, tmp_path: Path) -> None:
    told = evalkit("portfolio", "--output", str(tmp_path / "reports"))
    assert told.code == 2
    assert "no reports here (expected <project>/manifest.json)" in told.err


def test_the_version_is_told(evalkit: Runner) -> None:
    told = evalkit("--version")
    assert (told.code, told.out) == (0, f"evalkit {__version__}\n")


def test_the_package_itself_is_the_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "evalkit", "check", "nowhere"]
    told = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert told.returncode == 2
    assert told.stderr.startswith("evalkit: 'nowhere' is neither a project file")


def test_a_file_in_place_of_a_folder_is_told_so(evalkit: Runner, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    told = evalkit("demo", "taken")
    assert (told.code, told.err) == (2, "evalkit: taken: a file stands where a folder is needed\n")
