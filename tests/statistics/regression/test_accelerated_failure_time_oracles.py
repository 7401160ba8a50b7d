"""Parametric time models against R's survival (survreg)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from evalkit.statistics.regression.parametric_fit import (
    ParametricFit,
    fit_parametric,
    predicted_quantiles,
)

from tests.oracles_support import Case, case_id, cases
from tests.statistics.regression.formulas import Model, profile_of, read_model

R_NAMES = {"intercept": "(Intercept)", "log_scale": "log(scale)"}


@pytest.mark.parametrize("case", cases("aft"), ids=case_id)
def test_parametric_time_models_agree_with_r(case: Case) -> None:
    left, right = case.spec.get("lhs"), case.spec.get("rhs")
    if left is None:
        left, right = case.spec["formula"].split("~")
    r_terms = next(iter(case.expected.values()))["terms"]
    model = read_model(case.frame(), left, right, r_terms)
    for distribution in case.expected:
        compare(case, model, distribution)
    case.finish()


def compare(case: Case, model: Model, distribution: str) -> None:
    cluster = model.cluster or case.spec.get("cluster")
    fit = fit_parametric(
        model.frame,
        distribution=distribution,  # type: ignore[arg-type]
        covariates=model.covariates,
        levels=model.levels,
        weights=case.spec.get("weights"),
        cluster=cluster,
        **what_is_known(model),
    )
    k = len(case.at((distribution, "coef")))
    names = [R_NAMES.get(name, model.r_name(name)) for name in fit.names]
    got = {
        "terms": names[:k],
        "coef": fit.parameters[:k],
        "scale": fit.scale,
        "log_scale": np.log(fit.scale),
        "se": np.sqrt(np.diag(fit.covariance)),
        "se_names": names,
        "loglik": fit.log_likelihood,
        "loglik_null": fit.log_likelihood_null,
        "aic": 2 * len(fit.names) - 2 * fit.log_likelihood,
        "n": fit.n,
    }
    if fit.robust_covariance is not None:
        got["robust_se"] = np.sqrt(np.diag(fit.robust_covariance))
    for name in case.at(distribution):
        if name == "pred":
            case.assert_close(
                (distribution, name), quantiles(fit, model, case.at((distribution, name)))
            )
        elif name in got:
            case.assert_close((distribution, name), got[name])


def what_is_known(model: Model) -> dict[str, Any]:
    """The days and event, or the limits of an interval- or left-censored time."""
    if model.surv_type in ("interval2", "interval"):
        return {"lower": model.limits[0], "upper": model.limits[1]}
    if model.surv_type == "left":
        seen = model.frame[model.event] == 1
        model.frame["lower limit"] = model.frame[model.days].where(seen)
        return {"lower": "lower limit", "upper": model.days}
    return {"days": model.days, "event": model.event}


def quantiles(fit: ParametricFit, model: Model, wanted: dict[str, Any]) -> dict[str, Any]:
    times, errors = predicted_quantiles(
        fit, profile_of(model, wanted["newdata"]), np.array(wanted["prob"])
    )
    return {**wanted, "quantile": times, "se": errors}
