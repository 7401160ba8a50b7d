"""Fits a parametric time model and keeps what predictions need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.results import CannotBeComputed
from evalkit.statistics.regression import aft_likelihood
from evalkit.statistics.regression.aft_likelihood import Times
from evalkit.statistics.regression.design import Covariate, Levels
from evalkit.statistics.regression.distributions import FAMILIES, Distribution, Family
from evalkit.statistics.regression.inputs import (
    RegressionInputError,
    case_weights,
    clusters_of,
    existing,
    indicator,
    numbers,
    refuse,
)
from evalkit.statistics.regression.maximise import Maximum, maximise
from evalkit.statistics.regression.model_matrix import ModelMatrix, model_matrix, one_person
from evalkit.statistics.regression.summary import LOG_SCALE, Estimated

SMALLEST_LOG_SCALE = -18.0
"""Times that differ by less than a hundred-millionth are the same time for everyone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametricFit:
    """A fitted parametric time model.

    ``parameters`` and both covariances run over the intercept, the columns and, unless the
    scale is fixed, the log scale. Log-likelihoods are those of the times.
    """

    distribution: Distribution
    matrix: ModelMatrix
    parameters: np.ndarray
    covariance: np.ndarray
    robust_covariance: np.ndarray | None
    reasons: tuple[str, ...]
    scale: float
    log_likelihood: float
    log_likelihood_null: float
    n: int
    events: int

    @property
    def names(self) -> tuple[str, ...]:
        has_scale = FAMILIES[self.distribution].fixed_scale is None
        return (*self.matrix.names, LOG_SCALE) if has_scale else self.matrix.names

    @property
    def estimated(self) -> Estimated:
        """The estimates with the covariance that intervals rest on."""
        robust, behind = self.robust_covariance, self.matrix.behind
        return Estimated(
            names=self.names,
            estimates=self.parameters,
            covariance=self.covariance if robust is None else robust,
            reasons=self.reasons,
            behind=(*behind, behind[0])[: len(self.names)],
            log_likelihood=self.log_likelihood,
            log_likelihood_null=self.log_likelihood_null,
            n=self.n,
            events=self.events,
        )


def fit_parametric(
    frame: pd.DataFrame,
    *,
    distribution: Distribution,
    covariates: Sequence[Covariate],
    days: str | None = None,
    event: str | None = None,
    lower: str | None = None,
    upper: str | None = None,
    weights: str | None = None,
    cluster: str | None = None,
    levels: Levels | None = None,
) -> ParametricFit:
    """The fitted model behind `accelerated_failure_time`, with the same arguments."""
    family = FAMILIES[distribution]
    times, log_jacobian = _times(frame, family, days, event, lower, upper)
    has_event = ~np.isposinf(times.upper)
    if not (has_event.any() and np.isfinite(times.lower).any()):
        raise CannotBeComputed("no_events", n=len(frame))
    matrix = model_matrix(frame, covariates, levels=levels, event=has_event, intercept=True)
    columns = matrix.columns
    weight = np.ones(len(frame)) if weights is None else case_weights(frame, weights)
    null = _maximise(family, times, columns[:1], weight, _first_guess(times, family))
    start = np.concatenate((null.parameters[:1], np.zeros(len(columns) - 1), null.parameters[1:]))
    top = _maximise(family, times, columns, weight, start)
    back = matrix.back(further=len(start) - len(columns))
    clusters = clusters_of(frame, cluster)
    robust = None
    if clusters is not None:
        robust = back @ _sandwich(family, times, columns, weight, top, clusters) @ back.T
    jacobian = float(weight @ log_jacobian)
    return ParametricFit(
        distribution=distribution,
        matrix=matrix,
        parameters=back @ top.parameters,
        covariance=back @ top.covariance @ back.T,
        robust_covariance=robust,
        reasons=matrix.reasons(top.reasons),
        scale=family.fixed_scale or float(np.exp(top.parameters[-1])),
        log_likelihood=top.log_likelihood - jacobian,
        log_likelihood_null=null.log_likelihood - jacobian,
        n=len(frame),
        events=int(has_event.sum()),
    )


def _maximise(
    family: Family, times: Times, columns: np.ndarray, weight: np.ndarray, start: np.ndarray
) -> Maximum:
    is_coefficient = np.arange(len(start)) < len(columns)
    top = maximise(
        lambda b: aft_likelihood.evaluate(
            family.standard, times, columns, weight, b, family.fixed_scale
        ),
        start,
        is_coefficient=is_coefficient,
        weight=float(weight.mean()),
    )
    if family.fixed_scale is None and top.parameters[-1] < SMALLEST_LOG_SCALE:
        raise CannotBeComputed("no_variation", n=columns.shape[1])
    return top


def _times(
    frame: pd.DataFrame,
    family: Family,
    days: str | None,
    event: str | None,
    lower: str | None,
    upper: str | None,
) -> tuple[Times, np.ndarray]:
    """Limits on the model's scale, and log dt/dy of the exact times (the Jacobian of log T)."""
    if len(frame) == 0:
        raise RegressionInputError("frame", "has no rows")
    if (days is None) == (lower is None) or (lower is None) != (upper is None):
        raise RegressionInputError("days", "give either days or both lower and upper")
    if days is not None:
        low = numbers(frame, days, "days").astype(float)
        seen = np.ones(len(low), bool) if event is None else indicator(frame, event, "event")
        high, name = np.where(seen, low, np.inf), "days"
    else:
        assert lower is not None and upper is not None
        low, high, name = _limit(frame, lower, -np.inf), _limit(frame, upper, np.inf), "lower"
    refuse(name, "neither limit is known", np.isneginf(low) & np.isposinf(high))
    refuse("upper", "below lower", high < low)
    if not family.is_log:
        return Times(low, high), np.zeros(len(low))
    refuse(name, "negative", (low < 0) & np.isfinite(low))
    refuse(name, "day 0, which has no logarithm", (high == 0) | (np.isposinf(high) & (low == 0)))
    with np.errstate(divide="ignore"):  # a lower limit of day 0 is no limit: log 0 = −inf
        logs = Times(np.log(np.maximum(low, 0.0)), np.log(high))
    return logs, np.where(logs.is_exact, logs.lower, 0.0)


def _limit(frame: pd.DataFrame, name: str, missing: float) -> np.ndarray:
    column = existing(frame, name, "lower" if missing < 0 else "upper")
    return column.astype(float).fillna(missing).to_numpy()


def _first_guess(times: Times, family: Family) -> np.ndarray:
    """Mean and spread of the known limits: the optimum is found from there, not by it."""
    low = np.where(np.isfinite(times.lower), times.lower, times.upper)
    high = np.where(np.isfinite(times.upper), times.upper, low)
    middle = (low + high) / 2
    start = np.array([middle.mean(), np.log(max(float(middle.std()), 1e-3))])
    return start if family.fixed_scale is None else start[:1]


def _sandwich(
    family: Family,
    times: Times,
    columns: np.ndarray,
    weight: np.ndarray,
    top: Maximum,
    clusters: np.ndarray,
) -> np.ndarray:
    """Score sums by cluster between the inverse information (White 1982)."""
    p = len(columns)
    log_scale = float(np.log(family.fixed_scale)) if family.fixed_scale else top.parameters[p]
    terms = aft_likelihood.row_terms(
        family.standard, times, top.parameters[:p] @ columns, float(log_scale)
    )
    rows = np.vstack((columns * terms.by_predictor, terms.by_log_scale))[: len(top.parameters)]
    sums = np.array([np.bincount(clusters, row * weight) for row in rows])
    bread = top.covariance
    result: np.ndarray = bread @ (sums @ sums.T) @ bread
    return result


def predicted_quantiles(
    fit: ParametricFit, profile: Mapping[str, object], probabilities: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Times by which given shares of persons like the one described have left, with errors.

    Standard errors by the delta method on the scale of the times, from the covariance of
    coefficients and log scale.
    """
    family = FAMILIES[fit.distribution]
    row = fit.matrix.rows(one_person(fit.matrix.covariates, profile))[:, 0]
    place = family.standard.quantile(np.asarray(probabilities, dtype=float)) * fit.scale
    predicted = fit.parameters[: len(row)] @ row + place
    gradient = np.tile(row, (len(place), 1))
    if family.fixed_scale is None:
        gradient = np.column_stack((gradient, place))
    covariance = fit.covariance if fit.robust_covariance is None else fit.robust_covariance
    error = np.sqrt(np.einsum("qi,ij,qj->q", gradient, covariance, gradient))
    if not family.is_log:
        return predicted, error
    times = np.exp(predicted)
    return times, times * error
