"""Shares that are safe one by one and tell of a few together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.disclosure.rule import rule_for
from evalkit.disclosure.selections import ToldGroups, selections_to_withhold, told_by_share

RULE = rule_for("standard")
EVEN = np.arange(200) % 2 == 0


def share(persons: np.ndarray, reached: np.ndarray = EVEN) -> ToldGroups:
    return told_by_share(persons, reached)


def first(n: int) -> np.ndarray:
    return np.arange(200) < n


@pytest.mark.parametrize(("rest", "is_hidden"), [(0, False), (2, True), (9, True), (10, False)])
def test_a_selection_is_withheld_when_the_rest_is_small_or_has_small_numbers_in_it(
    rest: int, is_hidden: bool
) -> None:
    # Half have the outcome: a rest of nine has four of one kind, of ten five of each.
    found = selections_to_withhold([share(first(130)), share(first(130 - rest))], RULE)
    assert found == (False, is_hidden)


def test_two_halves_and_nearly_the_whole_are_too_much() -> None:
    spring, autumn = first(60), first(120) & ~first(60)
    found = selections_to_withhold([share(spring), share(autumn), share(first(123))], RULE)
    assert found == (False, False, True)
    # In another order it is the last again: what is printed first stays.
    found = selections_to_withhold([share(first(123)), share(spring), share(autumn)], RULE)
    assert found == (False, False, True)


def test_selections_that_cross_tell_nothing_of_each_other() -> None:
    crossing = (np.arange(200) > 50) & first(132)
    assert selections_to_withhold([share(first(130)), share(crossing)], RULE) == (False, False)


def test_a_share_that_the_door_withholds_by_itself_hides_no_other() -> None:
    few = share(first(3))
    assert selections_to_withhold([few, share(first(60))], RULE) == (False, False)


def test_shares_of_different_outcomes_tell_of_the_same_few_persons() -> None:
    thirds = np.arange(200) % 3 == 0
    found = selections_to_withhold([share(first(130)), share(first(128), thirds)], RULE)
    assert found == (False, True)


def test_that_a_few_could_not_be_followed_up_is_not_protected_but_who_left_when_is() -> None:
    lacking = (np.arange(200) >= 127) & first(130)
    followed = told_by_share(first(127), EVEN, lacking=lacking)
    assert selections_to_withhold([share(first(130)), followed], RULE) == (False, False)
    due, earlier = (told_by_share(first(n), first(100)) for n in (130, 128))
    assert selections_to_withhold([followed, due, earlier], RULE) == (False, False, True)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=6))
def test_no_printed_pair_leaves_a_small_rest(spans: list[tuple[int, int]]) -> None:
    """An attack by subtraction on spans of days of exit, one person a day."""
    days = np.arange(200) % 100
    selections = [share((days >= min(s)) & (days < max(s))) for s in spans]
    gone = selections_to_withhold(selections, RULE)
    kept = [
        s for s, hidden in zip(selections, gone, strict=True)
        if not hidden and min(group.sum() for group in s.groups) >= 5
    ]  # fmt: skip
    for whole in kept:
        for part in kept:
            if not np.any(part.groups[0] & ~whole.groups[0]):
                rest = whole.groups[0] & ~part.groups[0]
                numbers = [int((rest & EVEN).sum()), int((rest & ~EVEN).sum())]
                assert not any(0 < number < 5 for number in numbers)
