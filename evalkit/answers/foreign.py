"""Results of libraries that authors use: lifelines' curves and statsmodels' models, by their form.

Neither library is loaded here: what is handed over has loaded its own.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from evalkit.results import Coefficient, Regression

_TWO = 2
_LARGEST_LOG = 20.0


def fitted_durations(result: Any) -> tuple[np.ndarray, np.ndarray] | None:
    """Days and whether they ended, of persons behind a Kaplan–Meier curve of lifelines.

    Raises:
        ValueError: For a curve with weights or late entries, which nobody can count again.
    """
    if type(result).__name__ != "KaplanMeierFitter" or not hasattr(result, "durations"):
        return None
    weights = np.asarray(result.weights, dtype=float)
    if result.entry is not None or (weights != 1).any():
        raise ValueError("weights or late entries")
    days = np.asarray(result.durations, dtype=float)
    return days, np.asarray(result.event_observed, dtype=float).astype(int)


def regression_of(result: Any) -> Regression | None:
    """A fitted model of statsmodels as our shape, with the counts that can be read from it."""
    inner = getattr(result, "_results", result)
    if not type(inner).__module__.startswith("statsmodels") or not hasattr(inner, "params"):
        return None
    model, n = result.model, int(result.nobs)
    outcome = _two_values(np.asarray(model.endog, dtype=float))
    events = int(outcome.sum()) if outcome is not None else n
    ratio = "odds_ratio" if type(model).__name__ == "Logit" else ""
    exog = np.asarray(model.exog, dtype=float)
    limits = np.asarray(result.conf_int(), dtype=float)
    parts = zip(
        model.exog_names, np.asarray(result.params), np.asarray(result.bse),
        limits, np.asarray(result.pvalues), exog.T, strict=True,
    )  # fmt: skip
    coefficients = tuple(
        Coefficient(
            name=str(name),
            estimate=float(estimate),
            standard_error=float(error),
            low=float(low),
            high=float(high),
            p_value=float(p_value),
            exponentiated=_exp(estimate) if ratio else math.inf,
            exponentiated_low=_exp(low) if ratio else math.inf,
            exponentiated_high=_exp(high) if ratio else math.inf,
            n=n,
            cells=_cells(_two_values(column), outcome, n),
        )
        for name, estimate, error, (low, high), p_value, column in parts
        if all(map(math.isfinite, (estimate, error, low, high, p_value)))
    )
    likelihood = float(result.llf)
    return Regression(
        model=type(model).__name__.lower(),
        coefficients=coefficients,
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
