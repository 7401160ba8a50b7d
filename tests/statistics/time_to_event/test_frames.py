"""Curves straight from a frame: the same as from the arrays, and as lifelines' own."""

from __future__ import annotations

import lifelines
import numpy as np
import pandas as pd
import pytest

import evalkit as ek
from evalkit.statistics.time_to_event import competing_risks


def persons(n: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(8)
    words = np.array([None, "arbete", "studier", "ongoing"], dtype=object)
    return pd.DataFrame({
        "days": rng.permutation(n) + 1,  # no ties: lifelines jitters them
        "reason": words[rng.integers(0, 4, n)],
        "sex": np.where(rng.integers(0, 2, n), "woman", "man"),
    })  # fmt: skip


def test_text_causes_are_the_codes_of_the_event_table() -> None:
    frame = persons()
    codes = frame["reason"].map({"arbete": 1, "studier": 2}).fillna(0).astype(int)
    table = ek.event_table(
        frame["days"], codes, cause_names=["arbete", "studier"], groups=frame["sex"]
    )
    found = ek.aalen_johansen(frame, duration="days", exit="reason", by="sex")
    pd.testing.assert_frame_equal(found.steps, competing_risks.cumulative_incidence(table).steps)


def test_a_curve_from_a_frame_is_lifelines_own() -> None:
    frame = persons()
    left = frame["reason"].isin(["arbete", "studier"])
    fitted = lifelines.KaplanMeierFitter().fit(frame["days"], left)
    curve = ek.kaplan_meier(frame, duration="days", exit="reason", measure="survival")
    steps = curve.steps
    expected = fitted.survival_function_at_times(steps["day"]).to_numpy()
    np.testing.assert_allclose(steps["value"].to_numpy(dtype=float), expected, atol=1e-12)


def test_yes_and_no_is_one_way_to_leave() -> None:
    frame = persons().assign(left=lambda one: one["reason"].eq("arbete"))
    assert ek.events_of(frame, duration="days", exit="left").causes == ("any",)


def test_days_may_be_time_differences_and_a_word_may_say_who_waits() -> None:
    frame = pd.DataFrame({"time": pd.to_timedelta([3, 5], unit="D"), "how": ["kvar", "arbete"]})
    table = ek.events_of(frame, duration="time", exit="how", waiting="kvar")
    assert (table.causes, table.times.tolist()) == (("arbete",), [3, 5])
    assert table.censored.sum() == 1


def test_counts_and_columns_are_not_given_together() -> None:
    table = ek.events_of(persons(), duration="days", exit="reason")
    with pytest.raises(ValueError, match="name columns of a frame, not of counts"):
        ek.kaplan_meier(table, duration="days", exit="reason")


def test_a_frame_is_left_as_it_was() -> None:
    frame = persons()
    before = frame.copy()
    ek.aalen_johansen(frame, duration="days", exit="reason")
    pd.testing.assert_frame_equal(frame, before)
