"""A published curve shows nobody's day, and stays close to the exact one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.disclosure import UnprotectedCurveError, protect_events, release, rule_for
from evalkit.disclosure.curves import midpoint
from evalkit.results import CannotBeComputed, Curve, CurveMeasure, EventTable
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.robust_curves import (
    robust_cumulative_incidence,
    robust_kaplan_meier,
)
from evalkit.statistics.time_to_event.survival import kaplan_meier

STANDARD, STRICT = rule_for("standard"), rule_for("strict")


def exits(n: int, *, seed: int = 1) -> EventTable:
    """Exponential times to employment, censored evenly between half a year and two years."""
    generator = np.random.default_rng(seed)
    to_work = np.ceil(generator.exponential(300, n)).astype(int)
    followed = generator.integers(180, 721, n)
    return event_table(
        np.minimum(to_work, followed), (to_work <= followed).astype(int), cause_names=["employment"]
    )


def test_midpoints_are_the_middle_of_each_six():
    # OpenSAFELY's roundmid_any(x, to = 6): 1…6 → 3, 7…12 → 9, 0 stays 0.
    counts = np.array([0, 1, 6, 7, 12, 13])
    assert midpoint(counts, base=6).tolist() == [0, 3, 3, 9, 9, 15]


@given(st.integers(12, 400), st.integers(0, 2**16))
def test_every_step_of_a_protected_table_belongs_to_at_least_half_the_base(n, seed):
    """First 3, then 6s; only those left over on the last day are what remains of n."""
    protected = protect_events(exits(n, seed=seed), STANDARD)
    last = np.flatnonzero(protected.censored[0])[-1]
    steps = np.concatenate([protected.left[0, :, 0], protected.censored[0, :last]])
    assert set(np.unique(steps[steps > 0])) <= {3.0 + 6 * k for k in range(80)} | {
        6.0 * k for k in range(80)
    }


@given(st.integers(12, 400), st.integers(0, 2**16))
def test_everybody_who_starts_leaves_or_is_last_seen(n, seed):
    protected = protect_events(exits(n, seed=seed), STANDARD)
    assert protected.started.tolist() == [n]
    assert protected.left.sum() + protected.censored.sum() == n
    assert (protected.left >= 0).all()
    assert (protected.censored >= 0).all()


def test_groups_start_with_a_rounded_number():
    """A table of the groups may withhold a group's number, so no curve may give it."""
    days = np.arange(70)
    table = event_table(
        days,
        np.ones(70, dtype=int),
        cause_names=["employment"],
        groups=np.repeat(["a", "b"], [29, 41]),
    )
    protected = protect_events(table, STANDARD)
    assert protected.started.tolist() == [27.0, 39.0]
    gone = protected.left.sum(axis=(1, 2)) + protected.censored.sum(axis=1)
    assert gone.tolist() == [27.0, 39.0]


def test_a_curve_of_exact_counts_does_not_pass_the_door():
    with pytest.raises(UnprotectedCurveError):
        release(kaplan_meier(exits(267)), STANDARD)


@pytest.mark.parametrize(
    "curve", [robust_kaplan_meier, robust_cumulative_incidence], ids=lambda made: made.__name__
)
def test_a_curve_from_rows_is_for_exploring_only(curve):
    days, cause = np.arange(1, 121), np.arange(120) % 2
    with pytest.raises(UnprotectedCurveError):
        release(curve(days, cause, cause_names=["employment"]), STANDARD)


def test_a_released_curve_lies_on_the_grid_and_ends_while_enough_remain():
    curve = release(kaplan_meier(protect_events(exits(267), STANDARD)), STANDARD).result
    steps = curve.steps
    assert (steps["day"] % STANDARD.grid_days == 0).all()
    assert (steps["at_risk"] >= STANDARD.threshold).all()


def by_hand(measure: CurveMeasure = "share_exited") -> Curve:
    """20 at risk: 6 leave on day 20, 6 on day 60, 3 last seen on day 61, 5 leave on day 125."""
    table = event_table(
        np.repeat([20, 60, 61, 125], [6, 6, 3, 5]),
        np.repeat([1, 1, 0, 1], [6, 6, 3, 5]),
        cause_names=["employment"],
    )
    return replace(kaplan_meier(table, measure=measure), protection="midpoint-6")


def test_the_grid_holds_what_was_true_on_its_days_and_the_counts_between_them():
    made = release(by_hand(), STANDARD)
    steps = made.result.steps
    assert steps["day"].tolist() == [0, 30, 60, 90, 120]
    assert steps["at_risk"].tolist() == [20, 14, 14, 5, 5]  # just before each day
    assert steps["events"].tolist() == [0, 6, 6, 0, 0]
    assert steps["censored"].tolist() == [0, 0, 0, 3, 0]
    # 1 − 14/20; 1 − 14/20 · 8/14
    assert steps["value"].tolist() == pytest.approx([0, 0.3, 0.6, 0.6, 0.6])
    assert steps.loc[0, ["standard_error", "low", "high"]].tolist() == [0, 0, 0]
    assert made.result.follow_up_days == {"": 120}
    assert made.withheld == 0


def test_a_curve_is_cut_where_fewer_than_the_threshold_are_at_risk():
    made = release(by_hand(), STRICT)  # ten
    assert made.result.steps["day"].tolist() == [0, 30, 60]
    assert made.result.follow_up_days == {"": 60}
    assert made.withheld == 2


def test_a_curve_of_those_who_stay_starts_at_one():
    steps = release(by_hand("survival"), STANDARD).result.steps
    assert steps["value"].tolist() == pytest.approx([1, 0.7, 0.4, 0.4, 0.4])
    assert steps.loc[0, ["low", "high"]].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("n_censored", "left", "censored"),
    [
        # Seven leave one by one, shown as 3 on the first day and 6 on the seventh; then three
        # are last seen: 3 more on the eighth would make 12 of 10, so one remains on the seventh.
        (3, [3, 0, 0, 0, 0, 0, 6, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0]),
        # Five last seen: 3 on the eighth make 12 of 12, and the next 6 would be too many.
        (5, [3, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0]),
    ],
)
def test_a_group_ends_on_the_day_its_persons_run_out(n_censored, left, censored):
    n = 7 + n_censored
    table = event_table(
        np.arange(1, n + 1), np.repeat([1, 0], [7, n_censored]), cause_names=["employment"]
    )
    protected = protect_events(table, STANDARD)
    shown = protected.censored[0].tolist()
    assert protected.left[0, :, 0].tolist()[-n:] == left
    assert shown[-n:] == censored


def test_groups_too_small_for_a_curve_are_left_out():
    days = np.repeat([100, 200], [3, 40])
    table = event_table(
        days, np.ones(43, dtype=int), cause_names=["employment"], groups=days.astype(str)
    )
    assert protect_events(table, STANDARD).groups == ("200",)
    with pytest.raises(CannotBeComputed, match="group_too_small"):
        protect_events(exits(9), STANDARD)


@pytest.mark.parametrize(
    ("n", "reference"), [(40, 0.099), (80, 0.057), (150, 0.032), (267, 0.015), (700, 0.006)]
)
def test_the_protected_curve_is_at_least_as_close_as_the_reference(n, reference):
    """Mean over 60 simulations of the largest error on a 30-day grid to day 360.

    The reference is the table in the facts for implementers, midpoint rounding.
    """
    errors = [largest_error(exits(n, seed=seed)) for seed in range(60)]
    assert np.mean(errors) <= reference


def largest_error(table: EventTable) -> float:
    exact = kaplan_meier(table).steps
    shown = release(kaplan_meier(protect_events(table, STANDARD)), STANDARD).result.steps
    shown = shown[shown["day"] <= 360]
    position = np.searchsorted(exact["day"], shown["day"], side="right")
    truth = np.concatenate([[0.0], exact["value"]])[position]
    return float(np.abs(truth - shown["value"].to_numpy()).max())
