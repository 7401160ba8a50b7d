"""Targets judged, cohorts compared, published percentages read backwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evalkit.results.estimates import Estimate
from evalkit.shape import Shape

if TYPE_CHECKING:
    import pandas as pd


Grade = Literal["clearly_above", "above_uncertain", "below_uncertain", "clearly_below"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetVerdict(Shape):
    """An estimate against a goal, graded by its interval.

    ``p_above`` is the exact one-sided p-value of "the true share is above the goal";
    ``smallest_clear_count`` the smallest count that would be clearly above at this n,
    ``None`` when not even n of n would be.
    """

    estimate: Estimate
    goal: float
    grade: Grade
    p_above: float
    smallest_clear_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeasibleCounts(Shape):
    """All (k, n) that round to a published percentage, n ascending.

    ``value`` is the published percentage as a share, ``decimals`` its decimals in per cent.
    """

    value: float
    decimals: int
    counts: tuple[tuple[int, int], ...]
    largest_n_searched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeasibleDifference(Shape):
    """A published before/after pair read honestly: the intervals over all possible n.

    ``pairs`` has one row per pair considered: ``k_before, n_before, k_after, n_after,
    value, low, high`` (shares).
    """

    before: FeasibleCounts
    after: FeasibleCounts
    pairs: pd.DataFrame
    method: str
    confidence_level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfter(Shape):
    """Two cohorts' shares and the difference after − before."""

    before: Estimate
    after: Estimate
    difference: Estimate
