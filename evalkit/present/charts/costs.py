"""The break-even chart: what an additional outcome cost if so many would have come anyway."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from evalkit.present.blocks import Cell
from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.axes import nice_ticks, number_ticks
from evalkit.present.charts.canvas import (
    COLOURS,
    NARROW_CHARACTERS,
    QUIET_INK,
    drawn_figure,
    is_narrow,
    name_values,
    quiet,
    wrapped,
    write,
)
from evalkit.present.labels import Words
from evalkit.present.numbers import DECIMALS
from evalkit.present.tables import estimates_table
from evalkit.present.tables.cells import number_cell
from evalkit.results import Estimate, EstimateRow, Released

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_MM, NARROW_PANEL_MM = 76.0, 90.0
TALLEST = 6.0  # times the cost when nobody would have come anyway; beyond, the line leaves
TALLEST_MARKED = 15.0  # the same where a comparison group's cost lies higher
ROOM = 0.2  # of the axis of shares, to the right of the share with the outcome
TABLE_STEP = 0.05
MARK_CHARACTERS, NARROW_MARK = 24, 13
MARK_HEIGHT, NONE_HEIGHT = 0.62, 0.5  # of the panel: the words on no outcome stand below
NONE_FILL = "#EEF0F3"


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a comparison group stands on the axis of assumed shares, and the cost there."""

    share: Estimate
    cost: EstimateRow


def break_even_figure(
    released: Released[Sequence[Estimate]],
    words: Words,
    *,
    share: Released[Estimate],
    counterfactuals: Sequence[float],
    figure_id: str,
    caption: str,
    compared: Released[Sequence[EstimateRow]] | None = None,
    source: str = "",
) -> FigureBlock:
    """Cost per additional outcome over the assumed share, with the band of the share's interval.

    Args:
        share: The share with the outcome: from there on no outcome is additional.
        counterfactuals: Assumed shares, ascending from 0.
        compared: By a comparison group, the share without the programme and the cost there.
    """
    rows = list(released.result)
    mark = _Mark(*compared.result) if compared is not None else None  # type: ignore[arg-type]
    alternative = _alternative(rows, counterfactuals, share.result, words)
    if mark is not None:
        alternative += " " + _mark_alternative(mark, words)
    told = _table_rows(rows, counterfactuals, mark, words)
    shown: Released[Any] = released

    def draw(sheet: Figure) -> None:
        axes = sheet.add_subplot()
        _draw(axes, rows, counterfactuals, share.result, words, top=_top(rows, mark))
        if mark is not None:
            _draw_mark(axes, mark, words)

    data = estimates_table(
        replace(shown, result=[row for _, row in told]),
        words,
        table_id=f"{figure_id}-data",
        caption=caption,
        row_labels=[share.text for share, _ in told],
        row_heading=words.say("costs.additional.column"),
        source=source,
    )
    cells = zip(told, data.rows, strict=True)
    data = replace(data, rows=tuple((share, *row[1:]) for (share, _), row in cells))
    return drawn_figure(
        data, draw, alt=alternative, height_mm=PANEL_MM, narrow_mm=NARROW_PANEL_MM, notes=()
    )


def _draw(
    axes: Axes,
    rows: Sequence[Estimate],
    counterfactuals: Sequence[float],
    share: Estimate,
    words: Words,
    *,
    top: float,
) -> None:
    quiet(axes)
    ticks = nice_ticks(0.0, top)
    top = ticks[-1]
    values, low, high = (
        [min(end, 10 * top) for end in ends]
        for ends in zip(*((row.value, row.low, row.high) for row in rows), strict=True)
    )
    axes.axvspan(share.value, 1.0, color=NONE_FILL, linewidth=0)
    axes.axvline(share.value, color=QUIET_INK, linewidth=1.0, linestyle=(0, (4, 2)))
    low, high = ([min(end, top) for end in ends] for ends in (low, high))
    axes.fill_between(counterfactuals, low, high, color=COLOURS[0], alpha=0.16, linewidth=0)
    axes.plot(*_up_to(top, counterfactuals, values), color=COLOURS[0])
    axes.set_ylim(0, top)
    axes.set_yticks(ticks, number_ticks(ticks, "sek", words, with_unit=False))
    last = min(math.ceil((share.value + ROOM) * 10), 10)
    axes.set_xlim(0, last / 10)
    shares = [place / 10 for place in range(0, last + 1, 2 if last > 5 else 1)]
    axes.set_xticks(shares, [words.numbers.percent(one, decimals=0) for one in shares])
    narrow = is_narrow(axes)
    axis = words.say("costs.additional.axis")
    axes.set_xlabel(wrapped(axis, characters=NARROW_CHARACTERS) if narrow else axis)
    name_values(axes, words.say("costs.additional.y"))
    told = words.say("costs.additional.none", share=words.numbers.percent(share.value))
    told = wrapped(told, characters=NARROW_MARK if narrow else MARK_CHARACTERS)
    write(axes, told, (share.value, NONE_HEIGHT), on="y", off=(5, 0), colour=QUIET_INK, va="top")


def _up_to(
    top: float, shares: Sequence[float], costs: Sequence[float]
) -> tuple[Sequence[float], Sequence[float]]:
    """The line until it leaves the axes: nothing is drawn beyond their edge."""
    for place, (here, there) in enumerate(pairwise(costs), start=1):
        if there > top:
            last, step = shares[place - 1], shares[place] - shares[place - 1]
            edge = last + step * (top - here) / (there - here)
            return [*shares[:place], edge], [*costs[:place], top]
    return shares, costs


def _top(rows: Sequence[Estimate], mark: _Mark | None) -> float:
    """How far up the axis goes: to the comparison's cost too, unless the line were flat then."""
    first = rows[0].value
    if mark is None or not isinstance(mark.cost, Estimate):
        return first * TALLEST
    return min(max(mark.cost.value * 1.1, first * TALLEST), first * TALLEST_MARKED)


def _draw_mark(axes: Axes, mark: _Mark, words: Words) -> None:
    """The comparison's share with its interval across, where it meets the line if it does."""
    colour, told, share = COLOURS[1], words.value(mark.share), mark.share
    height, last = MARK_HEIGHT * axes.get_ylim()[1], axes.get_xlim()[1]
    if isinstance(mark.cost, Estimate) and mark.cost.value <= axes.get_ylim()[1]:
        height = mark.cost.value
    axes.plot([share.value] * 2, [0, height], color=colour, linewidth=1.4)
    axes.plot([share.low, min(share.high, last)], [height] * 2, color=colour, linewidth=2.0)
    axes.plot([share.value], [height], "o", color=colour, markersize=5)
    characters = NARROW_MARK if is_narrow(axes) else MARK_CHARACTERS
    text = wrapped(words.say("costs.compared.mark", share=told), characters=characters)
    is_left = share.low > 1.5 * ROOM * last  # the line lies low there
    at, side, off = (share.low, "right", -5) if is_left else (share.high, "left", 5)
    write(axes, text, (at, height), off=(off, 0), colour=colour, ha=side, va="center")


def _table_rows(
    rows: Sequence[Estimate], counterfactuals: Sequence[float], mark: _Mark | None, words: Words
) -> list[tuple[Cell, EstimateRow]]:
    """Each row of the table after its share, ascending, the comparison's among them."""
    told: list[tuple[Cell, EstimateRow]] = [
        (number_cell(assumed, "percent", words, decimals=0), row)
        for assumed, row in zip(counterfactuals, rows, strict=True)
        if _is_step(assumed, TABLE_STEP)
    ]
    if mark is not None:
        share = words.value(mark.share)
        label = words.say("costs.compared.row", share=share)
        told.append((Cell(label, mark.share.value, "percent", DECIMALS["percent"]), mark.cost))
    return sorted(told, key=lambda one: one[0].value or 0.0)


def _mark_alternative(mark: _Mark, words: Words) -> str:
    cost = mark.cost
    return words.say(
        "costs.compared.alt",
        share=words.value(mark.share),
        interval=words.interval(mark.share),
        value=words.value(cost) if isinstance(cost, Estimate) else words.say("number.no_limit"),
    )


def _is_step(share: float, step: float) -> bool:
    return round(share / step, 6).is_integer()


def _alternative(
    rows: Sequence[Estimate], counterfactuals: Sequence[float], share: Estimate, words: Words
) -> str:
    points = [
        words.say(
            "costs.additional.point",
            value=words.value(row),
            share=words.numbers.percent(assumed, decimals=0),
        )
        for row, assumed in zip(rows, counterfactuals, strict=True)
        if math.isfinite(row.value) and _is_step(assumed, 0.1)
    ]
    return words.say(
        "costs.additional.alt",
        points=words.labels.all_of(points),
        share=words.numbers.percent(share.value),
    )
