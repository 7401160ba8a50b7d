"""Robust errors: equal to the plain ones where they must be, and what weights and clusters do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from evalkit.results import CannotBeComputed, Curve
from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.restricted_mean import mean_waiting
from evalkit.statistics.time_to_event.robust_curves import (
    robust_cumulative_incidence,
    robust_kaplan_meier,
)
from evalkit.statistics.time_to_event.robust_means import robust_mean_times
from evalkit.statistics.time_to_event.survival import kaplan_meier
from tests.statistics.time_to_event.spells import CAUSES, Register, registers


def errors(curve: Curve) -> np.ndarray:
    return curve.steps["standard_error"].to_numpy(dtype=float, na_value=-1.0)


@given(registers())
def test_with_equal_weights_the_jackknife_is_greenwood(register: Register) -> None:
    events = register.causes > 0
    plain = kaplan_meier(event_table(register.days, events, cause_names=["event"]))
    robust = robust_kaplan_meier(register.days, events)
    np.testing.assert_allclose(errors(robust), errors(plain), atol=1e-7)


@given(registers())
def test_with_equal_weights_incidence_errors_are_the_closed_form(register: Register) -> None:
    plain = cumulative_incidence(event_table(register.days, register.causes, cause_names=CAUSES))
    robust = robust_cumulative_incidence(register.days, register.causes, cause_names=CAUSES)
    np.testing.assert_allclose(errors(robust), errors(plain), atol=1e-7)


@given(registers(smallest=2))
def test_weights_count_like_rows_of_one_person(register: Register) -> None:
    weights = 1 + register.days % 3
    rows = np.repeat(np.arange(len(weights)), weights)
    once = {"cause_names": CAUSES, "weights": weights}
    many = {"cause_names": CAUSES, "clusters": rows}
    repeated = register.rows(rows)
    one = robust_cumulative_incidence(register.days, register.causes, **once)  # type: ignore[arg-type]
    other = robust_cumulative_incidence(repeated.days, repeated.causes, **many)  # type: ignore[arg-type]
    np.testing.assert_allclose(errors(one), errors(other), atol=1e-7)
    try:
        means = robust_mean_times(register.days, register.causes, horizon=6, **once)  # type: ignore[arg-type]
    except CannotBeComputed:
        return
    same = robust_mean_times(repeated.days, repeated.causes, horizon=6, **many)  # type: ignore[arg-type]
    for mine, theirs in zip(means, same, strict=True):
        assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=1e-7)


@given(registers(smallest=2))
def test_mean_times_add_to_the_horizon_and_wait_as_the_plain_one(register: Register) -> None:
    try:
        means = robust_mean_times(register.days, register.causes, horizon=5, cause_names=CAUSES)
        table = event_table(register.days, register.causes, cause_names=CAUSES)
        waiting = mean_waiting(table, days=5)
    except CannotBeComputed:
        return
    assert sum(m.value for m in means) == pytest.approx(5)
    assert means[0].value == pytest.approx(waiting.days)


def test_a_missing_cluster_is_refused() -> None:
    with pytest.raises(ValueError, match="missing"):
        robust_kaplan_meier([1, 2], [1, 1], clusters=["a", None])
    with pytest.raises(ValueError, match="clusters: expected 2 values"):
        robust_kaplan_meier([1, 2], [1, 1], clusters=["a"])
