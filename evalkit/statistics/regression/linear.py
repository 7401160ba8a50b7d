"""Linear regression, and the linear probability model of a share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from evalkit.results import CannotBeComputed, Regression
from evalkit.statistics.regression.design import Covariate, Levels
from evalkit.statistics.regression.inputs import (
    RegressionInputError,
    case_weights,
    clusters_of,
    indicator,
    numbers,
)
from evalkit.statistics.regression.maximise import Evaluation, maximise
from evalkit.statistics.regression.model_matrix import model_matrix
from evalkit.statistics.regression.share_models import (
    FULL_LEVERAGE,
    ShareFit,
    StandardErrors,
    leverages_of,
    sandwich,
)
from evalkit.statistics.regression.summary import NO_VARIATION_REASON, as_regression, wald_test

EXACT_FIT = 1e-22
"""Share of the variation left over by rounding alone, after an exact fit."""


def linear_probability(
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
    """Differences in a share by least squares: coefficients are share differences (0–1).

    The variance of a yes/no outcome differs between persons by nature, so the errors are
    heteroscedasticity-consistent: ``hc3`` (Long and Ervin 2000) unless clusters are given.

    Args:
        frame: One row per person.
        outcome: Column with 1 (or True) for the outcome, else 0.
        covariates: Columns, see `design`; the intercept is added.
        weights: Column of positive case weights.
        cluster: Column naming who belongs together; makes the errors clustered.
        levels: Column → its levels, the reference first.
        standard_errors: ``model``, ``hc0`` … ``hc3`` or ``cluster``, see `sandwich`.
        confidence_level: 0.95 for 95 % intervals, by the normal distribution.

    Raises:
        RegressionInputError: If a column is absent or holds impossible values.
        CannotBeComputed: ``too_few_persons`` with no more persons than coefficients.

    >>> frame = pd.DataFrame({"work": [1, 1, 0, 1, 0, 0], "arm": [1, 1, 1, 0, 0, 0]})
    >>> fit = linear_probability(frame, outcome="work", covariates=["arm"])
    >>> round(fit.coefficients[1].estimate, 6)  # 2/3 − 1/3
    0.333333
    """
    indicator(frame, outcome, "outcome")
    fit = fit_linear(
        frame,
        outcome=outcome,
        covariates=covariates,
        weights=weights,
        cluster=cluster,
        levels=levels,
        standard_errors=standard_errors or ("hc3" if cluster is None else "cluster"),
    )
    return as_regression(
        fit.estimated,
        model="linear_probability",
        ratio="",
        method="least_squares",
        standard_errors=fit.standard_errors,
        confidence_level=confidence_level,
        tests=(wald_test(fit.estimated),),
        scale=fit.scale,
    )


def fit_linear(
    frame: pd.DataFrame,
    *,
    outcome: str,
    covariates: Sequence[Covariate],
    weights: str | None = None,
    cluster: str | None = None,
    levels: Levels | None = None,
    standard_errors: StandardErrors | None = None,
) -> ShareFit:
    """Ordinary (or weighted) least squares of any number, as R's ``lm``.

    ``standard_errors`` is ``model`` when left out and there are no clusters. The
    log-likelihood is that of normal errors.
    """
    if len(frame) == 0:
        raise RegressionInputError("frame", "has no rows")
    y = numbers(frame, outcome, "outcome").astype(float)
    matrix = model_matrix(frame, covariates, levels=levels, event=y == 1, intercept=True)
    columns = matrix.columns
    weight = np.ones(len(y)) if weights is None else case_weights(frame, weights)
    coefficients, inverse, reasons = _least_squares(columns, y, weight)
    back = matrix.back()
    left_over = len(y) - sum(not reason for reason in reasons)
    if left_over <= 0:
        raise CannotBeComputed("too_few_persons", n=len(y))
    fitted = coefficients @ columns
    around_mean = float(weight @ (y - np.average(y, weights=weight)) ** 2)
    squares = float(weight @ (y - fitted) ** 2)
    if squares <= EXACT_FIT * around_mean:
        squares, fitted = 0.0, y
    errors = standard_errors or ("model" if cluster is None else "cluster")
    clusters = clusters_of(frame, cluster)
    covariance = inverse * squares / left_over
    if errors != "model":
        hat = leverages_of(columns, inverse, weight)
        covariance = sandwich(columns, inverse, weight * (y - fitted), hat, errors, clusters)
        alone = np.abs(back @ inverse @ columns[:, hat > 1 - FULL_LEVERAGE])
        reasons = _alone_with_a_level(reasons, alone)
    return ShareFit(
        model="linear",
        matrix=matrix,
        coefficients=back @ coefficients,
        covariance=back @ covariance @ back.T,
        standard_errors=errors,
        reasons=reasons,
        log_likelihood=_normal_log_likelihood(squares, weight),
        log_likelihood_null=_normal_log_likelihood(around_mean, weight),
        scale=float(np.sqrt(squares / left_over)),
        fitted=fitted,
        outcome=y,
    )


def _least_squares(
    columns: np.ndarray, outcome: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Coefficients, inverse cross-products and why a column has none.

    Newton's method from zero with unit variance: one step, then a step of refinement.
    """
    size = max(float(np.abs(outcome).max()), np.finfo(float).tiny)
    scaled = outcome / size
    cross = (columns * weight) @ columns.T

    def evaluate(coefficients: np.ndarray) -> Evaluation:
        residual = scaled - coefficients @ columns
        value = -0.5 * float(weight @ residual**2)
        return Evaluation(value, columns @ (weight * residual), cross)

    top = maximise(evaluate, np.zeros(len(columns)), weight=float(weight.mean()))
    return top.parameters * size, top.covariance, top.reasons


def _alone_with_a_level(reasons: tuple[str, ...], weight: np.ndarray) -> tuple[str, ...]:
    """No robust error for a coefficient that one exactly fitted person decides alone.

    ``weight`` is what each such person's outcome adds to each coefficient.
    """
    decided = np.any(weight > FULL_LEVERAGE, axis=1).tolist()
    return tuple(
        reason or (NO_VARIATION_REASON if alone else "")
        for reason, alone in zip(reasons, decided, strict=True)
    )


def _normal_log_likelihood(squares: float, weight: np.ndarray) -> float:
    n = len(weight)
    if squares <= 0:
        return float("inf")
    return float(-0.5 * n * (np.log(2 * np.pi * squares / n) + 1) + 0.5 * np.log(weight).sum())
