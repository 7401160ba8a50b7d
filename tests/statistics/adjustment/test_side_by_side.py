"""Every method in one result: each is what it is alone, and bad groups are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.results import BalanceRow, CannotBeComputed, Estimate, estimates_only
from evalkit.statistics.adjustment.arm_means import ArmMean, ratio_of_means
from evalkit.statistics.adjustment.balance_table import balance_table, overlap
from evalkit.statistics.adjustment.doubly_robust import doubly_robust_difference
from evalkit.statistics.adjustment.groups import Groups, compare_groups
from evalkit.statistics.adjustment.matching import matched_estimate, nearest_pairs
from evalkit.statistics.adjustment.side_by_side import compared, exact_counts
from evalkit.statistics.adjustment.weighting import weighted_difference


def people(seed: int, n: int = 200, gap: float = 0.0) -> pd.DataFrame:
    """``gap`` is how much the programme adds to everyone's chance."""
    rng = np.random.default_rng(seed)
    age = rng.normal(40, 10, n)
    arm = rng.random(n) < 1 / (1 + np.exp((age - 40) / 10))
    work = rng.random(n) < np.clip(0.75 - 0.01 * age + gap * arm, 0, 1)
    sex = np.where(rng.random(n) < 0.5, "woman", "man")
    return pd.DataFrame({"age": age, "sex": sex, "arm": arm.astype(int), "work": work.astype(int)})


def groups_of(frame: pd.DataFrame) -> Groups:
    return compare_groups(frame, outcome="work", treatment="arm", covariates=["age", "sex"])


def row(made: object, measure: str) -> Estimate:
    found = next(r for r in made.differences if r.measure == measure)  # type: ignore[attr-defined]
    assert isinstance(found, Estimate)
    return found


def test_each_row_is_what_its_method_gives_alone() -> None:
    groups = groups_of(people(1))
    made = compared(groups, target="treated")
    k1, n1, k0, n0 = exact_counts(groups)
    assert [r.measure for r in made.differences] == [
        "unadjusted_difference", "standardised", "weighted", "overlap_weighted", "matched",
        "doubly_robust",
    ]  # fmt: skip
    assert row(made, "unadjusted_difference").value == pytest.approx(k1 / n1 - k0 / n0)
    alone = weighted_difference(groups, target="treated").difference
    assert (row(made, "weighted").value, row(made, "weighted").low) == (alone.value, alone.low)
    robust = doubly_robust_difference(groups, target="treated").difference
    assert made.main_difference == row(made, "doubly_robust")
    assert row(made, "doubly_robust").value == robust.value


def test_the_ratio_and_the_difference_speak_of_the_same_two_shares() -> None:
    groups = groups_of(people(2))
    for target in ("treated", "everyone"):
        made = compared(groups, target=target)  # type: ignore[arg-type]
        assert isinstance(made.ratio, Estimate)
        difference = made.main_difference
        assert isinstance(difference, Estimate)
        without = difference.value / (made.ratio.value - 1)
        assert 0 < without < 1
        if target == "treated":  # the participants' own share needs no model
            assert without + difference.value == pytest.approx(
                groups.outcome[groups.treated].mean()
            )


def test_the_target_in_between_has_only_weights() -> None:
    made = compared(groups_of(people(3)), target="overlap")
    assert [r.measure for r in made.differences] == [
        "unadjusted_difference", "overlap_weighted", "matched",
    ]  # fmt: skip
    assert made.main == "overlap_weighted"
    assert isinstance(made.ratio, Estimate)


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_groups_that_differ_in_age_alone_come_nearer_to_the_truth(seed: int) -> None:
    made = compared(groups_of(people(seed, n=3000, gap=0.1)))
    assert abs(row(made, "doubly_robust").value - 0.1) < 0.075  # four standard errors of it


def test_five_comparison_persons_are_too_few() -> None:
    frame = people(5)
    few = pd.concat([frame[frame["arm"] == 1], frame[frame["arm"] == 0].iloc[:5]])
    with pytest.raises(CannotBeComputed, match="too_few_to_compare") as raised:
        compared(groups_of(few.reset_index(drop=True)))
    assert raised.value.facts == {"needed": 12}


def test_an_outcome_that_is_no_share_is_refused() -> None:
    groups = groups_of(people(6).assign(work=lambda f: f["age"]))
    with pytest.raises(ValueError, match="expected 0 or 1"):
        compared(groups)


def test_a_caliper_leaves_out_those_without_anybody_near() -> None:
    groups = groups_of(people(7))
    logit = np.log(groups.propensity / (1 - groups.propensity))
    wide, narrow = (len(nearest_pairs(groups, caliper=c)[0]) for c in (None, 0.05))
    assert narrow < wide
    first, second = nearest_pairs(groups, caliper=0.05)
    assert (np.abs(logit[first] - logit[second]) <= 0.05 * logit.std(ddof=1)).all()
    assert len(set(second)) == len(second)


def test_the_interval_of_pairs_of_days_is_that_of_their_differences() -> None:
    groups = groups_of(people(8).assign(work=lambda f: 100 * f["work"]))
    estimate, n_pairs = matched_estimate(groups)
    first, second = nearest_pairs(groups, caliper=0.2)
    gaps = groups.outcome[first] - groups.outcome[second]
    # By hand: mean ± 1.959964 s/√n of the pairs' differences.
    half = 1.959963984540054 * gaps.std(ddof=1) / np.sqrt(len(gaps))
    assert n_pairs == len(gaps)
    assert (estimate.value, estimate.high) == pytest.approx((gaps.mean(), gaps.mean() + half))


def test_overlap_counts_everybody_once_and_those_outside_by_hand() -> None:
    groups = groups_of(people(9))
    found = overlap(groups, target="treated")
    assert (sum(found.treated), sum(found.control)) == (found.n_treated, found.n_control)
    e, treated = groups.propensity, groups.treated
    low, high = e[~treated].min(), e[~treated].max()
    assert found.outside == sum(1 for value in e[treated] if value < low or value > high)
    assert found.effective_treated == pytest.approx(found.n_treated)
    assert (found.n_treated, found.n_control) == (treated.sum(), (~treated).sum())
    assert len(found.treated) == len(found.control) == len(found.edges) - 1
    # Weights for the participants: the odds of the propensity, on the comparison persons.
    odds = np.sort(e[~treated] / (1 - e[~treated]))
    assert found.heaviest == 10
    assert found.heaviest_share == pytest.approx(odds[-10:].sum() / odds.sum())
    assert found.largest_weight == pytest.approx(odds[-1] / odds.mean())
    assert found.effective_control == pytest.approx(odds.sum() ** 2 / (odds**2).sum())


def test_only_participants_beyond_every_comparison_person_are_outside() -> None:
    groups = groups_of(people(9))
    log_odds = np.zeros(groups.n)
    log_odds[np.flatnonzero(groups.treated)[:4]] = (-2.1, -2.0, 2.0, 2.1)
    log_odds[np.flatnonzero(~groups.treated)[:2]] = (-2.0, 2.0)
    found = overlap(replace(groups, log_odds=log_odds), target="treated", classes=10)
    assert found.outside == 2
    assert found.edges == pytest.approx(np.arange(11) / 10)


def test_the_interval_of_a_ratio_without_covariates_is_the_one_of_katz() -> None:
    """30 of 50 against 20 of 50: ln 1.5 ± 1.959964 √(20/(30·50) + 30/(20·50)).

    Katz et al. (1978), Biometrics 34:469. The influence of a person on a group's share is
    n/n₁ (y − p) in the group and 0 outside it.
    """
    frame = people(1, n=100)
    frame["arm"], frame["work"] = [1] * 50 + [0] * 50, [1] * 30 + [0] * 20 + [1] * 20 + [0] * 30
    groups = groups_of(frame)
    arms = [
        ArmMean(share, known, known)
        for share, arm in ((0.6, groups.treated), (0.4, ~groups.treated))
        for known in [np.where(arm, 2 * (groups.outcome - share), 0.0)]
    ]
    ratio = ratio_of_means(groups, *arms, measure="adjusted_ratio", method="aipw")
    half = 1.959963984540 * np.sqrt(20 / 1500 + 30 / 1000)
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx(
        (1.5, 1.5 * np.exp(-half), 1.5 * np.exp(half))
    )
    assert (ratio.n, ratio.cells) == (100, (50, 50))
    # 100 % against 100 %: the ratio would have no error, a false certainty.
    all_of_them = ArmMean(1.0, np.zeros(groups.n), np.zeros(groups.n))
    with pytest.raises(CannotBeComputed, match="no_variation"):
        ratio_of_means(groups, all_of_them, all_of_them, measure="adjusted_ratio", method="aipw")
    nobody = ArmMean(0.0, arms[0].known, arms[0].known)
    for one, zero in ((arms[0], nobody), (nobody, arms[1])):
        with pytest.raises(CannotBeComputed, match="ratio_undefined"):
            ratio_of_means(groups, one, zero, measure="adjusted_ratio", method="aipw")


def test_the_balance_has_a_row_per_level_and_one_for_two_that_mirror_each_other() -> None:
    frame = people(10)
    frame["school"] = np.array(["low", "middle", "high"])[np.arange(len(frame)) % 3]
    groups = compare_groups(
        frame, outcome="work", treatment="arm", covariates=["age", "sex", "school"]
    )
    made = balance_table(frame, groups, confounders=["age", "sex", "school"])
    assert [(r.column, r.level) for r in made.rows] == [
        ("age", ""), ("sex", "woman"), ("school", "high"), ("school", "low"), ("school", "middle"),
    ]  # fmt: skip
    woman = made.rows[1]
    assert isinstance(woman, BalanceRow)
    arm = frame["arm"] == 1
    shares = [(frame.loc[side, "sex"] == "woman").mean() for side in (arm, ~arm)]
    assert (woman.mean_treated, woman.mean_control) == pytest.approx(tuple(shares))
    with_it, without = woman.cells[:2]
    assert with_it + without == arm.sum()
    # The spread is the root of the mean of both groups' variances (Austin 2009).
    age = made.rows[0]
    assert isinstance(age, BalanceRow)
    variances = [frame.loc[side, "age"].var() for side in (arm, ~arm)]
    assert age.spread == pytest.approx(np.sqrt(sum(variances) / 2))
    assert age.cells == (arm.sum(), (~arm).sum())
    assert (made.n_treated, made.n_control) == (arm.sum(), (~arm).sum())
    assert (abs(woman.after), woman.weighted_treated) == (
        pytest.approx(abs(woman.weighted_treated - woman.weighted_control) / woman.spread),
        pytest.approx(woman.mean_treated),
    )


@pytest.mark.slow
def test_every_kind_of_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """A true difference of 15 points. Where 190 of 200 are expected chance gives 180–197."""
    held: dict[str, int] = {}
    for seed in range(200):
        rng = np.random.default_rng(seed)
        age, edu = rng.normal(size=300), rng.integers(0, 2, 300)
        arm = rng.uniform(size=300) < 1 / (1 + np.exp(0.3 * edu - 0.6 * age))
        share = 0.4 + 0.1 * age.clip(-2.5, 2.5) + 0.1 * edu + 0.15 * arm
        frame = pd.DataFrame(
            {"age": age, "edu": edu, "arm": arm, "work": rng.uniform(size=300) < share}
        )
        groups = compare_groups(frame, outcome="work", treatment="arm", covariates=["age", "edu"])
        for row in estimates_only(compared(groups).differences[1:]):
            held[row.measure] = held.get(row.measure, 0) + (row.low <= 0.15 <= row.high)
    assert len(held) == 5
    assert all(180 <= times <= 197 for times in held.values()), held
