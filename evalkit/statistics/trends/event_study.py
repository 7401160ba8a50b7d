"""Differences before and after a start, period by period, and whether they differed before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from evalkit.results import CannotBeComputed, Estimate, EventStudy, NotEstimable, TestResult
from evalkit.statistics.trends.clusters import cluster_covariance
from evalkit.statistics.trends.few_areas import FEWEST_CLUSTERED, study_of
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

    With fewer than ten treated areas each period is judged by the pooled t and the years before
    by `years_before`; from ten on as `clustered_event_study`. With one treated area, see
    `area_event_study`.

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
    has_programme = frame.groupby(belongs)[treated].max() == 1
    if has_programme.sum() < FEWEST_CLUSTERED:
        if covariates:
            raise CannotBeComputed("covariates_need_areas", n=int(has_programme.sum()))
        table = frame.pivot_table(index=period, columns=belongs, values=outcome, sort=False)
        table = table.sort_index()
        if not (table.index < first_treated_period).sum() > 1:
            raise CannotBeComputed("too_few_periods", before=1, after=len(table) - 1, needed=2)
        return study_of(
            table,
            has_programme[table.columns].to_numpy(),
            reference=reference_period,
            first_after=first_treated_period,
            confidence_level=confidence_level,
        )
    return clustered_event_study(
        frame,
        outcome=outcome,
        unit=unit,
        period=period,
        treated=treated,
        reference_period=reference_period,
        first_treated_period=first_treated_period,
        covariates=covariates,
        cluster=cluster,
        confidence_level=confidence_level,
    )


def clustered_event_study(
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
    """Two-way fixed effects with one yes/no column per period among the treated.

    Errors are cluster-robust (CR1) with t on clusters − 1; ``trends_before`` is the Wald test,
    as F, that all differences before the start are zero. With few treated areas it finds
    differences that are not there (18–71 % of sound designs): `event_study` uses it from ten on.
    Arguments and errors as there.

    Edge cases: with no more areas than periods before the start ``trends_before`` cannot be had
    and is `NotEstimable` with the reason ``too_few_clusters_for_test``.
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
    quantile = float(special.stdtrit(free, (1 + confidence_level) / 2))
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
        p_value=float(special.fdtrc(len(places), free, statistic)),
        n=free + 1,
        cells=(),
    )
