"""The follow-up register: linked to the persons, checked, and silent about them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evalkit.intake import Intake, IntakeError, read_registers
from tests.intake.conftest import KEY, Build

Csv = Callable[..., str]
REGISTER = ("Deltagar-ID;Kön;Startdatum;Slutdatum;Avslutsorsak",)


@pytest.fixture
def read(project_of: Build, csv: Csv) -> Callable[..., Intake]:
    """Two persons and a follow-up with the given lines."""

    def made(*lines: str, ids: tuple[str, str] = ("A1", "A2"), **follow_up: object) -> Intake:
        rows = [f"{one};K;2018-02-01;2018-06-01;Arbete" for one in ids]
        register = csv(*REGISTER, *rows)
        later = csv(*lines, name="uppfoljning.csv")
        project = project_of(register, follow_up={"file": later, **follow_up})
        return read_registers(project, key=KEY)

    return made


def checks(intake: Intake) -> dict[str, int]:
    return {found.check: found.count for found in intake.findings if "uppf" in found.file}


@pytest.mark.parametrize("ids", [("A1", "A2"), ("197802022389", "197010632391")])
def test_events_link_to_the_persons_of_their_register(
    read: Callable[..., Intake], ids: tuple[str, str]
) -> None:
    intake = read(
        "Deltagar-ID;Datum;Status",
        f"{ids[0]};2018-06-05;Arbete",
        f"{ids[1]};2018-06-07;Arbetssökande",
        ids=ids,
    )
    assert set(intake.events["person"]) == set(intake.persons["person"])
    assert intake.events["status"].tolist() == ["employment", "unemployed"]
    assert intake.events["date"].dt.strftime("%F").tolist() == ["2018-06-05", "2018-06-07"]


def test_a_project_words_its_own_headers_and_statuses(read: Callable[..., Intake]) -> None:
    intake = read(
        "Deltagar-ID;Kontaktdag;Svar",
        "A1;2018-06-05;jobbar heltid",
        columns={"Kontaktdag": "event_date", "Svar": "event_status"},
        values={"jobbar heltid": "employment"},
    )
    assert intake.events["status"].tolist() == ["employment"]
    assert checks(intake) == {}


def test_unusable_events_are_reported_and_left_out(read: Callable[..., Intake]) -> None:
    intake = read(
        "Deltagar-ID;Datum;Status",
        "A1;2018-06-05;Arbete",
        "A1;;Arbete",
        "A1;2018-02-30;Arbete",
        "A2;2020-01-01;Arbete",
        "B7;2018-06-05;Arbete",
        "A2;2018-03-01;Studier",
        "A2;2018-07-01;ville inte säga",
    )
    assert len(intake.events) == 3
    assert intake.events["status"].tolist() == ["studies", "employment", "unknown"]
    assert checks(intake) == {
        "event_undated": 2,
        "event_after_cut": 1,
        "event_of_stranger": 1,
        "event_status_unmapped": 1,
        "event_before_exit": 1,
    }


def test_an_event_on_the_day_of_the_exit_is_no_early_one(read: Callable[..., Intake]) -> None:
    intake = read("Deltagar-ID;Datum;Status", "A1;2018-06-01;Arbete", "A2;2018-05-31;Arbete")
    assert checks(intake) == {"event_before_exit": 1}


def test_an_unknown_status_that_many_have_is_named(read: Callable[..., Intake]) -> None:
    lines = [f"A1;2018-06-{day:02};ville inte säga" for day in range(2, 13)]
    (found,) = [
        one
        for one in read("Deltagar-ID;Datum;Status", *lines).findings
        if one.check == "event_status_unmapped"
    ]
    assert "ville inte säga" in str(found.listing)


def test_an_identity_number_as_status_is_removed(read: Callable[..., Intake]) -> None:
    intake = read("Deltagar-ID;Datum;Status", "A1;2018-06-05;780202-2389")
    assert intake.events["status"].tolist() == ["unknown"]
    assert checks(intake) == {"identity_in_text": 1}
    assert "2389" not in repr(intake.findings) + intake.events.to_csv()[len("person") :]


@pytest.mark.parametrize("header", ["Deltagar-ID;Status;X", "Deltagar-ID;Datum", "Datum;Status"])
def test_a_follow_up_without_person_date_or_status_is_refused(
    read: Callable[..., Intake], header: str
) -> None:
    with pytest.raises(IntakeError, match="follow_up: columns:"):
        read(header, "A1;2018-06-05;Arbete"[: None if header.count(";") > 1 else 13])


def test_without_a_follow_up_there_are_no_events(project_of: Build, csv: Csv) -> None:
    register = csv(*REGISTER, "A1;K;2018-02-01;;", "A2;M;2018-02-01;;")
    intake = read_registers(project_of(register), key=KEY)
    assert intake.events.empty
    assert list(intake.events.columns) == ["person", "date", "status"]
