"""Exits known only to lie between two observations: Turnbull's estimate.

For registers updated by the month, or follow-up by interview: the exit lies after the last
sight and no later than the next. Treating the update as the exit would shift every share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.results import CannotBeComputed
from evalkit.statistics.time_to_event.event_input import labelled_codes

TOLERANCE = 1e-7
LARGEST_ITERATIONS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalCurve:
    """Shares that have left, for exits known up to an interval.

    Attributes:
        steps: Rows ``group, after, by, share``: the share moves somewhere after the day
            ``after`` and is ``share`` from the day ``by``; in between the data do not say.
        persons: Number of persons per group.
    """

    steps: pd.DataFrame
    persons: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Distinct (first cell, last cell] of the observations with their number, and the cells."""

    ends: np.ndarray
    first: np.ndarray
    last: np.ndarray
    number: np.ndarray


def turnbull(
    left: npt.ArrayLike, right: npt.ArrayLike, *, groups: npt.ArrayLike | None = None
) -> IntervalCurve:
    """The share that has left by each day when exits are known only within (left, right].

    Nonparametric maximum likelihood (Turnbull 1976, JRSS B 38:290) by the EM algorithm, run
    until the likelihood's optimality conditions hold (Gentleman & Geyer 1994) rather than
    until the steps are short.

    Args:
        left: Last day the person was seen waiting; NaN or 0 when never seen.
        right: First day the person was seen gone; NaN or inf while still waiting. Equal to
            ``left`` for an exit known to the day.
        groups: Label per person.

    Raises:
        ValueError: For negative days, right before left, or another length: names positions.
        CannotBeComputed: ``no_persons``; ``no_convergence``.

    Edge cases: intervals are open to the left, so a person last seen on day 60 left after it
    (closing them would pile mass on the shared days of monthly records). Shares have no
    standard error here: its distribution is not normal.

    >>> curve = turnbull([0, 0, 30, 60], [30, 30, 60, float("nan")])
    >>> curve.steps[["after", "by", "share"]].round(3).to_numpy().tolist()
    [[0.0, 30.0, 0.5], [30.0, 60.0, 0.75]]
    """
    low, high = _limits(left, right)
    codes: np.ndarray = np.zeros(len(low), dtype=int)
    names: tuple[str, ...] = ("",)
    if groups is not None:
        codes, names = labelled_codes(groups, len(low))
    frames, persons = [], {}
    for g, group in enumerate(names):
        rows = codes == g
        frames.append(_steps(low[rows], high[rows]).assign(group=group))
        persons[group] = int(rows.sum())
    steps = pd.concat(frames, ignore_index=True)[["group", "after", "by", "share"]]
    return IntervalCurve(steps=steps, persons=persons)


def share_bounds(curve: IntervalCurve, day: float, *, group: str = "") -> tuple[float, float]:
    """Least and greatest share that may have left by a day; equal where the data decide.

    Raises:
        ValueError: For an unknown group.

    >>> share_bounds(turnbull([0, 30], [30, 60]), 45)
    (0.5, 1.0)
    """
    if group not in curve.persons:
        raise ValueError(f"group: expected one of {', '.join(curve.persons)!r}, got {group!r}")
    rows = curve.steps[curve.steps["group"] == group]
    shares = np.concatenate([[0.0], rows["share"].to_numpy()])
    settled = int(np.searchsorted(rows["by"].to_numpy(), day, side="right"))
    begun = int(np.searchsorted(rows["after"].to_numpy(), day, side="left"))
    return float(shares[settled]), float(shares[max(settled, begun)])


def _limits(left: npt.ArrayLike, right: npt.ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    if low.shape != high.shape or low.ndim != 1:
        raise ValueError("right: expected as many values as in left")
    if not len(low):
        raise CannotBeComputed("no_persons")
    low = np.where(np.isnan(low), 0.0, low)
    high = np.where(np.isnan(high), np.inf, high)
    for name, bad in (("left", low < 0), ("right", high < low)):
        if bad.any():
            shown = ", ".join(map(str, np.flatnonzero(bad)[:10]))
            raise ValueError(f"{name}: negative or before left at positions {shown}")
    return low, high


def _steps(low: np.ndarray, high: np.ndarray) -> pd.DataFrame:
    cells = _cells(low, high)
    mass = _maximise(cells)
    after = np.concatenate([[0.0], cells.ends[:-1]])
    kept = (mass > TOLERANCE) & np.isfinite(cells.ends)
    share = np.cumsum(mass)
    return pd.DataFrame({"after": after[kept], "by": cells.ends[kept], "share": share[kept]})


def _cells(low: np.ndarray, high: np.ndarray) -> _Cells:
    """The line cut at every limit; an exact exit belongs to the cell that ends on its day."""
    ends = np.unique(np.concatenate([low[low > 0], high, [np.inf]]))
    first = np.searchsorted(ends, low, side="right")
    last = np.searchsorted(ends, high, side="left")
    pairs, number = np.unique(np.stack([np.minimum(first, last), last]), axis=1, return_counts=True)
    return _Cells(ends, pairs[0], pairs[1], number)


def _maximise(cells: _Cells) -> np.ndarray:
    """Masses of the cells that maximise the likelihood.

    Only cells that begin where some interval begins and end where one ends can carry mass.
    """
    can_carry = np.isin(np.arange(len(cells.ends)), cells.last)
    can_carry &= np.isin(np.arange(len(cells.ends)), _innermost(cells))
    mass = can_carry / can_carry.sum()
    weight = cells.number / cells.number.sum()
    for _ in range(LARGEST_ITERATIONS):
        total = np.concatenate([[0.0], np.cumsum(mass)])
        ratio = weight / (total[cells.last + 1] - total[cells.first])
        change = np.zeros(len(mass) + 1)
        np.add.at(change, cells.first, ratio)
        np.add.at(change, cells.last + 1, -ratio)
        gradient = np.cumsum(change)[:-1]
        if gradient[can_carry].max() < 1 + TOLERANCE:
            found: np.ndarray = mass
            return found
        mass = mass * gradient
    raise CannotBeComputed("no_convergence")


def _innermost(cells: _Cells) -> np.ndarray:
    """Last cell of each innermost interval: the first end at or after each beginning."""
    ends: np.ndarray = np.unique(cells.last)
    innermost: np.ndarray = ends[np.searchsorted(ends, np.unique(cells.first), side="left")]
    return innermost
