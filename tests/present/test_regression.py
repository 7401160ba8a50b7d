"""A regression reads as ratios against a named reference, and as association only."""

from __future__ import annotations

import math

import pytest

from evalkit.disclosure import internal
from evalkit.present.labels import words_in
from evalkit.present.regression import regression_sentences, regression_table
from evalkit.present.sentences import outcome_was
from evalkit.results import Coefficient, NotEstimable, Regression, Released, Withheld

SWEDISH = words_in("sv")
REFERENCES = {"sex": "man", "track": "industry"}


def coefficient(name: str, ratio: float, low: float, high: float) -> Coefficient:
    return Coefficient(
        name=name,
        estimate=math.log(ratio),
        standard_error=0.2,
        low=math.log(low),
        high=math.log(high),
        p_value=0.002,
        exponentiated=ratio,
        exponentiated_low=low,
        exponentiated_high=high,
        n=267,
        cells=(141, 126, 44, 63),
    )


def regression(*coefficients: Coefficient | NotEstimable | Withheld) -> Regression:
    return Regression(
        model="fine_gray",
        coefficients=coefficients,
        ratio="subdistribution_hazard_ratio",
        method="breslow",
        standard_errors="estimated_weights",
        confidence_level=0.95,
        log_likelihood=-10.0,
        log_likelihood_null=-12.0,
        n=267,
        events=107,
        cells=(107, 160),
        residual_degrees_of_freedom=260,
    )


def said(model: Regression) -> tuple[str, ...]:
    released = Released(model, 0, "standard")
    sentences = regression_sentences(
        released, SWEDISH, references=REFERENCES, outcome=outcome_was(SWEDISH, "employment")
    )
    return tuple(sentence.replace("\u00a0", " ") for sentence in sentences)


def table(model: Regression | Released[Regression], left_out: int = 0):
    released = model if isinstance(model, Released) else Released(model, 0, "standard")
    return regression_table(
        released,
        SWEDISH,
        references=REFERENCES,
        outcome=outcome_was(SWEDISH, "employment"),
        table_id="model",
        caption="Modell",
        left_out=left_out,
    )


def test_a_clear_ratio_names_both_groups_and_its_interval():
    first, limits = said(regression(coefficient("sex=woman", 0.54, 0.37, 0.79)))
    assert first == (
        "Kvinnor har gått till arbete ungefär 0,54 gånger så fort som män, alltså långsammare, "
        "när de andra uppgifterna i tabellen är lika (95 % konfidensintervall 0,37–0,79)."
    )
    assert "samband" in limits


def test_when_no_interval_leaves_out_one_it_is_said_as_plainly():
    first, _ = said(regression(coefficient("sex=woman", 0.9, 0.7, 1.2)))
    assert first.startswith("Alla intervall i tabellen rymmer 1")


def test_a_number_is_read_per_year():
    first, _ = said(regression(coefficient("age_at_entry", 1.04, 1.01, 1.07)))
    assert first.startswith("Ålder vid start: andelen som gått till arbete har vuxit fortare")


SEPARATED = NotEstimable(measure="sex=woman", reason="separation", n=12)


def test_what_is_not_estimable_is_a_dash_with_a_reason_and_never_an_exploded_number():
    made = table(regression(SEPARATED))
    (row,) = made.rows
    assert row[0].text == "Kön: kvinnor (mot män)"
    assert {cell.text for cell in row[1:]} == {"–"}
    assert any("Kön: kvinnor (mot män)" in note and "saknar utfall" in note for note in made.notes)


def test_a_withheld_coefficient_keeps_its_name():
    made = table(regression(Withheld(measure="sex=woman", reason="small_count")))
    assert made.rows[0][0].text == "Kön: kvinnor (mot män)"
    assert any("av hänsyn till enskilda" in note for note in made.notes)


def test_nothing_is_said_of_intervals_when_there_are_none():
    assert len(said(regression(SEPARATED))) == 1


def test_persons_left_out_are_counted_in_a_note():
    model = regression(coefficient("sex=woman", 0.54, 0.37, 0.79))
    assert any("4 personer har utelämnats" in note for note in table(model, left_out=4).notes)
    assert not any("utelämnats" in note for note in table(model).notes)


@pytest.mark.parametrize("is_internal", [True, False])
def test_exact_models_are_marked_internal(is_internal):
    model = regression(coefficient("sex=woman", 0.54, 0.37, 0.79))
    released = internal(model) if is_internal else Released(model, 0, "standard")
    assert any("Internt" in note for note in table(released).notes) is is_internal
