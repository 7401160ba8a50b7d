"""Those followed up weighted to resemble everyone: inverse probability of response."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.follow_up.bounds import wilson_by_variance
from evalkit.statistics.follow_up.imputation import known_outcomes
from evalkit.statistics.regression.logistic import maximise_logistic
from evalkit.statistics.regression.model_matrix import Covariate, Levels, model_matrix
from evalkit.statistics.shares.share_counts import interval_estimate, normal_quantile

SMALLEST_CHANCE = 0.01
"""Whoever has a smaller chance of being followed up is like nobody who was."""


def response_weighted_share(
    frame: pd.DataFrame,
    *,
    outcome: str,
    covariates: Sequence[Covariate],
    levels: Levels | None = None,
    confidence_level: float = 0.95,
    group: str = "",
) -> Estimate:
    """The share among those followed up, each weighted by 1 over the chance of being so.

    A weighted mean with chances from a logistic model of the covariates (Robins, Rotnitzky &
    Zhao 1994; Seaman & White 2013). The variance counts the chances as estimated (stacked
    equations); Wilson's interval by the effective number of persons. Like imputation, it
    assumes that among persons alike in the covariates the missing are like the others.

    Args:
        frame: One row per person.
        outcome: Column with 1 or 0, missing for those not followed up.
        covariates: Columns known of everyone, see `design`.
        levels: Column → its levels, the reference first.
        confidence_level: 0.95 for a 95 % interval.
        group: Printed level of the group, empty for everyone.

    Raises:
        RegressionInputError: If a column is absent or holds impossible values.
        CannotBeComputed: ``no_persons``, ``nobody_followed_up``, ``no_events`` as
            `imputed_share`; ``some_never_followed_up`` when the covariates single out
            persons like whom nobody was.

    Edge cases: with nobody missing it is the counted share with Wilson's interval.

    >>> frame = pd.DataFrame({"work": [1, 0, 1, None], "sex": ["woman", "man", "man", "man"]})
    >>> round(response_weighted_share(frame, outcome="work", covariates=["sex"]).value, 4)
    0.625
    """
    z = normal_quantile(confidence_level)
    y, known = known_outcomes(frame, outcome)
    n = len(y)
    value, variance = _weighted(frame, y, known, covariates, levels)
    k = int(y[known].sum())
    return interval_estimate(
        value=value,
        limits=wilson_by_variance(value, variance, n, z),
        unit="share",
        method="wilson_weighted",
        confidence_level=confidence_level,
        n=n,
        cells=(k, int(known.sum()) - k, int((~known).sum())),
        measure="response_weighted_share",
        group=group,
    )


def _weighted(
    frame: pd.DataFrame,
    y: np.ndarray,
    known: np.ndarray,
    covariates: Sequence[Covariate],
    levels: Levels | None,
) -> tuple[float, float]:
    """The weighted share and its variance."""
    n = len(y)
    if known.all():
        return float(y.mean()), float(y.var() / n)
    matrix = model_matrix(frame, covariates, levels=levels, event=known, intercept=True)
    columns = matrix.columns
    fit = maximise_logistic(columns, known, np.ones(n))
    chance = special.expit(fit.parameters @ columns)
    if chance.min() < SMALLEST_CHANCE:
        raise CannotBeComputed("some_never_followed_up", n=n)
    weights = np.where(known, 1 / chance, 0.0)
    value = float(weights @ y / weights.sum())
    residual = np.where(known, y - value, 0.0)
    # What each person does to the share, directly and through the model of the chances.
    direct = weights * residual / weights.mean()
    slope = -(weights * (1 - chance) * residual) @ columns.T / weights.sum()
    through = n * slope @ fit.covariance @ (columns * (known - chance))
    influence = direct + through
    return value, float(influence @ influence) / n**2
