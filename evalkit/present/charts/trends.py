"""Charts of designs on series: a broken line, weighted areas, and every area as if it were the
one.
"""

from __future__ import annotations

import pandas as pd

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.canvas import (
    COLOURS,
    FAINT_INK,
    INK,
    LINE_STYLES,
    QUIET_INK,
    line_style_of,
)
from evalkit.present.charts.period_lines import Line, Shown, lines_figure
from evalkit.present.labels import Words
from evalkit.results import Released, SegmentedTrend, SyntheticControl


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
        Line("observed", observed, QUIET_INK, 1.0, "solid", is_dotted=True),
        Line("without_break", unbroken, COLOURS[1], 1.8, LINE_STYLES[1]),
        Line("fitted", fitted, COLOURS[0], 2.4, "solid"),
    )
    after = trend.lines["period"] >= trend.intervention
    drawn = trend.lines.assign(without_break=trend.lines["without_break"].where(after))
    shown = Shown(
        figure_id=figure_id, caption=caption, unit=unit, start=trend.intervention,
        is_synthetic=is_synthetic, source=source,
    )  # fmt: skip
    return lines_figure(trend.lines, lines, words, shown, drawn=drawn)


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
    """The area beside the weighted mean of others, also with each of those left out.

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
    without = [name for name in control.lines_without.columns if name != "period"]
    table = pd.concat([control.lines, control.lines_without[without]], axis=1)
    lines = (
        *(
            Line(
                name,
                words.texts.format("trend.line.without_area", area=name),
                QUIET_INK,
                1.0,
                line_style_of(place + 2),
            )
            for place, name in enumerate(without)
        ),
        Line("synthetic", words.texts["trend.line.synthetic"], INK, 1.8, LINE_STYLES[1]),
        Line("observed", control.area, COLOURS[0], 2.6, "solid"),
    )
    shown = Shown(
        figure_id=figure_id, caption=caption, unit=unit, start=control.intervention,
        is_synthetic=is_synthetic, source=source,
    )  # fmt: skip
    return lines_figure(table, lines, words, shown)


def placebo_figure(
    released: Released[SyntheticControl],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    unit: str,
    is_synthetic: bool = False,
    source: str = "",
) -> FigureBlock:
    """Observed less synthetic for the area, among all areas taken as if they were the one.

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
    others = [name for name in control.gaps.columns if name not in ("period", control.area)]
    # What each of them did is no point of the chart: one name for all, their values in the table.
    shared = words.texts["trend.line.others"]
    lines = (
        *(
            Line(name, name, FAINT_INK, 1.0, "solid", label="" if place else shared)
            for place, name in enumerate(others)
        ),
        Line(control.area, control.area, COLOURS[0], 2.6, "solid"),
    )
    shown = Shown(
        figure_id=figure_id, caption=caption, unit=unit, start=control.intervention,
        is_synthetic=is_synthetic, source=source, has_nought=True,
    )  # fmt: skip
    return lines_figure(control.gaps, lines, words, shown)
