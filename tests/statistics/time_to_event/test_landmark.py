"""Landmark analysis and fixed-day differences."""

from __future__ import annotations

import math

import pytest

from evalkit.statistics.time_to_event.curve_readings import share_at
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.survival import kaplan_meier, share_difference_at


def test_a_difference_is_put_together_from_both_intervals() -> None:
    # Without censoring: 6 of 10 against 2 of 10 on day 5.
    days = [1, 2, 3, 4, 5, 5, 9, 9, 9, 9] + [1, 5] + [9] * 8
    table = event_table(days, [1] * 20, cause_names=["work"], groups=["a"] * 10 + ["b"] * 10)
    curve = kaplan_meier(table)
    a, b = (share_at(curve, 6, group=g) for g in "ab")
    found = share_difference_at(curve, 6, groups=("a", "b"))
    assert found.value == pytest.approx(0.4)
    assert found.low == pytest.approx(0.4 - math.hypot(a.value - a.low, b.high - b.value))
    assert found.high == pytest.approx(0.4 + math.hypot(a.high - a.value, b.value - b.low))
    assert found.cells == (6, 4, 4, 2, 8, 8)
    turned = share_difference_at(curve, 6, groups=("b", "a"))
    assert (turned.low, turned.high) == (-found.high, -found.low)
