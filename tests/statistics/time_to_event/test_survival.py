"""Kaplan–Meier and Nelson–Aalen: worked by hand, and laws they must keep."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.survival import kaplan_meier
from tests.statistics.time_to_event.spells import CAUSES, Register, registers

# Ten persons, unsorted, with exits and censorings tied (data/tiny_ties_cens_at_event.csv).
TIED_DAYS = [5, 2, 3, 5, 8, 2, 5, 2, 3, 5]
TIED_EVENTS = [1, 1, 0, 0, 1, 1, 1, 0, 1, 0]


def survival_by_definition(register: Register, day: int) -> Fraction:
    """∏ (1 − d/n) in exact arithmetic, straight from the rows."""
    share = Fraction(1)
    for t in sorted({int(d) for d in register.days if d <= day}):
        at_risk = int((register.days >= t).sum())
        left = int(((register.days == t) & (register.causes > 0)).sum())
        share *= 1 - Fraction(left, at_risk)
    return share


def test_survival_of_ten_persons_worked_by_hand() -> None:
    steps = kaplan_meier(
        event_table(TIED_DAYS, TIED_EVENTS, cause_names=["work"]), measure="survival"
    ).steps
    # 10 at risk, 2 exits; 7 at risk, 1; 5 at risk, 2 (the censored that day count); 1 at risk, 1.
    by_hand = [Fraction(8, 10), Fraction(8, 10) * Fraction(6, 7)]
    by_hand += [by_hand[1] * Fraction(3, 5), Fraction(0)]
    assert steps["at_risk"].tolist() == [10, 7, 5, 1]
    np.testing.assert_allclose(steps["value"], [float(f) for f in by_hand], rtol=1e-15)


@given(registers())
def test_survival_is_the_product_of_the_shares_that_stay(register: Register) -> None:
    table = event_table(register.days, register.causes, cause_names=CAUSES)
    steps = kaplan_meier(table, measure="survival").steps
    for day, value in zip(steps["day"], steps["value"], strict=True):
        assert value == pytest.approx(float(survival_by_definition(register, day)), abs=1e-14)


@given(registers(censored=False))
def test_without_censoring_the_curve_is_the_share_that_has_left(register: Register) -> None:
    steps = kaplan_meier(event_table(register.days, register.causes, cause_names=CAUSES)).steps
    shares = [(register.days <= day).mean() for day in steps["day"]]
    np.testing.assert_allclose(steps["value"], shares, atol=1e-14)


@given(registers())
def test_survival_is_one_before_the_first_event_and_never_rises(register: Register) -> None:
    table = event_table(register.days, register.causes, cause_names=CAUSES)
    steps = kaplan_meier(table, measure="survival").steps
    before = steps["events"].cumsum() == 0
    assert (steps.loc[before, "value"] == 1).all()
    assert (np.diff(steps["value"]) <= 0).all()


@given(registers())
def test_limits_enclose_the_value_and_are_never_nan(register: Register) -> None:
    table = event_table(register.days, register.causes, cause_names=CAUSES)
    for interval in ("log-log", "log", "plain", "logit", "arcsin"):
        steps = kaplan_meier(table, interval=interval).steps
        defined = steps["low"].notna()
        rows = steps[defined]
        assert (rows["low"] <= rows["value"] + 1e-12).all()
        assert (rows["high"] >= rows["value"] - 1e-12).all()
        assert not np.isnan(steps["low"].dropna().to_numpy(dtype=float)).any()
        undefined = steps[~defined]
        assert undefined["value"].isin([0.0, 1.0]).all()


@given(registers())
def test_groups_are_estimated_apart(register: Register) -> None:
    both = event_table(register.days, register.causes, cause_names=CAUSES, groups=register.groups)
    steps = kaplan_meier(both).steps
    for group in both.groups:
        alone = register.rows(register.groups == group)
        own = kaplan_meier(event_table(alone.days, alone.causes, cause_names=CAUSES)).steps
        mine = steps[steps["group"] == group].reset_index(drop=True).assign(group="")
        pd.testing.assert_frame_equal(mine.astype(own.dtypes), own)


def test_share_exited_turns_the_survival_curve_over() -> None:
    table = event_table(TIED_DAYS, TIED_EVENTS, cause_names=["work"])
    down = kaplan_meier(table, measure="survival").steps
    up = kaplan_meier(table).steps
    np.testing.assert_allclose(up["value"], 1 - down["value"])
    np.testing.assert_allclose(up["low"][:3].to_numpy(float), 1 - down["high"][:3].to_numpy(float))


def test_other_ways_out_are_censored_when_one_cause_is_the_event() -> None:
    table = event_table([1, 2, 3, 4], [1, 2, 1, 0], cause_names=CAUSES)
    work = kaplan_meier(table, causes=["work"], measure="survival").steps
    assert work["value"].tolist() == [3 / 4, 3 / 4, 3 / 8, 3 / 8]  # 3/4 × 1/2
    assert work["censored"].tolist() == [0, 1, 0, 1]


def test_one_person_gives_a_curve_without_limits() -> None:
    steps = kaplan_meier(event_table([5], [1], cause_names=["work"])).steps
    assert steps["value"].tolist() == [1.0]
    assert steps[["standard_error", "low", "high"]].isna().all(axis=None)


def test_the_curve_knows_persons_and_follow_up_per_group() -> None:
    table = event_table([3, 9, 4], [1, 0, 0], cause_names=["work"], groups=["a", "a", "b"])
    curve = kaplan_meier(table)
    assert curve.persons == {"a": 2, "b": 1}
    assert curve.follow_up_days == {"a": 9.0, "b": 4.0}


def test_an_unknown_interval_or_level_is_refused() -> None:
    table = event_table([1], [1], cause_names=["work"])
    with pytest.raises(ValueError, match="interval must be one of 'log-log'"):
        kaplan_meier(table, interval="loglog")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="confidence_level"):
        kaplan_meier(table, confidence_level=95)
