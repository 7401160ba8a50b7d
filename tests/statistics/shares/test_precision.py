"""Planning one share: how wide, how many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.precision import (
    persons_for_width,
    persons_to_tell_from_goal,
    planned_width,
)
from evalkit.statistics.shares.proportions import proportion


def test_61_against_60_per_cent_needs_about_9_100_persons() -> None:
    """DOMAIN §1, Arena för arbete."""
    n = persons_to_tell_from_goal(share=0.61, goal=0.60)
    assert round(n, -2) == 9100


def test_the_planned_width_is_the_width_the_interval_will_have() -> None:
    made = proportion(events=58, n=100)
    assert planned_width(share=0.58, n=100) == pytest.approx(made.high - made.low)


@given(st.floats(0, 1), st.floats(0.005, 0.9), st.floats(0.5, 0.999))
def test_the_persons_needed_are_the_fewest(share: float, width: float, level: float) -> None:
    n = persons_for_width(share=share, width=width, confidence_level=level)
    assert planned_width(share=share, n=n, confidence_level=level) <= width
    if n > 1:
        assert planned_width(share=share, n=n - 1, confidence_level=level) > width


def test_impossible_plans_say_why() -> None:
    with pytest.raises(CannotBeComputed, match="too_many_persons"):
        persons_for_width(share=0.5, width=1e-9)
    with pytest.raises(CannotBeComputed, match="no_difference"):
        persons_to_tell_from_goal(share=0.6, goal=0.6)
    with pytest.raises(ValueError, match="share"):
        planned_width(share=1.2, n=10)
    with pytest.raises(ValueError, match="n must"):
        planned_width(share=0.2, n=0)
    with pytest.raises(ValueError, match="width"):
        persons_for_width(share=0.2, width=0)
