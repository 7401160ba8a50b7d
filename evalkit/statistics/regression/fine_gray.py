"""Fine–Gray regression: how the share that has left one way by a day differs with covariates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from evalkit.results import CannotBeComputed, Regression
from evalkit.statistics.regression import cox_sums, fine_gray_sums
from evalkit.statistics.regression.design import Covariate, Levels
from evalkit.statistics.regression.fine_gray_sums import WeightedRisks, censoring_distribution
from evalkit.statistics.regression.inputs import (
    SurvivalRows,
    numbers,
    refuse,
    same_times,
)
from evalkit.statistics.regression.maximise import maximise
from evalkit.statistics.regression.model_matrix import model_matrix
from evalkit.statistics.regression.risk_sets import risk_sets
from evalkit.statistics.regression.summary import (
    as_regression,
    likelihood_ratio_test,
    wald_test,
)
from evalkit.statistics.sandwich import sandwich, score_products


def fine_gray(
    frame: pd.DataFrame,
    *,
    days: str,
    cause: str,
    cause_of_interest: int,
    covariates: Sequence[Covariate],
    levels: Levels | None = None,
    confidence_level: float = 0.95,
) -> Regression:
    """Log subdistribution hazard ratios (Fine and Gray 1999), as R's ``cmprsk::crr``.

    A ratio above one means that a larger share has left this way by any given day. Those
    who left another way stay in the risk set with the chance of not being censored since. Ties as
    Breslow's; the sandwich counts the censoring weights as estimated.

    Args:
        frame: One row per person, all seen from day 0.
        days: Column with the day of leaving or last being seen.
        cause: Column of whole numbers: 0 = still there when last seen, 1, 2 … = way of leaving.
        cause_of_interest: The number of the way in question.
        covariates: Columns, see `design`.
        levels: Column → its levels, the reference first.
        confidence_level: 0.95 for 95 % intervals.

    Raises:
        RegressionInputError: If a column is absent or holds impossible values.
        CannotBeComputed: ``no_events`` if nobody left this way, ``no_convergence``.

    >>> frame = pd.DataFrame({"days": [1, 2, 3, 4], "way": [1, 2, 1, 0], "arm": [0, 1, 1, 0]})
    >>> fit = fine_gray(frame, days="days", cause="way", cause_of_interest=1, covariates=["arm"])
    >>> fit.ratio, fit.events
    ('subdistribution_hazard_ratio', 2)
    """
    risks = _weighted_risks(frame, days, cause, cause_of_interest)
    event = risks.sets.event
    matrix = model_matrix(frame, covariates, levels=levels, event=event, intercept=False)
    columns = matrix.columns
    totals = cox_sums.event_totals(columns, risks.sets)
    top = maximise(
        lambda b: fine_gray_sums.evaluate(columns, risks, b, totals), np.zeros(len(columns))
    )
    residuals = fine_gray_sums.score_residuals(columns, risks, top.parameters)
    covariance = sandwich(top.covariance, score_products(residuals))
    made = matrix.estimated(top, covariance, n=risks.sets.n_rows, events=int(event.sum()))
    return as_regression(
        made,
        model="fine_gray",
        ratio="subdistribution_hazard_ratio",
        method=fine_gray_sums.TIES,
        standard_errors="estimated_weights",
        confidence_level=confidence_level,
        tests=(
            likelihood_ratio_test(made, name="pseudo_likelihood_ratio"),
            wald_test(made),
        ),
        further_cells=(len(risks.competing),),
    )


def _weighted_risks(frame: pd.DataFrame, days: str, cause: str, of_interest: int) -> WeightedRisks:
    day, way = numbers(frame, days, "days"), numbers(frame, cause, "cause")
    refuse("days", "negative", day < 0)
    refuse("cause", "not a whole number from 0", (way < 0) | (way != np.rint(way)))
    day, _ = same_times(day, None)
    event, censored = way == of_interest, way == 0
    if not event.any() or of_interest == 0:
        raise CannotBeComputed("no_events", n=len(frame))
    censoring = censoring_distribution(day, censored)
    sets = risk_sets(SurvivalRows(days=day, event=event))
    competing = np.flatnonzero(~event & ~censored)
    return WeightedRisks(
        sets=sets,
        competing=competing,
        inverse=1 / censoring.free_before(day[competing]),
        cell_free=censoring.free_before(sets.times),
        days=day,
        censored=censored,
        censoring=censoring,
    )
