"""How the dates of a register are written, decided by whole columns and the project's period.

One order of day and month per column. Where nothing in the file tells which, nothing is
computed as if it did.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from evalkit.intake.codebook import Codebook
from evalkit.intake.convert import (
    ISO,
    SERIAL,
    SHORT_COMPACT,
    SHORT_ISO,
    SHORT_PLACES,
    SLASHED,
    TIME,
    USUAL_DATES,
    DateReading,
    Order,
    ShortOrder,
    by_distinct,
    date_key,
    parse_date,
    to_dates,
)
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import Column, coded

_MONTHS, _LAST_DAY = 12, 31
# So few values against the rest are slips of the pen; of more, two orders are mixed.
_SLIPS = 0.05
# So many dates without a day after the 12th do not come about by chance.
_SUSPECT = 8
_FEW_DAYS, _MANY_MONTHS = 2, 4
_CLEARLY_WORSE = 0.2
_MOSTLY = 0.9
_BEFORE_PERIOD_YEARS = 1
_NO_YEARS = frozenset({"9999", "2999", "0000", "1900"})  # what stands for no date
_UTC_HOURS = frozenset({"22", "23"})


@dataclass(frozen=True, slots=True)
class ColumnDates:
    """How a column is read, and the check that tells of it; none where it is the usual way."""

    reading: DateReading = USUAL_DATES
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the values of a column with ``3/4/2023`` say of their order."""

    pairs: Mapping[tuple[int, int], int]
    has_clock: bool = False
    is_dotted: bool = False

    @property
    def day_first(self) -> int:
        return sum(n for (first, _), n in self.pairs.items() if first > _MONTHS)

    @property
    def month_first(self) -> int:
        return sum(n for (_, second), n in self.pairs.items() if second > _MONTHS)


def date_readings(
    columns: Mapping[str, Column],
    codebook: Codebook,
    *,
    names: Mapping[str, str],
    file: str,
    start: dt.date,
    data_cut: dt.date,
    counts_from_1904: bool,
    order: Order | None,
) -> dict[str, ColumnDates]:
    """Date column → how it is read.

    Args:
        columns: Date column → its texts.
        codebook: Month names and words.
        names: Date column → its heading in the file.
        file: What messages call the file.
        start: First day of the project's period.
        data_cut: Last day the registers speak of.
        counts_from_1904: Whether the workbook says so.
        order: What the project file says of the order of day and month.

    Raises:
        IntakeError: If a column mixes two orders, or nothing tells which one it has.
    """
    distinct = {name: _counted(texts) for name, texts in columns.items()}
    for name, counts in distinct.items():
        if swapped := _with_the_day_before(counts):
            told = names.get(name, name)
            raise IntakeError("day_before_month", file=file, column=told, count=swapped)
        if _is_half_converted(counts, codebook, data_cut.year):
            raise IntakeError("half_converted", file=file, column=names.get(name, name))
    evidence = {name: _evidence(counts) for name, counts in distinct.items()}
    decided = {
        name: order or _by_values(found, file, names.get(name, name))
        for name, found in evidence.items()
    }
    known = {one for one in decided.values() if one is not None}
    undecided = [name for name, one in decided.items() if one is None and evidence[name].pairs]
    if undecided:
        one = (
            next(iter(known)) if len(known) == 1 else _by_period(columns, codebook, start, data_cut)
        )
        if one is None and any(len(evidence[name].pairs) >= _SUSPECT for name in undecided):
            headings = ", ".join(names.get(name, name) for name in undecided)
            raise IntakeError("date_order", file=file, columns=headings, year=start.year)
        decided |= dict.fromkeys(undecided, one)
    from_1904 = counts_from_1904 or _looks_like_1904(
        columns.get("entry"), codebook, start, data_cut
    )
    return {
        name: _column(
            distinct[name],
            DateReading(
                order=decided[name] or "day_first",
                short_order=(
                    "year_first"
                    if name == "birth_date"
                    else _short_order(distinct[name], start, data_cut)
                ),
                counts_from_1904=from_1904,
            ),
            is_unsure=name in undecided and order is None,
        )
        for name in columns
    }


def _is_half_converted(counts: Mapping[str, int], codebook: Codebook, year: int) -> bool:
    """Whether a program took dates of the other order for its own where it could.

    Then no date left as text could be read both ways, and every other has a day up to the
    12th, which is really its month.
    """
    left, taken = [], []
    for text in counts:
        match = SLASHED.match(TIME.sub("", text))
        if match:
            left.append(max(int(match[1]), int(match[2])))
        elif isinstance(day := parse_date(text, codebook, year), dt.date):
            taken.append(day.day)
    return min(len(left), len(taken)) >= _SUSPECT and min(left) > _MONTHS and max(taken) <= _MONTHS


def _with_the_day_before(counts: Mapping[str, int]) -> int:
    """How many dates are year, day and month, where so many are no slips of the pen."""
    found = [(m, n) for text, n in counts.items() if (m := ISO.match(TIME.sub("", text)))]
    swapped = _sum(n for m, n in found if int(m[4]) <= _MONTHS < int(m[3]) <= _LAST_DAY)
    return swapped if swapped > max(1, _SLIPS * _sum(n for _, n in found)) else 0


def _column(counts: Mapping[str, int], reading: DateReading, *, is_unsure: bool) -> ColumnDates:
    """The reading with what it is worth telling of."""
    reading = replace(reading, is_utc=_is_utc(counts))
    has_serials = reading.counts_from_1904 and any(SERIAL.match(text) for text in counts)
    checks = {
        "dates_month_first": reading.order == "month_first",
        "dates_order_unsure": is_unsure,
        "dates_short_order": reading.short_order != "year_first",
        "dates_from_1904": has_serials,
        "dates_in_utc": reading.is_utc,
    }
    return ColumnDates(reading, tuple(check for check, is_told in checks.items() if is_told))


def _counted(texts: Column) -> dict[str, int]:
    codes, keys = by_distinct(texts, date_key)
    counts: dict[str, int] = {}
    for key, n in zip(keys, np.bincount(codes, minlength=len(keys)).tolist(), strict=True):
        if key:
            counts[key] = counts.get(key, 0) + n
    return counts


def _evidence(counts: Mapping[str, int]) -> _Evidence:
    pairs: dict[tuple[int, int], int] = {}
    clocks, dots = False, []
    for text, n in counts.items():
        match = SLASHED.match(TIME.sub("", text))
        if match is None or match[3] in _NO_YEARS:
            continue
        pair = (int(match[1]), int(match[2]))
        pairs[pair] = pairs.get(pair, 0) + n
        clocks = clocks or text.endswith(("am", "pm"))
        dots.append("." in match[0])
    return _Evidence(pairs, has_clock=clocks, is_dotted=bool(dots) and all(dots))


def _by_values(found: _Evidence, file: str, column: str) -> Order | None:
    """The order that the column's own values show.

    Raises:
        IntakeError: If some show one order and some the other.
    """
    day, month = found.day_first, found.month_first
    if day and month:
        if min(day, month) > max(1, _SLIPS * (day + month)):
            raise IntakeError("both_orders", file=file, column=column, day=day, month=month)
        return "day_first" if day > month else "month_first"
    if day or month:
        return "day_first" if day else "month_first"
    if found.is_dotted:
        return "day_first"
    if found.has_clock:
        return "month_first"
    firsts, seconds = ({pair[i] for pair in found.pairs} for i in (0, 1))
    if len(firsts) <= _FEW_DAYS and len(seconds) >= _MANY_MONTHS:
        return "day_first"  # everybody starts on the 1st or the 15th
    if len(seconds) <= _FEW_DAYS and len(firsts) >= _MANY_MONTHS:
        return "month_first"
    return None


def _by_period(
    columns: Mapping[str, Column], codebook: Codebook, start: dt.date, cut: dt.date
) -> Order | None:
    """The order under which dates lie in the period and exits after entries, if only one does."""
    odd: dict[Order, float] = {}
    orders: tuple[Order, Order] = ("day_first", "month_first")
    for order in orders:
        entry, leave = (
            to_dates(
                columns[name], codebook, latest_year=cut.year, reading=DateReading(order=order)
            ).days
            if name in columns
            else None
            for name in ("entry", "exit")
        )
        if entry is None:
            return None
        wrong = (entry > np.datetime64(cut)) | (entry < np.datetime64(start))
        if leave is not None:
            wrong |= leave < entry
        odd[order] = float(wrong.mean()) if len(wrong) else 0.0
    better, worse = sorted(orders, key=odd.__getitem__)
    is_clear = odd[better] <= _SLIPS and odd[worse] >= _CLEARLY_WORSE
    return better if is_clear else None


def _short_order(counts: Mapping[str, int], start: dt.date, cut: dt.date) -> ShortOrder:
    """The order of ``23-04-03``: the usual one unless another gives far more possible dates."""
    found = [
        (match, n)
        for text, n in counts.items()
        if (match := SHORT_ISO.match(text) or SHORT_COMPACT.match(text))
    ]
    if not found:
        return "year_first"
    years = range(start.year % 100 - 2, cut.year % 100 + 2)

    def possible(order: ShortOrder) -> int:
        year, month, day = SHORT_PLACES[order]
        return sum(
            n
            for m, n in found
            if int(m[year]) in years
            and 1 <= int(m[month]) <= _MONTHS
            and 1 <= int(m[day]) <= _LAST_DAY
        )

    usual = possible("year_first")
    best = max(SHORT_PLACES, key=possible)
    return best if possible(best) > 2 * usual else "year_first"


def _looks_like_1904(
    texts: Column | None, codebook: Codebook, start: dt.date, cut: dt.date
) -> bool:
    """Serial numbers that all lie before the period, and in it if days count from 1904."""
    if texts is None:
        return False
    found = [text for text in texts.distinct if SERIAL.match(text)]
    if not found:
        return False
    serials = coded(np.array(found, dtype=object))
    first = np.datetime64(start.replace(year=start.year - _BEFORE_PERIOD_YEARS, day=1))

    def share_inside(reading: DateReading) -> float:
        days = to_dates(serials, codebook, latest_year=cut.year, reading=reading).days
        return float(((days >= first) & (days <= np.datetime64(cut))).mean())

    later = share_inside(DateReading(counts_from_1904=True))
    return later >= _MOSTLY and share_inside(USUAL_DATES) <= 1 - _MOSTLY


def _is_utc(counts: Mapping[str, int]) -> bool:
    """Whether all times are those of a Swedish midnight: 22 or 23 o'clock the day before."""
    times = [(match, n) for text, n in counts.items() if (match := TIME.search(text))]
    late = _sum(n for match, n in times if match[1] in _UTC_HOURS and match[2] == "00")
    return bool(late) and late >= _MOSTLY * _sum(n for _, n in times)


def _sum(numbers: Iterable[int]) -> int:
    return sum(numbers)
