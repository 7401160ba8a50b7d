"""The difference of two shares: published examples and what must hold for all counts."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import optimize, stats

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.shares import differences
from evalkit.statistics.shares.differences import (
    constrained_shares,
    miettinen_nurminen_limits,
    newcombe_limits,
)

METHODS: tuple[differences.DifferenceInterval, ...] = ("newcombe", "miettinen_nurminen")

group = st.integers(1, 120).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.floats(0.5, 0.999)


def table(first: tuple[int, int], second: tuple[int, int]) -> dict[str, int]:
    return dict(zip(("events_1", "n_1", "events_2", "n_2"), (*first, *second), strict=True))


def made_by(
    method: differences.DifferenceInterval,
    first: tuple[int, int],
    second: tuple[int, int],
    confidence_level: float = 0.95,
) -> Estimate:
    return differences.share_difference(
        **table(first, second),  # type: ignore[arg-type]
        interval=method,
        confidence_level=confidence_level,
    )


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_gives_the_limits_printed_in_the_paper(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe (1998b), table II, method 10."""
    made = differences.newcombe(**table(first, second))
    assert (round(made.low, 4), round(made.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0528, 0.3382),
        ((9, 10), (3, 10), 0.1700, 0.8406),
        ((5, 56), (0, 29), -0.0326, 0.1933),
    ],
)
def test_miettinen_nurminen_gives_the_limits_printed_in_the_paper(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe (1998b), table II, method 6; statsmodels #10269 gets all of these wrong."""
    made = made_by("miettinen_nurminen", first, second)
    assert (round(made.low, 4), round(made.high, 4)) == (low, high)


@given(st.sampled_from(METHODS), group, group, levels)
def test_the_interval_holds_the_difference_and_stays_within_minus_1_and_1(
    method: differences.DifferenceInterval,
    first: tuple[int, int],
    second: tuple[int, int],
    level: float,
) -> None:
    made = made_by(method, first, second, confidence_level=level)
    assert -1 <= made.low <= made.value <= made.high <= 1
    assert made.n == sum(made.cells) == first[1] + second[1]
    assert (made.unit, made.measure) == ("share_difference", "difference")


@given(st.sampled_from(METHODS), group, group, levels)
def test_swapping_the_groups_turns_the_sign(
    method: differences.DifferenceInterval,
    first: tuple[int, int],
    second: tuple[int, int],
    level: float,
) -> None:
    one = made_by(method, first, second, confidence_level=level)
    other = made_by(method, second, first, confidence_level=level)
    assert one.low == pytest.approx(-other.high, abs=1e-9)
    assert one.value == pytest.approx(-other.value, abs=1e-15)


@given(st.sampled_from(METHODS), group, group, levels)
def test_counting_those_without_the_event_turns_the_sign(
    method: differences.DifferenceInterval,
    first: tuple[int, int],
    second: tuple[int, int],
    level: float,
) -> None:
    (k1, n1), (k2, n2) = first, second
    one = made_by(method, first, second, confidence_level=level)
    other = made_by(method, (n1 - k1, n1), (n2 - k2, n2), confidence_level=level)
    assert one.low == pytest.approx(-other.high, abs=1e-9)


@given(st.sampled_from(METHODS), group, group)
def test_a_higher_level_never_narrows_the_interval(
    method: differences.DifferenceInterval, first: tuple[int, int], second: tuple[int, int]
) -> None:
    narrow = made_by(method, first, second, confidence_level=0.9)
    wide = made_by(method, first, second, confidence_level=0.99)
    assert wide.low <= narrow.low + 1e-12
    assert wide.high >= narrow.high - 1e-12


@given(group, group, st.floats(-0.95, 0.95))
@example((0, 1), (0, 36), 1e-11)  # a root at nought: the cubic gives it to 1e-8, times 37 persons
def test_constrained_shares_have_the_largest_likelihood(
    first: tuple[int, int], second: tuple[int, int], delta: float
) -> None:
    """Against a numerical search of the same likelihood."""
    (k1, n1), (k2, n2) = first, second
    counts = [np.asarray(c, dtype=float) for c in (k1, n1, k2, n2)]

    def minus_log_likelihood(p2: float) -> float:
        return -float(
            stats.binom.logpmf(k1, n1, min(p2 + delta, 1)) + stats.binom.logpmf(k2, n2, p2)
        )

    p1, p2 = constrained_shares(np.asarray(delta), *counts)
    low, high = max(0.0, -delta), min(1.0, 1 - delta)
    found = optimize.minimize_scalar(
        minus_log_likelihood, bounds=(low, high), method="bounded", options={"xatol": 1e-10}
    )
    assert float(p1) == pytest.approx(float(p2) + delta, abs=1e-12)
    assert minus_log_likelihood(float(p2)) <= found.fun + 1e-6


def score(delta: float, counts: list[float]) -> float:
    """z of p1 − p2 = delta from the constrained shares, with the factor N/(N − 1)."""
    k1, n1, k2, n2 = counts
    p1, p2 = map(float, constrained_shares(*(np.asarray(c, float) for c in (delta, *counts))))
    total = n1 + n2
    variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * total / (total - 1)
    distance = k1 / n1 - k2 / n2 - delta
    return math.copysign(math.inf, distance) if variance <= 0 else distance / math.sqrt(variance)


@given(group, group, levels)
def test_miettinen_nurminen_limits_are_the_differences_the_test_just_keeps(
    first: tuple[int, int], second: tuple[int, int], level: float
) -> None:
    counts = [float(c) for c in (*first, *second)]
    z = stats.norm.ppf((1 + level) / 2)
    low, high = map(float, miettinen_nurminen_limits(*counts, level))
    for limit, inside in ((low, 1e-6), (high, -1e-6)):
        if abs(limit) < 1 - 1e-5:
            assert abs(score(limit + inside, counts)) <= z + 1e-9
            assert abs(score(limit - inside, counts)) >= z - 1e-9


def test_newcombe_agrees_with_statsmodels_where_statsmodels_is_right() -> None:
    from statsmodels.stats.proportion import confint_proportions_2indep

    wanted = confint_proportions_2indep(21, 44, 19, 58, method="newcomb", compare="diff")
    made = differences.newcombe(events_1=21, n_1=44, events_2=19, n_2=58)
    assert (made.low, made.high) == pytest.approx(wanted, rel=1e-10)


def test_tens_of_thousands_of_pairs_take_milliseconds() -> None:
    generator = np.random.default_rng(1)
    n1, n2 = generator.integers(1, 400, (2, 50_000))
    k1, k2 = generator.integers(0, n1 + 1), generator.integers(0, n2 + 1)
    start = time.process_time()
    low, high = newcombe_limits(k1, n1, k2, n2)
    assert time.process_time() - start < 2  # milliseconds; a loop takes longer than this
    assert (low <= k1 / n1 - k2 / n2).all()
    assert (high >= k1 / n1 - k2 / n2).all()


def test_score_limits_of_arrays_take_every_extreme_at_once() -> None:
    k1, n1 = np.array([0, 1, 0, 5, 0, 7]), np.array([1, 1, 9, 5, 3, 7])
    k2, n2 = np.array([1, 0, 0, 5, 4, 0]), np.array([1, 1, 20, 5, 4, 8])
    low, high = miettinen_nurminen_limits(k1, n1, k2, n2)
    observed = k1 / n1 - k2 / n2
    assert ((low >= -1) & (low <= observed) & (observed <= high) & (high <= 1)).all()
    assert low[[0, 4]].tolist() == [-1, -1]
    assert high[[1, 5]].tolist() == [1, 1]


@pytest.mark.parametrize("method", METHODS)
def test_an_impossible_level_is_refused_and_an_empty_group_has_no_difference(
    method: differences.DifferenceInterval,
) -> None:
    with pytest.raises(ValueError, match="confidence_level"):
        made_by(method, (1, 2), (1, 2), confidence_level=1.0)
    with pytest.raises(CannotBeComputed, match="no_persons"):
        made_by(method, (1, 2), (0, 0))
