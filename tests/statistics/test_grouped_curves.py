"""Curves from blocks: equal to exact estimates where blocks tell all, and silent elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from evalkit.results import Between, CannotBeComputed, Estimate, NotEstimable
from evalkit.results.curves import EventBlock, GroupedEvents
from evalkit.statistics.time_to_event.decisive_figure import (
    decisive_difference,
    grouped_difference,
)
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
        assert isinstance(found, Estimate)
        assert found.value == pytest.approx(share, abs=1e-6)
        binomial = (share * (1 - share) / 50) ** 0.5
        width = found.high - found.low
        assert width == pytest.approx(2 * 1.96 * binomial, rel=0.15)


def test_between_points_there_are_bounds_or_too_few_and_nothing_after_the_last():
    events = two_groups()
    bounds = share_by(events, 120, group="b")
    assert isinstance(bounds, Between)
    assert (bounds.low, bounds.high) == pytest.approx((0.1, 0.2), abs=1e-6)
    for day in (120, 365):  # 0.2 to 0.6 says too little; after the last point nothing is known
        few = share_by(events, day, group="a")
        assert isinstance(few, NotEstimable)
        assert few.reason == "few_at_day"


def test_a_curve_has_its_own_points_only():
    curve = incidence(two_groups())
    assert sorted(set(curve.steps["day"])) == [90.0, 180.0]
    assert curve.steps.loc[curve.steps["group"] == "a", "events"].tolist() == [10, 20]
    assert curve.protection == "blocks"


def test_a_median_lies_between_points_and_a_mean_needs_every_horizon():
    # 50 leave by day 90, 20 more by day 180 and 10 never do: half had left by the first point.
    events = left_in_blocks(50, 20)
    assert (days_until(events, 0.5).low, days_until(events, 0.5).high) == (0.0, 90.0)
    assert (days_until(events, 0.7).low, days_until(events, 0.7).high) == (90.0, 180.0)
    assert days_until(events, 0.9).high == float("inf")
    # Trapezia under 1 - share: 90 · (1 + 3/8)/2 + 90 · (3/8 + 1/8)/2 = 84.4.
    assert (restricted_mean_days(events).value, restricted_mean_days(events).unit) == (84, "days")
    with pytest.raises(CannotBeComputed, match="few_exits"):
        restricted_mean_days(everyone_without_horizon())


def left_in_blocks(first, second):
    own = [
        *blocks((), "outcome", (90.0, first), (180.0, 0), (INF, 0)),
        *blocks((), "other", (90.0, 0), (180.0, second), (INF, 0)),
        *blocks((), "last_seen", (180.0, 0), (INF, 10)),
    ]
    return GroupedEvents(
        groups=("",), hidden=(), causes=CAUSES, blocks=tuple(own),
        points={("", "work"): (90, 180)}, persons={"": first + second + 10}, horizons=(180, 90),
    )  # fmt: skip


def persons_in_blocks(seed, n, *, points):
    """Exits day by day in two groups, and the same as blocks between points."""
    rng = np.random.default_rng(seed)
    group = np.repeat(["a", "b"], n)
    work = np.ceil(rng.exponential(np.where(group == "a", 300, 900)))
    other, cut = np.ceil(rng.exponential(900, 2 * n)), rng.integers(365, 800, 2 * n)
    day = np.minimum.reduce([work, other, cut])
    cause = np.select([work == day, other == day], [1, 2], 0)
    found = []
    for own in ((), ("a",), ("b",)):
        chosen = np.isin(group, own or ("a", "b"))
        for code, kind in ((1, "outcome"), (2, "other"), (0, "last_seen")):
            days = day[chosen & (cause == code)]
            ends = np.array([0, *points, INF])
            counts = np.histogram(days, np.append(ends[:-1], 1e9) + 0.5)[0]
            found += blocks(own, kind, *zip(ends[1:], map(int, counts), strict=True))
    events = GroupedEvents(
        groups=("a", "b"), hidden=(), causes=CAUSES, blocks=tuple(found),
        points={("a", "work"): points, ("b", "work"): points},
        persons={"a": n, "b": n, "": 2 * n}, horizons=(365,),
    )  # fmt: skip
    return (day, cause, group), events


def test_mean_days_of_released_counts_hold_whichever_day_each_left_on():
    persons, events = persons_in_blocks(1, 300, points=(60, 120, 180, 240, 300, 365))
    exact = decisive_difference(*persons, day=365, figure="mean_days")
    released = grouped_difference(events, day=365, figure="mean_days")
    for one, other in zip(
        (*exact.groups, *exact.differences), (*released.groups, *released.differences), strict=True
    ):
        assert (one.measure, one.group, one.unit) == (other.measure, other.group, other.unit)
        assert abs(one.value - other.value) < 3
        assert other.low < one.low < one.high < other.high
    assert released.differences[0].low > 0  # still told


def test_points_too_far_apart_carry_no_mean_days():
    with pytest.raises(CannotBeComputed, match="few_exits"):
        # 0.2 by day 90 and 0.6 by 180: 18 to 72 days of 180.
        grouped_difference(two_groups(), day=180, figure="mean_days")
    with pytest.raises(CannotBeComputed, match="few_at_day"):
        grouped_difference(two_groups(), day=100, figure="mean_days")


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


def test_where_nobody_has_the_outcome_the_upper_limit_is_exact_and_not_zero():
    own = [
        *blocks((), "outcome", (60.0, 0), (INF, 9)),
        *blocks((), "other", (60.0, 6), (INF, 28)),
        *blocks((), "last_seen", (60.0, 0), (INF, 42)),
    ]
    events = GroupedEvents(
        groups=("",), hidden=(), causes=CAUSES, blocks=tuple(own),
        points={("", "work"): (60,)}, persons={"": 85}, horizons=(60,),
    )  # fmt: skip
    found = share_by(events, 60)
    # Clopper and Pearson (1934) of 0 of 85: 1 - 0.025 ** (1 / 85).
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 85), abs=1e-9)
    assert found.method == "clopper_pearson"
