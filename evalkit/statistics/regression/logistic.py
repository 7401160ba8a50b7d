"""Logistic regression: how the odds of an outcome differ with covariates.

Own: where a level has the outcome for everyone or nobody, statsmodels prints 25.0 ± 127 223; here
that coefficient is `NotEstimable` and the others stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, Regression
from evalkit.statistics.regression.inputs import (
    RegressionInputError,
    case_weights,
    clusters_of,
    indicator,
)
from evalkit.statistics.regression.maximise import Evaluation, Maximum, maximise
from evalkit.statistics.regression.model_matrix import Covariate, Levels, ModelMatrix, model_matrix
from evalkit.statistics.regression.summary import (
    Estimated,
    as_regression,
    likelihood_ratio_test,
    wald_test,
)
from evalkit.statistics.sandwich import sandwich, score_products


def logistic(
    frame: pd.DataFrame,
    *,
    outcome: str,
    covariates: Sequence[Covariate],
    weights: str | None = None,
    cluster: str | None = None,
    levels: Levels | None = None,
    standard_errors: StandardErrors | None = None,
    confidence_level: float = 0.95,
) -> Regression:
    """Log odds ratios by maximum likelihood, as R's ``glm(family = binomial)``.

    Args:
        frame: One row per person.
        outcome: Column with 1 (or True) for the outcome, else 0.
        covariates: Columns, see `design`; the intercept is added.
        weights: Column of positive case weights.
        cluster: Column naming who belongs together; makes the errors clustered.
        levels: Column → its levels, the reference first.
        standard_errors: ``model``, ``hc0`` … ``hc3`` or ``cluster``, see `robust_covariance`. When
            left out, clustered if there are clusters, else from the model.
        confidence_level: 0.95 for 95 % intervals.

    Returns:
        Coefficients, the intercept first. Where a level has the outcome for everyone or
        nobody (separation, Albert and Anderson 1984) its coefficient is `NotEstimable`.

    Raises:
        RegressionInputError: If a column is absent or holds impossible values.
        CannotBeComputed: ``no_events`` if nobody, or everybody, has the outcome;
            ``one_cluster`` and ``full_leverage``, see `robust_covariance`.

    >>> frame = pd.DataFrame({"work": [1, 1, 0, 1, 0, 0], "arm": [1, 1, 1, 0, 0, 0]})
    >>> fit = logistic(frame, outcome="work", covariates=["arm"])
    >>> round(fit.coefficients[1].exponentiated, 6)  # (2/1) / (1/2)
    4.0
    """
    check_option("standard_errors", standard_errors, StandardErrors | None)
    fit = fit_logistic(
        frame,
        outcome=outcome,
        covariates=covariates,
        weights=weights,
        cluster=cluster,
        levels=levels,
        standard_errors=standard_errors,
    )
    return as_regression(
        fit.estimated,
        model="logistic",
        ratio="odds_ratio",
        method="maximum_likelihood",
        standard_errors=fit.standard_errors,
        confidence_level=confidence_level,
        tests=(likelihood_ratio_test(fit.estimated), wald_test(fit.estimated)),
    )


def fit_logistic(
    frame: pd.DataFrame,
    *,
    outcome: str,
    covariates: Sequence[Covariate],
    weights: str | None = None,
    cluster: str | None = None,
    levels: Levels | None = None,
    standard_errors: StandardErrors | None = None,
) -> ShareFit:
    """The fitted model behind `logistic`, with the same arguments."""
    check_option("standard_errors", standard_errors, StandardErrors | None)
    if len(frame) == 0:
        raise RegressionInputError("frame", "has no rows")
    y = indicator(frame, outcome, "outcome")
    if y.all() or not y.any():
        raise CannotBeComputed("no_events", n=len(y))
    matrix = model_matrix(frame, covariates, levels=levels, event=y, intercept=True)
    columns = matrix.columns
    weight = np.ones(len(y)) if weights is None else case_weights(frame, weights)
    null, top = maximise_logistic(columns[:1], y, weight), maximise_logistic(columns, y, weight)
    fitted = special.expit(top.parameters @ columns)
    errors = standard_errors or ("model" if cluster is None else "cluster")
    clusters = clusters_of(frame, cluster)
    covariance = top.covariance
    if errors != "model":
        hat = leverages_of(columns, covariance, weight * fitted * (1 - fitted))
        covariance = robust_covariance(
            columns, covariance, weight * (y - fitted), hat, errors, clusters
        )
    made = matrix.estimated(
        top, covariance, n=len(y), events=int(y.sum()), null=null.log_likelihood
    )
    return ShareFit(matrix, made, errors, fitted)


def maximise_logistic(columns: np.ndarray, outcome: np.ndarray, weight: np.ndarray) -> Maximum:
    """The maximum of the logistic likelihood, columns (with the intercept) as rows."""

    def evaluate(coefficients: np.ndarray) -> Evaluation:
        predictor = coefficients @ columns
        share = special.expit(predictor)
        value = np.where(outcome, special.log_expit(predictor), special.log_expit(-predictor))
        return Evaluation(
            log_likelihood=float(weight @ value),
            score=columns @ (weight * (outcome - share)),
            information=(columns * (weight * share * (1 - share))) @ columns.T,
        )

    return maximise(evaluate, np.zeros(len(columns)), weight=float(weight.mean()))


FULL_LEVERAGE = 1e-10
StandardErrors = Literal["model", "hc0", "hc1", "hc2", "hc3", "cluster"]


@dataclass(frozen=True, slots=True)
class ShareFit:
    """A fitted model; ``fitted`` is the predicted share of each row."""

    matrix: ModelMatrix
    estimated: Estimated
    standard_errors: StandardErrors
    fitted: np.ndarray


def robust_covariance(
    columns: np.ndarray,
    bread: np.ndarray,
    residuals: np.ndarray,
    leverages: np.ndarray,
    errors: StandardErrors,
    clusters: np.ndarray | None,
) -> np.ndarray:
    """Heteroscedasticity- or cluster-consistent covariance (White 1980; MacKinnon, White 1985).

    ``hc1`` multiplies by n/(n − p), ``hc2`` and ``hc3`` divide each squared residual by
    1 − h and (1 − h)²; clusters get G/(G − 1) · (n − 1)/(n − p), as Stata and R's
    ``vcovCL(type = "HC1")``.

    Args:
        columns: ``(p, n)``.
        bread: Inverse information, 0 for columns without an estimate.
        residuals: Score residuals: weight times (outcome − fitted).
        leverages: Diagonal of the hat matrix.
        errors: Which form.
        clusters: Cluster numbers, needed for ``cluster``.

    Raises:
        CannotBeComputed: ``full_leverage`` when ``hc2`` or ``hc3`` would divide by zero: a
            person alone with a level is fitted exactly.
    """
    check_option("errors", errors, StandardErrors)
    n = columns.shape[1]
    p = int((np.diag(bread) > 0).sum())
    factor = n / (n - p) if errors == "hc1" else 1.0
    if errors == "cluster":
        assert clusters is not None
        n_clusters = len(np.unique(clusters))
        factor = n_clusters / (n_clusters - 1) * (n - 1) / (n - p)
        return sandwich(bread, score_products(columns * residuals, clusters), factor)
    if errors in ("hc2", "hc3"):
        free = 1 - leverages
        if (free <= FULL_LEVERAGE).any():
            raise CannotBeComputed("full_leverage")
        residuals = residuals / (np.sqrt(free) if errors == "hc2" else free)
    return sandwich(bread, score_products(columns * residuals), factor)


def leverages_of(columns: np.ndarray, bread: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Diagonal of the hat matrix."""
    result: np.ndarray = np.einsum("in,ij,jn->n", columns, bread, columns, optimize=True) * weights
    return result
