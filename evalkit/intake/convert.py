"""Text cells → dates and numbers. Every distinct text is read once, whatever the row count.

How a column is read – order of day and month, epoch, decimal mark – is decided by the whole
column (`date_columns`, `number_columns`). A text that cannot be read so is marked, never
guessed: a day-first date with month 13 is impossible.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeVar

import numpy as np

from evalkit.intake.codebook import Codebook, value_key
from evalkit.intake.grid import Column

DateState = Literal["missing", "not_available", "ongoing", "impossible"]
NumberState = Literal[
    "number",
    "missing",
    "nothing",
    "not_available",
    "not_applicable",
    "suppressed",
    "not_a_number",
]
Order = Literal["day_first", "month_first"]
ShortOrder = Literal["year_first", "day_first", "month_first"]
Mark = Literal["either", "comma", "full_stop"]
T = TypeVar("T")

# Day 0 of Excel's calendar, which believes 1900 was a leap year: right from 1 March 1900.
_EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
_SERIALS = range(10_000, 73_051)  # 1927-05-18 to 2099-12-31; shorter numbers are years
_YEARS = range(1900, 2100)
# Where year, month and day stand among three numbers of two digits.
SHORT_PLACES: dict[ShortOrder, tuple[int, int, int]] = {
    "year_first": (1, 2, 3), "day_first": (3, 2, 1), "month_first": (3, 1, 2),
}  # fmt: skip

_DAYS_TO_1904 = 1462

TIME = re.compile(
    r"[T ](\d{1,2})[:.](\d{2})([:.]\d{2}([.,]\d+)?)?( ?[ap]m)?( ?Z| ?[+-]\d{2}:?\d{2}| utc)?$",
    re.IGNORECASE,
)
ISO = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(?:[01]\d|2[0-3])[0-5]\d[0-5]\d)?$")
SHORT_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{2})$")
SHORT_ISO = re.compile(r"(\d{2})-(\d{2})-(\d{2})$")
SLASHED = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\- ]+(\d{4}|\d{2})$")
_DAY_NAMED_MONTH = re.compile(r"(\d{1,2})\.?[ \-]?([a-zåäö]+)\.?,?[ \-]*(\d{4}|\d{2})$")
_NAMED_MONTH_DAY = re.compile(r"([a-z]+)\.? (\d{1,2}),? (\d{4})$")
_DAY_OF_WEEK = (r"(?:(?:mån|ti|tis|on|ons|to|tors|fr|fre|lö|lör|sö|sön)(?:dag)?|"
                r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)")  # fmt: skip
_BESIDE_DATE = re.compile(
    rf"^(?:{_DAY_OF_WEEK}[.,]* )?(?:den )?(?=\d|[a-z]+ \d)|,? \(?{_DAY_OF_WEEK}\)?$"
)
SERIAL = re.compile(r"\d{5}([.,]\d+)?$")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
_UNIT = re.compile(
    r"^(sek\b|kr\b|€)|((kr|kronor|sek|€|%|procent|tim|timmar|dagar|år|st)\.?|[:,]-)$"
)
# Thousands and millions of kronor, said in the cell.
_SCALE = re.compile(r"(?<=[\d\s])(?:(t|k|tusen ?)|(?:m|mn|milj|miljoner ?))(?:kr|kronor|sek)\.?$")
_ORE = re.compile(r"(?<=\d):(\d\d)$")  # 12 500:50
_APOSTROPHE = re.compile(r"(?<=\d)['’](?=\d{3})")  # of Swiss thousands
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$")
_SUPPRESSED = re.compile(r"(<|färre än|mindre än|under)\s*\d+$")
_NOT_A_NUMBER = float("nan")
_SYMBOL_STATES: dict[str, NumberState] = {
    "nothing": "nothing",
    "not_available": "not_available",
    "not_applicable": "not_applicable",
}


@dataclass(frozen=True, slots=True, eq=False)
class Dates:
    """A column of dates: ``days`` with NaT where there is none, and why there is none."""

    days: np.ndarray
    missing: np.ndarray
    not_available: np.ndarray
    ongoing: np.ndarray
    impossible: np.ndarray


@dataclass(frozen=True, slots=True)
class DateReading:
    """How the dates of a column are written.

    Attributes:
        order: Order of ``3/4/2023``. ``short_order``: order of ``23-04-03`` and ``230403``.
        counts_from_1904: Serial numbers are days since 1904-01-01.
        is_utc: Times are Swedish midnights in UTC, so that the day is the next.
    """

    order: Order = "day_first"
    short_order: ShortOrder = "year_first"
    counts_from_1904: bool = False
    is_utc: bool = False


USUAL_DATES = DateReading()


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A column of numbers: ``values`` with NaN where there is none, ``states`` say why."""

    values: np.ndarray
    states: np.ndarray

    def is_state(self, *states: NumberState) -> np.ndarray:
        return np.isin(self.states, states)


def per_row(texts: Column, read: Callable[[str], T], dtype: type) -> np.ndarray:
    """``read`` applied once per distinct text, the results spread over the rows."""
    codes, results = by_distinct(texts, read)
    spread: np.ndarray = np.array(results, dtype=dtype)[codes]
    return spread


def by_distinct(texts: Column, read: Callable[[str], T]) -> tuple[np.ndarray, list[T]]:
    """``read`` applied once per distinct text: codes per row, and what each code means."""
    return texts.codes, [*map(read, texts.distinct)]


def to_dates(
    texts: Column,
    codebook: Codebook,
    *,
    latest_year: int,
    reading: DateReading = USUAL_DATES,
) -> Dates:
    """Dates of a text column.

    Args:
        texts: The cells.
        codebook: Words for missing and ongoing dates, and month names.
        latest_year: A two-digit year is read as the latest century not after this year.
        reading: How the column writes its dates.
    """
    codes, read = by_distinct(texts, lambda text: parse_date(text, codebook, latest_year, reading))
    days = np.array(
        [value if isinstance(value, dt.date) else None for value in read], dtype="datetime64[D]"
    )

    def having(state: DateState) -> np.ndarray:
        mask: np.ndarray = np.array([value == state for value in read], dtype=bool)[codes]
        return mask

    return Dates(
        days=days[codes],
        missing=having("missing") | having("not_available"),
        not_available=having("not_available"),
        ongoing=having("ongoing"),
        impossible=having("impossible"),
    )


def date_key(text: str) -> str:
    """A date's text reduced to what is compared, without the day of the week.

    >>> date_key("Lördag den 6 juli 2024"), date_key("2024-06-04 (tis)")
    ('6 juli 2024', '2024-06-04')
    """
    key = value_key(text)
    return key if key[-1:].isdigit() and key[0].isdigit() else _BESIDE_DATE.sub("", key)


def parse_date(
    text: str, codebook: Codebook, latest_year: int, reading: DateReading = USUAL_DATES
) -> dt.date | DateState:
    """A date in any of the ways Swedish registers write one, or why it is none.

    ISO, ``D/M/YYYY``, ``YYMMDD``, ``YY-MM-DD``, ``YYYYMMDD``, ``5 februari 2018`` and Excel
    serial numbers; a time of day is dropped. What programs write where a date is empty
    (``0000-00-00``, ``1900-01-00``) is missing.

    >>> from evalkit.intake.codebook import built_in
    >>> parse_date("43132", built_in(), 2030)
    datetime.date(2018, 2, 1)
    >>> parse_date("30/2/2018", built_in(), 2030)
    'impossible'
    """
    key = date_key(text)
    word = _date_word(key, codebook)
    if word is not None:
        return word
    day = TIME.sub("", key)
    if day in codebook.blank_dates:
        return "missing"
    parts = _date_parts(day, codebook, latest_year, reading)
    if isinstance(parts, dt.date):
        return parts
    if parts is None:
        return "impossible"
    if parts[0] in codebook.ongoing_years:
        return "ongoing"
    try:
        found = dt.date(*parts) if parts[0] in _YEARS else None
    except ValueError:
        found = None
    if found is None:
        return "impossible"
    return found + dt.timedelta(days=1) if reading.is_utc and day != key else found


def _date_word(key: str, codebook: Codebook) -> DateState | None:
    """What a text means that is no date."""
    if key in codebook.ongoing:
        return "ongoing"
    if not key or key in codebook.blanks or key in codebook.blank_dates:
        return "missing"
    if key in codebook.symbols:
        return "not_available" if codebook.symbols[key] == "not_available" else "missing"
    return None


def _date_parts(
    text: str, codebook: Codebook, latest_year: int, reading: DateReading
) -> tuple[int, int, int] | dt.date | None:
    """Year, month and day as the text has them, whether or not such a day exists."""
    if match := ISO.match(text):
        return int(match[1]), int(match[3]), int(match[4])
    if match := _COMPACT.match(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := SHORT_COMPACT.match(text) or SHORT_ISO.match(text):
        return _short(match, latest_year, reading.short_order)
    if match := SLASHED.match(text):
        first, second = int(match[1]), int(match[2])
        day, month = (first, second) if reading.order == "day_first" else (second, first)
        return _full_year(match[3], latest_year), month, day
    if match := _DAY_NAMED_MONTH.match(text):
        return _full_year(match[3], latest_year), codebook.months.get(match[2], 0), int(match[1])
    if match := _NAMED_MONTH_DAY.match(text):
        return int(match[3]), codebook.months.get(match[1], 0), int(match[2])
    if SERIAL.match(text) and (serial := int(text[:5])) in _SERIALS:
        serial += _DAYS_TO_1904 if reading.counts_from_1904 else 0
        return _EXCEL_DAY_ZERO + dt.timedelta(days=serial)
    return None


def _short(match: re.Match[str], latest_year: int, order: ShortOrder) -> tuple[int, int, int]:
    """Three numbers of two digits in the order of the column."""
    year, month, day = SHORT_PLACES[order]
    return _full_year(match[year], latest_year), int(match[month]), int(match[day])


def _full_year(digits: str, latest_year: int) -> int:
    """``18`` → 2018: the latest such year not after ``latest_year``."""
    year = int(digits)
    return year if len(digits) == 4 else latest_year - (latest_year - year) % 100


def to_numbers(texts: Column, codebook: Codebook, *, mark: Mark = "either") -> Numbers:
    """Numbers of a text column with Swedish or English marks; see `parse_number`."""
    codes, read = by_distinct(texts, lambda text: parse_number(text, codebook, mark))
    values = np.array([value for value, _ in read], dtype=float)
    states = np.array([state for _, state in read], dtype=object)
    return Numbers(values[codes], states[codes])


def parse_number(text: str, codebook: Codebook, mark: Mark = "either") -> tuple[float, NumberState]:
    r"""A number, or what stands in its place.

    Spaces of any kind separate thousands; a comma is the decimal mark unless a full stop
    follows it, or the column says otherwise in ``mark``; the minus sign may be typographic.
    ``–`` ``..`` ``.`` keep their meanings. "12,5 tkr" is 12500.

    >>> from evalkit.intake.codebook import built_in
    >>> parse_number("\u22121\u00a0234,5", built_in())
    (-1234.5, 'number')
    >>> parse_number("<5", built_in())[1]
    'suppressed'
    """
    key = value_key(text)
    if not key or key in codebook.blanks:
        return _NOT_A_NUMBER, "missing"
    if key in codebook.symbols:
        return _NOT_A_NUMBER, _SYMBOL_STATES[codebook.symbols[key]]
    if _SUPPRESSED.match(key):
        return _NOT_A_NUMBER, "suppressed"
    plain = _plain_number(without_unit(key), mark)
    if _PLAIN_NUMBER.match(plain):
        return float(Decimal(plain) * scale_of(key)), "number"
    return _NOT_A_NUMBER, "not_a_number"


def scale_of(key: str) -> int:
    """What a cell says that its number counts: ones, thousands or millions of kronor."""
    found = _SCALE.search(key)
    return (1000 if found[1] else 1_000_000) if found else 1


def without_unit(key: str) -> str:
    """The digits and marks of a number, without its unit and spaces."""
    compact = _ORE.sub(r",\1", "".join(_UNIT.sub("", _SCALE.sub("", key)).split()))
    return _APOSTROPHE.sub("", compact.translate(_MINUS))


def _plain_number(compact: str, mark: Mark) -> str:
    """Python's way of writing the number: no thousands separators, a decimal point."""
    if mark == "comma":
        return compact.replace(".", "").replace(",", ".")
    if mark == "full_stop":
        return compact.replace(",", "")
    if "," in compact and "." in compact:
        decimal = max(",", ".", key=compact.rfind)
        compact = compact.replace("." if decimal == "," else ",", "")
    elif compact.count(".") > 1:
        compact = compact.replace(".", "")
    elif compact.count(",") > 1:
        compact = compact.replace(",", "")
    return compact.replace(",", ".")


def is_error(texts: Column, codebook: Codebook) -> np.ndarray:
    """Cells that hold a spreadsheet error (#N/A, #VÄRDE!), not an empty cell."""
    return per_row(texts, lambda text: value_key(text) in codebook.errors, bool)
