"""Fine–Gray regression: how the share that has left one way by a day differs with covariates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, Regression
from evalkit.statistics.regression import cox_sums, fine_gray_sums
from evalkit.statistics.regression.cox_sums import Ties
from evalkit.statistics.regression.design import Covariate, Levels
from evalkit.statistics.regression.fine_gray_sums import WeightedRisks, censoring_distribution
from evalkit.statistics.regression.inputs import (
    SurvivalRows,
    clusters_of,
    numbers,
    refuse,
    same_times,
)
from evalkit.statistics.regression.maximise import Maximum, maximise
from evalkit.statistics.regression.model_matrix import ModelMatrix, model_matrix
from evalkit.statistics.regression.risk_sets import risk_sets
from evalkit.statistics.regression.summary import (
    Estimated,
    as_regression,
    likelihood_ratio_test,
    wald_test,
)
from evalkit.statistics.sandwich import sandwich, score_products

Weighting = Literal["crr", "finegray"]
Errors = Literal["estimated_weights", "known_weights", "model"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FineGrayFit:
    """A fitted Fine–Gray model: scaled columns, the maximum in them, and own units."""

    matrix: ModelMatrix
    maximum: Maximum
    coefficients: np.ndarray
    covariance: np.ndarray
    standard_errors: Errors
    ties: Ties
    risks: WeightedRisks

    @property
    def estimated(self) -> Estimated:
        return Estimated(
            names=self.matrix.names,
            estimates=self.coefficients,
            covariance=self.covariance,
            reasons=self.maximum.reasons,
            behind=self.matrix.behind,
            log_likelihood=self.maximum.log_likelihood,
            log_likelihood_null=self.maximum.start.log_likelihood,
            n=self.risks.sets.n_rows,
            events=int(self.risks.sets.event.sum()),
        )


def fine_gray(
    frame: pd.DataFrame,
    *,
    days: str,
    cause: str,
    cause_of_interest: int,
    covariates: Sequence[Covariate],
    cluster: str | None = None,
    levels: Levels | None = None,
    ties: Ties = "breslow",
    weighting: Weighting = "crr",
    standard_errors: Errors | None = None,
    confidence_level: float = 0.95,
) -> Regression:
    """Log subdistribution hazard ratios (Fine and Gray 1999), as R's ``cmprsk::crr``.

    A ratio above one means that a larger share has left this way by any given day. Those
    who left another way stay in the risk set with the chance of not being censored since.

    Args:
        frame: One row per person, all seen from day 0.
        days: Column with the day of leaving or last being seen.
        cause: Column of whole numbers: 0 = still there when last seen, 1, 2 … = way of leaving.
        cause_of_interest: The number of the way in question.
        covariates: Columns, see `design`.
        cluster: Column naming who belongs together; sums the sandwich by cluster.
        levels: Column → its levels, the reference first.
        ties: ``breslow`` as ``crr``, or ``efron``.
        weighting: Whether those who leave on a day count among those who could be
            censored that day: yes as ``crr``, no as survival's ``finegray``.
        standard_errors: The sandwich with the censoring weights as estimated (as ``crr``)
            or as known (as ``finegray`` with ``coxph``), or the inverse information. When
            left out, what the chosen weighting's R function gives.
        confidence_level: 0.95 for 95 % intervals.

    Raises:
        RegressionInputError: If a column is absent or holds impossible values.
        CannotBeComputed: ``no_events`` if nobody left this way, ``no_convergence``.

    >>> frame = pd.DataFrame({"days": [1, 2, 3, 4], "way": [1, 2, 1, 0], "arm": [0, 1, 1, 0]})
    >>> fit = fine_gray(frame, days="days", cause="way", cause_of_interest=1, covariates=["arm"])
    >>> fit.ratio, fit.events
    ('subdistribution_hazard_ratio', 2)
    """
    check_option("ties", ties, Ties)
    check_option("weighting", weighting, Weighting)
    check_option("standard_errors", standard_errors, Errors | None)
    fit = fit_fine_gray(
        frame,
        days=days,
        cause=cause,
        cause_of_interest=cause_of_interest,
        covariates=covariates,
        cluster=cluster,
        levels=levels,
        ties=ties,
        weighting=weighting,
        standard_errors=standard_errors,
    )
    return as_regression(
        fit.estimated,
        model="fine_gray",
        ratio="subdistribution_hazard_ratio",
        method=ties,
        standard_errors=fit.standard_errors,
        confidence_level=confidence_level,
        tests=(
            likelihood_ratio_test(fit.estimated, name="pseudo_likelihood_ratio"),
            wald_test(fit.estimated),
        ),
        further_cells=(len(fit.risks.competing),),
    )


def fit_fine_gray(
    frame: pd.DataFrame,
    *,
    days: str,
    cause: str,
    cause_of_interest: int,
    covariates: Sequence[Covariate],
    cluster: str | None = None,
    levels: Levels | None = None,
    ties: Ties = "breslow",
    weighting: Weighting = "crr",
    standard_errors: Errors | None = None,
) -> FineGrayFit:
    """The fitted model behind `fine_gray`, with the same arguments."""
    check_option("ties", ties, Ties)
    check_option("weighting", weighting, Weighting)
    check_option("standard_errors", standard_errors, Errors | None)
    risks = _weighted_risks(frame, days, cause, cause_of_interest, weighting)
    event = risks.sets.event
    matrix = model_matrix(frame, covariates, levels=levels, event=event, intercept=False)
    columns = matrix.columns
    totals = cox_sums.event_totals(columns, risks.sets)
    maximum = maximise(
        lambda b: fine_gray_sums.evaluate(columns, risks, b, ties, totals), np.zeros(len(columns))
    )
    usual: Errors = "estimated_weights" if weighting == "crr" else "known_weights"
    errors = standard_errors or usual
    clusters = clusters_of(frame, cluster)
    back = matrix.back()
    return FineGrayFit(
        matrix=matrix,
        maximum=maximum,
        coefficients=back @ maximum.parameters,
        covariance=back @ _covariance(columns, risks, maximum, ties, errors, clusters) @ back.T,
        standard_errors=errors,
        ties=ties,
        risks=risks,
    )


def _weighted_risks(
    frame: pd.DataFrame, days: str, cause: str, of_interest: int, weighting: Weighting
) -> WeightedRisks:
    day, way = numbers(frame, days, "days"), numbers(frame, cause, "cause")
    refuse("days", "negative", day < 0)
    refuse("cause", "not a whole number from 0", (way < 0) | (way != np.rint(way)))
    day, _ = same_times(day, None)
    event, censored = way == of_interest, way == 0
    if not event.any() or of_interest == 0:
        raise CannotBeComputed("no_events", n=len(frame))
    censoring = censoring_distribution(
        day, censored, ties="together" if weighting == "crr" else "events_first"
    )
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


def _covariance(
    columns: np.ndarray,
    risks: WeightedRisks,
    maximum: Maximum,
    ties: Ties,
    errors: Errors,
    clusters: np.ndarray | None,
) -> np.ndarray:
    bread = maximum.covariance
    if errors == "model":
        return bread
    residuals = fine_gray_sums.score_residuals(
        columns,
        risks,
        maximum.parameters,
        ties,
        with_censoring=errors == "estimated_weights",
    )
    return sandwich(bread, score_products(residuals, clusters))
