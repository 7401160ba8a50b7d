"""Numbers read off curves: on the day, across it, and where there is no number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed, Curve
from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence
from evalkit.statistics.time_to_event.curve_readings import median, quantile, share_at
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.survival import kaplan_meier
from tests.statistics.time_to_event.spells import CAUSES, Register, registers


def curve_of(days: list[int], causes: list[int], **options: object) -> Curve:
    return kaplan_meier(event_table(days, causes, cause_names=CAUSES), **options)  # type: ignore[arg-type]


def test_the_share_holds_from_its_day_until_the_next() -> None:
    curve = curve_of([2, 4, 4, 9], [1, 1, 0, 0])
    shares = [share_at(curve, day).value for day in (0, 1.9, 2, 3, 4, 8)]
    assert shares == [0, 0, 0.25, 0.25, 0.5, 0.5]


def test_a_reader_can_deduce_events_their_complement_and_those_left() -> None:
    estimate = share_at(curve_of([2, 4, 4, 9], [1, 1, 0, 0]), 5)
    assert estimate.n == 4
    assert estimate.cells == (2, 2, 1)


def test_before_anyone_leaves_the_interval_is_exact_not_empty() -> None:
    # 0 of 10: Clopper & Pearson's upper limit is 1 − 0.025^(1/10) = 0.3085 (their table).
    for interval in ("log-log", "log", "plain"):
        estimate = share_at(curve_of(list(range(5, 15)), [1] * 10, interval=interval), 4)
        assert (estimate.value, estimate.low) == (0, 0)
        assert estimate.high == pytest.approx(1 - 0.025 ** (1 / 10))
        assert estimate.method == "clopper_pearson"


def test_before_anyone_leaves_the_lost_do_not_count_as_seen() -> None:
    estimate = share_at(curve_of([1, 1, 5, 6, 7, 8], [0, 0, 1, 1, 1, 1]), 4)
    assert estimate.high == pytest.approx(1 - 0.025 ** (1 / 4))


def test_when_everyone_has_left_the_interval_is_exact() -> None:
    estimate = share_at(curve_of([1, 2, 3], [1, 1, 1]), 400)
    assert (estimate.value, estimate.high) == (1, 1)
    assert estimate.low == pytest.approx(0.025 ** (1 / 3))


def test_when_everyone_left_but_some_were_lost_there_is_no_interval() -> None:
    with pytest.raises(CannotBeComputed, match="interval_undefined"):
        share_at(curve_of([1, 2, 3], [1, 0, 1]), 3)


def test_beyond_the_follow_up_there_is_no_number() -> None:
    with pytest.raises(CannotBeComputed) as caught:
        share_at(curve_of([2, 4, 9], [1, 1, 0]), 10)
    assert caught.value.reason == "beyond_follow_up"
    assert caught.value.facts == {"day": 10, "follow_up_days": 9.0}


def test_a_risk_set_that_emptied_early_gives_no_number() -> None:
    # Everyone there early leaves before the others enter (data/tiny_empty_riskset.csv).
    entry, days = [0, 0, 1, 6, 6, 7, 8], [2, 3, 4, 9, 10, 10, 12]
    curve = kaplan_meier(
        event_table(days, [1, 1, 1, 1, 0, 1, 1], cause_names=["work"], entry=entry)
    )
    for read in (lambda: share_at(curve, 9), lambda: median(curve)):
        with pytest.raises(CannotBeComputed, match="risk_set_emptied"):
            read()


def test_with_delayed_entry_nobody_yet_is_not_a_plain_count() -> None:
    table = event_table([5, 6, 7], [1, 1, 1], cause_names=["work"], entry=[0, 0, 2])
    with pytest.raises(CannotBeComputed, match="no_events"):
        share_at(kaplan_meier(table), 3)


def test_a_group_without_persons_has_no_number() -> None:
    table = event_table([1], [1], cause_names=["work"], groups=[0], group_names=["a", "b"])
    with pytest.raises(CannotBeComputed, match="no_persons"):
        share_at(kaplan_meier(table), 1, group="b")


def test_an_exact_half_is_reached_on_its_day() -> None:
    # 1/4, 1/2 … of four: half have left on day 2; R's middle of the flat stretch is 2.5 − 1.
    curve = curve_of([1, 2, 3, 4], [1, 1, 1, 1])
    assert median(curve).value == 2
    assert quantile(curve, 0.5, convention="midpoint").value == 2.5


@given(st.integers(1, 60))
def test_an_exact_half_is_never_missed_by_rounding(half: int) -> None:
    # 2h persons leaving on days 1 … 2h: half have left on day h, in whatever products.
    days = list(range(1, 2 * half + 1))
    found = kaplan_meier(event_table(days, [1] * len(days), cause_names=["work"]))
    value = quantile(found, 0.5).value if half > 2 else half
    assert value == half


def test_a_median_that_is_not_reached_is_infinite_with_a_lower_limit() -> None:
    estimate = median(curve_of(list(range(1, 31)), [1] * 10 + [0] * 20))
    assert estimate.value == math.inf
    assert estimate.high == math.inf
    assert estimate.measure == "median_days"


def test_a_single_exit_has_a_median_but_no_interval() -> None:
    with pytest.raises(CannotBeComputed, match="interval_undefined"):
        median(curve_of([5], [1]))


@given(registers(smallest=4), st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]))
def test_the_quantile_is_the_first_day_the_share_is_reached(
    register: Register, probability: float
) -> None:
    curve = kaplan_meier(event_table(register.days, register.causes, cause_names=CAUSES))
    try:
        estimate = quantile(curve, probability)
    except CannotBeComputed:
        return
    steps = curve.steps
    reached = steps[steps["value"] >= probability - 1e-12]["day"]
    assert estimate.value == (reached.iloc[0] if len(reached) else math.inf)
    assert estimate.low <= estimate.value <= estimate.high


def test_the_share_of_a_cause_is_read_from_its_own_rows() -> None:
    curve = cumulative_incidence(event_table([1, 2, 3, 4], [1, 2, 2, 0], cause_names=CAUSES))
    assert share_at(curve, 3, cause="studies").value == 0.5
    exact = share_at(curve, 3, cause="other")  # 0 of 4, nobody lost
    assert exact.high == pytest.approx(1 - 0.025 ** (1 / 4))
    assert exact.method == "clopper_pearson"


@given(registers(smallest=2), st.integers(0, 12))
def test_a_share_is_an_estimate_or_a_reason_never_nan(register: Register, day: int) -> None:
    curve = kaplan_meier(event_table(register.days, register.causes, cause_names=CAUSES))
    try:
        estimate = share_at(curve, day)
    except CannotBeComputed as refusal:
        assert refusal.reason in {"beyond_follow_up", "no_events", "interval_undefined"}
        return
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert estimate.low < estimate.high
    assert np.isfinite([estimate.low, estimate.high]).all()


def test_unknown_groups_causes_and_measures_are_refused() -> None:
    curve = curve_of([1, 2], [1, 0])
    with pytest.raises(ValueError, match="group: expected"):
        share_at(curve, 1, group="women")
    with pytest.raises(ValueError, match="cause: the curve is of leaving in any way"):
        share_at(curve, 1, cause="work")
    with pytest.raises(ValueError, match="day: expected"):
        share_at(curve, -1)
    with pytest.raises(ValueError, match="probability"):
        quantile(curve, 1)


def test_the_very_last_day_is_within_the_follow_up_and_the_next_is_not() -> None:
    """One leaves on day 3 and one on day 8, where the last two are seen: 1 − 3/4 · 2/3."""
    curve = curve_of([3, 8, 8, 8], [1, 1, 0, 0])
    last = share_at(curve, 8)
    assert last.value == pytest.approx(1 - 3 / 4 * 2 / 3)
    assert last.cells[0] == 2
    assert share_at(curve, 7).value == pytest.approx(1 / 4)
    with pytest.raises(CannotBeComputed, match="beyond_follow_up"):
        share_at(curve, 9)
