"""One area with a programme beside several without: the spread of the others is the yardstick.

With one treated area no cluster-robust error means anything; how much the other areas differ
among themselves over the same time does.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from evalkit.results import (
    AreaChanges,
    AreaSeries,
    CannotBeComputed,
    Estimate,
    EventStudy,
    TestResult,
)
from evalkit.statistics.means import t_estimate
from evalkit.statistics.trends.aligned import aligned, break_place, refuse_new_definition
from evalkit.statistics.trends.randomisation import pooled_t

SAME_SIZE = 1e-9


def area_event_study(
    series: AreaSeries,
    *,
    area: str,
    others: Sequence[str],
    first_after: str,
    confidence_level: float = 0.95,
) -> EventStudy:
    """How one area differed from the mean of others in each period, against the last before.

    Each period is Donald and Lang's (2007, REStat 89:221) comparison of one area with J
    others: Student's t with J − 1 degrees of freedom and standard error s·√(1 + 1/J), where s
    is the spread of the others' changes from the same period; method ``spread_of_areas``.
    ``trends_before`` is a placebo test (Abadie, Diamond and Hainmueller 2010): each area in turn
    is set against the mean of the rest, and the area's mean squared difference before the start
    is ranked among all; its p-value is the share of areas with one as large.

    Args:
        series: Observations per area and period.
        area: The area with the programme.
        others: Areas without it.
        first_after: First period with the programme; the one before it is the reference.
        confidence_level: 0.95 for 95 % intervals, of each period by itself.

    Raises:
        CannotBeComputed: ``too_few_others`` with fewer than four others; ``too_few_periods``
            with fewer than two periods before the start; as `aligned`,
            ``intervention_outside`` and ``definition_break``.

    Edge cases: with J + 1 areas the p-value of the placebo test is never below 1/(J + 1).

    >>> rows = [("A", "2015", 5.0), ("A", "2016", 5.0), ("A", "2017", 3.0)]
    >>> rows += [(f"B{i}", str(2015 + t), 5.0 + 0.1 * i * t) for i in range(4) for t in range(3)]
    >>> series = AreaSeries(unit="%", source="", is_synthetic=True, observations=pd.DataFrame(
    ...     rows, columns=["area", "period", "value"]))
    >>> found = area_event_study(
    ...     series, area="A", others=["B0", "B1", "B2", "B3"], first_after="2017")
    >>> [(row.group, round(row.value, 2)) for row in found.differences]
    [('2015', 0.15), ('2017', -2.15)]
    """
    table, n_before = _compared(series, area, others, first_after)
    if n_before < 2:
        raise CannotBeComputed(
            "too_few_periods", before=n_before, after=len(table) - n_before, needed=2
        )
    moved = table - table.iloc[n_before - 1]
    reference = str(table.index[n_before - 1])
    return EventStudy(
        differences=tuple(
            _against_others(row, confidence_level, period=str(period))
            for period, row in zip(table.index, moved.to_numpy(float), strict=True)
            if period != reference
        ),
        reference_period=reference,
        first_treated_period=first_after,
        trends_before=_rank_before(moved.iloc[: n_before - 1].to_numpy(float)),
    )


def area_difference(
    series: AreaSeries,
    *,
    area: str,
    others: Sequence[str],
    first_after: str,
    confidence_level: float = 0.95,
) -> Estimate:
    """How much more one area's mean changed after the start than the mean of the others'.

    Every area's periods are put together to one mean before and one after, so that values that
    hang together over time do not narrow the interval (Bertrand, Duflo and Mullainathan 2004,
    QJE 119:249); the interval is Donald and Lang's (2007).

    Args:
        series: Observations per area and period.
        area: The area with the programme.
        others: Areas without it.
        first_after: First period with the programme.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        CannotBeComputed: As `area_event_study`, with one period before the start enough.

    >>> rows = [("A", "2016", 5.0), ("A", "2017", 3.0)]
    >>> rows += [(f"B{i}", year, 5.0 + 0.1 * i * t)
    ...     for i in range(4) for t, year in enumerate(["2016", "2017"])]
    >>> series = AreaSeries(unit="%", source="", is_synthetic=True, observations=pd.DataFrame(
    ...     rows, columns=["area", "period", "value"]))
    >>> round(area_difference(
    ...     series, area="A", others=["B0", "B1", "B2", "B3"], first_after="2017").value, 2)
    -2.15
    """
    table, n_before = _compared(series, area, others, first_after)
    change = table.iloc[n_before:].mean() - table.iloc[:n_before].mean()
    return _against_others(change.to_numpy(float), confidence_level)


def _compared(
    series: AreaSeries, area: str, others: Sequence[str], first_after: str
) -> tuple[pd.DataFrame, int]:
    """The area in the first column, the others after it, and the periods before the start."""
    names = [name for name in others if name != area]
    if len(names) < FEWEST_OTHERS:
        raise CannotBeComputed("too_few_others", n=len(names), needed=FEWEST_OTHERS)
    table = aligned(series, areas=[area, *names])
    refuse_new_definition(series, table)
    return table, break_place(table, first_after=first_after)


def _against_others(moved: np.ndarray, confidence_level: float, *, period: str = "") -> Estimate:
    first = np.arange(len(moved)) == 0
    return pooled_t(
        moved, first, confidence_level=confidence_level, method="spread_of_areas", group=period
    )


def _rank_before(moved: np.ndarray) -> TestResult:
    """Rank of the first area's mean squared difference from the rest, before the start."""
    n = moved.shape[1]
    apart = (moved * n - moved.sum(axis=1, keepdims=True)) / (n - 1)
    sizes = np.mean(apart**2, axis=0)
    as_large = int((sizes >= sizes[0] * (1 - SAME_SIZE)).sum())
    return TestResult(
        name="placebo_before",
        statistic=float(as_large),
        degrees_of_freedom=float(n),
        p_value=as_large / n,
        n=n,
        cells=(),
    )


FEWEST_OTHERS = 4
"""With fewer areas beside, their spread is not known well enough to judge by."""


def change_against_reference(changes: AreaChanges, *, confidence_level: float = 0.95) -> Estimate:
    """The area's change less the reference's, with the spread of other areas as its interval.

    Other areas, without the programme, also moved away from the reference; the mean square of
    those distances, with J degrees of freedom, is what the area's own is judged against, as in
    Donald and Lang's (2007, REStat 89:221) two-step difference in differences with one area.
    The reference's change counts as known, for it is that of the whole country.

    Raises:
        CannotBeComputed: ``too_few_others`` with fewer than four areas beside;
            ``definition_break`` when the definition changed between the periods.
    """
    for period in changes.breaks:
        raise CannotBeComputed("definition_break", period=period)
    if len(changes.others) < FEWEST_OTHERS:
        raise CannotBeComputed("too_few_others", n=len(changes.others), needed=FEWEST_OTHERS)
    distances = np.array([row.change - changes.reference.change for row in changes.others])
    return t_estimate(
        changes.against_reference,
        float(np.sqrt(np.mean(distances**2))),
        len(distances),
        measure="change_against_reference",
        method="spread_of_areas",
        confidence_level=confidence_level,
        n=len(changes.others) + 1,
        group=changes.area.area,
    )
