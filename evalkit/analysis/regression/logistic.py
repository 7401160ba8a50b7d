"""Logistic regression: how the odds of an outcome differ with covariates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from evalkit.analysis.regression.design import (
    Covariate,
    Levels,
    design,
    intercept_reason,
    levels_in_use,
    standardise,
    with_intercept_back,
)
from evalkit.analysis.regression.inputs import (
    RegressionInputError,
    case_weights,
    codes,
    indicator,
)
from evalkit.analysis.regression.maximise import (
    COLLINEAR_REASON,
    Evaluation,
    Maximum,
    maximise,
    quadratic_form,
)
from evalkit.analysis.regression.share_models import (
    INTERCEPT,
    ShareFit,
    StandardErrors,
    leverages_of,
    sandwich,
)
from evalkit.analysis.regression.summary import (
    Behind,
    behind_columns,
    chi_square_test,
    coefficient_rows,
)
from evalkit.results import CannotBeComputed, Regression, TestResult


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
        standard_errors: ``model``, ``hc0`` … ``hc3`` or ``cluster``, see `sandwich`. When
            left out, clustered if there are clusters, else from the model.
        confidence_level: 0.95 for 95 % intervals.

    Returns:
        Coefficients, the intercept first. Where a level has the outcome for everyone or
        nobody (separation, Albert and Anderson 1984) its coefficient is `NotEstimable`.

    Raises:
        RegressionInputError: If a column is absent or holds impossible values.
        CannotBeComputed: ``no_events`` if nobody, or everybody, has the outcome.

    >>> frame = pd.DataFrame({"work": [1, 1, 0, 1, 0, 0], "arm": [1, 1, 1, 0, 0, 0]})
    >>> fit = logistic(frame, outcome="work", covariates=["arm"])
    >>> round(fit.coefficients[1].exponentiated, 6)  # (2/1) / (1/2)
    4.0
    """
    fit = fit_logistic(
        frame,
        outcome=outcome,
        covariates=covariates,
        weights=weights,
        cluster=cluster,
        levels=levels,
        standard_errors=standard_errors,
    )
    cells = (fit.n, int(fit.outcome.sum()))
    return Regression(
        model="logistic",
        coefficients=coefficient_rows(
            fit.names,
            fit.coefficients,
            fit.covariance,
            fit.reasons,
            list(fit.behind),
            confidence_level=confidence_level,
        ),
        ratio="odds_ratio",
        method="maximum_likelihood",
        standard_errors=fit.standard_errors,
        confidence_level=confidence_level,
        log_likelihood=fit.log_likelihood,
        log_likelihood_null=fit.log_likelihood_null,
        n=fit.n,
        events=cells[1],
        cells=cells,
        residual_degrees_of_freedom=fit.n - sum(not reason for reason in fit.reasons),
        tests=_tests(fit, cells),
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
    if len(frame) == 0:
        raise RegressionInputError("frame", "has no rows")
    y = indicator(frame, outcome, "outcome")
    if y.all() or not y.any():
        raise CannotBeComputed("no_events", n=len(y))
    made = design(frame, covariates, levels=levels)
    behind = behind_columns(made.columns, made.is_level, y)
    centre, scale = standardise(made.columns, left_uncentred=made.is_level)
    columns = np.vstack((np.ones((1, len(y))), made.columns))
    weight = np.ones(len(y)) if weights is None else case_weights(frame, weights)
    null, top = maximise_logistic(columns[:1], y, weight), maximise_logistic(columns, y, weight)
    fitted = special.expit(top.parameters @ columns)
    errors = standard_errors or ("model" if cluster is None else "cluster")
    clusters = None if cluster is None else codes(frame, cluster, "cluster")
    covariance = top.covariance
    if errors != "model":
        hat = leverages_of(columns, covariance, weight * fitted * (1 - fitted))
        covariance = sandwich(columns, covariance, weight * (y - fitted), hat, errors, clusters)
    back = with_intercept_back(centre, scale, len(columns))
    return ShareFit(
        model="logistic",
        names=(INTERCEPT, *made.names),
        coefficients=back @ top.parameters,
        covariance=back @ covariance @ back.T,
        standard_errors=errors,
        reasons=intercept_reason(top.reasons, centre),
        log_likelihood=top.log_likelihood,
        log_likelihood_null=null.log_likelihood,
        scale=1.0,
        fitted=fitted,
        outcome=y.astype(float),
        covariates=tuple(covariates),
        levels=levels_in_use(frame, covariates, levels),
        behind=(Behind(len(y), (len(y), int(y.sum()))), *behind),
    )


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

    return maximise(evaluate, np.zeros(len(columns)))


def _tests(fit: ShareFit, cells: tuple[int, ...]) -> tuple[TestResult, ...]:
    """All columns at once: likelihood ratio against the intercept alone, and Wald."""
    is_column = np.arange(len(fit.names)) > 0
    informative = is_column & np.array([reason != COLLINEAR_REASON for reason in fit.reasons])
    tested = is_column & np.array([not reason for reason in fit.reasons])
    ratio = 2 * (fit.log_likelihood - fit.log_likelihood_null)
    wald = quadratic_form(fit.coefficients, fit.covariance, tested)
    return (
        chi_square_test("likelihood_ratio", ratio, int(informative.sum()), fit.n, cells),
        chi_square_test("wald", wald, int(tested.sum()), fit.n, cells),
    )
