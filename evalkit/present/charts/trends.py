"""Charts of designs on series: lines with a break, and differences period by period."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.blocks import Table
from evalkit.present.charts.axes import nice_ticks, number_ticks
from evalkit.present.charts.canvas import (
    COLOURS,
    INK,
    LINE_STYLES,
    MM_PER_INCH,
    QUIET_INK,
    SMALL_POINTS,
    quiet,
    sheet,
    svg_of,
)
from evalkit.present.charts.direct_labels import EndLabel, draw_end_labels, wrapped
from evalkit.present.labels import Words
from evalkit.present.sentences.trends import interval, number
from evalkit.present.tables.trends import event_study_table, lines_table
from evalkit.results import EventStudy, Released, SegmentedTrend, SyntheticControl

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT_MM = 95.0
MOST_TICKS = 8
HALF = 0.5


@dataclass(frozen=True, slots=True)
class _Line:
    column: str
    name: str
    colour: str
    width: float
    style: Any
    is_dotted: bool = False


def segmented_figure(
    released: Released[SegmentedTrend],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    unit: str,
    is_synthetic: bool = False,
    source: str = "",
) -> FigureBlock:
    """Observed values, the line with its break, and the earlier line continued.

    Args:
        released: The broken line.
        words: The language.
        figure_id: Identifier within the report.
        caption: What the figure shows.
        unit: What the values are.
        is_synthetic: Whether the series is made up.
        source: Source line.
    """
    trend = released.result
    observed, fitted, unbroken = (
        words.texts[f"trend.line.{name}"] for name in ("observed", "fitted", "without_break")
    )
    lines = (
        _Line("observed", observed, QUIET_INK, 1.0, "solid", is_dotted=True),
        _Line("without_break", unbroken, COLOURS[1], 1.8, LINE_STYLES[1]),
        _Line("fitted", fitted, COLOURS[0], 2.4, "solid"),
    )
    after = trend.lines["period"] >= trend.intervention
    drawn = trend.lines.assign(without_break=trend.lines["without_break"].where(after))
    return _lines_figure(
        trend.lines, drawn, lines, words, figure_id=figure_id, caption=caption, unit=unit,
        start=trend.intervention, is_synthetic=is_synthetic, source=source,
    )  # fmt: skip


def synthetic_figure(
    released: Released[SyntheticControl],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    unit: str,
    is_synthetic: bool = False,
    source: str = "",
) -> FigureBlock:
    """The area beside the weighted mean of others.

    Args:
        released: The synthetic control.
        words: The language.
        figure_id: Identifier within the report.
        caption: What the figure shows.
        unit: What the values are.
        is_synthetic: Whether the series is made up.
        source: Source line.
    """
    control = released.result
    lines = (
        _Line("synthetic", words.texts["trend.line.synthetic"], INK, 1.8, LINE_STYLES[1]),
        _Line("observed", control.area, COLOURS[0], 2.6, "solid"),
    )
    return _lines_figure(
        control.lines, control.lines, lines, words, figure_id=figure_id, caption=caption,
        unit=unit, start=control.intervention, is_synthetic=is_synthetic, source=source,
    )  # fmt: skip


def event_study_figure(
    released: Released[EventStudy],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    unit: str,
    source: str = "",
) -> FigureBlock:
    """Differences by period with their intervals; the reference period lies at nought.

    Args:
        released: The event study.
        words: The language.
        figure_id: Identifier within the report.
        caption: What the figure shows.
        unit: What the values are.
        source: Source line.
    """
    study = released.result
    data = event_study_table(
        released, words, table_id=f"{figure_id}-data", caption=caption, source=source
    )
    sentences = [
        words.texts.format(
            "alt.trend.difference",
            period=words.numbers.period(row.group),
            value=number(row.value, words),
            interval=interval(row, words),
        )
        for row in study.differences
    ]
    alternative = " ".join([words.texts.format("alt.trend.event_study", unit=unit), *sentences])
    with sheet(height_mm=HEIGHT_MM) as figure:
        axes = figure.add_subplot()
        _differences(axes, study, words, unit)
        svg = svg_of(figure, figure_id=figure_id, title=caption, description=alternative)
    return FigureBlock(
        id=figure_id, caption=caption, alt=alternative, svg=svg, data=data, notes=data.notes,
        source=source,
    )  # fmt: skip


def _lines_figure(
    lines: pd.DataFrame,
    drawn: pd.DataFrame,
    styles: Sequence[_Line],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    unit: str,
    start: str,
    is_synthetic: bool,
    source: str,
) -> FigureBlock:
    notes = (words.texts["note.synthetic"],) if is_synthetic else ()
    by_column = {style.column: style.name for style in styles}
    names = [by_column[column] for column in lines.columns if column != "period"]
    data: Table = lines_table(
        lines, names, words, table_id=f"{figure_id}-data", caption=caption, notes=notes,
        source=source,
    )  # fmt: skip
    told = _lines_alternative(drawn, styles, words, unit=unit, start=start)
    alternative = " ".join([told, *notes])
    with sheet(height_mm=HEIGHT_MM) as figure:
        axes = figure.add_subplot()
        _draw_lines(axes, drawn, styles, words, unit=unit, start=start)
        if is_synthetic:
            _mark_synthetic(axes, words)
        svg = svg_of(figure, figure_id=figure_id, title=caption, description=alternative)
    return FigureBlock(
        id=figure_id, caption=caption, alt=alternative, svg=svg, data=data, notes=notes,
        source=source,
    )  # fmt: skip


def _lines_alternative(
    drawn: pd.DataFrame, styles: Sequence[_Line], words: Words, *, unit: str, start: str
) -> str:
    """Each line at its first and last point."""
    opening = words.texts.format("alt.trend.lines", unit=unit, start=words.numbers.period(start))
    sentences = []
    for style in styles:
        known = drawn[["period", style.column]].dropna()
        first, last = known.iloc[0], known.iloc[-1]
        sentences.append(
            words.texts.format(
                "alt.trend.line",
                name=style.name,
                first=number(float(first[style.column]), words),
                first_period=words.numbers.period(str(first["period"])),
                last=number(float(last[style.column]), words),
                last_period=words.numbers.period(str(last["period"])),
            )
        )
    return " ".join([opening, *sentences])


def _draw_lines(
    axes: Axes,
    drawn: pd.DataFrame,
    styles: Sequence[_Line],
    words: Words,
    *,
    unit: str,
    start: str,
) -> None:
    periods = drawn["period"].astype(str).tolist()
    values = drawn[[style.column for style in styles]].to_numpy(float)
    known = values[~pd.isna(values)]
    _axes(axes, periods, float(known.min()), float(known.max()), words, unit=unit)
    labels = []
    for style in styles:
        heights = drawn[style.column].to_numpy(float)
        axes.plot(
            range(len(periods)), heights, color=style.colour, linewidth=style.width,
            linestyle=style.style, marker="o" if style.is_dotted else "", markersize=3,
            clip_on=False,
        )  # fmt: skip
        labels.append(
            EndLabel(wrapped(style.name), len(periods) - 1.0, float(heights[-1]), style.colour)
        )
    _mark_start(axes, periods, start, words)
    draw_end_labels(axes, labels, height_inches=(HEIGHT_MM - 15) / MM_PER_INCH)


def _axes(
    axes: Axes, periods: Sequence[str], low: float, high: float, words: Words, *, unit: str
) -> None:
    quiet(axes)
    ticks = nice_ticks(low, high)
    axes.set_ylim(ticks[0], ticks[-1])
    axes.set_yticks(ticks, number_ticks(ticks, "number", words))
    axes.set_ylabel(wrapped(unit[:1].upper() + unit[1:], characters=48))
    axes.set_xlim(0, max(len(periods) - 1, 1))
    shown = _shown(periods)
    axes.set_xticks(shown, [periods[place] for place in shown])


def _shown(periods: Sequence[str]) -> list[int]:
    """Every period when they are few, Januaries when there are several years of months."""
    januaries = [place for place, period in enumerate(periods) if period.endswith("-01")]
    places = januaries if len(januaries) > 1 else list(range(len(periods)))
    return places[:: math.ceil(len(places) / (MOST_TICKS + 2))]


def _mark_start(axes: Axes, periods: Sequence[str], start: str, words: Words) -> None:
    """A line between the last period before and the first with the programme."""
    place = sum(period < start for period in periods) - HALF
    axes.axvline(place, color=QUIET_INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)
    axes.annotate(
        words.texts["trend.start"],
        xy=(place, 1),
        xycoords=axes.get_xaxis_transform(),
        xytext=(3, 3),
        textcoords="offset points",
        fontsize=SMALL_POINTS,
        color=QUIET_INK,
        annotation_clip=False,
    )


def _mark_synthetic(axes: Axes, words: Words) -> None:
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


def _differences(axes: Axes, study: EventStudy, words: Words, unit: str) -> None:
    groups = [row.group for row in study.differences]
    periods = sorted([*groups, study.reference_period])
    ends = [0.0, *(end for row in study.differences for end in (row.low, row.high))]
    _axes(axes, periods, min(ends), max(ends), words, unit=unit)
    axes.set_xlim(-HALF, len(periods) - HALF)
    axes.axhline(0, color=INK, linewidth=1.0, zorder=1)
    place = {period: float(i) for i, period in enumerate(periods)}
    axes.plot([place[study.reference_period]], [0], "o", color="white", markeredgecolor=INK)
    for row in study.differences:
        x = place[row.group]
        axes.plot([x, x], [row.low, row.high], color=COLOURS[0], linewidth=2.0)
        axes.plot([x], [row.value], "o", color=COLOURS[0], markersize=6)
    _mark_start(axes, periods, study.first_treated_period, words)
