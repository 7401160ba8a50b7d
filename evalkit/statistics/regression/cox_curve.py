"""Curves from a Cox model: the share still waiting for a described person, or on average."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from evalkit.results import Curve
from evalkit.statistics.regression import cox_residuals, cox_sums
from evalkit.statistics.regression.cox_fit import CoxFit
from evalkit.statistics.regression.cox_residuals import Paths
from evalkit.statistics.regression.cox_sums import Ties
from evalkit.statistics.regression.inputs import RegressionInputError
from evalkit.statistics.regression.model_matrix import one_person


@dataclass(frozen=True, slots=True)
class HazardPath:
    """Cumulative hazard at each event day with its standard error."""

    days: np.ndarray
    cumulative_hazard: np.ndarray
    standard_error: np.ndarray

    def at(self, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cumulative hazard and its standard error on given days: steps, never a slope."""
        place = np.searchsorted(self.days, days, side="right")
        hazard = np.concatenate(([0.0], self.cumulative_hazard))
        error = np.concatenate(([0.0], self.standard_error))
        return hazard[place], error[place]


def predicted_hazard(
    fit: CoxFit,
    profile: Mapping[str, object],
    *,
    stratum: int = 0,
    baseline: Ties | None = None,
) -> HazardPath:
    """Cumulative hazard of a described person, as R's ``survfit.coxph``.

    Sum of the baseline hazard (Breslow's, or Efron's share of it at ties) times the
    person's hazard ratio; the variance holds both the baseline's and the coefficients'
    (Tsiatis 1981), with the robust covariance where the model has one.

    Args:
        fit: The fitted model.
        profile: Covariate → value of the person.
        stratum: Number of the stratum whose baseline is used, in sorted order from 0.
        baseline: Handling of ties in the baseline; the model's own when left out.

    Raises:
        RegressionInputError: If the profile lacks a covariate or there is no such stratum.
    """
    if not 0 <= stratum < len(fit.sets.first_cell) - 1:
        raise RegressionInputError("stratum", "no such stratum")
    described = one_person(fit.matrix.covariates, profile)
    person = fit.matrix.scaled_rows(described)[:, 0]
    cells = slice(fit.sets.first_cell[stratum] + 1, fit.sets.first_cell[stratum + 1])
    path, variance = _baseline(fit, baseline or fit.hazard_ties)
    first = cells.start - 1
    hazard = path.hazard[cells] - path.hazard[first]
    gap = path.mean[:, cells] - path.mean[:, [first]] - person[:, None] * hazard
    covariance = fit.covariance if fit.robust_covariance is None else fit.robust_covariance
    scaled = covariance * np.outer(fit.matrix.scale, fit.matrix.scale)
    spread = variance[cells] - variance[first] + np.einsum("ic,ij,jc->c", gap, scaled, gap)
    ratio = float(np.exp(fit.maximum.parameters @ person))
    return HazardPath(fit.sets.times[cells], ratio * hazard, ratio * np.sqrt(spread))


def predicted_curve(
    fit: CoxFit,
    profile: Mapping[str, object],
    *,
    stratum: int = 0,
    confidence_level: float = 0.95,
) -> Curve:
    """Share not yet left, for a described person, with log intervals as in R.

    The curve of one profile is an answer of the model; it says nothing beyond the last
    event of the stratum.

    >>> import pandas as pd
    >>> from evalkit.statistics.regression.cox_fit import fit_cox
    >>> aml = pd.DataFrame({"days": [9, 13, 28, 45, 5, 8, 12, 23], "left": [1, 1, 0, 1, 1, 1, 1, 1],
    ...     "course": [1, 1, 1, 1, 0, 0, 0, 0]})
    >>> fit = fit_cox(aml, days="days", event="left", covariates=["course"])
    >>> predicted_curve(fit, {"course": 1}).steps["value"].round(4).tolist()  # R: survfit
    [0.9455, 0.8821, 0.805, 0.7278, 0.6235, 0.5193, 0.191]
    """
    path = predicted_hazard(fit, profile, stratum=stratum)
    z = float(stats.norm.isf((1 - confidence_level) / 2))
    value = np.exp(-path.cumulative_hazard)
    place = slice(fit.sets.first_cell[stratum] + 1, fit.sets.first_cell[stratum + 1])
    ones = cox_sums.cell_sums(np.zeros((0, fit.rows.n)), fit.sets, np.zeros(0))
    steps = pd.DataFrame(
        {
            "group": "",
            "cause": "",
            "day": path.days,
            "at_risk": ones.risk[place],
            "events": fit.sets.event_weight[place],
            "censored": _last_seen(fit)[place],
            "value": value,
            "standard_error": value * path.standard_error,
            "low": value * np.exp(-z * path.standard_error),
            "high": np.minimum(1.0, value * np.exp(z * path.standard_error)),
        }
    )
    return Curve(
        measure="survival",
        steps=steps,
        method="log",
        confidence_level=confidence_level,
        persons={"": fit.rows.n},
        follow_up_days={"": float(path.days[-1])},
    )


def _last_seen(fit: CoxFit) -> np.ndarray:
    """Weight of those last seen, still waiting, from each event day to before the next."""
    waiting, weights = ~fit.sets.event, fit.sets.weights
    weight = None if weights is None else weights[waiting]
    counted = np.bincount(fit.sets.last[waiting], weight, fit.sets.n_cells)
    return counted.astype(float)


def averaged_survival(
    fit: CoxFit, frame: pd.DataFrame, days: np.ndarray, *, stratum: int = 0
) -> np.ndarray:
    """Mean over the rows of a frame of the predicted share not yet left on given days.

    The g-formula (Robins 1986): set a column to the same level for everyone and compare.
    """
    ratio = np.exp(fit.maximum.parameters @ fit.matrix.scaled_rows(frame))
    path, _ = _baseline(fit, fit.hazard_ties)
    first, stop = fit.sets.first_cell[stratum], fit.sets.first_cell[stratum + 1]
    place = np.searchsorted(fit.sets.times[first:stop], days, side="right") - 1
    hazard = path.hazard[first:stop][place] - path.hazard[first]
    return np.array([float(np.exp(-h * ratio).mean()) for h in hazard])


def _baseline(fit: CoxFit, ties: Ties) -> tuple[Paths, np.ndarray]:
    """Cumulative sums over the cells and the cumulative variance of the baseline hazard."""
    sums = cox_sums.cell_sums(fit.matrix.columns, fit.sets, fit.maximum.parameters)
    steps = cox_sums.tie_sums(fit.sets, sums, ties)
    jump = np.divide(steps.share, sums.risk**2, out=np.zeros_like(sums.risk), where=sums.risk > 0)
    variance = np.cumsum(jump * steps.square)
    return cox_residuals.paths(fit.sets, sums, steps), variance
