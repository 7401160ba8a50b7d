"""Tests between groups: worked by hand, invariances, refusals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

from evalkit.results import CannotBeComputed, EventTable
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.gray import gray_test
from evalkit.statistics.time_to_event.logrank import log_rank, log_rank_scores
from tests.statistics.time_to_event.spells import CAUSES, Register, registers


def two_groups() -> EventTable:
    return event_table(
        [2, 3, 3, 7, 1, 3, 8, 8],
        [1, 1, 0, 1, 1, 1, 1, 0],
        cause_names=["work"],
        groups=list("aaaabbbb"),
    )


def test_expected_events_and_variance_worked_by_hand() -> None:
    scores = log_rank_scores(two_groups())
    # Day: at risk a of all, events: 1: 4/8, 1; 2: 4/7, 1; 3: 3/6, 2; 7: 1/3, 1; 8: 0/2, 1.
    days = [(4, 8, 1), (4, 7, 1), (3, 6, 2), (1, 3, 1), (0, 2, 1)]
    expected = sum(Fraction(a * d, n) for a, n, d in days)
    variance = sum(Fraction(d * a * (n - a) * (n - d), n * n * (n - 1)) for a, n, d in days)
    assert scores.observed.tolist() == [3, 3]
    assert scores.expected[0] == pytest.approx(float(expected))
    assert scores.variance[0, 0] == pytest.approx(float(variance))
    statistic = (3 - expected) ** 2 / variance
    assert log_rank(two_groups()).statistic == pytest.approx(float(statistic))


@given(registers(smallest=4))
def test_observed_and_expected_have_the_same_sum(register: Register) -> None:
    table = event_table(register.days, register.causes, cause_names=CAUSES, groups=register.groups)
    try:
        scores = log_rank_scores(table)
    except CannotBeComputed as refusal:
        assert refusal.reason == "no_events"
        return
    assert scores.expected.sum() == pytest.approx(scores.observed.sum())
    np.testing.assert_allclose(scores.variance.sum(axis=0), 0, atol=1e-9)


@given(registers(smallest=4))
def test_a_test_has_a_p_value_or_a_reason(register: Register) -> None:
    table = event_table(register.days, register.causes, cause_names=CAUSES, groups=register.groups)
    for run in (lambda: log_rank(table), lambda: gray_test(table, cause="work")):
        try:
            assert 0 <= run().p_value <= 1
        except CannotBeComputed as refusal:
            assert refusal.reason in {"one_group", "no_events", "no_comparison"}


def test_two_copies_of_a_stratum_count_twice() -> None:
    table = two_groups()
    assert log_rank([table, table]).statistic == pytest.approx(2 * log_rank(table).statistic)
    assert log_rank([table, table]).n == 16


def test_fleming_harrington_without_powers_is_the_log_rank_test() -> None:
    plain, weighted = (
        log_rank(two_groups(), weighting=w) for w in ("log-rank", "fleming-harrington")
    )
    assert weighted.statistic == pytest.approx(plain.statistic)
    with pytest.raises(ValueError, match="weighting"):
        log_rank(two_groups(), weighting="logrank")  # type: ignore[arg-type]


def test_one_group_or_no_events_is_no_test() -> None:
    alone = event_table([1, 2], [1, 1], cause_names=["work"], groups=["a", "a"])
    nobody = event_table([1, 2], [0, 0], cause_names=["work"], groups=["a", "b"])
    for run in (log_rank, lambda t: gray_test(t, cause="work")):
        with pytest.raises(CannotBeComputed, match="one_group"):
            run(alone)
        with pytest.raises(CannotBeComputed, match="no_events"):
            run(nobody)


def test_strata_must_speak_of_the_same_groups() -> None:
    other = event_table([1, 2], [1, 1], cause_names=["work"], groups=["a", "c"])
    with pytest.raises(ValueError, match="strata"):
        log_rank([two_groups(), other])
    with pytest.raises(ValueError, match="at least one stratum"):
        log_rank([])
