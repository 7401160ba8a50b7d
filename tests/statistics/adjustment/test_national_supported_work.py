"""The National Supported Work data: the experiment, and what observation makes of it.

LaLonde (1986); Dehejia and Wahba (1999), J Am Stat Assoc 94:1053, whose sample this is.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from evalkit.results import BalanceRow
from evalkit.statistics.adjustment.balance_table import balance_table, overlap
from evalkit.statistics.adjustment.doubly_robust import (
    doubly_robust_difference,
    modelled_difference,
)
from evalkit.statistics.adjustment.groups import Groups, compare_groups
from evalkit.statistics.adjustment.weighting import balancing_weights, weighted_difference

PLAIN = ("age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75")
# As in Dehejia and Wahba's propensity models: powers, no earnings before, and an interaction.
RICH = (*PLAIN, "age2", "age3", "educ2", "u74", "u75", "educ_re74")
EXPERIMENT = 1794.342


@pytest.fixture
def experiment(shared_path: Path) -> pd.DataFrame:
    return pd.read_csv(shared_path / "data" / "persons" / "nsw_mixtape.csv")


@pytest.fixture
def observed(shared_path: Path, experiment: pd.DataFrame) -> pd.DataFrame:
    """Those trained in the experiment beside a sample of the whole population."""
    others = pd.read_csv(shared_path / "data" / "persons" / "cps_mixtape.csv")
    joined = pd.concat([experiment[experiment["treat"] == 1], others], ignore_index=True)
    return joined.assign(
        age2=joined["age"] ** 2,
        age3=joined["age"] ** 3,
        educ2=joined["educ"] ** 2,
        u74=(joined["re74"] == 0).astype(int),
        u75=(joined["re75"] == 0).astype(int),
        educ_re74=joined["educ"] * joined["re74"],
    )


def groups_of(frame: pd.DataFrame, covariates: tuple[str, ...]) -> Groups:
    return compare_groups(frame, outcome="re78", treatment="treat", covariates=list(covariates))


def test_the_plain_difference_against_the_population_has_the_wrong_sign(
    observed: pd.DataFrame,
) -> None:
    # R: mean(re78[treat == 1]) - mean(re78[treat == 0])
    means = observed.groupby("treat")["re78"].mean()
    assert means[1] - means[0] == pytest.approx(-8497.516, abs=5e-4)


# R 4.2.2, with m <- glm(f, binomial, d, control = list(epsilon = 1e-12, maxit = 100)):
# e <- fitted(m); z <- d$treat == 0; w <- ifelse(z, e/(1 - e), 1)
# weighted: mean(y[!z]) - weighted.mean(y[z], w[z])
# standardised: m0 <- predict(lm(y ~ x, d[z, ]), d); mean(y[!z] - m0[!z])
# doubly robust: the same less sum(w[z] * (y[z] - m0[z])) / sum(!z)
# overlap: ow <- ifelse(z, e, 1 - e); weighted.mean(y[!z], ow[!z]) - weighted.mean(y[z], ow[z])
IN_R = {
    PLAIN: (1180.407822096076, 689.858037033635, 1270.980369567159, 1149.299196798787),
    RICH: (1782.2085312339, 1668.754494967847, 1576.692950515471, 884.490891682645),
}


@pytest.mark.parametrize("covariates", [PLAIN, RICH], ids=["plain", "rich"])
def test_every_estimator_agrees_with_r(observed: pd.DataFrame, covariates: tuple[str, ...]) -> None:
    groups = groups_of(observed, covariates)
    made = (
        weighted_difference(groups, target="treated", unit="sek"),
        modelled_difference(groups, target="treated", unit="sek"),
        doubly_robust_difference(groups, target="treated", unit="sek"),
        weighted_difference(groups, target="overlap", unit="sek"),
    )
    # The propensities reach e^-13: R's own glm stops near 1e-9 of them.
    assert [row.difference.value for row in made] == pytest.approx(IN_R[covariates], rel=1e-7)


def test_made_alike_the_groups_give_what_the_experiment_gave(observed: pd.DataFrame) -> None:
    # Dehejia and Wahba (1999), Table 3, CPS-1: 1 713 (1 115) stratified, 1 582 (1 069) matched.
    groups = groups_of(observed, RICH)
    for estimate in (weighted_difference, doubly_robust_difference):
        row = estimate(groups, target="treated", unit="sek").difference  # type: ignore[operator]
        assert row.low < EXPERIMENT < row.high
        assert abs(row.value - EXPERIMENT) < 632.8534


def test_weighting_makes_them_alike_at_the_price_of_few_effective_persons(
    observed: pd.DataFrame,
) -> None:
    groups = groups_of(observed, RICH)
    rows = balance_table(observed, groups, confounders=RICH).rows
    gaps = [(abs(row.before), abs(row.after)) for row in rows if isinstance(row, BalanceRow)]
    assert len(gaps) == len(RICH)
    assert max(before for before, _ in gaps) > 1.5
    assert max(after for _, after in gaps) < 0.1
    found = overlap(groups, target="treated")
    # R: sum(w[z])^2 / sum(w[z]^2)
    assert found.effective_control == pytest.approx(70.150047117990, rel=1e-6)
    assert found.n_control == 15992
    weights = balancing_weights(groups, target="treated")[~groups.treated]
    assert found.largest_weight == pytest.approx(weights.max() / weights.mean())
