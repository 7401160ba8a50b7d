"""The numbers at risk under a curve, each under its day on the axis above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evalkit.present.charts.canvas import (
    NARROW_CHARACTERS,
    QUIET_INK,
    colour_of,
    is_narrow,
    wrapped,
    write,
)
from evalkit.present.curve_lines import Line
from evalkit.present.labels import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RISK_LINE_MM = 5.0
RISK_LABEL_CHARACTERS = 18


def risk_rows(lines: Sequence[Line], dimension: str, words: Words) -> list[tuple[str, Line]]:
    """One row per group; everyone's row needs no label."""
    groups = {line.group: line for line in reversed(lines)}
    return [
        (words.labels.level(dimension, group) if group else "", groups[group])
        for group in dict.fromkeys(line.group for line in lines)
    ]


def risk_labels(rows: Sequence[tuple[str, Line]], *, narrow: bool) -> list[str]:
    """The labels of the rows as they stand left of their numbers, or above them."""
    characters = NARROW_CHARACTERS if narrow else RISK_LABEL_CHARACTERS
    return [wrapped(label, characters=characters) if label else "" for label, _ in rows]


def risk_heights(rows: Sequence[tuple[str, Line]], *, narrow: bool) -> list[int]:
    """How many lines each row takes, its numbers included."""
    labels = risk_labels(rows, narrow=narrow)
    return [label.count("\n") + 1 + (narrow and bool(label)) for label in labels]


def draw_risk(
    axes: Axes, rows: Sequence[tuple[str, Line]], ticks: Sequence[int], words: Words
) -> None:
    """The number at risk, each under its day on the axis above."""
    axes.set_axis_off()
    narrow = is_narrow(axes)
    labels, heights = risk_labels(rows, narrow=narrow), risk_heights(rows, narrow=narrow)
    axes.set_ylim(sum(heights) + 1, 0)
    write(axes, words.say("chart.at_risk"), (0, 0.5), on="x", colour=QUIET_INK, va="center")
    below = 1.0
    for position, (label, (_, line), height) in enumerate(zip(labels, rows, heights, strict=True)):
        # On a narrow sheet the label stands on lines of its own above the numbers.
        middle = below + (height - 0.5 if narrow else height / 2)
        label_at = below + (height - 1) / 2 if narrow else middle
        below += height
        colour = colour_of(position) if len(rows) > 1 else QUIET_INK
        side, shift = ("left", 0) if narrow else ("right", -16)
        at = (0, label_at)
        write(axes, label, at, on="x", off=(shift, 0), colour=colour, ha=side, va="center")
        for day in ticks:
            if day <= line.follow_up:
                at_risk = words.numbers.count(round(line.at_risk_on(day)))
                write(axes, at_risk, (day, middle), ha="center", va="center")
