"""Axes that read as the language writes: months, shares, decimal marks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from evalkit.present.blocks import NumberKind
from evalkit.present.charts.canvas import is_narrow
from evalkit.present.curve_lines import DAYS_PER_MONTH
from evalkit.present.labels import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes


import pandas as pd

MONTH_STEPS = (1, 3, 6, 12)
MOST_TICKS, MOST_NARROW_TICKS = 9, 7
SHARE_STEPS = (0.05, 0.1, 0.2)
MOST_SHARE_TICKS = 6


def month_axis(axes: Axes, longest_days: float, words: Words, *, with_label: bool) -> list[int]:
    """Ticks at whole months of 30 days; returns their days."""
    months = longest_days / DAYS_PER_MONTH
    most = MOST_NARROW_TICKS if is_narrow(axes) else MOST_TICKS
    step = next((s for s in MONTH_STEPS if months / s <= most), MONTH_STEPS[-1])
    ticks = [month * DAYS_PER_MONTH for month in range(0, int(months) + 1, step)]
    axes.set_xlim(0, longest_days)
    labels = [words.numbers.count(day // DAYS_PER_MONTH) for day in ticks] if with_label else []
    axes.set_xticks(ticks)
    axes.tick_params(labelbottom=with_label)
    if with_label:
        axes.set_xticklabels(labels)
        axes.set_xlabel(words.say("chart.months"))
    return ticks


def share_axis(axes: Axes, top: float, words: Words) -> None:
    """Shares from zero up, written as whole percentages."""
    step = next((s for s in SHARE_STEPS if top / s <= MOST_SHARE_TICKS), SHARE_STEPS[-1])
    ticks = [round(i * step, 4) for i in range(int(round(top / step, 6)) + 1)]
    axes.set_ylim(0, top)
    axes.set_yticks(ticks, [words.numbers.percent(tick, decimals=0) for tick in ticks])


def nice_ticks(low: float, high: float) -> list[float]:
    """At most seven round steps that cover a range.

    >>> nice_ticks(-0.04, 0.328)
    [-0.1, 0.0, 0.1, 0.2, 0.3, 0.4]
    """
    span = (high - low) or 1.0
    power = math.floor(math.log10(span / MOST_SHARE_TICKS))
    step = next(
        base * 10.0**power
        for base in (1, 2, 5, 10)
        if span / (base * 10.0**power) <= MOST_SHARE_TICKS
    )
    first, last = math.floor(round(low / step, 6)), math.ceil(round(high / step, 6))
    return [round(i * step, 10) for i in range(first, max(last, first + 1) + 1)]


def axis_name(unit: str, ticks: Sequence[float], words: Words) -> str:
    """What the values are, and where the axis starts when that is not at zero."""
    name = unit[:1].upper() + unit[1:]
    if ticks[0] <= 0 <= ticks[-1]:
        return name
    first = number_ticks(ticks, "number", words)[0]
    return words.say("chart.starts_at", name=name, first=first)


def number_ticks(
    ticks: Sequence[float], kind: NumberKind, words: Words, *, with_unit: bool = True
) -> list[str]:
    """Tick labels with as many decimals as the ticks need, the same for all."""
    scale = 100 if kind in ("percent", "percentage_points") else 1
    decimals = next(
        (d for d in range(3) if all(abs(t * scale - round(t * scale, d)) < 1e-9 for t in ticks)), 3
    )
    write = words.numbers.format if with_unit else words.numbers.bare
    return [write(float(tick), kind, decimals=decimals) for tick in ticks]


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
