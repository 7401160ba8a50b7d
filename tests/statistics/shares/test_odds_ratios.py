"""Odds ratios: what must hold for all counts."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares import odds_ratios

METHODS = {
    "woolf": odds_ratios.woolf,
    "score": odds_ratios.odds_score,
    "miettinen_nurminen": odds_ratios.miettinen_nurminen_odds,
    "conditional": odds_ratios.conditional_odds,
    "haldane_anscombe": odds_ratios.haldane_anscombe,
}
group = st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def table(first: tuple[int, int], second: tuple[int, int]) -> dict[str, int]:
    return dict(zip(("events_1", "n_1", "events_2", "n_2"), (*first, *second), strict=True))


@given(st.sampled_from(sorted(METHODS)), group, group, st.floats(0.5, 0.999))
def test_swapping_the_groups_inverts_the_odds_ratio(
    method: str, first: tuple[int, int], second: tuple[int, int], level: float
) -> None:
    (k1, n1), (k2, n2) = first, second
    assume(0 < k1 + k2 < n1 + n2)
    assume(method != "woolf" or (0 < k1 < n1 and 0 < k2 < n2))
    one = METHODS[method](**table(first, second), confidence_level=level)
    other = METHODS[method](**table(second, first), confidence_level=level)
    assert 0 <= one.low <= one.value <= one.high
    inverted = 1 / other.high if other.high > 0 else math.inf
    assert one.low == pytest.approx(inverted, rel=1e-7)


@given(group, group)
def test_exact_limits_hold_half_the_error_in_each_tail(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    """By scipy's noncentral hypergeometric distribution."""
    (k1, n1), (k2, n2) = first, second
    made = odds_ratios.conditional_odds(**table(first, second))
    if made.low > 1e-6:
        tail = stats.nchypergeom_fisher.sf(k1 - 1, n1 + n2, n1, k1 + k2, made.low)
        assert float(tail) == pytest.approx(0.025, rel=1e-5)
    if made.high < 1e6:
        tail = stats.nchypergeom_fisher.cdf(k1, n1 + n2, n1, k1 + k2, made.high)
        assert float(tail) == pytest.approx(0.025, rel=1e-5)


def test_a_zero_cell_has_no_woolf_interval_but_an_adjusted_one() -> None:
    with pytest.raises(CannotBeComputed, match="zero_cell"):
        odds_ratios.woolf(**table((0, 10), (5, 20)))
    assert odds_ratios.haldane_anscombe(**table((0, 10), (5, 20))).low > 0


def test_nobody_with_the_event_has_no_odds_ratio() -> None:
    with pytest.raises(CannotBeComputed, match="ratio_undefined"):
        odds_ratios.odds_score(**table((0, 10), (0, 20)))
    silent = odds_ratios.conditional_odds(**table((0, 10), (0, 20)))
    assert (silent.low, silent.high) == (0, math.inf)
