"""Before and after of the same persons: pairs, cohorts that overlap, and what is not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from evalkit import chapters as sections
from evalkit.answers.study import open_study
from tests.chapters.test_sections import text_of

# Before and after of ninety: METHODS' example in small. Yes/yes, yes/no, no/yes, no/no.
CELLS = (("Arbete", "Arbete", 20), ("Arbete", "Arbetslös", 6), ("Arbetslös", "Arbete", 34),
         ("Arbetslös", "Arbetslös", 20), ("Arbetslös", "", 10))  # fmt: skip


def project(folder: Path, before_after: dict[str, Any]) -> Path:
    rows = ["Löpnr;Kön;Startdatum;Slutdatum;Avslutsorsak;Läge före;Läge efter"]
    number = 0
    for before, after, count in CELLS:
        for _ in range(count):
            month = 1 + number % 9
            rows.append(
                f"P{number:03d};Kvinna;2022-{month:02d}-01;2023-{month:02d}-15;Arbete;"
                f"{before};{after}"
            )
            number += 1
    (folder / "r.csv").write_text("\n".join(rows), encoding="utf-8")
    content = {
        "id": "same",
        "languages": ["sv"],
        "title": "Före och efter",
        "summary": "Påhittat.",
        "period": {"start": "2022-01-01", "end": "2023-12-31"},
        "data_cut": "2023-12-31",
        "is_synthetic": True,
        "registers": [
            {
                "file": "r.csv",
                "columns": {"Läge före": "status_start", "Läge efter": "status_end"},
                "kinds": {"status_start": "status", "status_end": "status"},
                "titles": {"status_start": "Läge före", "status_end": "Läge efter"},
            }
        ],
        "before_after": [{"id": "pairs", "title": "I arbete", "outcome": ["employment"]}],
        "chapters": ["before_after"],
    }
    content["before_after"][0] |= before_after  # type: ignore[index]
    file = folder / "project.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return file


PAIRS = {"before": {"status_column": "status_start"}, "after": {"status_column": "status_end"}}


@pytest.mark.parametrize("purpose", ["explore", "release"])
def test_the_same_persons_are_pairs_with_both_directions(tmp_path: Path, purpose: Any) -> None:
    study = open_study(project(tmp_path, PAIRS), language="sv", purpose=purpose)
    text = text_of(sections.before_after.comparisons(study)).replace("\u00a0", " ")
    assert "Av 80 personer med känt läge båda gångerna fick 34 det och 6 miste det" in text
    assert "Ökningen är 35,0 procentenheter" in text  # (34 − 6) / 80
    # Ten without a status after: from (34 − 6) / 90 to (34 + 10 − 6) / 90.
    assert "För 10 vet vi inte hur det gick" in text
    assert "31,1" in text and "42,2" in text
    assert "olika personer" not in text_of(sections.before_after.conclusions(study))


def test_who_left_less_than_ninety_days_before_the_cut_is_not_compared_yet(tmp_path: Path) -> None:
    file = project(tmp_path, PAIRS)
    for one in (file, tmp_path / "r.csv"):
        text = one.read_text(encoding="utf-8").replace("status_end", "status_90d")
        one.write_text(text, encoding="utf-8")
    with (tmp_path / "r.csv").open("a", encoding="utf-8") as register:
        for number in range(8):  # five with a status filled in, three without
            after = "Arbete" if number < 5 else ""
            register.write(f"\nS{number};Kvinna;2022-01-01;2023-11-15;Arbete;Arbetslös;{after}")
    study = open_study(file, language="sv", purpose="release")
    text = text_of(sections.before_after.comparisons(study)).replace("\u00a0", " ")
    assert "Av 80 personer med känt läge båda gångerna fick 34 det och 6 miste det" in text
    assert "För 10 vet vi inte hur det gick" in text
    assert "8 som har avslutat ingår inte i jämförelsen, eftersom tiden fram till" in text


def test_an_outcome_reached_once_and_for_all_has_no_before(tmp_path: Path) -> None:
    sides = {"before": {"status_column": "status_start"}, "after": {"status_column": "exit_class"}}
    study = open_study(project(tmp_path, sides), language="sv", purpose="release")
    assert "noll per definition" in text_of(sections.before_after.comparisons(study))


def test_cohorts_that_share_persons_are_compared_as_such(tmp_path: Path) -> None:
    cohorts = {
        "before": {
            "label": "Våren",
            "microdata": {"by": "exit", "start": "2023-01-01", "end": "2023-05-31"},
        },
        "after": {
            "label": "Sommaren",
            "microdata": {"by": "exit", "start": "2023-05-01", "end": "2023-09-30"},
        },
        "status_column": "status_end",
    }
    study = open_study(project(tmp_path, cohorts), language="sv", purpose="explore")
    text = text_of(sections.before_after.comparisons(study)).replace("\u00a0", " ")
    assert "9 personer finns i båda grupperna" in text  # ten left in May, one without a status


def test_those_who_began_last_are_said_to_have_had_the_shortest_time(tmp_path: Path) -> None:
    """The box of traps says so by itself, unless a status some days later is what counts."""
    halves = {
        side: {
            "label": side,
            "microdata": {"by": "entry", "start": f"2022-{a}-01", "end": f"2022-{b}-28"},
        }
        for side, a, b in (("before", "01", "04"), ("after", "05", "09"))
    }
    for more, is_told in (({}, True), ({"status_column": "status_end"}, False)):
        study = open_study(project(tmp_path, halves | more), language="sv", purpose="explore")
        text = text_of(sections.before_after.comparisons(study))
        assert ("Ett mätdatum för olika lång uppföljning" in text) is is_told
