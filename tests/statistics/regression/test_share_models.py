"""Logistic and linear models of a share where the answer is a formula."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from evalkit.results import CannotBeComputed, Coefficient, NotEstimable
from evalkit.statistics.regression.inputs import RegressionInputError
from evalkit.statistics.regression.linear import fit_linear, linear_probability
from evalkit.statistics.regression.logistic import fit_logistic, logistic
from evalkit.statistics.regression.standardised import standardised_shares

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


def test_a_two_by_two_table_gives_its_share_difference_and_walds_error() -> None:
    model = linear_probability(
        TWO_BY_TWO, outcome="work", covariates=["arm"], standard_errors="hc0"
    )
    row = model.coefficients[1]
    assert isinstance(row, Coefficient)
    assert row.estimate == pytest.approx(30 / 40 - 20 / 50, rel=1e-12)
    wald = math.sqrt(0.75 * 0.25 / 40 + 0.4 * 0.6 / 50)
    assert row.standard_error == pytest.approx(wald, rel=1e-12)


def test_standardising_a_model_of_one_column_gives_back_the_two_shares() -> None:
    fit = fit_logistic(TWO_BY_TWO, outcome="work", covariates=["arm"])
    shares = standardised_shares(fit, TWO_BY_TWO, column="arm")
    assert shares.with_level.value == pytest.approx(0.75, rel=1e-10)
    assert shares.without_level.value == pytest.approx(0.4, rel=1e-10)
    half = 1.959963984540054 * math.sqrt(0.75 * 0.25 / 40 + 0.4 * 0.6 / 50)
    assert shares.difference.low == pytest.approx(0.35 - half, rel=1e-8)


@pytest.mark.parametrize("form", ["hc0", "hc1", "hc2", "hc3"])
@pytest.mark.parametrize("weighted", [False, True])
def test_robust_errors_of_least_squares_agree_with_statsmodels(form: str, weighted: bool) -> None:
    frame = people(1)
    columns = sm.add_constant(frame[["arm", "age"]].astype(float))
    weights = frame["weight"] if weighted else np.ones(len(frame))
    other = sm.WLS(frame["work"], columns, weights=weights).fit(cov_type=form.upper())
    fit = fit_linear(
        frame,
        outcome="work",
        covariates=["arm", "age"],
        weights="weight" if weighted else None,
        standard_errors=form,  # type: ignore[arg-type]
    )
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(other.bse.to_numpy(), rel=1e-9)


def test_clustered_errors_agree_with_statsmodels() -> None:
    frame = people(2)
    columns = sm.add_constant(frame[["arm", "age"]].astype(float))
    groups = {"groups": frame["office"].to_numpy()}
    least_squares = sm.OLS(frame["work"], columns).fit(cov_type="cluster", cov_kwds=groups)
    odds = sm.GLM(frame["work"], columns, family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds=groups
    )
    common = {"outcome": "work", "covariates": ["arm", "age"], "cluster": "office"}
    for fit, other in ((fit_linear, least_squares), (fit_logistic, odds)):
        got = np.sqrt(np.diag(fit(frame, **common).covariance))  # type: ignore[operator]
        assert got == pytest.approx(other.bse.to_numpy(), rel=1e-8)


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
    fit = fit_logistic(frame, outcome="work", covariates=["rare", "arm"])
    with pytest.raises(CannotBeComputed, match="separation"):
        standardised_shares(fit, frame, column="arm")


def test_two_groups_wholly_apart_leave_nothing_to_estimate() -> None:
    frame = pd.DataFrame({"arm": [1] * 9 + [0] * 9, "work": [1] * 9 + [0] * 9})
    model = logistic(frame, outcome="work", covariates=["arm"])
    assert all(isinstance(row, NotEstimable) for row in model.coefficients)


def test_copies_of_columns_are_not_estimable() -> None:
    frame = people(4).assign(other=lambda f: 1 - f["arm"])
    for model in (
        logistic(frame, outcome="work", covariates=["arm", "age", "other"]),
        linear_probability(frame, outcome="work", covariates=["arm", "age", "other"]),
    ):
        last = model.coefficients[-1]
        assert isinstance(last, NotEstimable)
        assert last.reason == "collinear"


def test_a_person_alone_with_a_level_gives_no_error_of_zero() -> None:
    frame = people(5).assign(alone=0)
    frame.loc[0, "alone"] = 1
    row = linear_probability(frame, outcome="work", covariates=["alone", "arm"]).coefficients[1]
    assert isinstance(row, NotEstimable)
    assert row.reason == "no_variation"


def test_the_same_outcome_for_all_cannot_be_computed() -> None:
    with pytest.raises(CannotBeComputed, match="no_events"):
        logistic(people(6).assign(work=1), outcome="work", covariates=["arm"])


def test_an_outcome_that_is_no_yes_or_no_is_refused_with_its_row() -> None:
    frame = people(7)
    frame.loc[3, "work"] = 2
    with pytest.raises(RegressionInputError) as raised:
        linear_probability(frame, outcome="work", covariates=["arm"])
    assert (raised.value.argument, raised.value.rows) == ("outcome", (3,))
