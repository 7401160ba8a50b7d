"""Fine–Gray regression: how the share that has left one way by a day differs with covariates.

Partial likelihood and residuals from sums per event time. Whoever left by another way stays in
the risk sets after that day, with the weight G(t−)/G(T−): the chance of not being censored
between leaving and t (Fine and Gray 1999).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.results import CannotBeComputed, Regression
from evalkit.statistics.regression import cox_residuals, cox_sums
from evalkit.statistics.regression.cox_sums import CellSums, Ties, TieSums
from evalkit.statistics.regression.inputs import (
    SurvivalRows,
    numbers,
    refuse,
    same_times,
)
from evalkit.statistics.regression.maximise import Evaluation, maximise
from evalkit.statistics.regression.model_matrix import Covariate, Levels, model_matrix
from evalkit.statistics.regression.risk_sets import RiskSets, risk_sets
from evalkit.statistics.regression.summary import (
    as_regression,
    likelihood_ratio_test,
    wald_test,
)
from evalkit.statistics.sandwich import sandwich, score_products

TIES: Ties = "breslow"


@dataclass(frozen=True, slots=True)
class WeightedRisks:
    """Risk sets of the outcome of interest and the weights of those who left another way.

    Attributes:
        sets: Risk sets with the outcome of interest as the event.
        competing: ``(k,)`` positions of the rows that left another way.
        inverse: ``(k,)`` 1 / G(T−) of those rows.
        cell_free: ``(m,)`` G(t−) of the cells.
        days: ``(n,)`` all days.
        censored: ``(n,)`` whether the row was censored.
        censoring: Its distribution.
    """

    sets: RiskSets
    competing: np.ndarray
    inverse: np.ndarray
    cell_free: np.ndarray
    days: np.ndarray
    censored: np.ndarray
    censoring: Censoring


def weighted_sums(columns: np.ndarray, risks: WeightedRisks, coefficients: np.ndarray) -> CellSums:
    """Sums over the weighted risk sets and over the events of each cell."""
    still_there, tied, p = cox_sums.raw_sums(columns, risks.sets, coefficients)
    earlier = _left_before(columns, risks, coefficients)
    return cox_sums.as_cell_sums(still_there + earlier * risks.cell_free, tied, p)


def evaluate(
    columns: np.ndarray,
    risks: WeightedRisks,
    coefficients: np.ndarray,
    events: np.ndarray,
) -> Evaluation:
    """Log pseudo-likelihood with score and information."""
    sums = weighted_sums(columns, risks, coefficients)
    steps = cox_sums.tie_sums(risks.sets, sums, TIES)
    return Evaluation(
        log_likelihood=float(coefficients @ events - steps.share @ steps.log),
        score=events - cox_sums.expected_covariates(sums, steps).sum(axis=1),
        information=cox_sums.information(sums, steps),
    )


def score_residuals(
    columns: np.ndarray,
    risks: WeightedRisks,
    coefficients: np.ndarray,
) -> np.ndarray:
    """``(p, n)`` each person's part of the score, weights taken as estimated (1999, section 4)."""
    sums = weighted_sums(columns, risks, coefficients)
    steps = cox_sums.tie_sums(risks.sets, sums, TIES)
    path = cox_residuals.paths(risks.sets, sums, steps)
    residuals = np.empty_like(columns)
    blocks = cox_residuals.score_residual_blocks(columns, risks.sets, coefficients, path)
    for rows, block in blocks:
        residuals[:, rows] = block
    later = _Later.of(risks, sums, steps)
    x = columns[:, risks.competing]
    weight = cox_sums.relative_risks(x, coefficients, risks.inverse)
    after = risks.sets.last[risks.competing] + 1
    residuals[:, risks.competing] -= weight * (x * later.hazard[after] - later.mean[:, after])
    return np.asarray(residuals + _censoring_part(columns, risks, coefficients, later))


@dataclass(frozen=True, slots=True)
class _Later:
    """G-weighted hazard, and hazard-weighted mean covariate, from each cell to the end."""

    hazard: np.ndarray
    mean: np.ndarray

    @classmethod
    def of(cls, risks: WeightedRisks, sums: CellSums, steps: TieSums) -> _Later:
        one, tied = sums.at_risk.one, sums.tied.one
        share = steps.share * risks.cell_free
        share = np.divide(share, sums.risk, out=np.zeros_like(share), where=sums.risk > 0)
        jump = share * steps.inverse
        mean = share * (one * steps.square - tied * steps.square_f)
        return cls(_from_here_on(jump[None])[0], _from_here_on(mean))


def _from_here_on(values: np.ndarray) -> np.ndarray:
    """Sums from each position to the end, with a zero for "beyond the end"."""
    sums = np.cumsum(values[:, ::-1], axis=1)[:, ::-1]
    return np.concatenate((sums, np.zeros((len(values), 1))), axis=1)


def _left_before(columns: np.ndarray, risks: WeightedRisks, coefficients: np.ndarray) -> np.ndarray:
    """Moments, divided by G(T−), of those who left another way before each cell."""
    p, m = len(columns), risks.sets.n_cells
    total = np.zeros((1 + p + p * (p + 1) // 2, m))
    for block in cox_sums.blocks(len(risks.competing), m):
        rows = risks.competing[block]
        x = columns[:, rows]
        weight = cox_sums.relative_risks(x, coefficients, risks.inverse[block])
        cox_sums.add_moments(total, x, risks.sets.last[rows].astype(np.intp), weight)
    total = np.cumsum(total, axis=1)
    total[:, 1:] = total[:, :-1]
    total[:, 0] = 0.0
    return total


def _censoring_part(
    columns: np.ndarray, risks: WeightedRisks, coefficients: np.ndarray, later: _Later
) -> np.ndarray:
    """ψ: what each person's censoring, seen or not, adds through the estimated weights."""
    censoring = risks.censoring
    slope = _sensitivity(columns, risks, coefficients, later) / censoring.at_risk
    compensator = np.cumsum(slope * censoring.censored / censoring.at_risk, axis=1)
    compensator = np.concatenate((np.zeros((len(columns), 1)), compensator), axis=1)
    up_to = np.searchsorted(censoring.days, risks.days, side="right")
    part = -compensator[:, up_to]
    part[:, risks.censored] += slope[:, up_to[risks.censored] - 1]
    return part


def _sensitivity(
    columns: np.ndarray, risks: WeightedRisks, coefficients: np.ndarray, later: _Later
) -> np.ndarray:
    """q(u): how the score answers to a censoring on each censoring day, ``(p, days)``.

    Fine and Gray's indicator s ≥ u > T: who left another way before u, events from u on.
    """
    x = columns[:, risks.competing]
    weight = cox_sums.relative_risks(x, coefficients, risks.inverse)
    days = risks.censoring.days
    place = np.searchsorted(days, risks.days[risks.competing], side="right")
    size = len(days) + 1
    zero = np.cumsum(np.bincount(place, weight, size))[:-1]
    one = np.cumsum([np.bincount(place, weight * row, size) for row in x], axis=1)[:, :-1]
    first = np.searchsorted(risks.sets.times, days, side="left")
    result: np.ndarray = one * later.hazard[first] - zero * later.mean[:, first]
    return result


@dataclass(frozen=True, slots=True)
class Censoring:
    """Kaplan–Meier of the censoring times.

    Attributes:
        days: Distinct days with a censoring.
        censored: Number censored on each.
        at_risk: Number who could be censored on each.
        before: Chance of not being censored before each day, with 1 + len(days) values.
    """

    days: np.ndarray
    censored: np.ndarray
    at_risk: np.ndarray
    before: np.ndarray

    def free_before(self, at: np.ndarray) -> np.ndarray:
        """Chance of not having been censored before the given days."""
        result: np.ndarray = self.before[np.searchsorted(self.days, at, side="left")]
        return result


def censoring_distribution(days: np.ndarray, is_censored: np.ndarray) -> Censoring:
    """Kaplan–Meier estimate with censoring as the event.

    Whoever leaves on a day could still have been censored that day, as in cmprsk.
    """
    times, censored = np.unique(days[is_censored], return_counts=True)
    order = np.sort(days)
    at_risk = len(days) - np.searchsorted(order, times, side="left")
    free = np.concatenate(([1.0], np.cumprod(1 - censored / at_risk)))
    return Censoring(times, censored, at_risk, free)


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
    top = maximise(lambda b: evaluate(columns, risks, b, totals), np.zeros(len(columns)))
    residuals = score_residuals(columns, risks, top.parameters)
    covariance = sandwich(top.covariance, score_products(residuals))
    made = matrix.estimated(top, covariance, n=risks.sets.n_rows, events=int(event.sum()))
    return as_regression(
        made,
        model="fine_gray",
        ratio="subdistribution_hazard_ratio",
        method=TIES,
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
