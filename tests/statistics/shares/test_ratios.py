"""Risk ratios and persons per additional outcome: what must hold for all counts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares import ratios
from evalkit.statistics.shares.differences import newcombe
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.shares.ratio_limits import koopman_limits

METHODS = {
    "katz": ratios.katz,
    "koopman": ratios.koopman,
    "miettinen_nurminen": ratios.miettinen_nurminen_ratio,
}
group = st.integers(1, 120).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def table(first: tuple[int, int], second: tuple[int, int]) -> dict[str, int]:
    return dict(zip(("events_1", "n_1", "events_2", "n_2"), (*first, *second), strict=True))


@given(st.sampled_from(sorted(METHODS)), group, group, st.floats(0.5, 0.999))
def test_swapping_the_groups_inverts_the_ratio(
    method: str, first: tuple[int, int], second: tuple[int, int], level: float
) -> None:
    assume(first[0] + second[0] > 0 and (method != "katz" or first[0] * second[0] > 0))
    one = METHODS[method](**table(first, second), confidence_level=level)
    other = METHODS[method](**table(second, first), confidence_level=level)
    assert 0 <= one.low <= one.value <= one.high
    inverted = 1 / other.high if other.high > 0 else math.inf
    assert one.low == pytest.approx(inverted, rel=1e-7)


@pytest.mark.parametrize("method", ["koopman", "miettinen_nurminen"])
def test_no_events_in_one_group_still_has_an_interval(method: str) -> None:
    never = METHODS[method](**table((0, 20), (9, 20)))
    always = METHODS[method](**table((9, 20), (0, 20)))
    assert (never.value, never.low) == (0, 0)
    assert 0 < never.high < math.inf
    assert (always.value, always.high) == (math.inf, math.inf)
    assert 0 < always.low < math.inf


def test_limits_of_arrays_equal_the_limits_one_by_one() -> None:
    tables = np.array([[0, 9, 20, 5, 7], [20, 20, 20, 5, 9], [9, 0, 11, 5, 3], [20, 20, 11, 5, 8]])
    low, high = koopman_limits(*tables)
    for i, counts in enumerate(tables.T):
        assert (low[i], high[i]) == tuple(float(x) for x in koopman_limits(*counts))


def test_statsmodels_wrong_limit_at_100_per_cent_is_right_here() -> None:
    """Fagerland, Lydersen & Laake (2015): 29/55 against 11/11 gives 0.397–0.742."""
    made = ratios.miettinen_nurminen_ratio(**table((29, 55), (11, 11)))
    assert (round(made.low, 3), round(made.high, 3)) == (0.397, 0.742)


def test_what_does_not_exist_is_said_with_a_reason() -> None:
    with pytest.raises(CannotBeComputed, match="ratio_undefined"):
        ratios.koopman(**table((0, 10), (0, 20)))
    with pytest.raises(CannotBeComputed, match="zero_cell"):
        ratios.katz(**table((0, 10), (5, 20)))
    with pytest.raises(ValueError, match="confidence_level"):
        ratios.koopman(**table((1, 10), (5, 20)), confidence_level=-0.1)


def test_persons_per_additional_outcome_are_one_over_the_difference() -> None:
    """Altman (1998); the difference is −0.4866 (−0.6095 to −0.3276)."""
    needed = ratios.number_needed(newcombe(**table((24, 73), (53, 65))))
    assert (round(needed.low, 2), round(needed.value, 2), round(needed.high, 2)) == (
        -3.05,
        -2.06,
        -1.64,
    )


def test_a_difference_that_may_be_zero_has_no_number_needed() -> None:
    with pytest.raises(CannotBeComputed, match="difference_spans_zero") as raised:
        ratios.number_needed(newcombe(**table((5, 56), (0, 29))))
    assert raised.value.facts["benefit_from"] == pytest.approx(5.193, abs=1e-3)
    with pytest.raises(ValueError, match="share_difference"):
        ratios.number_needed(proportion(events=1, n=2))
