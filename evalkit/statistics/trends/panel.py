"""Differences in differences over a panel of areas, and what a panel must have to carry one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.means import t_estimate
from evalkit.statistics.trends.clusters import TwoWayEffects, bias_reduced_errors, two_way_effects
from evalkit.statistics.trends.few_areas import FEWEST_CLUSTERED, few_areas_estimate
from evalkit.statistics.trends.least_squares import DEPENDENT, LeastSquares, least_squares

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
