"""Series of areas set beside each other: plain changes between two periods.

No interval: a published series covers everyone in the area. What an area would have done
without a programme is a question of design, not of these figures.
"""

from __future__ import annotations

from evalkit.results import AreaChange, AreaChanges, AreaSeries, CannotBeComputed
from evalkit.statistics.trends.aligned import breaks_within, refuse_unclear


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
