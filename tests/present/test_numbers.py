"""Expected texts are those of DOMAIN.md §6 and of Svenska skrivregler, typed by hand."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.language import Language
from evalkit.present.numbers import Numbers

H = "\u00a0"
SV, EN = Numbers("sv"), Numbers("en")


@pytest.mark.parametrize(
    ("language", "expected"), [("sv", f"4{H}330{H}224{H}kr"), ("en", f"SEK{H}4,330,224")]
)
def test_amounts_group_their_thousands(language: Language, expected: str) -> None:
    assert Numbers(language).sek(4_330_224) == expected


@pytest.mark.parametrize(("language", "expected"), [("sv", f"47,7{H}%"), ("en", "47.7%")])
def test_percentages_follow_the_language(language: Language, expected: str) -> None:
    assert Numbers(language).percent(21 / 44) == expected


@pytest.mark.parametrize(
    ("share", "decimals", "expected"),
    [
        (0.125, 0, f"13{H}%"),  # half to even would give 12
        (0.005, 0, f"1{H}%"),
        (0.575, 0, f"58{H}%"),  # 57.49999999999999 as a binary product
        (0.00049, 1, f"0,0{H}%"),
        (1.0, 1, f"100,0{H}%"),
    ],
)
def test_halves_round_up(share: float, decimals: int, expected: str) -> None:
    assert SV.percent(share, decimals=decimals) == expected


def test_a_goal_has_no_more_decimals_than_it_needs() -> None:
    assert [EN.percent_short(goal) for goal in (0.6, 0.328, 0.95, 0.999, 1 / 3)] == [
        "60%",
        "32.8%",
        "95%",
        "99.9%",
        "33.333%",
    ]


def test_minus_is_a_minus_and_never_before_zero() -> None:
    assert SV.number(-4, decimals=1) == "−4,0"
    assert SV.number(-0.04, decimals=1) == "0,0"


def test_intervals_without_minus_have_a_dash() -> None:
    assert SV.interval(0.551, 0.667) == f"55,1–66,7{H}%"
    assert EN.interval(0.551, 0.667) == "55.1–66.7%"


def test_intervals_with_a_minus_are_written_out() -> None:
    assert SV.interval(-0.04, 0.328, "percentage_points") == f"från −4,0 till 32,8{H}procentenheter"
    assert EN.interval(-0.04, 0.328, "percentage_points") == (
        f"from −4.0 to 32.8{H}percentage points"
    )


def test_an_interval_that_rounds_to_zero_has_no_minus() -> None:
    assert EN.interval(-0.0001, 0.02, "percentage_points") == f"0.0–2.0{H}percentage points"


def test_open_intervals_say_at_least() -> None:
    assert SV.interval(190, inf, "days") == f"minst 190{H}dagar"
    assert EN.interval(inf, inf, "days") == "not reached"


def test_infinity_is_not_reached() -> None:
    assert SV.days(inf) == "ej uppnådd"
    assert EN.days(inf) == "not reached"


def test_one_day_is_singular() -> None:
    assert [SV.days(1), SV.days(2), EN.days(1)] == [f"1{H}dag", f"2{H}dagar", f"1{H}day"]


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        (0.39, "p = 0,39"),
        (0.048, "p = 0,048"),
        (0.0099, "p = 0,010"),
        (0.0997, "p = 0,10"),
        (0.0994, "p = 0,099"),
        (0.0004, "p < 0,001"),
        (0.0, "p < 0,001"),
        (1.0, "p > 0,99"),
    ],
)
def test_p_values_tell_small_ones_apart(p: float, expected: str) -> None:
    assert SV.p_value(p) == expected.replace(" ", H)


def test_dates_follow_the_language() -> None:
    day = date(2018, 2, 5)

    assert [SV.date(day), EN.date(day)] == ["5 februari 2018", "5 February 2018"]
    assert [SV.period("2017-01"), EN.period("2017")] == ["januari 2017", "2017"]


@given(
    value=st.floats(min_value=-1e9, max_value=1e9, allow_nan=False),
    decimals=st.integers(min_value=0, max_value=3),
)
def test_a_printed_number_reads_back_as_the_number_rounded_half_up(
    value: float, decimals: int
) -> None:
    printed = SV.number(value, decimals=decimals)
    read = Decimal(printed.replace(H, "").replace(",", ".").replace("−", "-"))

    step = Decimal(1).scaleb(-decimals)
    assert read == Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP)


@given(st.integers(min_value=0, max_value=10**12))
def test_both_languages_print_the_same_digits(n: int) -> None:
    assert SV.count(n).replace(H, "") == EN.count(n).replace(",", "") == str(n)
