"""What became of each person within a window after leaving: the last event decides.

European Commission, Monitoring and Evaluation of European Cohesion Policy, ESF, Guidance
document (2018), Annex D: immediate results within four weeks of leaving, longer-term results
six months after. An event after the window must not leak into it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import get_args

import numpy as np
import pandas as pd

from evalkit.project.vocabulary import FollowUpStatus
from evalkit.statistics.indicators.definitions import AllOf, AnyOf, Condition, Rule

UNKNOWN = "unknown"
# Events that are no labour-market status: they neither decide nor hide one.
_NO_STATUS = ("qualification", "improved", UNKNOWN)
# What a register may state of the day of leaving; words that nobody has mapped are none.
_STATED = tuple(one for one in get_args(FollowUpStatus) if one not in _NO_STATUS)
# An exit reason is itself an event, dated on the day of leaving; the others name no status.
_STATUS_OF_EXIT = {
    "employment": "employment",
    "municipal_employment": "municipal_employment",
    "studies": "studies",
    "health_or_leave": "sick",
    "referred_back": "other",
    "moved_or_deceased": "other",
    "dropout": "other",
}


def status_upon_leaving(persons: pd.DataFrame, events: pd.DataFrame, *, days: int) -> np.ndarray:
    """The last labour-market status from the day of leaving to ``days`` days after it.

    The exit reason counts as the first event of the day of leaving, then the status stated for
    that day (column ``status_at_exit``). Among events of one day the one that stands last in
    the register decides. ``unknown`` where nothing is known and for those still enrolled.
    """
    exits = persons["exit"]
    found = _last_status(persons, events, until=exits + pd.Timedelta(days=days))
    of_exit = mapped(persons["exit_class"], _STATUS_OF_EXIT, otherwise=UNKNOWN)
    if "status_at_exit" in persons.columns:
        stated = persons["status_at_exit"]
        is_stated = stated.isin(_STATED) & exits.notna()
        of_exit = np.where(is_stated, stated, of_exit)
    return np.where(found == "", of_exit, found).astype(object)


def status_after_months(
    persons: pd.DataFrame,
    events: pd.DataFrame,
    *,
    months: int,
    later_than_days: int = -1,
    slack_days: int = 0,
) -> np.ndarray:
    """The status a number of months after leaving: the last event until then, from the exit on.

    Events up to ``later_than_days`` after leaving are disregarded: for a register of contacts,
    where a status tells of its own day only, those of the immediate window. There the question
    may also have been asked up to ``slack_days`` after the time. A status stated
    for that very time (column ``status_6m``) goes before. The exit reason alone tells nothing
    of the time after it: without a later record the status is unknown.
    """
    until = persons["exit"] + pd.DateOffset(months=months) + pd.Timedelta(days=slack_days)
    found = _last_status(persons, events, until=until, later_than_days=later_than_days)
    if "status_6m" in persons.columns:
        stated = persons["status_6m"].replace(UNKNOWN, "").to_numpy(dtype=object)
        has_left = persons["exit"].notna().to_numpy()
        found = np.where((stated != "") & has_left, stated, found)
    return np.where(found == "", UNKNOWN, found).astype(object)


def had_event(
    persons: pd.DataFrame, events: pd.DataFrame, *, status: str, until: pd.Series
) -> np.ndarray:
    """Whether an event of one kind is dated from the day of leaving until a day, inclusive."""
    inside = _inside(persons, events[events["status"] == status], until)
    return persons["person"].isin(inside["person"]).to_numpy(dtype=bool)


def work_lasted(persons: pd.DataFrame, events: pd.DataFrame) -> np.ndarray:
    """Whether nothing but work is recorded in the first month after leaving for work.

    Work is taken to have lasted where nothing says otherwise: it is registered when it is
    agreed for at least that long (expert knowledge).
    """
    until = persons["exit"] + pd.DateOffset(months=1) - pd.Timedelta(days=1)
    statuses = events[~events["status"].isin((*_NO_STATUS, "employment"))]
    after = _inside(persons, statuses, until)
    # What is dated on the day of leaving precedes the work that the person left for.
    exits = after["person"].map(persons.set_index("person")["exit"])
    return ~persons["person"].isin(after.loc[after["date"] > exits, "person"]).to_numpy(dtype=bool)


def window_state(persons: pd.DataFrame, until: pd.Series, *, data_cut: dt.date) -> np.ndarray:
    """``enrolled``, ``elapsed`` once the whole window lies before the data cut, or ``open``.

    ``end_unknown`` for those of whom it is not known when they left: nobody can say whether
    their window has elapsed.
    """
    elapsed = (until <= pd.Timestamp(data_cut)).to_numpy(dtype=bool)
    no_day = persons["exit"].isna().to_numpy(dtype=bool)
    enrolled = no_day & (persons["exit_class"] == "ongoing").to_numpy(dtype=bool)
    states = ["enrolled", "end_unknown", "elapsed"]
    return np.select([enrolled, no_day, elapsed], states, "open").astype(object)


def mapped(values: pd.Series, levels: Mapping[str, str], *, otherwise: str) -> np.ndarray:
    """The level of each value. `Series.map` has no words for a column where nothing maps."""
    return np.array([levels.get(value, otherwise) for value in values], dtype=object)


def _last_status(
    persons: pd.DataFrame, events: pd.DataFrame, *, until: pd.Series, later_than_days: int = -1
) -> np.ndarray:
    """Status of the last event from the exit until a day, ``""`` where there is none."""
    inside = _inside(persons, events[~events["status"].isin(_NO_STATUS)], until)
    since = inside["date"] - inside["person"].map(persons.set_index("person")["exit"])
    inside = inside[since > pd.Timedelta(days=later_than_days)]
    last = inside.sort_values("date", kind="stable").drop_duplicates("person", keep="last")
    statuses = dict(zip(last["person"], last["status"], strict=True))
    return mapped(persons["person"], statuses, otherwise="")


def _inside(persons: pd.DataFrame, events: pd.DataFrame, until: pd.Series) -> pd.DataFrame:
    """The events dated from the person's exit until the end of the window, both days included."""
    bounds = pd.DataFrame(
        {"first": persons["exit"].to_numpy(), "last": until.to_numpy()}, index=persons["person"]
    )
    first = events["person"].map(bounds["first"])
    last = events["person"].map(bounds["last"])
    return events[(events["date"] >= first) & (events["date"] <= last)]


def holds(rule: Rule, records: pd.DataFrame) -> np.ndarray:
    """A boolean per record. What is missing or refused fulfils no level and no limit.

    A variable that the records do not have at all counts as missing for everyone;
    `is_collected` tells the two apart.

    >>> records = pd.DataFrame({"age": [17.0, 29.0, 30.0, float("nan")]})
    >>> holds(Condition(variable="age", at_least=18, below=30), records).tolist()
    [False, True, False, False]
    """
    if isinstance(rule, Condition):
        return _condition(rule, records)
    parts = rule.all_of if isinstance(rule, AllOf) else rule.any_of
    masks = [holds(part, records) for part in parts]
    result = np.full(len(records), isinstance(rule, AllOf))
    for mask in masks:
        result = result & mask if isinstance(rule, AllOf) else result | mask
    return result


def is_collected(rule: Rule, records: pd.DataFrame) -> bool:
    """Whether the records have the variables without which the rule can hold for nobody."""
    if isinstance(rule, Condition):
        return rule.variable in records.columns
    if isinstance(rule, AnyOf):
        return any(is_collected(part, records) for part in rule.any_of)
    return all(is_collected(part, records) for part in rule.all_of)


def lacks(variables: tuple[str, ...], records: pd.DataFrame) -> tuple[str, ...]:
    """The variables that the records do not have."""
    return tuple(name for name in variables if name not in records.columns)


def _condition(rule: Condition, records: pd.DataFrame) -> np.ndarray:
    if rule.variable not in records.columns:
        return np.zeros(len(records), dtype=bool)
    values = records[rule.variable]
    if rule.levels:
        return values.isin(rule.levels).to_numpy(dtype=bool)
    if rule.not_in:
        return ~values.isin(rule.not_in).to_numpy(dtype=bool)
    numbers = values.to_numpy(dtype=float)
    # A comparison with a missing number is false, as it should be.
    inside: np.ndarray = np.isfinite(numbers)
    if rule.at_least is not None:
        inside &= numbers >= rule.at_least
    if rule.above is not None:
        inside &= numbers > rule.above
    if rule.below is not None:
        inside &= numbers < rule.below
    return inside
