"""Differences in differences over a panel of areas, in all and period by period.

What a panel must have to carry one, and whether the areas differed before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from evalkit.results import CannotBeComputed, Estimate, EventStudy, NotEstimable, TestResult
from evalkit.statistics.means import t_estimate
from evalkit.statistics.trends.few_areas import FEWEST_CLUSTERED, few_areas_estimate, study_of
from evalkit.statistics.trends.least_squares import (
    DEPENDENT,
    LeastSquares,
    TwoWayEffects,
    bias_reduced_errors,
    cluster_covariance,
    least_squares,
    two_way_effects,
)

FEWEST_TREATED, FEWEST_CONTROLS = 2, 2
TREATED_AFTER = "treated:after"


def panel_difference(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    treated: str,
    first_treated_period: object,
    covariates: Sequence[str] = (),
    cluster: str | None = None,
    confidence_level: float = 0.95,
) -> Estimate:
    """How much more the treated areas changed than the others, with area and period effects.

    Two-way fixed effects with one start for all. With fewer than ten treated areas and no
    covariates the interval is the pooled t of one change per area (Donald and Lang 2007); else
    Student's t with CR2 errors and Satterthwaite's degrees of freedom (Pustejovsky and Tipton
    2018), clustered by area unless ``cluster`` says otherwise.

    Args:
        frame: One row per area and period.
        outcome: Column of the value, in the unit of the series.
        unit: Column of the area.
        period: Column of the period; periods sort in the order of time.
        treated: Column with 1 for the areas of the programme, else 0, the same in all periods.
        first_treated_period: The first period with the programme.
        covariates: Further columns of numbers.
        cluster: Column of who belongs together; the area when left out.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        CannotBeComputed: ``series_gap`` for a missing value, ``period_repeated`` for an area
            with two, ``intervention_outside`` without a period on either side,
            ``too_few_areas`` with fewer than two areas on either side: with one treated area no
            cluster-robust error means anything (MacKinnon and Webb 2018); see
            `synthetic_control`.

    >>> rows = [(a, t, float(a + t + 3 * (a < 2 and t > 1))) for a in range(4) for t in range(4)]
    >>> frame = pd.DataFrame(rows, columns=["area", "year", "rate"])
    >>> frame["in_it"] = (frame["area"] < 2).astype(int)
    >>> frame.loc[0, "rate"] += 0.5
    >>> round(panel_difference(frame, outcome="rate", unit="area", period="year",
    ...     treated="in_it", first_treated_period=2).value, 3)
    2.875
    """
    panel = Panel(
        frame, outcome, unit, period, treated, first_treated_period, cluster or unit, covariates
    )
    panel.check()
    has_programme = panel.has_programme
    if has_programme.sum() < FEWEST_CLUSTERED and not covariates:
        table = panel.table()
        return few_areas_estimate(
            table,
            has_programme[table.columns].to_numpy(),
            first_after=first_treated_period,
            confidence_level=confidence_level,
        )
    after = frame[period] >= first_treated_period
    line, effects = panel.line({TREATED_AFTER: ((frame[treated] == 1) & after).to_numpy(float)})
    place = line.place(TREATED_AFTER)
    found = bias_reduced_errors(
        line, frame[panel.cluster].to_numpy(), chosen=[place], effects=effects
    )
    return t_estimate(
        float(line.coefficients[place]),
        float(found.standard_errors[0]),
        float(found.degrees_of_freedom[0]),
        measure="difference_in_change",
        method="two_way_fixed_effects",
        n=int(frame[unit].nunique()),
        confidence_level=confidence_level,
    )


@dataclass(frozen=True, slots=True)
class Panel:
    """One row per area and period, and which column says what; as in `panel_difference`."""

    frame: pd.DataFrame
    outcome: str
    unit: str
    period: str
    treated: str
    first_treated_period: Any
    cluster: str
    covariates: Sequence[str] = ()

    @property
    def has_programme(self) -> pd.Series[bool]:
        """Which clusters have the programme."""
        return self.frame.groupby(self.cluster)[self.treated].max() == 1

    def table(self) -> pd.DataFrame:
        """Mean outcomes, periods down and clusters across."""
        return self.frame.pivot_table(
            index=self.period, columns=self.cluster, values=self.outcome, sort=False
        ).sort_index()

    def line(self, own: dict[str, np.ndarray]) -> tuple[LeastSquares, TwoWayEffects]:
        """Least squares with area and period effects, which are taken out beforehand."""
        effects = two_way_effects(self.frame, unit=self.unit, period=self.period)
        named = own | {name: self.frame[name].to_numpy(float) for name in self.covariates}
        given = np.column_stack(list(named.values()))
        columns = effects.taken_out(given)
        # What the effects explain is zero but for rounding, which must not become a column.
        sizes, rests = (np.linalg.norm(one, axis=0) for one in (given, columns))
        columns[:, rests <= DEPENDENT * sizes] = 0.0
        y = effects.taken_out(self.frame[self.outcome].to_numpy(float)[:, None])[:, 0]
        return least_squares(columns, y, names=list(named), n_effects=effects.count), effects

    def check(self) -> None:
        """Refuses gaps or values twice, no period on either side of the start, too few areas."""
        frame, unit, period = self.frame, self.unit, self.period
        twice = frame.loc[frame.duplicated([unit, period]), [unit, period]]
        for row in twice.itertuples(index=False):
            raise CannotBeComputed("period_repeated", area=str(row[0]), period=str(row[1]))
        values = frame.astype({unit: object}).pivot(index=period, columns=unit, values=self.outcome)
        if values.isna().to_numpy().any():
            row, column = np.argwhere(values.isna().to_numpy())[0]
            raise CannotBeComputed(
                "series_gap", area=str(values.columns[column]), period=str(values.index[row])
            )
        periods = sorted(frame[period].unique().tolist())
        if not periods[0] < self.first_treated_period <= periods[-1]:
            raise CannotBeComputed(
                "intervention_outside",
                period=str(self.first_treated_period),
                first=str(periods[0]),
                last=str(periods[-1]),
            )
        n_treated, n_controls = int(self.has_programme.sum()), int((~self.has_programme).sum())
        if n_treated < FEWEST_TREATED or n_controls < FEWEST_CONTROLS:
            raise CannotBeComputed("too_few_areas", treated=n_treated, controls=n_controls)


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
        raise CannotBeComputed("too_few_periods", before=1, after=len(table) - 1, needed=2, later=1)
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
        raise CannotBeComputed("too_few_periods", before=1, after=len(periods), needed=2, later=1)
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
