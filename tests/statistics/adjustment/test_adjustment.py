"""Adjusted differences where the answer is known without R."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from evalkit.results import CannotBeComputed
from evalkit.statistics.adjustment.arm_means import ratio_of_means
from evalkit.statistics.adjustment.doubly_robust import (
    doubly_robust_difference,
    doubly_robust_means,
    modelled_difference,
)
from evalkit.statistics.adjustment.groups import Groups, compare_groups
from evalkit.statistics.adjustment.matching import nearest_pairs
from evalkit.statistics.adjustment.weighting import effective_persons, weighted_difference
from evalkit.statistics.regression.inputs import RegressionInputError

# By age: young 6 of 8 with the programme and 2 of 4 without, old 2 of 4 and 1 of 8.
TABLE = pd.DataFrame(
    [
        (young, arm, k < working)
        for young, arm, working, n in ((1, 1, 6, 8), (1, 0, 2, 4), (0, 1, 2, 4), (0, 0, 1, 8))
        for k in range(n)
    ],
    columns=["young", "arm", "work"],
).astype(int)
EVERYONE = 0.5 * (6 / 8 - 2 / 4) + 0.5 * (2 / 4 - 1 / 8)  # 12 young and 12 old
TREATED = 8 / 12 * (6 / 8 - 2 / 4) + 4 / 12 * (2 / 4 - 1 / 8)


def groups_of(frame: pd.DataFrame, *covariates: str) -> Groups:
    return compare_groups(frame, outcome="work", treatment="arm", covariates=covariates)


def people(seed: int, n: int = 150) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age, edu = rng.normal(35, 9, n), rng.integers(0, 3, n)
    arm = rng.uniform(size=n) < 1 / (1 + np.exp(-(age - 35) / 12 + edu / 3))
    return pd.DataFrame({"age": age, "edu": edu, "arm": arm, "work": rng.integers(0, 2, n)})


@pytest.mark.parametrize(("target", "by_hand"), [("everyone", EVERYONE), ("treated", TREATED)])
def test_one_yes_no_covariate_is_standardised_by_hand(target: str, by_hand: float) -> None:
    groups = groups_of(TABLE, "young")
    for estimate in (weighted_difference, modelled_difference, doubly_robust_difference):
        made = estimate(groups, target=target)  # type: ignore[operator]
        assert made.difference.value == pytest.approx(by_hand, rel=1e-9)


@given(seed=st.integers(0, 10_000))
def test_an_outcome_that_a_model_fits_exactly_is_found_whatever_the_propensity(seed: int) -> None:
    frame = people(seed)
    frame["work"] = 1 + 0.3 * frame["arm"] + 0.02 * frame["age"]
    made = doubly_robust_difference(groups_of(frame, "age"), unit="days")
    assert made.difference.value == pytest.approx(0.3, abs=1e-8)
    assert made.standard_error == pytest.approx(0, abs=1e-8)


def test_the_unit_of_a_covariate_changes_no_error() -> None:
    # statsmodels' TreatmentEffect differentiates by steps: kronor and thousands disagree.
    frame = people(3).assign(income=lambda f: 1000 * f["age"] + 37 * f["edu"] ** 2)
    frame["work"] = (frame["age"] + frame["edu"] > frame["age"].median() + 1).astype(int)
    in_thousands = frame.assign(income=frame["income"] / 1000)
    made = [
        doubly_robust_difference(groups_of(f, "income", "edu"), unit="days")
        for f in (frame, in_thousands)
    ]
    assert made[0].difference.value == pytest.approx(made[1].difference.value, rel=1e-8)
    assert made[0].standard_error == pytest.approx(made[1].standard_error, rel=1e-8)


@given(seed=st.integers(0, 10_000))
def test_pairs_are_the_greedy_ones_and_use_nobody_twice(seed: int) -> None:
    groups = groups_of(people(seed, 60), "age", "edu")
    first, second = nearest_pairs(groups)
    assert groups.treated[first].all()
    assert not groups.treated[second].any()
    assert len(np.unique(second)) == len(second)
    assert len(first) == min(groups.treated.sum(), (~groups.treated).sum())
    left = list(np.flatnonzero(~groups.treated))
    for one, other in zip(first, second, strict=True):
        gaps = np.abs(groups.propensity[left] - groups.propensity[one])
        assert abs(groups.propensity[other] - groups.propensity[one]) == pytest.approx(gaps.min())
        left.remove(other)


@pytest.mark.parametrize("seed", [3, 10, 27])
def test_pairs_within_a_caliper_are_near_on_the_scale_of_the_caliper(seed: int) -> None:
    # Far from one half the nearest propensity is not the nearest logit. Greedy by brute force.
    rng = np.random.default_rng(seed)
    age = rng.normal(size=24)
    arm = (rng.uniform(size=24) < special.expit(1.5 * age - 1)).astype(int)
    groups = groups_of(pd.DataFrame({"age": age, "arm": arm, "work": arm}), "age")
    logit = special.logit(groups.propensity)
    left, expected = list(np.flatnonzero(~groups.treated)), []
    for person in sorted(np.flatnonzero(groups.treated), key=lambda i: -logit[i]):
        nearest = min(left, key=lambda i: abs(logit[i] - logit[person]))
        if abs(logit[nearest] - logit[person]) <= 0.2 * logit.std(ddof=1):
            left.remove(nearest)
            expected.append((person, nearest))
    first, second = nearest_pairs(groups, caliper=0.2)
    assert list(zip(first, second, strict=True)) == expected


def test_equal_weights_count_everyone_and_one_heavy_weight_counts_one() -> None:
    assert effective_persons(np.full(40, 2.5)) == pytest.approx(40)
    assert effective_persons(np.array([1e9, 1, 1])) == pytest.approx(1)


def test_groups_that_a_covariate_tells_apart_have_no_overlap() -> None:
    frame = people(1).assign(arm=lambda f: (f["age"] > 35).astype(int))
    with pytest.raises(CannotBeComputed, match="no_overlap"):
        groups_of(frame, "age")


# R 4.2: the models' score equations and the equations of both means stacked, psi(theta) of every
# person; A <- numDeriv::jacobian(function(t) colMeans(psi(t)), theta); B <- crossprod(psi(theta))/n
# solve(A) %*% B %*% t(solve(A)) / n. e <- plogis(X %*% b); m1, m0 from lm.fit in each group.
# Means: weighted.mean(y, w(e)); mean(m1 - m0); mean(m1 + a*(y-m1)/e - m0 - (1-a)*(y-m0)/(1-e));
# of the treated mean(y[a==1]) - sum(a*m0 + (1-a)*e/(1-e)*(y-m0))/sum(a).
STACKED = {
    ("weighted", "everyone"): (0.1599571574537, 0.0796342261744),
    ("modelled", "everyone"): (0.1592049545143, 0.0796401595369),
    ("doubly robust", "everyone"): (0.1597329124223, 0.0795790033382),
    ("weighted", "treated"): (0.1628677708266, 0.0817197964962),
    ("modelled", "treated"): (0.1616077652915, 0.0815488314942),
    ("doubly robust", "treated"): (0.1619930391375, 0.0816907909489),
    ("weighted", "overlap"): (0.1594808166826, 0.0796564943739),
}
ESTIMATES = {
    "weighted": weighted_difference,
    "modelled": modelled_difference,
    "doubly robust": doubly_robust_difference,
}


def by_arithmetic() -> pd.DataFrame:
    """150 persons that R repeats, their level of education a category with a level too many."""
    i = np.arange(150)
    age, edu = 20 + 7 * i % 40, i % 3
    arm = ((13 * i + age) % 7 < 3 + (age > 45)).astype(int)
    work = ((11 * i + age * arm + 5 * edu) % 9 < 4 + arm).astype(int)
    education = pd.Categorical(edu.astype(str), ["unknown", "0", "1", "2"])
    return pd.DataFrame({"age": age, "edu": education, "arm": arm, "work": work})


@pytest.mark.parametrize(("method", "target"), sorted(STACKED))
def test_differences_and_errors_are_those_of_stacked_equations(method: str, target: str) -> None:
    found = ESTIMATES[method](groups_of(by_arithmetic(), "age", "edu"), target=target)  # type: ignore[operator]
    assert (found.difference.value, found.standard_error) == pytest.approx(
        STACKED[method, target], rel=1e-9
    )


@pytest.mark.parametrize(
    ("target", "limits"),
    [
        ("everyone", (1.40379760158, 1.00214782565, 1.96642416992)),
        ("treated", (1.411606879161, 0.994319512434, 2.004017779371)),
    ],
)
def test_ratios_have_the_interval_of_stacked_equations(target, limits) -> None:
    # th[1]/th[2] * exp(c(0,-1,1) * qnorm(.975) * sqrt(k %*% V %*% k)), k = c(1/th[1], -1/th[2])
    groups = groups_of(by_arithmetic(), "age", "edu")
    one, zero = doubly_robust_means(groups, target=target)
    found = ratio_of_means(groups, one, zero, measure="adjusted_ratio", method="aipw")
    assert (found.value, found.low, found.high) == pytest.approx(limits, rel=1e-9)


# One participant so unlike the others that the propensity rounds to one.
FAR_AWAY = pd.DataFrame(
    {
        "age": [*np.linspace(-2, 2, 40), 160.0],
        "arm": [0, 1, 0, 0, 1] * 4 + [1, 0, 1, 1, 0] * 4 + [1],
        "work": [30, 12, 25, 8, 41] * 8 + [20],
    }
)


def test_a_participant_unlike_all_others_leaves_every_figure_finite() -> None:
    # R: X <- cbind(1, age); b <- glm.fit(X, a, family = binomial())$coefficients; b0 <- lm.fit(
    # X[a==0,], y[a==0])$coefficients; stacked equations of both models and both means, the odds
    # exp(X b) of the comparison group only; numDeriv::jacobian, n = 41.
    made = doubly_robust_difference(groups_of(FAR_AWAY, "age"), target="treated", unit="days")
    assert made.difference.value == pytest.approx(-17.3961299612, rel=1e-9)
    assert made.standard_error == pytest.approx(25.3121296974, rel=1e-9)


def test_shares_that_a_model_sets_more_than_one_apart_are_no_figure() -> None:
    frame = FAR_AWAY.assign(work=(FAR_AWAY["age"] > 0).astype(int))
    with pytest.raises(CannotBeComputed, match="no_overlap"):
        modelled_difference(groups_of(frame, "age"), target="treated")


def test_an_interval_of_shares_ends_where_shares_do() -> None:
    frame = pd.DataFrame(
        {"age": [20, 30, 40, 50, 60, 70] * 2, "arm": [1, 0] * 6, "work": [1, 0] * 6}
    )
    found = weighted_difference(groups_of(frame, "age")).difference
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low < 0.7


def test_one_group_alone_cannot_be_compared() -> None:
    with pytest.raises(CannotBeComputed, match="one_group"):
        groups_of(people(2).assign(arm=1), "age")


def test_a_copied_covariate_changes_nothing() -> None:
    frame = people(3).assign(months=lambda f: f["age"] * 12)
    plain = weighted_difference(groups_of(frame, "age"))
    copied = weighted_difference(groups_of(frame, "age", "months"))
    assert copied.difference.value == pytest.approx(plain.difference.value, rel=1e-9)
    assert copied.standard_error == pytest.approx(plain.standard_error, rel=1e-9)


def test_a_group_smaller_than_its_outcome_model_cannot_be_computed() -> None:
    frame = people(4)
    frame["arm"] = 0
    frame.loc[[3, 8], ["arm", "age", "edu"]] = [[1, 30.0, 1], [1, 41.0, 1]]  # amid the others
    with pytest.raises(CannotBeComputed, match="too_few_persons"):
        modelled_difference(groups_of(frame, "age", "edu"))


def test_a_missing_outcome_is_refused_with_its_row() -> None:
    frame = people(5).astype({"work": float})
    frame.loc[7, "work"] = np.nan
    with pytest.raises(RegressionInputError) as raised:
        groups_of(frame, "age")
    assert (raised.value.argument, raised.value.rows) == ("outcome", (7,))
