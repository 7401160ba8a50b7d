"""An area's series beside its reference and its comparison areas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.blocks import NumberKind
from evalkit.present.charts.alternatives import series_alternative
from evalkit.present.charts.axes import nice_ticks, number_ticks
from evalkit.present.charts.canvas import (
    COLOURS,
    INK,
    LINE_MM,
    LINE_STYLES,
    MM_PER_INCH,
    QUIET_INK,
    SMALL_POINTS,
    is_narrow,
    picture,
    quiet,
    wrapped,
)
from evalkit.present.charts.direct_labels import EndLabel, draw_end_labels, key_lines
from evalkit.present.labels import Words
from evalkit.present.tables import series_table
from evalkit.present.tables.series import series_notes
from evalkit.results import AreaSeries, Released

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_MM, NARROW_PANEL_MM = 85.0, 58.0
FRAME_MM = 16.0
MOST_TICKS, NARROW_TICKS = 8, 5
ZERO_BELOW = 0.6
MONTHS_A_YEAR = 12
YEAR_LENGTH = 4
COLOURED_COMPARISONS = 3
BACKGROUND = "#767676"  # 4.5:1 on white: many areas are one background, told by labels
PERIOD_FILL = "#EEF0F3"
Points = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class _Style:
    colour: str
    width: float
    line: Any


def series_figure(
    released: Released[AreaSeries],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    area: str,
    reference: str,
    unit: str,
    comparison: Sequence[str] = (),
    goal: float | None = None,
    period: tuple[str, str] | None = None,
    kind: NumberKind = "number",
    decimals: int = 1,
    source: str = "",
) -> FigureBlock:
    """The area, its reference and comparison areas, labelled at the end of their lines.

    Args:
        released: The series.
        words: The language.
        figure_id: Identifier within the report.
        caption: What the figure shows.
        area: The area of the programme, drawn strongest.
        reference: What it is read against, such as the country.
        unit: What the values are, printed at the axis.
        comparison: Further areas.
        goal: A goal in the unit of the series.
        period: First and last period of the programme, shaded.
        kind: How values are written.
        decimals: Decimals of the values.
        source: Source line; the series' own when left out.
    """
    series = released.result
    printed = {one: words.labels.level("area", one) for one in (area, reference, *comparison)}
    values = {printed[one]: points for one, points in _values(series, list(printed)).items()}
    styles = _styles(printed[area], printed[reference], [printed[one] for one in comparison])
    alternative = series_alternative(
        values,
        words,
        kind=kind,
        decimals=decimals,
        unit=unit,
        is_synthetic=series.is_synthetic,
    )

    def draw(sheet: Figure) -> None:
        axes = sheet.add_subplot()
        periods = _axes(axes, values, words, goal=goal, kind=kind, unit=unit)
        _shade(axes, periods, period, words)
        _lines(axes, values, styles, periods, words, kind=kind, decimals=decimals, unit=unit)
        _marks(axes, words, goal=goal, kind=kind, is_synthetic=series.is_synthetic)

    drawn = picture(
        draw,
        height_mm=PANEL_MM + FRAME_MM,
        narrow_mm=NARROW_PANEL_MM + FRAME_MM + LINE_MM * key_lines(list(values), unit),
        figure_id=figure_id,
        title=caption,
        description=alternative,
    )
    return FigureBlock(
        id=figure_id,
        caption=caption,
        alt=alternative,
        svg=drawn.svg,
        narrow=drawn.narrow,
        data=series_table(
            released,
            words,
            table_id=f"{figure_id}-data",
            caption=caption,
            kind=kind,
            decimals=decimals,
            source=source,
        ),
        notes=(*_gaps(values, words), *series_notes(released, words)),
        source=source or series.source,
    )


def _values(series: AreaSeries, areas: Sequence[str]) -> dict[str, Points]:
    observations = series.observations.dropna(subset=["value"])
    return {
        area: sorted(
            (str(period), float(value))
            for period, value in observations.loc[
                observations["area"] == area, ["period", "value"]
            ].itertuples(index=False)
        )
        for area in dict.fromkeys(areas)
    }


def _styles(area: str, reference: str, comparison: Sequence[str]) -> dict[str, _Style]:
    is_crowd = len(comparison) > COLOURED_COMPARISONS
    others = {
        name: _Style(BACKGROUND if is_crowd else COLOURS[2 + i], 1.3, LINE_STYLES[2 + i % 4])
        for i, name in enumerate(comparison)
    }
    return {
        **others,
        reference: _Style(INK, 2.0, LINE_STYLES[1]),
        area: _Style(COLOURS[0], 2.8, "solid"),
    }


def _axes(
    axes: Axes,
    values: dict[str, Points],
    words: Words,
    *,
    goal: float | None,
    kind: NumberKind,
    unit: str,
) -> list[str]:
    """Sets both axes; returns the periods in order, which are the positions along x."""
    quiet(axes)
    periods = _every_period({period for points in values.values() for period, _ in points})
    numbers = [value for points in values.values() for _, value in points]
    numbers += [] if goal is None else [goal]
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    ticks = nice_ticks(0.0 if 0 <= low <= ZERO_BELOW * high else low, high)
    axes.set_ylim(ticks[0], ticks[-1])
    axes.set_yticks(ticks, number_ticks(ticks, kind, words))
    if not is_narrow(axes):
        axes.set_ylabel(wrapped(unit[:1].upper() + unit[1:], characters=48))
    axes.set_xlim(0, max(len(periods) - 1, 1))
    shown = _shown(periods, NARROW_TICKS if is_narrow(axes) else MOST_TICKS)
    axes.set_xticks(shown, [periods[i] for i in shown])
    return periods


def _every_period(present: set[str]) -> list[str]:
    """Every year or month from the first to the last: one that nobody has takes its room too."""
    ordered = sorted(present)
    if len({len(period) for period in ordered}) != 1:
        return ordered
    frequency = "Y" if len(ordered[0]) == YEAR_LENGTH else "M"
    return list(pd.period_range(ordered[0], ordered[-1], freq=frequency).astype(str))


def _shown(periods: Sequence[str], most: int) -> list[int]:
    """Positions with a tick: Januaries where there are several years of months."""
    januaries = [i for i, period in enumerate(periods) if period.endswith("-01")]
    if len(periods) <= most:
        return list(range(len(periods)))
    if len(januaries) > 1 and len(periods) > 2 * MONTHS_A_YEAR:
        return januaries[:: math.ceil(len(januaries) / most)]
    return list(range(0, len(periods), math.ceil(len(periods) / most)))


def _shade(
    axes: Axes, periods: Sequence[str], period: tuple[str, str] | None, words: Words
) -> None:
    if period is None:
        return
    within = [i for i, name in enumerate(periods) if period[0] <= name <= period[1]]
    if not within:
        return
    axes.axvspan(within[0], within[-1], color=PERIOD_FILL, linewidth=0, zorder=0)
    axes.text(
        within[0],
        0.02,
        f" {words.texts['chart.period']}",
        transform=axes.get_xaxis_transform(),
        fontsize=SMALL_POINTS,
        color=QUIET_INK,
        va="bottom",
    )


def _lines(
    axes: Axes,
    values: dict[str, Points],
    styles: dict[str, _Style],
    periods: Sequence[str],
    words: Words,
    *,
    kind: NumberKind,
    decimals: int,
    unit: str,
) -> None:
    place = {period: i for i, period in enumerate(periods)}
    labels = []
    for name, style in styles.items():
        points = values[name]
        if not points:
            continue
        x, y = [place[period] for period, _ in points], [value for _, value in points]
        for first, end in _unbroken(x):
            axes.plot(
                x[first:end],
                y[first:end],
                color=style.colour,
                linewidth=style.width,
                linestyle=style.line,
                marker="." if end - first == 1 else None,  # alone between two gaps
                clip_on=False,
            )
        last = words.numbers.format(y[-1], kind, decimals=decimals)
        told = f"{name} {last}"
        end_at = (float(x[-1]), y[-1])
        labels.append(EndLabel(told, *end_at, style.colour, style.line, style.width))
    heading = unit[:1].upper() + unit[1:]
    draw_end_labels(axes, labels, height_inches=PANEL_MM / MM_PER_INCH, heading=heading)


def _unbroken(places: Sequence[int]) -> list[tuple[int, int]]:
    """Where each stretch without a gap begins and ends: no line is drawn over what is missing.

    >>> _unbroken([0, 1, 3, 5, 6])
    [(0, 2), (2, 3), (3, 5)]
    """
    starts = [i for i, place in enumerate(places) if i == 0 or place != places[i - 1] + 1]
    return list(zip(starts, [*starts[1:], len(places)], strict=True))


def _gaps(values: dict[str, Points], words: Words) -> tuple[str, ...]:
    """Which areas lack values between their first and last, and the first period each lacks."""
    periods = _every_period({period for points in values.values() for period, _ in points})
    lacking = []
    for area, points in values.items():
        has = {period for period, _ in points}
        within = [p for p in periods if has and min(has) < p < max(has) and p not in has]
        if within:
            key = "chart.gap" if len(within) == 1 else "chart.gap.more"
            first = words.numbers.period(within[0])
            count = {} if len(within) == 1 else {"count": words.numbers.count(len(within) - 1)}
            lacking.append(words.texts.format(key, area=area, period=first, **count))
    return (words.texts.format("chart.gaps", gaps=words.labels.all_of(lacking)),) if lacking else ()


def _marks(
    axes: Axes, words: Words, *, goal: float | None, kind: NumberKind, is_synthetic: bool
) -> None:
    if goal is not None:
        axes.axhline(goal, color=COLOURS[1], linewidth=1.3, linestyle=(0, (4, 2)), zorder=1)
        written = number_ticks([goal], kind, words)[0]
        axes.annotate(
            words.texts.format("chart.goal", goal=written),
            xy=(0, goal),
            xycoords=axes.get_yaxis_transform(),
            xytext=(4, 3),
            textcoords="offset points",
            fontsize=SMALL_POINTS,
            color=COLOURS[1],
        )
    if is_synthetic:
        axes.text(
            0.99,
            0.98,
            words.texts["chart.synthetic"],
            transform=axes.transAxes,
            ha="right",
            va="top",
            fontsize=SMALL_POINTS,
            fontstyle="italic",
            color=QUIET_INK,
        )
