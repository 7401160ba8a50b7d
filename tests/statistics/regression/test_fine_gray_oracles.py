"""Fine–Gray regression against R's cmprsk (crr) and survival (finegray with coxph)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evalkit.results import Coefficient
from evalkit.statistics.regression.cox import fit_cox
from evalkit.statistics.regression.fine_gray import fine_gray
from tests.oracles_support import REMOVED, Case, case_id, cases

FINE_GRAY = cases("competing", keep=lambda case: case.has("covariates"))


@pytest.mark.parametrize("case", FINE_GRAY, ids=case_id)
def test_fine_gray_regression_agrees_with_r(case: Case) -> None:
    frame = frame_of(case)
    covariates = case.at("covariates")
    case.assert_close("covariates", covariates)
    case.assert_close("n", len(frame))
    for key in case.expected:
        if key.startswith("cause"):
            compare(case, frame, key, covariates)
    case.finish()


def frame_of(case: Case) -> pd.DataFrame:
    """The frame with the covariates that stand in the answer rather than in the spec."""
    covariates = case.at("covariates")
    asked = {**case.spec, "covariates": covariates}
    fields = {name: getattr(case, name) for name in ("id", "topic", "folder", "data", "notes")}
    own = Case(**fields, spec=asked, expected=case.expected, rtol=case.rtol, atol=case.atol)
    return own.frame()


def compare(case: Case, frame: pd.DataFrame, key: str, covariates: Sequence[str]) -> None:
    common: dict[str, Any] = {
        "days": case.spec["time"],
        "cause": case.spec["cause"],
        "cause_of_interest": int(key.removeprefix("cause")),
        "covariates": covariates,
    }
    summary = fine_gray(frame, **common)
    rows = [row for row in summary.coefficients if isinstance(row, Coefficient)]
    got = {
        "coef": [row.estimate for row in rows],
        "se": [row.standard_error for row in rows],
        "shr": [row.exponentiated for row in rows],
        "lower95": [row.exponentiated_low for row in rows],
        "upper95": [row.exponentiated_high for row in rows],
        "p": [row.p_value for row in rows],
        "loglik": summary.log_likelihood,
        "loglik_null": summary.log_likelihood_null,
        "converged": True,
    }
    for name in case.at(key):
        path = (key, name)
        if name in got:
            case.assert_close(path, got[name])
        elif name.startswith("finegray_") or name == "predicted_cif":
            case.without_counterpart(path, REMOVED)
        elif name == "cause_specific_cox_efron":
            case.assert_close(path, cause_specific(frame, common))


def cause_specific(frame: pd.DataFrame, common: Mapping[str, Any]) -> dict[str, np.ndarray]:
    of_interest = (frame[common["cause"]] == common["cause_of_interest"]).astype(int)
    fit = fit_cox(
        frame.assign(of_interest=of_interest),
        days=common["days"],
        event="of_interest",
        covariates=common["covariates"],
    )
    return {
        "coef": fit.estimated.estimates,
        "se": np.sqrt(np.diag(fit.estimated.covariance)),
    }
