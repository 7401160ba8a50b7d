"""Differences before and after a start, period by period, and whether they differed before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from evalkit.results import CannotBeComputed, Estimate, EventStudy, NotEstimable, TestResult
from evalkit.statistics.trends.clusters import cluster_covariance
from evalkit.statistics.trends.panel import change_estimate, check_panel, two_way_line


def event_study(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    treated: str,
    reference_period: object,
    first_treated_period: object,
    covariates: Sequence[str] = (),
    cluster: str | None = None,
    confidence_level: float = 0.95,
) -> EventStudy:
    """How the treated areas differed from the others in each period, against one before.

    Two-way fixed effects with one yes/no column per period among the treated; errors are
    cluster-robust (CR1) with t on clusters − 1. ``trends_before`` is the Wald test, as F, that
    all differences before the start are nought: that a design of differences in differences
    may be read at all. With one treated area, see `area_event_study`.

    Args:
        frame: One row per area and period.
        outcome: Column of the value.
        unit: Column of the area.
        period: Column of the period.
        treated: Column with 1 for areas with the programme.
        reference_period: The period before the start that others are set against.
        first_treated_period: The first period with the programme.
        covariates: Further columns of numbers.
        cluster: Column of who belongs together; the area when left out.
        confidence_level: 0.95 for 95 % intervals.

    Raises:
        CannotBeComputed: As `panel_difference`; also ``too_few_periods`` with no period
            before the start besides the reference.

    Edge cases: with few areas the errors are too small; the number of areas is told with them.
    With no more areas than periods before the start ``trends_before`` cannot be had at all and
    is `NotEstimable` with the reason ``too_few_clusters_for_test``.
    """
    belongs = cluster or unit
    check_panel(
        frame,
        outcome=outcome,
        unit=unit,
        period=period,
        treated=treated,
        first_treated_period=first_treated_period,
        cluster=belongs,
    )
    periods = [p for p in sorted(frame[period].unique().tolist()) if p != reference_period]
    before = [p for p in periods if p < first_treated_period]
    if not before:
        raise CannotBeComputed("too_few_periods", before=1, after=len(periods), needed=2)
    own = {str(p): ((frame[period] == p) & (frame[treated] == 1)).to_numpy(float) for p in periods}
    line, _ = two_way_line(
        frame, own, outcome=outcome, unit=unit, period=period, covariates=covariates
    )
    clusters = frame[belongs].to_numpy()
    covariance = cluster_covariance(line, clusters)
    free = len(np.unique(clusters)) - 1
    quantile = float(stats.t.ppf((1 + confidence_level) / 2, free))
    differences = tuple(
        _difference(line.coefficients, covariance, line.place(str(p)), str(p), quantile,
                    confidence_level, free + 1)
        for p in periods
    )  # fmt: skip
    places = [line.place(str(p)) for p in before]
    return EventStudy(
        differences=differences,
        reference_period=str(reference_period),
        first_treated_period=str(first_treated_period),
        trends_before=_all_nought(line.coefficients, covariance, places, free),
    )


def _difference(
    coefficients: np.ndarray,
    covariance: np.ndarray,
    place: int,
    period: str,
    quantile: float,
    confidence_level: float,
    n_clusters: int,
) -> Estimate:
    value, margin = float(coefficients[place]), quantile * float(covariance[place, place] ** 0.5)
    return change_estimate(
        value,
        margin,
        method="cluster_robust",
        n=n_clusters,
        confidence_level=confidence_level,
        period=period,
    )


def _all_nought(
    coefficients: np.ndarray, covariance: np.ndarray, places: list[int], free: int
) -> TestResult | NotEstimable:
    """Wald's statistic over its degrees of freedom, against F with clusters − 1 below."""
    chosen = coefficients[places]
    inner = covariance[np.ix_(places, places)]
    if np.linalg.matrix_rank(inner) < len(places):
        return NotEstimable(
            measure="difference_in_change", reason="too_few_clusters_for_test", n=free + 1
        )
    statistic = float(chosen @ np.linalg.solve(inner, chosen)) / len(places)
    return TestResult(
        name="trends_before",
        statistic=statistic,
        degrees_of_freedom=float(len(places)),
        p_value=float(stats.f.sf(statistic, len(places), free)),
        n=free + 1,
        cells=(),
    )
