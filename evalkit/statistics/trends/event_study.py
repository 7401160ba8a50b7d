"""Differences before and after a start, period by period, and whether they differed before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from evalkit.results import CannotBeComputed, EventStudy, NotEstimable, TestResult
from evalkit.statistics.means import t_estimate
from evalkit.statistics.trends.clusters import cluster_covariance
from evalkit.statistics.trends.few_areas import FEWEST_CLUSTERED, study_of
from evalkit.statistics.trends.panel import Panel


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
    `areas_event_study`.

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
    panel = Panel(
        frame, outcome, unit, period, treated, first_treated_period, cluster or unit, covariates
    )
    panel.check()
    has_programme = panel.has_programme
    if has_programme.sum() >= FEWEST_CLUSTERED:
        return clustered_event_study(
            panel, reference_period=reference_period, confidence_level=confidence_level
        )
    if covariates:
        raise CannotBeComputed("covariates_need_areas", n=int(has_programme.sum()))
    table = panel.table()
    if not (table.index < first_treated_period).sum() > 1:
        raise CannotBeComputed("too_few_periods", before=1, after=len(table) - 1, needed=2)
    return study_of(
        table,
        has_programme[table.columns].to_numpy(),
        reference=reference_period,
        first_after=first_treated_period,
        confidence_level=confidence_level,
    )


def clustered_event_study(
    panel: Panel, *, reference_period: object, confidence_level: float = 0.95
) -> EventStudy:
    """Two-way fixed effects with one yes/no column per period among the treated.

    Errors are cluster-robust (CR1) with t on clusters − 1; ``trends_before`` is the Wald test,
    as F, that all differences before the start are zero. With few treated areas it finds
    differences that are not there (18–71 % of sound designs): `event_study` uses it from ten on.
    Errors as there, of a panel that has been checked.

    Edge cases: with no more areas than periods before the start ``trends_before`` cannot be had
    and is `NotEstimable` with the reason ``too_few_clusters_for_test``.
    """
    frame = panel.frame
    first = panel.first_treated_period
    periods = [p for p in sorted(frame[panel.period].unique().tolist()) if p != reference_period]
    before = [p for p in periods if p < first]
    if not before:
        raise CannotBeComputed("too_few_periods", before=1, after=len(periods), needed=2)
    treated = frame[panel.treated] == 1
    line, _ = panel.line(
        {str(p): ((frame[panel.period] == p) & treated).to_numpy(float) for p in periods}
    )
    clusters = frame[panel.cluster].to_numpy()
    covariance = cluster_covariance(line, clusters)
    free = len(np.unique(clusters)) - 1
    place = {p: line.place(str(p)) for p in periods}
    return EventStudy(
        differences=tuple(
            t_estimate(
                float(line.coefficients[place[p]]),
                float(covariance[place[p], place[p]] ** 0.5),
                free,
                measure="difference_in_change",
                method="cluster_robust",
                n=free + 1,
                confidence_level=confidence_level,
                group=str(p),
            )
            for p in periods
        ),
        reference_period=str(reference_period),
        first_treated_period=str(first),
        trends_before=_all_zero(line.coefficients, covariance, [place[p] for p in before], free),
    )


def _all_zero(
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
