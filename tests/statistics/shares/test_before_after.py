"""Two cohorts: the difference is after − before, by the methods of its parts."""

from __future__ import annotations

import pytest

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.before_after import before_after_counts
from evalkit.statistics.shares.differences import newcombe
from evalkit.statistics.shares.proportions import proportion


def test_trelleborg_at_the_smallest_possible_cohorts() -> None:
    """DOMAIN §1: 19/58 → 21/44 gives −4.0 to 32.8 percentage points."""
    made = before_after_counts(before=(19, 58), after=(21, 44))
    assert made.difference.value == pytest.approx(21 / 44 - 19 / 58)
    assert round(100 * made.difference.low, 1) == -4.0
    assert round(100 * made.difference.high, 1) == 32.8


def test_the_parts_are_the_named_methods_at_the_same_level() -> None:
    made = before_after_counts(before=(19, 58), after=(21, 44), confidence_level=0.9)
    assert made.before == proportion(events=19, n=58, confidence_level=0.9, group="before")
    assert made.after == proportion(events=21, n=44, confidence_level=0.9, group="after")
    assert made.difference == newcombe(
        events_1=21, n_1=44, events_2=19, n_2=58, confidence_level=0.9
    )


def test_an_empty_cohort_cannot_be_compared() -> None:
    with pytest.raises(CannotBeComputed, match="no_persons"):
        before_after_counts(before=(0, 0), after=(21, 44))
