"""The break-even chart: what an additional outcome cost if so many would have come anyway."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.axes import nice_ticks, number_ticks
from evalkit.present.charts.canvas import COLOURS, QUIET_INK, SMALL_POINTS, quiet, sheet, svg_of
from evalkit.present.charts.direct_labels import wrapped
from evalkit.present.labels import Words
from evalkit.present.tables import estimates_table
from evalkit.results import Estimate, Released

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANEL_MM = 90.0
TALLEST = 6.0  # times the cost when nobody would have come anyway; beyond, the line leaves
TABLE_STEP = 0.05
MARK_CHARACTERS = 24
NONE_FILL = "#EEF0F3"


def break_even_figure(
    released: Released[Sequence[Estimate]],
    words: Words,
    *,
    share: Released[Estimate],
    counterfactuals: Sequence[float],
    figure_id: str,
    caption: str,
    source: str = "",
) -> FigureBlock:
    """Cost per additional outcome over the assumed share, with the band of the share's interval.

    Args:
        released: One estimate per counterfactual share.
        words: The language.
        share: The share with the outcome: from there on no outcome is additional.
        counterfactuals: Assumed shares, ascending from 0.
        figure_id: Identifier within the report.
        caption: What the figure shows.
        source: Source line.
    """
    rows = list(released.result)
    chosen = [i for i, assumed in enumerate(counterfactuals) if _is_step(assumed, TABLE_STEP)]
    alternative = _alternative(rows, counterfactuals, share.result, words)
    with sheet(height_mm=PANEL_MM) as figure:
        axes = figure.add_subplot()
        _draw(axes, rows, counterfactuals, share.result, words)
        svg = svg_of(figure, figure_id=figure_id, title=caption, description=alternative)
    return FigureBlock(
        id=figure_id,
        caption=caption,
        alt=alternative,
        svg=svg,
        data=estimates_table(
            replace(released, result=[rows[i] for i in chosen]),
            words,
            table_id=f"{figure_id}-data",
            caption=caption,
            row_labels=[words.numbers.percent(counterfactuals[i], decimals=0) for i in chosen],
            row_heading=words.texts["costs.additional.column"],
            source=source,
        ),
        source=source,
    )


def _draw(
    axes: Axes,
    rows: Sequence[Estimate],
    counterfactuals: Sequence[float],
    share: Estimate,
    words: Words,
) -> None:
    quiet(axes)
    ticks = nice_ticks(0.0, rows[0].value * TALLEST)
    top = ticks[-1]
    values, low, high = (
        [min(end, 10 * top) for end in ends]
        for ends in zip(*((row.value, row.low, row.high) for row in rows), strict=True)
    )
    axes.axvspan(share.value, 1.0, color=NONE_FILL, linewidth=0)
    axes.axvline(share.value, color=QUIET_INK, linewidth=1.0, linestyle=(0, (4, 2)))
    axes.fill_between(counterfactuals, low, high, color=COLOURS[0], alpha=0.16, linewidth=0)
    axes.plot(counterfactuals, values, color=COLOURS[0])
    axes.set_ylim(0, top)
    axes.set_yticks(ticks, number_ticks(ticks, "sek", words, with_unit=False))
    axes.set_xlim(0, 1)
    shares = [place / 10 for place in range(0, 11, 2)]
    axes.set_xticks(shares, [words.numbers.percent(one, decimals=0) for one in shares])
    axes.set_xlabel(words.texts["costs.additional.axis"])
    axes.set_ylabel(words.texts["costs.additional.y"])
    told = words.texts.format("costs.additional.none", share=words.numbers.percent(share.value))
    axes.annotate(
        wrapped(told, characters=MARK_CHARACTERS),
        xy=(share.value, 1),
        xycoords=axes.get_xaxis_transform(),
        xytext=(5, -5),
        textcoords="offset points",
        va="top",
        fontsize=SMALL_POINTS,
        color=QUIET_INK,
    )


def _is_step(share: float, step: float) -> bool:
    return round(share / step, 6).is_integer()


def _alternative(
    rows: Sequence[Estimate], counterfactuals: Sequence[float], share: Estimate, words: Words
) -> str:
    points = [
        words.texts.format(
            "costs.additional.point",
            value=words.numbers.sek(row.value),
            share=words.numbers.percent(assumed, decimals=0),
        )
        for row, assumed in zip(rows, counterfactuals, strict=True)
        if math.isfinite(row.value) and _is_step(assumed, 0.1)
    ]
    return words.texts.format(
        "costs.additional.alt",
        points=words.labels.all_of(points),
        share=words.numbers.percent(share.value),
    )
