"""Cox regression: how the hazard of leaving differs with the covariates.

`cox` gives the coefficients as a `Regression`, `fit_cox` the fitted model behind it. Own:
statsmodels' `PHReg` puts persons at risk on the day they come in, and neither it nor lifelines
says that a level without outcomes has no coefficient.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, Regression, TestResult
from evalkit.statistics.regression import cox_residuals, cox_sums
from evalkit.statistics.regression.cox_sums import Ties
from evalkit.statistics.regression.inputs import RegressionInputError, SurvivalRows, survival_rows
from evalkit.statistics.regression.maximise import (
    COLLINEAR_REASON,
    Maximum,
    maximise,
    quadratic_form,
)
from evalkit.statistics.regression.model_matrix import Covariate, Levels, ModelMatrix, model_matrix
from evalkit.statistics.regression.risk_sets import RiskSets, risk_sets
from evalkit.statistics.regression.summary import (
    Estimated,
    as_regression,
    chi_square_test,
    likelihood_ratio_test,
    wald_test,
)
from evalkit.statistics.sandwich import sandwich


def cox(
    frame: pd.DataFrame,
    *,
    days: str,
    event: str,
    covariates: Sequence[Covariate],
    entry: str | None = None,
    strata: str | Sequence[str] | None = None,
    weights: str | None = None,
    cluster: str | None = None,
    levels: Levels | None = None,
    ties: Ties = "efron",
    standard_errors: StandardErrors | None = None,
    confidence_level: float = 0.95,
) -> Regression:
    """Log hazard ratios by Cox's partial likelihood (Cox 1972), as R's ``coxph``.

    Ties by Efron (1977) or Breslow (1974). A person is at
    risk at t when entry < t <= days. Robust standard errors are the infinitesimal
    jackknife of Lin and Wei (1989), summed by ``cluster`` also across strata.

    Args:
        frame: One row per spell, or several per person with ``entry`` (start–stop rows).
        days: Column with the time of leaving or last being seen, in days.
        event: Column with 1 (or True) where the row ends with the event, else 0.
        covariates: Columns, see `design`; a tuple is an interaction.
        entry: Column with the day a row comes under observation.
        strata: Column(s) whose levels each have a baseline of their own.
        weights: Column of positive case weights.
        cluster: Column naming who belongs together; makes the errors robust.
        levels: Column → its levels, the reference first.
        ties: ``efron`` or ``breslow``.
        standard_errors: ``model`` or ``robust``; when left out, robust if there are
            clusters or weights that are not whole numbers.
        confidence_level: 0.95 for 95 % intervals.

    Returns:
        Coefficients with their ratios. One that diverges because a level has no events
        (or nothing but the first events) is `NotEstimable` with reason ``separation``; a
        copy of other columns has reason ``collinear``. The other coefficients hold.

    Raises:
        RegressionInputError: If a column is absent or holds impossible values.
        CannotBeComputed: ``no_events`` without a single event, ``no_convergence``.

    >>> frame = pd.DataFrame({"days": [1, 2, 3, 4], "left": [1, 1, 1, 0], "arm": [0, 1, 0, 1]})
    >>> round(cox(frame, days="days", event="left", covariates=["arm"]).coefficients[0].estimate, 3)
    -0.941
    """
    check_option("ties", ties, Ties)
    check_option("standard_errors", standard_errors, StandardErrors | None)
    fit = fit_cox(
        frame,
        days=days,
        event=event,
        covariates=covariates,
        entry=entry,
        strata=strata,
        weights=weights,
        cluster=cluster,
        levels=levels,
        ties=ties,
        standard_errors=standard_errors,
    )
    return summarise(fit, confidence_level=confidence_level)


def summarise(fit: CoxFit, *, confidence_level: float = 0.95) -> Regression:
    """The coefficients, tests and counts of a fitted Cox model."""
    errors = "model"
    if fit.robust is not None:
        errors = "robust" if fit.rows.clusters is None else "cluster"
    return as_regression(
        fit.estimated,
        model="cox",
        ratio="hazard_ratio",
        method=fit.ties,
        standard_errors=errors,
        confidence_level=confidence_level,
        tests=_tests(fit),
    )


def _tests(fit: CoxFit) -> tuple[TestResult, ...]:
    made, start = fit.estimated, fit.maximum.start
    df = int(made.has_information.sum())
    score = quadratic_form(start.score, start.information, made.has_information)
    tests = (
        likelihood_ratio_test(made),
        chi_square_test("score", score, df, made),
        wald_test(made),
    )
    if fit.robust_score is None:
        return tests
    return (*tests, chi_square_test("robust_score", fit.robust_score, df, made))


StandardErrors = Literal["model", "robust"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoxFit:
    """A fitted Cox model.

    Attributes:
        matrix: Its columns, scaled.
        maximum: The maximum in those columns.
        robust: The sandwich, scaled, where asked for.
        robust_score: Score test with the sandwich, where asked for.
        rows: The checked rows the model was fitted to.
        sets: Their risk sets.
    """

    matrix: ModelMatrix
    maximum: Maximum
    ties: Ties
    rows: SurvivalRows
    sets: RiskSets
    robust: np.ndarray | None = None
    robust_score: float | None = None

    @property
    def estimated(self) -> Estimated:
        """The estimates with the covariance that intervals rest on."""
        return self.matrix.estimated(
            self.maximum,
            self.maximum.covariance if self.robust is None else self.robust,
            n=self.rows.n,
            events=int(self.rows.event.sum()),
        )


def fit_cox(
    frame: pd.DataFrame,
    *,
    days: str,
    event: str,
    covariates: Sequence[Covariate],
    entry: str | None = None,
    strata: str | Sequence[str] | None = None,
    weights: str | None = None,
    cluster: str | None = None,
    levels: Levels | None = None,
    ties: Ties = "efron",
    standard_errors: StandardErrors | None = None,
) -> CoxFit:
    """The fitted model behind `cox`, with the same arguments."""
    check_option("ties", ties, Ties)
    check_option("standard_errors", standard_errors, StandardErrors | None)
    rows = survival_rows(
        frame,
        days=days,
        event=event,
        entry=entry,
        strata=strata,
        weights=weights,
        cluster=cluster,
    )
    if not rows.event.any():
        raise CannotBeComputed("no_events", n=rows.n)
    if not covariates:
        raise RegressionInputError("covariates", "none is given")
    sets = risk_sets(rows)  # before the matrix: their working memory is never held at once
    matrix = model_matrix(frame, covariates, levels=levels, event=rows.event, intercept=False)
    start = np.zeros(len(matrix.columns))
    events = cox_sums.event_totals(matrix.columns, sets)
    weight = 1.0 if sets.weights is None else float(sets.weights.mean())
    maximum = maximise(
        lambda b: cox_sums.evaluate(matrix.columns, sets, b, ties, events), start, weight=weight
    )
    fit = CoxFit(matrix=matrix, maximum=maximum, ties=ties, rows=rows, sets=sets)
    return _with_sandwich(fit) if _wants_robust(standard_errors, rows) else fit


def _wants_robust(asked: StandardErrors | None, rows: SurvivalRows) -> bool:
    if asked is not None:
        return asked == "robust"
    has_fractions = rows.weights is not None and bool((rows.weights % 1 != 0).any())
    return rows.clusters is not None or has_fractions


def _with_sandwich(fit: CoxFit) -> CoxFit:
    """Adds V (Σ U U') V over rows or clusters, and the robust score test at b = 0."""
    product, _ = _score_products(fit, fit.maximum.parameters)
    at_zero, score = _score_products(fit, np.zeros(len(fit.matrix.names)))
    within = np.array([reason != COLLINEAR_REASON for reason in fit.maximum.reasons])
    statistic = quadratic_form(score, at_zero, within)
    return replace(fit, robust=sandwich(fit.maximum.covariance, product), robust_score=statistic)


def _score_products(fit: CoxFit, coefficients: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    columns, sets = fit.matrix.columns, fit.sets
    sums = cox_sums.cell_sums(columns, sets, coefficients)
    path = cox_residuals.paths(sets, sums, cox_sums.tie_sums(sets, sums, fit.ties))
    blocks = cox_residuals.score_residual_blocks(columns, sets, coefficients, path)
    return cox_residuals.cross_products(blocks, len(columns), fit.rows.clusters)
