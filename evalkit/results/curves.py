"""Counts over time, the step functions computed from them, and the one figure that decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from evalkit.results.estimates import Estimate, EstimateRow, NotEstimable, TestResult
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
KINDS = (OUTCOME, OTHER, LAST_SEEN)
WAY = "way:"  # before the name of a single other way to leave, which may be called "other", too


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


DecisiveFigure = Literal["share", "mean_days"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsOverTime(Shape):
    """Two or more groups at a day, by the figure the project named beforehand.

    Attributes:
        judged_by: The share who had the outcome by the day, or the mean days after it, to then.
        day: The horizon.
        groups: The figure of each group.
        differences: Each other group less the reference; with two groups its interval decides.
        curves_differ: Gray's test of whether the curves differ anywhere; it never overrules.
    """

    judged_by: DecisiveFigure
    day: int
    groups: tuple[Estimate, ...]
    differences: tuple[Estimate, ...]
    curves_differ: TestResult | NotEstimable

    @property
    def is_judged(self) -> bool:
        """Whether a word of verdict may be said: with two groups, not with several pairs."""
        return len(self.differences) == 1

    @property
    def disagree(self) -> bool:
        """Whether the figure and the test of the whole curves say different things."""
        if not self.is_judged or isinstance(self.curves_differ, NotEstimable):
            return False
        row = self.differences[0]
        stands_out = row.low > 0 or row.high < 0
        return stands_out != (self.curves_differ.p_value < 1 - row.confidence_level)


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityGaps(Shape):
    """Women less men in one main result, in every place or track.

    Attributes:
        gaps: One per place; `NotEstimable` where there are no women or no men.
        difference: First place's gap less the second's, where there are two.
        equal_gaps: Test that the gap is the same everywhere, where there are two or more places.
        others: Persons of other or unknown sex: counted, never in a gap.
        missing_women, missing_men: Persons without a known outcome.
        looked_at: Gaps looked at in the whole report: about one in twenty stands out by chance.
    """

    gaps: tuple[EstimateRow, ...]
    difference: Estimate | None
    equal_gaps: TestResult | NotEstimable
    others: int = 0
    missing_women: int = 0
    missing_men: int = 0
    looked_at: int = 1

    @property
    def parts(self) -> tuple[Estimate, ...]:
        """The estimates that give each other away."""
        return tuple(gap for gap in self.gaps if isinstance(gap, Estimate))

    @property
    def counts(self) -> tuple[int, ...]:
        """Persons that the sentences tell of."""
        return self.others, self.missing_women, self.missing_men
