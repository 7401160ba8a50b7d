"""Each shape at the door: what passes, what is withheld, and that no lone figure is derivable."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from evalkit.disclosure import internal, rule_for
from evalkit.disclosure.alone import is_dominated, published_reason
from evalkit.disclosure.shapes import refusals
from evalkit.results import (
    BeforeAfter,
    Coefficient,
    Estimate,
    FlowStep,
    LeadChange,
    LeadOverReference,
    NotEstimable,
    Regression,
    TargetVerdict,
    TestResult,
    Withheld,
)
from evalkit.results.answers import Answer, counted
from evalkit.statistics.shares.differences import newcombe
from evalkit.statistics.shares.proportions import proportion
from tests.disclosure.single import release

STANDARD = rule_for("standard")


def share(events: int, n: int, group: str = "", measure: str = "share") -> Estimate:
    return proportion(events=events, n=n, group=group, measure=measure)


def estimate(measure: str, value: float, n: int, cells: tuple[int, ...]) -> Estimate:
    return Estimate(
        measure=measure,
        value=value,
        low=value,
        high=value,
        unit="days",
        method="log-log",
        confidence_level=0.95,
        n=n,
        cells=cells,
    )


def reasons(rows: list[Estimate | NotEstimable | Withheld]) -> list[str]:
    """Why each may not be printed, and that a reader is told no more than that it may not."""
    answer = Answer(id="it", result=rows, members=(counted(np.ones(1000, dtype=bool)),))
    found = refusals(answer, STANDARD)
    told = [
        row.reason if isinstance(row, Withheld) else "" for row in release(rows, STANDARD).result
    ]
    own = [found[str(i), row.group] for i, row in enumerate(rows)]
    assert told == [reason and published_reason(reason) for reason in own]
    return own


def test_a_small_count_and_a_small_complement_are_withheld():
    assert reasons([share(3, 60)]) == ["small_count"]
    assert reasons([share(57, 60)]) == ["small_count"]
    assert reasons([share(5, 60)]) == [""]


def test_a_group_smaller_than_the_smallest_is_withheld_even_with_nobody_in_a_cell():
    assert reasons([share(0, 9)]) == ["small_group"]


def test_a_group_of_the_smallest_size_is_shown():
    assert reasons([share(0, 10)]) == [""]


@pytest.mark.parametrize(
    ("n", "reason"), [(0, ""), (1, "small_count"), (4, "small_count"), (5, "")]
)
def test_what_cannot_be_estimated_tells_its_number_of_persons(n, reason):
    assert reasons([NotEstimable(measure="share", reason="no_variation", n=n)]) == [reason]


def test_what_is_withheld_already_keeps_its_reason():
    assert reasons([Withheld(measure="share", reason="extreme")]) == ["extreme"]


def test_nobody_or_everybody_is_withheld_on_a_sensitive_measure_only():
    rule = rule_for("standard", sensitive=["disability"])
    for events in (0, 30):
        assert isinstance(release(share(events, 30), rule).result, Estimate)
        hidden = release(share(events, 30, measure="disability"), rule).result
        assert hidden == Withheld(measure="disability", reason="protected")
    assert release(share(10, 30, measure="disability"), rule).withheld == 0


def test_extremes_never_pass_and_medians_need_persons_on_both_sides():
    assert reasons([estimate("maximum", 700.0, 200, (200,))]) == ["extreme"]
    assert reasons([estimate("median_days", 200.0, 40, (20, 20, 0))]) == [""]
    assert reasons([estimate("median_days", 200.0, 40, (35, 5, 0))]) == [""]
    assert reasons([estimate("median_days", 200.0, 40, (36, 4, 0))]) == ["few_on_one_side"]
    assert reasons([estimate("quantile_days", 9.0, 40, (0, 40, 40))]) == ["few_on_one_side"]
    assert reasons([estimate("median_days", math.inf, 40, (12, 28, 8))]) == [""]


SAFE, FEW = share(30, 60), share(3, 60)
DIFFERENCE = newcombe(events_1=30, n_1=60, events_2=30, n_2=60)


def lead(of: Estimate) -> LeadOverReference:
    return LeadOverReference(label="2018", reference_share=0.44, share=of, lead=of)


@pytest.mark.parametrize(
    "result",
    [
        lambda few: TargetVerdict(
            estimate=few, goal=0.6, grade="below_clear", p_above=0.9, smallest_clear_count=45
        ),
        lambda few: BeforeAfter(before=few, after=SAFE, difference=DIFFERENCE),
        lambda few: BeforeAfter(before=SAFE, after=few, difference=DIFFERENCE),
        lambda few: BeforeAfter(before=SAFE, after=SAFE, difference=replace(few, unit="share")),
        lambda few: LeadChange(before=lead(few), after=lead(SAFE), change=DIFFERENCE),
        lambda few: LeadChange(before=lead(SAFE), after=lead(few), change=DIFFERENCE),
        lambda few: LeadChange(before=lead(SAFE), after=lead(SAFE), change=few),
    ],
)
def test_a_compound_result_is_withheld_whole_for_any_part_of_it(result):
    made = release(result(FEW), STANDARD)
    assert made.result == Withheld(measure="share", reason="protected")
    assert made.withheld == 1
    assert release(result(SAFE), STANDARD).result == result(SAFE)
    assert release(result(SAFE), STANDARD).withheld == 0


def test_a_test_of_few_persons_is_withheld():
    def test_of(*cells: int) -> TestResult:
        return TestResult(
            name="log_rank", statistic=1.0, degrees_of_freedom=1, p_value=0.3, n=60, cells=cells
        )

    assert release(test_of(30, 5), STANDARD).result == test_of(30, 5)
    made = release(test_of(30, 4), STANDARD)
    assert (made.result, made.withheld) == (Withheld(measure="log_rank", reason="protected"), 1)


def test_a_few_in_the_flow_are_withheld_and_with_them_the_rows_read():
    steps = [
        FlowStep(step="rows_read", count=9),
        FlowStep(step="persons_left_out", count=4, unit="persons"),
        FlowStep(step="persons", count=5, unit="persons"),
    ]
    made = release(steps, STANDARD)
    few = Withheld(measure="persons_left_out", reason="protected")
    rest = Withheld(measure="rows_read", reason="protected")  # 9 − 5 would be the few
    assert made.result == (rest, few, steps[2])
    assert made.withheld == 2


def test_nothing_to_release_is_released_as_nothing():
    assert release([], STANDARD).result == ()


def test_own_data_are_marked_as_not_released():
    made = internal(FEW)
    assert made.result == FEW
    assert (made.withheld, made.rule, made.is_internal) == (0, "internal", True)


def test_estimates_from_protected_counts_pass_with_their_group():
    rows = [estimate("share_at", 0.4, 30, ()), estimate("share_at", 0.5, 33, ())]
    assert reasons(rows) == ["", ""]


def coefficient(name: str, cells: tuple[int, ...]) -> Coefficient:
    return Coefficient(
        name=name,
        estimate=0.1,
        standard_error=0.1,
        low=-0.1,
        high=0.3,
        p_value=0.3,
        exponentiated=1.1,
        exponentiated_low=0.9,
        exponentiated_high=1.3,
        n=100,
        cells=cells,
    )


def regression(*coefficients: Coefficient, degrees: int) -> Regression:
    return Regression(
        model="cox",
        coefficients=coefficients,
        ratio="hazard_ratio",
        method="efron",
        standard_errors="model",
        confidence_level=0.95,
        log_likelihood=-10.0,
        log_likelihood_null=-12.0,
        n=100,
        events=60,
        cells=(100, 60),
        residual_degrees_of_freedom=degrees,
    )


def test_a_coefficient_that_few_persons_carry_is_withheld_alone():
    model = regression(
        coefficient("sex=woman", (50, 50, 30, 30)), coefficient("sex=other", (3, 97)), degrees=98
    )
    released = release(model, STANDARD)
    kinds = [type(one).__name__ for one in released.result.coefficients]
    assert kinds == ["Coefficient", "Withheld"]
    assert released.withheld == 1


def test_a_nearly_saturated_model_is_withheld_whole():
    released = release(regression(coefficient("age", (100, 60)), degrees=9), STANDARD)
    assert released.result == Withheld(measure="cox", reason="too_few_for_model")
    assert released.withheld == 1
    free = regression(coefficient("age", (100, 60)), degrees=10)
    assert isinstance(release(free, STANDARD).result, Regression)


def test_a_model_of_few_events_is_withheld_whole():
    few = replace(regression(coefficient("age", (100, 60)), degrees=90), cells=(100, 4))
    assert release(few, STANDARD).result == Withheld(measure="cox", reason="protected")
    none = replace(few, cells=(100, 5, 0))  # nobody tells of nobody
    shown = release(none, STANDARD).result
    assert [one.estimate for one in shown.coefficients] == [0.1]
    # How many have a level, and how many of them the outcome, is a row of no table.
    assert [(one.n, one.cells) for one in shown.coefficients] == [(0, ())]


def test_a_level_that_cannot_be_estimated_is_named_only_when_enough_have_it():
    lone = [NotEstimable(measure=f"sex={n}", reason="separation", n=n) for n in (0, 4, 5)]
    released = release(regression(*lone, degrees=90), STANDARD)
    assert released.result.coefficients == (lone[0], lone[2])


def test_tests_of_few_persons_leave_the_model():
    tests = tuple(
        TestResult(
            name="proportionality",
            statistic=1.0,
            degrees_of_freedom=1,
            p_value=0.3,
            n=100,
            cells=(100, n),
        )
        for n in (4, 5)
    )
    model = replace(regression(coefficient("age", (100, 60)), degrees=90), tests=tests)
    assert release(model, STANDARD).result.tests == (replace(tests[1], cells=()),)


@pytest.mark.parametrize(
    ("amounts", "dominated"),
    [
        ([10.0] * 12, False),
        ([500, 400, 20, 20, 20, 20, 20], True),  # the two largest are 90 % of 1 000
        ([50, 35, 5, 5, 5], True),  # 85 of 100
        ([50, 34, 6, 5, 5], False),  # 84; the three largest are not asked about
        ([0.0, 0.0], False),
    ],
)
def test_a_sum_of_money_made_up_by_a_few_is_seen(amounts, dominated):
    assert is_dominated(amounts, STANDARD) is dominated


@pytest.mark.parametrize(("smallest", "dominated"), [(9, True), (10, False)])
def test_the_second_largest_may_not_work_out_the_largest_too_well(smallest, dominated):
    """By that rule alone: 99 left of 1 000 is less than 10 %, 100 is not."""
    amounts = [1000, 600, 40, 30, 20, smallest]
    assert is_dominated(amounts, replace(STANDARD, dominance_share=1.0)) is dominated


def test_an_amount_below_nought_is_no_contribution():
    with pytest.raises(ValueError, match="none below 0"):
        is_dominated([30.0, 20.0, -1.0], STANDARD)


def test_an_amount_of_few_persons_is_withheld():
    cost = estimate("cost", 1000.0, 40, (40,))
    assert isinstance(release(cost, STANDARD, amounts=[25.0] * 40).result, Estimate)
    assert release(cost, STANDARD, amounts=[250.0] * 4).result == Withheld(
        measure="cost", reason="protected"
    )
    assert isinstance(release(cost, STANDARD, amounts=[200.0] * 5).result, Estimate)


def test_an_amount_that_a_few_make_up_is_withheld():
    cost = estimate("cost", 1000.0, 40, (40,))
    made = release(cost, STANDARD, amounts=[500.0, 400.0, *[5.0] * 20])
    assert made.result == Withheld(measure="cost", reason="protected")
    assert made.withheld == 1
