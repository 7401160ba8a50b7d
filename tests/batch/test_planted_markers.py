"""Names, identity numbers, notes and a rare municipality planted in a register come nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evalkit import chapters as sections
from evalkit.answers.study import open_study
from evalkit.batch.kernels.execute import ChapterTask, run_chapter
from evalkit.batch.portfolio_report import render_portfolio
from evalkit.chapters.section import AskedSection
from evalkit.disclosure.readable import readable_parts
from evalkit.documents.guard import fault_of, texts_in_registers
from evalkit.present.blocks import to_json
from tests.support import in_process
from tests.support.templates import code, template, write_template

# Skatteverket's published test numbers.
NUMBERS = ["191212121212", "189001019802", "198507099805", "197802022389", "197010632391"]
NAME, NOTE, RARE = "Xerxes Qvistgaard", "vill bli svetsare i Kvicksund", "Arjeplog"
MARKERS = [*NUMBERS, "19121212-1212", NAME, NOTE, RARE]


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A register of 60 made-up persons, some of them with every marker there is."""
    rows = ["Personnummer;Namn;Kön;Kommun;Startdatum;Slutdatum;Avslutsorsak;Anteckning"]
    for i in range(60):
        number = NUMBERS[i] if i < len(NUMBERS) else f"D-{i:05d}"
        name = NAME if i == 0 else f"Person{i} Efternamn{i}"
        note = NOTE if i == 0 else ""
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
    for marker in (*NUMBERS, NAME, NOTE, "D-00017"):
        fault = fault_of({"report.html": f"<p>Se {marker}!</p>"}, texts)
        assert fault.startswith("report.html holds")
        assert_no_marker(fault)


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
