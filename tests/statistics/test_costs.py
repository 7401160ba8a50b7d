"""Costs against the figures published on Arena för arbete, and their limits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.costs import (
    cost_per_additional_outcome,
    cost_per_additional_outcome_compared,
    cost_per_outcome,
    cost_per_participant,
    counterfactual_share,
)

BUDGET = 4_330_224  # kronor, as published
ARENA = {"budget": BUDGET, "events": 163, "n": 267}


def test_arena_costs_as_worked_out_by_hand():
    # 4 330 224 / 267, / 163, and over Wilson's 55.1–66.7 % of 267.
    assert round(cost_per_participant(budget=BUDGET, n=267).value) == 16_218
    outcome = cost_per_outcome(**ARENA)
    assert [round(x) for x in (outcome.value, outcome.low, outcome.high)] == [
        26_566,
        24_314,
        29_443,
    ]


def test_half_who_would_have_succeeded_anyway_makes_it_five_times_dearer():
    # 163 − 133.5 = 29.5 additional outcomes.
    additional = cost_per_additional_outcome(**ARENA, counterfactual=0.5)
    assert additional.value == pytest.approx(BUDGET / 29.5, rel=1e-12)


def test_a_counterfactual_within_the_interval_has_no_upper_limit():
    additional = cost_per_additional_outcome(**ARENA, counterfactual=0.58)
    assert math.isfinite(additional.value)
    assert math.isinf(additional.high)


def test_no_additional_outcome_is_infinitely_dear():
    assert math.isinf(cost_per_additional_outcome(**ARENA, counterfactual=0.7).value)


@given(st.integers(1, 300), st.floats(0, 0.9))
def test_the_dearer_the_more_would_have_succeeded_anyway(events, share):
    n = 300
    least = cost_per_additional_outcome(budget=1e6, events=events, n=n, counterfactual=0.0)
    more = cost_per_additional_outcome(budget=1e6, events=events, n=n, counterfactual=share)
    assert least.value <= more.value
    assert least == cost_per_additional_outcome(budget=1e6, events=events, n=n, counterfactual=0.0)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [({"events": 0, "n": 0}, "no_persons"), ({"events": 0, "n": 10}, "no_events")],
)
def test_what_cannot_be_divided_is_said(arguments, reason):
    with pytest.raises(CannotBeComputed) as refused:
        cost_per_outcome(budget=1.0, **arguments)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"budget": 0.0, "events": 1, "n": 2}, "budget must be positive"),
        ({"budget": 1.0, "events": 3, "n": 2}, "events must lie between 0 and n"),
    ],
)
def test_impossible_input_is_refused_by_name(arguments, words):
    with pytest.raises(ValueError, match=words):
        cost_per_outcome(**arguments)


def a_difference(value: float, low: float, high: float) -> Estimate:
    return Estimate(
        measure="difference", value=value, low=low, high=high, unit="share_difference",
        method="newcombe", confidence_level=0.95, n=534, cells=(163, 104, 130, 137),
    )  # fmt: skip


def test_a_comparison_group_gives_the_cost_by_hand():
    # 267 × 0.10 = 26.7 additional outcomes; limits 267 × 0.02 and 267 × 0.18.
    found = cost_per_additional_outcome_compared(
        budget=BUDGET, n=267, difference=a_difference(0.10, 0.02, 0.18)
    )
    assert found.value == pytest.approx(BUDGET / 26.7)
    assert found.low == pytest.approx(BUDGET / 48.06)
    assert found.high == pytest.approx(BUDGET / 5.34)
    assert found.cells == (163, 104, 130, 137)


@pytest.mark.parametrize("low", [0.0, -0.05])
def test_a_difference_that_may_be_nought_has_a_cost_without_upper_limit(low):
    found = cost_per_additional_outcome_compared(
        budget=BUDGET, n=267, difference=a_difference(0.10, low, 0.2)
    )
    assert 0 < found.low < found.value < found.high == math.inf


@pytest.mark.parametrize("value", [0.0, -0.1])
def test_no_difference_has_no_cost_per_additional_outcome(value):
    with pytest.raises(CannotBeComputed, match="no_additional_outcomes"):
        cost_per_additional_outcome_compared(
            budget=BUDGET, n=267, difference=a_difference(value, -0.2, 0.1)
        )


@given(st.floats(0.001, 0.9), st.floats(0, 0.5), st.floats(0, 0.5), st.integers(1, 5000))
def test_no_cost_is_ever_negative(value, below, above, n):
    found = cost_per_additional_outcome_compared(
        budget=1e6, n=n, difference=a_difference(value, value - below, value + above)
    )
    assert 0 < found.low <= found.value <= found.high


def a_share(value: float) -> Estimate:
    return Estimate(
        measure="share", value=value, low=value / 2, high=(1 + value) / 2, unit="share",
        method="wilson", confidence_level=0.95, n=267, cells=(163, 104),
    )  # fmt: skip


def test_the_share_without_the_programme_is_the_participants_less_the_difference():
    found = counterfactual_share(share=a_share(0.61), difference=a_difference(0.10, -0.05, 0.25))
    assert (found.low, found.value, found.high) == pytest.approx((0.36, 0.51, 0.66))
    assert found.cells == (163, 104, 163, 104, 130, 137)


@given(st.floats(0, 1), st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1), st.integers(1, 5000))
def test_the_cost_lies_where_the_share_without_the_programme_meets_the_line(
    share, value, below, above, n
):
    difference = a_difference(value, value - below, value + above)
    otherwise = counterfactual_share(share=a_share(share), difference=difference)
    assert 0 <= otherwise.low <= otherwise.value <= otherwise.high <= 1
    gap = share - otherwise.value
    if value > 1e-6 and share - value >= 0:
        cost = cost_per_additional_outcome_compared(budget=1e6, n=n, difference=difference)
        assert cost.value == pytest.approx(1e6 / (n * gap), rel=1e-6)
