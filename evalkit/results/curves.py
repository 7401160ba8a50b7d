"""Counts over time and the step functions computed from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from evalkit.shape import Shape

if TYPE_CHECKING:
    import pandas as pd


CurveMeasure = Literal["survival", "share_exited", "cumulative_incidence", "cumulative_hazard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTable(Shape):
    """Counts per group, time and cause: the ground of every nonparametric estimate.

    ``G`` groups, ``T`` distinct times (ascending), ``C`` causes.

    Attributes:
        times: ``(T,)`` distinct times, whole days in a register.
        groups: Printed levels of the groups.
        causes: Names of the ways to leave; the first is the outcome of interest.
        started: ``(G,)`` weight at risk from the outset (no delayed entry).
        entered: ``(G, T)`` weight with delayed entry *at* the time: at risk just after it.
        left: ``(G, T, C)`` weight leaving by each cause at the time.
        censored: ``(G, T)`` weight last seen, still waiting, at the time.
        persons: ``(G,)`` unweighted number of rows.
    """

    times: np.ndarray
    groups: tuple[str, ...]
    causes: tuple[str, ...]
    started: np.ndarray
    entered: np.ndarray
    left: np.ndarray
    censored: np.ndarray
    persons: np.ndarray

    def __repr__(self) -> str:
        """What it is about; the counts themselves would fill a notebook's cell."""
        groups = f", groups {', '.join(self.groups)}" if len(self.groups) > 1 else ""
        days = f", days {self.times[0]:g}–{self.times[-1]:g}" if len(self.times) else ""
        return f"EventTable({self.persons.sum()} persons{groups}; {', '.join(self.causes)}{days})"

    def __post_init__(self) -> None:
        g, t, c = len(self.groups), len(self.times), len(self.causes)
        expected = {
            "started": (g,),
            "entered": (g, t),
            "left": (g, t, c),
            "censored": (g, t),
            "persons": (g,),
        }
        for name, shape in expected.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"EventTable.{name} must have shape {shape}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve(Shape):
    """A step function over time with pointwise intervals, for one or more groups.

    Attributes:
        measure: ``share_exited`` is 1 − S, the default in reports.
        steps: One row per group, cause and time where something happened:
            ``group, cause, day, at_risk, events, censored, value, standard_error, low, high``.
            ``at_risk`` counts those at risk just before the day, as R does. The last three
            are ``pd.NA`` where they do not exist, for example once everyone has left.
        method: Name of the interval, for example ``log-log``.
        persons: Number of persons per group.
        follow_up_days: Longest observed time per group: the curve says nothing beyond it.
        protection: `BLOCKS` where it is of released counts alone, empty where it is exact.
        delayed_entry: Whether some came under observation after the start of the clock, so
            that the counts are no plain shares of persons.
    """

    measure: CurveMeasure
    steps: pd.DataFrame
    method: str
    confidence_level: float
    persons: dict[str, int]
    follow_up_days: dict[str, float]
    protection: str = ""
    delayed_entry: bool = False

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self.persons)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventBlock(Shape):
    """Persons of some groups who left in some ways in an interval of days: 0 or many.

    Attributes:
        groups: Whose; empty for everyone.
        kinds: `OUTCOME`, `OTHER` and `LAST_SEEN`, or the name of one other cause. `REST` are
            those of the groups whom no other block of theirs counts.
        start, end: After the first day, up to and including the last; ``inf`` is open.
        n: Persons.
    """

    groups: tuple[str, ...]
    kind: str
    start: float
    end: float
    n: int


# The protection of a curve of released blocks: known at its own points, and nowhere else.
BLOCKS = "blocks"
OUTCOME, OTHER, LAST_SEEN, REST = "outcome", "other", "last_seen", "rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedEvents(Shape):
    """Counts over time as they are released: blocks of persons, and the points between them.

    Attributes:
        groups: Groups with a curve; ``("",)`` for everyone.
        hidden: Groups without.
        causes: Names of the ways to leave; the first is the outcome of interest.
        blocks: Everyone's, those of each group, and of groups taken together.
        points: Days where a group's share with the outcome is known; by cause for everyone.
        persons: Of each group with a curve; of everyone under ``""``.
        horizons: The project's horizons, the main one first.
        ends: The day beyond which a group's exits are not counted apart; ``inf`` if none.
    """

    groups: tuple[str, ...]
    hidden: tuple[str, ...]
    causes: tuple[str, ...]
    blocks: tuple[EventBlock, ...]
    points: dict[tuple[str, str], tuple[int, ...]]
    persons: dict[str, int]
    horizons: tuple[int, ...]
    ends: float = float("inf")
