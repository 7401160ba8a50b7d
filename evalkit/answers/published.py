"""Published figures read again: the counts that a percentage allows."""

from __future__ import annotations

from evalkit.project import Cohort
from evalkit.project.questions import Percentage
from evalkit.results import FeasibleCounts
from evalkit.statistics.shares.claims import feasible_counts


def feasible(published: Percentage) -> FeasibleCounts:
    """All counts that fit a published percentage, or those of its n when that is stated."""
    return feasible_counts(
        percentage=published.value,
        decimals=published.decimals,
        largest_n=published.n or published.largest_n,
        smallest_n=published.n or 1,
        rounding="any",  # a figure is impossible only if no common rounding gives it
    )


def feasible_of_cohort(cohort: Cohort) -> FeasibleCounts:
    """The counts that fit a cohort: its percentage, or its known counts."""
    if cohort.percentage is not None:
        return feasible(cohort.percentage)
    if cohort.counts is None:
        raise ValueError("a published percentage can only be set against published figures")
    k, n = cohort.counts.k, cohort.counts.n
    return FeasibleCounts(value=k / n, decimals=1, counts=((k, n),), largest_n_searched=n)
