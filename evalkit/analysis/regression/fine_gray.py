"""Fine–Gray regression: how the share that has left one way by a day differs with covariates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from evalkit.analysis.regression import cox_sums, fine_gray_sums
from evalkit.analysis.regression.censoring import censoring_distribution
from evalkit.analysis.regression.cox_sums import Ties
from evalkit.analysis.regression.design import (
    Covariate,
    Levels,
    design,
    levels_in_use,
    row_for,
    standardise,
)
from evalkit.analysis.regression.fine_gray_sums import WeightedRisks
from evalkit.analysis.regression.inputs import (
    SurvivalRows,
    codes,
    numbers,
    refuse,
    same_times,
)
from evalkit.analysis.regression.maximise import (
    COLLINEAR_REASON,
    Maximum,
    maximise,
    quadratic_form,
)
from evalkit.analysis.regression.risk_sets import risk_sets
from evalkit.analysis.regression.summary import (
    Behind,
    behind_columns,
    chi_square_test,
    coefficient_rows,
)
from evalkit.results import CannotBeComputed, Regression

Weighting = Literal["crr", "finegray"]
Errors = Literal["estimated_weights", "known_weights", "model"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FineGrayFit:
    """A fitted Fine–Gray model; ``columns`` are centred and scaled as in a Cox model."""

    names: tuple[str, ...]
    coefficients: np.ndarray
    covariance: np.ndarray
    standard_errors: str
    ties: Ties
    maximum: Maximum
    columns: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    risks: WeightedRisks
    covariates: tuple[Covariate, ...]
    levels: Levels
    behind: tuple[Behind, ...]


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
    top, sets = fit.maximum, fit.risks.sets
    n, events = sets.n_rows, int(sets.event.sum())
    informative = np.array([reason != COLLINEAR_REASON for reason in top.reasons])
    estimated = int(top.is_estimated.sum())
    ratio = 2 * (top.log_likelihood - top.start.log_likelihood)
    wald = quadratic_form(fit.coefficients, fit.covariance, top.is_estimated)
    return Regression(
        model="fine_gray",
        coefficients=coefficient_rows(
            fit.names,
            fit.coefficients,
            fit.covariance,
            top.reasons,
            list(fit.behind),
            confidence_level=confidence_level,
        ),
        ratio="subdistribution_hazard_ratio",
        method=ties,
        standard_errors=fit.standard_errors,
        confidence_level=confidence_level,
        log_likelihood=top.log_likelihood,
        log_likelihood_null=top.start.log_likelihood,
        n=n,
        events=events,
        cells=(n, events, len(fit.risks.competing)),
        residual_degrees_of_freedom=n - estimated,
        tests=(
            chi_square_test(
                "pseudo_likelihood_ratio", ratio, int(informative.sum()), n, (n, events)
            ),
            chi_square_test("wald", wald, estimated, n, (n, events)),
        ),
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
    risks = _weighted_risks(frame, days, cause, cause_of_interest, weighting)
    made = design(frame, covariates, levels=levels)
    behind = behind_columns(made.columns, made.is_level, risks.sets.event)
    centre, scale = standardise(made.columns)
    columns, events = made.columns, cox_sums.event_totals(made.columns, risks.sets)
    maximum = maximise(
        lambda b: fine_gray_sums.evaluate(columns, risks, b, ties, events), np.zeros(len(columns))
    )
    usual: Errors = "estimated_weights" if weighting == "crr" else "known_weights"
    errors = standard_errors or usual
    clusters = None if cluster is None else codes(frame, cluster, "cluster")
    covariance = _covariance(columns, risks, maximum, ties, errors, clusters)
    return FineGrayFit(
        names=made.names,
        coefficients=maximum.parameters / scale,
        covariance=covariance / np.outer(scale, scale),
        standard_errors=errors,
        ties=ties,
        maximum=maximum,
        columns=columns,
        centre=centre,
        scale=scale,
        risks=risks,
        covariates=tuple(covariates),
        levels=levels_in_use(frame, covariates, levels),
        behind=tuple(behind),
    )


def predicted_incidence(
    fit: FineGrayFit, profile: Mapping[str, object], days: np.ndarray
) -> np.ndarray:
    """Share of persons like the one described who have left this way by the given days."""
    row = row_for(fit.covariates, profile, levels=fit.levels, names=fit.names)
    person = (row - fit.centre) / fit.scale
    path = fine_gray_sums.cumulative_hazard(fit.columns, fit.risks, fit.maximum.parameters)
    place = np.searchsorted(fit.risks.sets.times, days, side="right") - 1
    hazard = path.hazard[place] * np.exp(fit.maximum.parameters @ person)
    result: np.ndarray = -np.expm1(-hazard)
    return result


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
    if clusters is not None:
        residuals = np.array([np.bincount(clusters, row) for row in residuals])
    result: np.ndarray = bread @ (residuals @ residuals.T) @ bread
    return result
