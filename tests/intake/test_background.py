"""Age at the start, from whichever column tells it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from evalkit.intake import Intake, read_registers
from evalkit.intake.background import completed_years
from tests.intake.conftest import KEY, Build

Csv = Callable[..., str]


@pytest.fixture
def read(project_of: Build, csv: Csv) -> Callable[..., Intake]:
    """One participant who started on 15 March 2018, with two more columns."""

    def made(header: str, value: str) -> Intake:
        lines = (f"Löpnr;Startdatum;{header}", f"1;2018-03-15;{value}", f"2;2018-03-15;{value}")
        return read_registers(project_of(csv(*lines)), key=KEY)

    return made


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("1988-03-14", 30),
        ("1988-03-15", 30),  # on the birthday itself
        ("1988-03-16", 29),
        ("1988-12-01", 29),
        ("1988-01-31", 30),
    ],
)
def test_a_year_is_completed_on_the_birthday(
    read: Callable[..., Intake], born: str, age: int
) -> None:
    assert read("Födelsedatum", born).persons["age_at_entry"].tolist() == [age, age]


def test_a_birth_year_alone_is_taken_as_the_first_of_july(read: Callable[..., Intake]) -> None:
    # In March those born in 1988 are taken to be 29: half of them are.
    found = read("Födelseår", "1988")
    assert found.persons["age_at_entry"].tolist() == [29, 29]
    assert "birth_year_only" in {one.check for one in found.findings}  # and the reader is told
    whole = read("Födelsedatum", "1988-03-05")
    assert "birth_year_only" not in {one.check for one in whole.findings}


def test_an_impossible_birth_date_is_reported_and_gives_no_age(read: Callable[..., Intake]) -> None:
    intake = read("Födelsedatum", "1988-02-30")
    assert intake.persons["age_at_entry"].isna().all()
    (found,) = [one for one in intake.findings if one.check == "date_impossible"]
    assert (found.severity, found.column, found.rows) == ("warning", "Födelsedatum", (2, 3))


@pytest.mark.parametrize(
    ("age", "read_as"), [("9", None), ("10", 10), ("34,9", 34), ("100", 100), ("101", None)]
)
def test_ages_from_ten_to_a_hundred_are_plausible_and_counted_in_whole_years(
    read: Callable[..., Intake], age: str, read_as: int | None
) -> None:
    intake = read("Ålder", age)
    ages = intake.persons["age_at_entry"]
    assert ages.tolist() == [read_as] * 2 if read_as is not None else ages.isna().all()
    checks = {found.check: found.column for found in intake.findings}
    assert checks.get("age_implausible") == (None if read_as is not None else "Ålder")


def test_without_a_date_there_is_no_age() -> None:
    days = np.array(["NaT", "2000-01-01"], dtype="datetime64[D]")
    assert np.isnan(completed_years(days, days[::-1])).all()
