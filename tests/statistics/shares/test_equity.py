"""Women and men: R's gaps, their differences, refusals, and how often equal gaps are called."""

from __future__ import annotations

import numpy as np
import pytest

from evalkit.results import CannotBeComputed, Estimate, NotEstimable, TestResult
from evalkit.statistics.shares.equity import equal_gaps, equity_gaps, gap_of
from evalkit.statistics.shares.proportions import proportion
from tests.oracles_support import Case, case_id, cases

EQUITY = cases("persons", keep=lambda case: "equal_gaps" in case.expected)


@pytest.mark.oracle
@pytest.mark.parametrize("case", EQUITY, ids=case_id)
def test_gaps_agree_with_r(case: Case) -> None:
    places = [
        ((row["women_yes"], row["women_n"]), (row["men_yes"], row["men_n"]))
        for row in case.spec["rows"]
    ]
    found = equity_gaps(places, confidence_level=case.confidence_level)
    test, between = found.equal_gaps, found.difference
    got = {
        "gaps": [
            {"value": row.value, "low": row.low, "high": row.high}
            for row in found.gaps
            if isinstance(row, Estimate)
        ],
        "equal_gaps": {"q": test.statistic, "df": test.degrees_of_freedom, "p": test.p_value}
        if isinstance(test, TestResult)
        else None,
        "difference_of_gaps": between and [between.value, between.low, between.high],
    }
    for name in case.expected:
        case.assert_close(name, got[name])
    case.finish()


def test_a_gap_of_shares_by_mover_is_newcombes() -> None:
    women, men = proportion(events=40, n=90), proportion(events=60, n=100)
    (plain,) = equity_gaps([((40, 90), (60, 100))]).gaps
    made = gap_of(women, men)
    assert isinstance(plain, Estimate)
    assert (made.value, made.low, made.high) == pytest.approx((plain.value, plain.low, plain.high))


def test_a_gap_of_days_keeps_the_unit_and_figures_of_two_kinds_are_refused() -> None:
    days = [
        Estimate(measure="days", value=v, low=v - 30, high=v + 40, unit="days", method="m",
                 confidence_level=0.95, n=50, cells=())
        for v in (100.0, 120.0)
    ]  # fmt: skip
    found = gap_of(*days)
    # −20 − √(30² + 40²), −20 + √(40² + 30²)
    assert (found.value, found.low, found.high, found.unit) == (-20, -70, 30, "days")
    with pytest.raises(ValueError, match="same unit"):
        gap_of(days[0], proportion(events=4, n=9))


def test_others_and_missing_are_counted_beside_the_gap() -> None:
    found = equity_gaps([((9, 20), (8, 20))], names=["A"], others=3, missing=(4, 1), looked_at=12)
    assert (found.others, found.missing_women, found.missing_men, found.looked_at) == (3, 4, 1, 12)
    assert found.gaps[0].group == "A"
    assert found.difference is None


@pytest.mark.parametrize(
    ("places", "reason"),
    [
        ([((9, 20), (8, 20))], "one_group"),
        ([((9, 20), (8, 20)), ((3, 9), (8, 20))], "groups_too_few_for_gaps"),
        ([((9, 20), (8, 20))] * 4 + [((9, 19), (8, 20))], "groups_too_few_for_gaps"),
    ],
)
def test_small_places_have_no_test_of_equal_gaps(places, reason) -> None:
    found = equal_gaps(places)
    assert isinstance(found, NotEstimable)
    assert found.reason == reason


def test_a_place_without_men_has_no_gap_and_no_place_at_all_is_refused() -> None:
    found = equity_gaps([((9, 20), (0, 0)), ((9, 20), (8, 20))])
    assert isinstance(found.gaps[0], NotEstimable)
    with pytest.raises(CannotBeComputed, match="no_persons"):
        equity_gaps([])


@pytest.mark.slow
@pytest.mark.parametrize(("places", "size"), [(2, 20), (4, 20), (6, 40)])
def test_equal_gaps_are_called_different_in_about_five_of_100(places: int, size: int) -> None:
    # METHODS: 4–6 % at 20 or more in each group.
    rng = np.random.default_rng(1)
    called = 0
    for _ in range(2000):
        k = rng.binomial(size, [0.45, 0.55], (places, 2))
        found = equal_gaps([((int(w), size), (int(m), size)) for w, m in k])
        assert isinstance(found, TestResult)
        called += found.p_value < 0.05
    assert 0.03 <= called / 2000 <= 0.07
