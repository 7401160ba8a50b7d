"""Dots with intervals in rows: shares against goals, and differences against nought."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.blocks import NumberKind, Table
from evalkit.present.charts.alternatives import rows_alternative
from evalkit.present.charts.axes import nice_ticks, number_ticks
from evalkit.present.charts.canvas import (
    COLOURS,
    INK,
    QUIET_INK,
    SMALL_POINTS,
    quiet,
    sheet,
    svg_of,
)
from evalkit.present.charts.direct_labels import wrapped
from evalkit.present.labels import Words
from evalkit.present.numbers import KIND_OF_UNIT
from evalkit.present.sentences.parts import reason_text
from evalkit.present.tables import estimates_table, feasible_difference_table, verdicts_table
from evalkit.present.tables.claims import Verdict, thinned_pairs
from evalkit.results import (
    Estimate,
    EstimateRow,
    FeasibleDifference,
    Released,
    TargetVerdict,
    Withheld,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW_MM = 9.0
LINE_MM = 4.2
FRAME_MM = 20.0
LABEL_CHARACTERS = 26
PAIRS_DRAWN = 8


@dataclass(frozen=True, slots=True)
class _Row:
    """What one row of the chart shows."""

    label: str
    estimate: EstimateRow
    goal: float | None = None


def interval_figure(
    released: Released[Sequence[EstimateRow]],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    dimension: str = "group",
    row_labels: Sequence[str] | None = None,
    goal: float | None = None,
    value_heading: str = "",
    source: str = "",
) -> FigureBlock:
    """Estimates of one measure, one row per group, with the goal as a line.

    Args:
        released: Estimates of one measure.
        words: The language.
        figure_id: Identifier within the report.
        caption: What the figure shows.
        dimension: What the groups are levels of.
        row_labels: Printed texts of the rows, instead of the groups' labels.
        goal: A goal for all rows.
        value_heading: Heading of the value, instead of the measure's name.
        source: Source line.
    """
    estimates = tuple(released.result)
    labels = row_labels or [words.labels.level(dimension, row.group) for row in estimates]
    rows = [_Row(*pair, goal) for pair in zip(labels, estimates, strict=True)]
    data = estimates_table(
        released,
        words,
        table_id=f"{figure_id}-data",
        caption=caption,
        dimension=dimension,
        row_labels=labels,
        value_heading=value_heading,
        source=source,
    )
    heading = value_heading or data.columns[-3]
    return _figure(rows, words, data, figure_id=figure_id, heading=heading)


def difference_figure(
    released: Released[Sequence[EstimateRow]],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    row_labels: Sequence[str],
    value_heading: str = "",
    source: str = "",
) -> FigureBlock:
    """Differences with their intervals against the line of no difference.

    Args:
        released: Differences in one unit.
        words: The language.
        figure_id: Identifier within the report.
        caption: What the figure shows, and what is subtracted from what.
        row_labels: Printed texts of the rows.
        value_heading: Heading of the value, instead of the measure's name.
        source: Source line.
    """
    rows = [_Row(*pair) for pair in zip(row_labels, released.result, strict=True)]
    heading = value_heading or words.texts["chart.points"]
    data = estimates_table(
        released,
        words,
        table_id=f"{figure_id}-data",
        caption=caption,
        row_labels=row_labels,
        value_heading=value_heading,
        source=source,
    )
    return _figure(rows, words, data, figure_id=figure_id, heading=heading)


def verdicts_figure(
    verdicts: Sequence[tuple[str, Released[Verdict]]],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    source: str = "",
) -> FigureBlock:
    """Each target's share with its interval and its own goal.

    Args:
        verdicts: Title of each target and its released verdict.
        words: The language.
        figure_id: Identifier within the report.
        caption: What the figure shows.
        source: Source line.
    """
    rows = [_verdict_row(title, released.result) for title, released in verdicts]
    data = verdicts_table(
        verdicts, words, table_id=f"{figure_id}-data", caption=caption, source=source
    )
    heading = words.texts["column.share"]
    return _figure(rows, words, data, figure_id=figure_id, heading=heading)


def feasible_difference_figure(
    released: Released[FeasibleDifference],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    source: str = "",
) -> FigureBlock:
    """A published difference for some possible numbers behind it, from few persons to many."""
    claim = released.result
    rows = [_pair_row(pair, claim, words) for pair in thinned_pairs(claim, rows_shown=PAIRS_DRAWN)]
    data = feasible_difference_table(
        released,
        words,
        table_id=f"{figure_id}-data",
        caption=caption,
        rows_shown=PAIRS_DRAWN,
        source=source,
    )
    heading = words.texts["chart.points"]
    return _figure(rows, words, data, figure_id=figure_id, heading=heading)


def _verdict_row(title: str, verdict: Verdict) -> _Row:
    if isinstance(verdict, TargetVerdict):
        return _Row(title, verdict.estimate, verdict.goal)
    return _Row(title, verdict)


def _pair_row(pair: dict[str, float], claim: FeasibleDifference, words: Words) -> _Row:
    before, after = (words.numbers.count(pair[name]) for name in ("n_before", "n_after"))
    estimate = Estimate(
        measure="difference",
        value=pair["value"],
        low=pair["low"],
        high=pair["high"],
        unit="share_difference",
        method=claim.method,
        confidence_level=claim.confidence_level,
        n=int(pair["n_before"] + pair["n_after"]),
        cells=(),
    )
    return _Row(words.texts.format("chart.pair", before=before, after=after), estimate)


def _figure(
    rows: Sequence[_Row], words: Words, data: Table, *, figure_id: str, heading: str
) -> FigureBlock:
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
    height = FRAME_MM + ROW_MM * len(rows) + LINE_MM * extra_lines
    with sheet(height_mm=height) as figure:
        _draw(figure.add_subplot(), rows, labels, words, heading=heading)
        svg = svg_of(figure, figure_id=figure_id, title=data.caption, description=alternative)
    return FigureBlock(
        id=figure_id,
        caption=data.caption,
        alt=alternative,
        svg=svg,
        data=data,
        notes=data.notes,
        source=data.source,
    )


def _opening(rows: Sequence[_Row], words: Words, heading: str) -> str:
    levels = {row.estimate.confidence_level for row in rows if isinstance(row.estimate, Estimate)}
    if len(levels) != 1:
        return words.texts.format("alt.intervals_without_level", value=heading)
    level = words.numbers.percent_short(levels.pop())
    return words.texts.format("alt.intervals", level=level, value=heading)


def _draw(
    axes: Axes, rows: Sequence[_Row], labels: Sequence[str], words: Words, *, heading: str
) -> None:
    quiet(axes, grid="x")
    kind = _kind(rows)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    centres, bottom = _centres(labels)
    axes.set_ylim(bottom, 0)
    axes.set_yticks(centres, labels)
    _value_axis(axes, rows, kind, words)
    axes.set_xlabel(heading)
    shared_goal = _shared_goal(rows)
    for centre, row in zip(centres, rows, strict=True):
        _draw_row(axes, centre, row, kind, words)
        if row.goal is not None and shared_goal is None:
            _draw_goal(axes, row.goal, words, low=centre - 0.42, high=centre + 0.42)
    if shared_goal is not None:
        _draw_goal(axes, shared_goal, words, low=0.0, high=bottom)
    if kind == "percentage_points":
        axes.axvline(0, color=INK, linewidth=1.0, zorder=1)
        _above(axes, 0, 0, words.texts["chart.no_difference"])


def _kind(rows: Sequence[_Row]) -> NumberKind:
    units = [row.estimate.unit for row in rows if isinstance(row.estimate, Estimate)]
    return KIND_OF_UNIT[units[0]] if units else "percent"


def _centres(labels: Sequence[str]) -> tuple[list[float], float]:
    """Rows from the top, taller where the label has several lines."""
    centres, edge = [], 0.0
    for label in labels:
        height = 1 + label.count("\n") * LINE_MM / ROW_MM
        centres.append(edge + height / 2)
        edge += height
    return centres, max(edge, 1.0)


def _value_axis(axes: Axes, rows: Sequence[_Row], kind: NumberKind, words: Words) -> None:
    ends = [
        end
        for row in rows
        if isinstance(row.estimate, Estimate)
        for end in (row.estimate.low, row.estimate.high, row.estimate.value)
        if math.isfinite(end)
    ]
    goals = [row.goal for row in rows if row.goal is not None]
    ticks = nice_ticks(min([0.0, *ends]), max([*ends, *goals], default=1.0))
    axes.set_xlim(ticks[0], ticks[-1])
    axes.set_xticks(ticks, number_ticks(ticks, kind, words, with_unit=kind == "percent"))


def _draw_row(axes: Axes, centre: float, row: _Row, kind: NumberKind, words: Words) -> None:
    estimate = row.estimate
    if not isinstance(estimate, Estimate):
        _beside(axes, centre, _reason(estimate, words), QUIET_INK)
        return
    if math.isfinite(estimate.value):
        edge = axes.get_xlim()[1]
        high = estimate.high if math.isfinite(estimate.high) else edge
        axes.plot([estimate.low, high], [centre, centre], color=COLOURS[0], linewidth=2.4)
        axes.plot([estimate.value], [centre], "o", color=COLOURS[0], markersize=7, clip_on=False)
    text = words.texts.format(
        "chart.value_with_interval",
        value=_written(estimate.value, kind, words),
        interval=_interval(estimate, kind, words),
    )
    _beside(axes, centre, text, INK)


def _reason(row: Any, words: Words) -> str:
    if isinstance(row, Withheld):
        return words.texts["withheld.marker"]
    return wrapped(reason_text(row, words), characters=30)


def _written(value: float, kind: NumberKind, words: Words) -> str:
    write = words.numbers.bare if kind == "percentage_points" else words.numbers.format
    return write(value, kind)


def _interval(estimate: Estimate, kind: NumberKind, words: Words) -> str:
    """Percentage points stand on the axis; the margin has room for the bare numbers."""
    if kind != "percentage_points":
        return words.numbers.interval(estimate.low, estimate.high, kind)
    return words.numbers.interval(estimate.low * 100, estimate.high * 100, "number", decimals=1)


def _beside(axes: Axes, centre: float, text: str, colour: str) -> None:
    axes.text(
        1.03,
        centre,
        text,
        transform=axes.get_yaxis_transform(),
        va="center",
        fontsize=SMALL_POINTS,
        color=colour,
    )


def _shared_goal(rows: Sequence[_Row]) -> float | None:
    goals = {row.goal for row in rows}
    return goals.pop() if len(goals) == 1 else None


def _draw_goal(axes: Axes, goal: float, words: Words, *, low: float, high: float) -> None:
    axes.plot([goal, goal], [low, high], color=COLOURS[1], linewidth=1.6, linestyle=(0, (4, 2)))
    text = words.texts.format("chart.goal", goal=words.numbers.percent_short(goal))
    _above(axes, goal, low, text, colour=COLOURS[1])


def _above(axes: Axes, x: float, y: float, text: str, *, colour: str = INK) -> None:
    axes.annotate(
        text,
        xy=(x, y),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=SMALL_POINTS,
        color=colour,
        annotation_clip=False,
    )
