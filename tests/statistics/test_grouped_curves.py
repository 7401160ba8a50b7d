"""Curves from blocks: equal to exact estimates where blocks tell all, and silent elsewhere."""

from __future__ import annotations

import pytest

from evalkit.results import CannotBeComputed
from evalkit.results.curves import EventBlock, GroupedEvents
from evalkit.statistics.time_to_event.grouped import (
    days_until,
    gray_like_test,
    incidence,
    restricted_mean_days,
    share_by,
)

CAUSES = ("work", "other")
INF = float("inf")


def blocks(group, kind, *ends_and_counts):
    start, found = 0.0, []
    for end, n in ends_and_counts:
        found.append(EventBlock(groups=group, kind=kind, start=start, end=end, n=n))
        start = end
    return found


def everyone(*, seen=((INF, 20),)):
    own = [
        *blocks((), "outcome", (90.0, 10), (180.0, 20), (INF, 10)),
        *blocks((), "other", (INF, 40)),
        *blocks((), "last_seen", *seen),
    ]
    n = sum(block.n for block in own)
    return GroupedEvents(
        groups=("",), hidden=(), causes=CAUSES, blocks=tuple(own),
        points={("", "work"): (90, 180)}, persons={"": n}, horizons=(180, 90),
    )  # fmt: skip


def two_groups():
    base = [
        *blocks((), "outcome", (90.0, 15), (180.0, 25), (INF, 0)),
        *blocks((), "other", (INF, 0)),
        *blocks((), "last_seen", (180.0, 0), (INF, 60)),
    ]
    own = []
    for group, first, second, rest in (("a", 10, 20, 20), ("b", 5, 5, 40)):
        own += [
            *blocks((group,), "outcome", (90.0, first), (180.0, second), (INF, 0)),
            *blocks((group,), "other", (INF, 0)),
            *blocks((group,), "last_seen", (180.0, 0), (INF, rest)),
        ]
    return GroupedEvents(
        groups=("a", "b"), hidden=(), causes=CAUSES, blocks=(*base, *own),
        points={("a", "work"): (90, 180), ("b", "work"): (90, 180)},
        persons={"a": 50, "b": 50, "": 100}, horizons=(180, 90),
    )  # fmt: skip


def test_without_anybody_last_seen_before_a_point_the_share_is_exits_over_persons():
    events = two_groups()
    # 10 and 30 of 50, 5 and 10 of 50: nobody is censored, so the estimate is a plain share.
    for group, day, share in (("a", 90, 0.2), ("a", 180, 0.6), ("b", 90, 0.1), ("b", 180, 0.2)):
        found = share_by(events, day, group=group)
        assert found.kind == "point"
        assert found.estimate is not None
        assert found.estimate.value == pytest.approx(share, abs=1e-6)
        binomial = (share * (1 - share) / 50) ** 0.5
        width = found.estimate.high - found.estimate.low
        assert width == pytest.approx(2 * 1.96 * binomial, rel=0.15)


def test_between_points_there_are_bounds_or_too_few_and_nothing_after_the_last():
    events = two_groups()
    bounds = share_by(events, 120, group="b")
    assert (bounds.kind, bounds.estimate) == ("bounds", None)
    assert (bounds.low, bounds.high) == pytest.approx((0.1, 0.2), abs=1e-6)
    assert share_by(events, 120, group="a").kind == "few"  # 0.2 to 0.6 says too little
    assert share_by(events, 365, group="a").kind == "few"


def test_a_curve_has_its_own_points_only():
    curve = incidence(two_groups())
    assert sorted(set(curve.steps["day"])) == [90.0, 180.0]
    assert curve.steps.loc[curve.steps["group"] == "a", "events"].tolist() == [10, 20]
    assert curve.protection == "blocks"


def test_a_median_lies_between_points_and_a_mean_needs_every_horizon():
    events = two_groups()
    assert days_until(events, 0.5, group="a") == (90.0, 180.0)
    assert days_until(events, 0.5, group="b") is None
    days, horizon = restricted_mean_days(events, group="a")
    # Trapezia under 1 − share: 90 · (1 + 0.8)/2 + 90 · (0.8 + 0.4)/2.
    assert (days, horizon) == (135, 180)
    with pytest.raises(CannotBeComputed, match="few_events"):
        restricted_mean_days(everyone_without_horizon())


def everyone_without_horizon():
    events = everyone()
    return GroupedEvents(
        groups=events.groups, hidden=(), causes=CAUSES, blocks=events.blocks,
        points=events.points, persons=events.persons, horizons=(365, 90),
    )  # fmt: skip


def test_the_test_sees_a_difference_and_has_two_decimals():
    result = gray_like_test(two_groups())
    assert result.p_value == 0.0
    assert result.p_value == round(result.p_value, 2)
    with pytest.raises(CannotBeComputed, match="one_group"):
        gray_like_test(everyone())
