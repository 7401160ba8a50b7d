"""Shares of which some are not known: what the missing ones could make of them."""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.results.claims import Grade
from evalkit.results.estimates import Estimate
from evalkit.shape import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpBounds(Shape):
    """A share among those followed up, and how far the others could move it.

    Attributes:
        response: Share of the persons who could be followed up.
        followed_up: The share with the outcome among those.
        none: The share of all persons had none of the others reached the outcome.
        every: The share of all persons had every one of the others reached it.
        low, high: Limits that hold the share of all persons with the confidence level,
            whatever became of the others.
        method: Name of those limits.
        assumed: The share of all persons under each stated assumption: the others reach the
            outcome ``ratio`` times as often as those followed up.
        ratios: The ratios of ``assumed``, in the same order.

    Raises:
        ValueError: If the limits do not hold both extremes, or anything is NaN.
    """

    response: Estimate
    followed_up: Estimate
    none: Estimate
    every: Estimate
    low: float
    high: float
    method: str
    confidence_level: float
    assumed: tuple[Estimate, ...] = ()
    ratios: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.low <= self.none.value <= self.every.value <= self.high:
            raise ValueError("the limits do not hold both extremes, or are not numbers")
        if len(self.assumed) != len(self.ratios):
            raise ValueError("assumed and ratios must be as many")

    @property
    def missing(self) -> int:
        """Persons whose outcome is unknown."""
        return self.response.n - self.followed_up.n

    @property
    def parts(self) -> tuple[Estimate, ...]:
        """Every estimate: disclosure control judges them together."""
        return (self.response, self.followed_up, self.none, self.every, *self.assumed)


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRange(Shape):
    """The grade of a target when from ``fewest`` to ``most`` of those missing succeeded."""

    grade: Grade
    fewest: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TippingPoint(Shape):
    """How many of those not followed up must have succeeded for a target's grade to turn.

    Attributes:
        followed_up: The share among those followed up.
        missing: Persons whose outcome is unknown.
        goal: The goal as a share.
        grade: The grade of the share among those followed up.
        ranges: The grades that are possible over all persons, from none of the missing
            with the outcome to all of them.
        cells: Counts that a reader could deduce.
    """

    followed_up: Estimate
    missing: int
    goal: float
    grade: Grade
    ranges: tuple[GradeRange, ...]
    cells: tuple[int, ...]
