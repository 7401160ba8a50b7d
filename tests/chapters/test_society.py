"""Kronor by actor: from contacts a range, what is assumed apart, and who gains nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from evalkit import chapters as sections
from evalkit.answers.study import open_study
from evalkit.language import Language
from evalkit.present.blocks import Section, Table
from tests.chapters.test_sections import text_of

MADE_UP = {"year": 2023, "source": {"sv": "påhittat", "en": "made up"}}
PRICES = [
    {"id": "wage", "payer": "employer", "receiver": "individual", "kronor": 1000, **MADE_UP},
    {"id": "production", "payer": "nobody", "receiver": "employer", "kronor": 1200, **MADE_UP},
    {"id": "tax", "payer": "individual", "receiver": "municipality", "kronor": 200, **MADE_UP},
]


def calculation(
    folder: Path, language: Language = "sv", late: int = 12, **society: Any
) -> tuple[Section, str]:
    """40 leave to work and answer so on day 28; 20 leave otherwise; ``late`` just before the cut.

    Within 90 days the 40 are in work 28 days at the least and 90 at the most, the 20 never: of
    the 60 followed so long 28 · 40 / 60 = 18,7 and 90 · 40 / 60 = 60 days on average.
    """
    rows = ["Löpnr;Kön;Startdatum;Slutdatum;Avslutsorsak"]
    events = ["Deltagar-ID;Datum;Status"]
    for number in range(60 + late):
        end = "2023-01-15" if number < 60 else "2023-11-01"
        reason, status = ("Arbete", "Arbete") if number < 40 else ("Avbrott", "Arbetslös")
        rows.append(f"P{number:03d};Kvinna;2022-0{1 + number % 9}-01;{end};{reason}")
        if number < 60:
            events.append(f"P{number:03d};2023-02-12;{status}")
    (folder / "r.csv").write_text("\n".join(rows), encoding="utf-8")
    (folder / "u.csv").write_text("\n".join(events), encoding="utf-8")
    content = {
        "id": "kronor",
        "title": "Kronor",
        "languages": [language],
        "summary": "Påhittat.",
        "period": {"start": "2022-01-01", "end": "2023-12-31"},
        "data_cut": "2023-12-31",
        "is_synthetic": True,
        "registers": [{"file": "r.csv", "follow_up": {"file": "u.csv", "days": [28, 90]}}],
        "society": {
            "horizon_days": 90,
            "prices": PRICES,
            "costs": {"municipality": 100_000, "region": 50_000},
            **society,
        },
        "chapters": ["society"],
    }
    file = folder / "project.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    study = open_study(file, language=language, purpose="release")
    section = sections.society.calculation(study)
    return section, text_of(section).replace("\u00a0", " ")


def test_from_contacts_the_days_and_the_kronor_are_a_range(tmp_path: Path) -> None:
    section, text = calculation(tmp_path)
    assert "i genomsnitt mellan 19 och 60 dagar i arbete, om inget ändrades" in text
    assert "De 60 som har följts så länge får stå för alla" in text
    # 100 000 / (72 · 200 · 60) = 11.6 %, at 18.67 days 37.2 %.
    assert "minst 37 % av arbetsdagarna" in text and "räcker 12 %" in text
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    municipality = next(row for row in table.rows if row[0].text == "Kommunen")
    # 72 · 18.67 · 200 − 100 000 = 168 800; 72 · 60 · 200 − 100 000 = 764 000.
    assert municipality[3].text == "0,2–0,8"


def test_who_bears_a_cost_and_gains_nothing_is_told(tmp_path: Path) -> None:
    _, text = calculation(tmp_path)
    assert "Regionen vinner inget på en arbetsdag" in text
    assert "Arbetsgivarna och deltagarna själva bär ingen kostnad och vinner på varje" in text


@pytest.mark.parametrize(
    ("language", "told", "heading"),
    [
        ("sv", "antar dessutom 100 dagar i arbete per deltagare", "Hela spannet"),
        ("en", "also assumes 100 days in work per participant", "The whole range"),
    ],
)
def test_assumed_days_stand_apart_and_a_stated_range_has_its_whole(
    tmp_path: Path, language: Language, told: str, heading: str
) -> None:
    section, text = calculation(
        tmp_path,
        language,
        beyond={"days": 100, "source": "SCB"},
        worked_anyway={"low": 0.3, "high": 0.6, "source": "SCB"},
    )
    assert told in text
    counted, assumed = (block for block in section.blocks if isinstance(block, Table))
    assert counted.columns[-1] == heading
    # Society: 72 · 1 200 · (18.67 · 0.4 … 60 · 0.7) − 150 000.
    assert counted.rows[-1][-1].text.replace(".", ",") == "0,5–3,5"
    # 72 · 1 200 · 100 at 0 %: millions, no cost.
    assert assumed.rows[-1][3].text.replace(".", ",") == "8,6"


def test_few_followed_so_long_are_no_ground_for_the_others(tmp_path: Path) -> None:
    _, text = calculation(tmp_path, horizon_days=350)
    assert "efter uppföljningens slut" in text
