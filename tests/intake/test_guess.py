"""What a file that nobody has described seems to hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from evalkit.intake.codebook import built_in
from evalkit.intake.guess import guessed_registers
from evalkit.intake.guess_exits import guessed_reason
from evalkit.project.proposal import ProposedRegister, proposed_cut

TODAY = dt.date(2025, 3, 1)
# Skatteverket's published test numbers.
NUMBERS = ("19121212-1212", "19780202-2389", "19811218-9876")


def guessed(folder: Path, *rows: Sequence[object], **sheets: Sequence[Sequence[object]]) -> list:
    book = Workbook()
    every = {"Blad1": rows, **sheets}
    for number, (name, content) in enumerate(every.items()):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = name
        for row in content:
            sheet.append(list(row))
    book.save(folder / "register.xlsx")
    return [*guessed_registers(folder / "register.xlsx", name="register.xlsx", today=TODAY)]


def fields(register: ProposedRegister) -> dict[str, str]:
    return {column.heading: column.field for column in register.read}


def people(n: int = 30) -> list[tuple[object, ...]]:
    day = dt.date(2024, 1, 8)
    return [
        (f"A{i:03d}", "K" if i % 2 else "M", day + dt.timedelta(days=7 * i),
         day + dt.timedelta(days=7 * i + 90) if i % 3 else None, "Arbete" if i % 3 else None)
        for i in range(n)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headings", "entry", "left"),
    [
        (("Dossiernr", "Kön", "Startdatum i insats", "Slutdatum i insats", "Avslutsorsak"), 2, 3),
        (("Klient-id", "Kön", "Fr.o.m.", "T.o.m.", "Anledning till avslut"), 2, 3),
        (("SUS-nr", "Juridiskt kön", "Påbörjad", "Avslutad den", "Avslutsanledning"), 2, 3),
        (("Ärende", "Kön", "Inskrivningsdatum", "Utskrivningsdatum", "Utskriven till"), 2, 3),
        (("Deltagare nr", "Sex", "Insatsens startdatum", "Insatsens slutdatum", "Orsak"), 2, 3),
        (("Deltagarnr", "Kön", "Insatsstart", "Insatsslut", "Varför slutade?"), 2, 3),
    ],
)
def test_headings_of_case_systems_are_guessed_by_their_words(
    tmp_path: Path, headings: tuple[str, ...], entry: int, left: int
) -> None:
    (found,) = guessed(tmp_path, ("Utdrag ur systemet 2025-01-15",), (), headings, *people())
    read = fields(found)
    assert read[headings[entry]] == "entry"
    assert read[headings[left]] == "exit"
    assert read[headings[0]] == "person_id"
    assert read[headings[4]] == "exit_reason"
    assert (found.kind, found.rows, found.drawn) == ("participants", 30, dt.date(2025, 1, 15))


@pytest.mark.parametrize(
    "planned",
    [
        "Planerat slutdatum",
        "Preliminärt slut",
        "Beslutat t.o.m.",
        "Beräknat avslut",
        "Prognos slut",
    ],
)
def test_a_planned_end_is_never_an_exit(tmp_path: Path, planned: str) -> None:
    headings = ("Löpnr", "Kön", "Startdatum", planned, "Avslutsorsak")
    (found,) = guessed(tmp_path, headings, *people())
    assert "exit" not in fields(found).values()


def test_a_heading_alone_proves_nothing(tmp_path: Path) -> None:
    """A column of names under a heading that begins as one of dates."""
    rows = [(*row, "Anna") for row in people()]
    headings = ("Löpnr", "Kön", "Startdatum", "Faktiskt avslut", "Orsak", "Avslutande handläggare")
    (found,) = guessed(tmp_path, headings, *rows)
    assert fields(found)["Faktiskt avslut"] == "exit"
    assert "Avslutande handläggare" not in fields(found)


def test_the_data_cut_is_the_day_the_file_names_else_the_end_of_its_last_month(
    tmp_path: Path,
) -> None:
    headings = ("Löpnr", "Kön", "Startdatum", "Slutdatum", "Avslutsorsak")
    found = guessed(tmp_path, headings, *people())
    # Last exit of 30 persons: the 30th starts 2024-07-29 and stays 90 days.
    assert found[0].last == dt.date(2024, 10, 27)
    assert proposed_cut(tuple(found), today=TODAY) == dt.date(2024, 10, 31)
    found = guessed(tmp_path, ("Uttag 2024-11-15",), headings, *people())
    assert proposed_cut(tuple(found), today=TODAY) == dt.date(2024, 11, 15)


def test_a_list_of_dated_statuses_and_a_sheet_of_notes_are_told_apart(tmp_path: Path) -> None:
    headings = ("Löpnr", "Kön", "Startdatum", "Slutdatum", "Avslutsorsak")
    statuses = [("Löpnr", "Datum", "Status"), ("A001", "2024-11-01", "Arbete")]
    found = guessed(tmp_path, headings, *people(), Lägen=statuses, Om=[("Kontakta Kim",)])
    assert [one.kind for one in found] == ["participants", "follow_up", "other"]


def test_no_example_shows_a_letter_or_a_digit_of_a_person(tmp_path: Path) -> None:
    rows = [(number, "K", "2024-01-08", "", "Kim Exempel") for number in NUMBERS]
    headings = ("Personnummer", "Kön", "Startdatum", "Slutdatum", "Namn")
    (found,) = guessed(tmp_path, headings, *rows)
    shown = "".join(example for column in found.columns for example in column.examples)
    assert not any(letter.isalpha() for letter in shown)
    assert {letter for letter in shown if letter.isdigit()} <= set("2024")


def test_a_column_that_tells_participants_from_others_is_seen(tmp_path: Path) -> None:
    headings = ("Kod", "Kön", "Startdatum", "Slutdatum", "Avslutsorsak", "Grupp", "Anteckning")
    rows = [(*row, ("Deltagare", "Jämförelse")[i % 2], "ok") for i, row in enumerate(people())]
    (found,) = guessed(tmp_path, headings, *rows)
    assert [column.heading for column in found.columns if column.marks_others] == ["Grupp"]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("Återgått till AF", "referred_back"),
        ("Åter till Arbetsförmedlingen", "referred_back"),
        ("Arbete, tillsvidare", "employment"),
        ("Subventionerad anställning", "employment"),
        ("Visstidsanställning 6 mån", "employment"),
        ("Startat eget företag", "employment"),
        ("Flyttat till annan kommun", "moved_or_deceased"),
        ("Börjat på Komvux", "studies"),
        ("Sjukskriven på heltid", "health_or_leave"),
        ("Avbrott p.g.a. sjukdom", "health_or_leave"),
        ("Avbrutit i förtid", "dropout"),
        ("Hoppade av", "dropout"),
        ("Kommunal visstidsanställning", "municipal_employment"),
        # Words of work that do not say work.
        ("Ej arbete, åter i försörjningsstöd", ""),
        ("Sagt upp sig från praktik, söker arbete", ""),
        ("Arbetslös", ""),
        ("Nekad anställning", ""),
        ("Arbetsträning", "referred_back"),
        # Two that do not agree, and one that says nothing.
        ("Arbete eller studier", ""),
        ("Anvisningen upphörde", ""),
        ("Enligt överenskommelse", ""),
    ],
)
def test_a_reason_is_proposed_by_its_words_or_not_at_all(reason: str, expected: str) -> None:
    assert guessed_reason(reason, built_in()) == expected


def test_a_rare_text_of_its_own_is_not_written_down(tmp_path: Path) -> None:
    story = "Flyttat till sin syster Anna i Lund"
    rows = [(*row[:4], row[4] and (story if row[0] == "A001" else f"Berättelse {row[0]}"))
            for row in people()]  # fmt: skip
    headings = ("Löpnr", "Kön", "Startdatum", "Slutdatum", "Avslutsorsak")
    (found,) = guessed(tmp_path, headings, *rows)
    assert found.reasons == ()
    assert found.rare_reasons == 20
