"""The chapter on what became of those who left: recounted from the files, and made by rule."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
import yaml

import evalkit as ek
from evalkit import chapters as sections
from evalkit.answers.study import Study, open_study
from evalkit.documents.files.paths import sample_folder
from evalkit.language import LANGUAGES, Language
from evalkit.present.blocks import Figure
from evalkit.project import ProjectError
from tests.chapters.test_sections import text_of

CHAPTER = sections.after_leaving
JOBBSPAR = sample_folder() / "sydostra-skane-jobbspar"
CUT = dt.date(2019, 6, 30)


def rows(name: str, encoding: str) -> list[dict[str, str]]:
    text = (JOBBSPAR / name).read_text(encoding=encoding).removeprefix("sep=;\n")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def at_work_after_four_weeks() -> tuple[int, int]:
    """Of those who left to work: how many worked by the last status within 28 + 14 days."""
    left = {
        row["Löpnr"]: dt.date.fromisoformat(row["Slutdatum"])
        for row in rows("jobbspar_deltagare.csv", "latin-1")
        if row["Avslutsorsak"] in ("Arbete", "Anställning", "Nystartsjobb")
    }
    followed = {p: day for p, day in left.items() if day + dt.timedelta(42) <= CUT}
    last = dict.fromkeys(followed, (dt.date.min, "Arbete"))
    for row in rows("jobbspar_uppfoljning.csv", "utf-8-sig"):
        person, when = row["Deltagar-ID"], dt.date.fromisoformat(row["Datum"])
        is_situation = row["Status"] not in ("Betyg", "Yrkesbevis")
        if person not in followed or not is_situation:
            continue
        if 0 < (when - followed[person]).days <= 42:
            last[person] = max(last[person], (when, row["Status"]), key=lambda one: one[0])
    return sum(status == "Arbete" for _, status in last.values()), len(followed)


def made_by_rule(folder: Path, **follow_up: object) -> Path:
    """Eighty who left to work on 1 January 2023: every second unemployed from day 100 on."""
    header = "Personnummer;Kön;Startdatum;Slutdatum;Avslutsorsak"
    persons = [f"P{i:03d};Kvinna;2022-06-01;2023-01-01;Arbete" for i in range(80)]
    changes = [f"P{i:03d};2023-04-11;Arbetslös" for i in range(0, 80, 2)]
    (folder / "r.csv").write_text("\n".join([header.replace("Personnummer", "Löpnr"), *persons]))
    (folder / "f.csv").write_text("\n".join(["Löpnr;Datum;Status", *changes]))
    content = {
        "id": "by-rule",
        "languages": ["sv"],
        "title": "Efter avslut",
        "summary": "Påhittat.",
        "period": {"start": "2022-01-01", "end": "2023-12-31"},
        "data_cut": "2023-12-31",
        "is_synthetic": True,
        "registers": [
            {
                "file": "r.csv",
                "follow_up": {"file": "f.csv", "columns": {"Löpnr": "person_id"}, **follow_up},
            }
        ],
        "chapters": ["after_leaving"],
    }
    file = folder / "project.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def jobbspar() -> Study:
    return open_study(JOBBSPAR, language="sv", purpose="release")


def test_the_share_at_work_is_that_of_the_files(jobbspar: Study) -> None:
    at_work, n = at_work_after_four_weeks()
    text = text_of(CHAPTER.still_in_work(jobbspar)).replace("\u00a0", " ")
    assert f"Av {n} som gick till arbete arbetade {at_work} efter 28 dagar" in text


def test_contacts_are_never_a_curve(jobbspar: Study) -> None:
    section = CHAPTER.states(jobbspar)
    assert not [block for block in section.blocks if isinstance(block, Figure)]
    assert not text_of(section)
    assert "varje gång de tillfrågades" in text_of(CHAPTER.sustained(jobbspar))
    assert "blivit arbetslösa igen" not in text_of(CHAPTER.days_in_work(jobbspar))


@pytest.mark.parametrize("purpose", ["explore", "release"])
def test_dated_changes_have_days_return_and_states(tmp_path: Path, purpose: str) -> None:
    file = made_by_rule(tmp_path, kind="changes", days=[90, 180])
    study = ek.open_study(file, purpose=purpose)  # type: ignore[arg-type]
    # Forty of eighty leave work on day 100: 80 after 90 days, 40 after 180, (180 + 100) / 2 days.
    shares = text_of(CHAPTER.still_in_work(study)).replace("\u00a0", " ")
    assert "arbetade 80 efter 90 dagar (100,0 %" in shares or "Skyddad" in shares
    assert "arbetade 40 efter 180 dagar (50,0 %" in shares
    days = text_of(CHAPTER.days_in_work(study)).replace("\u00a0", " ")
    assert "i genomsnitt 140 dagar i arbete" in days
    assert "50,0 %" in days and "blivit arbetslösa igen" in days
    (figure,) = (one for one in CHAPTER.states(study).blocks if isinstance(one, Figure))
    at_work = float(figure.data.rows[-1][1].text.split("\u00a0")[0].replace(",", "."))
    # 40 of 80; published, rounded to sixes of persons: three of eighty at most from it.
    assert at_work == pytest.approx(50.0, abs=0.0 if purpose == "explore" else 100 * 3 / 80)


def test_from_contacts_the_unemployed_are_a_share_on_the_day_asked_of(tmp_path: Path) -> None:
    # Day 90 is read at day 104: forty answered on day 100, forty never.
    study = open_study(made_by_rule(tmp_path, days=[90]), language="sv", purpose="explore")
    days = text_of(CHAPTER.days_in_work(study)).replace("\u00a0", " ")
    assert "Av de 40 vi vet läget för efter 90 dagar var 40 arbetslösa (100,0 %" in days
    assert "Av alla 80 är det mellan 50,0 % och 100,0 %" in days


def test_those_of_a_sheet_of_several_are_followed(tmp_path: Path) -> None:
    file = made_by_rule(tmp_path, kind="changes", days=[180])
    rows = pd.read_csv(tmp_path / "r.csv", sep=";", dtype=str)
    with pd.ExcelWriter(tmp_path / "r.xlsx") as book:
        rows[:30].to_excel(book, sheet_name="Ystad", index=False)
        rows[30:].to_excel(book, sheet_name="Sjöbo", index=False)
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    (register,) = content["registers"]
    content["registers"] = [
        {**register, "file": "r.xlsx", "sheet": one} for one in ("Ystad", "Sjöbo")
    ]
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    study = ek.open_study(file, purpose="explore")
    shares = text_of(CHAPTER.still_in_work(study)).replace("\u00a0", " ")
    assert "Av 80 som gick till arbete arbetade 40 efter 180 dagar" in shares


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_ends_with_what_cannot_be_said(language: Language) -> None:
    study = open_study(sample_folder() / "haninge-arbetsmarknadscenter", language=language)
    box = CHAPTER.conclusions(study).blocks[-1]
    assert box.kind == "cannot_say"
    assert len(box.items) == 3


def test_the_chapter_needs_a_follow_up(tmp_path: Path) -> None:
    file = made_by_rule(tmp_path)
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    del content["registers"][0]["follow_up"]
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ProjectError, match=r"after_leaving (needs|kräver) follow_up"):
        ek.open_study(file)
