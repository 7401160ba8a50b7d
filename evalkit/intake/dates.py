"""The dates of a spell: which rows can be used, which enrolments are still open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from evalkit.intake.codebook import Codebook
from evalkit.intake.convert import Dates, to_dates
from evalkit.intake.table import TextTable
from evalkit.project.base import Period
from evalkit.results import Finding, Severity

# An exit may be planned years ahead, so two-digit years reach past the data cut.
_PLANNING_YEARS = 20
# Nobody has been enrolled that long: 1900-01-01 is an empty cell of Excel's, 1970-01-01 of others.
_LONGEST_ENROLMENT_YEARS = 30


@dataclass(frozen=True, slots=True, eq=False)
class SpellDates:
    """Entry and exit per row, and why a row cannot be used.

    Attributes:
        entry: ``datetime64[D]``. ``exit``: NaT while enrolled at the data cut.
        after_cut: Rows whose exit comes after the data cut, so still enrolled at it.
        unusable: Exclusion (a flow step and finding) → rows it takes, each row once.
    """

    entry: np.ndarray
    exit: np.ndarray
    after_cut: np.ndarray
    unusable: dict[str, np.ndarray]
    findings: tuple[Finding, ...]


def spell_dates(
    table: TextTable, codebook: Codebook, *, period: Period, data_cut: dt.date, today: dt.date
) -> SpellDates:
    """Entry and exit of every row, judged against each other and the data cut."""
    latest_year = data_cut.year + _PLANNING_YEARS
    entry = to_dates(table.texts["entry"], codebook, latest_year=latest_year)
    exits = _exits(table, codebook, latest_year)
    cut = np.datetime64(data_cut, "D")
    earliest = np.datetime64(f"{period.start.year - _LONGEST_ENROLMENT_YEARS}-01-01", "D")
    unusable = _unusable(entry, exits, earliest, cut)
    usable = ~np.logical_or.reduce(list(unusable.values()))
    after_cut = usable & (exits.days > cut)
    before_period = entry.days < np.datetime64(period.start, "D")
    findings: list[Finding] = []
    for check, rows in unusable.items():
        column = "exit" if check.startswith("exit") else "entry"
        findings += table.found("error", check, rows, column=column)
    notes: tuple[tuple[Severity, str, str, np.ndarray], ...] = (
        ("error", "future_dates", "entry", entry.days > np.datetime64(today, "D")),
        ("error", "future_dates", "exit", exits.days > np.datetime64(today, "D")),
        ("warning", "exit_after_cut", "exit", after_cut),
        ("warning", "exit_not_available", "exit", usable & exits.not_available),
        (
            "note",
            "entry_before_period",
            "entry",
            usable & before_period,
        ),
    )
    for severity, check, column, mask in notes:
        findings += table.found(severity, check, mask, column=column)
    return SpellDates(
        entry=entry.days,
        exit=np.where(after_cut, np.datetime64("NaT", "D"), exits.days),
        after_cut=after_cut,
        unusable=unusable,
        findings=tuple(findings),
    )


def other_dates(
    table: TextTable, column: str, codebook: Codebook, *, data_cut: dt.date
) -> tuple[np.ndarray, tuple[Finding, ...]]:
    """A date column beside entry and exit: impossible dates and dates after the data cut."""
    dates = to_dates(table.texts[column], codebook, latest_year=data_cut.year)
    late = dates.days > np.datetime64(data_cut, "D")
    return dates.days, (
        *table.found("warning", "date_impossible", dates.impossible, column=column),
        *table.found("warning", "date_after_cut", late, column=column),
    )


def _exits(table: TextTable, codebook: Codebook, latest_year: int) -> Dates:
    """Exit dates; without an exit column everyone is still enrolled."""
    texts = table.texts.get("exit", np.full(len(table.rows), "", dtype=object))
    return to_dates(texts, codebook, latest_year=latest_year)


def _unusable(
    entry: Dates, exits: Dates, earliest: np.datetime64, cut: np.datetime64
) -> dict[str, np.ndarray]:
    """Rows per exclusion; a row counts under the first that takes it."""
    reasons = {
        "entry_missing": entry.missing,
        "entry_impossible": entry.impossible | entry.ongoing | (entry.days < earliest),
        "entry_after_cut": entry.days > cut,
        "exit_impossible": exits.impossible,
        "exit_before_entry": exits.days < entry.days,
    }
    taken = np.zeros(len(entry.days), dtype=bool)
    for reason, rows in reasons.items():
        reasons[reason] = rows & ~taken
        taken = taken | rows
    return reasons
