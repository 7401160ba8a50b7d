"""Adjusted differences: linear, logistic and weighted Cox models against R's lm, glm and coxph."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from evalkit.analysis.regression.cox_curve import averaged_survival
from evalkit.analysis.regression.cox_fit import fit_cox
from evalkit.analysis.regression.linear import fit_linear
from evalkit.analysis.regression.logistic import fit_logistic
from evalkit.analysis.regression.standardised import standard_error, standardised_shares
from tests.oracles_support import Case, case_id, cases

WITH_OUTCOME = cases("observational", keep=lambda case: "outcome" in case.spec)
WITH_TIME = cases("observational", keep=lambda case: "time" in case.spec)
SEPARATE = "balancing weights, doubly robust and matched estimators are tested where they live"


@pytest.mark.parametrize("case", WITH_OUTCOME, ids=case_id)
def test_adjusted_differences_agree_with_r(case: Case) -> None:
    frame, spec = case.frame(), case.spec
    common = {"outcome": spec["outcome"], "covariates": [spec["treatment"], *spec["covariates"]]}
    treated = frame[spec["treatment"]] == 1
    got: dict[str, Any] = {
        "n": len(frame),
        "n_treated": int(treated.sum()),
        "raw": raw_difference(frame, spec["outcome"], spec["treatment"]),
        "ols_adjusted": least_squares(frame, common),
        "propensity": propensity(frame, spec),
    }
    if case.has("logit_gcomp"):
        got["logit_gcomp"] = standardised(frame, common, spec["treatment"])
    for name, expected in case.expected.items():
        if name not in got:
            case.without_counterpart(name, SEPARATE)
        elif not isinstance(expected, dict):
            case.assert_close(name, got[name])
        else:
            for field in expected:
                case.assert_close((name, field), got[name][field])
    case.finish()


def raw_difference(frame: pd.DataFrame, outcome: str, treatment: str) -> dict[str, float]:
    """A regression on the treatment alone: HC2 is Welch's standard error."""
    model = fit_linear(frame, outcome=outcome, covariates=[treatment])
    welch = fit_linear(frame, outcome=outcome, covariates=[treatment], standard_errors="hc2")
    return {
        "estimate": model.coefficients[1],
        "mean_treated": model.coefficients.sum(),
        "mean_control": model.coefficients[0],
        "se_welch": float(np.sqrt(welch.covariance[1, 1])),
        "se_pooled": float(np.sqrt(model.covariance[1, 1])),
    }


def least_squares(frame: pd.DataFrame, common: dict[str, Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, form in (
        ("se", "model"),
        ("se_hc0", "hc0"),
        ("se_hc1", "hc1"),
        ("se_hc2", "hc2"),
        ("se_hc3", "hc3"),
    ):
        fit = fit_linear(frame, standard_errors=form, **common)  # type: ignore[arg-type]
        found |= {name: float(np.sqrt(fit.covariance[1, 1])), "estimate": fit.coefficients[1]}
    return found


def propensity(frame: pd.DataFrame, spec: Any) -> dict[str, Any]:
    fit = fit_logistic(frame, outcome=spec["treatment"], covariates=spec["covariates"])
    return {
        "terms": ["(Intercept)", *fit.names[1:]],
        "coef": fit.coefficients,
        "se": np.sqrt(np.diag(fit.covariance)),
        "first10": fit.fitted[:10],
        "min": fit.fitted.min(),
        "max": fit.fitted.max(),
    }


def standardised(frame: pd.DataFrame, common: dict[str, Any], treatment: str) -> dict[str, float]:
    fit = fit_logistic(frame, **common)
    shares = standardised_shares(fit, frame, column=treatment)
    return {
        "log_or": fit.coefficients[1],
        "se_log_or": float(np.sqrt(fit.covariance[1, 1])),
        "p1": shares.with_level.value,
        "p0": shares.without_level.value,
        "risk_difference": shares.difference.value,
        "se_delta": standard_error(shares.difference),
        "risk_ratio": shares.ratio.value,
    }


@pytest.mark.parametrize("case", WITH_TIME, ids=case_id)
def test_adjusted_times_agree_with_r(case: Case) -> None:
    frame, spec = case.frame(), case.spec
    treatment, covariates = spec["treatment"], spec["covariates"]
    common = {"days": spec["time"], "event": spec["event"]}
    adjusted = fit_cox(frame, covariates=[treatment, *covariates], **common)
    for name, expected in case.expected.items():
        if name.startswith("cox_gformula_arm"):
            level = int(name.removeprefix("cox_gformula_arm"))
            times = np.array(expected["times"], dtype=float)
            same = frame.assign(**{treatment: level})
            case.assert_close((name, "times"), times)
            case.assert_close((name, "survival"), averaged_survival(adjusted, same, times))
        elif name == "ipw_cox":
            case.assert_close(name, weighted(frame, spec, common))
        else:
            case.without_counterpart(name, SEPARATE)
    case.finish()


def weighted(frame: pd.DataFrame, spec: Any, common: dict[str, str]) -> dict[str, float]:
    """Weights 1/e and 1/(1 − e) from the propensity model, a robust Cox model on top."""
    fit = fit_logistic(frame, outcome=spec["treatment"], covariates=spec["covariates"])
    got = np.where(frame[spec["treatment"]] == 1, fit.fitted, 1 - fit.fitted)
    model = fit_cox(
        frame.assign(inverse=1 / got), covariates=[spec["treatment"]], weights="inverse", **common
    )
    assert model.robust_covariance is not None
    return {
        "log_hr": model.coefficients[0],
        "robust_se": float(np.sqrt(model.robust_covariance[0, 0])),
        "naive_se": float(np.sqrt(model.covariance[0, 0])),
    }
