"""The same rules for an evaluator's own words, and a claim beside a register's figure."""

from __future__ import annotations

import pytest

from evalkit.reading.compare import Figure, compare_with_figure
from evalkit.reading.reader import ReadClaim, read_claims
from evalkit.reading.wording import check_wording


def only(text: str) -> ReadClaim:
    (claim,) = read_claims(text).claims
    return claim


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Fler fick arbete tack vare insatsen.", ["causal_wording"]),
        ("More found work thanks to the programme.", ["causal_wording"]),
        (
            "I arbete var 50 procent 2022 och 64 procent 2023. En ökning med 14 procent.",
            ["percent_points"],
        ),
        ("Av 40 deltagare hade 61,5 procent arbete.", ["impossible"]),
        ("Andelen i arbete var 61 procent av deltagarna. Varför vet vi inte.", []),
    ],
)  # fmt: skip
def test_an_evaluators_words_are_read_by_the_same_rules(text: str, rules: list[str]) -> None:
    notes = check_wording(text)
    assert [note.rule for note in notes] == rules
    assert all(text[slice(*note.span)] == note.quote for note in notes)


@pytest.mark.parametrize(
    ("text", "value", "limits", "verdict"),
    [
        ("61 procent av deltagarna fick arbete.", 61.4, None, "holds"),
        ("61 procent av deltagarna fick arbete.", 60.5, None, "holds"),
        ("61 procent av deltagarna fick arbete.", 58.0, (52.0, 64.0), "partly"),
        ("61 procent av deltagarna fick arbete.", 48.0, (42.0, 54.0), "not"),
        ("Över hälften av deltagarna fick arbete.", 53.0, None, "holds"),
        ("Nästan hälften av deltagarna fick arbete.", 44.0, (40.0, 48.0), "not"),
        ("Sex av tio deltagare fick arbete.", 58.0, None, "holds"),
    ],
)
def test_a_share_is_held_against_the_registers_own(
    text: str, value: float, limits: tuple[float, float] | None, verdict: str
) -> None:
    low, high = limits or (None, None)
    figure = Figure(value=value, unit="percent", low=low, high=high)
    assert compare_with_figure(only(text), figure) == verdict


def test_nothing_is_tested_without_a_figure_or_against_one_in_another_unit() -> None:
    claim = only("61 procent av deltagarna fick arbete.")
    assert compare_with_figure(claim, None) == "untestable"
    assert compare_with_figure(claim, Figure(value=61, unit="persons")) == "untestable"
