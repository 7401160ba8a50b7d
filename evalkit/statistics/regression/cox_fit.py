"""Fits a Cox model, with robust errors where rows belong together.

Own: statsmodels' `PHReg` puts persons at risk on the day they come in, and neither it nor lifelines
says that a level without outcomes has no coefficient (both print one with a standard error in the
thousands).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from evalkit.options import check_option
from evalkit.results import CannotBeComputed
from evalkit.statistics.regression import cox_residuals, cox_sums
from evalkit.statistics.regression.cox_sums import CellSums, Ties, TieSums
from evalkit.statistics.regression.design import Covariate, Levels
from evalkit.statistics.regression.inputs import RegressionInputError, SurvivalRows, survival_rows
from evalkit.statistics.regression.maximise import (
    COLLINEAR_REASON,
    Maximum,
    maximise,
    quadratic_form,
)
from evalkit.statistics.regression.model_matrix import ModelMatrix, model_matrix
from evalkit.statistics.regression.risk_sets import RiskSets, risk_sets
from evalkit.statistics.regression.summary import Estimated
from evalkit.statistics.sandwich import sandwich

StandardErrors = Literal["model", "robust"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoxFit:
    """A fitted Cox model.

    Attributes:
        matrix: Its columns, scaled.
        maximum: The maximum in those columns.
        coefficients, covariance: In the columns' own units; the covariance is the inverse
            information, ``robust_covariance`` the sandwich, where asked for.
        robust_score: Score test with the sandwich, where asked for.
        rows: The checked rows the model was fitted to.
        sets: Their risk sets.
    """

    matrix: ModelMatrix
    maximum: Maximum
    coefficients: np.ndarray
    covariance: np.ndarray
    robust_covariance: np.ndarray | None = None
    robust_score: float | None = None
    ties: Ties
    rows: SurvivalRows
    sets: RiskSets

    @property
    def names(self) -> tuple[str, ...]:
        return self.matrix.names

    @property
    def estimated(self) -> Estimated:
        """The estimates with the covariance that intervals rest on."""
        robust = self.robust_covariance
        return Estimated(
            names=self.names,
            estimates=self.coefficients,
            covariance=self.covariance if robust is None else robust,
            reasons=self.maximum.reasons,
            behind=self.matrix.behind,
            log_likelihood=self.maximum.log_likelihood,
            log_likelihood_null=self.maximum.start.log_likelihood,
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
    maximum = _maximise(matrix.columns, sets, ties)
    back = matrix.back()
    fit = CoxFit(
        matrix=matrix,
        maximum=maximum,
        coefficients=back @ maximum.parameters,
        covariance=back @ maximum.covariance @ back.T,
        ties=ties,
        rows=rows,
        sets=sets,
    )
    return _with_sandwich(fit) if _wants_robust(standard_errors, rows) else fit


def _maximise(columns: np.ndarray, sets: RiskSets, ties: Ties) -> Maximum:
    start = np.zeros(len(columns))
    events = cox_sums.event_totals(columns, sets)
    weight = 1.0 if sets.weights is None else float(sets.weights.mean())
    return maximise(
        lambda b: cox_sums.evaluate(columns, sets, b, ties, events), start, weight=weight
    )


def _sums(fit: CoxFit, coefficients: np.ndarray) -> tuple[CellSums, TieSums]:
    sums = cox_sums.cell_sums(fit.matrix.columns, fit.sets, coefficients)
    return sums, cox_sums.tie_sums(fit.sets, sums, fit.ties)


def _wants_robust(asked: StandardErrors | None, rows: SurvivalRows) -> bool:
    if asked is not None:
        return asked == "robust"
    has_fractions = rows.weights is not None and bool((rows.weights % 1 != 0).any())
    return rows.clusters is not None or has_fractions


def _with_sandwich(fit: CoxFit) -> CoxFit:
    """Adds V (Σ U U') V over rows or clusters, and the robust score test at b = 0."""
    product, _ = _score_products(fit, fit.maximum.parameters)
    bread = fit.maximum.covariance
    back = fit.matrix.back()
    robust = back @ sandwich(bread, product) @ back.T
    at_zero, score = _score_products(fit, np.zeros(len(fit.names)))
    within = np.array([reason != COLLINEAR_REASON for reason in fit.maximum.reasons])
    statistic = quadratic_form(score, at_zero, within)
    return replace(fit, robust_covariance=robust, robust_score=statistic)


def _score_products(fit: CoxFit, coefficients: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    path = cox_residuals.paths(fit.sets, *_sums(fit, coefficients))
    blocks = cox_residuals.score_residual_blocks(fit.matrix.columns, fit.sets, coefficients, path)
    return cox_residuals.cross_products(blocks, len(fit.names), fit.rows.clusters)
