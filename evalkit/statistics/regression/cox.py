"""Cox regression: how the hazard of leaving differs with the covariates.

`cox` gives the coefficients as a `Regression`, `fit_cox` the fitted model behind it.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from evalkit.options import check_option
from evalkit.results import Regression, TestResult
from evalkit.statistics.regression.cox_fit import CoxFit, StandardErrors, fit_cox
from evalkit.statistics.regression.cox_sums import Ties
from evalkit.statistics.regression.design import Covariate, Levels
from evalkit.statistics.regression.maximise import quadratic_form
from evalkit.statistics.regression.summary import (
    as_regression,
    chi_square_test,
    likelihood_ratio_test,
    wald_test,
)


def cox(
    frame: pd.DataFrame,
    *,
    days: str,
    event: str,
    covariates: Sequence[Covariate],
    entry: str | None = None,
    strata: str | Sequence[str] | None = None,
    weights: str | None = None,
    cluster: str | None = None,
    levels: Levels | None = None,
    ties: Ties = "efron",
    standard_errors: StandardErrors | None = None,
    confidence_level: float = 0.95,
) -> Regression:
    """Log hazard ratios by Cox's partial likelihood (Cox 1972), as R's ``coxph``.

    Ties by Efron (1977) or Breslow (1974). A person is at
    risk at t when entry < t <= days. Robust standard errors are the infinitesimal
    jackknife of Lin and Wei (1989), summed by ``cluster`` also across strata.

    Args:
        frame: One row per spell, or several per person with ``entry`` (start–stop rows).
        days: Column with the time of leaving or last being seen, in days.
        event: Column with 1 (or True) where the row ends with the event, else 0.
        covariates: Columns, see `design`; a tuple is an interaction.
        entry: Column with the day a row comes under observation.
        strata: Column(s) whose levels each have a baseline of their own.
        weights: Column of positive case weights.
        cluster: Column naming who belongs together; makes the errors robust.
        levels: Column → its levels, the reference first.
        ties: ``efron`` or ``breslow``.
        standard_errors: ``model`` or ``robust``; when left out, robust if there are
            clusters or weights that are not whole numbers.
        confidence_level: 0.95 for 95 % intervals.

    Returns:
        Coefficients with their ratios. One that diverges because a level has no events
        (or nothing but the first events) is `NotEstimable` with reason ``separation``; a
        copy of other columns has reason ``collinear``. The other coefficients hold.

    Raises:
        RegressionInputError: If a column is absent or holds impossible values.
        CannotBeComputed: ``no_events`` without a single event, ``no_convergence``.

    >>> frame = pd.DataFrame({"days": [1, 2, 3, 4], "left": [1, 1, 1, 0], "arm": [0, 1, 0, 1]})
    >>> round(cox(frame, days="days", event="left", covariates=["arm"]).coefficients[0].estimate, 3)
    -0.941
    """
    check_option("ties", ties, Ties)
    check_option("standard_errors", standard_errors, StandardErrors | None)
    fit = fit_cox(
        frame,
        days=days,
        event=event,
        covariates=covariates,
        entry=entry,
        strata=strata,
        weights=weights,
        cluster=cluster,
        levels=levels,
        ties=ties,
        standard_errors=standard_errors,
    )
    return summarise(fit, confidence_level=confidence_level)


def summarise(fit: CoxFit, *, confidence_level: float = 0.95) -> Regression:
    """The coefficients, tests and counts of a fitted Cox model."""
    errors = "model"
    if fit.robust_covariance is not None:
        errors = "robust" if fit.rows.clusters is None else "cluster"
    return as_regression(
        fit.estimated,
        model="cox",
        ratio="hazard_ratio",
        method=fit.ties,
        standard_errors=errors,
        confidence_level=confidence_level,
        tests=_tests(fit),
    )


def _tests(fit: CoxFit) -> tuple[TestResult, ...]:
    made, start = fit.estimated, fit.maximum.start
    df = int(made.has_information.sum())
    score = quadratic_form(start.score, start.information, made.has_information)
    tests = (
        likelihood_ratio_test(made),
        chi_square_test("score", score, df, made),
        wald_test(made),
    )
    if fit.robust_score is None:
        return tests
    return (*tests, chi_square_test("robust_score", fit.robust_score, df, made))
