"""A curve as lines: one per group and cause, read at any day. For tables and charts alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.results import Curve
from evalkit.results.curves import BLOCKS

DAYS_PER_MONTH = 30
MONTHS_ON_FINE_GRID = 13

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reading:
    """A line at a day; ``low`` and ``high`` are ``None`` where no interval exists."""

    at_risk: float
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The steps of one group and cause, with the point the curve starts from."""

    group: str
    cause: str
    start: float
    follow_up: float
    days: Floats
    at_risk: Floats
    value: Floats
    low: Floats
    high: Floats
    has_points: bool = False  # known at its own days, and nowhere else

    def reading(self, day: float) -> Reading | None:
        """The line at a day; ``None`` beyond the follow-up, where it says nothing."""
        if day > self.follow_up or not len(self.days):
            return None
        if self.has_points and day not in self.days:
            return None
        position = int(np.searchsorted(self.days, day, side="right")) - 1
        at_risk = self.at_risk_on(day)
        if position < 0:
            return Reading(at_risk, self.start, None, None)
        low, high = float(self.low[position]), float(self.high[position])
        has_interval = low < high  # no width is no certainty: nobody has left yet
        return Reading(
            at_risk,
            float(self.value[position]),
            low if has_interval else None,
            high if has_interval else None,
        )

    def until(self, day: float) -> Line:
        """The line up to a day."""
        if self.follow_up <= day:
            return self
        kept = self.days <= day
        cut = {name: getattr(self, name)[kept] for name in ("at_risk", "value", "low", "high")}
        return replace(self, follow_up=day, days=self.days[kept], **cut)

    def at_risk_on(self, day: float) -> float:
        """Persons at risk just before the day: nobody leaves between two steps."""
        following = int(np.searchsorted(self.days, day, side="left"))
        return float(self.at_risk[following]) if following < len(self.days) else 0.0

    def drawn(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Days, value, low and high from day 0 to the end of follow-up, to draw as steps."""
        last = len(self.days) - 1
        ends_later = last >= 0 and self.follow_up > self.days[last]
        days = np.concatenate([[0.0], self.days, [self.follow_up] if ends_later else []])
        columns = [
            np.concatenate([[first], values, [values[last]] if ends_later else []])
            for values, first in ((self.value, self.start), (self.low, np.nan), (self.high, np.nan))
        ]
        return days, columns[0], columns[1], columns[2]


def lines_of(curve: Curve) -> tuple[Line, ...]:
    """All lines of a curve: groups in their order, causes in theirs."""
    return tuple(_lines(curve))


def month_grid(curve: Curve) -> tuple[int, ...]:
    """Days of a table: every month, or every third month of a long follow-up."""
    longest = max(curve.follow_up_days.values(), default=0.0)
    months = int(longest // DAYS_PER_MONTH)
    step = 1 if months < MONTHS_ON_FINE_GRID else 3
    return tuple(month * DAYS_PER_MONTH for month in range(0, months + 1, step))


def _lines(curve: Curve) -> Iterator[Line]:
    start = 1.0 if curve.measure == "survival" else 0.0
    has_points = curve.protection == BLOCKS
    for group in curve.groups:
        steps = curve.steps[curve.steps["group"] == group]
        for cause, rows in steps.groupby("cause", sort=False):
            ordered = rows.sort_values("day", kind="stable")
            yield Line(
                group=group,
                cause=str(cause),
                start=start,
                # Nothing after the last point.
                follow_up=float(
                    ordered["day"].max() if has_points else curve.follow_up_days[group]
                ),
                days=_floats(ordered["day"]),
                at_risk=_floats(ordered["at_risk"]),
                value=_floats(ordered["value"]),
                low=_floats(ordered["low"]),
                high=_floats(ordered["high"]),
                has_points=has_points,
            )


def _floats(column: pd.Series[float]) -> Floats:
    values: Floats = np.asarray(column.to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)
    return values
