"""Restricted means by hand and as areas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.restricted_mean import (
    mean_waiting,
    restricted_mean,
)
from tests.statistics.time_to_event.spells import CAUSES, Register, registers


def test_a_mean_worked_by_hand() -> None:
    # S is 1, then 3/4 from day 1, 3/8 from day 3 (2 at risk): area to 4 is 1 + 3/4·2 + 3/8.
    table = event_table([1, 2, 3, 5], [1, 0, 1, 0], cause_names=["work"])
    assert restricted_mean(table, days=4).value == 1 + 0.75 * 2 + 0.375
    # Var: (1.875)²·1/(4·3) + 0.375²·1/(2·1).
    error = mean_waiting(table, days=4).standard_error
    assert error**2 == pytest.approx(1.875**2 / 12 + 0.375**2 / 2)


@given(registers(censored=False), st.floats(0.5, 15))
def test_without_censoring_it_is_the_mean_of_the_times_cut_at_the_horizon(
    register: Register, horizon: float
) -> None:
    table = event_table(register.days, register.causes, cause_names=CAUSES)
    cut = np.minimum(register.days, horizon)
    if not (register.days <= horizon).any():
        with pytest.raises(CannotBeComputed, match="no_events"):
            restricted_mean(table, days=horizon)
        return
    mean = mean_waiting(table, days=horizon)
    assert mean.days == pytest.approx(cut.mean())
    assert mean.standard_error**2 == pytest.approx(cut.var() / len(cut), abs=1e-9)


def test_a_horizon_beyond_the_follow_up_is_refused() -> None:
    table = event_table([1, 2, 3, 5], [1, 0, 1, 0], cause_names=["work"])
    with pytest.raises(CannotBeComputed, match="beyond_follow_up"):
        restricted_mean(table, days=6)
    with pytest.raises(ValueError, match="horizon above 0"):
        restricted_mean(table, days=0)
    with pytest.raises(ValueError, match="group: expected"):
        restricted_mean(table, days=4, group="women")


def test_a_group_nobody_has_left_has_no_false_certainty() -> None:
    with pytest.raises(CannotBeComputed, match="no_events"):
        restricted_mean(event_table([9, 9], [0, 0], cause_names=["work"]), days=5)


def test_when_everyone_has_left_the_horizon_may_lie_beyond() -> None:
    table = event_table([1, 3], [1, 1], cause_names=["work"])
    assert restricted_mean(table, days=10).value == 2


def test_when_all_leave_on_one_day_there_is_no_interval() -> None:
    table = event_table([5, 5], [1, 1], cause_names=["work"])
    with pytest.raises(CannotBeComputed, match="interval_undefined"):
        restricted_mean(table, days=5)
