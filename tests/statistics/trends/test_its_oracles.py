"""Interrupted series against R: lm, sandwich::NeweyWest, lmtest and nlme::gls."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.stattools import durbin_watson

from evalkit.statistics.trends.interrupted import (
    breusch_godfrey,
    first_autocorrelation,
    line_with_autocorrelation,
    newey_west_covariance,
)
from evalkit.statistics.trends.least_squares import (
    LeastSquares,
    classical_covariance,
    least_squares,
)
from tests.oracles_support import REMOVED, Case, case_id, cases
from tests.statistics.trends.formulas import read_formula

NEWEY_WEST = re.compile(r"se_newey_west_lag(\d+)(_adjusted)?")


@pytest.mark.parametrize("case", cases("its"), ids=case_id)
def test_interrupted_series_agree_with_r(case: Case) -> None:
    frame = case.frame()
    design = read_formula(frame, case.spec["formula"])
    if "binomial" in str(case.spec.get("family", "")):
        case.uncompared(REMOVED)
    compare_line(case, least_squares(design.columns, design.outcome, names=design.names))
    case.finish()


def compare_line(case: Case, line: LeastSquares) -> None:
    got: dict[str, Any] = {
        "terms": list(line.names),
        "coef": line.coefficients,
        "n": line.n,
        "se_model": roots(classical_covariance(line)),
        "se_hc1": line.ordinary.HC1_se,
        "se_hc3": line.ordinary.HC3_se,
        "durbin_watson": durbin_watson(line.residuals),
        "r_squared": line.ordinary.rsquared,
        "sigma": line.scale,
        "resid_acf1": first_autocorrelation(line.residuals),
    } | newey_west_errors(case, line)
    for name in case.expected:
        if name in got:
            case.assert_close(name, got[name])
        elif found := re.fullmatch(r"breusch_godfrey_lm(\d+)", name):
            test = breusch_godfrey(line, order=int(found[1]))
            case.assert_close(name, {"stat": test.statistic, "p": test.p_value})
    if case.has("gls_ar1_ml"):
        compare_autoregressive(case, line)
    if case.has("effect_at"):
        compare_effect(case, line)


def compare_autoregressive(case: Case, line: LeastSquares) -> None:
    """R's line at the ρ of its full likelihood; ours is the restricted one's."""
    rho = case.at(("gls_ar1_ml", "rho"))
    theirs = line_with_autocorrelation(line, rho)
    case.assert_close(("gls_ar1_ml", "coef"), theirs.coefficients)
    for field in ("rho", "loglik"):
        case.without_counterpart(("gls_ar1_ml", field), REMOVED)


def compare_effect(case: Case, line: LeastSquares) -> None:
    """The contrast's lag is not written in the case: the one that the errors were listed for."""
    asked = case.at(("effect_at", "contrast"))
    contrast = np.array([asked.get(name, 0) for name in line.names], dtype=float)
    estimate = float(contrast @ line.coefficients)
    expected = case.at(("effect_at", "se_newey_west_adjusted"))
    lags = [int(m[1]) for name in case.expected if (m := NEWEY_WEST.fullmatch(name)) and m[2]]
    errors = [
        float(np.sqrt(contrast @ newey_west_covariance(line, lag=lag) @ contrast)) for lag in lags
    ]
    error = min(errors, key=lambda value: abs(value - expected))
    margin = stats.t.ppf(0.975, line.degrees_of_freedom) * error
    p = 2 * stats.t.sf(abs(estimate / error), line.degrees_of_freedom)
    got = {"contrast": asked, "estimate": estimate, "se_newey_west_adjusted": error,
           "lower95_t": estimate - margin, "upper95_t": estimate + margin, "p_t": p}  # fmt: skip
    case.assert_close("effect_at", got)


def newey_west_errors(case: Case, line: LeastSquares) -> dict[str, Any]:
    return {
        name: roots(newey_west_covariance(line, lag=int(m[1]), is_adjusted=bool(m[2])))
        for name in case.expected
        if (m := NEWEY_WEST.fullmatch(name))
    }


def roots(covariance: np.ndarray) -> np.ndarray:
    return np.sqrt(np.diag(covariance))
