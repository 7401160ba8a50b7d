"""Cumulative incidence: worked by hand, and the laws of shares that compete."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given

from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.survival import kaplan_meier
from tests.statistics.time_to_event.spells import CAUSES, Register, registers

# Fourteen persons, causes tied with each other and with censorings (data/tiny_compete_ties.csv).
DAYS = [1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7]
CODES = [1, 2, 0, 1, 1, 3, 2, 2, 0, 1, 3, 0, 1, 0]


def test_incidence_of_tied_causes_worked_by_hand() -> None:
    curve = cumulative_incidence(event_table(DAYS, CODES, cause_names=CAUSES))
    work = curve.steps[curve.steps["cause"] == "work"]["value"].tolist()
    first = Fraction(1, 14)  # 14 at risk, one leaves to work and one to studies
    second = first + Fraction(12, 14) * Fraction(2, 11)  # 11 at risk, two to work, one other
    # 8 at risk, two to studies; 6 at risk, one to work.
    stay = Fraction(12, 14) * Fraction(8, 11) * Fraction(6, 8)
    fourth = second + stay * Fraction(1, 6)
    np.testing.assert_allclose(work[:4], [float(f) for f in (first, second, second, fourth)])


def test_those_leaving_on_day_0_count() -> None:
    # lifelines drops the events of the first row: 0 instead of a quarter.
    table = event_table([0, 0, 1, 2], [1, 2, 0, 1], cause_names=["work", "studies"])
    steps = cumulative_incidence(table).steps
    assert steps.loc[steps["day"] == 0, "value"].tolist() == [0.25, 0.25]


@given(registers())
def test_shares_by_cause_and_those_waiting_add_to_one(register: Register) -> None:
    table = event_table(register.days, register.causes, cause_names=CAUSES)
    shares = cumulative_incidence(table).steps.groupby("day")["value"].sum()
    waiting = kaplan_meier(table, measure="survival").steps["value"]
    np.testing.assert_allclose(shares.to_numpy() + waiting.to_numpy(), 1, atol=1e-12)


@given(registers(censored=False))
def test_without_censoring_it_is_the_share_that_left_by_the_cause(register: Register) -> None:
    table = event_table(register.days, register.causes, cause_names=CAUSES)
    steps = cumulative_incidence(table).steps
    for code, cause in enumerate(CAUSES, start=1):
        rows = steps[steps["cause"] == cause]
        shares = [((register.days <= t) & (register.causes == code)).mean() for t in rows["day"]]
        np.testing.assert_allclose(rows["value"], shares, atol=1e-14)


@given(registers(censored=False))
def test_without_censoring_the_error_is_that_of_a_share(register: Register) -> None:
    table = event_table(register.days, register.causes, cause_names=CAUSES)
    steps = cumulative_incidence(table).steps
    p, n = steps["value"].to_numpy(), len(register.days)
    errors = steps["standard_error"].to_numpy(float)
    np.testing.assert_allclose(errors**2, p * (1 - p) / n, atol=1e-12)


@given(registers())
def test_one_minus_kaplan_meier_overstates_a_cause(register: Register) -> None:
    table = event_table(register.days, register.causes, cause_names=CAUSES)
    naive = kaplan_meier(table, causes=["work"]).steps["value"].to_numpy()
    steps = cumulative_incidence(table).steps
    assert (steps[steps["cause"] == "work"]["value"].to_numpy() <= naive + 1e-12).all()


@given(registers())
def test_with_one_cause_it_is_kaplan_meier(register: Register) -> None:
    table = event_table(register.days, register.causes > 0, cause_names=["work"])
    one, other = cumulative_incidence(table).steps, kaplan_meier(table).steps
    np.testing.assert_allclose(one["value"], other["value"], atol=1e-12)
    alive = other["value"].to_numpy() < 1
    errors = (s["standard_error"].to_numpy(dtype=float, na_value=0.0)[alive] for s in (one, other))
    np.testing.assert_allclose(*errors, atol=1e-9)


@given(registers())
def test_limits_enclose_the_share(register: Register) -> None:
    table = event_table(register.days, register.causes, cause_names=CAUSES)
    steps = cumulative_incidence(table).steps
    rows = steps[steps["low"].notna()]
    assert (rows["low"] <= rows["value"] + 1e-12).all()
    assert (rows["high"] >= rows["value"] - 1e-12).all()
