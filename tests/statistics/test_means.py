"""Means of money: R's interval, and what is refused."""

from __future__ import annotations

import pytest

from evalkit.results import CannotBeComputed
from evalkit.statistics.means import mean_amount


def test_the_interval_is_rs() -> None:
    # R: t.test(c(12000, 15000, 18000))$conf.int
    found = mean_amount([12_000, 15_000, 18_000], without=7)
    assert (found.low, found.high) == pytest.approx((7547.58686475, 22452.41313525), abs=1e-6)
    assert found.cells == (3, 7)


def test_a_mean_of_money_never_reaches_below_nought() -> None:
    assert mean_amount([0, 0, 90_000]).low == 0.0


def test_amounts_below_nought_are_refused() -> None:
    with pytest.raises(CannotBeComputed, match="negative_amount"):
        mean_amount([100, -5])
