"""Landmark analysis and fixed-day differences."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evalkit.results import CannotBeComputed
from evalkit.statistics.time_to_event.curve_differences import share_difference_at
from evalkit.statistics.time_to_event.curve_readings import share_at
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.landmark import landmark_table
from evalkit.statistics.time_to_event.survival import kaplan_meier


def test_only_those_still_waiting_count_and_the_clock_starts_at_the_landmark() -> None:
    found = landmark_table(
        [10, 30, 20, 40, 60, 90],
        [1, 1, 0, 1, 0, 1],
        landmark=30,
        exposed_on=[5, 5, 5, 30, 50, math.nan],
        cause_names=["work"],
    )
    assert (found.left_before, found.censored_before) == (2, 1)
    assert found.table.times.tolist() == [10, 30, 60]
    # Begun on the landmark day: exposed; begun later or never: not exposed.
    assert dict(zip(found.table.groups, found.table.persons, strict=True)) == {
        "not_exposed": 2,
        "exposed": 1,
    }


def test_immortal_time_shows_an_effect_that_the_landmark_does_not() -> None:
    # A measure without effect, begun on a day drawn for everyone, received by those still there.
    generator = np.random.default_rng(5)
    days = np.ceil(generator.exponential(100, 20_000)).astype(int)
    planned = generator.integers(1, 120, 20_000)
    received = np.where(planned < days, planned, np.inf)
    naive = event_table(
        days, np.ones_like(days), cause_names=["work"], groups=np.isfinite(received)
    )
    false, true = (share_at(kaplan_meier(naive), 100, group=g).value for g in ("False", "True"))
    assert false - true > 0.3
    fair = landmark_table(
        days, np.ones_like(days), landmark=60, exposed_on=received, cause_names=["work"]
    )
    curve = kaplan_meier(fair.table)
    difference = share_difference_at(curve, 100, groups=("exposed", "not_exposed"))
    assert difference.low < 0 < difference.high


def test_a_landmark_nobody_reached_or_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(CannotBeComputed, match="no_persons"):
        landmark_table([1, 2], [1, 1], landmark=2, exposed_on=[1, 1], cause_names=["work"])
    with pytest.raises(ValueError, match="landmark"):
        landmark_table([1], [1], landmark=-1, exposed_on=[1], cause_names=["work"])
    with pytest.raises(ValueError, match="exposed_on"):
        landmark_table([1, 2], [1, 1], landmark=1, exposed_on=[1], cause_names=["work"])
    with pytest.raises(ValueError, match="days: negative at positions 0"):
        landmark_table([-1, 9], [1, 1], landmark=1, exposed_on=[1, 1], cause_names=["work"])


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
