"""Mean days until leaving, counted up to a fixed horizon: the area under a curve.

Unlike a mean over completed spells it counts those still waiting, and unlike a hazard ratio
it is in days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evalkit.results import CannotBeComputed, Estimate, EventTable
from evalkit.statistics.shares.share_counts import normal_quantile
from evalkit.statistics.time_to_event.competing_risks import incidence_and_error, survival_before
from evalkit.statistics.time_to_event.event_table import at_risk, select_causes
from evalkit.statistics.time_to_event.survival import survival_and_error


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanTime:
    """A mean time with its standard error, and the counts behind it."""

    days: float
    standard_error: float
    persons: int
    cells: tuple[int, ...]


def restricted_mean(
    table: EventTable,
    *,
    days: float,
    group: str = "",
    causes: Sequence[str] | None = None,
    confidence_level: float = 0.95,
) -> Estimate:
    """Mean days spent waiting out of the first ``days``, those still waiting counted in.

    The area under Kaplan–Meier up to the horizon τ; Var = Σ (area from tⱼ to τ)² dⱼ/(nⱼ(nⱼ−dⱼ))
    over tⱼ ≤ τ (Klein & Moeschberger 2003, eq. 4.5.2; the sampling variance of the mean, not
    the variance of the times). Plain normal interval, cut to 0…τ.

    Args:
        table: Counts per group and day.
        days: The horizon τ, in days.
        group: Printed level; empty for a table of everyone.
        causes: Ways to leave that are the event; ``None``: any.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If τ is not above 0, or for an unknown group or cause.
        CannotBeComputed: ``beyond_follow_up`` when τ lies after the last observation and not
            everyone has left; ``risk_set_emptied``; ``no_events`` when nobody leaves up to
            τ and ``interval_undefined`` when all leave on one day, since a zero-width
            interval would be a false certainty; ``no_persons``.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> table = event_table([1, 2, 3, 4], [1, 1, 1, 1], cause_names=["work"])
    >>> restricted_mean(table, days=4).value
    2.5
    """
    found = mean_waiting(table, days=days, group=group, causes=causes)
    # A mean time as an `Estimate` with its plain interval, cut to 0…τ.
    if found.standard_error == 0:
        raise CannotBeComputed("interval_undefined", n=found.persons)
    half = normal_quantile(confidence_level) * found.standard_error
    return Estimate(
        measure="restricted_mean_days",
        value=found.days,
        low=max(found.days - half, 0.0),
        high=min(found.days + half, float(days)),
        unit="days",
        method="plain",
        confidence_level=confidence_level,
        n=found.persons,
        cells=found.cells,
        group=group,
    )


def mean_waiting(
    table: EventTable, *, days: float, group: str = "", causes: Sequence[str] | None = None
) -> MeanTime:
    """`restricted_mean` as a bare mean and standard error, cells included."""
    chosen = table if causes is None else select_causes(table, causes)
    g = group_position(chosen, group)
    check_horizon(chosen, days, g)
    n, d = at_risk(chosen)[g], chosen.left[g].sum(axis=1)
    survival, _ = survival_and_error(n, d)
    value, ahead = areas(chosen.times, survival, days, start=1.0)
    stay = n - d
    inside = (chosen.times <= days) & (d > 0) & (stay > 0)
    spread = np.where(inside, d / np.where(inside, n * stay, 1.0), 0.0)
    variance = float((ahead**2 * spread).sum())
    persons = int(chosen.persons[g])
    by_then = chosen.times <= days
    events = round(float(d[by_then].sum()))
    if events == 0:
        raise CannotBeComputed("no_events", n=persons)
    gone = (chosen.left[g].sum(axis=1) + chosen.censored[g] - chosen.entered[g])[by_then].sum()
    waiting = round(float(chosen.started[g] - gone))
    return MeanTime(
        days=value,
        standard_error=float(np.sqrt(max(variance, 0.0))),
        persons=persons,
        cells=(events, persons - events, waiting),
    )


def areas(
    times: np.ndarray, levels: np.ndarray, days: float, *, start: float
) -> tuple[float, np.ndarray]:
    """Area under a step function from 0 to the horizon, and from each time to the horizon."""
    inside = np.minimum(times, days)
    widths = np.diff(np.append(inside, days))
    ahead = np.cumsum((widths * levels)[::-1])[::-1]
    first = float(inside[0]) if len(times) else days
    total = start * first + (float(ahead[0]) if len(times) else 0.0)
    return total, ahead


def incidence_area(
    times: np.ndarray, n: np.ndarray, all_left: np.ndarray, d: np.ndarray, days: float
) -> tuple[float, float]:
    """Area under the cumulative incidence of those who leave as ``d``, and its variance."""
    share, _ = incidence_and_error(n, all_left, d)
    somebody = np.where(n > 0, n, 1)
    value, ahead = areas(times, share, days, start=0.0)
    remaining = days - np.minimum(times, days)
    stays = n > all_left
    rise = ahead - share * remaining
    own = survival_before(n, all_left) * remaining
    any_exit = np.where(stays, -rise / np.where(stays, 1 - all_left / somebody, 1.0), 0.0)
    q, hazard = d / somebody, all_left / somebody
    terms = own**2 * q * (1 - q) + 2 * own * any_exit * q * (1 - hazard)
    terms = terms + any_exit**2 * hazard * (1 - hazard)
    return value, float((terms / somebody)[times <= days].sum())


def group_position(table: EventTable, group: str) -> int:
    """Row of a group.

    Raises:
        ValueError: For an unknown group.
        CannotBeComputed: ``no_persons`` when it is empty.
    """
    if group not in table.groups:
        raise ValueError(f"group: expected one of {', '.join(table.groups)!r}, got {group!r}")
    g = table.groups.index(group)
    if table.persons[g] == 0:
        raise CannotBeComputed("no_persons")
    return g


def check_horizon(table: EventTable, days: float, g: int) -> None:
    """Refuses a horizon the group was not followed to, and risk sets that empty early."""
    if not (np.isfinite(days) and days > 0):
        raise ValueError("days: expected a horizon above 0")
    n, left = at_risk(table)[g], table.left[g].sum(axis=1)
    seen = (left + table.censored[g]) > 0
    emptied = np.flatnonzero(seen & (left >= n))
    last = np.flatnonzero(seen)[-1]
    if len(emptied) and emptied[0] < last and table.times[emptied[0]] <= days:
        raise CannotBeComputed("risk_set_emptied")
    if days > table.times[last] and not len(emptied):
        raise CannotBeComputed(
            "beyond_follow_up", day=float(days), follow_up_days=float(table.times[last])
        )
