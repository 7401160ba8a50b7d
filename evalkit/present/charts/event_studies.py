"""Charts of differences period by period, with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.canvas import COLOURS, INK, is_narrow, name_values, picture
from evalkit.present.charts.period_lines import (
    HALF,
    HEIGHT_MM,
    NARROW_HEIGHT_MM,
    mark_start,
    mark_synthetic,
    period_axes,
)
from evalkit.present.labels import Words
from evalkit.present.sentences.trends import interval, number
from evalkit.present.tables.trends import event_study_table
from evalkit.results import EventStudy, Released

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MANY_PERIODS = 24
MOST_SPOKEN = 12  # more than these a listener does not follow


def event_study_figure(
    released: Released[EventStudy],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    unit: str,
    is_synthetic: bool = False,
    source: str = "",
) -> FigureBlock:
    """Differences by period with their intervals; the reference period lies at nought.

    Args:
        released: The event study.
        words: The language.
        figure_id: Identifier within the report.
        caption: What the figure shows.
        unit: What the values are.
        is_synthetic: Whether the series is made up.
        source: Source line.
    """
    study = released.result
    data = event_study_table(
        released, words, table_id=f"{figure_id}-data", caption=caption,
        is_synthetic=is_synthetic, source=source,
    )  # fmt: skip
    sentences = _spoken(study, words)
    opening = words.texts.format("alt.trend.event_study", unit=unit)
    made_up = [words.texts["note.synthetic"]] if is_synthetic else []
    alternative = " ".join([opening, *sentences, *made_up])

    def draw(sheet: Figure) -> None:
        axes = sheet.add_subplot()
        _differences(axes, study, words, unit)
        if is_synthetic:
            mark_synthetic(axes, words)

    drawn = picture(
        draw, height_mm=HEIGHT_MM, narrow_mm=NARROW_HEIGHT_MM, figure_id=figure_id,
        title=caption, description=alternative,
    )  # fmt: skip
    return FigureBlock(
        id=figure_id, caption=caption, alt=alternative, svg=drawn.svg, narrow=drawn.narrow,
        data=data, notes=data.notes, source=source,
    )  # fmt: skip


def _spoken(study: EventStudy, words: Words) -> list[str]:
    """Each period; where they are many, the ends and how many intervals leave out nought."""
    if len(study.differences) > MOST_SPOKEN:
        return [_summed_up(study, words)]
    return [
        words.texts.format(
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
    return words.texts.format(
        "alt.trend.differences",
        count=words.numbers.count(len(by_value)),
        outside=words.numbers.count(sum(row.low > 0 or row.high < 0 for row in by_value)),
        **{name: number(row.value, words) for name, row in named.items()},
        **{f"{name}_period": words.numbers.period(row.group) for name, row in named.items()},
    )


def _differences(axes: Axes, study: EventStudy, words: Words, unit: str) -> None:
    groups = [row.group for row in study.differences]
    periods = sorted([*groups, study.reference_period])
    ends = [0.0, *(end for row in study.differences for end in (row.low, row.high))]
    period_axes(axes, periods, min(ends), max(ends), words, unit=unit)
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
