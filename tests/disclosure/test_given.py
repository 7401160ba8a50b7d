"""Whether figures stand is decided on what is released: never on how many few are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from evalkit.answers.store import answered, to_json
from evalkit.answers.study import open_study
from evalkit.chapters.section import asked_of
from evalkit.results import Estimate, NotComputed, NotEstimable, Withheld

PROJECT = """id: small
title: {sv: Liten, en: Small}
summary: {sv: En insats., en: A programme.}
period: {start: 2023-01-01, end: 2024-12-31}
data_cut: 2024-12-31
registers: [{file: deltagare.csv}]
groups: [sex]
targets:
  - {id: a, title: {sv: Mål, en: Goal}, goal: 0.5, outcome: [employment]}
sites: [{id: towns, title: {sv: Orterna, en: Towns}, by: municipality}]
chapters: [participants, time_to_employment, targets_and_claims, sites]
"""
STILL_THERE, UNDATED = "", "Arbete utan dag"


def kept(folder: Path, **persons: int) -> dict[str, Any]:
    """The released results of so many persons by exit, women and men and towns by turns."""
    rows, reasons = ["Deltagar-ID;Kön;Kommun;Startdatum;Slutdatum;Avslutsorsak"], list[str]()
    words = {"work": "Arbete", "dropout": "Avbrott", "unknown": "", "ongoing": STILL_THERE,
             "undated": "Arbete"}  # fmt: skip
    for name, n in persons.items():
        reasons += [name] * n
    for i, name in enumerate(reasons):
        start = dt.date(2023, 1, 10) + dt.timedelta(i * 37 % 300)
        end = start + dt.timedelta(30 + i * 53 % 300)
        day = "" if name in ("ongoing", "undated") else end
        sex, town = ("Kvinna", "Man")[i % 2], ("Ystad", "Lund")[i % 3 > 0]
        rows.append(f"D-{i:03};{sex};{town};{start};{day};{words[name]}")
    folder.mkdir()
    (folder / "deltagare.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (folder / "project.yaml").write_text(PROJECT, "utf-8")
    study = open_study(folder / "project.yaml", purpose="release")
    released = answered(study, asked_of(study))
    (folder / "answers.json").write_text(to_json(released), "utf-8")
    return {name: one.result for name, one in released.items()}


def standing(found: dict[str, Any]) -> set[str]:
    return {name for name, one in found.items() if not isinstance(one, NotComputed | NotEstimable)}


def test_whether_shares_stand_does_not_tell_how_many_few_are_unknown(tmp_path: Path) -> None:
    """Of 14 who left 2 or 3 are unknown: 14 % and 21 %, on either side of a fifth."""
    two, three = (
        kept(tmp_path / str(n), work=8 - n, unknown=n, dropout=6, ongoing=24) for n in (2, 3)
    )
    assert isinstance(two["unrecorded.share"], Withheld)
    assert two["unrecorded"] == three["unrecorded"] == "some"
    assert standing(two) == standing(three)
    assert isinstance(three["share.participants.employment+studies"], Estimate)


def test_a_withheld_mean_does_not_tell_whether_one_or_a_few_left(tmp_path: Path) -> None:
    """Of one person no mean is computed, of two it is: both are withheld, and look alike."""
    found = [kept(tmp_path / str(n), dropout=n, ongoing=14 - n) for n in (1, 2)]
    one, two = (each["enrolment.completed"] for each in found)
    assert isinstance(one, Withheld)
    assert one == two


def test_whether_curves_stand_does_not_tell_how_many_few_left_on_an_unknown_day(
    tmp_path: Path,
) -> None:
    """Of 40 persons 1 or 4: 2.5 % and 10 %, on either side of a twentieth."""
    one, four = (kept(tmp_path / str(n), work=15, undated=n, ongoing=25 - n) for n in (1, 4))
    assert isinstance(one["ends_unknown.share"], Withheld)
    assert one["ends_unknown"] is four["ends_unknown"] is True
    assert standing(one) == standing(four)


def test_a_share_does_not_stand_where_most_are_seen_to_be_unknown(tmp_path: Path) -> None:
    found = kept(tmp_path / "p", work=12, unknown=20, ongoing=20)
    assert found["unrecorded"] == "mostly"
    assert found["share.exits.employment+studies"].reason == "outcome_unknown"
    assert found["target.a"].reason == "outcome_unknown"
    for name in ("site.towns", "incidence.everyone", "decisive.sex", "shares.sex"):
        assert found[name] == NotComputed(reason="outcome_unknown"), name
    low, high = found["unrecorded.exits"]
    assert (low.cells[0], high.cells[0], low.n) == (12, 32, 32)


def test_nothing_is_said_of_a_share_where_nothing_is_known(tmp_path: Path) -> None:
    assert kept(tmp_path / "p", unknown=20, ongoing=20)["unrecorded"] == "all"


def test_why_there_is_no_mean_does_not_tell_that_one_person_left(tmp_path: Path) -> None:
    """Of one there is no interval; of three there is, and it is not shown."""
    one, three = (kept(tmp_path / str(n), work=n, ongoing=30) for n in (1, 3))
    assert isinstance(one["enrolment.completed"], Withheld)
    assert one["enrolment.completed"] == three["enrolment.completed"]
    assert set(one) == set(three)
