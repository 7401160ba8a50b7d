"""Shares standardised to the same persons: what a logistic model says if all had one level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.regression.inputs import RegressionInputError
from evalkit.statistics.regression.share_models import ShareFit

METHOD = "standardised_delta"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardisedShares:
    """The share if everyone had the one level and if everyone had the other, compared."""

    with_level: Estimate
    without_level: Estimate
    difference: Estimate
    ratio: Estimate


def standardised_shares(
    fit: ShareFit,
    frame: pd.DataFrame,
    *,
    column: str,
    levels: tuple[object, object] = (1, 0),
    confidence_level: float = 0.95,
) -> StandardisedShares:
    """Averages the predictions of a logistic model with one column set the same for all.

    Standardisation (g-computation, Robins 1986) over the persons of ``frame``; errors by
    the delta method from the coefficients' covariance, the persons taken as given.

    Args:
        fit: A logistic model with ``column`` among its covariates.
        frame: The persons to average over.
        column: The covariate that is set.
        levels: The level compared, then the level it is compared with.
        confidence_level: 0.95 for 95 % intervals.

    Raises:
        RegressionInputError: If the column is not in the model.
        CannotBeComputed: ``separation`` if a coefficient of the model is not estimable.
    """
    if fit.model != "logistic":
        raise RegressionInputError("fit", "is not a logistic model")
    used = {n for c in fit.matrix.covariates for n in (c if isinstance(c, tuple) else (c,))}
    if column not in used:
        raise RegressionInputError("column", "is not a covariate of the model")
    if any(reason == "separation" for reason in fit.reasons):
        raise CannotBeComputed("separation")
    with_level, slope_1 = _mean_prediction(fit, _with(frame, column, levels[0]))
    without, slope_0 = _mean_prediction(fit, _with(frame, column, levels[1]))
    z = float(stats.norm.isf((1 - confidence_level) / 2))
    log_slope = slope_1 / with_level - slope_0 / without
    ratio = with_level / without
    spread = z * _error(fit, log_slope)
    shares = [
        _estimate(fit, name, value, z * _error(fit, slope), confidence_level)
        for name, value, slope in (
            ("standardised_share", with_level, slope_1),
            ("standardised_share", without, slope_0),
            ("standardised_difference", with_level - without, slope_1 - slope_0),
        )
    ]
    return StandardisedShares(
        with_level=shares[0],
        without_level=shares[1],
        difference=shares[2],
        ratio=Estimate(
            measure="standardised_ratio",
            value=ratio,
            low=ratio * float(np.exp(-spread)),
            high=ratio * float(np.exp(spread)),
            unit="ratio",
            method=METHOD,
            confidence_level=confidence_level,
            n=fit.n,
            cells=(fit.n, int(fit.outcome.sum())),
        ),
    )


def standard_error(estimate: Estimate) -> float:
    """The standard error a symmetric interval was made from."""
    z = float(stats.norm.isf((1 - estimate.confidence_level) / 2))
    return max(estimate.high - estimate.value, estimate.value - estimate.low) / z


def _with(frame: pd.DataFrame, column: str, level: object) -> pd.DataFrame:
    """A copy of the frame with one column the same for all."""
    changed = frame.copy(deep=False)
    changed[column] = pd.Series([level] * len(frame), index=frame.index)
    return changed


def _mean_prediction(fit: ShareFit, frame: pd.DataFrame) -> tuple[float, np.ndarray]:
    """Mean predicted share and its slope by the coefficients."""
    columns = fit.matrix.rows(frame)
    share = special.expit(fit.coefficients @ columns)
    return float(share.mean()), columns @ (share * (1 - share)) / len(frame)


def _error(fit: ShareFit, slope: np.ndarray) -> float:
    return float(np.sqrt(slope @ fit.covariance @ slope))


def _estimate(
    fit: ShareFit, measure: str, value: float, half: float, confidence_level: float
) -> Estimate:
    is_share = measure == "standardised_share"
    return Estimate(
        measure=measure,
        value=value,
        low=max(0.0 if is_share else -1.0, value - half),
        high=min(1.0, value + half),
        unit="share" if is_share else "share_difference",
        method=METHOD,
        confidence_level=confidence_level,
        n=fit.n,
        cells=(fit.n, int(fit.outcome.sum())),
    )
