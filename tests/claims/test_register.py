"""Claims beside a register's released figures: the answers of a small project, by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from evalkit.answers.counts import share_id
from evalkit.cli import app
from evalkit.documents.files.answers import answers_text
from evalkit.documents.files.paths import NotFound
from evalkit.documents.reading.beside import Beside
from evalkit.documents.reading.claims_block import _entry
from evalkit.documents.reading.register import beside_register, released_answers
from evalkit.project import Claim, Project, load_project
from evalkit.reading.reader import read_claims
from evalkit.results import AreaSeries, CountTable, Estimate, FlowStep, Released
from tests.claims.support import SETS, gold_texts

ARENA = Path(__file__).parents[2] / "data" / "sample" / "arena-for-arbete" / "project.yaml"


def share(k: int, n: int) -> Estimate:
    return Estimate(
        measure="share", value=k / n, low=0.0, high=1.0, unit="share", method="wilson",
        confidence_level=0.95, n=n, cells=(k, n - k),
    )  # fmt: skip


def table(column: str, counts: dict[str, int]) -> CountTable:
    rows = {**counts, "total": sum(counts.values())}
    frame = pd.DataFrame({column: list(rows), "n": pd.array(list(rows.values()), dtype="Int64")})
    frame["is_margin"] = [level == "total" for level in rows]
    frame["is_withheld"] = False
    return CountTable(counts=frame, dimensions=(column,))


RESULTS: dict[str, Any] = {
    "persons": FlowStep(step="persons_analysed", count=200, unit="persons"),
    "persons.sex": table("sex", {"woman": 120, "man": 80}),
    "persons.exit_class": table("exit_class", {"employment": 80, "studies": 20, "ongoing": 40}),
    "share.participants.employment": share(80, 200),
    "share.exits.employment": share(80, 160),
    "enrolment.completed": Estimate(
        measure="mean_days", value=213.0, low=200.0, high=226.0, unit="days", method="student_t",
        confidence_level=0.95, n=160, cells=(160,),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of reports as a draft leaves it."""
    folder = tmp_path_factory.mktemp("reports")
    store = {name: Released(result, 0, "standard") for name, result in RESULTS.items()}
    home = folder / "arena-for-arbete"
    home.mkdir()
    (home / "answers.json").write_text(answers_text(store), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def project() -> Iterator[Project]:
    yield load_project(ARENA)


def beside(text: str, project: Project, reports: Path) -> list[Beside]:
    answers = released_answers(project, reports)
    return list(beside_register(read_claims(text), project, answers, source="–"))


@pytest.mark.parametrize(
    ("text", "verdict", "told"),
    [
        ("Totalt deltog 200 personer i insatsen.", "holds", "200 deltagare"),
        ("Totalt deltog 240 personer i insatsen.", "not", "200 deltagare"),
        ("40 procent av deltagarna fick arbete.", "holds", "40,0 % av alla deltagare (80 av 200)"),
        ("49 procent av deltagarna fick arbete.", "not", "40,0 % av alla deltagare (80 av 200)"),
        ("50 procent av dem som avslutats gick till arbete.", "partly", "50,0 % av dem som har"),
        ("Nästan hälften av deltagarna fick arbete.", "not", "40,0 %"),
        ("60 procent av deltagarna var kvinnor.", "holds", "60,0 % kvinnor (120 av 200)"),
        ("Av deltagarna var 41 procent män.", "not", "40,0 % män (80 av 200)"),
        ("Sex av tio deltagare är kvinnor.", "holds", "60,0 % kvinnor (120 av 200)"),
        ("En majoritet, 60 procent, är kvinnor.", "holds", "60,0 % kvinnor (120 av 200)"),
        ("De som avslutat var inskrivna i genomsnitt 7 månader.", "holds", "213 dagar"),
        ("Deltagarna var inskrivna i genomsnitt 7 månader.", "partly", "för dem som har avslutat"),
        ("Insatsen gav 80 personer ett jobb.", "holds", "40,0 % av alla deltagare (80 av 200)"),
        ("Sedan starten har 23 personer fått ett jobb.", "not", "(80 av 200)"),
        ("200 personer har deltagit sedan januari 2018.", "holds", "200 deltagare"),
        ("200 personer har deltagit sedan 2018.", "holds", "200 deltagare"),
        ("Tack vare våra coacher fick 80 personer jobb.", "holds", "(80 av 200)"),
        ("Tack vare våra coacher fick 91 personer jobb.", "not", "(80 av 200)"),
    ],
)
def test_a_claim_is_held_against_the_figure_of_its_own_base(
    text: str, verdict: str, told: str, project: Project, reports: Path
) -> None:
    (one,) = beside(text, project, reports)
    assert (one.verdict, one.line) == (verdict, "")
    assert told in one.sentence.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "text",
    [
        "71 procent av dem som fullföljde insatsen fick arbete.",
        "49 procent av deltagarna hade arbete sex månader efter avslut.",
        "Väntetiden till insatsen var i genomsnitt 30 dagar.",
        "Arbetslösheten i kommunen var 7,4 procent i april 2023.",
        "Bäst gick det för männen, där nästan hälften fick arbete.",
        "Av de unga fick 40 procent arbete.",
        "Under 2023 deltog 240 personer i insatsen.",
        "Under året började 40 nya deltagare.",
        "Deltagarna var inskrivna i genomsnitt 12 månader.",
        "I fjol fick 23 personer jobb.",
        "140 personer har deltagit sedan mars 2019.",
        "23 personer fick sommarjobb.",
        "23 kvinnor fick jobb.",
    ],
)
def test_what_the_register_counts_otherwise_is_not_tested_and_the_line_is_given(
    text: str, project: Project, reports: Path
) -> None:
    (one,) = beside(text, project, reports)
    assert (one.verdict, one.sentence) == ("untestable", "")
    (entry,) = yaml.safe_load(one.line)
    assert Claim.model_validate(entry).quote.sv == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Sedan starten 2022 har omkring 90 personer deltagit i insatsen.",
            {"count": {"value": 90, "about": True}},
        ),
        (
            "61 procent av deltagarna har fått arbete.",
            {"register_figure": {"outcome": ["employment"], "denominator": "participants"}},
        ),
        (
            "Av dem som avslutat gick 61 procent till studier.",
            {"register_figure": {"outcome": ["studies"], "denominator": "exits"}},
        ),
        ("Sex månader senare är 60 procent kvar i arbete.", {}),
        ("Six months later 60 per cent are still in work.", {}),
        ("Efter ett halvår hade 60 procent jobb.", {}),
        ("Under 2023 fick 61 procent arbete.", {}),
        ("61 procent är utan arbete.", {}),
        ("Tillsammans med studier är det 60 procent.", {}),
        ("Under året började 40 nya deltagare i insatsen.", {}),
        ("61 procent av kvinnorna har fått arbete.", {}),
        ("Arbetslösheten i kommunen var 7,4 procent i april 2023.", {}),
    ],
)
def test_a_claim_of_everyone_names_the_figure_that_tests_it(
    text: str, told: dict[str, object]
) -> None:
    (claim,) = read_claims(text).claims
    entry = _entry(claim, "nyhet.txt", set())
    assert {key: entry[key] for key in ("count", "register_figure") if key in entry} == told
    Claim.model_validate(entry)


POOLED = {"register_figure": {"outcome": ["employment", "studies"], "denominator": "exits"}}


@pytest.mark.parametrize(
    "text",
    [
        "Av dem som avslutat gick 50 procent till arbete. Tillsammans med studier: 63 procent.",
        "Av dem som avslutat gick 50 procent till arbete, 63 procent inklusive studier.",
        "Av dem som avslutat fick 50 procent arbete. Räknas studier in är andelen 63 procent.",
        "Of those who left, 50 per cent went to work. Including studies it is 63 per cent.",
    ],
)
def test_a_share_that_adds_an_outcome_is_of_both(text: str, project: Project) -> None:
    """80 of 160 to work and 20 to studies: 100 of 160 are 62.5 per cent."""
    store = {
        "share.exits.employment": Released(share(80, 160), 0, "standard"),
        "share.exits.studies": Released(share(20, 160), 0, "standard"),
        "share.exits.employment+studies": Released(share(100, 160), 0, "standard"),
    }
    reading = read_claims(text)
    *_, added = beside_register(reading, project, store, source="–")
    assert (added.verdict, added.answer) == ("holds", share_id(("employment", "studies"), "exits"))
    entry = _entry(reading.claims[-1], "nyhet.txt", set())
    assert {key: entry[key] for key in POOLED if key in entry} == POOLED


@pytest.mark.parametrize(
    "text",
    [
        "Sex månader senare är {} procent kvar i arbete.",
        "Six months later {} per cent are still in work.",
        "Inom ett halvår hade {} procent jobb.",
        "{} procent är utan arbete.",
        "{} per cent are not in work.",
        "Tillsammans med studier är det {} procent.",
    ],
)
def test_a_share_of_another_time_or_outcome_neither_holds_nor_fails(
    text: str, project: Project, reports: Path
) -> None:
    """40 per cent of those who took part went to work, and 60 did not."""
    for percent in (40, 60):
        (one,) = beside(text.format(percent), project, reports)
        assert (one.verdict, one.sentence) == ("untestable", "")


def test_that_some_did_not_get_work_is_no_count_of_all(project: Project, reports: Path) -> None:
    (claim,) = read_claims("Totalt fick 60 deltagare inte arbete.").claims
    assert "count" not in _entry(claim, "nyhet.txt", set())
    (one,) = beside(claim.sentence, project, reports)
    assert one.verdict == "untestable"


ESKILSTUNA = ARENA.parents[1] / "eskilstuna-fler-jobb" / "project.yaml"


def of_series(text: str) -> Beside:
    """The rate of an area beside a yearly series of two areas and two years."""
    project = load_project(ESKILSTUNA)
    frame = pd.DataFrame(
        [(a, p, v) for a, p, v in zip(["Eskilstuna"] * 2 + ["Riket"], ["2018", "2019", "2019"],
         [10.84, 10.31, 6.0], strict=True)], columns=["area", "period", "value"],
    )  # fmt: skip
    series = AreaSeries(observations=frame, unit="procent", source="Kolada", is_synthetic=False)
    answers = {f"series.{project.series[0].id}": Released(series, 0, "standard")}
    (one,) = beside_register(read_claims(text), project, answers, source="–")
    return one


@pytest.mark.parametrize(
    ("text", "verdict", "told"),
    [
        (
            "År 2018 var arbetslösheten i kommunen 10,8 procent.",
            "holds",
            "10,8 % i Eskilstuna 2018",
        ),
        ("Arbetslösheten i kommunen är 10,3 procent.", "holds", "10,3 % i Eskilstuna 2019"),
        ("Arbetslösheten sjönk från 10,8 procent 2018 till 10,3 procent 2019.", "holds", "2019"),
        ("År 2018 var arbetslösheten i kommunen 9,4 procent.", "untestable", ""),
        ("Arbetslösheten i kommunen är 6,0 procent.", "untestable", ""),
    ],
)
def test_the_rate_of_an_area_is_set_beside_the_series_where_they_agree(
    text: str, verdict: str, told: str
) -> None:
    one = of_series(text)
    assert one.verdict == verdict
    assert told in one.sentence.replace("\u00a0", " ")
    assert one.add.endswith(".series") == bool(one.line)


def test_what_a_programme_cost_is_set_beside_its_budget_or_the_line_is_given(
    project: Project, reports: Path
) -> None:
    assert project.budget is not None
    amount = f"{project.budget.amount / 1e6:.1f}".replace(".", ",")
    (one,) = beside(f"Projektet kostade {amount} miljoner kronor.", project, reports)
    assert (one.verdict, one.answer) == ("holds", "budget")
    each = "Projektet kostade {} miljoner kronor, alltså 1 000 kronor per deltagare."
    total, _ = beside(each.format(amount), project, reports)
    assert (total.verdict, total.answer) == ("holds", "budget")
    (other,) = beside("Projektet kostade 1,7 miljoner kronor.", project, reports)
    assert (other.verdict, other.add) == ("untestable", "reading.register.add")
    bare = project.model_copy(update={"budget": None})
    (asked,) = beside("Projektet kostade 1,7 miljoner kronor.", bare, reports)
    assert yaml.safe_load(asked.line) == {"budget": {"amount": 1700000}}


def test_without_answers_the_command_that_makes_them_is_named(
    project: Project, tmp_path: Path
) -> None:
    with pytest.raises(NotFound, match=r"no released answers .* `evalkit render` makes them"):
        released_answers(project, tmp_path)


@pytest.mark.parametrize("form", ["terminal", "html", "docx", "json"])
def test_the_command_sets_a_text_beside_the_register_in_every_form(
    form: str, reports: Path, tmp_path: Path
) -> None:
    text, out = tmp_path / "text.txt", tmp_path / "out"
    text.write_text("Totalt deltog 240 personer i insatsen.", encoding="utf-8")
    arguments = ["--project", str(ARENA), "--reports", str(reports), "--format", form]
    told = CliRunner().invoke(app, ["read", str(text), *arguments, "--output", str(out)])
    assert told.exit_code == 0, told.output
    if form == "json":
        (claim,) = json.loads(out.read_text(encoding="utf-8"))["claims"]
        assert claim["register"]["verdict"] == "not"
    elif form != "docx":
        page = out.read_text(encoding="utf-8").lower().replace("\u00a0", " ")
        assert "håller inte" in page
        assert "200 deltagare" in page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A register, a text with claims and one without any."""
    (tmp_path / "register.csv").write_text(
        "löpnr;kön;startdatum;slutdatum;avslutsorsak\n"
        "1;kvinna;2023-01-09;2023-06-01;Arbete\n2;man;2023-02-01;;\n",
        encoding="utf-8",
    )
    (tmp_path / "nyhet.txt").write_text(
        "Under 2023 deltog 2 personer i insatsen. 50 procent av deltagarna fick arbete.",
        encoding="utf-8",
    )
    (tmp_path / "mötet.txt").write_text("Vi ses i sal 4 klockan 13.", encoding="utf-8")
    return tmp_path


def init(folder: Path, *options: str, answers: str = "") -> str:
    arguments = ["init", str(folder / "register.csv"), "--language", "sv", *options]
    told = CliRunner().invoke(app, arguments, input=answers)
    assert told.exit_code == 0, told.output
    return " ".join(told.output.split())


def test_init_puts_the_claims_of_a_text_in_the_folder_into_the_project_file(folder: Path) -> None:
    shown = init(folder, "--yes")
    project = load_project(folder / "project.yaml")
    assert [claim.quote.sv for claim in project.claims] == [
        "Under 2023 deltog 2 personer i insatsen.", "50 procent av deltagarna fick arbete.",
    ]  # fmt: skip
    assert {claim.source.sv for claim in project.claims} == {"nyhet.txt"}
    assert project.chapters[-1] == "targets_and_claims"
    assert "mötet.txt" not in shown
    written = (folder / "project.yaml").read_bytes()
    assert "nyhet.txt --write-claims" in init(folder, "--yes")  # claims there are left alone
    assert (folder / "project.yaml").read_bytes() == written


def test_whoever_declines_the_claims_is_told_the_command(folder: Path) -> None:
    shown = init(folder, answers="\n" * 5 + "nej\nnej\n")
    assert "prövas i rapporten? (ja/nej)" in shown
    assert "nyhet.txt --write-claims" in shown
    assert load_project(folder / "project.yaml").claims == ()


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, _, t in gold_texts(SETS["texts"])[:6]])
def test_the_claims_block_pasted_into_a_project_passes_the_check(
    name: str, text: str, tmp_path: Path
) -> None:
    """A project without a register takes the claims of any text as they were written."""
    (tmp_path / "text.txt").write_text(text, encoding="utf-8")
    block = CliRunner().invoke(app, ["read", str(tmp_path / "text.txt"), "--write-claims"])
    (tmp_path / "project.yaml").write_text(PROJECT + block.stdout, encoding="utf-8")
    told = CliRunner().invoke(app, ["check", str(tmp_path / "project.yaml")])
    assert told.exit_code == 0, told.output


PROJECT = """\
id: pasted
title: { sv: Inklistrat, en: Pasted }
summary: { sv: Ett projekt., en: A project. }
period: { start: 2022-01-01, end: 2023-12-31 }
data_cut: 2023-12-31
is_synthetic: true
chapters: [targets_and_claims]
"""
