"""Mean time in each state with robust errors: weights, clusters and delayed entry."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from evalkit.results import Estimate
from evalkit.statistics.time_to_event.competing_risks import incidence_and_error, survival_before
from evalkit.statistics.time_to_event.influence import Part, Paths, influence_at
from evalkit.statistics.time_to_event.influence_parts import (
    GroupCounts,
    incidence_area_part,
    mean_time_part,
)
from evalkit.statistics.time_to_event.restricted_mean import (
    MeanTime,
    areas,
    check_horizon,
    group_position,
    mean_estimate,
)
from evalkit.statistics.time_to_event.robust_curves import rows_and_table
from evalkit.statistics.time_to_event.survival import survival_and_error


def robust_mean_times(
    days: npt.ArrayLike,
    causes: npt.ArrayLike,
    *,
    horizon: float,
    cause_names: Sequence[str],
    group: str = "",
    groups: npt.ArrayLike | None = None,
    entry: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    clusters: npt.ArrayLike | None = None,
    confidence_level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Mean days up to the horizon spent waiting, then after leaving by each cause.

    Areas under Kaplan–Meier and under each cumulative incidence; they add up to the horizon.
    Errors by the infinitesimal jackknife over persons, within clusters first (as the
    restricted mean times in state of R's ``survfit``).

    Args:
        days: As `event_table`.
        causes: As `event_table`.
        horizon: Days up to which time is counted.
        cause_names: As `event_table`.
        group: The group wanted; empty without groups.
        groups: As `event_table`.
        entry: As `event_table`.
        weights: As `event_table`.
        clusters: Label per spell of who or what the rows share.
        confidence_level: 0.95 for 95 % intervals.

    Raises:
        ValueError, CannotBeComputed: As `event_table` and `restricted_mean`.

    >>> times = robust_mean_times([1, 2, 3], [1, 2, 1], horizon=3, cause_names=["a", "b"])
    >>> [round(e.value, 3) for e in times]
    [2.0, 0.667, 0.333]
    """
    rows = rows_and_table(
        days,
        causes,
        cause_names=cause_names,
        groups=groups,
        entry=entry,
        weights=weights,
        clusters=clusters,
    )
    g = group_position(rows.table, group)
    check_horizon(rows.table, horizon, g)
    parts = areas_with_parts(rows.counts[g], rows.table.times, horizon)
    last = int(np.searchsorted(rows.table.times, horizon, side="right")) - 1
    persons = int(rows.table.persons[g])
    left = np.bincount(
        rows.paths[g].kind[rows.paths[g].left <= last], minlength=len(cause_names) + 1
    )
    found = []
    for state, (value, part) in enumerate(parts):
        events = int(left[1:].sum() if state == 0 else left[state])
        mean = MeanTime(
            days=value,
            standard_error=_clustered_error(rows.paths[g], part, last),
            persons=persons,
            cells=(events, persons - events),
        )
        measure = "restricted_mean_days" if state == 0 else "mean_days_after_cause"
        found.append(mean_estimate(mean, horizon, group, confidence_level, measure))
    return tuple(found)


def areas_with_parts(
    counts: GroupCounts, times: np.ndarray, horizon: float
) -> list[tuple[float, Part]]:
    """Area and martingale of the time waiting, then of the time after leaving by each cause."""
    n, all_left = counts.n, counts.all_left
    survival, _ = survival_and_error(n, all_left)
    value, ahead = areas(times, survival, horizon, start=1.0)
    found = [(value, mean_time_part(counts, ahead))]
    remaining = horizon - np.minimum(times, horizon)
    before = survival_before(n, all_left)
    for k, d in enumerate(counts.d):
        share, _ = incidence_and_error(n, all_left, d, form="greenwood")
        value, ahead = areas(times, share, horizon, start=0.0)
        part = incidence_area_part(
            counts,
            k,
            before=before,
            remaining_rise=ahead - share * remaining,
            remaining_days=remaining,
        )
        found.append((value, part))
    return found


def _clustered_error(paths: Paths, part: Part, last: int) -> float:
    moved = paths.weight * influence_at(paths, part, last)
    if paths.cluster is not None:
        moved = np.bincount(paths.cluster, moved)
    return float(np.sqrt((moved**2).sum()))
