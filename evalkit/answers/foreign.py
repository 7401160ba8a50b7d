"""Results of libraries that authors use: lifelines' curves and statsmodels' models, by their form.

Neither library is loaded here: what is handed over has loaded its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from evalkit.results import Coefficient, Regression

_TWO = 2
_LARGEST_LOG = 20.0


def fitted_durations(result: Any) -> tuple[np.ndarray, np.ndarray] | None:
    """Days, and how they ended, of the persons behind a curve of lifelines or statsmodels.

    0 is still waiting, 1 the event, 2 a competing one.

    Raises:
        ValueError: For a curve with weights or late entries, which nobody can count again.
    """
    kind = type(result).__name__
    if kind == "SurvfuncRight":
        if getattr(result, "entry", None) is not None or hasattr(result, "freq_weights"):
            raise ValueError("weights or late entries")
        return np.asarray(result.time, dtype=float), np.asarray(result.status, dtype=int)
    if kind == "AalenJohansenFitter" and hasattr(result, "durations"):
        return _competing(result)
    if kind != "KaplanMeierFitter" or not hasattr(result, "durations"):
        return None
    weights = np.asarray(result.weights, dtype=float)
    if result.entry is not None or (weights != 1).any():
        raise ValueError("weights or late entries")
    days = np.asarray(result.durations, dtype=float)
    return days, np.asarray(result.event_observed, dtype=float).astype(int)


def _competing(fitter: Any) -> tuple[np.ndarray, np.ndarray]:
    """Lifelines moves tied days a little apart, and keeps competing events in its table only."""
    table, days = fitter.event_table, np.asarray(fitter.durations, dtype=float)
    at_times = table.loc[days]
    here = at_times["observed"].to_numpy(dtype=int)
    if ((here > 0) & (here != at_times["removed"].to_numpy(dtype=int))).any():
        raise ValueError("events and last days that cannot be told apart")
    if table["removed"].sum() != len(days) or (table["entrance"].iloc[1:] > 0).any():
        raise ValueError("weights or late entries")
    own = np.asarray(fitter.event_observed, dtype=float).astype(int)
    return np.round(days), np.where(own > 0, 1, np.where(here > 0, 2, 0))


def regression_of(result: Any, columns: Sequence[pd.Series[Any]] = ()) -> Regression | None:
    """A fitted model of statsmodels or lifelines as our shape, with the counts behind it.

    ``columns``: what the model was fitted on, a value per person: lifelines does not keep it.

    Raises:
        ValueError: For a model with weights, strata, clusters, late entries or a penalty.
        LookupError: Where a Cox model's columns are not given, or are not those it was fitted on.
    """
    inner = getattr(result, "_results", result)
    if type(result).__name__ == "CoxPHFitter":
        return _cox_of_lifelines(result, columns)
    if not type(inner).__module__.startswith("statsmodels") or not hasattr(inner, "params"):
        return None
    if type(inner).__name__ == "PHRegResults":
        return _cox_of_statsmodels(result)
    model, n = result.model, int(result.nobs)
    outcome = _two_values(np.asarray(model.endog, dtype=float))
    events = int(outcome.sum()) if outcome is not None else n
    ratio = "odds_ratio" if type(model).__name__ == "Logit" else ""
    exog = np.asarray(model.exog, dtype=float)
    likelihood = float(result.llf)
    return Regression(
        model=type(model).__name__.lower(),
        coefficients=_coefficients(
            model.exog_names, result.params, result.bse, result.conf_int(), result.pvalues,
            exog=exog, outcome=outcome, is_ratio=bool(ratio),
        ),
        ratio=ratio,
        method="statsmodels",
        standard_errors=str(getattr(result, "cov_type", "model")),
        confidence_level=0.95,
        log_likelihood=likelihood,
        log_likelihood_null=_null(result, likelihood, n),
        n=n,
        events=events,
        cells=((n,) if outcome is None else (events, n - events)) + _told(exog, outcome),
        residual_degrees_of_freedom=int(result.df_resid),
    )  # fmt: skip


def _cox_of_statsmodels(result: Any) -> Regression:
    model = result.model
    if any(getattr(model, one, None) is not None for one in ("entry", "strata")):
        raise ValueError("strata or late entries")
    exog = np.asarray(model.exog, dtype=float)
    return _cox(
        (model.exog_names, result.params, result.bse, result.conf_int(), result.pvalues),
        exog=exog,
        outcome=np.asarray(model.status, dtype=float) > 0,
        likelihoods=(float(result.llf), float(model.loglike(np.zeros(exog.shape[1])))),
        method=f"statsmodels, {model.ties}",
    )


def _cox_of_lifelines(result: Any, columns: Sequence[pd.Series[Any]]) -> Regression:
    inner, names = result._model, list(result.params_.index)  # noqa: SLF001 - kept nowhere else
    plain = (inner.strata, inner.entries, inner.weights_col, inner.cluster_col)
    if any(one is not None for one in plain) or np.any(result.penalizer):
        raise ValueError("weights, strata, clusters, late entries or a penalty")
    given = {str(column.name): column for column in columns}
    exog = np.column_stack([given[name].to_numpy(dtype=float) for name in names])
    mean, spread = inner._norm_mean, inner._norm_std  # noqa: SLF001 - kept nowhere else
    fitted = np.column_stack([mean[names], spread[names]])
    own = np.column_stack([exog.mean(axis=0), exog.std(axis=0, ddof=1)])
    index = given[names[0]].index
    if len(exog) != len(result.event_observed) or not np.allclose(own, fitted):
        raise LookupError("columns of other persons")
    outcome = result.event_observed.reindex(index)  # lifelines has sorted them by day
    if outcome.isna().any():
        raise LookupError("columns of other persons")
    summary = result.summary
    ratio = result.log_likelihood_ratio_test().test_statistic
    likelihood = float(result.log_likelihood_)
    return _cox(
        (names, summary["coef"], summary["se(coef)"], result.confidence_intervals_, summary["p"]),
        exog=exog,
        outcome=outcome.to_numpy(dtype=bool),
        likelihoods=(likelihood, likelihood - float(ratio) / 2),
        method="lifelines, efron",
        confidence_level=1 - float(result.alpha),
        standard_errors="robust" if inner.robust else "model",
    )


def _cox(
    rows: tuple[Any, ...],
    *,
    exog: np.ndarray,
    outcome: np.ndarray,
    likelihoods: tuple[float, float],
    method: str,
    confidence_level: float = 0.95,
    standard_errors: str = "model",
) -> Regression:
    n, events = len(exog), int(outcome.sum())
    return Regression(
        model="cox",
        coefficients=_coefficients(*rows, exog=exog, outcome=outcome, is_ratio=True),
        ratio="hazard_ratio",
        method=method,
        standard_errors=standard_errors,
        confidence_level=confidence_level,
        log_likelihood=likelihoods[0],
        log_likelihood_null=likelihoods[1],
        n=n,
        events=events,
        cells=(events, n - events, *_told(exog, outcome)),
        residual_degrees_of_freedom=n - exog.shape[1],
    )


def _coefficients(
    names: Iterable[Any],
    params: Any,
    errors: Any,
    limits: Any,
    p_values: Any,
    *,
    exog: np.ndarray,
    outcome: np.ndarray | None,
    is_ratio: bool,
) -> tuple[Coefficient, ...]:
    """One per column, those with numbers; each with the counts of the persons it tells of."""
    parts = zip(
        names, np.asarray(params), np.asarray(errors),
        np.asarray(limits, dtype=float), np.asarray(p_values), exog.T, strict=True,
    )  # fmt: skip
    return tuple(
        Coefficient(
            name=str(name),
            estimate=float(estimate),
            standard_error=float(error),
            low=float(low),
            high=float(high),
            p_value=float(p_value),
            exponentiated=_exp(estimate) if is_ratio else math.inf,
            exponentiated_low=_exp(low) if is_ratio else math.inf,
            exponentiated_high=_exp(high) if is_ratio else math.inf,
            n=len(exog),
            cells=_cells(_two_values(column), outcome, len(exog)),
        )
        for name, estimate, error, (low, high), p_value, column in parts
        if all(map(math.isfinite, (estimate, error, low, high, p_value)))
    )


def _two_values(column: np.ndarray) -> np.ndarray | None:
    """Who has the larger of two values; None where there are more, or one."""
    values = np.unique(column)
    return column == values[1] if len(values) == _TWO else None


def _cells(has: np.ndarray | None, outcome: np.ndarray | None, n: int) -> tuple[int, ...]:
    """Persons with and without a level, and the outcome among them."""
    if has is None:
        return (n,) if outcome is None else (int(outcome.sum()), int((~outcome).sum()))
    sides = (has, ~has)
    if outcome is None:
        return tuple(int(side.sum()) for side in sides)
    return tuple(int((side & one).sum()) for side in sides for one in (outcome, ~outcome))


def _told(exog: np.ndarray, outcome: np.ndarray | None) -> tuple[int, ...]:
    """Persons whose mean the model tells: of the reference, and of every pattern if saturated."""
    binary = np.array([len(np.unique(column)) <= _TWO for column in exog.T])
    if not binary.all():
        return ()
    patterns, place = np.unique(exog, axis=0, return_inverse=True)
    if len(patterns) > exog.shape[1]:
        lowest = (exog == exog.min(axis=0)).all(axis=1)
        groups = [lowest]
    else:
        groups = [place.ravel() == i for i in range(len(patterns))]
    sides = [np.ones(len(exog), dtype=bool)] if outcome is None else [outcome, ~outcome]
    return tuple(int((group & side).sum()) for group in groups for side in sides)


def _null(result: Any, likelihood: float, n: int) -> float:
    """The likelihood without covariates; of least squares worked out from the total sum."""
    null = getattr(result, "llnull", None)
    if null is None:
        ratio = float(result.centered_tss) / float(result.ssr)
        return likelihood - n / 2 * math.log(ratio)
    return float(null)


def _exp(value: float) -> float:
    return math.exp(value) if value < _LARGEST_LOG else math.inf
