"""Persons and their later events → one record per person with every variable the rules ask about.

Persons arrive with re-entries merged: first start and the data of that start, final exit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from evalkit.options import check_option
from evalkit.project.vocabulary import RegionCategory
from evalkit.statistics.indicators.definitions import CodeList
from evalkit.statistics.indicators.windows import (
    had_event,
    mapped,
    status_after_months,
    status_upon_leaving,
    window_state,
    work_lasted,
)

# Variable of the rules → column of the persons table.
_NAMES = {"status_at_entry": "status", "age_at_entry": "age"}
_WORK_OR_STUDY = ("employment", "municipal_employment", "studies")


def records_of(
    persons: pd.DataFrame,
    events: pd.DataFrame,
    codes: CodeList,
    *,
    data_cut: dt.date,
    own_result: tuple[str, ...] = ("employment", "studies"),
    region_category: RegionCategory = "more_developed",
    regions: Mapping[str, RegionCategory] | None = None,
    follow_up: Literal["changes", "contacts"] = "changes",
    slack_days: int = 0,
) -> pd.DataFrame:
    """One record per person and operation.

    Args:
        persons: One row per person, re-entries merged: ``person``, ``entry``, ``exit``,
            ``exit_class``, ``sex`` and whatever background the register holds.
        events: ``person``, ``date``, ``status`` after leaving; may be empty.
        codes: The code list, for its windows and required variables.
        data_cut: Last day the data speak of.
        own_result: Exit classes that the project itself counts as a good result.
        region_category: Category of region of everyone not named in ``regions``.
        regions: Municipality → category of region.
        follow_up: ``contacts`` when an event tells of its own day only: then what was recorded
            within the immediate window says nothing of the time six months after.
        slack_days: With contacts, how late the question of the sixth month may have been asked.

    Returns:
        The persons with ``status``, ``age`` and ``sex`` (``""`` where unknown) and further:
        ``complete``, ``region_category``, ``immediate_window``, ``longer_window`` (enrolled, open,
        elapsed, end_unknown), ``status_upon_leaving`` and, where such events are recorded at all,
        ``has_follow_up``, ``status_after_six_months``, ``qualification_upon_leaving`` and
        ``improved_after_six_months``: what nobody recorded is missing, not zero.
    """
    check_option("region_category", region_category, RegionCategory)
    check_option("follow_up", follow_up, Literal["changes", "contacts"])
    records = persons.rename(columns=_NAMES)
    records["sex"] = records["sex"].replace("unknown", "")
    if "status" in records.columns:
        records["status"] = records["status"].replace("unknown", "")
    immediate = persons["exit"] + pd.Timedelta(days=codes.windows.immediate_days)
    longer = persons["exit"] + pd.DateOffset(months=codes.windows.longer_term_months)
    is_asked = follow_up == "contacts"
    slack = slack_days if is_asked else 0
    added = {
        "complete": _yes_no(is_complete(records, codes)),
        "region_category": _region_category(persons, region_category, regions or {}),
        "immediate_window": window_state(persons, immediate, data_cut=data_cut),
        "longer_window": window_state(persons, longer, data_cut=data_cut),
        "status_upon_leaving": status_upon_leaving(
            persons, events, days=codes.windows.immediate_days
        ),
        "own_result": _yes_no(persons["exit_class"].isin(own_result).to_numpy()),
        "work_lasted_a_month": _yes_no(work_lasted(persons, events)),
        "began_or_increased": _yes_no(_began_or_increased(records)),
    }
    if len(events) or "status_6m" in persons.columns:
        added["status_after_six_months"] = status_after_months(
            persons,
            events,
            months=codes.windows.longer_term_months,
            later_than_days=codes.windows.immediate_days if is_asked else -1,
            slack_days=slack,
        )
    if len(events):
        added["has_follow_up"] = _yes_no(np.ones(len(records), dtype=bool))
    for status, variable, until in (
        ("qualification", "qualification_upon_leaving", immediate),
        ("improved", "improved_after_six_months", longer + pd.Timedelta(days=slack)),
    ):
        if (events["status"] == status).any():
            added[variable] = _yes_no(had_event(persons, events, status=status, until=until))
    return records.assign(**added)


def is_complete(records: pd.DataFrame, codes: CodeList) -> np.ndarray:
    """Whether a record has every variable that the code list requires."""
    known = [~is_missing(records, variable) for variable in codes.required]
    complete: np.ndarray = np.logical_and.reduce(known)
    return complete


def is_missing(records: pd.DataFrame, variable: str) -> np.ndarray:
    """Whether a record lacks a variable; a refusal is an answer."""
    if variable not in records.columns:
        return np.ones(len(records), dtype=bool)
    values = records[variable]
    return (values.isna() | values.isin(["", "unknown"])).to_numpy(dtype=bool)


def _began_or_increased(records: pd.DataFrame) -> np.ndarray:
    """Left for work or study without having had it before, or for more of it than before."""
    after = records["exit_class"].isin(_WORK_OR_STUDY).to_numpy(dtype=bool)
    if "status" not in records.columns:
        return np.zeros(len(records), dtype=bool)
    before = records["status"].isin(_WORK_OR_STUDY).to_numpy(dtype=bool)
    if {"extent", "extent_after"} <= set(records.columns):
        increased = (records["extent_after"] > records["extent"]).to_numpy(dtype=bool)
    else:
        increased = np.zeros(len(records), dtype=bool)
    return after & (~before | increased)


def _region_category(
    persons: pd.DataFrame, usual: RegionCategory, regions: Mapping[str, RegionCategory]
) -> np.ndarray:
    if "municipality" not in persons.columns or not regions:
        return np.full(len(persons), usual, dtype=object)
    return mapped(persons["municipality"], regions, otherwise=usual)


def _yes_no(mask: np.ndarray) -> np.ndarray:
    return np.where(mask, "yes", "no").astype(object)
