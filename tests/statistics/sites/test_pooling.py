"""Random effects over sites against R's metafor 3.8-1 (``rma``, ``blup``, ``predict``).

k <- c(0,3,12,25,8,41,17,9,30,5,22,14); n <- c(11,15,40,44,30,66,35,21,52,19,33,60)
r <- rma(measure="PLO", xi=k, ni=n, method="REML", test="adhoc", add=1/2, to="only0",
         control=list(threshold=1e-12, tol=1e-12, maxiter=1000))
c(r$b, r$se, r$ci.lb, r$tau2, r$QE, r$I2, predict(r)$pi.lb); blup(r)
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from evalkit.results import CannotBeComputed, Estimate, Withheld
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.sites.comparison import compare_sites
from evalkit.statistics.sites.pooling import (
    Effects,
    between_variance,
    logit_effects,
    pooled,
    shrunken,
)

EVENTS = [0, 3, 12, 25, 8, 41, 17, 9, 30, 5, 22, 14]
N = [11, 15, 40, 44, 30, 66, 35, 21, 52, 19, 33, 60]
# metafor prints twelve digits; its own iterations stop at 1e-12.
SAME = 1e-9

# mean, standard error, lower limit, tau²; Q, I², lower prediction limit
METAFOR = (
    (-0.363628157064, 0.243340844347, -0.899217744317, 0.440590612251),
    (47.2051004279, 0.766225121146, -1.91965676443),
)

counts = st.integers(5, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_shrunken_sites_are_those_of_metafor():
    effects = logit_effects(EVENTS, N)
    value, low, high = shrunken(effects, pooled(effects))
    # blup(r): pred, pi.lb and pi.ub of the first, sixth and last site.
    assert [value[i] for i in (0, 5, 11)] == pytest.approx(
        [-0.846807341946, 0.385251068382, -1.04541317169], rel=SAME
    )
    assert [low[i] for i in (0, 5, 11)] == pytest.approx(
        [-2.24605031801, -0.140883796398, -1.66290383141], rel=SAME
    )
    assert [high[i] for i in (0, 5, 11)] == pytest.approx(
        [0.55243563412, 0.911385933163, -0.427922511966], rel=SAME
    )


def test_four_municipalities_on_the_scale_of_shares():
    # k <- c(45,38,30,50); n <- c(80,60,57,70); predict(r, transf=transf.ilogit)
    rows = [
        proportion(events=k, n=n, group=name)
        for name, k, n in zip("ABCD", (45, 38, 30, 50), (80, 60, 57, 70), strict=True)
    ]
    found = compare_sites(rows, dimension="municipality")
    assert (found.pooled.value, found.pooled.low, found.pooled.high) == pytest.approx(
        (0.609732271663, 0.47067464181, 0.732982996349), rel=SAME
    )
    assert (found.further.low, found.further.high) == pytest.approx(
        (0.376219501178, 0.801866285602), rel=SAME
    )
    assert (found.spread**2, found.test.statistic, found.test.p_value) == pytest.approx(
        (0.0580843703317, 5.69065486582, 0.127669764866), rel=SAME
    )
    assert found.i_squared == pytest.approx(0.472239919468, rel=SAME)


def test_sites_that_agree_are_no_surer_than_their_persons_allow():
    # The same call with k <- c(40,31,30,36): tau² is nought, and Knapp and Hartung's own
    # factor would be 0.03; test="adhoc" keeps it at 1.
    rows = [
        proportion(events=k, n=n, group=name)
        for name, k, n in zip("ABCD", (40, 31, 30, 36), (80, 60, 57, 70), strict=True)
    ]
    found = compare_sites(rows, dimension="municipality")
    assert found.spread == 0
    assert (found.pooled.low, found.pooled.high) == pytest.approx(
        (0.416465061219, 0.608773535445), rel=SAME
    )
    assert (found.further.low, found.further.high) == (found.pooled.low, found.pooled.high)
    assert [row.value for row in found.shrunken] == pytest.approx([found.pooled.value] * 4)


@pytest.mark.parametrize(
    ("events", "n", "expected"),
    [
        # rma(measure="PLO", xi=c(0,9), ni=c(12,30), method="REML", test="adhoc", add=.5,
        #     to="only0")
        (
            [0, 9],
            [12, 30],
            (-1.6280253455897, -15.7885800094199, 1.6928259414408, 0.6019597989313),
        ),
        # the same call; nobody, everybody, and a site many times the others
        (
            [14, 0, 33, 5000],
            [14, 25, 60, 900_000],
            (-1.4675620070118, -7.6450543178601, 13.9063793245813, 0.9932093980567),
        ),
    ],
)
def test_two_sites_and_sites_of_very_unlike_size_are_those_of_metafor(events, n, expected):
    found = pooled(logit_effects(events, n))
    assert (found.mean, found.low, found.tau_squared, found.i_squared) == pytest.approx(
        expected, rel=SAME
    )


@given(st.lists(counts, min_size=3, max_size=8), st.sampled_from([1e-4, 1e4]))
def test_the_unit_of_the_effects_changes_only_the_unit_of_the_answer(sites, unit):
    effects = logit_effects(*zip(*sites, strict=True))
    plain = pooled(effects)
    other = pooled(Effects(unit * effects.values, unit**2 * effects.variances, effects.back))
    assert other.low / unit == pytest.approx(plain.low, rel=1e-6, abs=1e-6)
    assert other.tau_squared / unit**2 == pytest.approx(plain.tau_squared, rel=1e-6, abs=1e-6)


def test_where_whole_steps_go_to_and_fro_the_likelihood_is_still_largest():
    effects = logit_effects([3, 3, 3, 3, 6, 6], [5, 5, 5, 5, 9, 17])
    y, v = effects.values, effects.variances

    def restricted(tau_squared: float) -> float:
        w = 1 / (v + tau_squared)
        mean = np.sum(w * y) / np.sum(w)
        return float(np.log(w.sum()) - np.log(w).sum() + np.sum(w * (y - mean) ** 2))

    best = optimize.minimize_scalar(restricted, bounds=(0, 2), method="bounded")
    assert between_variance(y, v) == pytest.approx(best.x, abs=1e-4)
    assert best.x > 0.01


def test_sites_closer_than_chance_have_no_variance_between_them():
    y, v = np.array([0.1, 0.12, 0.09]), np.array([0.2, 0.3, 0.25])
    assert between_variance(y, v) == 0.0


@given(st.lists(counts, min_size=3, max_size=8), st.randoms())
def test_the_order_of_sites_changes_nothing(sites, random):
    mixed = random.sample(sites, len(sites))
    one, other = (pooled(logit_effects(*zip(*rows, strict=True))) for rows in (sites, mixed))
    assert one.mean == pytest.approx(other.mean, abs=1e-7)
    assert one.tau_squared == pytest.approx(other.tau_squared, abs=1e-7)


@given(st.lists(counts, min_size=3, max_size=8))
def test_shrunken_sites_lie_between_their_own_figure_and_the_mean(sites):
    effects = logit_effects(*zip(*sites, strict=True))
    mean = pooled(effects)
    value, low, high = shrunken(effects, mean)
    ends = np.sort(np.stack([effects.values, np.full(len(sites), mean.mean)]), axis=0)
    assert (ends[0] - 1e-12 <= value).all()
    assert (value <= ends[1] + 1e-12).all()
    assert (low <= value).all()
    assert (value <= high).all()


def test_a_withheld_site_stands_in_the_list_and_is_counted_nowhere():
    rows = [
        proportion(events=k, n=60, group=name) for name, k in zip("ABC", (20, 30, 40), strict=True)
    ]
    hidden = Withheld(measure="share", reason="small_count", group="D")
    with_hidden = compare_sites([*rows, hidden], dimension="municipality")
    without = compare_sites(rows, dimension="municipality")
    assert with_hidden.sites[-1] is hidden
    assert with_hidden.pooled == without.pooled
    assert with_hidden.shrunken == without.shrunken
    assert with_hidden.test == without.test


def test_the_mean_over_sites_is_that_of_metafor():
    found = pooled(logit_effects(EVENTS, N))
    first, second = METAFOR
    assert (found.mean, found.standard_error, found.low, found.tau_squared) == pytest.approx(
        first, rel=SAME
    )
    assert (found.q, found.i_squared, found.further_low) == pytest.approx(second, rel=SAME)


def test_fewer_than_three_sites_are_not_pooled():
    rows: list[Estimate] = [proportion(events=20, n=60, group=name) for name in "AB"]
    with pytest.raises(CannotBeComputed, match="too_few_sites"):
        compare_sites(rows, dimension="municipality")
    with pytest.raises(CannotBeComputed, match="one_site"):
        pooled(Effects(np.array([0.1]), np.array([0.2]), lambda values: values))


def test_sites_where_nobody_has_the_event_do_not_vary():
    rows = [proportion(events=0, n=60, group=name) for name in "ABC"]
    with pytest.raises(CannotBeComputed, match="no_variation"):
        compare_sites(rows, dimension="municipality")


def test_a_site_without_persons_is_refused():
    with pytest.raises(CannotBeComputed, match="no_persons"):
        logit_effects([0, 3], [0, 5])
