"""Numbers and dates as Swedish and English readers write them.

The one place that rounds, and it rounds half up: 12.5 % is printed 13 %, never 12 %.
Neither the process-wide locale nor a library that rounds half to even is involved.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from evalkit.language import Language, Texts
from evalkit.present.blocks import IN_HUNDREDTHS, NumberKind
from evalkit.results import Unit

MINUS = "\u2212"
KIND_OF_UNIT: dict[Unit, NumberKind] = {
    "share": "percent",
    "share_difference": "percentage_points",
    "days": "days",
    "persons": "count",
    "ratio": "number",
    "sek": "sek",
    "rate": "number",
}
DECIMALS: dict[NumberKind, int] = {
    "text": 0,
    "count": 0,
    "percent": 1,
    "percentage_points": 1,
    "days": 0,
    "number": 2,
    "sek": 0,
    "p_value": 3,
}
_UNIT_TEXT: dict[NumberKind, str] = {
    "percent": "number.percent",
    "percentage_points": "number.percentage_points",
    "days": "number.days.other",
    "sek": "number.sek",
}

_P_VALUE_DECIMALS = 2
_TOLD_DIGITS = 3
_SMALL_P_VALUE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Numbers:
    r"""Number formats of one language.

    Infinity is printed "ej uppnådd" / "not reached"; whether that is the right thing to
    say is for the caller to decide.

    >>> Numbers("sv").percent(0.125, decimals=0)
    '13\xa0%'
    >>> Numbers("en").sek(4_330_224)
    'SEK\xa04,330,224'
    """

    language: Language

    @property
    def _texts(self) -> Texts:
        return Texts(self.language)

    def count(self, n: float) -> str:
        """A whole number: ``4 330 224``."""
        return self.number(n, decimals=0)

    def number(self, value: float, *, decimals: int = 2) -> str:
        """A bare number with a fixed number of decimals."""
        if math.isinf(value):
            return self._texts["number.not_reached"]
        return self._written(_rounded(value, decimals))

    def percent(self, share: float, *, decimals: int = 1) -> str:
        """A share as a percentage: ``47,7 %``."""
        return self.format(share, "percent", decimals=decimals)

    def percent_short(self, share: float) -> str:
        """A share with no more decimals than it needs, at most three: a goal, a level."""
        exact = _hundredfold(share)
        decimals = next((d for d in range(3) if _quantized(exact, d) == exact), 3)
        return self.percent(share, decimals=decimals)

    def points(self, difference: float, *, decimals: int = 1) -> str:
        """A difference of shares in percentage points: ``14,9 procentenheter``."""
        return self.format(difference, "percentage_points", decimals=decimals)

    def days(self, value: float) -> str:
        """A number of days: ``286 dagar``."""
        return self.format(value, "days")

    def sek(self, amount: float) -> str:
        """An amount of Swedish kronor: ``4 330 224 kr``."""
        return self.format(amount, "sek")

    def told(self, value: float, kind: NumberKind) -> float:
        """A value as a sentence has it: kronor that were computed keep three digits."""
        if kind != "sek" or not math.isfinite(value) or not value:
            return value
        return float(f"{value:.{_TOLD_DIGITS - 1}e}")

    def format(self, value: float, kind: NumberKind, *, decimals: int | None = None) -> str:
        """A number with its unit, in the way of its kind."""
        if math.isinf(value):
            return self._infinite(kind)
        if kind == "p_value":
            return self.p_value(value)
        written = self.bare(value, kind, decimals=decimals)
        if kind == "days" and written == "1":
            return self._texts["number.days.one"]
        return self._with_unit(written, kind)

    def bare(self, value: float, kind: NumberKind, *, decimals: int | None = None) -> str:
        """A number in the scale of its kind but without unit, for axes and dense tables."""
        if math.isinf(value):
            return self._infinite(kind)
        places = DECIMALS[kind] if decimals is None else decimals
        return self._written(printed_value(value, kind, decimals=places))

    def interval(
        self, low: float, high: float, kind: NumberKind = "percent", *, decimals: int | None = None
    ) -> str:
        """A range with its unit once: ``55,1–66,7 %``, ``från −4,0 till 32,8 procentenheter``.

        An upper limit of infinity gives "minst 190 dagar"; both limits infinite give
        "ej uppnådd".
        """
        if math.isinf(low):
            return self._texts["number.not_reached"]
        if math.isinf(high):
            limit = self.format(low, kind, decimals=decimals)
            return self._texts.format("number.interval.open", low=limit)
        ends = [self.bare(end, kind, decimals=decimals) for end in (low, high)]
        has_minus = any(end.startswith(MINUS) for end in ends)
        key = "number.interval.signed" if has_minus else "number.interval.plain"
        return self._with_unit(self._texts.format(key, low=ends[0], high=ends[1]), kind)

    def p_value(self, p: float) -> str:
        """``p = 0,39``; three decimals below 0.1; ``p < 0,001`` below that."""
        exact = _decimal(p)
        if exact < Decimal("0.001"):
            return self._texts.format("number.p.below", value=self._written(Decimal("0.001")))
        if exact >= Decimal("0.995"):
            return self._texts.format("number.p.above", value=self._written(Decimal("0.99")))
        # 0.0997 is 0,10 and not 0,100: what counts is the number as it would be printed.
        finer = _quantized(exact, _P_VALUE_DECIMALS + 1)
        decimals = _P_VALUE_DECIMALS + (finer < _SMALL_P_VALUE)
        value = self._written(_quantized(exact, decimals))
        return self._texts.format("number.p.equal", value=value)

    def p_value_short(self, p: float) -> str:
        """A p-value that is known to two decimals: ``p = 0,03``; ``p < 0,01``."""
        if _quantized(_decimal(p), _P_VALUE_DECIMALS) == 0:
            return self._texts.format("number.p.below", value=self._written(Decimal("0.01")))
        if p >= 1 - 0.1**_P_VALUE_DECIMALS / 2:
            return self._texts.format("number.p.above", value=self._written(Decimal("0.99")))
        value = self._written(_quantized(_decimal(p), _P_VALUE_DECIMALS))
        return self._texts.format("number.p.equal", value=value)

    def date(self, day: dt.date) -> str:
        """``5 februari 2018``, ``5 February 2018``."""
        month = self._texts[f"number.month.{day.month}"]
        return self._texts.format(
            "number.date", day=str(day.day), month=month, year=f"{day.year:04}"
        )

    def period(self, period: str) -> str:
        """``2017-01`` as ``januari 2017``; a year stays a year."""
        year, _, month = period.partition("-")
        if not month:
            return year
        name = self._texts[f"number.month.{int(month)}"]
        return self._texts.format("number.month_year", month=name, year=year)

    def period_short(self, period: str) -> str:
        """``2017-01`` as ``jan 2017``, for axes; a year stays a year."""
        year, _, month = period.partition("-")
        if not month:
            return year
        name = self._texts[f"number.month.{int(month)}"][:3]
        return self._texts.format("number.month_year", month=name, year=year)

    def _infinite(self, kind: NumberKind) -> str:
        """A time is not reached; money without end has no limit."""
        return self._texts["number.no_limit" if kind == "sek" else "number.not_reached"]

    def _with_unit(self, written: str, kind: NumberKind) -> str:
        key = _UNIT_TEXT.get(kind)
        return written if key is None else self._texts.format(key, value=written)

    def _written(self, value: Decimal) -> str:
        grouped = f"{abs(value):,f}"
        whole, _, fraction = grouped.partition(".")
        whole = whole.replace(",", self._texts["number.thousands_separator"])
        mark = self._texts["number.decimal_mark"]
        digits = f"{whole}{mark}{fraction}" if fraction else whole
        return MINUS + digits if value < 0 else digits


def whole_percent(numbers: Numbers, *shares: float) -> tuple[str, ...]:
    """The shares of one sentence as a reader keeps them: whole per cent, and all with a decimal
    where one of them lies at half a per cent.
    """
    decimals = decimals_of(*shares)
    return tuple(numbers.percent(share, decimals=decimals) for share in shares)


def decimals_of(*shares: float) -> int:
    near_half = 0.05
    return int(any(abs(abs(share) * 100 % 1 - 0.5) < near_half for share in shares))


def printed_value(value: float, kind: NumberKind, *, decimals: int) -> Decimal:
    """The number as it is printed, in the scale it is printed in: 12.5 for a share of 0.125.

    For formats that hold numbers and not texts; finite numbers only.
    """
    scaled = _hundredfold(value) if kind in IN_HUNDREDTHS else _decimal(value)
    return _quantized(scaled, decimals)


def _decimal(value: float) -> Decimal:
    """The number as its shortest decimal, so that 0.575 is 57.5 % and rounds up."""
    return Decimal(repr(float(value)))


def _hundredfold(share: float) -> Decimal:
    return _decimal(share) * 100


def _quantized(value: Decimal, decimals: int) -> Decimal:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)  # there is no minus zero on paper


def _rounded(value: float, decimals: int) -> Decimal:
    return _quantized(_decimal(value), decimals)
