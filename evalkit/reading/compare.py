"""A claim beside a register's own figure: whether it holds.

Knows neither answers nor projects: whoever calls it brings the released figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from evalkit.reading.lexicon import word_set
from evalkit.reading.reader import ReadClaim

Holds = Literal["holds", "partly", "not", "untestable"]
_UNITS = {
    "percent": "percent", "persons": "persons", "days": "days", "weeks": "weeks",
    "months": "months", "years": "years", "SEK": "sek", "percentage_points": "percentage_points",
}  # fmt: skip
_FROM_ABOVE = word_set("över drygt minst åtminstone dryga mer fler over least more")
_FROM_BELOW = word_set("knappt nästan närmare nära uppemot under nearly almost close up")
_ROUND = 2.5  # percentage points: half the step between fractions that people say
_ABOUT = 0.05  # of a hedged count, time or amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A released figure. ``value`` in the claim's unit: 61.0 for 61 per cent.

    ``low`` and ``high`` are the limits of its interval, where it has one.
    """

    value: float
    unit: str
    n: int | None = None
    k: int | None = None
    low: float | None = None
    high: float | None = None


def compare_with_figure(claim: ReadClaim, figure: Figure | None) -> Holds:
    """``holds`` as printed, ``partly`` within the figure's interval, else ``not``.

    A hedge counts as it is meant: "over half" holds at 53 per cent and not at 48. Without a
    figure, or with one in another unit, nothing can be tested.
    """
    if figure is None or _UNITS.get(claim.unit) != figure.unit or len(claim.numbers) != 1:
        return "untestable"
    told = claim.numbers[0]
    if _as_printed(told, claim, figure) or _as_hedged(told, claim, figure):
        return "holds"
    low, high = figure.low, figure.high
    if low is not None and high is not None and low <= told <= high:
        return "partly"
    close = abs(told - figure.value) <= _slack(claim, figure)
    return "partly" if close and claim.hedge else "not"


def _as_printed(told: float, claim: ReadClaim, figure: Figure) -> bool:
    """Whether the figure rounds, half up, to what is printed."""
    if claim.decimals is None:
        return abs(told - figure.value) <= _ROUND
    step = Decimal(1).scaleb(-claim.decimals)
    rounded = Decimal(repr(figure.value)).quantize(step, rounding=ROUND_HALF_UP)
    return rounded == Decimal(repr(told)).quantize(step, rounding=ROUND_HALF_UP)


def _as_hedged(told: float, claim: ReadClaim, figure: Figure) -> bool:
    words = set((claim.hedge or "").split())
    if not words:
        return False
    slack = _slack(claim, figure)
    if words & _FROM_ABOVE:
        return told <= figure.value <= told + 2 * slack
    if words & _FROM_BELOW:
        return told - slack <= figure.value <= told
    return abs(told - figure.value) <= slack


def _slack(claim: ReadClaim, figure: Figure) -> float:
    return _ROUND if claim.unit == "percent" else _ABOUT * abs(figure.value)
