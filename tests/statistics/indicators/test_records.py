"""Records of registers that hold less, or more, than the twelve do."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from evalkit.statistics.indicators.definitions import code_list
from evalkit.statistics.indicators.records import is_missing, records_of

CODES = code_list("esf_plus_2021_2027")
NO_EVENTS = pd.DataFrame({"person": [], "date": pd.to_datetime([]), "status": []})


def persons(**columns: list[object]) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    left = pd.DataFrame(
        {
            "person": [f"person {i}" for i in range(n)],
            "entry": pd.Timestamp("2022-01-10"),
            "exit": pd.Timestamp("2022-03-01"),
            "exit_class": "employment",
            "sex": "woman",
        }
    )
    return left.assign(**columns)


def records(given: pd.DataFrame, events: pd.DataFrame = NO_EVENTS, **options: object):
    return records_of(given, events, CODES, data_cut=dt.date(2022, 12, 31), **options)  # type: ignore[arg-type]


def test_what_nobody_recorded_is_no_column_and_not_a_no() -> None:
    found = records(persons(status_at_entry=["unemployed"]))
    absent = {
        "status_after_six_months", "has_follow_up", "qualification_upon_leaving",
        "improved_after_six_months",
    }  # fmt: skip
    assert not absent & set(found.columns)


def test_a_stated_status_after_six_months_needs_no_follow_up_register() -> None:
    found = records(persons(status_at_entry=["unemployed"], status_6m=["studies"]))
    assert found["status_after_six_months"].tolist() == ["studies"]
    assert "has_follow_up" not in found.columns


def test_only_kinds_of_events_that_were_recorded_become_columns() -> None:
    event = pd.DataFrame(
        {"person": ["person 0"], "date": [pd.Timestamp("2022-03-05")], "status": ["improved"]}
    )
    found = records(persons(status_at_entry=["unemployed", "employment"]), event)
    assert found["improved_after_six_months"].tolist() == ["yes", "no"]
    assert "qualification_upon_leaving" not in found.columns


def test_an_unknown_status_or_sex_is_empty_and_the_record_incomplete() -> None:
    given = persons(
        status_at_entry=["unknown", "unemployed", "unemployed"],
        sex=["woman", "unknown", "man"],
        age_at_entry=[30, 30, 30],
    )
    found = records(given)
    assert found["status"].tolist() == ["", "unemployed", "unemployed"]
    assert found["sex"].tolist() == ["woman", "", "man"]
    assert found["complete"].tolist() == ["no", "no", "yes"]


def test_a_variable_that_the_register_lacks_is_missing_for_everyone() -> None:
    given = persons(sex=["woman", "man"])
    assert is_missing(given, "education").tolist() == [True, True]
    # Without status or age at entry no record is complete, and nothing is said to have begun.
    found = records(given)
    assert found["complete"].tolist() == ["no", "no"]
    assert found["began_or_increased"].tolist() == ["no", "no"]


@pytest.mark.parametrize(
    ("before", "after", "began"),
    [(50, 75, "yes"), (50, 50, "no"), (75, 50, "no"), (None, 50, "no")],
)
def test_who_worked_before_must_work_more_after(before: int | None, after: int, began: str) -> None:
    given = persons(
        status_at_entry=["employment", "unemployed"], extent=[before, 0], extent_after=[after, 50]
    )
    assert records(given)["began_or_increased"].tolist() == [began, "yes"]


def test_who_worked_before_began_nothing_where_no_extent_is_registered() -> None:
    given = persons(status_at_entry=["studies", "inactive"])
    assert records(given)["began_or_increased"].tolist() == ["no", "yes"]


def test_the_category_of_region_follows_the_municipality_where_one_is_named() -> None:
    given = persons(municipality=["1291", "0484", "1291"])
    regions = {"1291": "transition"}
    found = records(given, regions=regions)["region_category"].tolist()
    assert found == ["transition", "more_developed", "transition"]
    everyone = ["less_developed"] * 3
    assert records(given, region_category="less_developed")["region_category"].tolist() == everyone
    without = given.drop(columns="municipality")
    assert records(without, regions=regions)["region_category"].tolist() == ["more_developed"] * 3
