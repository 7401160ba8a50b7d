"""The break-even chart: what an additional outcome cost if so many would have come anyway."""

from __future__ import annotations

import math
from collections.abc import Sequence

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.axes import nice_ticks, number_ticks
from evalkit.present.charts.canvas import COLOURS, quiet, sheet, svg_of
from evalkit.present.labels import Words
from evalkit.present.tables import estimates_table
from evalkit.results import Estimate, Released

PANEL_MM = 85.0
TALLEST = 6.0  # times the cost when nobody would have come anyway; beyond, the line leaves


def break_even_figure(
    released: Released[Sequence[Estimate]],
    words: Words,
    *,
    counterfactuals: Sequence[float],
    figure_id: str,
    caption: str,
    source: str = "",
) -> FigureBlock:
    """Cost per additional outcome over the assumed share, with the band of the share's interval.

    Args:
        released: One estimate per counterfactual share.
        words: The language.
        counterfactuals: Assumed shares, ascending from 0.
        figure_id: Identifier within the report.
        caption: What the figure shows.
        source: Source line.
    """
    rows = list(released.result)
    alternative = _alternative(rows, counterfactuals, words)
    top = rows[0].value * TALLEST
    with sheet(height_mm=PANEL_MM) as figure:
        axes = figure.add_subplot()
        quiet(axes)
        values = [min(row.value, 10 * top) for row in rows]
        low, high = ([min(x, 10 * top) for x in ends] for ends in _ends(rows))
        axes.fill_between(counterfactuals, low, high, color=COLOURS[0], alpha=0.16, linewidth=0)
        axes.plot(counterfactuals, values, color=COLOURS[0])
        ticks = nice_ticks(0.0, top)
        axes.set_ylim(0, ticks[-1])
        axes.set_yticks(ticks, number_ticks(ticks, "sek", words, with_unit=False))
        axes.set_xlim(counterfactuals[0], counterfactuals[-1])
        shares = [share for share in counterfactuals if round(share * 10, 6).is_integer()]
        axes.set_xticks(shares, [words.numbers.percent(share, decimals=0) for share in shares])
        axes.set_xlabel(words.texts["costs.additional.axis"])
        axes.set_ylabel(words.texts["costs.additional.y"])
        svg = svg_of(figure, figure_id=figure_id, title=caption, description=alternative)
    return FigureBlock(
        id=figure_id,
        caption=caption,
        alt=alternative,
        svg=svg,
        data=estimates_table(
            released,
            words,
            table_id=f"{figure_id}-data",
            caption=caption,
            row_labels=[words.numbers.percent(share, decimals=0) for share in counterfactuals],
            row_heading=words.texts["costs.additional.column"],
            source=source,
        ),
        source=source,
    )


def _ends(rows: Sequence[Estimate]) -> tuple[list[float], list[float]]:
    return [row.low for row in rows], [row.high for row in rows]


def _alternative(rows: Sequence[Estimate], counterfactuals: Sequence[float], words: Words) -> str:
    points = [
        words.texts.format(
            "costs.additional.point",
            value=words.numbers.sek(row.value),
            share=words.numbers.percent(share, decimals=0),
        )
        for row, share in zip(rows, counterfactuals, strict=True)
        if math.isfinite(row.value) and round(share * 10, 6).is_integer()
    ]
    return words.texts.format("costs.additional.alt", points=words.labels.all_of(points))
