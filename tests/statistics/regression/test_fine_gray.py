"""Fine–Gray regression where its answer is known without R."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed, Coefficient, NotEstimable
from evalkit.statistics.regression.cox import cox
from evalkit.statistics.regression.fine_gray import censoring_distribution, fine_gray
from evalkit.statistics.regression.inputs import RegressionInputError


def leavers(seed: int, n: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "days": rng.integers(1, 60, n),
            "way": rng.integers(0, 3, n),
            "age": rng.normal(35, 10, n),
            "arm": rng.integers(0, 2, n),
            "office": rng.integers(0, 12, n),
        }
    )


def found(model: object) -> list[float]:
    rows = model.coefficients  # type: ignore[attr-defined]
    kept = [row for row in rows if isinstance(row, Coefficient)]
    return [row.estimate for row in kept] + [row.standard_error for row in kept]


@given(seed=st.integers(0, 10_000))
def test_with_one_way_out_it_is_cox_regression(seed: int) -> None:
    frame = leavers(seed).assign(way=lambda f: (f["way"] == 1).astype(int))
    covariates = ["age", "arm"]
    one = fine_gray(frame, days="days", cause="way", cause_of_interest=1, covariates=covariates)
    other = cox(
        frame,
        days="days",
        event="way",
        covariates=covariates,
        ties="breslow",
        standard_errors="robust",
    )
    assert found(one) == pytest.approx(found(other), rel=1e-8, abs=1e-9)


@given(seed=st.integers(0, 10_000))
def test_without_censoring_who_left_another_way_never_leaves_the_risk_set(seed: int) -> None:
    frame = leavers(seed).assign(way=lambda f: f["way"].clip(lower=1))
    waiting = frame.assign(
        days=frame["days"].where(frame["way"] == 1, 10_000), left=(frame["way"] == 1).astype(int)
    )
    one = fine_gray(frame, days="days", cause="way", cause_of_interest=1, covariates=["age"])
    other = cox(
        waiting,
        days="days",
        event="left",
        covariates=["age"],
        ties="breslow",
        standard_errors="robust",
    )
    assert found(one) == pytest.approx(found(other), rel=1e-8, abs=1e-9)


def test_censoring_weights_by_hand() -> None:
    # Days 1 (censored), 2 (left), 2 (censored), 3 (left): 3/4 stay past day 1; on day 2 one
    # of three is censored.
    days, censored = np.array([1, 2, 2, 3]), np.array([True, False, True, False])
    together = censoring_distribution(days, censored)
    assert together.free_before(np.array([1, 2, 3])) == pytest.approx([1, 3 / 4, 3 / 4 * 2 / 3])


def test_a_level_that_never_leaves_this_way_is_not_estimable() -> None:
    frame = leavers(2, 300).assign(rare=0)
    frame.loc[:14, "rare"] = 1
    frame.loc[:14, "way"] = frame.loc[:14, "way"] % 2 * 2
    model = fine_gray(
        frame, days="days", cause="way", cause_of_interest=1, covariates=["rare", "age"]
    )
    assert isinstance(model.coefficients[0], NotEstimable)
    assert model.coefficients[0].reason == "separation"
    assert isinstance(model.coefficients[1], Coefficient)


def test_nobody_leaving_this_way_cannot_be_computed() -> None:
    with pytest.raises(CannotBeComputed, match="no_events"):
        fine_gray(leavers(3), days="days", cause="way", cause_of_interest=7, covariates=["age"])


def test_a_cause_that_is_no_whole_number_is_refused_with_its_row() -> None:
    frame = leavers(4).astype({"way": float})
    frame.loc[5, "way"] = 1.5
    with pytest.raises(RegressionInputError) as raised:
        fine_gray(frame, days="days", cause="way", cause_of_interest=1, covariates=["age"])
    assert (raised.value.argument, raised.value.rows) == ("cause", (5,))
