"""Where persons are over time: the states stacked on each other, with the number followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from evalkit.present.blocks import Cell, Table
from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.axes import month_axis, share_axis
from evalkit.present.charts.canvas import (
    LINE_MM,
    MM_PER_INCH,
    POINTS_PER_INCH,
    QUIET_INK,
    SMALL_POINTS,
    colour_of,
    drawn_figure,
    is_narrow,
    quiet,
    write,
)
from evalkit.present.labels import Words
from evalkit.present.tables.cells import count_cell, internal_notes, number_cell
from evalkit.results import Released, StateCurves

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT_MM = 100.0
# Texture repeats what the colours say: the chart reads also in grey.
HATCHES = ("", "//", "\\\\", "..", "xx")
OPACITY = 0.75
NARROWEST_LABELLED = 0.06
RISK_MM = 15.5


def stacked_states_figure(
    released: Released[StateCurves], words: Words, *, figure_id: str, caption: str
) -> FigureBlock:
    """Shares in each state over time as areas that add up to all, over the number followed."""
    curves = released.result
    data = states_table(released, words, table_id=f"{figure_id}-data", caption=caption)
    numbers = words.numbers
    when = numbers.days(float(curves.days[-1]))
    states = [
        words.say(
            "after_leaving.alt.state",
            state=state_label(state, words),
            first=numbers.percent(float(curves.shares[0, place])),
            last=numbers.percent(float(curves.shares[-1, place])),
            when=when,
        )
        for place, state in enumerate(curves.states)
    ]
    followed = words.say(
        "after_leaving.alt.followed",
        first=float(curves.followed[0]),
        last=float(curves.followed[-1]),
        when=when,
    )
    alternative = " ".join([words.say("after_leaving.alt.stacked"), *states, followed])
    return drawn_figure(
        data,
        lambda sheet: _draw(sheet.add_subplot(), curves, words),
        alt=alternative,
        height_mm=HEIGHT_MM,
        narrow_mm=HEIGHT_MM + LINE_MM * (len(states) + 1),
    )


def states_table(
    released: Released[StateCurves], words: Words, *, table_id: str, caption: str
) -> Table:
    """One row per day: the share in each state and the number followed."""
    curves = released.result
    rows: list[tuple[Cell, ...]] = [
        (
            count_cell(float(day), words),
            *(number_cell(float(share), "percent", words) for share in shares),
            count_cell(float(followed), words),
        )
        for day, shares, followed in zip(curves.days, curves.shares, curves.followed, strict=True)
    ]
    notes = [words.say("after_leaving.note.between"), words.say("after_leaving.note.ends")]
    if "unknown" in curves.states:
        notes.append(words.say("after_leaving.note.unknown"))
    return Table(
        id=table_id,
        caption=caption,
        columns=(
            words.say("column.day"),
            *(state_label(state, words) for state in curves.states),
            words.say("after_leaving.chart.followed"),
        ),
        rows=tuple(rows),
        notes=(*notes, *internal_notes(released, words)),
    )


def state_label(state: str, words: Words) -> str:
    """The state's name as printed."""
    return words.labels.level("state", state)


def _draw(axes: Axes, curves: StateCurves, words: Words) -> None:
    tops = np.cumsum(curves.shares, axis=1)
    floors = np.column_stack([np.zeros(len(curves.days)), tops[:, :-1]])
    quiet(axes)
    share_axis(axes, 1.0, words)
    ticks = month_axis(axes, float(curves.days[-1]), words, with_label=True)
    axes.set_xlabel(words.say("after_leaving.chart.months"))
    areas = [
        axes.fill_between(
            curves.days,
            floors[:, place],
            tops[:, place],
            facecolor=colour_of(place),
            edgecolor="white",
            hatch=HATCHES[place % len(HATCHES)],
            alpha=OPACITY,
            linewidth=0.8,
        )
        for place in range(len(curves.states))
    ]
    names = [state_label(state, words) for state in curves.states]
    if is_narrow(axes):
        _legend(axes, areas[::-1], names[::-1])  # the uppermost area first
    elif np.any(curves.shares.max(axis=0)[curves.shares[-1] < NARROWEST_LABELLED]
                >= NARROWEST_LABELLED):  # fmt: skip
        _legend(axes, areas, names, ncols=len(names))  # an area that has ended has no label
    else:
        for place, name in enumerate(names):
            _label(axes, name, float(floors[-1, place]), float(tops[-1, place]), place)
    _number_followed(axes, curves, ticks, words)


def _legend(axes: Axes, areas: Sequence[Any], names: Sequence[str], *, ncols: int = 1) -> None:
    axes.legend(
        areas, names, loc="lower left", bbox_to_anchor=(0.0, 1.0), frameon=False,
        fontsize=SMALL_POINTS, borderpad=0.2, ncols=ncols,
    )  # fmt: skip


def _number_followed(axes: Axes, curves: StateCurves, ticks: Sequence[float], words: Words) -> None:
    """The number followed under each tick: a share late in time rests on few."""
    narrow = is_narrow(axes)
    below = -RISK_MM / MM_PER_INCH * POINTS_PER_INCH
    name, side = words.say("after_leaving.chart.followed"), "left" if narrow else "right"
    shift = (0 if narrow else -18, below)
    write(axes, name, (0.0, 0.0), on="both", off=shift, colour=QUIET_INK, ha=side)
    below -= narrow * LINE_MM / MM_PER_INCH * POINTS_PER_INCH  # no room beside its name
    for tick in ticks:
        row = int(np.searchsorted(curves.days, tick, side="left"))
        if row >= len(curves.days) or curves.days[row] != tick:
            continue  # the number on a later day is another
        n = words.numbers.count(float(curves.followed[row]))
        write(axes, n, (tick, 0.0), on="y", off=(0, below), colour=QUIET_INK, ha="center")


def _label(axes: Axes, label: str, low: float, high: float, place: int) -> None:
    """At the end of its area, in its colour; an area too thin has its name in the table."""
    if high - low < NARROWEST_LABELLED:
        return
    at = (1.0, (low + high) / 2)
    write(axes, label, at, on="x", off=(4, 0), colour=colour_of(place), va="center")
