"""Spells → one record per person and operation.

Counting rule of the ESF common indicators: a participant who returns keeps the first start
and the data of that start; the exit moves to the final exit and the results with it.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

ONGOING = "ongoing"
# What is known when a person leaves; all other columns are as they were at the first start.
EXIT_COLUMNS = (
    "exit",
    "exit_class",
    "support_after",
    "status_at_exit",
    "status_date",
    "status_90d",
    "status_6m",
    "subsidy",
    "extent_after",
)
_NEVER = pd.Timestamp("2262-01-01")


def persons_of(spells: pd.DataFrame, *, data_cut: dt.date, each_once: bool = False) -> pd.DataFrame:
    """One row per person, in the order of their first start.

    Args:
        spells: Accepted rows of all registers.
        data_cut: Last day the registers speak of; open enrolments are counted to it.
        each_once: They are of one register in which nobody stands twice.

    Returns:
        The columns of ``spells`` plus ``n_spells`` and ``days``, whole days from the first
        entry to the final exit or the data cut; missing where it is not known when, or
        whether, the person left: ``exit`` is NaT and ``exit_class`` not "ongoing". A person
        with an open spell that reaches past every exit is still enrolled.
    """
    if each_once:  # its rows are in order, and sorting by one key is many times faster
        ordered = spells.iloc[np.argsort(spells["entry"].to_numpy(), kind="stable")]
    else:
        ordered = spells.sort_values(["entry", "register", "row"], kind="stable")
    if each_once or ordered["person"].is_unique:
        return _with_days(ordered.assign(n_spells=1), spells, data_cut)
    by_start = ordered.drop_duplicates("person").set_index("person")
    # A spell that ended on an unknown day reaches at least to its start.
    end_unknown = ordered["exit"].isna() & (ordered["exit_class"] != ONGOING)
    reached = ordered["exit"].where(~end_unknown, ordered["entry"]).fillna(_NEVER)
    final = (
        ordered.assign(reached=reached)
        .sort_values("reached", kind="stable")
        .drop_duplicates("person", keep="last")
        .set_index("person")
    )
    persons = by_start.copy()
    for column in (name for name in EXIT_COLUMNS if name in spells.columns):
        persons[column] = final[column].reindex(persons.index)
    persons["sex"] = _first_known_sex(ordered).reindex(persons.index)
    persons["n_spells"] = ordered["person"].value_counts().reindex(persons.index).astype("int64")
    return _with_days(persons.reset_index(), spells, data_cut)


def _with_days(persons: pd.DataFrame, spells: pd.DataFrame, data_cut: dt.date) -> pd.DataFrame:
    """The persons with their days of enrolment, in the order of the spells' columns."""
    until = persons["exit"].fillna(pd.Timestamp(data_cut))
    days = (until - persons["entry"]).dt.days.astype("int64")
    is_unknown = ends_unknown(persons)
    known = days.astype("Int64").mask(is_unknown) if is_unknown.any() else days
    columns = [*spells.columns, "n_spells", "days"]
    return persons.assign(days=known)[columns].reset_index(drop=True)


def ends_unknown(persons: pd.DataFrame) -> pd.Series[bool]:
    """Of whom it is not known when, or whether, they left: no share of time may use them."""
    return persons["exit"].isna() & (persons["exit_class"] != ONGOING)


def _first_known_sex(ordered: pd.DataFrame) -> pd.Series:
    """The first sex stated for a person, unknown only where it never is."""
    is_unknown = np.asarray(ordered["sex"] == "unknown")
    known_first = ordered.iloc[np.argsort(is_unknown, kind="stable")]
    return known_first.drop_duplicates("person").set_index("person")["sex"]
