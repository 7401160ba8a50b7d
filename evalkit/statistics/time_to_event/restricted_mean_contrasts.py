"""Two groups compared by mean days up to a horizon: the difference.

Errors combine as for independent groups (Uno et al. 2014; Tian et al. 2014, as R's survRM2).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evalkit.results import CannotBeComputed, Estimate, EventTable
from evalkit.statistics.shares.share_counts import normal_quantile
from evalkit.statistics.time_to_event.restricted_mean import mean_waiting


def restricted_mean_difference(
    table: EventTable,
    *,
    days: float,
    groups: tuple[str, str],
    causes: Sequence[str] | None = None,
    confidence_level: float = 0.95,
) -> Estimate:
    """Mean days waiting in the first group less the second, up to the horizon.

    Difference of `restricted_mean`, errors added in squares, plain interval (Uno et al.
    2014). Negative: the first group leaves sooner.

    Args:
        table: Counts per group and day.
        days: The horizon τ, in days, within both groups' follow-up.
        groups: First and second group; the second is the reference.
        causes: Ways to leave that are the event; ``None``: any.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError, CannotBeComputed: As `restricted_mean`, for either group;
            ``too_few_for_interval`` for a group of one, ``interval_undefined`` for one where
            everybody left on the same day.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> groups = ["a", "a", "b", "b"]
    >>> table = event_table([1, 4, 2, 4], [1, 1, 1, 1], cause_names=["work"], groups=groups)
    >>> restricted_mean_difference(table, days=4, groups=("a", "b")).value
    -0.5
    """
    first, second = (mean_waiting(table, days=days, group=g, causes=causes) for g in groups)
    if min(first.persons, second.persons) < 2:
        raise CannotBeComputed("too_few_for_interval")
    if 0 in (first.standard_error, second.standard_error):
        raise CannotBeComputed("interval_undefined")
    value = first.days - second.days
    error = float(np.hypot(first.standard_error, second.standard_error))
    half = normal_quantile(confidence_level) * error
    return Estimate(
        measure="restricted_mean_difference",
        value=value,
        low=value - half,
        high=value + half,
        unit="days",
        method="plain",
        confidence_level=confidence_level,
        n=first.persons + second.persons,
        cells=(*first.cells, *second.cells),
        group=f"{groups[0]} – {groups[1]}",
    )
