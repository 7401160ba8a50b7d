"""Directly standardised shares, beside the comparison with R in `test_stratified`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.shares.standardised import standardised_difference, standardised_share

group = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(group, st.floats(0.5, 0.999))
def test_one_stratum_gives_wilsons_interval(kn: tuple[int, int], level: float) -> None:
    k, n = kn
    made = standardised_share(events=[k], n=[n], weights=[7], confidence_level=level)
    plain = proportion(events=k, n=n, confidence_level=level)
    assert (made.low, made.value, made.high) == pytest.approx((plain.low, plain.value, plain.high))


@given(st.lists(st.tuples(group, st.floats(0.1, 10)), min_size=1, max_size=6))
def test_the_interval_holds_the_share_and_never_has_zero_width(rows: list[Any]) -> None:
    events, n = [kn[0] for kn, _ in rows], [kn[1] for kn, _ in rows]
    made = standardised_share(events=events, n=n, weights=[w for _, w in rows])
    assert 0 <= made.low <= made.value <= made.high <= 1
    assert made.high > made.low
    assert sum(made.cells) == made.n == sum(n)


def test_only_the_proportions_of_the_weights_matter() -> None:
    one = standardised_share(events=[3, 9], n=[10, 12], weights=[1, 2])
    other = standardised_share(events=[3, 9], n=[10, 12], weights=[500, 1000])
    assert one.value == pytest.approx(other.value)
    assert one.low == pytest.approx(other.low)


def test_weights_by_the_groups_own_size_give_the_crude_share() -> None:
    made = standardised_share(events=[3, 9], n=[10, 12], weights=[10, 12])
    assert made.value == pytest.approx(12 / 22)


def test_a_stratum_with_weight_but_nobody_cannot_be_standardised() -> None:
    with pytest.raises(CannotBeComputed, match="empty_stratum"):
        standardised_share(events=[3, 0], n=[10, 0], weights=[1, 1])
    with pytest.raises(CannotBeComputed, match="empty_stratum"):
        standardised_difference([(3, 10, 2, 9), (1, 5, 0, 0)], weights=[1, 1])
    unweighted = standardised_share(events=[3, 0], n=[10, 0], weights=[1, 0])
    assert unweighted.value == pytest.approx(0.3)


def test_nobody_at_all_cannot_be_standardised() -> None:
    with pytest.raises(CannotBeComputed, match="no_persons"):
        standardised_share(events=[0], n=[0], weights=[1])


@pytest.mark.parametrize("weights", [[1], [-1, 2], [0, 0], [float("nan"), 1], [float("inf"), 1]])
def test_weights_that_do_not_fit_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        standardised_share(events=[3, 9], n=[10, 12], weights=weights)


@pytest.mark.parametrize(("events", "n"), [([11, 1], [10, 12]), ([1], [10, 12])])
def test_counts_that_do_not_fit_are_refused(events: list[int], n: list[int]) -> None:
    with pytest.raises(ValueError, match="events"):
        standardised_share(events=events, n=n, weights=[1, 1])
