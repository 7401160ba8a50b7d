"""Rubin's rules beside mice's, and the imputation model beside what it must become."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from evalkit.results import CannotBeComputed
from evalkit.statistics.follow_up.bounds import wilson_by_variance
from evalkit.statistics.follow_up.imputation import augmentation, imputed_share, pooled
from evalkit.statistics.shares.proportions import proportion, wilson_at


def persons(cells: dict[str, tuple[int, int, int]]) -> pd.DataFrame:
    """Level → persons with the outcome, without it, and not followed up."""
    rows = [
        (level, answer)
        for level, numbers in cells.items()
        for answer, number in zip((1.0, 0.0, None), numbers, strict=True)
        for _ in range(number)
    ]
    return pd.DataFrame(rows, columns=["level", "work"])


# Those with a short stay are followed up less often and work more often.
BIG = persons({"short": (1200, 800, 2000), "long": (900, 2100, 600)})
# Post-stratified by hand: (4000 · 1200/2000 + 3600 · 900/3000) / 7600
TRUTH = (4000 * 0.6 + 3600 * 0.3) / 7600


@pytest.mark.parametrize(
    ("values", "variances", "n", "expected"),
    [
        # R: mice 3.x, pool.scalar(Q, U, n)[c("qbar", "ubar", "b", "t", "df", "r", "fmi")]
        (
            [0.40, 0.44, 0.42],
            [0.0010, 0.0011, 0.0010],
            math.inf,
            (
                0.42,
                0.00103333333333333,
                0.0004,
                0.00156666666666667,
                17.2578125,
                0.516129032258064,
                0.405543566558082,
            ),
        ),
        (
            [0.40, 0.44, 0.42],
            [0.0010, 0.0011, 0.0010],
            396,
            (
                0.42,
                0.00103333333333333,
                0.0004,
                0.00156666666666667,
                16.1805861899667,
                0.516129032258064,
                0.409200746765222,
            ),
        ),
        (
            [0.412, 0.398, 0.431, 0.405, 0.420],
            [0.00061, 0.0006, 0.00062, 0.00061, 0.0006],
            50,
            (
                0.4132,
                0.000608,
                0.0001657,
                0.00080684,
                23.0684428752247,
                0.327039473684210,
                0.304256652909721,
            ),
        ),
    ],
)
def test_pooling_agrees_with_mice(
    values: list[float], variances: list[float], n: float, expected: tuple[float, ...]
) -> None:
    made = pooled(values, variances, complete_degrees_of_freedom=n - 1)
    found = (
        made.value,
        made.within,
        made.between,
        made.total,
        made.degrees_of_freedom,
        made.relative_increase,
        made.missing_information,
    )
    assert found == pytest.approx(expected, rel=1e-12)


def test_imputations_that_agree_have_the_degrees_of_freedom_of_the_observed() -> None:
    made = pooled([0.4, 0.4], [0.001, 0.001], complete_degrees_of_freedom=99)
    assert made.degrees_of_freedom == pytest.approx(100 / 102 * 99)
    assert pooled([0.4, 0.4], [0.001, 0.001]).degrees_of_freedom == math.inf


def test_one_imputation_cannot_be_pooled() -> None:
    with pytest.raises(ValueError, match="at least two"):
        pooled([0.4], [0.001])
    with pytest.raises(ValueError, match="must be numbers"):
        pooled([0.4, math.nan], [0.001, 0.001])


def test_wilsons_interval_for_imputed_shares_agrees_with_r() -> None:
    # R: Lott & Reiter (2020): q <- c(.40,.44,.42,.43,.41); p <- pool.scalar(q, q*(1-q)/396, n=396)
    #    a <- t^2/n + t^2*p$r/n with t <- qt(.975, p$df)
    #    (2*p$qbar+a)/(2*(1+a)) -/+ sqrt((2*p$qbar+a)^2/(4*(1+a)^2) - p$qbar^2/(1+a))
    shares = [0.40, 0.44, 0.42, 0.43, 0.41]
    made = pooled(shares, [q * (1 - q) / 396 for q in shares], complete_degrees_of_freedom=395)
    t = 2.03548131728515  # R: qt(.975, 32.592816621867584)
    found = wilson_at(made.value, 396 / (1 + made.relative_increase), t)[1:]
    assert found == pytest.approx((0.360103425910955, 0.482349460171525), abs=1e-8)


def test_with_many_persons_imputation_gives_the_post_stratified_share() -> None:
    found = imputed_share(
        BIG, outcome="work", covariates=["level"], generator=np.random.default_rng(7)
    )
    assert found.share.value == pytest.approx(TRUTH, abs=0.004)
    # Large-sample variance of the post-stratified share (Särndal, Swensson & Wretman 1992):
    # what is uncertain within the levels, and which level a person has.
    weight = np.array([4000, 3600]) / 7600
    share, followed = np.array([0.6, 0.3]), np.array([2000, 3000])
    within = (weight**2 * share * (1 - share) / followed).sum()
    between = (weight * (share - TRUTH) ** 2).sum() / 7600
    assert found.pooled.total == pytest.approx(within + between, rel=0.15)
    assert found.share.cells == (2100, 2900, 2600)


def test_the_share_of_those_followed_up_alone_would_mislead() -> None:
    alone = proportion(events=2100, n=5000)
    assert alone.high < TRUTH
    found = imputed_share(
        BIG, outcome="work", covariates=["level"], generator=np.random.default_rng(7)
    )
    assert found.share.low < TRUTH < found.share.high


def test_the_same_seed_gives_the_same_answer_and_another_one_nearly() -> None:
    def value(seed: int) -> float:
        return imputed_share(
            BIG.iloc[::8],
            outcome="work",
            covariates=["level"],
            generator=np.random.default_rng(seed),
        ).share.value

    assert value(3) == value(3)
    assert value(3) == pytest.approx(value(4), abs=0.01)


def test_a_variance_of_counts_gives_back_their_number() -> None:
    """15 of 50 whatever n is said; nobody and everybody have no variance and keep n."""
    z = 1.959963984540054
    simple = proportion(events=15, n=50)
    found = wilson_by_variance(0.3, 0.3 * 0.7 / 50, 999, z)
    assert [float(limit) for limit in found] == pytest.approx([simple.low, simple.high])
    for share, events in ((0.0, 0), (1.0, 50)):
        exact = proportion(events=events, n=50)
        for variance in (0.0, 1e-9):
            found = wilson_by_variance(share, variance, 50, z)
            assert [float(limit) for limit in found] == pytest.approx([exact.low, exact.high])


def test_a_weighted_share_a_hair_outside_has_limits_inside() -> None:
    everyone, nobody = wilson_at(1 + 1e-12, 50.0, 1.96), wilson_at(-1e-12, 50.0, 1.96)
    assert everyone.high == 1.0
    assert nobody.low == 0.0


def test_invented_rows_are_those_of_mice() -> None:
    """R: mice:::augment(factor(y), rep(TRUE, 8), cbind(a, b), rep(FALSE, 8)), mice 3."""
    a, b = [1, 0, 1, 1, 0, 0, 1, 0], [2.5, 3, 1, 4.5, 0.5, 2, 3.5, 1.5]
    rows, outcomes, weights = augmentation(np.array([[1.0] * 8, a, b]))
    assert rows[0].tolist() == [1.0] * 8
    high, low = 0.767261241912424, 0.232738758087576
    assert rows[1] == pytest.approx([high, low, high, low] + [0.5] * 4)
    high, low = 2.97981739075196, 1.64518260924804
    assert rows[2] == pytest.approx([2.3125] * 4 + [high, low, high, low])
    assert outcomes.tolist() == [0, 0, 1, 1, 0, 0, 1, 1]
    assert weights.tolist() == [0.375] * 8


def test_without_covariates_no_rows_are_invented() -> None:
    rows, outcomes, weights = augmentation(np.ones((1, 8)))
    assert (rows.shape, len(outcomes), len(weights)) == ((1, 0), 0, 0)


def test_a_level_where_everybody_followed_up_succeeded_is_kept_finite() -> None:
    frame = persons({"all": (12, 0, 8), "some": (10, 30, 10)})
    found = imputed_share(
        frame, outcome="work", covariates=["level"], generator=np.random.default_rng(1)
    )
    # 12 and 10 known, about all of 8 and a quarter of 10 more
    assert (22 + 8 * 0.8) / 70 < found.share.value < (22 + 8 + 5) / 70


@pytest.mark.slow
def test_imputed_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """400 registers of 150 persons; those at level b are followed up half as often."""
    rng = np.random.default_rng(20)
    held = 0
    for _ in range(400):
        b = rng.random(150) < 0.4
        work = rng.random(150) < np.where(b, 0.6, 0.35)
        seen = rng.random(150) < np.where(b, 0.45, 0.9)
        frame = pd.DataFrame(
            {"work": np.where(seen, work.astype(float), np.nan), "b": b.astype(float)}
        )
        share = imputed_share(
            frame, outcome="work", covariates=["b"], generator=rng, imputations=20
        ).share
        held += share.low <= 0.4 * 0.6 + 0.6 * 0.35 <= share.high
    # Binomial error of 400 at 0.95 is 0.011.
    assert 0.925 < held / 400 < 0.98


def test_what_cannot_be_computed_says_why() -> None:
    generator = np.random.default_rng(1)
    for frame, reason in [
        (persons({"a": (0, 0, 9), "b": (0, 0, 9)}), "nobody_followed_up"),
        (persons({"a": (0, 5, 9), "b": (0, 4, 9)}), "no_events"),
        (persons({"a": (0, 0, 0)}), "no_persons"),
    ]:
        with pytest.raises(CannotBeComputed, match=reason):
            imputed_share(frame, outcome="work", covariates=["level"], generator=generator)
