"""Expected shares, observed over expected, targets judged by them: R and identities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed
from evalkit.statistics.casemix.verdict import (
    Expected,
    adjusted_verdict,
    expected_from_others,
    expected_from_table,
    observed_over_expected,
)
from evalkit.statistics.regression.inputs import RegressionInputError
from evalkit.statistics.shares.targets import target_verdict


def made_up() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The persons to be judged and the others, by arithmetic that R repeats."""
    i = np.arange(180)
    age, sex, site = 20 + (i * 7) % 40, (i % 3 == 0).astype(int), i % 4
    work = ((i * 13 + age * sex + 5 * site) % 7) < 3 + (age < 35)
    frame = pd.DataFrame({"age": age, "sex": sex, "work": work.astype(int)})
    other = (age < 47) | (site == 1)
    return frame[~other], frame[other]


def test_expected_from_others_agrees_with_r() -> None:
    # R: fit <- glm(work ~ age + sex, family = binomial, subset = o, epsilon = 1e-14)
    #    p <- predict(fit, own, type = "response"); r <- mean(work[o])
    #    g: gradient of log(r) - log(sum(p)) by the coefficients; sqrt(t(g) %*% vcov(fit) %*% g)
    own, others = made_up()
    made = expected_from_others(own, others, outcome="work", covariates=["age", "sex"])
    assert len(own) == 40
    assert made.chances.sum() == pytest.approx(23.2327119074636, abs=1e-8)
    assert made.reference == pytest.approx(0.542857142857143, abs=1e-12)
    assert made.log_spread == pytest.approx(0.123452170957293, abs=1e-9)
    assert made.reference_cells == (76, 64)


@pytest.mark.parametrize(
    ("column", "own", "others"),
    [("sex", "man", "woman"), ("age", 47.0, 31.0), ("sex", "other", "woman")],
)
def test_nobody_is_expected_by_what_the_others_do_not_differ_in(column, own, others) -> None:
    # R's predict warns "prediction from rank-deficient fit may be misleading", and goes on.
    persons = pd.DataFrame({"sex": ["woman", "man"] * 6, "age": [30.0, 41.0, 52.0] * 4})
    reference = persons.assign(work=[1, 0, 0, 0, 1, 1] * 2, **{column: others})
    with pytest.raises(RegressionInputError):
        expected_from_others(
            persons.assign(**{column: own}),
            reference,
            outcome="work",
            covariates=["sex", "age"],
            levels={"sex": ["woman", "man"]},
        )


def test_the_adjusted_share_agrees_with_r() -> None:
    # R: s <- r/(sum(p)/n); v <- s*k/n; w <- s*wilson(k, n)
    #    v * exp(-+ sqrt(log(v/w)^2 + (qnorm(.975)*lsd)^2))
    own, others = made_up()
    made = expected_from_others(own, others, outcome="work", covariates=["age", "sex"])
    found = adjusted_verdict(made, events=int(own["work"].sum()), goal=0.55)
    assert (found.adjusted.value, found.adjusted.low, found.adjusted.high) == pytest.approx(
        (0.373857099434181, 0.230753107834970, 0.560973997757563), abs=1e-9
    )
    # R: binom.test(k, n)$conf.int / (sum(p)/n)
    assert (found.ratio.low, found.ratio.high) == pytest.approx(
        (0.428103249552825, 0.975749968516829), abs=1e-9
    )
    assert found.grade == "below_uncertain"


def test_a_table_by_hand() -> None:
    # 30 women at 0.40 and 20 men at 0.55: 12 + 11 = 23 expected of 50.
    frame = pd.DataFrame({"sex": ["woman"] * 30 + ["man"] * 20})
    table = [({"sex": "woman"}, 0.40), ({"sex": "man"}, 0.55)]
    made = expected_from_table(frame, table, reference=0.50)
    found = adjusted_verdict(made, events=26, goal=0.50)
    assert made.chances.sum() == pytest.approx(23.0)
    assert found.expected == pytest.approx(0.46)
    assert found.ratio.value == pytest.approx(26 / 23)
    assert found.adjusted.value == pytest.approx(0.50 * 26 / 23)
    assert found.reference_cells == (30, 20)


@given(st.integers(2, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_participants_like_the_reference_are_judged_as_any_target(counts: tuple[int, int]) -> None:
    k, n = counts
    alike = Expected(chances=np.full(n, 0.5), reference=0.5)
    found = adjusted_verdict(alike, events=k, goal=0.6)
    plain = target_verdict(events=k, n=n, goal=0.6)
    assert found.grade == plain.grade
    assert (found.adjusted.low, found.adjusted.high) == pytest.approx(
        (plain.estimate.low, plain.estimate.high)
    )


@given(st.integers(1, 99), st.floats(0.25, 0.6))
def test_the_grade_by_the_adjusted_goal_is_the_grade_by_the_adjusted_share(
    events: int, chance: float
) -> None:
    made = Expected(chances=np.full(200, chance), reference=0.45)
    found = adjusted_verdict(made, events=events, goal=0.4)
    share = found.observed
    there = found.goal * found.expected / found.reference
    by_goal = (share.low > there, share.high < there)
    by_share = (found.grade == "clearly_above", found.grade == "clearly_below")
    assert by_goal == by_share


def test_uncertainty_of_the_reference_only_widens() -> None:
    published = Expected(chances=np.full(100, 0.4), reference=0.5)
    estimated = Expected(chances=np.full(100, 0.4), reference=0.5, log_spread=0.1)
    narrow = adjusted_verdict(published, events=45, goal=0.5).adjusted
    wide = adjusted_verdict(estimated, events=45, goal=0.5).adjusted
    assert wide.low < narrow.low < narrow.high < wide.high
    nobody = adjusted_verdict(estimated, events=0, goal=0.5).adjusted
    assert nobody.low == 0.0 < nobody.high


@pytest.mark.slow
def test_the_exact_ratio_holds_its_level_when_chances_differ() -> None:
    rng = np.random.default_rng(11)
    chances = rng.uniform(0.1, 0.9, size=80)
    held = 0
    for _ in range(2000):
        events = int((rng.random(80) < chances).sum())
        ratio = observed_over_expected(events=events, expected=float(chances.sum()), n=80)
        held += ratio.low <= 1 <= ratio.high
    assert held / 2000 > 0.95


def test_a_lead_that_cannot_be_carried_over_is_refused() -> None:
    low = Expected(chances=np.full(50, 0.2), reference=0.8)
    with pytest.raises(CannotBeComputed, match="adjusted_beyond_one"):
        adjusted_verdict(low, events=20, goal=0.5)
    high = Expected(chances=np.full(50, 0.9), reference=0.3)
    with pytest.raises(CannotBeComputed, match="adjusted_beyond_one"):
        adjusted_verdict(high, events=10, goal=0.5)


def test_persons_outside_the_table_or_in_two_strata_are_counted_not_named() -> None:
    frame = pd.DataFrame({"sex": ["woman", "man", "man"], "age": ["young", "old", "old"]})
    with pytest.raises(RegressionInputError, match="no other in 2 rows"):
        expected_from_table(frame, [({"sex": "woman"}, 0.4)], reference=0.4)
    both = [({"sex": "woman"}, 0.4), ({"sex": "man"}, 0.4), ({"age": "young"}, 0.5)]
    with pytest.raises(RegressionInputError, match="no other in 1 rows"):
        expected_from_table(frame, both, reference=0.4)


def test_a_level_that_says_nothing_of_what_to_expect_is_refused() -> None:
    others = pd.DataFrame({"work": [1, 1, 1, 0, 1, 0], "sex": ["a", "a", "a", "b", "b", "b"]})
    own = pd.DataFrame({"sex": ["a", "b"]})
    with pytest.raises(CannotBeComputed, match="separation"):
        expected_from_others(own, others, outcome="work", covariates=["sex"])
    with pytest.raises(CannotBeComputed, match="no_persons"):
        expected_from_others(own.iloc[:0], others, outcome="work", covariates=["sex"])


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"events": 5, "expected": 0.0, "n": 10}, "expected must be"),
        ({"events": 5, "expected": 11.0, "n": 10}, "expected must be"),
        ({"events": 11, "expected": 5.0, "n": 10}, "events must not exceed n"),
    ],
)
def test_impossible_numbers_are_refused_by_name(wrong: dict[str, float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        observed_over_expected(**wrong)  # type: ignore[arg-type]
