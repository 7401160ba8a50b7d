"""The number of the missing at which a verdict turns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.statistics.follow_up.bounds import tipping_point
from evalkit.statistics.shares.targets import target_verdict

counts = st.integers(1, 120).flatmap(
    lambda n: st.integers(1, n).flatmap(
        lambda followed: st.tuples(st.integers(0, followed), st.just(followed), st.just(n))
    )
)


@given(counts, st.floats(0.05, 0.95))
def test_every_number_of_the_missing_has_the_grade_that_counted_persons_have(
    given_counts: tuple[int, int, int], goal: float
) -> None:
    k, followed, n = given_counts
    found = tipping_point(events=k, followed_up=followed, n=n, goal=goal)
    covered = [x for one in found.ranges for x in range(one.fewest, one.most + 1)]
    assert covered == list(range(n - followed + 1))
    for one in found.ranges:
        for x in (one.fewest, one.most):
            assert target_verdict(events=k + x, n=n, goal=goal).grade == one.grade


def test_a_worked_example() -> None:
    # By Wilson's interval, 108 of 203 and all of 11 more: 119 of 214 is 55.6 %, 48.9–62.1 %,
    # which holds 60 %; 108 of 214 is 50.5 %, 43.8–57.1 %, which lies below.
    found = tipping_point(events=108, followed_up=203, n=214, goal=0.60)
    assert [one.grade for one in found.ranges] == ["clearly_below", "below_uncertain"]
    assert found.ranges[0].most + 1 == found.ranges[1].fewest
    turned = found.ranges[1].fewest
    assert target_verdict(events=108 + turned, n=214, goal=0.60).estimate.high >= 0.60
    assert target_verdict(events=107 + turned, n=214, goal=0.60).estimate.high < 0.60


def test_with_nobody_missing_there_is_one_grade_and_no_tipping() -> None:
    found = tipping_point(events=163, followed_up=267, n=267, goal=0.60)
    assert [(one.grade, one.fewest, one.most) for one in found.ranges] == [
        ("above_uncertain", 0, 0)
    ]
    assert found.cells == (163, 104, 0)


def test_an_impossible_goal_is_refused() -> None:
    with pytest.raises(ValueError, match="goal"):
        tipping_point(events=5, followed_up=8, n=10, goal=1.0)
