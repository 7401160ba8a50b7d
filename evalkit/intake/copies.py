"""One enrolment that stands in several rows: the later snapshot tells how it ended.

A yearly sheet shows who had not left by its end as enrolled, and an old row may be left below
a new one. Rows of one person with one start are one enrolment; a later start is a return.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evalkit.intake.spells import EXIT_COLUMNS, ONGOING
from evalkit.intake.table import finding
from evalkit.project.vocabulary import OUTCOME_UNKNOWN
from evalkit.results import Finding

_ONE_ENROLMENT = ["person", "entry"]
_OPEN, _END_UNKNOWN, _CLOSED = 0, 1, 2
_NOT_MERGED = frozenset({*_ONE_ENROLMENT, "register", "row", "exit", "exit_class"})


def without_older_copies(
    spells: pd.DataFrame, *, each_once: bool = False
) -> tuple[pd.DataFrame, int, tuple[Finding, ...]]:
    """The spells with one row per enrolment, how many rows gave way, and what that decided.

    The row that was drawn last wins, where the registers say when. Of rows in several registers
    it is the one in the register with the latest date. Within one
    register nothing tells which row is older but that nobody who has left is enrolled: a row
    with an exit wins over one without, and the later exit over the earlier. A list without any
    reasons for leaving wins only where it alone knows of an exit. What the winning row does not
    know of the person is taken from the others.
    """
    spells, drawn = _without_drawn(spells)
    if each_once or spells["person"].is_unique:
        return spells, 0, ()
    is_copied = spells.duplicated(_ONE_ENROLMENT, keep=False).to_numpy()
    if not is_copied.any():
        return spells, 0, ()
    bare = spells["register"].isin(_without_reasons(spells))
    ordered = _in_order(spells[is_copied], _snapshots(spells), drawn, bare[is_copied])
    latest = ordered.drop_duplicates(_ONE_ENROLMENT, keep="last")
    older = ordered.drop(latest.index)
    # A list without reasons contradicts none.
    classes = ordered.groupby(_ONE_ENROLMENT)["exit_class"].transform("last")
    classes = classes.where(bare[ordered.index], ordered["exit_class"])
    ends = ordered.assign(end=ordered["exit"].astype("str") + classes)
    n_ends = ends.groupby(_ONE_ENROLMENT)["end"].transform("nunique")
    decided = latest[n_ends.reindex(latest.index).to_numpy() > 1]
    merged = _with_what_others_know(latest, ordered)
    findings: tuple[Finding, ...] = ()
    for severity, check, rows in (
        ("note", "older_copies", older[~bare[older.index]]),
        ("note", "list_without_reasons", ordered[bare[ordered.index]]),
        ("warning", "exit_by_later_copy", decided),
    ):
        for file in rows["register"].unique():
            own = rows.loc[rows["register"] == file, "row"].to_numpy()
            findings += finding(severity, check, str(file), own)  # type: ignore[arg-type]
    kept = pd.concat([spells[~is_copied], merged]).sort_index(kind="stable")
    return kept.reset_index(drop=True), len(older), findings


def _snapshots(spells: pd.DataFrame) -> pd.Series[int]:
    """Register → its rank by the latest date it holds; of equal ones in the project's order."""
    dates = spells.groupby("register", sort=False)[["entry", "exit"]].max().max(axis=1)
    in_order = dates.sort_values(kind="stable").index
    return pd.Series(range(len(in_order)), index=in_order)


def _without_reasons(spells: pd.DataFrame) -> set[str]:
    """The registers that know of exits and of no reason, where another knows of some."""
    is_told = ~spells["exit_class"].isin([ONGOING, *OUTCOME_UNKNOWN])
    told, ended = (set(spells.loc[one, "register"]) for one in (is_told, spells["exit"].notna()))
    return ended - told if told else set()


def _without_drawn(spells: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The spells without the day each row was drawn, and that day."""
    if "drawn" not in spells.columns:
        return spells, pd.Series(pd.NaT, index=spells.index)
    return spells.drop(columns="drawn"), spells["drawn"]


def _in_order(
    copies: pd.DataFrame, snapshots: pd.Series[int], drawn: pd.Series, bare: pd.Series[bool]
) -> pd.DataFrame:
    """Rows of each enrolment from the oldest copy to the one that wins; ``bare``: no reasons."""
    is_open = copies["exit_class"] == ONGOING
    known = np.where(copies["exit"].notna(), _CLOSED, np.where(is_open, _OPEN, _END_UNKNOWN))
    ended = (bare & copies["exit"].notna()).groupby([copies[name] for name in _ONE_ENROLMENT])
    ranked = copies.assign(
        fuller=~bare & ~(is_open & ended.transform("any")),
        drawn=drawn[copies.index],
        snapshot=copies["register"].map(snapshots),
        known=known,
    )
    made = ["fuller", "drawn", "snapshot", "known"]
    by = [*_ONE_ENROLMENT, *made, "exit", "row"]
    return ranked.sort_values(by, kind="stable").drop(columns=made)


def _with_what_others_know(latest: pd.DataFrame, ordered: pd.DataFrame) -> pd.DataFrame:
    columns = [name for name in ordered.columns if name not in _NOT_MERGED]
    known = ordered[columns].mask(ordered[columns].isin(["", "unknown"]))
    # Of the time after leaving only what is said of the same exit.
    exits = latest.set_index(_ONE_ENROLMENT)["exit"]
    of_each = exits.reindex(pd.MultiIndex.from_frame(ordered[_ONE_ENROLMENT])).to_numpy()
    same_exit = ordered["exit"] == of_each
    for name in set(columns) & set(EXIT_COLUMNS):
        known[name] = known[name].where(same_exit)
    last_known = known.groupby([ordered[name] for name in _ONE_ENROLMENT])[columns].last()
    found = last_known.reindex(pd.MultiIndex.from_frame(latest[_ONE_ENROLMENT]))
    filled = {}
    for name in columns:
        own = latest[name]
        lacks = (own.isna() | own.isin(["", "unknown"])).to_numpy()
        others = found[name].to_numpy()
        can = lacks & ~pd.isna(others)
        filled[name] = own.where(~can, pd.Series(others, index=latest.index))
    return latest.assign(
        **{name: values.astype(latest[name].dtype) for name, values in filled.items()}
    )
