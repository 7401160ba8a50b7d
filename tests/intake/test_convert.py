from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.intake.codebook import built_in
from evalkit.intake.convert import parse_date, parse_number, to_dates, to_numbers
from evalkit.intake.grid import coded

MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
BOOK = built_in()
WAYS = {
    "iso": lambda day: day.isoformat(),
    "iso with time": lambda day: f"{day.isoformat()} 00:00:00",
    "iso with T": lambda day: f"{day.isoformat()}T13:45:00",
    "slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "compact": lambda day: f"{day:%Y%m%d}",
    "day first": lambda day: f"{day.day}/{day.month}/{day.year}",
    "day first, dots": lambda day: f"{day.day:02}.{day.month:02}.{day.year}",
    "day first, space": lambda day: f"{day.day}/{day.month} {day.year}",
    "short": lambda day: f"{day:%y%m%d}",
    "short with hyphens": lambda day: f"{day:%y-%m-%d}",
    "month in words": lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    # Excel counts days from 30 December 1899 for dates after February 1900.
    "excel serial": lambda day: str((day - dt.date(1899, 12, 30)).days),
    "excel serial with time": lambda day: f"{(day - dt.date(1899, 12, 30)).days}.5",
}


@pytest.mark.parametrize("way", WAYS)
@given(day=st.dates(dt.date(1940, 1, 1), dt.date(2035, 12, 31)))
def test_a_date_survives_every_way_of_writing_it(way: str, day: dt.date) -> None:
    assert parse_date(WAYS[way](day), BOOK, 2039) == day


def test_the_serial_of_the_first_of_february_2018_is_43132() -> None:
    # DOMAIN §3, and Excel itself.
    assert parse_date("43132", BOOK, 2030) == dt.date(2018, 2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "30/2/2018",
        "4/13/2018",
        "2018-02-30",
        "2018-13-01",
        "1018-02-01",
        "2018",
        "i maj",
        "#ERROR",
        "180231",
        "99999",
    ],
)
def test_what_is_no_date_is_impossible_and_never_guessed(text: str) -> None:
    assert parse_date(text, BOOK, 2030) == "impossible"


@pytest.mark.parametrize(
    "text", ["9999-12-31", "99991231", "Pågår", "PÅGÅENDE", " pågår. ", "Tills vidare"]
)
def test_words_and_the_last_day_of_the_calendar_mean_ongoing(text: str) -> None:
    assert parse_date(text, BOOK, 2030) == "ongoing"


@pytest.mark.parametrize("text", ["", "  ", "-", "–", ".", "\u2212", "\xa0"])
def test_empty_cells_and_table_dashes_are_missing_dates(text: str) -> None:
    assert parse_date(text, BOOK, 2030) == "missing"


def test_a_two_digit_year_lies_in_the_century_before_the_latest_year() -> None:
    assert parse_date("850709", BOOK, 2019) == dt.date(1985, 7, 9)
    assert parse_date("180709", BOOK, 2019) == dt.date(2018, 7, 9)


def test_a_column_of_dates_keeps_every_row_in_its_place() -> None:
    texts = coded(np.array(["2018-02-01", "", "x", "Pågår", "2018-02-01"], dtype=object))
    dates = to_dates(texts, BOOK, latest_year=2030)
    assert dates.days[[0, 4]].astype(str).tolist() == ["2018-02-01"] * 2
    assert dates.missing.tolist() == [False, True, False, False, False]
    assert dates.impossible.tolist() == [False, False, True, False, False]
    assert dates.ongoing.tolist() == [False, False, False, True, False]


@given(
    value=st.integers(-(10**9), 10**9),
    space=st.sampled_from([" ", "\xa0", "\u202f", ""]),
    minus=st.sampled_from(["-", "\u2212"]),
    tenths=st.integers(0, 9),
)
def test_a_number_in_swedish_writing_is_read_back(
    value: int, space: str, minus: str, tenths: int
) -> None:
    sign = minus if value < 0 else ""
    text = f"{sign}{abs(value):,}".replace(",", space) + f",{tenths}"
    expected = (abs(value) + tenths / 10) * (-1 if value < 0 else 1)
    assert parse_number(text, BOOK) == (pytest.approx(expected), "number")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("0.046", 0.046),
        ("4 330 224 kr", 4330224.0),
        ("45 %", 45.0),
        ("1.234.567", 1234567.0),
        ("1E3", 1000.0),
        ("7,5 tim", 7.5),
        ("12 500 kronor", 12500.0),
        ("12,3 tkr", 12300.0),
        ("1,25 mnkr", 1250000.0),
        ("-3 tusen kronor", -3000.0),
    ],
)
def test_marks_and_units_around_a_number_are_understood(text: str, number: float) -> None:
    assert parse_number(text, BOOK) == (number, "number")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("–", "nothing"),
        ("-", "nothing"),
        ("..", "not_available"),
        (".", "not_applicable"),
        ("<5", "suppressed"),
        ("< 10", "suppressed"),
        ("ca 5", "not_a_number"),
        ("", "missing"),
        ("#N/A", "not_a_number"),
    ],
)
def test_what_stands_in_place_of_a_number_keeps_its_meaning(text: str, state: str) -> None:
    value, found = parse_number(text, BOOK)
    assert np.isnan(value)
    assert found == state


def test_one_withheld_cell_does_not_turn_the_column_into_text() -> None:
    numbers = to_numbers(coded(np.array(["1\xa0234,5", "<5", "7"], dtype=object)), BOOK)
    assert numbers.values[[0, 2]].tolist() == [1234.5, 7.0]
    assert numbers.is_state("suppressed").tolist() == [False, True, False]
