"""Series of several areas side by side, nothing missing; plain changes between two periods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from evalkit.results import AreaChange, AreaChanges, AreaSeries, CannotBeComputed, Estimate
from evalkit.statistics.means import t_estimate

_YEAR_LENGTH = 4


def aligned(series: AreaSeries, *, areas: Sequence[str]) -> pd.DataFrame:
    """Periods down, areas across, every period from the first to the last there.

    Raises:
        CannotBeComputed: ``period_repeated`` and ``mixed_periods`` as `refuse_unclear`;
            ``area_without_values`` for an area that the series lacks, ``series_gap`` with the
            first missing month or year of an area: a gap is never filled in;
            ``definition_break`` for a change of definition after the first period: a step there
            says nothing of what the series measures.
    """
    refuse_unclear(series, areas=areas)
    observations = series.observations
    wanted = observations[observations["area"].isin(list(areas))]
    table = wanted.pivot(index="period", columns="area", values="value")
    for area in areas:
        if area not in table.columns:
            raise CannotBeComputed("area_without_values", area=area)
    periods = sorted(map(str, table.index))
    frequency = "Y" if len(periods[0]) == _YEAR_LENGTH else "M"
    expected = pd.period_range(periods[0], periods[-1], freq=frequency).astype(str)
    table = table.reindex(expected)[list(areas)]
    for area in areas:
        missing = table.index[table[area].isna()]
        if len(missing):
            raise CannotBeComputed(
                "series_gap", area=area, period=str(missing[0]), missing=len(missing)
            )
    for period in breaks_within(series, first=periods[0], last=periods[-1]):
        raise CannotBeComputed("definition_break", period=period)
    return table


def refuse_unclear(series: AreaSeries, *, areas: Sequence[str]) -> None:
    """Refuses areas with two values for one period, and years among months.

    Neither of two values is taken, and no mean of them; a year's value is no month's.

    Raises:
        CannotBeComputed: ``period_repeated`` with the area and the period, also for those that
            the reader of the file left out; ``mixed_periods`` with one of each.
    """
    for area, period in series.repeated:
        if area in areas:
            raise CannotBeComputed("period_repeated", area=area, period=period)
    wanted = series.observations[series.observations["area"].isin(list(areas))]
    twice = wanted[wanted.duplicated(["area", "period"])]
    for area, period in zip(twice["area"], twice["period"], strict=True):
        raise CannotBeComputed("period_repeated", area=str(area), period=str(period))
    refuse_mixed(wanted["period"])


def refuse_mixed(periods: Iterable[str]) -> None:
    """Refuses years among months.

    Raises:
        CannotBeComputed: ``mixed_periods`` with the last of each.
    """
    by_length = {len(period): period for period in sorted(set(map(str, periods)))}
    if len(by_length) > 1:
        year, month = (by_length[length] for length in sorted(by_length))
        raise CannotBeComputed("mixed_periods", year=year, month=month)


def break_place(table: pd.DataFrame, *, first_after: str, fewest: int = 1, after: int = 1) -> int:
    """How many periods lie before the start.

    Raises:
        CannotBeComputed: ``intervention_outside`` when there is none before it or none from it,
            ``too_few_periods`` with fewer than ``fewest`` before it or ``after`` from it.
    """
    before = int((table.index < first_after).sum())
    if first_after not in table.index or before == 0:
        raise CannotBeComputed(
            "intervention_outside",
            period=first_after,
            first=str(table.index[0]),
            last=str(table.index[-1]),
        )
    facts = {"before": before, "after": len(table) - before, "needed": fewest, "later": after}
    if before < fewest or facts["after"] < after:
        raise CannotBeComputed("too_few_periods", **facts)
    return before


def breaks_within(series: AreaSeries, *, first: str, last: str) -> tuple[str, ...]:
    """Changes of definition after the first period and up to the last."""
    return tuple(p for p in series.breaks if first < p <= last or p.startswith(f"{last}-"))


def changes_between(
    series: AreaSeries, *, first: str, last: str, area: str, reference: str
) -> AreaChanges:
    """The change in an area, in its reference and in every other area of a series.

    Args:
        series: Observations per area and period.
        first: Period as the series writes it: ``2016`` or ``2016-12``.
        last: Likewise.
        area: The area of the evaluation.
        reference: The area it is set against, often the nation.

    Raises:
        CannotBeComputed: ``period_missing`` when the area or the reference lacks a value
            for one of the periods; ``period_repeated`` and ``mixed_periods`` as `refuse_unclear`.

    >>> import pandas as pd
    >>> values = pd.DataFrame({"area": ["A", "A", "B", "B"],
    ...     "period": ["2016", "2018"] * 2, "value": [9.0, 7.0, 6.0, 5.5]})
    >>> series = AreaSeries(observations=values, unit="%", source="", is_synthetic=True)
    >>> changes_between(
    ...     series, first="2016", last="2018", area="A", reference="B").against_reference
    -1.5
    """
    refuse_unclear(series, areas=sorted(set(map(str, series.observations["area"]))))
    table = series.observations.pivot(index="area", columns="period", values="value")
    table = table.reindex(columns=[first, last])
    complete = table.dropna()
    for needed in (area, reference):
        if needed not in complete.index:
            raise CannotBeComputed("period_missing", area=needed, first=first, last=last)
    changes = {
        name: AreaChange(area=name, first_value=float(start), last_value=float(end))
        for name, start, end in complete.itertuples()
    }
    return AreaChanges(
        first=first,
        last=last,
        area=changes.pop(area),
        reference=changes.pop(reference),
        others=tuple(changes.values()),
        missing=tuple(sorted(set(map(str, table.index)) - set(map(str, complete.index)))),
        breaks=breaks_within(series, first=first, last=last),
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
