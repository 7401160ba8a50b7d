"""Does a hazard ratio stay the same over time? The score test of proportional hazards."""

from __future__ import annotations

from typing import Literal

import numpy as np

from evalkit.results import CannotBeComputed, TestResult
from evalkit.statistics.regression import cox_sums
from evalkit.statistics.regression.cox_fit import CoxFit
from evalkit.statistics.regression.maximise import quadratic_form
from evalkit.statistics.regression.summary import chi_square_test

TimeScale = Literal["km", "rank", "identity", "log"]
GLOBAL = "global"


def proportional_hazards_test(
    fit: CoxFit, *, transform: TimeScale = "km"
) -> tuple[TestResult, ...]:
    """Tests each coefficient, and all of them at once, for a trend over time.

    Score test that the coefficient of x · g(t) is zero (Grambsch and Therneau 1994, in the
    exact form of survival 3 and later, which R's ``cox.zph(terms = FALSE)`` gives).

    Args:
        fit: A model with Efron or Breslow ties.
        transform: g(t): ``km`` 1 − Kaplan–Meier just before t, ``rank`` of the time among
            all rows, ``identity`` or ``log`` of the days.

    Returns:
        One result per estimated column, then one named ``global``.

    Raises:
        CannotBeComputed: ``exact_ties`` for a model with exact ties, ``time_zero`` when
            ``log`` meets an event on day 0, ``no_events`` when the events share one day.

    >>> import pandas as pd
    >>> from evalkit.statistics.regression.cox_fit import fit_cox
    >>> aml = pd.DataFrame({"days": [9, 13, 28, 45, 5, 8, 12, 23], "left": [1, 1, 0, 1, 1, 1, 1, 1],
    ...     "course": [1, 1, 1, 1, 0, 0, 0, 0]})
    >>> fit = fit_cox(aml, days="days", event="left", covariates=["course"])
    >>> [round(test.statistic, 4) for test in proportional_hazards_test(fit)]  # R: cox.zph
    [0.0436, 0.0436]
    """
    if fit.ties == "exact":
        raise CannotBeComputed("exact_ties")
    chosen = np.flatnonzero(fit.maximum.is_estimated)
    columns = fit.matrix.columns[chosen]
    trend = _trend(fit, transform)
    sums, steps = fit.sums()
    blocks = [cox_sums.information(sums, steps, trend**k)[np.ix_(chosen, chosen)] for k in range(3)]
    information = np.block([[blocks[0], blocks[1]], [blocks[1], blocks[2]]])
    expected = cox_sums.expected_covariates(sums, steps)[chosen]
    weight = fit.sets.event.astype(float)
    if fit.sets.weights is not None:
        weight = weight * fit.sets.weights
    score = columns @ (weight * trend[fit.sets.last]) - expected @ trend
    results = [
        _result(fit, fit.names[column], score, information, [place])
        for place, column in enumerate(chosen)
    ]
    everything = list(range(len(chosen)))
    return (*results, _result(fit, GLOBAL, score, information, everything))


def _result(
    fit: CoxFit, name: str, score: np.ndarray, information: np.ndarray, tested: list[int]
) -> TestResult:
    """The score statistic of the trend in the tested columns, the others without trend."""
    p = len(score)
    vector = np.zeros(2 * p)
    chosen = np.zeros(2 * p, dtype=bool)
    chosen[:p] = True
    for place in tested:
        vector[p + place] = score[place]
        chosen[p + place] = True
    statistic = quadratic_form(vector, information, chosen)
    return chi_square_test(name, statistic, len(tested), fit.estimated)


def _trend(fit: CoxFit, transform: TimeScale) -> np.ndarray:
    """g(t) of every cell, centred at its mean over the events; 0 in cells without events."""
    times, ties = fit.sets.times, fit.sets.ties
    has_event = ties > 0
    day = np.where(has_event, times, 1.0)
    if transform == "identity":
        value = day
    elif transform == "log":
        if (day <= 0).any():
            raise CannotBeComputed("time_zero")
        value = np.log(day)
    elif transform == "rank":
        value = _average_rank(fit.rows.days, day)
    else:
        value = 1 - _kaplan_meier_before(fit, day)
    centred = value - np.average(value, weights=ties)
    if np.ptp(value[has_event]) == 0:
        raise CannotBeComputed("no_events", distinct_days=1)
    return np.where(has_event, centred, 0.0)


def _average_rank(days: np.ndarray, at: np.ndarray) -> np.ndarray:
    order = np.sort(days)
    below = np.searchsorted(order, at, side="left")
    up_to = np.searchsorted(order, at, side="right")
    result: np.ndarray = (below + up_to + 1) / 2
    return result


def _kaplan_meier_before(fit: CoxFit, at: np.ndarray) -> np.ndarray:
    """Unweighted Kaplan–Meier of everyone, just before the given days."""
    days, event, entry = fit.rows.days, fit.rows.event, fit.rows.entry
    times, events = np.unique(days[event], return_counts=True)
    at_risk = len(days) - np.searchsorted(np.sort(days), times, side="left")
    if entry is not None:
        at_risk = at_risk - (len(days) - np.searchsorted(np.sort(entry), times, side="left"))
    survival = np.concatenate(([1.0], np.cumprod(1 - events / at_risk)))
    result: np.ndarray = survival[np.searchsorted(times, at, side="left")]
    return result
