"""Many lines as one small panel each, all on the same axes: dashes in one grey cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from evalkit.present.charts.canvas import (
    MM_PER_INCH,
    NARROW_CHARACTERS,
    SMALL_POINTS,
    WIDTH_MM,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS, NARROW_COLUMNS = 3, 2
PANEL_MM, KEY_MM = 34.0, 22.0


def height_mm(panels: int, *, narrow: bool = False) -> float:
    """How tall a sheet of so many panels is, its key included."""
    columns = NARROW_COLUMNS if narrow else COLUMNS
    return PANEL_MM * -(-panels // columns) + KEY_MM


def draw_multiples(
    sheet: Figure,
    titles: Sequence[str],
    draw: Callable[[Axes, int], None],
    *,
    key: Sequence[tuple[str, Any]],
    heading: str,
) -> None:
    """A panel per title on shared axes, and above them what the lines and the values are.

    Args:
        sheet: The figure.
        titles: What stands over each panel.
        draw: Draws the panel at a position.
        key: Name and a line as it is drawn, for the lines that every panel has.
        heading: What the values are.
    """
    narrow = sheet.get_figwidth() * MM_PER_INCH < WIDTH_MM - 1
    columns = NARROW_COLUMNS if narrow else COLUMNS
    rows = -(-len(titles) // columns)
    panels = sheet.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for position, axes in enumerate(panels.flat):
        if position >= len(titles):
            axes.set_axis_off()
            continue
        draw(axes, position)
        axes.set_ylabel("")
        axes.set_title(titles[position], loc="left", fontsize=SMALL_POINTS, fontweight="bold")
        is_lowest = position + columns >= len(titles)
        axes.tick_params(labelleft=position % columns == 0, labelbottom=is_lowest)
    sheet.legend(
        [line for _, line in key],
        [name for name, _ in key],
        title=wrapped(heading, characters=NARROW_CHARACTERS if narrow else 100),
        alignment="left",
        loc="outside upper left",
        ncols=1 if narrow else len(key),
        frameon=False,
        fontsize=SMALL_POINTS,
        title_fontsize=SMALL_POINTS,
        handlelength=2.6,
    )
