"""Two groups' shares on a fixed day compared."""

from __future__ import annotations

import math

from evalkit.results import Curve, Estimate
from evalkit.statistics.time_to_event.curve_readings import share_at


def share_difference_at(
    curve: Curve, day: float, *, groups: tuple[str, str], cause: str = ""
) -> Estimate:
    """The first group's share on a day less the second's, with its interval.

    The interval is put together from the two groups' own intervals (Zou & Donner 2008, Stat
    Med 27:1693, "MOVER"; Newcombe's interval for shares is the same idea): it is asymmetric
    where they are, stays within −1…1 and exists wherever they do.

    Args:
        curve: From `kaplan_meier` or `cumulative_incidence`.
        day: Days from the start of the clock, fixed before the data are seen.
        groups: First and second group; the second is the reference.
        cause: Way to leave, for a cumulative incidence.

    Raises:
        ValueError, CannotBeComputed: As `share_at`, for either group.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> from evalkit.statistics.time_to_event.survival import kaplan_meier
    >>> table = event_table(
    ...     [1, 2, 3, 9, 4, 8, 9, 9], [1, 1, 1, 0, 1, 0, 0, 0], cause_names=["work"],
    ...     groups=["a"] * 4 + ["b"] * 4,
    ... )
    >>> share_difference_at(kaplan_meier(table), 7, groups=("a", "b")).value
    0.5
    """
    first, second = (share_at(curve, day, group=group, cause=cause) for group in groups)
    value = first.value - second.value
    below = math.hypot(first.value - first.low, second.high - second.value)
    above = math.hypot(first.high - first.value, second.value - second.low)
    return Estimate(
        measure="share_difference",
        value=value,
        low=max(value - below, -1.0),
        high=min(value + above, 1.0),
        unit="share_difference",
        method="mover",
        confidence_level=curve.confidence_level,
        n=first.n + second.n,
        cells=(*first.cells, *second.cells),
        group=f"{groups[0]} – {groups[1]}",
    )
