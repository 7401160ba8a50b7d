"""The dates of a spell: which rows can be used, which enrolments are open, which ends unknown.

Not knowing an exit is neither "no row" nor "still enrolled": the row stays, its end unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from evalkit.intake.codebook import Codebook, value_key
from evalkit.intake.convert import Dates, by_distinct, to_dates
from evalkit.intake.date_columns import ColumnDates, date_readings
from evalkit.intake.grid import blank
from evalkit.intake.levels import printable_labels
from evalkit.intake.table import TextTable
from evalkit.project.base import Period
from evalkit.project.registers import Register
from evalkit.results import Finding, Severity

# An exit may be planned years ahead, so two-digit years reach past the data cut.
_PLANNING_YEARS = 20
# Nobody has been enrolled that long: 1900-01-01 is an empty cell of Excel's, 1970-01-01 of others.
_LONGEST_ENROLMENT_YEARS = 30
# A day so far ahead is no plan of those who have left, or not yet come: it is a slip, or a mark.
_FARTHEST_PLAN = np.timedelta64(366, "D")
# Of those who left, so many have a reason that its absence tells who has not.
REASONS_KEPT = 0.9
FEWEST_ALIKE = 3
# The first days of calendars, which programs write where there is no day.
FIRST_DAYS = np.array(["1900-01-01", "1904-01-01", "1970-01-01"], dtype="datetime64[D]")


@dataclass(frozen=True, slots=True)
class Reasons:
    """Per row whether a reason for leaving is given, and whether its class is a known one.

    ``enrolled`` and ``left``: rows of which another column says so in words.
    """

    given: np.ndarray
    known: np.ndarray
    enrolled: np.ndarray
    left: np.ndarray
    has_column: bool


@dataclass(frozen=True, slots=True, eq=False)
class SpellDates:
    """Entry and exit per row, and why a row cannot be used.

    Attributes:
        entry: ``datetime64[D]``. ``exit``: NaT while enrolled at the data cut.
        end_unknown: Rows of persons of whom it is not known when, or whether, they left.
        after_cut: Rows whose exit comes after the data cut, so still enrolled at it.
        unusable: Exclusion (a flow step and finding) → rows it takes, each row once.
        readings: Date column → how it is read.
    """

    entry: np.ndarray
    exit: np.ndarray
    end_unknown: np.ndarray
    after_cut: np.ndarray
    unusable: dict[str, np.ndarray]
    readings: Mapping[str, ColumnDates]
    findings: tuple[Finding, ...]


def spell_dates(
    table: TextTable,
    codebook: Codebook,
    register: Register,
    reasons: Reasons,
    *,
    period: Period,
    data_cut: dt.date,
    today: dt.date,
) -> SpellDates:
    """Entry and exit of every row, judged against each other and the data cut."""
    latest_year = data_cut.year + _PLANNING_YEARS
    readings = _readings(table, codebook, register, period, data_cut)
    entry = to_dates(
        table.texts["entry"], codebook, latest_year=latest_year, reading=readings["entry"].reading
    )
    exits = _exits(table, codebook, readings, latest_year)
    cut = np.datetime64(data_cut, "D")
    earliest = np.datetime64(f"{period.start.year - _LONGEST_ENROLMENT_YEARS}-01-01", "D")
    today_day = np.datetime64(today, "D")
    far = max(today_day, cut) + _FARTHEST_PLAN
    unusable = _unusable(entry, exits, earliest, cut, far)
    usable = ~np.logical_or.reduce(list(unusable.values()))
    ends = _ends(table, entry, exits, reasons, usable, cut=cut, far=far)
    at = usable & ~ends.unknown
    is_running = period.end >= data_cut
    planned = _planned(table, entry.days, exits.days, reasons, at, cut, is_running=is_running)
    after_cut = usable & (exits.days > cut) & ~ends.unknown
    findings: list[Finding] = _reading_findings(table, readings)
    for check, rows in unusable.items():
        findings += table.found("error", check, rows, column="entry")
    notes: tuple[tuple[Severity, str, str, np.ndarray], ...] = (
        ("error", "future_dates", "entry", entry.days > today_day),
        ("error", "future_dates", "exit", exits.days > today_day),
        ("error", "exit_before_entry", "exit", usable & (exits.days < entry.days)),
        ("warning", "exit_after_cut", "exit", after_cut),
        ("error", "exit_planned", "exit", planned),
        ("warning", "exit_not_available", "exit", ends.not_available),
        (
            "note",
            "entry_before_period",
            "entry",
            usable & (entry.days < np.datetime64(period.start, "D")),
        ),
    )
    for severity, check, column, mask in notes:
        findings += table.found(severity, check, mask, column=column)
    findings += ends.findings
    known = ~(after_cut | ends.unknown | planned)
    return SpellDates(
        entry=entry.days,
        exit=np.where(known, exits.days, np.datetime64("NaT", "D")),
        end_unknown=ends.unknown,
        after_cut=after_cut,
        unusable=unusable,
        readings=readings,
        findings=tuple(findings),
    )


def other_dates(
    table: TextTable,
    column: str,
    codebook: Codebook,
    *,
    data_cut: dt.date,
    reading: ColumnDates,
) -> tuple[np.ndarray, tuple[Finding, ...]]:
    """A date column beside entry and exit: impossible dates and dates after the data cut."""
    dates = to_dates(
        table.texts[column], codebook, latest_year=data_cut.year, reading=reading.reading
    )
    late = dates.days > np.datetime64(data_cut, "D")
    return dates.days, (
        *table.found("warning", "date_impossible", dates.impossible, column=column),
        *table.found("warning", "date_after_cut", late, column=column),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    unknown: np.ndarray
    not_available: np.ndarray
    findings: tuple[Finding, ...]


def _ends(
    table: TextTable,
    entry: Dates,
    exits: Dates,
    reasons: Reasons,
    usable: np.ndarray,
    *,
    cut: np.datetime64,
    far: np.datetime64,
) -> _Ends:
    """Who has no day of leaving, and what that means.

    A known reason without a day: left, on a day nobody knows. A text that is no date: left,
    too, where any reason is given. Where those who left have reasons and nobody with that text
    has one, the text stands for "still enrolled"; what is neither is not known. Nor is it where
    one column says that the person has left and another that he or she has not.
    """
    unread = usable & exits.impossible
    stays = np.zeros(len(unread), dtype=bool)
    # A list of starts alone says of nobody whether the person has left.
    is_told = table.has("exit") or reasons.has_column
    if unread.any():
        stays = unread & _stands_for_enrolled(table, exits, reasons, unread)
    impossible = unread & ~stays
    no_day = usable & np.isnat(exits.days)
    reason_alone = no_day & ~exits.impossible & ~exits.ongoing & reasons.known
    reversed_ = usable & (exits.days < entry.days)
    said_left = (reasons.known | reasons.left) & (exits.ongoing | (exits.days > far))
    contradicted = usable & (said_left | (reasons.enrolled & (exits.days <= cut)))
    left_alone = no_day & ~impossible & ~reason_alone & ~exits.ongoing & reasons.left
    untold = usable & (not is_told)
    texts = table.texts.get("exit")
    listed = printable_labels(texts[impossible]) if texts is not None else ()
    told = printable_labels(texts[stays]) if texts is not None else ()
    about = "exit" if table.has("exit") else "exit_reason"
    return _Ends(
        unknown=impossible | reason_alone | reversed_ | contradicted | left_alone | untold,
        not_available=usable & exits.not_available & ~reason_alone,
        findings=(
            *table.found("error", "exit_impossible", impossible, column="exit", listing=listed),
            *table.found("error", "reason_without_exit", reason_alone, column=about),
            *table.found("error", "left_without_exit", left_alone, column="enrolment"),
            *table.found("error", "exit_contradicted", contradicted, column="exit"),
            *table.found("warning", "exit_taken_as_ongoing", stays, column="exit", listing=told),
        ),
    )


def _planned(
    table: TextTable,
    entry: np.ndarray,
    exits: np.ndarray,
    reasons: Reasons,
    usable: np.ndarray,
    cut: np.datetime64,
    *,
    is_running: bool,
) -> np.ndarray:
    """Past days without a reason that were planned: the persons are still enrolled.

    So it is where days after the data cut stand without reasons, too, and where most of the
    days lie whole months or equally far from the start and those with a reason do not.

    Raises:
        IntakeError: Where nothing tells and nobody would be enrolled in a running project.
    """
    nobody = np.zeros(len(usable), dtype=bool)
    past, ahead = usable & (exits <= cut), usable & (exits > cut)
    lacking: np.ndarray = past & ~reasons.given
    with_reason = past & reasons.given
    if table.has("enrolment") or min(lacking.sum(), with_reason.sum()) < FEWEST_ALIKE:
        return nobody
    if (ahead & ~reasons.given).sum() >= max(FEWEST_ALIKE, ahead.sum() / 2):
        return lacking
    if _is_by_calendar(entry, exits, lacking) and not _is_by_calendar(entry, exits, with_reason):
        return lacking
    is_often = lacking.sum() > (1 - REASONS_KEPT) * past.sum()
    if is_running and is_often and not np.isnat(exits[usable]).any():
        reason = table.names["exit_reason"]
        table.refuse("ends_without_reason", lacking, column="exit", reason=reason)
    return nobody


def _is_by_calendar(entry: np.ndarray, exits: np.ndarray, rows: np.ndarray) -> bool:
    """Whether most days lie whole months after the start, or equally far from it, or agree."""
    starts, ends = entry[rows], exits[rows]
    in_month = [days - days.astype("datetime64[M]") for days in (starts, ends, ends + 1)]
    is_whole = (in_month[1] == in_month[0]) | (in_month[2] == in_month[0])
    agreeing = [np.unique(days, return_counts=True)[1].max() for days in (ends - starts, ends)]
    return bool(max(is_whole.sum(), *agreeing) > rows.sum() / 2)


def _stands_for_enrolled(
    table: TextTable, exits: Dates, reasons: Reasons, unread: np.ndarray
) -> np.ndarray:
    """Rows whose unreadable text nobody has who left, by the reasons of everybody else."""
    dated = ~np.isnat(exits.days)
    stays = np.zeros(len(unread), dtype=bool)
    if not reasons.has_column or not dated.any() or reasons.given[dated].mean() < REASONS_KEPT:
        return stays
    codes, keys = by_distinct(table.texts["exit"], value_key)
    for code in np.unique(codes[unread]):
        same = unread & (codes == code)
        is_error = keys[code].startswith("#error")
        if same.sum() >= FEWEST_ALIKE and not reasons.given[same].any() and not is_error:
            stays |= same
    return stays


def _readings(
    table: TextTable, codebook: Codebook, register: Register, period: Period, data_cut: dt.date
) -> Mapping[str, ColumnDates]:
    dated = {
        name: texts
        for name, texts in table.texts.items()
        if codebook.kinds[name] in ("date", "birth", "drawn")
    }
    return date_readings(
        dated,
        codebook,
        names=table.names,
        file=table.file,
        start=period.start,
        data_cut=data_cut,
        counts_from_1904=table.counts_from_1904,
        order=register.date_order,
    )


def _reading_findings(table: TextTable, readings: Mapping[str, ColumnDates]) -> list[Finding]:
    """How the dates of each column were read, where that is not the usual way."""
    return [
        Finding(
            severity="warning" if check == "dates_order_unsure" else "note",
            check=check,
            file=table.file,
            column=table.names.get(name, name),
        )
        for name, column in readings.items()
        for check in column.checks
    ]


def _exits(
    table: TextTable, codebook: Codebook, readings: Mapping[str, ColumnDates], latest_year: int
) -> Dates:
    """Exit dates; without an exit column everyone is still enrolled."""
    if not table.has("exit"):
        return to_dates(blank(len(table.rows)), codebook, latest_year=latest_year)
    dates = to_dates(
        table.texts["exit"], codebook, latest_year=latest_year, reading=readings["exit"].reading
    )
    is_first = np.isin(dates.days, FIRST_DAYS)
    days = np.where(is_first, np.datetime64("NaT", "D"), dates.days)
    return replace(dates, days=days, missing=dates.missing | is_first)


def _unusable(
    entry: Dates, exits: Dates, earliest: np.datetime64, cut: np.datetime64, far: np.datetime64
) -> dict[str, np.ndarray]:
    """Rows per exclusion; a row counts under the first that takes it.

    Who has left has come: a start far ahead, or after the cut where the exit is not, is none.
    """
    is_none = entry.impossible | entry.ongoing | (entry.days < earliest) | (entry.days > far)
    reasons = {
        "entry_missing": entry.missing,
        "entry_impossible": is_none | ((entry.days > cut) & (exits.days <= cut)),
        "entry_after_cut": entry.days > cut,
    }
    taken = np.zeros(len(entry.days), dtype=bool)
    for reason, rows in reasons.items():
        reasons[reason] = rows & ~taken
        taken = taken | rows
    return reasons
