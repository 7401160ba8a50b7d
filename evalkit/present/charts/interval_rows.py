"""Rows of dots with intervals: the drawing that all interval charts share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.blocks import NumberKind, Table
from evalkit.present.charts.alternatives import rows_alternative
from evalkit.present.charts.axes import nice_ticks, number_ticks
from evalkit.present.charts.canvas import (
    COLOURS,
    INK,
    LINE_MM,
    NARROW_CHARACTERS,
    QUIET_INK,
    drawn_figure,
    is_narrow,
    quiet,
    wrapped,
    write,
    write_above_row,
)
from evalkit.present.labels import Words
from evalkit.present.numbers import KIND_OF_UNIT
from evalkit.present.tables.cells import NO_INTERVAL
from evalkit.results import Estimate, EstimateRow, Withheld

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW_MM = 8.0
FRAME_MM = 18.0
MARK_MM, APART_MM = 4.0, 3.0  # a dot under its words, and the distance to the next row
LABEL_CHARACTERS = 26

Mark = Literal["dot", "diamond", "span"]
_MARKERS = {"dot": ("o", 7.0), "diamond": ("D", 8.0), "span": ("", 0.0)}


@dataclass(frozen=True, slots=True)
class Row:
    """What one row of the chart shows.

    Attributes:
        mark: A figure of its own is a dot, what several have in common a diamond, and a range
            without a figure a span.
        beside: A second value, such as the figure drawn towards a mean.
    """

    label: str
    estimate: EstimateRow
    goal: float | None = None
    mark: Mark = "dot"
    beside: float | None = None


def rows_figure(
    rows: Sequence[Row],
    words: Words,
    data: Table,
    *,
    heading: str,
    row_mm: float = ROW_MM,
    notes: Sequence[str] = (),
) -> FigureBlock:
    """The chart of some rows, with the table they come from."""
    labels = [wrapped(row.label, characters=LABEL_CHARACTERS) for row in rows]
    extra_lines = sum(label.count("\n") for label in labels)
    goals = [row.goal for row in rows]
    alternative = rows_alternative(
        [row.estimate for row in rows],
        [row.label for row in rows],
        goals,
        words,
        opening=_opening(rows, words, heading),
    )
    return drawn_figure(
        data,
        lambda sheet: _draw(sheet.add_subplot(), rows, words, row_mm=row_mm, heading=heading),
        alt=alternative,
        height_mm=FRAME_MM + row_mm * len(rows) + LINE_MM * extra_lines,
        narrow_mm=FRAME_MM + sum(map(_narrow_mm, _words_under(rows, words))),
        notes=(*notes, *data.notes),
    )


def _opening(rows: Sequence[Row], words: Words, heading: str) -> str:
    levels = {row.estimate.confidence_level for row in rows if isinstance(row.estimate, Estimate)}
    if len(levels) != 1:
        return words.say("alt.intervals_without_level", value=heading)
    level = words.numbers.percent_short(levels.pop())
    return words.say("alt.intervals", level=level, value=heading)


def _draw(axes: Axes, rows: Sequence[Row], words: Words, *, row_mm: float, heading: str) -> None:
    quiet(axes, grid="x")
    kind = _kind(rows)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    narrow = is_narrow(axes)
    middles, bottom = (
        _rows_with_words(axes, rows, words) if narrow else _rows_with_labels(axes, rows, row_mm)
    )
    _value_axis(axes, rows, kind, words)
    axes.set_xlabel(wrapped(heading, characters=NARROW_CHARACTERS) if narrow else heading)
    goals = {row.goal for row in rows}
    shared_goal = goals.pop() if len(goals) == 1 else None
    half = MARK_MM * 0.6 if narrow else 0.42
    for centre, row in zip(middles, rows, strict=True):
        _draw_row(axes, centre, row, kind, words)
        if row.goal is not None and shared_goal is None:
            _draw_goal(axes, row.goal, words, low=centre - half, high=centre + half)
    if shared_goal is not None:
        _draw_goal(axes, shared_goal, words, low=0.0, high=bottom)
    if kind == "percentage_points":
        axes.axvline(0, color=INK, linewidth=1.0, zorder=1)
        _above(axes, 0, 0, words.say("chart.no_difference"))


def _rows_with_labels(axes: Axes, rows: Sequence[Row], row_mm: float) -> tuple[list[float], float]:
    """Labels to the left of the axes; the middle of each row, and the lower edge."""
    labels = [wrapped(row.label, characters=LABEL_CHARACTERS) for row in rows]
    middles, bottom = row_middles(labels, row_mm)
    axes.set_ylim(bottom, 0)
    axes.set_yticks(middles, labels)
    return middles, bottom


def _rows_with_words(axes: Axes, rows: Sequence[Row], words: Words) -> tuple[list[float], float]:
    """Each row's label and value above its dot; places in millimetres."""
    middles, edge = [], 0.0
    for text in _words_under(rows, words):
        write_above_row(axes, text, edge, va="top", zorder=3)
        edge += _narrow_mm(text)
        middles.append(edge - APART_MM - MARK_MM / 2)
    axes.set_ylim(edge, 0)
    axes.set_yticks([])
    return middles, edge


def _words_under(rows: Sequence[Row], words: Words) -> list[str]:
    """Label and value of each row, as they stand where nothing can stand beside."""
    kind = _kind(rows)
    said = [
        _value_text(row, row.estimate, kind, words)
        if isinstance(row.estimate, Estimate)
        else _reason(row.estimate, words)
        for row in rows
    ]
    return [
        "\n".join(
            wrapped(text, characters=NARROW_CHARACTERS) for text in (row.label, value) if text
        )
        for row, value in zip(rows, said, strict=True)
    ]


def _narrow_mm(text: str) -> float:
    return LINE_MM * (text.count("\n") + 1) + MARK_MM + APART_MM


def _kind(rows: Sequence[Row]) -> NumberKind:
    units = [row.estimate.unit for row in rows if isinstance(row.estimate, Estimate)]
    return KIND_OF_UNIT[units[0]] if units else "percent"


def row_middles(labels: Sequence[str], row_mm: float) -> tuple[list[float], float]:
    """Rows from the top, taller where the label has several lines."""
    centres, edge = [], 0.0
    for label in labels:
        height = 1 + label.count("\n") * LINE_MM / row_mm
        centres.append(edge + height / 2)
        edge += height
    return centres, max(edge, 1.0)


def _value_axis(axes: Axes, rows: Sequence[Row], kind: NumberKind, words: Words) -> None:
    ends = [
        end
        for row in rows
        if isinstance(row.estimate, Estimate)
        for end in (row.estimate.low, row.estimate.high, row.estimate.value)
        if math.isfinite(end)
    ]
    # A goal at the very edge would be half out of the picture.
    goals = [row.goal * 1.001 for row in rows if row.goal is not None]
    ticks = nice_ticks(min([0.0, *ends]), max([*ends, *goals], default=1.0))
    axes.set_xlim(ticks[0], ticks[-1])
    axes.set_xticks(ticks, number_ticks(ticks, kind, words, with_unit=kind == "percent"))


def _draw_row(axes: Axes, centre: float, row: Row, kind: NumberKind, words: Words) -> None:
    estimate = row.estimate
    if not isinstance(estimate, Estimate):
        _beside(axes, centre, wrapped(_reason(estimate, words), characters=30), QUIET_INK)
        return
    if math.isfinite(estimate.value):
        edge = axes.get_xlim()[1]
        high = estimate.high if math.isfinite(estimate.high) else edge
        _draw_marks(axes, centre, row, estimate.low, estimate.value, high)
    _beside(axes, centre, _value_text(row, estimate, kind, words), INK)


def _value_text(row: Row, estimate: Estimate, kind: NumberKind, words: Words) -> str:
    interval = _interval(estimate, kind, words)
    if row.mark == "span":
        return interval
    write = words.numbers.bare if kind == "percentage_points" else words.numbers.format
    value = write(estimate.value, kind)
    if estimate.method in NO_INTERVAL:
        return value
    return words.say("chart.value_with_interval", value=value, interval=interval)


def _draw_marks(axes: Axes, centre: float, row: Row, low: float, value: float, high: float) -> None:
    colour = COLOURS[0] if row.mark == "dot" else COLOURS[1]
    marker, size = _MARKERS[row.mark]
    style = (0, (3, 1.5)) if row.mark == "span" else "solid"
    axes.plot([low, high], [centre, centre], color=colour, linewidth=2.4, linestyle=style)
    if marker:
        axes.plot([value], [centre], marker, color=colour, markersize=size, clip_on=False)
    if row.beside is not None:
        (point,) = axes.plot([row.beside], [centre], "D", color=COLOURS[1], clip_on=False, zorder=4)
        point.set(markerfacecolor="white", markersize=5.5)


def _reason(row: Any, words: Words) -> str:
    if isinstance(row, Withheld):
        return words.say("withheld.marker")
    return words.reason(row)


def _interval(estimate: Estimate, kind: NumberKind, words: Words) -> str:
    """Percentage points stand on the axis; the margin has room for the bare numbers."""
    if kind != "percentage_points":
        return words.numbers.interval(estimate.low, estimate.high, kind)
    return words.numbers.interval(estimate.low * 100, estimate.high * 100, "number", decimals=1)


def _beside(axes: Axes, centre: float, text: str, colour: str) -> None:
    """In the right margin; on a narrow sheet it stands under the label already."""
    if not is_narrow(axes):
        write(axes, text, (1.03, centre), on="x", colour=colour, va="center")


def _draw_goal(axes: Axes, goal: float, words: Words, *, low: float, high: float) -> None:
    axes.plot(
        [goal, goal], [low, high], color=COLOURS[1], linewidth=1.6, linestyle=(0, (4, 2)), zorder=1
    )
    text = words.say("chart.goal", goal=words.numbers.percent_short(goal))
    _above(axes, goal, low, text, colour=COLOURS[1])


def _above(axes: Axes, x: float, y: float, text: str, *, colour: str = INK) -> None:
    write(axes, text, (x, y), off=(0, 3), colour=colour, ha="center", va="bottom")
