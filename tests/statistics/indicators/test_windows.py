"""The windows after leaving, at their edges."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.statistics.indicators.windows import (
    status_after_months,
    status_upon_leaving,
    window_state,
    work_lasted,
)

EXIT = pd.Timestamp("2022-03-01")
STATUSES = ("employment", "studies", "unemployed", "inactive")


def leaver(exit_class: str = "dropout", **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"person": ["a"], "exit": [EXIT], "exit_class": [exit_class], **columns})


def events(*rows: tuple[int, str]) -> pd.DataFrame:
    """Events of the leaver by days since leaving."""
    frame = pd.DataFrame(rows, columns=["day", "status"])
    dates = EXIT + pd.to_timedelta(frame["day"].astype("int64"), unit="D")
    return frame.assign(person="a", date=dates)[["person", "date", "status"]]


def upon_leaving(persons: pd.DataFrame, recorded: pd.DataFrame) -> str:
    (status,) = status_upon_leaving(persons, recorded, days=28)
    return str(status)


@pytest.mark.parametrize(
    ("recorded", "status"),
    [
        (((28, "employment"),), "employment"),
        (((29, "employment"),), "other"),
        (((3, "employment"), (27, "unemployed")), "unemployed"),
        (((27, "unemployed"), (3, "employment")), "unemployed"),  # whatever the order of rows
        (((5, "employment"), (5, "studies")), "studies"),  # of one day, the later row
        ((*[(5, "employment")] * 20, (5, "studies")), "studies"),  # also of many rows
        (((-1, "employment"),), "other"),  # before leaving
        (((5, "employment"), (9, "qualification"), (10, "unknown")), "employment"),
    ],
)
def test_the_last_event_within_four_weeks_decides(
    recorded: tuple[tuple[int, str], ...], status: str
) -> None:
    assert upon_leaving(leaver(), events(*recorded)) == status


@pytest.mark.parametrize(
    ("exit_class", "stated", "recorded", "status"),
    [
        ("referred_back", "unemployed", (), "unemployed"),
        ("completed_unknown", "sick", (), "sick"),
        ("referred_back", "unemployed", ((9, "employment"),), "employment"),
        ("employment", "unknown", (), "employment"),
        ("employment", "Nybörjare", (), "employment"),  # a word that nobody has mapped
        ("employment", None, (), "employment"),
    ],
)
def test_the_status_stated_for_the_day_of_leaving_goes_before_its_reason(
    exit_class: str, stated: str | None, recorded: tuple[tuple[int, str], ...], status: str
) -> None:
    leaving = leaver(exit_class, status_at_exit=[stated])
    assert upon_leaving(leaving, events(*recorded)) == status


def test_the_exit_reason_is_the_first_event_of_the_day_of_leaving() -> None:
    assert upon_leaving(leaver("employment"), events()) == "employment"
    assert upon_leaving(leaver("employment"), events((0, "unemployed"))) == "unemployed"
    assert upon_leaving(leaver("unknown"), events()) == "unknown"
    assert upon_leaving(leaver("ongoing").assign(exit=pd.NaT), events()) == "unknown"


@given(
    inside=st.lists(st.tuples(st.integers(0, 28), st.sampled_from(STATUSES)), max_size=4),
    after=st.lists(st.tuples(st.integers(29, 400), st.sampled_from(STATUSES)), max_size=4),
)
def test_nothing_after_day_28_leaks_into_the_immediate_result(
    inside: list[tuple[int, str]], after: list[tuple[int, str]]
) -> None:
    with_later = upon_leaving(leaver(), events(*inside, *after))
    assert with_later == upon_leaving(leaver(), events(*inside))


def test_six_months_are_calendar_months_and_a_stated_status_goes_before() -> None:
    persons, last_day = leaver(), (pd.Timestamp("2022-09-01") - EXIT).days
    assert status_after_months(persons, events((last_day, "studies")), months=6) == ["studies"]
    assert status_after_months(persons, events((last_day + 1, "studies")), months=6) == ["unknown"]
    stated = leaver(status_6m="employment")
    assert status_after_months(stated, events((90, "studies")), months=6) == ["employment"]


def test_the_question_of_the_sixth_month_may_be_asked_some_days_late() -> None:
    last_day = (pd.Timestamp("2022-09-01") - EXIT).days
    for late, status in ((14, "studies"), (15, "unknown")):
        asked = events((last_day + late, "studies"))
        found = status_after_months(leaver(), asked, months=6, slack_days=14)
        assert found == [status]


def test_an_exit_to_work_alone_says_nothing_of_the_sixth_month() -> None:
    assert status_after_months(leaver("employment"), events(), months=6) == ["unknown"]


def test_a_window_is_open_until_its_last_day_lies_before_the_data_cut() -> None:
    until = pd.Series([EXIT + pd.Timedelta(days=28)])
    for days, state in ((27, "open"), (28, "elapsed")):
        cut = (EXIT + pd.Timedelta(days=days)).date()
        assert window_state(leaver(), until, data_cut=cut) == [state]
    nobody = leaver("ongoing").assign(exit=pd.NaT)
    open_end = pd.Series([pd.NaT], dtype="datetime64[s]")
    assert window_state(nobody, open_end, data_cut=dt.date(2030, 1, 1)) == ["enrolled"]
    on_a_day_nobody_knows = leaver("employment").assign(exit=pd.NaT)
    state = window_state(on_a_day_nobody_knows, open_end, data_cut=dt.date(2030, 1, 1))
    assert state == ["end_unknown"]


def test_work_that_ends_within_the_month_has_not_lasted() -> None:
    assert not work_lasted(leaver("employment"), events((30, "unemployed")))[0]  # 31 March
    assert work_lasted(leaver("employment"), events((31, "unemployed")))[0]  # 1 April
    assert work_lasted(leaver("employment"), events((0, "unemployed"), (0, "employment")))[0]


@pytest.mark.parametrize("status", ["employment", "qualification", "improved", "unknown"])
def test_what_is_no_end_of_work_does_not_end_it(status: str) -> None:
    assert work_lasted(leaver("employment"), events((10, status)))[0]
