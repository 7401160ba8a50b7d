"""Person counts as horizontal bars, each with its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.alternatives import counts_alternative
from evalkit.present.charts.axes import nice_ticks, number_ticks
from evalkit.present.charts.canvas import (
    LINE_MM,
    NARROW_CHARACTERS,
    QUIET_INK,
    colour_of,
    drawn_figure,
    is_narrow,
    quiet,
    wrapped,
    write,
    write_above_row,
)
from evalkit.present.labels import Words
from evalkit.present.tables import counts_table
from evalkit.present.tables.counts import level_text
from evalkit.results import CountTable, Released

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BAR_MM, NARROW_BAR_MM = 7.0, 6.0
TALL_BAR_MM = 8.8
FRAME_MM = 16.0
GROUP_GAP = 0.7
BAR_HEIGHT = 0.72
LABEL_CHARACTERS = 28
HATCHES = ("", "//", "..", "xx", "--", "\\\\")


@dataclass(frozen=True, slots=True)
class _Bar:
    """One bar: its row's label, its own label where a row has several, and its count."""

    row: str
    own: str
    count: int | None
    position: int


def counts_figure(
    released: Released[CountTable], words: Words, *, figure_id: str, caption: str
) -> FigureBlock:
    """Bars of the counts without margins; a second dimension gives several bars a row."""
    bars = _bars(released.result, words)
    alternative = counts_alternative(
        [(", ".join(filter(None, (bar.row, bar.own))), bar.count) for bar in bars], words
    )
    data = counts_table(released, words, table_id=f"{figure_id}-data", caption=caption)
    return drawn_figure(
        data,
        lambda sheet: _draw(sheet.add_subplot(), bars, words),
        alt=alternative,
        height_mm=_height_mm(bars),
        narrow_mm=FRAME_MM + NARROW_BAR_MM * _narrow_places(bars)[1],
    )


def _bars(table: CountTable, words: Words) -> list[_Bar]:
    inner = table.counts[~table.counts["is_margin"].astype(bool)]
    down, across = table.dimensions[0], (*table.dimensions, "")[1]
    others = list(dict.fromkeys(inner[across].astype(str))) if across else [""]
    bars = [
        _Bar(
            row=level_text(down, str(row[down]), words, is_margin=False),
            own=level_text(across, str(row[across]), words, is_margin=False) if across else "",
            count=None if pd.isna(row["n"]) else int(row["n"]),
            position=others.index(str(row[across])) if across else 0,
        )
        for row in inner.to_dict("records")
    ]
    rows = list(dict.fromkeys(bar.row for bar in bars))
    return sorted(bars, key=lambda bar: rows.index(bar.row))


def _height_mm(bars: Sequence[_Bar]) -> float:
    rows = {bar.row for bar in bars}
    has_groups = len(bars) > len(rows)
    is_tall = not has_groups and any("\n" in _row_label(row) for row in rows)
    bar_mm = TALL_BAR_MM if is_tall else BAR_MM
    return FRAME_MM + bar_mm * max(1.0, len(bars) + GROUP_GAP * len(rows) * has_groups)


def _row_label(row: str) -> str:
    return wrapped(row, characters=LABEL_CHARACTERS)


def _draw(axes: Axes, bars: Sequence[_Bar], words: Words) -> None:
    quiet(axes, grid="x")
    axes.tick_params(axis="y", length=0)
    longest = max((bar.count or 0 for bar in bars), default=0)
    ticks = [tick for tick in nice_ticks(0, max(longest, 1)) if float(tick).is_integer()]
    axes.set_xlim(0, ticks[-1])
    axes.set_xticks(ticks, number_ticks(ticks, "count", words))
    axes.set_xlabel(words.say("chart.persons"))
    centres = _narrow_places(bars)[0] if is_narrow(axes) else _centres(bars)
    for centre, bar in zip(centres, bars, strict=True):
        axes.barh(
            centre,
            bar.count or 0,
            height=BAR_HEIGHT,
            color=colour_of(bar.position),
            edgecolor="white",
            linewidth=0,
            hatch=HATCHES[bar.position % len(HATCHES)],
        )
        number = (
            words.say("withheld.marker") if bar.count is None else words.numbers.count(bar.count)
        )
        text = words.say("chart.count_of", label=bar.own, count=number).strip()
        colour = QUIET_INK if bar.count is None else None
        write(axes, text, (bar.count or 0, centre), off=(4, 0), colour=colour, va="center")
    rows: dict[str, list[float]] = {}
    for centre, bar in zip(centres, bars, strict=True):
        rows.setdefault(bar.row, []).append(centre)
    if is_narrow(axes):
        _labels_above(axes, rows)
        axes.set_ylim(_narrow_places(bars)[1], 0)
        return
    axes.set_yticks(
        [sum(where) / len(where) for where in rows.values()], [_row_label(row) for row in rows]
    )
    axes.set_ylim(max(centres, default=0) + 0.6, -0.6)


def _labels_above(axes: Axes, rows: Mapping[str, Sequence[float]]) -> None:
    """Each row's label over its first bar."""
    axes.set_yticks([])
    for row, centres in rows.items():
        label = wrapped(row, characters=NARROW_CHARACTERS)
        write_above_row(axes, label, centres[0] - 0.5, va="bottom")


def _narrow_places(bars: Sequence[_Bar]) -> tuple[list[float], float]:
    """Where bars lie that have their row's label above them, and where the last ends."""
    centres, edge = list[float](), 0.0
    for i, bar in enumerate(bars):
        if i == 0 or bars[i - 1].row != bar.row:
            lines = wrapped(bar.row, characters=NARROW_CHARACTERS).count("\n") + 1
            edge += 0.3 + lines * LINE_MM / NARROW_BAR_MM
        centres.append(edge + 0.5)
        edge += 1
    return centres, max(edge, 1.0)


def _centres(bars: Sequence[_Bar]) -> list[float]:
    """Bars of a row stand close, rows of several bars apart."""
    has_groups = any(bar.own for bar in bars)
    centres: list[float] = []
    for i, bar in enumerate(bars):
        is_new_row = i > 0 and bars[i - 1].row != bar.row
        centres.append(centres[-1] + 1 + GROUP_GAP * (has_groups and is_new_row) if i else 0.0)
    return centres
