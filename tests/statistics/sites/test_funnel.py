"""Funnel limits against R's distributions, after the formulas of Spiegelhalter (2005).

lim <- function(theta, n, p) { r <- qbinom(p, n, theta)
  a <- (pbinom(r, n, theta) - p) / dbinom(r, n, theta); (r - a) / n }
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.sites.funnel import (
    share_funnel,
    share_limit,
    share_limit_beyond_chance,
    winsorised,
)

SAME = 1e-9
PROBABILITIES = (0.001, 0.025, 0.975, 0.999)
EVENTS = [0, 3, 12, 25, 8, 41, 17, 9, 30, 5, 22, 14]
N = [11, 15, 40, 44, 30, 66, 35, 21, 52, 19, 33, 60]


def sites(events=EVENTS, n=N):
    pairs = enumerate(zip(events, n, strict=True))
    return [proportion(events=k, n=total, group=f"site {i}") for i, (k, total) in pairs]


@pytest.mark.parametrize(
    ("n", "limits"),
    [
        (10, (0.07214616039, 0.239283659821, 0.860825083037, 0.985981496646)),
        (20, (0.240324773172, 0.363860898862, 0.79370510697, 0.896224175552)),
        (50, (0.382499799997, 0.462673551883, 0.733725717875, 0.805047623649)),
        (100, (0.451736071248, 0.508341521245, 0.699426917923, 0.751858858619)),
        (400, (0.532709196805, 0.56067085297, 0.656320874732, 0.683269047965)),
    ],
)
def test_binomial_limits_are_those_of_r(n, limits):
    found = [float(share_limit(0.61, n, p)) for p in PROBABILITIES]
    assert found == pytest.approx(limits, rel=SAME)


def test_limits_beyond_chance_are_those_of_r():
    # theta <- sum(k)/sum(n); s <- 1/(2*sqrt(n)); z <- (asin(sqrt(k/n)) - asin(sqrt(theta)))/s
    # m <- floor(.1*I); zw: z drawn in to sort(z)[m+1] and sort(z)[I-m]; phi <- mean(zw^2)
    # tau2 <- (I*phi - (I-1)) / (sum(w) - sum(w^2)/sum(w)), w <- 1/s^2
    # sin(asin(sqrt(theta)) + qnorm(.999)*sqrt(1/(4*n0) + tau2))^2
    wider = share_funnel(sites(), allowance="additive")
    assert wider.reference == pytest.approx(0.43661971831, rel=SAME)
    assert wider.dispersion == pytest.approx(4.85950718025, rel=SAME)
    assert wider.test.p_value == pytest.approx(4.57199951251e-08, rel=SAME)
    added = wider.lines[1]
    at = int(np.flatnonzero(added.size == 20)[0])
    assert added.high[at] == pytest.approx(0.958578796652, rel=SAME)


def test_no_allowance_is_made_where_sites_differ_by_no_more_than_chance():
    alike = sites([20, 31, 40], [40, 60, 80])
    assert share_funnel(alike, allowance="additive").allowance == "none"
    assert share_funnel(alike, allowance="additive").dispersion < 1


@given(st.floats(0.05, 0.95), st.integers(5, 500), st.sampled_from(PROBABILITIES))
@example(reference=0.875, n=11, probability=0.999)  # the normal one lies above everybody
def test_a_limit_leaves_out_no_more_than_its_share_and_a_person(reference, n, probability):
    """The interpolated limit lies within one person below the exact quantile."""
    quantile = stats.binom(n, reference).ppf(probability)
    limit = float(share_limit(reference, n, probability)) * n
    assert quantile - 1 - 1e-9 <= limit <= quantile + 1e-9 or limit == 0.0


@given(st.integers(5, 300), st.integers(301, 2000))
def test_limits_close_in_as_sites_grow(small, large):
    assert share_limit(0.4, small, 0.975) > share_limit(0.4, large, 0.975)
    assert share_limit(0.4, small, 0.025) < share_limit(0.4, large, 0.025)


def test_zones_follow_the_limits_at_the_sites_own_size():
    # At 0.61 and n = 50 the limits are 0.382, 0.463, 0.734 and 0.805: 19, 23, 37 and 41 persons.
    found = share_funnel(sites([19, 20, 30, 38, 41], [50] * 5), reference=0.61)
    assert [point.zone for point in found.points] == [
        "outside_below",
        "warning_below",
        "inside",
        "warning_above",
        "outside_above",
    ]


def test_extremes_are_drawn_in_whole_and_only_among_ten_or_more():
    few = np.array([-8.0, 0.0, 1.0, 9.0])
    assert winsorised(few).tolist() == few.tolist()


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_a_limit_that_all_or_none_fall_below_is_refused(probability):
    with pytest.raises(ValueError, match="probability"):
        share_limit(0.6, 50, probability)
    with pytest.raises(ValueError, match="probability"):
        share_limit_beyond_chance(0.6, 50, probability, added=0.0)


def test_one_site_makes_no_funnel():
    with pytest.raises(CannotBeComputed, match="one_site"):
        share_funnel(sites([20], [50]))
    with pytest.raises(CannotBeComputed, match="no_variation"):
        share_funnel(sites([0, 0], [50, 50]))
