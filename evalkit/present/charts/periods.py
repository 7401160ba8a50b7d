"""Years and months along an axis: which there are, which have a tick, where a line breaks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

MONTHS_A_YEAR = 12
YEAR_LENGTH = 4


def every_period(present: set[str]) -> list[str]:
    """Every year or month from the first to the last: one that nobody has takes its room too."""
    ordered = sorted(present)
    if len({len(period) for period in ordered}) != 1:
        return ordered
    frequency = "Y" if len(ordered[0]) == YEAR_LENGTH else "M"
    return list(pd.period_range(ordered[0], ordered[-1], freq=frequency).astype(str))


def unbroken(places: Sequence[int]) -> list[tuple[int, int]]:
    """Where each stretch without a gap begins and ends: no line is drawn over what is missing.

    >>> unbroken([0, 1, 3, 5, 6])
    [(0, 2), (2, 3), (3, 5)]
    """
    starts = [i for i, place in enumerate(places) if i == 0 or place != places[i - 1] + 1]
    return list(zip(starts, [*starts[1:], len(places)], strict=True))


def places_of_ticks(periods: Sequence[str], most: int) -> list[int]:
    """Positions with a tick: Januaries where there are several years of months."""
    januaries = [i for i, period in enumerate(periods) if period.endswith("-01")]
    if len(periods) <= most:
        return list(range(len(periods)))
    if len(januaries) > 1 and len(periods) > 2 * MONTHS_A_YEAR:
        return januaries[:: math.ceil(len(januaries) / most)]
    return list(range(0, len(periods), math.ceil(len(periods) / most)))
