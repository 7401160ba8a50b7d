"""Event tables and curves made safe: midpoint rounding, a coarse grid, an early end.

Each step of an exact curve is the day one person left. Rounding the cumulative counts to
the midpoints of a base leaves no step that belongs to fewer persons than the base, and
the curve is computed from the rounded counts alone (the OpenSAFELY project's method).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from evalkit.disclosure.rule import Rule
from evalkit.results import CannotBeComputed, Curve, EventTable

EVERYONE = ("",)


class UnprotectedCurveError(ValueError):
    """An exact curve at the door: its event table must be protected first."""

    def __init__(self) -> None:
        super().__init__("the curve was computed from exact counts; protect its event table first")


def midpoint(counts: np.ndarray, base: int) -> np.ndarray:
    """Counts rounded to the midpoint of their interval of ``base`` counts; 0 stays 0.

    >>> midpoint(np.array([0, 1, 6, 7]), base=6)
    array([0., 3., 3., 9.])
    """
    intervals = np.ceil(np.asarray(counts, dtype=float) / base)
    return np.where(intervals > 0, intervals * base - base // 2, 0.0)


def protect_events(table: EventTable, rule: Rule) -> EventTable:
    """The event table with every cumulative count rounded to midpoints.

    Groups smaller than ``rule.smallest_group`` are left out. A table of everyone starts
    with the exact number of persons, which every report prints; groups start with theirs
    rounded, because a table of the groups may have to withhold it. Where rounding has used
    up all persons of a group, its table ends.

    Args:
        table: Exact counts without delayed entry.
        rule: The project's disclosure profile.

    Raises:
        CannotBeComputed: ``group_too_small`` when no group is large enough;
            ``delayed_entry_not_protected`` for tables with delayed entry.
    """
    if table.entered.any():
        raise CannotBeComputed("delayed_entry_not_protected")
    keep = np.flatnonzero(table.persons >= rule.smallest_group)
    if keep.size == 0:
        raise CannotBeComputed("group_too_small", smallest=rule.smallest_group)
    base = rule.midpoint_base
    left = _rounded_steps(table.left[keep], base)
    censored = _rounded_steps(table.censored[keep], base)
    started = _started(table, keep, base)
    left, censored = _closed(left, censored, started)
    return replace(
        table,
        groups=tuple(table.groups[index] for index in keep),
        started=started,
        entered=np.zeros_like(censored),
        left=left,
        censored=censored,
        persons=np.rint(started).astype(np.int64),
        protection=f"midpoint-{base}",
    )


def release_curve(curve: Curve, rule: Rule) -> tuple[Curve, int]:
    """A protected curve on the rule's grid, cut where the risk set is below the threshold.

    Returns the curve and the number of grid points withheld at its end.

    Raises:
        UnprotectedCurveError: If the curve was computed from exact counts.
    """
    if not curve.protection:
        raise UnprotectedCurveError
    parts, follow_up, withheld = [], dict(curve.follow_up_days), 0
    for group in curve.groups:
        steps = curve.steps[curve.steps["group"] == group]
        grid = np.arange(0, follow_up[group] + 1, rule.grid_days, dtype=float)
        safe = grid[_at_risk_on(grid, steps) >= rule.threshold]
        withheld += len(grid) - len(safe)
        follow_up[group] = float(safe[-1]) if len(safe) else 0.0
        start = 1.0 if curve.measure == "survival" else 0.0
        parts += [_on_grid(rows, safe, start) for _, rows in steps.groupby("cause", sort=False)]
    steps = pd.concat(parts, ignore_index=True)
    return replace(curve, steps=steps, follow_up_days=follow_up), withheld


def _started(table: EventTable, keep: np.ndarray, base: int) -> np.ndarray:
    """Persons at risk from the outset."""
    persons = table.persons[keep].astype(float)
    return persons if table.groups == EVERYONE else midpoint(persons, base)


def _closed(
    left: np.ndarray, censored: np.ndarray, started: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The steps, with each group ended on the day its persons run out, or on the last day.

    Rounded separately, those gone may come to some more or fewer than those who started;
    whoever remains is censored on the group's last day.
    """
    gone = np.cumsum(left.sum(axis=2) + censored, axis=1)
    possible = gone <= started[:, None]
    left = np.where(possible[:, :, None], left, 0.0)
    censored = np.where(possible, censored, 0.0)
    last = np.maximum(possible.sum(axis=1) - 1, 0)
    rest = started - left.sum(axis=(1, 2)) - censored.sum(axis=1)
    censored[np.arange(len(last)), last] += rest
    return left, censored


def _rounded_steps(counts: np.ndarray, base: int) -> np.ndarray:
    """Increments of the rounded cumulative counts along the time axis (axis 1)."""
    cumulative = midpoint(np.cumsum(counts, axis=1), base)
    return np.diff(cumulative, axis=1, prepend=0.0)


def _on_grid(steps: pd.DataFrame, grid: np.ndarray, start: float) -> pd.DataFrame:
    """The step function read at each grid day; counts are those since the day before."""
    days = steps["day"].to_numpy()
    position = np.searchsorted(days, grid, side="right") - 1
    kept = steps.iloc[np.maximum(position, 0)].reset_index(drop=True)
    before_start = position < 0
    kept["day"] = grid
    kept["standard_error"] = kept["standard_error"].where(~before_start, 0.0)
    for column in ("value", "low", "high"):
        kept[column] = kept[column].where(~before_start, start)
    for column in ("events", "censored"):
        total = np.concatenate(([0.0], np.cumsum(steps[column].to_numpy())))
        kept[column] = np.diff(total[position + 1], prepend=0.0)
    kept["at_risk"] = _at_risk_on(grid, steps)
    return kept


def _at_risk_on(grid: np.ndarray, steps: pd.DataFrame) -> np.ndarray:
    """Number at risk just before each grid day: that of the next step at or after it."""
    days, at_risk = steps["day"].to_numpy(), steps["at_risk"].to_numpy()
    following = np.searchsorted(days, grid, side="left")
    padded = np.append(at_risk, 0)
    return padded[following]
