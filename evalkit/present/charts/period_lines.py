"""Charts of several lines over the same periods, with the start marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.blocks import Table
from evalkit.present.charts.axes import axis_name, nice_ticks, number_ticks, places_of_ticks
from evalkit.present.charts.canvas import (
    INK,
    LINE_MM,
    MM_PER_INCH,
    QUIET_INK,
    drawn_figure,
    is_narrow,
    quiet,
    wrapped,
    write,
)
from evalkit.present.charts.direct_labels import EndLabel, draw_end_labels, key_lines
from evalkit.present.labels import Words
from evalkit.present.sentences.trends import number
from evalkit.present.tables.trends import lines_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT_MM, NARROW_HEIGHT_MM = 78.0, 76.0
MOST_TICKS = (10, 5)
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """A column of values and how it is drawn.

    ``label`` is what stands at its end instead of its name; empty for none.
    """

    column: str
    name: str
    colour: str
    width: float
    style: Any
    is_dotted: bool = False
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What every chart of a design says of itself.

    Attributes:
        unit: What the values are.
        is_synthetic: Whether the series is made up.
    """

    figure_id: str
    caption: str
    unit: str
    is_synthetic: bool = False
    source: str = ""


def lines_figure(
    lines: pd.DataFrame,
    styles: Sequence[Line],
    words: Words,
    shown: Shown,
    *,
    start: str,
    drawn: pd.DataFrame | None = None,
    has_zero: bool = False,
) -> FigureBlock:
    """The lines, labelled at their ends, over the table they are drawn from.

    Args:
        lines: ``period`` and one column per line: the table behind the figure.
        styles: How each column is drawn, the one on top last.
        shown: Caption, unit and marks.
        start: First period with the programme.
        drawn: The same with values left out that are in the table only.
        has_zero: Whether a line stands at zero.
    """
    drawn = lines if drawn is None else drawn
    notes = (words.say("note.synthetic"),) if shown.is_synthetic else ()
    by_column = {style.column: style.name for style in styles}
    names = [by_column[column] for column in lines.columns if column != "period"]
    data: Table = lines_table(
        lines, names, words, table_id=f"{shown.figure_id}-data", caption=shown.caption,
        notes=notes, source=shown.source,
    )  # fmt: skip
    told = _alternative(drawn, styles, words, shown.unit, start)
    alternative = " ".join([told, *notes])

    def draw(sheet: Figure) -> None:
        axes = sheet.add_subplot()
        _draw(axes, drawn, styles, words, shown.unit, start, has_zero=has_zero)
        if shown.is_synthetic:
            mark_synthetic(axes, words)

    labels = [style.name if style.label is None else style.label for style in styles]
    above = key_lines(list(filter(None, labels)), shown.unit) + 2
    return drawn_figure(
        data, draw, alt=alternative, height_mm=HEIGHT_MM,
        narrow_mm=NARROW_HEIGHT_MM + LINE_MM * above,
    )  # fmt: skip


def _alternative(
    drawn: pd.DataFrame, styles: Sequence[Line], words: Words, unit: str, start: str
) -> str:
    """Each line at its first and last point."""
    opening = words.say("alt.trend.lines", unit=unit, start=words.numbers.period(start))
    sentences = []
    for style in styles:
        known = drawn[["period", style.column]].dropna()
        first, last = known.iloc[0], known.iloc[-1]
        sentences.append(
            words.say(
                "alt.trend.line",
                name=style.name,
                first=number(float(first[style.column]), words),
                first_period=words.numbers.period(str(first["period"])),
                last=number(float(last[style.column]), words),
                last_period=words.numbers.period(str(last["period"])),
            )
        )
    return " ".join([opening, *sentences])


def _draw(
    axes: Axes,
    drawn: pd.DataFrame,
    styles: Sequence[Line],
    words: Words,
    unit: str,
    start: str,
    *,
    has_zero: bool,
) -> None:
    periods = drawn["period"].astype(str).tolist()
    values = drawn[[style.column for style in styles]].to_numpy(float)
    known = values[~pd.isna(values)]
    ends = [float(known.min()), float(known.max()), *([0.0] if has_zero else [])]
    period_axes(axes, periods, nice_ticks(min(ends), max(ends)), words, unit=unit)
    if has_zero:
        axes.axhline(0, color=INK, linewidth=1.0, zorder=1)
    labels = []
    for style in styles:
        heights = drawn[style.column].to_numpy(float)
        axes.plot(
            range(len(periods)), heights, color=style.colour, linewidth=style.width,
            linestyle=style.style, marker="o" if style.is_dotted else "", markersize=3,
            clip_on=False,
        )  # fmt: skip
        end = (len(periods) - 1.0, float(heights[-1]))
        label = style.name if style.label is None else style.label
        if label:
            labels.append(EndLabel(label, *end, style.colour, style.style, style.width))
    mark_start(axes, periods, start, words)
    heading = axis_name(unit, list(axes.get_yticks()), words)
    height = (HEIGHT_MM - 15) / MM_PER_INCH
    draw_end_labels(axes, labels, height_inches=height, heading=heading)


def period_axes(
    axes: Axes,
    periods: Sequence[str],
    ticks: Sequence[float],
    words: Words,
    *,
    unit: str,
    most: tuple[int, int] = MOST_TICKS,
) -> None:
    """Periods across, the unit upwards; at most so many periods are named, wide and narrow."""
    quiet(axes)
    axes.set_ylim(ticks[0], ticks[-1])
    axes.set_yticks(ticks, number_ticks(ticks, "number", words))
    if not is_narrow(axes):
        axes.set_ylabel(wrapped(axis_name(unit, ticks, words), characters=36))
    axes.set_xlim(0, max(len(periods) - 1, 1))
    shown = places_of_ticks(periods, most[is_narrow(axes)])
    axes.set_xticks(shown, [words.numbers.period_short(periods[place]) for place in shown])


def mark_start(axes: Axes, periods: Sequence[str], start: str, words: Words) -> None:
    """A line between the last period before and the first with the programme."""
    place = sum(period < start for period in periods) - HALF
    # Where labels stand above the axes, the word stands within, at the foot.
    height = 0 if is_narrow(axes) else 1
    axes.axvline(place, color=QUIET_INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)
    write(axes, words.say("trend.start"), (place, height), on="y", off=(3, 3), colour=QUIET_INK)


def mark_synthetic(axes: Axes, words: Words) -> None:
    """Says on the chart itself that the values are made up."""
    looks: dict[str, Any] = {"ha": "right", "va": "top", "fontstyle": "italic"}
    write(axes, words.say("chart.synthetic"), (0.99, 0.98), on="both", colour=QUIET_INK, **looks)
