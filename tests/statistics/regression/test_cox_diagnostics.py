"""Residuals of a Cox model and the sums they must have."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.statistics.regression.cox_diagnostics import (
    coefficient_changes,
    martingale_residuals,
    scaled_schoenfeld_residuals,
)
from evalkit.statistics.regression.cox_fit import fit_cox
from tests.statistics.regression.test_cox import people

COMMON = {"days": "days", "event": "left", "covariates": ["age", "arm"], "entry": "entry"}


@given(seed=st.integers(0, 10_000), ties=st.sampled_from(["efron", "breslow"]))
def test_observed_and_expected_events_are_as_many(seed: int, ties: str) -> None:
    fit = fit_cox(people(seed), **COMMON, strata="region", ties=ties)  # type: ignore[arg-type]
    assert martingale_residuals(fit).sum() == pytest.approx(0, abs=1e-7)


@given(seed=st.integers(0, 10_000))
def test_changes_sum_to_nothing_and_their_squares_to_the_robust_covariance(seed: int) -> None:
    fit = fit_cox(people(seed), **COMMON, standard_errors="robust")  # type: ignore[arg-type]
    changes = coefficient_changes(fit)
    assert changes.sum(axis=0) == pytest.approx(0, abs=1e-7)
    assert changes.T @ changes == pytest.approx(fit.robust_covariance, rel=1e-8, abs=1e-14)


def test_leaving_out_a_row_moves_the_coefficient_about_as_foretold() -> None:
    frame = people(21, 400)
    fit = fit_cox(frame, **COMMON)  # type: ignore[arg-type]
    foretold = coefficient_changes(fit)
    heaviest = int(np.abs(foretold[:, 1]).argmax())
    without = fit_cox(frame.drop(index=heaviest), **COMMON)  # type: ignore[arg-type]
    moved = fit.coefficients[1] - without.coefficients[1]
    assert moved == pytest.approx(foretold[heaviest, 1], rel=0.1)


def test_there_is_one_schoenfeld_residual_per_event_on_its_day() -> None:
    frame = people(22)
    fit = fit_cox(frame, **COMMON)  # type: ignore[arg-type]
    residuals = scaled_schoenfeld_residuals(fit)
    assert residuals["day"].tolist() == sorted(frame.loc[frame["left"] == 1, "days"])
    assert residuals[["age", "arm"]].mean().to_numpy() == pytest.approx(fit.coefficients, rel=1e-9)
