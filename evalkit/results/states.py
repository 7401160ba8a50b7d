"""Where persons are over time: at work, in studies, unemployed, and not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from evalkit.results.estimates import Estimate
from evalkit.shape import Shape

FollowUpKind = Literal["changes", "contacts"]


# Of a number of days from a thousand up, the fewest digits that a report keeps.
_LAST_DIGIT = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundedShare(Shape):
    """A share of all persons where some are not known: what is known, and the extremes.

    Attributes:
        day: Days since the start of the clock.
        of_known: The share among those whose situation is known.
        low, high: If none, and if all, of the unknown are in the state.
        outer_low, outer_high: Lower confidence limit of ``low``, upper of ``high``.
        in_state, known, n: Persons in the state, known, and followed to the day.
    """

    day: int
    of_known: Estimate
    low: float
    high: float
    outer_low: float
    outer_high: float
    in_state: int
    known: int
    n: int

    @property
    def bounds_come_first(self) -> bool:
        """Whether so few are known (under four of five) that the bounds are the headline."""
        return self.known < 0.8 * self.n


@dataclass(frozen=True, slots=True, kw_only=True)
class SustainedWork(Shape):
    """Work throughout, up to a day, among those who left to work; bounds as `BoundedShare`."""

    day: int
    kind: FollowUpKind
    sustained: int
    undecided: int
    ended: int
    low: float
    high: float
    outer_low: float
    outer_high: float

    @property
    def counts(self) -> tuple[int, int, int]:
        """Persons in each part."""
        return self.sustained, self.undecided, self.ended

    @property
    def n(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCurves(Shape):
    """Share in each state on chosen days, the states one above the other adding up to all.

    ``T`` days, ``S`` states.

    Attributes:
        days: ``(T,)``.
        states: The states' names.
        shares, standard_errors: ``(T, S)``; the errors are the infinitesimal jackknife's.
        followed: ``(T,)`` persons followed to the day: print it under the curve.
        last_day: Last day the curves speak of.
        n: Persons.
        mean_days: Mean days in each state up to ``horizon``, and their standard errors.
    """

    days: np.ndarray
    states: tuple[str, ...]
    shares: np.ndarray
    standard_errors: np.ndarray
    followed: np.ndarray
    last_day: int
    n: int
    horizon: float
    mean_days: np.ndarray
    mean_days_errors: np.ndarray

    def __post_init__(self) -> None:
        # What is read back from a kept report has each number to its last printed digit.
        apart = abs(float(self.mean_days.sum()) - self.horizon)
        if apart > _LAST_DIGIT * (len(self.states) + 1):
            raise ValueError("mean days over the states must add up to the horizon")


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysRange(Shape):
    """Mean days in work within a horizon, where the status was asked at some days only.

    ``low`` counts the stretches with work at both ends, ``high`` those with work at either end
    and every day of those of whom nothing is known.
    """

    horizon: int
    low: float
    high: float
    n: int
