"""Checks across columns and rows: duplicates, follow-up before the exit, spells that overlap."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from evalkit.intake.spells import ONGOING
from evalkit.intake.table import TextTable, finding
from evalkit.results import Finding

# Follow-up columns and the days after the exit at which they speak.
FOLLOW_UPS = {"status_90d": 90, "status_6m": 180}


def duplicate_rows(table: TextTable, candidates: np.ndarray) -> np.ndarray:
    """Rows that repeat an earlier candidate in every recognised cell.

    Only rows that name a person are candidates: two strangers may well share everything else.
    """
    repeated = np.zeros(len(candidates), dtype=bool)
    if not candidates.any():
        return repeated
    codes = table.texts["person_id"].codes
    rows = np.flatnonzero(candidates & (np.bincount(codes) > 1)[codes])
    if len(rows):
        texts = pd.DataFrame({name: texts[rows] for name, texts in table.texts.items()})
        repeated[rows] = texts.duplicated().to_numpy()
    return repeated


def follow_up_findings(
    table: TextTable, spells: pd.DataFrame, columns: dict[str, np.ndarray], data_cut: dt.date
) -> tuple[Finding, ...]:
    """Follow-up statuses that cannot have been observed after the exit."""
    exits = spells["exit"].to_numpy()
    cut = np.datetime64(data_cut, "s")
    found: tuple[Finding, ...] = ()
    if "status_date" in columns:
        early = columns["status_date"] < exits
        found += table.found("error", "status_before_exit", early, column="status_date")
    for column, days in FOLLOW_UPS.items():
        if column not in columns:
            continue
        given = columns[column] != ""
        enrolled = given & (spells["exit_class"] == ONGOING).to_numpy()
        unripe = given & _is_to_come(exits, days, cut)
        found += table.found("warning", "status_while_enrolled", enrolled, column=column)
        found += table.found("warning", "status_before_follow_up", unripe, column=column)
    return found


def without_early_statuses(spells: pd.DataFrame, data_cut: dt.date) -> pd.DataFrame:
    """A status of a day that has not come by the data cut is not known yet, whatever is filled in.

    Some months after leaving cannot be answered before; it is told, and counted as still to come.
    """
    exits, cut = spells["exit"].to_numpy(), np.datetime64(data_cut, "s")
    return spells.assign(**{
        column: spells[column].mask(_is_to_come(exits, days, cut), "")
        for column, days in FOLLOW_UPS.items()
        if column in spells
    })  # fmt: skip


def _is_to_come(exits: np.ndarray, days: int, cut: np.datetime64) -> np.ndarray:
    return np.asarray(exits + np.timedelta64(days, "D") > cut)


def spell_findings(spells: pd.DataFrame) -> tuple[Finding, ...]:
    """Overlapping spells and re-entries of the same person, per register of the later row."""
    spells = spells[spells["person"].duplicated(keep=False)]
    ordered = spells.sort_values(["person", "entry", "row"], kind="stable")
    same = (ordered["person"] == ordered["person"].shift()).to_numpy()
    latest_exit = _latest_exit_before(ordered)
    overlaps = same & (ordered["entry"].to_numpy() < latest_exit)
    found: tuple[Finding, ...] = ()
    for register in ordered["register"].unique():
        here = (ordered["register"] == register).to_numpy()
        rows = ordered["row"].to_numpy()
        found += finding("warning", "overlapping_spells", register, rows[here & overlaps])
        found += finding("note", "re_entries", register, rows[here & same & ~overlaps])
    return found


def _latest_exit_before(ordered: pd.DataFrame) -> np.ndarray:
    """Per row the latest exit among the person's earlier spells; never, while one is open."""
    never = pd.Timestamp("2262-01-01")
    exits = ordered["exit"].fillna(never)
    running = exits.groupby(ordered["person"]).cummax()
    shifted: np.ndarray = running.shift().to_numpy()
    return shifted
