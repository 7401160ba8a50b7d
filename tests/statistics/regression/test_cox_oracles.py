"""Cox regression against R's survival (coxph)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from evalkit.results import Coefficient, NotEstimable, Regression
from evalkit.statistics.regression.cox import CoxFit, fit_cox, summarise
from tests.oracles_support import REMOVED, Case, case_id, cases
from tests.statistics.regression.formulas import Model, read_model

OF_THE_FITTED_MODEL = {
    "concordance",
    "predicted_survival",
    "martingale_residuals_first10",
    "schoenfeld_scaled_first5",
}
DIVERGED = 8.0
"""R prints a coefficient this far out, with a warning, where there is nothing to estimate."""


@pytest.mark.parametrize("case", cases("cox"), ids=case_id)
def test_cox_regression_agrees_with_r(case: Case) -> None:
    left, right = case.spec["formula"].split("~")
    r_terms = next(iter(case.expected.values()))["terms"]
    model = read_model(case.frame(), left, right, r_terms)
    if case.has("exact"):
        case.without_counterpart("exact", REMOVED)
    for ties in ("efron", "breslow"):
        if case.has(ties):
            Comparison(case, model, ties).run()
    case.finish()


class Comparison:
    """One fit of a case against everything R said about it."""

    def __init__(self, case: Case, model: Model, ties: str) -> None:
        self.case, self.model, self.ties = case, model, ties
        entry = model.entry or case.spec.get("entry")
        frame = model.frame
        if entry is not None:
            # R turns rows that end before they begin into missing values and leaves them out.
            frame = frame[frame[entry] < frame[model.days]].reset_index(drop=True)
        strata = model.strata or case.spec.get("strata")
        self.fit: CoxFit = fit_cox(
            frame,
            days=model.days,
            event=str(model.event),
            covariates=model.covariates,
            levels=model.levels,
            entry=entry,
            strata=strata,
            weights=case.spec.get("weights", case.spec.get("weight")),
            cluster=model.cluster or case.spec.get("cluster"),
            ties=ties,  # type: ignore[arg-type]
        )
        self.summary: Regression = summarise(self.fit, confidence_level=case.confidence_level)

    @property
    def model_covariance(self) -> np.ndarray:
        return self.fit.matrix.in_own_units(self.fit.maximum.covariance)

    def run(self) -> None:
        known = {
            "terms": lambda: [self.model.r_name(name) for name in self.fit.matrix.names],
            "coef": lambda: self.rows("estimate"),
            "se": lambda: self.errors(self.model_covariance),
            "robust_se": lambda: self.errors(self.fit.estimated.covariance),
            "hr": lambda: self.rows("exponentiated"),
            "hr_lower95": lambda: self.rows("exponentiated_low"),
            "hr_upper95": lambda: self.rows("exponentiated_high"),
            "p": lambda: self.rows("p_value"),
            "p_robust": lambda: self.rows("p_value"),
            "vcov": lambda: self.model_covariance,
            "n": lambda: self.summary.n,
            "n_event": lambda: self.summary.events,
            "loglik": lambda: self.summary.log_likelihood,
            "loglik_null": lambda: self.summary.log_likelihood_null,
            "lr": lambda: self.test("likelihood_ratio"),
            "score": lambda: self.test("score"),
            "wald": lambda: self.test("wald"),
            "robust_wald": lambda: self.test("wald"),
            "robust_score": lambda: self.test("robust_score"),
        }
        for name in self.case.at(self.ties):
            path = (self.ties, name)
            if name in known:
                self.case.assert_close(path, self.or_diverged(name, known[name]()))
            elif name.startswith("zph_") or name in OF_THE_FITTED_MODEL:
                self.case.without_counterpart(path, REMOVED)

    def rows(self, field: str) -> list[Any]:
        return [
            getattr(row, field) if isinstance(row, Coefficient) else row
            for row in self.summary.coefficients
        ]

    def or_diverged(self, name: str, got: Any) -> Any:
        """R's own number where ours says "separation" and R's has run away."""
        reasons = self.fit.maximum.reasons
        if "separation" not in reasons or not isinstance(got, list):
            return got
        r_coefficients = self.case.at((self.ties, "coef"))
        return [
            self.case.at((self.ties, name))[i]
            if reason == "separation" and abs(r_coefficients[i]) > DIVERGED
            else value
            for i, (reason, value) in enumerate(zip(reasons, got, strict=True))
        ]

    def errors(self, covariance: np.ndarray | None) -> list[Any]:
        assert covariance is not None
        rows = zip(np.sqrt(np.diag(covariance)), self.summary.coefficients, strict=True)
        return [row if isinstance(row, NotEstimable) else error for error, row in rows]

    def test(self, name: str) -> Mapping[str, float]:
        result = next(test for test in self.summary.tests if test.name == name)
        return {
            "chisq": result.statistic,
            "df": result.degrees_of_freedom,
            "p": result.p_value,
        }
