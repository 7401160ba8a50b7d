"""Table one and subsidised work, against the files themselves."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import evalkit as ek
from evalkit.chapters import participants
from evalkit.language import Language
from evalkit.present.blocks import Figure, Paragraph, Table, printed
from evalkit.present.labels import words_of
from evalkit.present.sentences import subsidy_sentence
from evalkit.project import load_project
from evalkit.results import CountTable
from tests.support.reports import document_of

SAMPLES = Path(__file__).resolve().parents[2] / "data/sample"


@pytest.fixture(scope="module")
def arena_rows() -> list[dict[str, str]]:
    sheet = openpyxl.load_workbook(SAMPLES / "arena-for-arbete/deltagare_arena.xlsx")[
        "Deltagare 2018-2019"
    ]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(i for i, row in enumerate(rows) if "Avslutsorsak" in row)
    names = [str(name) for name in rows[start]]
    return [dict(zip(names, row, strict=True)) for row in rows[start + 1 :]]


def test_subsidised_work_stands_apart_in_the_chart_of_exits() -> None:
    """33 of 107 in Arena (REPORT, F9)."""
    study = ek.open_study(SAMPLES / "arena-for-arbete", purpose="release")
    (figure,) = participants.status(study).blocks
    assert isinstance(figure, Figure)
    counts = {row[0].text: row[1].text for row in figure.data.rows}
    assert counts["Arbete med subvention"] == "33"
    assert counts["Arbete utan subvention"] == "74"
    assert sum(int(n) for name, n in counts.items() if name != "Totalt") == 267


def test_subsidies_are_those_of_the_file(arena_rows: list[dict[str, str]]) -> None:
    kinds = Counter(str(row.get("Subventionerad anställning") or "") for row in arena_rows)
    named = {"Nystartsjobb": 13, "Introduktionsjobb": 11, "Lönebidrag": 6, "Extratjänst": 3}
    assert {kind: kinds[kind] for kind in named} == named


def test_the_sentence_says_what_the_file_says() -> None:
    """94 of 279 in Sydöstra Skåne (REPORT, F9)."""
    file = SAMPLES / "sydostra-skane-jobbspar/jobbspar_deltagare.csv"
    frame = pd.read_csv(file, sep=";", encoding="cp1252", skiprows=1, dtype=str)
    kinds = frame["Subventionerad anställning"].dropna()
    assert (len(kinds), int((kinds != "Nej").sum())) == (279, 94)
    study = ek.open_study(file.parent, purpose="explore")
    texts = [b.text for b in participants.outcomes(study).blocks if isinstance(b, Paragraph)]
    assert any("279" in text and "94" in text for text in texts)


def test_jobs_that_nobody_knows_of_make_the_number_a_least_one(tmp_path: Path) -> None:
    """Eight of 23 jobs had a subsidy by their reason; of the other 15 the file says nothing."""
    reasons = ["Lönebidrag"] * 8 + ["Arbete"] * 15 + ["Avbrott"] * 20
    rows = [f"D{i};2023-0{1 + i % 9}-10;2024-0{1 + i % 9}-10;{r}" for i, r in enumerate(reasons)]
    text = "\n".join(["Löpnr;Startdatum;Slutdatum;Avslutsorsak", *rows])
    (tmp_path / "register.csv").write_text(text, encoding="utf-8")
    (tmp_path / "project.yaml").write_text(
        "id: t\ntitle: T\nsummary: T.\nlanguages: [sv]\ndata_cut: 2024-12-31\n"
        "period: {start: 2023-01-01, end: 2024-12-31}\n"
        "registers: [{file: register.csv}]\nchapters: [participants]\n",
        encoding="utf-8",
    )
    page = document_of(str(tmp_path), "sv").first_page
    assert page is not None
    told = [text for part in page.parts for block in part.blocks for text in printed(block)]
    assert "Av 23 anställningar var minst 8 subventionerade; för 15 är det inte känt." in told


@pytest.mark.parametrize(
    ("language", "where", "told"),
    [
        ("sv", "", "fick minst 8 (minst 34,8 %) en anställning med subvention"),
        ("sv", "over_time", "minst 8 av de 23 som gick till arbete"),
        ("sv", "target", "I utfallet ingår minst 8 anställningar med subvention"),
        ("en", "target", "at least 34.8% of all 23 who moved into work"),
    ],
)
def test_a_share_of_the_subsidised_is_a_least_one_where_some_are_not_known(
    language: Language, where: str, told: str
) -> None:
    rows = {"subsidised": 8, "subsidy_unrecorded": 15, "total": 23}
    frame = pd.DataFrame({"subsidy": list(rows), "n": pd.array(list(rows.values()), dtype="Int64")})
    frame["is_margin"] = [level == "total" for level in rows]
    frame["is_withheld"] = False
    table = CountTable(counts=frame, dimensions=("subsidy",))
    words = words_of(load_project(SAMPLES / "arena-for-arbete/project.yaml"), language)
    assert told in subsidy_sentence(table, words, where=where).replace("\u00a0", " ")


def test_every_level_is_of_women_men_and_all_and_adds_up() -> None:
    study = ek.open_study(SAMPLES / "sydostra-skane-jobbspar", purpose="explore")
    table = next(b for b in participants.composition(study).blocks if isinstance(b, Table))
    totals: dict[str, list[float]] = {}
    for row in table.rows:
        women, men, everyone = (row[i].value for i in (1, 3, 5))
        assert women is not None and men is not None and everyone == women + men
        own = totals.setdefault(row[0].text.split(":")[0], [0.0, 0.0])
        own[0] += women
        own[1] += men
    assert set(map(tuple, totals.values())) == {(482.0, 522.0)}
    assert {"Åldersgrupp", "Utbildningsnivå", "Kommun", "Jobbspår"} <= set(totals)


def test_everyone_is_one_row_when_no_sex_is_known(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    text = (SAMPLES / "trelleborg-samordnad-etablering/project.yaml").read_text("utf-8")
    source = SAMPLES / "trelleborg-samordnad-etablering/etablering_trelleborg.csv"
    (folder / "project.yaml").write_text(text, "utf-8")
    frame = source.read_bytes().decode("utf-8-sig")
    header = frame.splitlines()[0]
    assert "Kön" in header
    (folder / source.name).write_text(frame.replace("Kön", "Anm", 1), "utf-8")
    study = ek.open_study(folder, purpose="explore")
    if study.persons["sex"].isin(["woman", "man"]).any():
        pytest.skip("sex is read from identity numbers")
    (table,) = participants.composition(study).blocks
    assert isinstance(table, Table)
    assert len(table.columns) == 3


def test_days_out_of_work_before_are_the_mean_of_those_whose_days_are_known() -> None:
    file = SAMPLES / "sydostra-skane-jobbspar/jobbspar_deltagare.csv"
    frame = pd.read_csv(file, sep=";", encoding="cp1252", skiprows=1, dtype=str)
    first = frame.drop_duplicates(subset="Löpnr")
    days = first["Inskrivningstid AF"].str.replace("\u00a0", "").astype(float).dropna()
    study = ek.open_study(SAMPLES / "sydostra-skane-jobbspar", purpose="release")
    said = [b.text for b in participants.composition(study).blocks if isinstance(b, Paragraph)]
    (sentence,) = [one for one in said if one.startswith("Innan de började")]
    assert f"{days.mean():.0f}\u00a0dagar" in sentence
    assert str(len(days)) in sentence.replace("\u00a0", "")
