"""State over time: what a person's rows mean, what is refused, and how often it errs."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed, Estimate
from evalkit.results.codec import decoded, encoded
from evalkit.statistics.states.curves import (
    mean_days_in,
    return_curves,
    share_on_day,
    state_curves,
)
from evalkit.statistics.states.histories import Histories, read_histories
from evalkit.statistics.states.on_a_day import days_range, share_in_state, sustained_work

STATES = ("work", "studies", "unemployed", "other", "unknown")


def read(rows: list[tuple[str, float, str]], followed: dict[str, float]) -> Histories:
    return read_histories(
        pd.DataFrame(rows, columns=["id", "day", "status"]), followed, states=STATES
    )


SIX = [
    ("a", 0, "work"), ("a", 40, "work"), ("a", 90, "work"),
    ("b", 0, "work"), ("b", 30, "unemployed"), ("b", 88, "work"),
    ("c", 0, "work"), ("c", 90, "unknown"),
    ("d", 0, "work"), ("d", 20, "work"),
    ("e", 0, "unemployed"), ("e", 91, "work"),
    ("f", 0, "work"), ("f", 85, "studies"), ("f", 85, "work"),
]  # fmt: skip
FOLLOWED = dict.fromkeys("abcdef", 200.0)


def test_a_share_on_a_day_is_counted_by_hand_with_its_extremes() -> None:
    # Day 90, window 45: a, b and f are known to work; c says unknown, d's answer is 70 days old
    # and e's 90 days: 3 of 3 known, 3 to 6 of 6.
    found = share_in_state(read(SIX, FOLLOWED), day=90, kind="contacts", window=45)
    assert (found.in_state, found.known, found.n) == (3, 3, 6)
    assert (found.low, found.high) == (0.5, 1.0)
    assert found.outer_low < 0.5
    assert found.bounds_come_first
    # With every change dated an old status still holds: d works and e does not; c alone unknown.
    dated = share_in_state(read(SIX, FOLLOWED), day=90, kind="changes")
    assert (dated.in_state, dated.known) == (4, 5)
    # Read with its slack the day reaches e's answer.
    later = share_in_state(read(SIX, FOLLOWED), day=104, kind="contacts", window=45)
    assert (later.in_state, later.known) == (4, 4)


def test_whoever_is_not_followed_to_the_day_is_in_neither_count() -> None:
    found = share_in_state(read(SIX, FOLLOWED | {"a": 89.0, "d": 90.0}), day=90, kind="changes")
    assert found.n == 5


def test_sustained_work_is_counted_by_hand() -> None:
    # Of a, b, c, d, f: b was unemployed in between, c is unknown; d was last heard of on day 20,
    # which decides where answers are asked for but not where changes are dated; of f's two rows
    # on one day the later counts.
    histories = read(SIX, FOLLOWED)
    asked = sustained_work(histories, day=90, kind="contacts")
    assert (asked.sustained, asked.undecided, asked.ended, asked.n) == (2, 2, 1, 5)
    dated = sustained_work(histories, day=90, kind="changes")
    assert (dated.sustained, dated.undecided, dated.ended) == (3, 1, 1)
    assert (dated.low, dated.high) == (3 / 5, 4 / 5)


def test_days_from_contacts_are_a_range_counted_by_hand() -> None:
    # To day 100. a: 0–90 both ends, 90–100 one end. b: 0–30 and 30–88 and 88–100 one end each.
    rows = [row for row in SIX if row[0] in "ab"]
    found = days_range(read(rows, {"a": 200, "b": 200}), horizon=100)
    assert (found.low, found.high, found.n) == (90 / 2, (100 + 100) / 2, 2)


def test_days_before_the_first_answer_have_one_end() -> None:
    # a: 0–30 work at the right end, 30–100 at the left. b: 0–40 and 40–100 at neither.
    rows = [("a", 0, "unknown"), ("a", 30, "work"), ("b", 0, "unknown"), ("b", 40, "studies")]
    found = days_range(read(rows, {"a": 200, "b": 200}), horizon=100)
    assert (found.low, found.high, found.n) == (0, 100 / 2, 2)


def test_of_whom_nothing_is_known_every_day_may_be_a_day_at_work() -> None:
    # To day 100. a: 0–100 at the left end. b never answered; c only said "unknown".
    rows = [("a", 0, "work"), ("b", 0, "unknown"), ("c", 0, "unknown"), ("c", 50, "unknown")]
    found = days_range(read(rows, {"a": 200, "b": 200, "c": 200}), horizon=100)
    assert (found.low, found.high, found.n) == (0, 100, 3)


def test_contacts_are_never_a_curve() -> None:
    with pytest.raises(CannotBeComputed, match="contacts_have_no_curve"):
        state_curves(read(SIX, FOLLOWED), fewest=1)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda h: share_in_state(h, day=201), "too_few_followed"),
        (lambda h: share_in_state(h, day=90, fewest=7), "too_few_followed"),
        (lambda h: share_in_state(h, day=180, window=10), "status_unknown_for_all"),
        (lambda h: sustained_work(h, day=300), "too_few_followed"),
        (lambda h: state_curves(h, kind="changes"), "too_few_followed"),
        (lambda h: state_curves(h, kind="changes", fewest=3, horizon=365), "beyond_follow_up"),
        (lambda h: days_range(h, horizon=365), "too_few_followed"),
    ],
)
def test_what_cannot_be_said_is_refused(make: Any, reason: str) -> None:
    with pytest.raises(CannotBeComputed, match=reason):
        make(read(SIX, FOLLOWED))


def test_a_misspelt_kind_or_state_is_refused_by_name() -> None:
    histories = read(SIX, FOLLOWED)
    with pytest.raises(ValueError, match="changes"):
        share_in_state(histories, day=90, kind="contact")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="work, studies"):
        share_in_state(histories, day=90, state="job")


@pytest.mark.parametrize(
    ("rows", "followed"),
    [
        ([("a", 0, "job")], {"a": 90}),
        ([("x", 0, "work")], {"a": 90}),
        ([("a", np.nan, "work")], {"a": 90}),
    ],
)
def test_rows_that_cannot_be_read_are_counted_and_never_shown(rows, followed) -> None:
    with pytest.raises(ValueError, match="1 rows") as raised:
        read(rows, followed)
    assert "job" not in str(raised.value)


def test_somebody_without_a_status_at_the_start_is_refused() -> None:
    with pytest.raises(CannotBeComputed, match="status_missing_at_start") as raised:
        read([("a", 0, "work"), ("b", 3, "work")], {"a": 90, "b": 90, "c": 90})
    assert raised.value.facts["n"] == 2


def course(seed: int, n: int, *, days: int = 730) -> tuple[pd.DataFrame, pd.Series]:
    """Spells in states of random length; everyone starts in work and is followed for a while."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[int, int, str]] = []
    for person in range(n):
        day, state = 0, "work"
        while day < days:
            rows.append((person, day, state))
            day += int(rng.exponential(200)) + 1
            state = str(rng.choice(STATES))
    followed = pd.Series(rng.integers(days // 2, days + 1, n))
    return pd.DataFrame(rows, columns=["id", "day", "status"]), followed


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20)
def test_shares_add_up_to_one_and_days_to_the_horizon(seed: int) -> None:
    statuses, followed = course(seed, 40)
    curves = state_curves(read_histories(statuses, followed, states=STATES), kind="changes")
    assert curves.shares.sum(axis=1) == pytest.approx(1)
    assert curves.mean_days.sum() == pytest.approx(curves.horizon)
    assert (curves.followed >= 10).all()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20)
def test_with_everyone_followed_the_curve_is_the_share_observed(seed: int) -> None:
    statuses, followed = course(seed, 30)
    histories = read_histories(statuses, followed * 0 + 730, states=STATES)
    days = (1, 90, 365, 700)
    curves = state_curves(histories, kind="changes", days=days)
    for row, day in enumerate(days):
        found = share_on_day(curves, state="work", day=day)
        now = (histories.at(np.full(30, day))[0] == 0).mean()
        share = found.value if isinstance(found, Estimate) else now
        assert share == pytest.approx(now)
        if isinstance(found, Estimate):  # the error of a plain share
            assert curves.standard_errors[row, 0] ** 2 == pytest.approx(now * (1 - now) / 30)


def test_the_order_of_rows_changes_nothing() -> None:
    statuses, followed = course(3, 50)
    one = state_curves(read_histories(statuses, followed, states=STATES), kind="changes")
    mixed = statuses.sample(frac=1, random_state=1)
    other = state_curves(read_histories(mixed, followed, states=STATES), kind="changes")
    assert np.allclose(one.shares, other.shares)
    assert np.allclose(one.standard_errors, other.standard_errors)


def test_a_return_counts_the_first_status_that_is_not_work() -> None:
    # Of a–d and f: b became unemployed on day 30, c unknown on 90; nobody else left.
    curves = return_curves(read(SIX, FOLLOWED), kind="changes", fewest=1)
    assert curves.n == 5
    assert curves.shares[-1, STATES.index("unemployed")] == pytest.approx(1 / 5)
    assert curves.shares[-1, STATES.index("unknown")] == pytest.approx(1 / 5)


def test_a_thousand_persons_over_two_years_take_under_50_ms() -> None:
    statuses, followed = course(5, 1000)
    histories = read_histories(statuses, followed, states=STATES)
    took = []
    for _ in range(5):  # the processor's time: a busy machine is not a slow function
        start = time.process_time()
        state_curves(histories, kind="changes")
        took.append(time.process_time() - start)
    assert min(took) < 0.05


@pytest.mark.slow
def test_curves_and_days_hold_the_truth_in_about_95_of_100_samples() -> None:
    # The truth by 20 000 persons all followed; n = 60, staggered cuts. METHODS: 93–96 %.
    statuses, followed = course(999, 20_000)
    everyone = state_curves(
        read_histories(statuses, followed * 0 + 730, states=STATES), kind="changes", horizon=365
    )
    row = everyone.days.tolist().index(180)
    truth = {"share": everyone.shares[row, 0], "days": everyone.mean_days[0]}
    held: dict[str, list[bool]] = {"share": [], "days": []}
    for seed in range(400):
        histories = read_histories(*course(seed, 60), states=STATES)
        curves = state_curves(histories, kind="changes", horizon=365)
        for name, found in (
            ("share", share_on_day(curves, state="work", day=180)),
            ("days", mean_days_in(curves, state="work")),
        ):
            assert isinstance(found, Estimate)
            held[name].append(found.low <= truth[name] <= found.high)
    bar = 0.93 - 2 * np.sqrt(0.93 * 0.07 / 400)
    assert min(np.mean(inside) for inside in held.values()) >= bar, held


@pytest.mark.parametrize("horizon", [365, 1500])
def test_curves_are_read_back_from_the_digits_that_a_report_keeps(horizon: int) -> None:
    for seed in range(5):
        histories = read_histories(*course(seed, 60, days=horizon + 200), states=STATES)
        curves = state_curves(histories, kind="changes", horizon=horizon)
        kept = decoded(encoded(curves))
        assert kept.mean_days.tolist() == pytest.approx(curves.mean_days.tolist(), abs=0.1)
