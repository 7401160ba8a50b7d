"""Names, identity numbers, notes and a rare municipality planted in a register come nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evalkit import chapters as sections
from evalkit.answers.study import open_study
from evalkit.batch.kernels.execute import ChapterTask, run_chapter
from evalkit.batch.portfolio_report import render_portfolio
from evalkit.batch.run import render
from evalkit.chapters.section import AskedSection
from evalkit.disclosure.readable import readable_parts
from evalkit.documents.guard import fault_of, texts_in_registers
from evalkit.present.blocks import to_json
from tests.batch.processes.clusters import local_cluster
from tests.support import in_process
from tests.support.templates import code, template, write_template

# Skatteverket's published test numbers.
NUMBERS = ["191212121212", "189001019802", "198507099805", "197802022389", "197010632391"]
NAME, NOTE, RARE = "Xerxes Qvistgaard", "vill bli svetsare i Kvicksund", "Arjeplog"
# Of a series that is never given out, of a domain for examples, and of a road that is made up.
CONTACTS = ["070-174 06 05", "maja.lundqvist@example.se", "Ekvägen 13"]
MARKERS = [*NUMBERS, "19121212-1212", NAME, NOTE, RARE, *CONTACTS]


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A register of 60 made-up persons, some of them with every marker there is."""
    rows = ["Personnummer;Namn;Kön;Kommun;Startdatum;Slutdatum;Avslutsorsak;Anteckning"]
    for i in range(60):
        number = NUMBERS[i] if i < len(NUMBERS) else f"D-{i:05d}"
        name = NAME if i == 0 else f"Person{i} Efternamn{i}"
        note = {0: NOTE, 1: f"nås på {', '.join(CONTACTS)}"}.get(i, "")
        place = RARE if i < 2 else ("Ystad" if i % 2 else "Tomelilla")
        reason = ("Arbete", "Studier", "Åter remittent")[i % 3]
        sex = "Kvinna" if i % 2 else "Man"
        start, end = f"2018-01-{i % 28 + 1:02d}", f"2018-{i % 9 + 3:02d}-10"
        rows.append(f"{number};{name};{sex};{place};{start};{end};{reason};{note}")
    (tmp_path / "deltagare.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "project.yaml").write_text(
        """id: planted
title: {sv: "Ett exempel", en: "An example"}
summary: {sv: "En insats.", en: "A programme."}
period: {start: 2018-01-01, end: 2018-12-31}
data_cut: 2018-12-31
registers: [{file: deltagare.csv}]
groups: [sex, municipality]
targets:
  - {id: work, title: {sv: "Till arbete", en: "To work"}, goal: 0.3, outcome: [employment]}
sites:
  - {id: places, title: {sv: "Orter", en: "Places"}, by: municipality, outcome: [employment]}
budget: {amount: 900000}
indicators: {code_list: esf_plus_2021_2027}
chapters:
  [data_quality, participants, time_to_employment, targets_and_claims, sites, costs, esf_indicators]
""",
        encoding="utf-8",
    )
    return tmp_path / "project.yaml"


def assert_no_marker(text: str) -> None:
    for marker in MARKERS:
        assert marker.casefold() not in text.casefold()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_marker_stands_in_any_section(planted: Path, language: str) -> None:
    study = open_study(planted, language=language, purpose="release")  # type: ignore[arg-type]
    assert RARE in set(study.persons["municipality"])
    shown = [
        to_json(section(study))
        for module in (getattr(sections, chapter) for chapter in study.project.chapters)
        for section in vars(module).values()
        if isinstance(section, AskedSection)
    ]
    assert len(shown) > 25
    text = json.dumps(shown, ensure_ascii=False)
    assert_no_marker(text)
    assert fault_of({"report.html": text}, texts_in_registers(study.project)) == ""


def test_the_last_look_knows_the_markers_of_this_register(planted: Path) -> None:
    texts = texts_in_registers(open_study(planted).project)
    for marker in (*NUMBERS, *CONTACTS, NAME, NOTE, "D-00017"):
        fault = fault_of({"report.html": f"<p>Se {marker}!</p>"}, texts)
        assert fault.startswith("report.html holds")
        assert_no_marker(fault)


def test_what_the_project_file_quotes_of_a_register_is_no_public_text(planted: Path) -> None:
    """`evalkit init` writes every reason for leaving into the file, that of one person, too."""
    told = f"Flyttat hem till {NAME}"
    register = planted.with_name("deltagare.csv")
    register.write_text(register.read_text("utf-8").replace("Studier", told, 1), "utf-8")
    quoted = f'registers: [{{file: deltagare.csv, exit_reasons: {{"{told}": studies}}}}]'
    written = planted.read_text("utf-8").replace("registers: [{file: deltagare.csv}]", quoted)
    planted.write_text(written, "utf-8")
    texts = texts_in_registers(open_study(planted).project)
    fault = fault_of({"report.html": f"<p>{told}</p>"}, texts)
    assert fault.startswith("report.html holds")


def test_no_marker_stands_in_a_report_an_appendix_or_the_portfolio(
    planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_process.use(monkeypatch)
    out = tmp_path / "out"
    for options in ({}, {"appendix_of": ["participants", "sites"]}):
        outcomes = in_process.made(planted.parent, out, languages=["sv"], **options)
        assert not any(outcome.failures for outcome in outcomes)
    render_portfolio(out, languages=["sv"], formats=["html"])
    assert (out / "planted/appendix.sv.html").is_file()
    for file in (one for one in out.rglob("*") if one.is_file()):
        for part in readable_parts(file.name, file.read_bytes()):
            assert_no_marker(part)


@pytest.mark.slow
def test_no_marker_stands_in_what_workers_and_scheduler_say(planted: Path, tmp_path: Path) -> None:
    """Also where a chapter fails with a person in its hands."""
    read = "persons = open(project_file.replace('project.yaml', 'deltagare.csv')).read()[-4000:]"
    failing = template(code(f"{read}\nprint(persons)"), code("raise ValueError(persons)"))
    write_template(tmp_path / "nb", "participants", failing)
    text = planted.read_text("utf-8")
    planted.write_text(text.partition("chapters:")[0] + "chapters: [participants]\n", "utf-8")
    with local_cluster(tmp_path / "cluster", workers=1) as started:
        out = tmp_path / "out"
        (outcome, *_) = render(
            [planted], output=out, scheduler=started.address, templates=tmp_path / "nb",
            languages=["sv"], formats=["html"],
        )  # fmt: skip
        assert "participants" in "".join(outcome.failures)
        said = (tmp_path / "cluster/said.log").read_text("utf-8", "replace")
    assert "distributed" in said
    told = [one for one in (*out.rglob("*"), *(tmp_path / "cluster").rglob("*")) if one.is_file()]
    for text in (said, *outcome.failures, *(one.read_text("utf-8", "replace") for one in told)):
        assert_no_marker(text)


COMPARED = """
comparison:
  title: {sv: "Kön", en: "The queue"}
  from_register: {file: others.csv, columns: {Läge: status_1y}}
  came_about: waiting_list
  description: {sv: "De som väntar.", en: "Those who wait."}
  confounders: [sex, municipality]
  outcome: {day: 365, statuses: [employment], column: status_1y}
"""


def test_no_marker_of_a_comparison_register_stands_in_a_report(
    planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither of those who took part nor of those who are compared with them."""
    heading = "Deltagar-ID;Namn;Kön;Ålder;Kommun;Startdatum;Slutdatum;Avslutsorsak;Läge;Anteckning"
    for file, first in (("deltagare.csv", 0), ("others.csv", 1000)):
        rows = [heading]
        for i in range(160):
            number = NUMBERS[i] if i < len(NUMBERS) and not first else f"D-{first + i:05d}"
            name, note = (
                (NAME, f"{NOTE}, {', '.join(CONTACTS)}")
                if i == 7
                else (f"Person{first + i} Efternamn{i}", "")
            )
            place = RARE if i < 2 else ("Ystad" if i % 2 else "Tomelilla")
            sex, now = (
                "Kvinna" if (i * 7 + first) % 3 else "Man",
                "Arbete" if i * 5 % 11 < 5 else "Arbetslös",
            )
            rows.append(f"{number};{name};{sex};{20 + i * 13 % 40};{place};2016-01-{i % 19 + 10};"
                        f"2016-08-{i % 19 + 10};Arbete;{now};{note}")  # fmt: skip
        (planted.parent / file).write_text("\n".join(rows), encoding="utf-8")
    text = planted.read_text("utf-8").partition("groups:")[0].replace("2018-01-01", "2016-01-01")
    text = text.replace("file: deltagare.csv", "file: deltagare.csv, columns: {Läge: status_1y}")
    planted.write_text(
        f"{text}groups: [sex]\nchapters: [participants, comparison_group]\n{COMPARED}", "utf-8"
    )
    in_process.use(monkeypatch)
    outcomes = in_process.made(planted.parent, tmp_path / "out", languages=["sv"])
    assert not [failure for outcome in outcomes for failure in outcome.failures]
    answers = json.loads((tmp_path / "out/planted/answers.json").read_text("utf-8"))["answers"]
    assert "Balance" in json.dumps(answers)
    for file in (one for one in (tmp_path / "out").rglob("*") if one.is_file()):
        for part in readable_parts(file.name, file.read_bytes()):
            assert_no_marker(part)


@pytest.mark.parametrize(
    "last_words",
    [
        "raise ValueError(persons)",
        "from evalkit.project import ProjectError\nraise ProjectError(persons)",
        "import logging\nlogging.getLogger().error(persons)\n1 / 0",
    ],
)
def test_a_notebook_that_fails_half_way_tells_no_marker(
    planted: Path, last_words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    read = "persons = open(project_file.replace('project.yaml', 'deltagare.csv')).read()[-4000:]"
    first = "persons = open(project_file.replace('project.yaml', 'deltagare.csv')).readlines()[1]"
    notebook = template(code(f"{read}\nprint(persons)\npersons"), code(f"{first}\n{last_words}"))
    done = run_chapter(
        ChapterTask(
            project_file=planted,
            project_id="planted",
            chapter="participants",
            language="sv",
            template=write_template(planted.parent / "notebooks", "participants", notebook),
        )
    )
    assert done.notebook == {}
    assert done.failure
    out, err = capfd.readouterr()
    assert_no_marker(done.failure + out + err)
