"""Text cells → dates and numbers. Every distinct text is read once, whatever the row count.

A text that cannot be read is marked, never guessed: a day-first date with month 13 is
impossible, not American.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import pandas as pd

from evalkit.intake.codebook import Codebook, value_key

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
T = TypeVar("T")

# Day 0 of Excel's calendar, which believes 1900 was a leap year: right from 1 March 1900.
_EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
_SERIALS = range(10_000, 73_051)  # 1927-05-18 to 2099-12-31; shorter numbers are years
_YEARS = range(1900, 2100)

_TIME = re.compile(
    r"[T ]\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE
)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_SHORT_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{2})$")
_SHORT_ISO = re.compile(r"(\d{2})-(\d{2})-(\d{2})$")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\- ]+(\d{4}|\d{2})$")
_DAY_NAMED_MONTH = re.compile(r"(\d{1,2})\.?[ \-]([a-zåäö]+)\.?,?[ \-](\d{4})$")
_SERIAL = re.compile(r"\d{5}([.,]\d+)?$")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
_UNIT = re.compile(r"(kr|sek|%|procent|tim|timmar|dagar|st)\.?$")
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


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A column of numbers: ``values`` with NaN where there is none, ``states`` say why."""

    values: np.ndarray
    states: np.ndarray

    def is_state(self, *states: NumberState) -> np.ndarray:
        return np.isin(self.states, states)


def per_row(texts: np.ndarray, read: Callable[[str], T], dtype: type) -> np.ndarray:
    """``read`` applied once per distinct text, the results spread over the rows."""
    codes, results = by_distinct(texts, read)
    spread: np.ndarray = np.array(results, dtype=dtype)[codes]
    return spread


def by_distinct(texts: np.ndarray, read: Callable[[str], T]) -> tuple[np.ndarray, list[T]]:
    """``read`` applied once per distinct text: codes per row, and what each code means."""
    codes, distinct = pd.factorize(texts)
    return codes, [read(text) for text in distinct]


def to_dates(texts: np.ndarray, codebook: Codebook, *, latest_year: int) -> Dates:
    """Dates of a text column.

    Args:
        texts: Object array of strings.
        codebook: Words for missing and ongoing dates, and month names.
        latest_year: A two-digit year is read as the latest century not after this year.
    """
    codes, read = by_distinct(texts, lambda text: parse_date(text, codebook, latest_year))
    days = np.array(
        [np.datetime64(value if isinstance(value, dt.date) else "NaT", "D") for value in read],
        dtype="datetime64[D]",
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


def parse_date(text: str, codebook: Codebook, latest_year: int) -> dt.date | DateState:
    """A date in any of the ways Swedish registers write one, or why it is none.

    ISO, ``D/M/YYYY``, ``YYMMDD``, ``YY-MM-DD``, ``YYYYMMDD``, ``5 februari 2018`` and Excel
    serial numbers; a time of day is dropped.

    >>> from evalkit.intake.codebook import built_in
    >>> parse_date("43132", built_in(), 2030)
    datetime.date(2018, 2, 1)
    >>> parse_date("30/2/2018", built_in(), 2030)
    'impossible'
    """
    key = value_key(text)
    if not key:
        return "missing"
    if key in codebook.symbols:
        return "not_available" if codebook.symbols[key] == "not_available" else "missing"
    if key in codebook.ongoing:
        return "ongoing"
    parts = _date_parts(_TIME.sub("", key), codebook, latest_year)
    if isinstance(parts, dt.date):
        return parts
    if parts is None:
        return "impossible"
    if parts[0] in codebook.ongoing_years:
        return "ongoing"
    try:
        return dt.date(*parts) if parts[0] in _YEARS else "impossible"
    except ValueError:
        return "impossible"


def _date_parts(
    text: str, codebook: Codebook, latest_year: int
) -> tuple[int, int, int] | dt.date | None:
    """Year, month and day as written; the date itself for an Excel serial number."""
    if match := _ISO.match(text):
        return int(match[1]), int(match[3]), int(match[4])
    if match := _COMPACT.match(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _SHORT_COMPACT.match(text) or _SHORT_ISO.match(text):
        return _full_year(match[1], latest_year), int(match[2]), int(match[3])
    if match := _DAY_FIRST.match(text):
        return _full_year(match[3], latest_year), int(match[2]), int(match[1])
    if match := _DAY_NAMED_MONTH.match(text):
        return int(match[3]), codebook.months.get(match[2], 0), int(match[1])
    if _SERIAL.match(text) and (serial := int(text[:5])) in _SERIALS:
        return _EXCEL_DAY_ZERO + dt.timedelta(days=serial)
    return None


def _full_year(digits: str, latest_year: int) -> int:
    """``18`` → 2018: the latest such year not after ``latest_year``."""
    year = int(digits)
    return year if len(digits) == 4 else latest_year - (latest_year - year) % 100


def to_numbers(texts: np.ndarray, codebook: Codebook) -> Numbers:
    """Numbers of a text column with Swedish or English marks."""
    codes, read = by_distinct(texts, lambda text: parse_number(text, codebook))
    values = np.array([value for value, _ in read], dtype=float)
    states = np.array([state for _, state in read], dtype=object)
    return Numbers(values[codes], states[codes])


def parse_number(text: str, codebook: Codebook) -> tuple[float, NumberState]:
    r"""A number, or what stands in its place.

    Spaces of any kind separate thousands; a comma is the decimal mark unless a full stop
    follows it; the minus sign may be typographic. ``–`` ``..`` ``.`` keep their meanings.

    >>> from evalkit.intake.codebook import built_in
    >>> parse_number("\u22121\u00a0234,5", built_in())
    (-1234.5, 'number')
    >>> parse_number("<5", built_in())[1]
    'suppressed'
    """
    key = value_key(text)
    if not key:
        return _NOT_A_NUMBER, "missing"
    if key in codebook.symbols:
        return _NOT_A_NUMBER, _SYMBOL_STATES[codebook.symbols[key]]
    if _SUPPRESSED.match(key):
        return _NOT_A_NUMBER, "suppressed"
    plain = _plain_number(_UNIT.sub("", key))
    if _PLAIN_NUMBER.match(plain):
        return float(plain), "number"
    return _NOT_A_NUMBER, "not_a_number"


def _plain_number(text: str) -> str:
    """Python's way of writing the number: no thousands separators, a decimal point."""
    compact = "".join(text.split()).translate(_MINUS)
    if "," in compact and "." in compact:
        decimal = max(",", ".", key=compact.rfind)
        compact = compact.replace("." if decimal == "," else ",", "")
    elif compact.count(".") > 1:
        compact = compact.replace(".", "")
    elif compact.count(",") > 1:
        compact = compact.replace(",", "")
    return compact.replace(",", ".")


def is_error(texts: np.ndarray) -> np.ndarray:
    """Cells that hold a spreadsheet error (#N/A, #VÄRDE!), not an empty cell."""
    return per_row(texts, lambda text: text.startswith("#"), bool)
