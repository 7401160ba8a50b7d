"""Parametric time models: by which factor the time until leaving differs with covariates."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from evalkit.results import Regression
from evalkit.statistics.regression.design import Covariate, Levels
from evalkit.statistics.regression.distributions import FAMILIES, Distribution
from evalkit.statistics.regression.parametric_fit import fit_parametric
from evalkit.statistics.regression.summary import as_regression, likelihood_ratio_test, wald_test


def accelerated_failure_time(
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
    confidence_level: float = 0.95,
) -> Regression:
    """Log time ratios in log T = x'b + scale · W, as R's ``survreg`` (Kalbfleisch and Prentice).

    Args:
        frame: One row per person.
        distribution: ``weibull``, ``exponential``, ``rayleigh``, ``lognormal``,
            ``loglogistic``; ``gaussian`` and ``logistic`` model the time itself.
        covariates: Columns, see `design`; the intercept is added.
        days: Column with the time of leaving or last being seen, in days.
        event: Column with 1 where that time is exact and 0 where it is right-censored; all
            are exact when left out.
        lower: Instead of days, column with the limit the time lies above; missing is
            left-censored.
        upper: Column with the limit it lies below; missing is right-censored, equal to the
            lower limit is exact.
        weights: Column of positive case weights.
        cluster: Column naming who belongs together; makes the errors robust.
        levels: Column → its levels, the reference first.
        confidence_level: 0.95 for 95 % intervals.

    Returns:
        Coefficients in the order intercept, columns, ``log_scale`` (not for fixed scales).

    Raises:
        RegressionInputError: If a column is absent or holds impossible values, such as day 0
            where the logarithm is taken.
        CannotBeComputed: ``no_events`` if every time is right-censored (or every one
            left-censored), ``no_variation`` if all times are the same, ``no_convergence``.

    >>> frame = pd.DataFrame({"days": [3, 9, 20, 41], "left": [1, 1, 1, 0], "arm": [1, 1, 0, 0]})
    >>> fit = accelerated_failure_time(
    ...     frame, distribution="exponential", covariates=["arm"], days="days", event="left"
    ... )
    >>> round(fit.coefficients[0].exponentiated)  # 61 days waited for one event
    61
    """
    fit = fit_parametric(
        frame,
        distribution=distribution,
        covariates=covariates,
        days=days,
        event=event,
        lower=lower,
        upper=upper,
        weights=weights,
        cluster=cluster,
        levels=levels,
    )
    return as_regression(
        fit.estimated,
        model=distribution,
        ratio="time_ratio" if FAMILIES[distribution].is_log else "",
        method=distribution,
        standard_errors="model" if fit.robust_covariance is None else "cluster",
        confidence_level=confidence_level,
        tests=(likelihood_ratio_test(fit.estimated), wald_test(fit.estimated)),
        scale=fit.scale,
    )
