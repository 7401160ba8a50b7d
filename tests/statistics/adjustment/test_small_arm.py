"""Few participants near 0 or 100 %: R's stacked equations, refusals, and how often it errs."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from evalkit.results import CannotBeComputed
from evalkit.statistics.adjustment.arm_means import Arm, arms_of
from evalkit.statistics.adjustment.doubly_robust import (
    doubly_robust_difference,
    doubly_robust_means,
    modelled_difference,
)
from evalkit.statistics.adjustment.groups import Groups, compare_groups
from evalkit.statistics.adjustment.matching import matched_estimate
from evalkit.statistics.adjustment.side_by_side import compared
from evalkit.statistics.adjustment.weighting import (
    balancing_weights,
    weighted_difference,
    weighted_means,
)
from evalkit.statistics.shares.proportions import mover, wilson_at
from tests.oracles_support import Case, case_id, cases

MEANS = {"ipw": weighted_means, "dr": doubly_robust_means}
DIFFERENCES = {"ipw": weighted_difference, "dr": doubly_robust_difference}


@pytest.mark.oracle
@pytest.mark.parametrize("case", cases("small_arm"), ids=case_id)
def test_small_arms_agree_with_r(case: Case) -> None:
    frame, spec = case.frame(), case.spec
    groups = compare_groups(
        frame,
        outcome=spec["outcome"],
        treatment=spec["treatment"],
        covariates=spec["covariates"],
    )
    for name in case.expected:
        case.assert_close(name, by_estimator(groups, name, case.confidence_level))
    case.finish()


def by_estimator(groups: Groups, name: str, level: float) -> dict[str, Any]:
    kind, target = name.split("_")
    one, zero = MEANS[kind](groups, target=target)  # type: ignore[operator]
    try:
        made = DIFFERENCES[kind](groups, target=target, confidence_level=level)  # type: ignore[operator]
    except CannotBeComputed:  # right where the case expects null, and only there
        return defaultdict(lambda: error)
    arms = arms_of(groups, one, zero, balancing_weights(groups, target=target))  # type: ignore[arg-type]
    value, error = made.difference.value, made.standard_error
    half = stats.norm.isf((1 - level) / 2) * error
    return {
        "mean_treated": arms[0].mean,
        "mean_control": arms[1].mean,
        "difference": value,
        "se_influence": error,
        "wald": [value - half, value + half],
        "variance_of_arms": [arm.variance for arm in arms],
        "kish": [arm.kish for arm in arms],
        "effective": [arm.effective for arm in arms],
        "mover": [made.difference.low, made.difference.high],
        "mover_t": student(arms, level),
    }


def student(arms: tuple[Arm, Arm], level: float) -> list[float]:
    """The wider variant that was not needed: Student's t on the effective persons."""
    limits = [
        wilson_at(arm.mean, arm.effective, float(stats.t.isf((1 - level) / 2, arm.effective - 1)))
        for arm in arms
    ]
    return list(mover(*limits)[1:])


def people(
    n_treated: int, n_control: int, *, share: float, seed: int, effect: float = 0.0
) -> pd.DataFrame:
    """Participants somewhat unlike the others, nearly all with the outcome."""
    rng = np.random.default_rng(seed)
    t = np.repeat([1, 0], [n_treated, n_control])
    x = rng.normal(0.3 * t)
    chance = special.expit(special.logit(share) + 0.5 * x - effect * (1 - t))
    return pd.DataFrame({"t": t, "x": x, "y": (rng.uniform(size=len(t)) < chance).astype(int)})


def read(frame: pd.DataFrame) -> Groups:
    return compare_groups(frame, outcome="y", treatment="t", covariates=["x"])


def all_participants() -> pd.DataFrame:
    """15 of 15 participants and about 60 of 100 others have the outcome."""
    frame = people(15, 100, share=0.6, seed=4)
    frame.loc[frame["t"] == 1, "y"] = 1
    return frame


@pytest.mark.parametrize("target", ["treated", "everyone", "overlap"])
def test_fifteen_of_fifteen_are_no_surer_weighted_than_counted(target) -> None:
    # Newcombe's interval of 15/15 against the same persons counted cannot be the wider one.
    groups = read(all_participants())
    adjusted = weighted_difference(groups, target=target).difference
    k, n = int(groups.outcome[~groups.treated].sum()), 100
    plain = mover(wilson_at(1.0, 15, 1.959964), wilson_at(k / n, n, 1.959964))
    assert adjusted.value - adjusted.low > 0.95 * (plain.value - plain.low)


@pytest.mark.parametrize("outcome", [0, 1])
def test_the_same_outcome_in_both_groups_is_two_shares_and_no_difference(outcome) -> None:
    groups = read(people(30, 60, share=0.9, seed=1).assign(y=outcome))
    made = compared(groups)
    assert [row.value for row in made.shares] == [outcome, outcome]
    assert {getattr(row, "reason", None) for row in made.differences} == {"same_outcome_in_both"}


def test_weights_worth_under_five_persons_are_refused() -> None:
    frame = pd.DataFrame({"x": [*range(40), 39.5, 1.5, 2.5, 3.5], "t": [0] * 40 + [1] * 4})
    frame["y"] = [0, 1] * 22
    with pytest.raises(CannotBeComputed, match="too_few_effective"):
        weighted_difference(read(frame))


def test_fewer_than_five_pairs_of_a_share_are_refused() -> None:
    frame = pd.DataFrame({"x": [*range(40), 39.5, 1.5, 2.5, 3.5], "t": [0] * 40 + [1] * 4})
    frame["y"] = [0, 1] * 22
    with pytest.raises(CannotBeComputed, match="too_few_effective"):
        matched_estimate(read(frame))


def test_all_of_one_group_and_nobody_of_the_other_are_one_apart() -> None:
    # 15 of 15 against 0 of 60: 1, with a limit below it; rounding made it more than one.
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"t": np.repeat([1, 0], [15, 60]), "x": rng.normal(size=75)})
    groups = compare_groups(frame.assign(y=frame["t"]), outcome="y", treatment="t",
                            covariates=["x"])  # fmt: skip
    for row in (
        weighted_difference(groups).difference,
        weighted_difference(groups, target="overlap").difference,
        doubly_robust_difference(groups).difference,
    ):
        assert row.value == pytest.approx(1)
        assert 0.6 < row.low < row.high <= 1


def test_days_keep_the_interval_of_their_error() -> None:
    frame = all_participants().assign(y=lambda f: 100 * f["y"] + f["x"])
    found = weighted_difference(read(frame), unit="days")
    half = stats.norm.isf(0.025) * found.standard_error
    assert found.difference.high - found.difference.value == pytest.approx(half)


@pytest.mark.slow
@pytest.mark.parametrize(("n_treated", "share"), [(15, 0.93), (30, 0.9)])
def test_small_arms_hold_the_truth_in_93_of_100_samples(n_treated: int, share: float) -> None:
    # No effect, so the truth is 0. Bar of the issue: 93 %; two errors of 400 samples below it.
    held: dict[str, list[bool]] = {}
    for seed in range(400):
        groups = read(people(n_treated, 120, share=share, seed=seed))
        for name, low, high in intervals(groups):
            held.setdefault(name, []).append(low <= 0 <= high)
    coverage = {name: np.mean(inside) for name, inside in held.items()}
    assert all(len(inside) > 380 for inside in held.values())
    assert min(coverage.values()) >= 0.93 - 2 * np.sqrt(0.93 * 0.07 / 400), coverage


def intervals(groups: Groups) -> list[tuple[str, float, float]]:
    """Of every estimator that has one: weights worth under five persons are refused."""
    ways = {
        f"{kind}_{target}": (
            lambda make=make, target=target: make(groups, target=target).difference
        )
        for kind, make in (DIFFERENCES | {"standardised": modelled_difference}).items()
        for target in ("treated", "everyone", *(("overlap",) if kind == "ipw" else ()))
    }
    ways["matched"] = lambda: matched_estimate(groups)[0]
    made = []
    for name, estimate in ways.items():
        try:
            row = estimate()
        except CannotBeComputed:
            continue
        made.append((name, row.low, row.high))
    return made
