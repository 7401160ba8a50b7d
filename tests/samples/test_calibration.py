"""Counts and means are met exactly whatever the draw."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.samples.calibration import (
    allot,
    leave_exactly,
    pick,
    spread_dates,
    to_mean,
    weibull_days,
)

SEEDS = st.integers(0, 2**32)


@given(seed=SEEDS, n=st.integers(2, 60), data=st.data())
def test_exactly_the_wanted_number_have_left_within_their_follow_up(
    seed: int, n: int, data: st.DataObject
) -> None:
    rng = np.random.default_rng(seed)
    n_exits = data.draw(st.integers(1, n - 1))
    follow_up = 30 + np.floor(rng.random(n) * 500).astype(np.int64)
    days, left = leave_exactly(weibull_days(rng, np.full(n, 200.0), shape=1.5), follow_up, n_exits)
    assert left.sum() == n_exits
    assert (days >= 1).all()
    assert (days <= follow_up).all()
    assert (days[~left] == follow_up[~left]).all()


@given(seed=SEEDS, mean=st.integers(60, 120))
def test_the_mean_is_met_exactly_within_the_limits(seed: int, mean: int) -> None:
    rng = np.random.default_rng(seed)
    days = 10 + np.floor(rng.random(41) * 200).astype(np.int64)
    longest = days + 120
    stretched = to_mean(days, mean=mean, shortest=5, longest=longest)
    assert int(stretched.sum()) == 41 * mean
    assert (stretched >= 5).all()
    assert (stretched <= longest).all()


def test_a_mean_beyond_the_limits_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be reached"):
        to_mean(np.array([10, 10]), mean=50, shortest=1, longest=np.array([20, 20]))


@given(seed=SEEDS, count=st.integers(0, 7))
def test_allotment_gives_exactly_the_count_and_never_to_a_weight_of_zero(
    seed: int, count: int
) -> None:
    weights = np.array([1.0, 0.0, 2.0, 5.0, 0.0, 1.0, 1.0, 3.0, 0.5])
    chosen = allot(np.random.default_rng(seed), weights, count)
    assert chosen.sum() == count
    assert not chosen[weights == 0].any()


def test_more_places_than_persons_is_refused() -> None:
    with pytest.raises(ValueError, match="more places"):
        allot(np.random.default_rng(1), np.array([1.0, 0.0]), 2)


@given(seed=SEEDS, early=st.floats(1, 3))
def test_dates_are_weekdays_inside_the_period(seed: int, early: float) -> None:
    start, end = date(2018, 1, 1), date(2018, 3, 31)
    days = spread_dates(np.random.default_rng(seed), 50, start=start, end=end, early=early)
    assert days.min() >= np.datetime64(start)
    assert days.max() <= np.datetime64(end)
    assert np.is_busday(days).all()  # 1 January 2018 was a Monday


def test_every_picked_word_is_one_of_the_choices() -> None:
    words = pick(np.random.default_rng(1), {"a": 0.5, "b": 0.5}, 1000)
    assert set(words) == {"a", "b"}
