"""Every method in one result: each is what it is alone, and bad groups are refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.analysis.adjustment.balance_table import balance_table
from evalkit.analysis.adjustment.doubly_robust import doubly_robust_difference
from evalkit.analysis.adjustment.groups import Groups, compare_groups
from evalkit.analysis.adjustment.matching import matched_estimate, nearest_pairs
from evalkit.analysis.adjustment.overlap import overlap
from evalkit.analysis.adjustment.side_by_side import compared, exact_counts
from evalkit.analysis.adjustment.weighting import weighted_difference
from evalkit.results import BalanceRow, CannotBeComputed, Estimate


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


def test_protected_counts_are_used_for_the_plain_shares_alone() -> None:
    groups = groups_of(people(4))
    exact, rounded = compared(groups), compared(groups, counts=(45, 93, 45, 105))
    assert [share.n for share in rounded.shares] == [93, 105]
    assert row(rounded, "unadjusted_difference").cells == (45, 48, 45, 60)
    assert rounded.differences[1:] == exact.differences[1:]


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


def test_the_interval_of_pairs_is_that_of_their_differences() -> None:
    groups = groups_of(people(8))
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
    assert 0.1 <= found.heaviest_share <= 1
    assert found.heaviest == 10


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
    assert (abs(woman.after), woman.weighted_treated) == (
        pytest.approx(abs(woman.weighted_treated - woman.weighted_control) / woman.spread),
        pytest.approx(woman.mean_treated),
    )
