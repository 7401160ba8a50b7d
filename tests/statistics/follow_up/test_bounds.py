"""Extremes, their limits and stated assumptions: R's arithmetic, exact coverage, identities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evalkit.results import CannotBeComputed, FollowUpBounds
from evalkit.statistics.follow_up.bounds import (
    follow_up_bounds,
    imbens_manski_critical_value,
    imbens_manski_limits,
    share_at_ratio,
)
from evalkit.statistics.shares.proportions import proportion

counts = st.integers(1, 300).flatmap(
    lambda n: st.integers(1, n).flatmap(
        lambda followed: st.tuples(st.integers(0, followed), st.just(followed), st.just(n))
    )
)


@pytest.mark.parametrize(
    ("apart", "level", "expected"),
    [
        # R: uniroot(function(c) pnorm(c + d) - pnorm(-c) - level, c(0, 5), tol = 1e-14)$root
        (0.5, 0.95, 1.76971284735654),
        (1.0, 0.95, 1.68147744232815),
        (2.0, 0.95, 1.64614554821531),
        (1.0, 0.90, 1.33875118905939),
    ],
)
def test_the_critical_value_solves_imbens_and_manskis_equation(
    apart: float, level: float, expected: float
) -> None:
    found = imbens_manski_critical_value(width=apart, standard_error=1.0, confidence_level=level)
    assert found == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(
    ("events", "missing", "n", "expected"),
    [
        # R: Wilson's closed form at the critical value above, at k of n and at k + m of n
        (147, 75, 396, (0.332278180802272, 0.601081212377779)),
        (40, 3, 100, (0.318745005431328, 0.517134145563647)),
    ],
)
def test_limits_agree_with_r(
    events: int, missing: int, n: int, expected: tuple[float, float]
) -> None:
    found = imbens_manski_limits(events=events, missing=missing, n=n)
    assert found == pytest.approx(expected, abs=1e-10)


def test_the_limits_hold_the_true_share_whatever_became_of_the_missing() -> None:
    """Exact coverage by counting every outcome of 60 persons, no simulation."""
    n, truth = 60, 0.45
    for missing_of_successes, missing_of_others in [(0.0, 0.0), (0.3, 0.0), (0.0, 0.3), (0.2, 0.2)]:
        seen_success = truth * (1 - missing_of_successes)
        seen_other = (1 - truth) * (1 - missing_of_others)
        chances = [seen_success, seen_other, 1 - seen_success - seen_other]
        law = stats.multinomial(n, chances)
        covered = 0.0
        for k in range(n + 1):
            for other in range(n + 1 - k):
                missing = n - k - other
                low, high = imbens_manski_limits(events=k, missing=missing, n=n)
                if low <= truth <= high:
                    covered += law.pmf([k, other, missing])
        assert covered > 0.94


def test_stated_assumption_agrees_with_r() -> None:
    # R: value <- p*(r + (1-r)*d); g <- c(r + (1-r)*d, p*(1-d))
    #    v <- sum(g^2 * c(p*(1-p)/f, r*(1-r)/n)); Wilson at value*(1-value)/v persons
    half = share_at_ratio(events=147, followed_up=321, n=396, ratio=0.5)
    assert (half.value, half.low, half.high) == pytest.approx(
        (0.414578023222883, 0.365576057871904, 0.465330625683350), abs=1e-12
    )


@given(counts)
def test_ratio_nought_and_one_give_the_intervals_of_counted_shares(
    given_counts: tuple[int, int, int],
) -> None:
    k, followed, n = given_counts
    for ratio, share in [
        (0.0, proportion(events=k, n=n)),
        (1.0, proportion(events=k, n=followed)),
    ]:
        found = share_at_ratio(events=k, followed_up=followed, n=n, ratio=ratio)
        if 0 < k < followed:  # without variance there is no effective number to go by
            assert (found.value, found.low, found.high) == pytest.approx(
                (share.value, share.low, share.high), abs=1e-9
            )


@given(counts)
def test_everything_lies_between_the_extremes(given_counts: tuple[int, int, int]) -> None:
    k, followed, n = given_counts
    found = follow_up_bounds(events=k, followed_up=followed, n=n, ratios=[0.5, 1.0, 2.0])
    assert found.low <= found.none.value
    assert found.high >= found.every.value
    assert found.none.value <= found.followed_up.value <= found.every.value + 1e-12
    for share in found.assumed:
        assert found.none.value - 1e-12 <= share.value <= found.every.value + 1e-12


def test_with_nobody_missing_the_limits_are_wilsons() -> None:
    found = follow_up_bounds(events=163, followed_up=267, n=267)
    wilson = proportion(events=163, n=267)
    assert (found.low, found.high) == pytest.approx((wilson.low, wilson.high), abs=1e-12)
    assert found.none.value == found.every.value == wilson.value


def test_a_ratio_that_would_exceed_everybody_means_everybody() -> None:
    found = follow_up_bounds(events=60, followed_up=80, n=100, ratios=[3.0])
    assert found.assumed[0].value == found.every.value == 0.8
    assert found.assumed[0].high == pytest.approx(found.every.high, abs=1e-12)


def test_nobody_followed_up_and_nobody_at_all_are_told_apart() -> None:
    with pytest.raises(CannotBeComputed, match="nobody_followed_up"):
        follow_up_bounds(events=0, followed_up=0, n=12)
    with pytest.raises(CannotBeComputed, match="no_persons"):
        follow_up_bounds(events=0, followed_up=0, n=0)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"events": 9, "followed_up": 8, "n": 10}, "events must not exceed followed_up"),
        ({"events": 1, "followed_up": 11, "n": 10}, "followed_up must not exceed n"),
        ({"events": 1, "followed_up": 8, "n": 10, "ratios": [-1.0]}, "ratio must be"),
        ({"events": 1, "followed_up": 8, "n": 10, "confidence_level": 1.0}, "confidence_level"),
    ],
)
def test_impossible_counts_are_refused_by_name(wrong: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        follow_up_bounds(**wrong)  # type: ignore[arg-type]


def test_a_result_outside_its_limits_cannot_be_made() -> None:
    good = follow_up_bounds(events=40, followed_up=90, n=100)
    with pytest.raises(ValueError, match="both extremes"):
        FollowUpBounds(
            response=good.response,
            followed_up=good.followed_up,
            none=good.none,
            every=good.every,
            low=np.nan,
            high=1.0,
            method="imbens_manski",
            confidence_level=0.95,
        )
