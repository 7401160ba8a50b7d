"""Turnbull's estimate against R's survfit and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.interval_censored import share_bounds, turnbull
from evalkit.statistics.time_to_event.survival import kaplan_meier
from tests.oracles_support import Case, case_id, cases


@pytest.mark.parametrize("case", cases("km", lambda case: "left" in case.spec), ids=case_id)
def test_turnbull_agrees_with_r_at_the_ends_of_intervals(case: Case) -> None:
    frame = case.frame()
    curve = turnbull(frame[case.spec["left"]], frame[case.spec["right"]], groups=case.labels(frame))
    for group in case.expected["groups"]:
        times = case.listed(("groups", group, "times"))
        bounds = [share_bounds(curve, t, group=group) for t in times]
        case.assert_close(("groups", group, "times"), times)
        # R puts the mass at the middle of its interval; the ends of intervals decide alike.
        case.assert_close(("groups", group, "survival"), [1 - low for low, _ in bounds])
    case.finish()


@given(
    st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=30),
)
def test_exact_exits_and_censorings_give_kaplan_meier(spells: list[tuple[int, bool]]) -> None:
    days = np.array([day for day, _ in spells], dtype=float)
    events = np.array([event for _, event in spells])
    curve = turnbull(days, np.where(events, days, np.nan))
    steps = kaplan_meier(event_table(days, events, cause_names=["work"])).steps
    for day, value in zip(steps["day"], steps["value"], strict=True):
        assert share_bounds(curve, day)[0] == pytest.approx(value, abs=1e-4)


def test_between_two_sights_the_share_is_only_bounded() -> None:
    # One left in (0, 30], one in (30, 60]: on day 45 the second may or may not have gone.
    curve = turnbull([0, 30], [30, 60])
    assert share_bounds(curve, 45) == (0.5, 1.0)
    assert share_bounds(curve, 60) == (1.0, 1.0)


def test_impossible_intervals_are_refused_by_position() -> None:
    with pytest.raises(ValueError, match=r"right: .* positions 1"):
        turnbull([0, 30], [30, 10])
    with pytest.raises(CannotBeComputed, match="no_persons"):
        turnbull([], [])


def test_a_missing_group_is_refused_not_made_a_group() -> None:
    with pytest.raises(ValueError, match="groups: missing at positions 1"):
        turnbull([0, 30], [30, 60], groups=["a", None])
