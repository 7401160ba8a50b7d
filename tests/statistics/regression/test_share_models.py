"""Logistic and linear models of a share where the answer is a formula."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from evalkit.results import CannotBeComputed, Coefficient, NotEstimable
from evalkit.statistics.regression.inputs import RegressionInputError
from evalkit.statistics.regression.logistic import fit_logistic, logistic

# 30 of 40 with the arm, 20 of 50 without.
TWO_BY_TWO = pd.DataFrame(
    {"arm": [1] * 40 + [0] * 50, "work": [1] * 30 + [0] * 10 + [1] * 20 + [0] * 30}
)


def people(seed: int, n: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "work": rng.integers(0, 2, n),
            "arm": rng.integers(0, 2, n),
            "age": rng.normal(40, 10, n),
            "office": rng.integers(0, 15, n),
            "weight": rng.uniform(0.5, 3, n),
        }
    )


def test_a_two_by_two_table_gives_its_odds_ratio_and_woolfs_error() -> None:
    row = logistic(TWO_BY_TWO, outcome="work", covariates=["arm"]).coefficients[1]
    assert isinstance(row, Coefficient)
    assert row.exponentiated == pytest.approx((30 / 10) / (20 / 30), rel=1e-10)
    error = math.sqrt(1 / 30 + 1 / 10 + 1 / 20 + 1 / 30)
    assert row.standard_error == pytest.approx(error, rel=1e-8)
    assert row.cells == (40, 50, 30, 20)


def test_two_groups_wholly_apart_leave_nothing_to_estimate() -> None:
    frame = pd.DataFrame({"arm": [1] * 9 + [0] * 9, "work": [1] * 9 + [0] * 9})
    model = logistic(frame, outcome="work", covariates=["arm"])
    assert all(isinstance(row, NotEstimable) for row in model.coefficients)


def test_the_same_outcome_for_all_cannot_be_computed() -> None:
    with pytest.raises(CannotBeComputed, match="no_events"):
        logistic(people(6).assign(work=1), outcome="work", covariates=["arm"])


def test_clustered_errors_agree_with_statsmodels() -> None:
    frame = people(2)
    columns = sm.add_constant(frame[["arm", "age"]].astype(float))
    groups = {"groups": frame["office"].to_numpy()}
    odds = sm.GLM(frame["work"], columns, family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds=groups
    )
    common = {"outcome": "work", "covariates": ["arm", "age"], "cluster": "office"}
    got = np.sqrt(np.diag(fit_logistic(frame, **common).estimated.covariance))  # type: ignore[arg-type]
    assert got == pytest.approx(odds.bse.to_numpy(), rel=1e-8)


def test_a_level_where_nobody_has_the_outcome_is_not_estimable() -> None:
    frame = people(3).assign(rare=0)
    frame.loc[:7, ["rare", "work"]] = [1, 0]
    model = logistic(frame, outcome="work", covariates=["rare", "arm"])
    without = logistic(frame[frame["rare"] == 0], outcome="work", covariates=["arm"])
    assert isinstance(model.coefficients[1], NotEstimable)
    assert model.coefficients[1].reason == "separation"
    kept = [row for row in model.coefficients if isinstance(row, Coefficient)]
    for row, other in zip(kept, without.coefficients, strict=True):
        assert isinstance(other, Coefficient)
        assert row.estimate == pytest.approx(other.estimate, rel=1e-6)
        assert row.standard_error == pytest.approx(other.standard_error, rel=1e-6)


def test_copies_of_columns_are_not_estimable() -> None:
    frame = people(4).assign(other=lambda f: 1 - f["arm"])
    last = logistic(frame, outcome="work", covariates=["arm", "age", "other"]).coefficients[-1]
    assert isinstance(last, NotEstimable)
    assert last.reason == "collinear"


def test_an_outcome_that_is_no_yes_or_no_is_refused_with_its_row() -> None:
    frame = people(7)
    frame.loc[3, "work"] = 2
    with pytest.raises(RegressionInputError) as raised:
        logistic(frame, outcome="work", covariates=["arm"])
    assert (raised.value.argument, raised.value.rows) == ("outcome", (3,))
