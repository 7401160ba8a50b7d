"""Labels at the ends of lines, moved apart where they would overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evalkit.present.charts.canvas import (
    NARROW_CHARACTERS,
    POINTS_PER_INCH,
    SMALL_POINTS,
    is_narrow,
    wrapped,
    write,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE_HEIGHT = 1.25
GAP_POINTS = 3.0
MARGIN_START, LEADER_END = 1.03, 1.021
CHARACTERS = 24
KEY_CHARACTERS = 36


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A text that belongs to the point where its line ends (data coordinates)."""

    text: str
    x: float
    y: float
    colour: str
    style: Any = "solid"
    width: float = 2.0


def spread(centres: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Centres moved as little as needed for boxes of the given heights not to overlap.

    Pool adjacent violators: boxes that touch move together around their common mean.

    >>> spread([10.0, 11.0], [4.0, 4.0])
    [8.5, 12.5]
    """
    order = sorted(range(len(centres)), key=lambda i: centres[i])
    blocks: list[tuple[float, list[int]]] = []  # lowest edge of a pile, and who is in it
    for index in order:
        pile, members = centres[index] - heights[index] / 2, [index]
        while blocks and blocks[-1][0] + _height(blocks[-1][1], heights) > pile:
            _, below = blocks.pop()
            members = below + members
            pile = _pile_bottom(members, centres, heights)
        blocks.append((pile, members))
    moved = [0.0] * len(centres)
    for bottom, members in blocks:
        edge = bottom
        for index in members:
            moved[index] = edge + heights[index] / 2
            edge += heights[index]
    return moved


def draw_end_labels(
    axes: Axes, labels: Sequence[EndLabel], *, height_inches: float, heading: str = ""
) -> None:
    """The labels in the right margin, each with a thin leader from the end of its line.

    On a narrow sheet they stand above the lines, each after a piece of its line.

    Args:
        axes: Axes with their limits set.
        labels: One per line.
        height_inches: Approximate height of the axes, to keep labels apart in points.
        heading: What stands over the labels on a narrow sheet.
    """
    if is_narrow(axes):
        _draw_key(axes, labels, heading)
        return
    labels = [replace(one, text=wrapped(one.text, characters=CHARACTERS)) for one in labels]
    low, high = axes.get_ylim()
    points = height_inches * POINTS_PER_INCH / (high - low)
    heights = [
        (label.text.count("\n") + 1) * SMALL_POINTS * LINE_HEIGHT + GAP_POINTS for label in labels
    ]
    placed = spread([(label.y - low) * points for label in labels], heights)
    for label, centre in zip(labels, placed, strict=True):
        height = low + centre / points
        looks: dict[str, Any] = {"va": "center", "ha": "left", "linespacing": LINE_HEIGHT}
        at = (MARGIN_START, height)
        write(axes, label.text, at, on="x", colour=label.colour, **looks)
        axes.annotate(
            "",
            xy=(label.x, label.y),
            xytext=(LEADER_END, height),
            textcoords=axes.get_yaxis_transform(),
            annotation_clip=False,
            arrowprops=_leader(label.colour, is_long=label.x < axes.get_xlim()[1]),
        )


def key_lines(texts: Sequence[str], heading: str) -> int:
    """How many lines of text stand above the axes of a narrow sheet."""
    over = [wrapped(heading, characters=NARROW_CHARACTERS)] if heading else []
    names = [wrapped(text, characters=KEY_CHARACTERS) for text in texts if text]
    return sum(text.count("\n") + 1 for text in [*over, *names])


def _draw_key(axes: Axes, labels: Sequence[EndLabel], heading: str) -> None:
    """The labels above the axes, the highest line first."""
    from matplotlib.lines import Line2D

    ordered = sorted((one for one in labels if one.text), key=lambda one: -one.y)
    lines = [Line2D([], [], color=one.colour, linestyle=one.style, linewidth=one.width)
             for one in ordered]  # fmt: skip
    axes.legend(
        lines,
        [wrapped(one.text, characters=KEY_CHARACTERS) for one in ordered],
        title=wrapped(heading, characters=NARROW_CHARACTERS),
        alignment="left",
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        frameon=False,
        fontsize=SMALL_POINTS,
        title_fontsize=SMALL_POINTS,
        labelcolor=[one.colour for one in ordered],
        handlelength=2.6,
        handletextpad=0.6,
        labelspacing=0.3,
        borderaxespad=0.3,
        borderpad=0.0,
    )


def _leader(colour: str, *, is_long: bool) -> dict[str, object]:
    """A thin line; dotted where it crosses the chart, so that nobody reads it as data.

    It ends short of the label by its coordinates: to have it cut at the label's box costs
    matplotlib a fifth of the whole chart's time.
    """
    return {
        "linestyle": (0, (1, 2.5)) if is_long else "solid",
        "arrowstyle": "-",
        "color": colour,
        "linewidth": 0.7,
        "shrinkA": 0,
        "shrinkB": 0,
    }


def _height(members: Sequence[int], heights: Sequence[float]) -> float:
    return sum(heights[index] for index in members)


def _pile_bottom(
    members: Sequence[int], centres: Sequence[float], heights: Sequence[float]
) -> float:
    """Where a pile starts for its boxes to lie, on average, where they want to."""
    offset, wanted = 0.0, 0.0
    for index in members:
        wanted += centres[index] - (offset + heights[index] / 2)
        offset += heights[index]
    return wanted / len(members)
