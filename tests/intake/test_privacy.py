"""Attacks: what is planted about persons must not come out of intake by any door."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from evalkit.intake import Intake, IntakeError, read_registers
from tests.intake.conftest import KEY, Build

# Published test numbers of Skatteverket, and a name no codebook holds.
MARKS = ("197802022389", "7802022389", "780202", "2389", "Markörsson")
HEADER = "Personnummer;Namn;Kön;Födelsedatum;Kommun;Startdatum;Slutdatum;Avslutsorsak;Remittent"
Csv = Callable[..., str]


def _everything(intake: Intake) -> str:
    return "\n".join(
        [intake.spells.to_csv(), intake.persons.to_csv(), repr(intake), repr(intake.flow)]
        + [repr(finding) for finding in intake.findings]
    )


def _planted(number: str, reason: str = "Markörsson slutade", place: str = "Ystad") -> str:
    return f"{number};Eva Markörsson;K;1978-02-02;{place};2018-02-01;2018-03-01;{reason};AF"


@pytest.mark.parametrize(
    "line",
    [
        _planted("19780202-2389"),
        _planted("780202-2389"),
        _planted("1,97802022389E+11"),
        _planted("19780202-2388"),
        _planted("197802022389", reason="197802022389"),
        _planted("197802022389", place="Ystad 780202-2389"),
        _planted("197802022389").replace("2018-02-01", "Markörsson"),
        _planted("197802022389").replace("2018-03-01", "197802022389"),
        _planted("197802022389").replace(";K;", ";Markörsson;"),
        "Summa;Markörsson;197802022389;;;;;;",
        "Källa: Markörsson 197802022389;;;;;;;;",
        ";".join(["197802022389"] * 9),
    ],
)
def test_planted_marks_come_out_nowhere(project_of: Build, csv: Csv, line: str) -> None:
    filler = [f"D{i};X;M;;Ystad;2018-02-01;;;AF" for i in range(3)]
    intake = read_registers(project_of(csv(HEADER, *filler, line)), key=KEY)
    shown = _everything(intake)
    assert not [mark for mark in MARKS if mark in re.sub(r"[0-9a-f]{24}", "", shown)]


@pytest.mark.parametrize(
    "lines",
    [
        ("Eva Markörsson;197802022389;2018-02-01", "Bo;197010632391;2018-02-01"),
        ("Startdatum;Personnummer", "Markörsson;197802022389"),
        (HEADER, f"{_planted('197802022389')};Markörsson;197802022389"),
        ("Startdatum;Personnummer", "2018-02-01;197802022389"),
        ("Startdatum;Personnummer", '"2018-02-01;197802022389 Markörsson'),
        ("Personnummer;Kön", "197802022389;Markörsson"),
    ],
)
def test_no_error_names_a_person(project_of: Build, csv: Csv, lines: tuple[str, ...]) -> None:
    with pytest.raises(IntakeError) as raised:
        read_registers(project_of(csv(*lines)), key=KEY)
    error: BaseException | None = raised.value
    assert not any(mark in str(error) for mark in MARKS)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_no_error_shows_a_path_of_the_machine(project_of: Build, tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as raised:
        read_registers(project_of("absent.csv"), key=KEY)
    assert str(tmp_path) not in str(raised.value)


def test_a_header_that_may_be_a_person_is_printed_as_its_letter(
    project_of: Build, csv: Csv
) -> None:
    lines = ["Löpnr;Startdatum;Slutdatum;Avslutsorsak;197802022389", "1;2018-02-01;;;x",
             "2;2018-02-01;;;x"]  # fmt: skip
    intake = read_registers(project_of(csv(*lines)), key=KEY)
    (unused,) = [found for found in intake.findings if found.check == "unused_columns"]
    assert unused.listing == ("(E)",)


def test_without_a_key_pseudonyms_are_not_those_of_a_known_key(
    project_of: Build, csv: Csv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EVALKIT_PSEUDONYM_KEY", raising=False)
    name = csv("Löpnr;Startdatum;Slutdatum", "1;2018-02-01;", "2;2018-02-01;")
    known = read_registers(project_of(name), key=b"")
    keyed = read_registers(project_of(name), key=KEY)
    assert set(known.spells["person"]).isdisjoint(keyed.spells["person"])


def test_birth_dates_and_reasons_in_free_text_have_no_column(project_of: Build, csv: Csv) -> None:
    intake = read_registers(
        project_of(csv(HEADER, _planted("197802022389"), _planted("197010632391"))), key=KEY
    )
    assert not {"birth_date", "exit_reason", "person_id"} & set(intake.spells.columns)
