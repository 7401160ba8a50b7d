"""Planning one share: how many persons tell it from a goal."""

from __future__ import annotations

import pytest

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.power import persons_to_tell_from_goal
from evalkit.statistics.shares.proportions import proportion


def test_61_against_60_per_cent_needs_about_9_100_persons() -> None:
    """DOMAIN §1, Arena för arbete."""
    n = persons_to_tell_from_goal(share=0.61, goal=0.60)
    assert round(n, -2) == 9100


def test_as_many_persons_have_an_interval_that_ends_at_the_goal() -> None:
    n = round(persons_to_tell_from_goal(share=0.65, goal=0.60))
    assert proportion(events=round(0.65 * n), n=n).low == pytest.approx(0.60, abs=0.003)


def test_a_share_on_its_goal_cannot_be_told_from_it() -> None:
    with pytest.raises(CannotBeComputed, match="no_difference"):
        persons_to_tell_from_goal(share=0.6, goal=0.6)
