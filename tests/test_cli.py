from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import jsonschema
import pytest
from typer import rich_utils

from evalkit import __version__, cli
from evalkit.documents.files import paths
from evalkit.documents.guard import fault_of, texts_in_registers
from evalkit.project import load_project
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
        monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
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


def test_every_command_has_its_help_in_swedish(
    evalkit: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPTIONS_PANEL_TITLE", "ARGUMENTS_PANEL_TITLE", "COMMANDS_PANEL_TITLE",
                 "REQUIRED_LONG_STRING", "DEFAULT_STRING"):  # fmt: skip
        monkeypatch.setattr(rich_utils, name, getattr(rich_utils, name))  # put back afterwards
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")
    told = evalkit("publish", "--help")  # words are asked for of every command
    assert told.code == 0
    assert "Vem som svarar för utgåvan" in told.out
    assert "Visa den här hjälpen" in told.out
    assert not re.search(r"Options|Arguments|required|default", told.out)


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
    assert "1 av 1 rapporter är gjorda; börja med reports/index.html" in told.out
    assert told.err.startswith("1/1 exempel participants (sv): ")


def test_render_writes_only_the_formats_asked_for_and_takes_older_ones_away(
    evalkit: Runner, tmp_path: Path
) -> None:
    write_template(tmp_path / "notebooks", "participants", whole_template())
    write_project(tmp_path / "p")
    told = evalkit("render", "p", "--languages", "sv", "--formats", "html,pdf", "--workers", "1")
    assert told.code == 0
    folder = tmp_path / "reports/exempel"
    assert {file.name for file in folder.glob("report.sv.*")} == {
        f"report.sv.{name}" for name in ("html", "pdf", "brief.html", "brief.pdf")
    }
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
    assert "exempel (sv): participants: ValueError i cell 2\n" in told.err
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
    assert "fundr: okänd nyckel; menades 'funder'?" in told.err


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


REGISTER = """Löpnr;Kön;Ålder;Startdatum;Slutdatum;Avslutsorsak
1;Kvinna;31;2018-02-01;2018-09-01;Arbete
2;Man;44;2018-03-01;2018-01-15;Arbete
3;Kvinna;28;2018-04-01;2019-05-01;Studier
4;Man;52;2018-04-01;2018-09-01;Avbrott
5;Kvinna;39;2018-05-01;;
6;Kvinna;33;2018-05-01;2018-09-01;Avbrott
7;Man;61;2018-05-02;2019-05-01;Studier
"""


def project_with_register(folder: Path, register: str = REGISTER, more: str = "") -> None:
    file = write_project(folder)
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}registers: [{{file: deltagare.csv}}]\n{more}", encoding="utf-8")
    (folder / "deltagare.csv").write_text(f"Deltagarlista\n{register}", encoding="utf-8")


def test_check_lists_findings_gravest_first_and_ends_with_1_on_errors(
    evalkit: Runner, tmp_path: Path
) -> None:
    project_with_register(tmp_path / "p")
    told = evalkit("check", "p", "--language", "en")
    assert told.code == 1
    assert "Slutdatum" in told.out
    assert told.out.index("before the start date") < told.out.index("above the header row")


def test_check_shows_each_heading_with_its_field_and_no_value(
    evalkit: Runner, tmp_path: Path
) -> None:
    project_with_register(tmp_path / "p", REGISTER.replace("Ålder", "Handläggare"))
    told = evalkit("check", "p")
    assert re.search(r"Startdatum +entry \(Startdatum\) +2018-••-••", told.out)
    assert re.search(r"Handläggare +läses inte", told.out)
    assert "2018-02-01" not in told.out
    assert "Kvinna" not in told.out


def test_check_speaks_the_language_of_the_project(evalkit: Runner, tmp_path: Path) -> None:
    project_with_register(tmp_path / "p", more="groups: [kon]\n")
    told = evalkit("check", "p")
    assert "groups: kolumnen ”kon” finns inte i registren." in told.out
    file = tmp_path / "p/project.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "languages: [en]\n", encoding="utf-8")
    assert 'no column "kon" in the registers' in evalkit("check", "p").out
    file.write_text(file.read_text(encoding="utf-8").replace("funder:", "fundr:"))
    told = evalkit("check", "p")
    assert (told.code, told.out.count("unknown key; did you mean 'funder'?")) == (2, 1)


def test_check_tells_everything_at_once_with_the_nearest_names(
    evalkit: Runner, tmp_path: Path
) -> None:
    target = "{id: a, title: {sv: a, en: a}, goal: 0.5, where: {sx: man}, outcome: [employmnt]}"
    project_with_register(tmp_path / "p", more=f"targets: [{target}]\ngroups: [municipalty]\n")
    told = evalkit("check", "p", "--language", "sv")
    assert told.code == 1
    for place, near in (("targets[0]", "sex"), ("targets[0]", "employment")):
        assert f"Menades ”{near}”" in " ".join(told.out.split())
        assert f"Fel: {place}: " in told.out
    assert "groups: kolumnen ”municipalty” finns inte" in told.out
    # A line per thing, and nothing twice.
    lines = [line for line in told.out.splitlines() if line.startswith("Fel:")]
    assert len(lines) == len(set(lines)) == 3


def test_check_names_the_nearest_file_sheet_and_heading(evalkit: Runner, tmp_path: Path) -> None:
    project_with_register(tmp_path / "p")
    file = tmp_path / "p/project.yaml"
    named = "registers: [{file: deltagare.csv, columns: {Slutdat: exit}}]"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("registers: [{file: deltagare.csv}]", named), encoding="utf-8")
    assert "Menades ”Slutdatum”?" in evalkit("check", "p").out
    misspelt = named.replace("Slutdat: exit", "Kön: sexx")
    file.write_text(text.replace("registers: [{file: deltagare.csv}]", misspelt), encoding="utf-8")
    told = " ".join(evalkit("check", "p").out.split())
    assert "”Kön” läses som en egen kolumn, ”sexx”, som evalkit inte känner. Menades ”sex”?" in told
    file.write_text(text.replace("file: deltagare.csv", "file: deltagre.csv"), encoding="utf-8")
    told = evalkit("check", "p")
    assert told.code == 2
    assert "deltagre.csv: filen finns inte. Menades ”deltagare.csv”?" in told.out


def test_check_gives_lines_to_paste_that_the_project_file_understands(
    evalkit: Runner, tmp_path: Path
) -> None:
    register = REGISTER.replace("Slutdatum", "Dag då det slutade").replace(
        "Avbrott", "Jobb som vikarie"
    )
    project_with_register(tmp_path / "p", register)
    file = tmp_path / "p/project.yaml"
    text = file.read_text(encoding="utf-8").replace("registers: [{file: deltagare.csv}]\n", "")
    file.write_text(f"{text}registers:\n  - file: deltagare.csv\n", encoding="utf-8")
    told = evalkit("check", "p")
    proposed = told.out[told.out.index("Förslag att klistra in") :].splitlines()
    pasted = [line for line in proposed if line.startswith("    ")]
    with file.open("a", encoding="utf-8") as opened:
        opened.write("\n".join(pasted) + "\n")
    register = load_project(file).registers[0]
    assert register.columns == {"Dag då det slutade": "exit"}
    assert register.exit_reasons == {"Jobb som vikarie": "employment"}
    found = json.loads(evalkit("check", "p", "--json").out)
    assert found["paste"] == []
    fields = {column["heading"]: column["field"] for column in found["read"][0]["columns"]}
    assert fields["Dag då det slutade"] == "exit"


def test_a_chapter_without_what_it_needs_is_told_of_before_it_is_made(
    evalkit: Runner, tmp_path: Path
) -> None:
    project_with_register(tmp_path / "p")
    file = tmp_path / "p/project.yaml"
    text = file.read_text(encoding="utf-8").replace("[participants]", "[esf_indicators, costs]")
    file.write_text(text.replace("programme: finsam", "programme: esf_plus"), encoding="utf-8")
    found = json.loads(evalkit("check", "p", "--json").out)
    lacks = {
        one["chapter"]: {
            name for need in one["lacks"] if need["is_vital"] for name in need["names"]
        }
        for one in found["chapters"]
    }
    assert lacks == {
        "esf_indicators": {"education", "status_at_entry"},
        "costs": {"budget", "cost"},
    }


def test_a_merged_line_and_a_column_of_notes_stop_no_report(tmp_path: Path) -> None:
    """Headings below a merged line are no person's text, though they stand in few cells."""
    merged = "Person;;;Insats;;;Övrigt\n" + "\n".join(
        f"{line};{note}"
        for line, note in zip(
            REGISTER.splitlines(),
            ["Anteckning", *(f"Bokat möte {n}" for n in range(7))],
            strict=True,
        )
    )
    project_with_register(tmp_path / "p", merged)
    project = load_project(tmp_path / "p")
    page = "<p>Kolumnen Anteckning har inte lästs. Avslutsorsak, Startdatum.</p>"
    assert fault_of({"report.sv.html": page}, texts_in_registers(project)) == ""
    fault = fault_of(
        {"report.sv.html": "<p>Bokat möte 3</p>"},
        texts_in_registers(project),
        project=project,
        language="sv",
    )
    assert "i kolumnen deltagare.csv: Anteckning" in fault
    assert "Bokat" not in fault


def test_check_cuts_no_word_off_in_a_narrow_window(
    evalkit: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_with_register(tmp_path / "p")
    monkeypatch.setenv("COLUMNS", "48")
    told = evalkit("check", "p", "--language", "sv")
    tables = told.out[told.out.index("Allvar") :]
    assert "…" not in tables
    assert max(map(len, told.out.splitlines()[1:])) <= 48


def test_check_ends_with_0_when_nothing_is_found(evalkit: Runner, tmp_path: Path) -> None:
    register = REGISTER.replace("2018-01-15", "2018-09-15")
    project_with_register(tmp_path / "p", register)
    file = tmp_path / "p/deltagare.csv"
    file.write_text(register, encoding="utf-8")
    told = evalkit("check", "p")
    assert told.code == 0
    assert "Fel" not in told.out


def test_render_takes_every_project_in_a_folder_and_below_but_no_tests_or_outputs(
    tmp_path: Path,
) -> None:
    for place in ("a", "b/c", "tests/d", ".hidden/e", "ut/f", "made/g"):
        write_project(tmp_path / place)
    (tmp_path / "made/g/manifest.json").write_text("{}")
    found = paths.projects_below(tmp_path, outputs=(tmp_path / "ut",))
    assert [file.parent.relative_to(tmp_path).as_posix() for file in found] == ["a", "b/c"]


def test_the_schema_knows_the_keys_and_refuses_a_misspelt_one(evalkit: Runner) -> None:
    schema = json.loads(evalkit("schema").out)
    valid = jsonschema.Draft202012Validator(schema)
    project = {
        "id": "a", "title": "A", "summary": {"sv": "A", "en": "A"}, "data_cut": "2024-12-31",
        "period": {"start": "2024-01-01", "end": "2024-12-31"}, "chapters": ["participants"],
        "registers": [{"file": "a.xlsx", "sheet": 2023}],
    }  # fmt: skip
    assert [*valid.iter_errors(project)] == []
    # Any name may be an own notebook; load_project tells a misspelt chapter by its neighbour.
    assert [*valid.iter_errors({**project, "chapters": ["min_egen"]})] == []
    assert len([*valid.iter_errors({**project, "formats": ["htm"]})]) == 1
    assert len([*valid.iter_errors({**project, "regsters": []})]) == 1


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
    told = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, check=False,
        env={**os.environ, "LC_ALL": "sv_SE.UTF-8"}, encoding="utf-8",
    )  # fmt: skip
    assert told.returncode == 2
    assert told.stderr.startswith("evalkit: ”nowhere” är varken en projektfil")


def test_a_file_in_place_of_a_folder_is_told_so(evalkit: Runner, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    told = evalkit("demo", "taken")
    assert (told.code, told.err) == (2, "evalkit: taken: a file stands where a folder is needed\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["publish", "."], 'skriv vem som svarar för utgåvan: --by "namn, roll"'),
        (["publish", ".", "--by", "Kim Exempel"], 'svarar för utgåvan: --by "namn, roll"'),
        (["publish", ".", "--by", ", chef"], 'svarar för utgåvan: --by "namn, roll"'),
        (["chek"], "det finns inget kommando ”chek”; menade du check?"),
        (["render", "--formatt=html"], "inget tillval --formatt; menade du --"),
        (["check"], "PROJECT saknas; evalkit check --help"),
        (["render", ".", "--workers", "0"], "--workers: väntade ett tal, minst 1"),
        (["render", ".", "--workers"], "--workers behöver ett värde"),
        (["render", ".", "--notebooks", __file__], "--notebooks: väntade en mapp"),
        (["schema", "a", "b"], "schema: kommandot går inte att tolka"),
    ],
)
def test_a_command_written_wrong_is_answered_in_the_readers_language(
    evalkit: Runner, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")
    monkeypatch.setenv("LANGUAGE", "sv")
    ended = evalkit(*arguments)
    assert (ended.code, said in ended.err) == (2, True), ended.err


def test_the_draft_that_init_offers_is_of_the_project_it_wrote(
    evalkit: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from evalkit.cli import reports

    rows = [f"D{i};2023-0{i % 9 + 1}-11;2024-0{i % 9 + 1}-12;Arbete" for i in range(60)]
    table = "\n".join(["Löpnr;Startdatum;Slutdatum;Avslutsorsak", *rows])
    (tmp_path / "r.csv").write_text(table, encoding="utf-8")
    asked: list[list[str]] = []
    monkeypatch.setattr(reports, "render", asked.append)
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n" * 20))
    evalkit("init", "r.csv", "--language", "en")
    assert [[Path(one).name for one in names] for names in asked] == [["project.yaml"]]


def test_a_folder_that_is_closed_to_the_reader_is_said_to_be_so(
    evalkit: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    may, stat = os.access, os.stat

    def refuse(file: object, **options: bool) -> os.stat_result:
        if isinstance(file, Path) and file.parent == Path("closed"):
            raise PermissionError(13, "Permission denied", str(file))
        return stat(file, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", refuse)
    monkeypatch.setattr(os, "access", lambda one, right: str(one) != "closed" and may(one, right))
    told = evalkit("render", ".", "--notebooks", "closed")
    assert told.code == 2
    assert "--notebooks: the folder may not be read: the right to read it is missing" in told.err
    monkeypatch.setattr("evalkit.batch.run.alone_in", lambda _: refuse(Path("closed/.lock")))
    write_project(tmp_path / "p")
    told = evalkit("render", "p")
    right = "the right to read or write here is missing"
    assert (told.code, told.err.splitlines()[-1]) == (2, f"evalkit: closed/.lock: {right}")


def test_a_project_that_is_no_good_has_its_folders_name_in_its_own_folder(
    evalkit: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "steget").mkdir()
    (tmp_path / "steget/project.yaml").write_text("id: a\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "steget")
    told = evalkit("render", ".")
    assert "steget   –      misslyckades" in told.out
    assert told.err.startswith("steget: project.yaml: title")


def test_after_a_draft_the_next_step_is_to_read_it(
    evalkit: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_with_register(tmp_path / "p")
    (tmp_path / "p/project.yaml").unlink()
    (register,) = (tmp_path / "p").glob("*.*")
    made: list[list[str]] = []
    monkeypatch.setattr("evalkit.cli.reports.render", made.append)
    monkeypatch.setattr("builtins.input", lambda *_: "")
    told = evalkit("init", str(register), "--language", "en")
    assert made
    assert "Next: read the draft. evalkit publish" in told.out
