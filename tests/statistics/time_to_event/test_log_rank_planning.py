"""Planning with the log-rank test: textbook formulas worked by hand, and their inverses."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed
from evalkit.statistics.time_to_event import log_rank_planning as planning

Z = 1.959963984540054 + 0.8416212335729143  # normal quantiles of 97.5 % and 80 %, by table


def test_schoenfelds_events_follow_the_formula() -> None:
    """Schoenfeld (1981) for a ratio of 2 and equal groups: 4 z²/log² 2."""
    wanted = 4 * Z**2 / math.log(2) ** 2
    assert planning.schoenfeld_events(hazard_ratio=2) == pytest.approx(wanted, rel=1e-12)


def test_freedmans_events_follow_the_formula() -> None:
    """Freedman (1982) for a ratio of 2 and equal groups: z²·9."""
    assert planning.freedman_events(hazard_ratio=2) == pytest.approx(9 * Z**2, rel=1e-12)


@given(st.floats(1.05, 5), st.floats(0.1, 0.9), st.floats(0.5, 0.99))
def test_the_events_needed_give_the_power_wanted(ratio: float, share: float, wanted: float) -> None:
    events = planning.schoenfeld_events(hazard_ratio=ratio, share_first=share, power=wanted)
    options = {"events": events, "share_first": share}
    reached = planning.log_rank_power(hazard_ratio=ratio, **options)
    found = planning.smallest_detectable_hazard_ratio(**options, power=wanted)
    assert reached == pytest.approx(wanted, abs=1e-9)
    assert found == pytest.approx(ratio, rel=1e-9)


@given(st.floats(1.05, 5))
def test_a_ratio_and_its_inverse_need_the_same_events(ratio: float) -> None:
    one = planning.schoenfeld_events(hazard_ratio=ratio)
    assert one == pytest.approx(planning.schoenfeld_events(hazard_ratio=1 / ratio), rel=1e-9)
    assert planning.freedman_events(hazard_ratio=ratio) == pytest.approx(
        planning.freedman_events(hazard_ratio=1 / ratio), rel=1e-9
    )


@given(st.floats(1.05, 5))
def test_freedman_is_never_less_cautious(ratio: float) -> None:
    schoenfeld = planning.schoenfeld_events(hazard_ratio=ratio)
    assert planning.freedman_events(hazard_ratio=ratio) >= schoenfeld


def test_impossible_plans_say_why() -> None:
    with pytest.raises(CannotBeComputed, match="no_difference"):
        planning.schoenfeld_events(hazard_ratio=1)
    with pytest.raises(CannotBeComputed, match="no_difference"):
        planning.freedman_events(hazard_ratio=1)
    with pytest.raises(ValueError, match="hazard_ratio"):
        planning.log_rank_power(hazard_ratio=0, events=10)
    with pytest.raises(ValueError, match="share_with_event"):
        planning.persons_for_events(events=10, share_with_event=0)
