"""Pseudo-values: one number per person standing in for a censored outcome, for regression."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from evalkit.statistics.time_to_event.influence import influence_at
from evalkit.statistics.time_to_event.influence_parts import log_survival_part, mean_time_part
from evalkit.statistics.time_to_event.restricted_mean import areas, check_horizon
from evalkit.statistics.time_to_event.robust_curves import rows_and_table
from evalkit.statistics.time_to_event.survival import survival_and_error


def pseudo_values(
    days: npt.ArrayLike,
    events: npt.ArrayLike,
    *,
    day: float,
    measure: Literal["survival", "share_exited", "restricted_mean"] = "share_exited",
    entry: npt.ArrayLike | None = None,
) -> np.ndarray:
    """Infinitesimal-jackknife pseudo-values θ + n ∂θ/∂wᵢ, in the order of the rows.

    Andersen, Klein & Rosthøj (2003) with the infinitesimal jackknife in place of leaving
    one out (as R's ``survival::pseudo``); the two differ by O(1/n). Their mean is θ.

    Args:
        days: Days to exit or last sight, one per person.
        events: 1 where the person left, 0 where still waiting.
        day: The day of the share, or the horizon of the restricted mean.
        measure: What they are pseudo-values of.
        entry: Days until the person came under observation.

    Raises:
        ValueError: As `event_table`.
        CannotBeComputed: ``beyond_follow_up``, ``risk_set_emptied``, ``no_persons``.

    Edge cases: values may lie outside 0–1; that is how they average to θ.

    >>> pseudo_values([1, 2, 3, 4], [1, 1, 1, 1], day=2).tolist()
    [1.0, 1.0, 0.0, 0.0]
    """
    rows = rows_and_table(days, events, cause_names=["event"], entry=entry)
    check_horizon(rows.table, day, 0)
    counts, times = rows.counts[0], rows.table.times
    survival, _ = survival_and_error(counts.n, counts.all_left)
    last = int(np.searchsorted(times, day, side="right")) - 1
    n = len(rows.paths[0].left)
    if measure == "restricted_mean":
        mean, ahead = areas(times, survival, day, start=1.0)
        moved = influence_at(rows.paths[0], mean_time_part(counts, ahead), last)
        restricted: np.ndarray = mean + n * moved
        return restricted
    level = float(survival[last]) if last >= 0 else 1.0
    values = level - n * level * influence_at(rows.paths[0], log_survival_part(counts), last)
    return 1 - values if measure == "share_exited" else values
