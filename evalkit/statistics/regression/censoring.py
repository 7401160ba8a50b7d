"""The chance of not yet being censored, which weights Fine and Gray's risk sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from evalkit.options import check_option

CensoringTies = Literal["together", "events_first"]


@dataclass(frozen=True, slots=True)
class Censoring:
    """Kaplan–Meier of the censoring times.

    Attributes:
        days: Distinct days with a censoring.
        censored: Number censored on each.
        at_risk: Number who could be censored on each.
        before: Chance of not being censored before each day, with 1 + len(days) values.
    """

    days: np.ndarray
    censored: np.ndarray
    at_risk: np.ndarray
    before: np.ndarray

    def free_before(self, at: np.ndarray) -> np.ndarray:
        """Chance of not having been censored before the given days."""
        result: np.ndarray = self.before[np.searchsorted(self.days, at, side="left")]
        return result


def censoring_distribution(
    days: np.ndarray, is_censored: np.ndarray, *, ties: CensoringTies
) -> Censoring:
    """Kaplan–Meier estimate with censoring as the event.

    ``ties`` says whether persons who leave on a day could still have been censored that
    day: ``together`` yes (as cmprsk), ``events_first`` no (as survival's ``finegray``).
    """
    check_option("ties", ties, CensoringTies)
    times, censored = np.unique(days[is_censored], return_counts=True)
    order = np.sort(days)
    at_risk = len(days) - np.searchsorted(order, times, side="left")
    if ties == "events_first":
        leaving = np.sort(days[~is_censored])
        at_risk = at_risk - (
            np.searchsorted(leaving, times, side="right")
            - np.searchsorted(leaving, times, side="left")
        )
    free = np.concatenate(([1.0], np.cumprod(1 - censored / at_risk)))
    return Censoring(times, censored, at_risk, free)
