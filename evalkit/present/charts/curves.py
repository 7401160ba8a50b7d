"""Curves over time with intervals, direct labels and the number at risk under them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.alternatives import curve_alternative
from evalkit.present.charts.axes import month_axis, share_axis
from evalkit.present.charts.canvas import (
    LINE_MM,
    MM_PER_INCH,
    QUIET_INK,
    WIDTH_MM,
    colour_of,
    drawn_figure,
    is_narrow,
    line_style_of,
    quiet,
    wrapped,
)
from evalkit.present.charts.direct_labels import EndLabel, draw_end_labels, key_lines
from evalkit.present.charts.risk_rows import RISK_LINE_MM, draw_risk, risk_heights, risk_rows
from evalkit.present.curve_lines import DAYS_PER_MONTH, Line, lines_of
from evalkit.present.labels import Words
from evalkit.present.tables import curve_table
from evalkit.present.tables.curves import curve_notes
from evalkit.results import Curve, Released

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_MM = 44.0
FRAME_MM = 24.0
BANDS_READABLE = 3
BAND_OPACITY = 0.16
INTERVAL_OPACITY = 0.5
POINT_SIZE = 5.0
YEAR_DAYS = 365.0
SMALLEST_TOP = 0.2
TOP_STEP = 0.1
WIDE_STEPS_ABOVE = 0.6


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A line with its label and its place in the order of colours."""

    line: Line
    label: str
    position: int


def curve_figure(
    released: Released[Curve],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    dimension: str = "group",
    causes: Sequence[str] | None = None,
) -> FigureBlock:
    """The share over time, one line per group or per way to leave, numbers at risk below.

    A curve of released counts has a mark at each of its own points, a line between them to
    guide the eye, and no numbers at risk.

    With several groups and several causes each cause has its own panel.

    Args:
        dimension: What the groups are levels of.
        causes: Causes to show, all when left out.
    """
    chosen = _with_causes(released, causes)
    lines = lines_of(chosen.result)
    value = _heading(chosen.result, lines, words)
    whole = _panels(lines, dimension, words) or [("", [])]
    panels = [(title, _to_common_day(entries)) for title, entries in whole]
    alternative = curve_alternative(chosen, lines, words, dimension=dimension, value=value)
    is_at_points = any(line.has_points for line in lines)
    at_risk = [] if is_at_points else risk_rows(lines, dimension, words)
    risk_mm, narrow_risk_mm = (
        RISK_LINE_MM * (sum(risk_heights(at_risk, narrow=narrow)) + bool(at_risk))
        for narrow in (False, True)
    )
    above = sum(
        key_lines([one.label or " " for one in entries], _key_heading(title, value))
        for title, entries in panels
    )
    data = curve_table(
        chosen,
        words,
        table_id=f"{figure_id}-data",
        caption=caption,
        dimension=dimension,
        value_heading=value,
    )
    return drawn_figure(
        data,
        lambda sheet: _draw(sheet, panels, at_risk, words, value=value),
        alt=alternative,
        height_mm=PANEL_MM * len(panels) + risk_mm + FRAME_MM,
        narrow_mm=PANEL_MM * len(panels) + narrow_risk_mm + LINE_MM * above + FRAME_MM,
        notes=(
            *([words.say("chart.to_common_day")] if panels != whole else []),
            *_notes(chosen, words, with_bands=has_bands(panels[0][1])),
        ),
    )


def _with_causes(released: Released[Curve], causes: Sequence[str] | None) -> Released[Curve]:
    if causes is None:
        return released
    curve = released.result
    steps = curve.steps[curve.steps["cause"].isin(list(causes))]
    return replace(released, result=replace(curve, steps=steps))


def _heading(curve: Curve, lines: Sequence[Line], words: Words) -> str:
    """What the share is: of those who have done one thing, or left in any way."""
    causes = {line.cause for line in lines} or {""}
    if curve.measure != "cumulative_incidence":
        return words.say(f"measure.{curve.measure}")
    outcome = causes.pop() if len(causes) == 1 else "any"
    return words.say("chart.share_done", outcome=words.labels.done([outcome or "any"]))


def _notes(released: Released[Curve], words: Words, *, with_bands: bool) -> tuple[str, ...]:
    notes = (*curve_notes(released, words), words.say("note.month"))
    return notes if with_bands else (*notes, words.say("note.intervals_in_table"))


def _panels(lines: Sequence[Line], dimension: str, words: Words) -> list[tuple[str, list[_Drawn]]]:
    """Panel titles and their lines: one panel, or one per cause where there are groups too."""
    groups = list(dict.fromkeys(line.group for line in lines))
    causes = list(dict.fromkeys(line.cause for line in lines))
    if len(groups) <= 1:
        labels = [words.labels.level("cause", line.cause) if line.cause else "" for line in lines]
        return [("", [_Drawn(*pair, i) for i, pair in enumerate(zip(lines, labels, strict=True))])]
    return [
        (
            words.labels.level("cause", cause) if cause and len(causes) > 1 else "",
            [
                _Drawn(line, words.labels.level(dimension, line.group), groups.index(line.group))
                for line in lines
                if line.cause == cause
            ],
        )
        for cause in causes
    ]


def _to_common_day(entries: list[_Drawn]) -> list[_Drawn]:
    """Lines of known points end at the same day, lest the longest one seem to lead."""
    day = _common_day([entry.line for entry in entries])
    if day is None or all(entry.line.follow_up <= day for entry in entries):
        return entries
    if not any(entry.line.has_points for entry in entries):
        return entries
    return [replace(entry, line=entry.line.until(day)) for entry in entries]


def _key_heading(title: str, value: str) -> str:
    return f"{title}: {value[:1].lower()}{value[1:]}" if title else value


def _draw(
    figure: Figure,
    panels: Sequence[tuple[str, list[_Drawn]]],
    at_risk: Sequence[tuple[str, Line]],
    words: Words,
    *,
    value: str,
) -> None:
    drawn = [entry for _, entries in panels for entry in entries]
    longest = max((entry.line.follow_up for entry in drawn), default=0.0)
    longest = max(longest, float(DAYS_PER_MONTH))
    top = _top([entry.line for entry in drawn], with_bands=has_bands(panels[0][1]))
    width_mm = figure.get_figwidth() * MM_PER_INCH
    risk_mm = RISK_LINE_MM * (sum(risk_heights(at_risk, narrow=width_mm < WIDTH_MM - 1)) + 1)
    heights = [*[PANEL_MM] * len(panels), *([risk_mm] if at_risk else [])]
    grid = figure.add_gridspec(len(heights), 1, height_ratios=heights)
    first: Axes | None = None
    for row, (title, entries) in enumerate(panels):
        axes = figure.add_subplot(grid[row], sharex=first)
        first = first or axes
        _draw_panel(axes, entries, words, title=title, value=value, top=top)
        ticks = month_axis(axes, longest, words, with_label=row == len(panels) - 1)
    if at_risk:
        draw_risk(figure.add_subplot(grid[len(panels)], sharex=first), at_risk, ticks, words)


def _draw_panel(
    axes: Axes, entries: Sequence[_Drawn], words: Words, *, title: str, value: str, top: float
) -> None:
    quiet(axes)
    share_axis(axes, top, words)
    if not is_narrow(axes):
        axes.set_ylabel(wrapped(value, characters=34))
    if title and not is_narrow(axes):
        axes.set_title(title, loc="left", fontweight="bold")
    labels, read = [], _common_day([entry.line for entry in entries])
    for entry in entries:
        days, shares, low, high = entry.line.drawn()
        colour, style = colour_of(entry.position), line_style_of(entry.position)
        axes.plot(
            days,
            shares,
            drawstyle="default" if entry.line.has_points else "steps-post",
            marker="o" if entry.line.has_points else None,
            markersize=POINT_SIZE,
            markevery=slice(1, None),
            color=colour,
            linestyle=style,
            clip_on=False,
        )
        if has_bands(entries) and entry.line.has_points:
            known = np.isfinite(low) & np.isfinite(high)
            axes.vlines(days[known], low[known], high[known], color=colour, alpha=INTERVAL_OPACITY)
        elif has_bands(entries):
            axes.fill_between(
                days, low, high, step="post", color=colour, alpha=BAND_OPACITY, linewidth=0
            )
        if len(days):
            found = None if read is None else entry.line.reading(read)
            at_day = "" if found is None else words.numbers.percent(found.value)
            at_end = read == days[-1] or is_narrow(axes)
            text = f"{entry.label} {at_day if at_end else ''}".strip()
            labels.append(EndLabel(text, float(days[-1]), float(shares[-1]), colour, style))
    heading = _key_heading(title, value)
    if read is not None and len(entries) > 1:
        _mark_day(axes, entries, read)
        heading = words.say("chart.key_at", heading=heading, days=words.numbers.days(read))
    draw_end_labels(axes, labels, height_inches=PANEL_MM / MM_PER_INCH, heading=heading)


def _common_day(lines: Sequence[Line]) -> float | None:
    """The last day at which every line can be read; labels must not compare different times."""
    if not lines or any(not len(line.days) for line in lines):
        return None
    if any(line.has_points for line in lines):
        common = set.intersection(*(set(map(float, line.days)) for line in lines))
        return max(common) if common else None
    end = min(line.follow_up for line in lines)
    whole = YEAR_DAYS if end >= YEAR_DAYS else end // DAYS_PER_MONTH * DAYS_PER_MONTH
    return whole or None


def _mark_day(axes: Axes, entries: Sequence[_Drawn], day: float) -> None:
    """A thin line at the day, where a line goes on beyond it."""
    if any(one.line.follow_up > day for one in entries):
        axes.axvline(day, color=QUIET_INK, linewidth=0.7, zorder=1)


def has_bands(entries: Sequence[_Drawn]) -> bool:
    """Whether intervals are drawn: more than three bands on each other cannot be read."""
    return len(entries) <= BANDS_READABLE


def _top(lines: Sequence[Line], *, with_bands: bool) -> float:
    """The share axis ends at the next step above everything drawn, and never below a fifth."""
    drawn = [array for line in lines for array in ((line.value, line.high)[: 1 + with_bands])]
    heights = [array[np.isfinite(array)] for array in drawn]
    highest = max((float(array.max()) for array in heights if len(array)), default=0.0)
    step = TOP_STEP if highest <= WIDE_STEPS_ABOVE else 2 * TOP_STEP
    return min(1.0, max(SMALLEST_TOP, math.ceil(round(highest / step, 6)) * step))
