"""Charts of designs on series: a broken line, weighted areas, and every area as if it were the
one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.axes import nice_ticks
from evalkit.present.charts.canvas import (
    COLOURS,
    FAINT_INK,
    INK,
    LINE_STYLES,
    QUIET_INK,
    drawn_figure,
    is_narrow,
    line_style_of,
    name_values,
)
from evalkit.present.charts.period_lines import (
    HALF,
    HEIGHT_MM,
    NARROW_HEIGHT_MM,
    Line,
    Shown,
    lines_figure,
    mark_start,
    mark_synthetic,
    period_axes,
)
from evalkit.present.labels import Words
from evalkit.present.sentences.trends import interval, number
from evalkit.present.tables.trends import event_study_table
from evalkit.results import EventStudy, Released, SegmentedTrend, SyntheticControl

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def segmented_figure(released: Released[SegmentedTrend], words: Words, shown: Shown) -> FigureBlock:
    """Observed values, the line with its break, and the earlier line continued."""
    trend = released.result
    observed, fitted, unbroken = (
        words.say(f"trend.line.{name}") for name in ("observed", "fitted", "without_break")
    )
    lines = (
        Line("observed", observed, QUIET_INK, 1.0, "solid", is_dotted=True),
        Line("without_break", unbroken, COLOURS[1], 1.8, LINE_STYLES[1]),
        Line("fitted", fitted, COLOURS[0], 2.4, "solid"),
    )
    after = trend.lines["period"] >= trend.intervention
    drawn = trend.lines.assign(without_break=trend.lines["without_break"].where(after))
    return lines_figure(trend.lines, lines, words, shown, start=trend.intervention, drawn=drawn)


def synthetic_figure(
    released: Released[SyntheticControl], words: Words, shown: Shown
) -> FigureBlock:
    """The area beside the weighted mean of others, also with each of those left out."""
    control = released.result
    without = [name for name in control.lines_without.columns if name != "period"]
    table = pd.concat([control.lines, control.lines_without[without]], axis=1)
    lines = (
        *(
            Line(
                name,
                words.say("trend.line.without_area", area=name),
                QUIET_INK,
                1.0,
                line_style_of(place + 2),
            )
            for place, name in enumerate(without)
        ),
        Line("synthetic", words.say("trend.line.synthetic"), INK, 1.8, LINE_STYLES[1]),
        Line("observed", control.area, COLOURS[0], 2.6, "solid"),
    )
    return lines_figure(table, lines, words, shown, start=control.intervention)


def placebo_figure(released: Released[SyntheticControl], words: Words, shown: Shown) -> FigureBlock:
    """Observed less synthetic for the area, among all areas taken as if they were the one."""
    control = released.result
    others = [name for name in control.gaps.columns if name not in ("period", control.area)]
    # What each of them did is no point of the chart: one name for all, their values in the table.
    shared = words.say("trend.line.others")
    lines = (
        *(
            Line(name, name, FAINT_INK, 1.0, "solid", label="" if place else shared)
            for place, name in enumerate(others)
        ),
        Line(control.area, control.area, COLOURS[0], 2.6, "solid"),
    )
    return lines_figure(
        control.gaps, lines, words, shown, start=control.intervention, has_zero=True
    )


MANY_PERIODS = 24
MOST_SPOKEN = 12  # more than these a listener does not follow


def event_study_figure(released: Released[EventStudy], words: Words, shown: Shown) -> FigureBlock:
    """Differences by period with their intervals; the reference period lies at zero."""
    study = released.result
    data = event_study_table(
        released, words, table_id=f"{shown.figure_id}-data", caption=shown.caption,
        is_synthetic=shown.is_synthetic, source=shown.source,
    )  # fmt: skip
    sentences = _spoken(study, words)
    opening = words.say("alt.trend.event_study", unit=shown.unit)
    made_up = [words.say("note.synthetic")] if shown.is_synthetic else []
    alternative = " ".join([opening, *sentences, *made_up])

    def draw(sheet: Figure) -> None:
        axes = sheet.add_subplot()
        _differences(axes, study, words, shown.unit)
        if shown.is_synthetic:
            mark_synthetic(axes, words)

    return drawn_figure(
        data, draw, alt=alternative, height_mm=HEIGHT_MM, narrow_mm=NARROW_HEIGHT_MM
    )


def _spoken(study: EventStudy, words: Words) -> list[str]:
    """Each period; where they are many, the ends and how many intervals leave out zero."""
    if len(study.differences) > MOST_SPOKEN:
        return [_summed_up(study, words)]
    return [
        words.say(
            "alt.trend.difference",
            period=words.numbers.period(row.group),
            value=number(row.value, words),
            interval=interval(row, words),
        )
        for row in study.differences
    ]


def _summed_up(study: EventStudy, words: Words) -> str:
    by_value = sorted(study.differences, key=lambda row: row.value)
    named = {"lowest": by_value[0], "highest": by_value[-1], "last": study.differences[-1]}
    return words.say(
        "alt.trend.differences",
        count=len(by_value),
        outside=sum(row.low > 0 or row.high < 0 for row in by_value),
        **{name: number(row.value, words) for name, row in named.items()},
        **{f"{name}_period": words.numbers.period(row.group) for name, row in named.items()},
    )


def _differences(axes: Axes, study: EventStudy, words: Words, unit: str) -> None:
    groups = [row.group for row in study.differences]
    periods = sorted([*groups, study.reference_period])
    ends = [0.0, *(end for row in study.differences for end in (row.low, row.high))]
    period_axes(axes, periods, nice_ticks(min(ends), max(ends)), words, unit=unit)
    if is_narrow(axes):
        name_values(axes, unit[:1].upper() + unit[1:])
    axes.set_xlim(-HALF, len(periods) - HALF)
    axes.axhline(0, color=INK, linewidth=1.0, zorder=1)
    place = {period: float(i) for i, period in enumerate(periods)}
    axes.plot([place[study.reference_period]], [0], "o", color="white", markeredgecolor=INK)
    width, size = (2.0, 6) if len(periods) <= MANY_PERIODS else (1.2, 3.5)
    for row in study.differences:
        x = place[row.group]
        axes.plot([x, x], [row.low, row.high], color=COLOURS[0], linewidth=width)
        axes.plot([x], [row.value], "o", color=COLOURS[0], markersize=size)
    mark_start(axes, periods, study.first_treated_period, words)
