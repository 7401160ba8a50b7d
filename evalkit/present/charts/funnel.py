"""Funnel plots: sites by size against the limits of chance, labelled where they lie outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.axes import nice_ticks, number_ticks
from evalkit.present.charts.canvas import (
    COLOURS,
    INK,
    LINE_MM,
    MM_PER_INCH,
    NARROW_MM,
    QUIET_INK,
    WIDTH_MM,
    drawn_figure,
    is_narrow,
    quiet,
)
from evalkit.present.charts.direct_labels import EndLabel, draw_end_labels, key_lines
from evalkit.present.charts.point_names import NamedPoint, name_points
from evalkit.present.labels import Words
from evalkit.present.sentences.sites import MOST_NAMED, shortened
from evalkit.present.tables.cells import internal_notes
from evalkit.present.tables.sites import funnel_table
from evalkit.results import Funnel, FunnelPoint, Released

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT_MM = 92.0
# Of the sheet, what the axes themselves take up.
PART = 0.75
FEW = 6
_STYLES = ((0, (5, 2)), "solid")


def funnel_figure(
    released: Released[Funnel],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    labels: Sequence[str],
    dimension: str,
) -> FigureBlock:
    """Sites by size, with the limits that chance keeps them within.

    Only sites outside the limits carry their name – all of them where they are few – so that
    nobody reads an order into the rest.

    Args:
        labels: Printed names of the sites, in the order of the points.
        dimension: What the sites are levels of.
    """
    funnel = released.result
    notes = (*_notes(funnel, words), *internal_notes(released, words))
    data = funnel_table(
        funnel.points,
        words,
        table_id=f"{figure_id}-data",
        caption=caption,
        labels=labels,
        dimension=dimension,
        notes=notes,
    )
    alternative = _alternative(funnel, labels, words)
    return drawn_figure(
        data,
        lambda sheet: _draw(sheet.add_subplot(), funnel, labels, words),
        alt=alternative,
        height_mm=HEIGHT_MM,
        narrow_mm=HEIGHT_MM + LINE_MM * key_lines([" "] * (len(funnel.lines) + 1), " "),
    )


def _notes(funnel: Funnel, words: Words) -> tuple[str, ...]:
    if funnel.allowance == "none":
        return (words.say("sites.note.limits"),)
    factor = words.numbers.number(funnel.dispersion, decimals=1)
    return (words.say("sites.note.additive", factor=factor),)


def _alternative(funnel: Funnel, labels: Sequence[str], words: Words) -> str:
    sizes = [point.size for point in funnel.points]
    parts = [
        words.say(
            "alt.funnel",
            count=len(funnel.points),
            smallest=round(min(sizes)),
            largest=round(max(sizes)),
            reference=words.numbers.percent(funnel.reference),
        )
    ]
    for zone in ("outside_above", "warning_above", "warning_below", "outside_below"):
        named = [label for label, point in _named(funnel, labels) if point.zone == zone]
        if named:
            names = words.labels.all_of(shortened(named, words))
            parts.append(words.say(f"alt.funnel.{zone}", names=names))
    if all(point.zone == "inside" for point in funnel.points):
        parts.append(words.say("alt.funnel.inside"))
    return " ".join(parts)


def _named(funnel: Funnel, labels: Sequence[str]) -> list[tuple[str, FunnelPoint]]:
    return list(zip(labels, funnel.points, strict=True))


def _draw(axes: Axes, funnel: Funnel, labels: Sequence[str], words: Words) -> None:
    quiet(axes)
    _frame(axes, funnel, words)
    end = axes.get_xlim()[1]
    value = words.numbers.percent(funnel.reference)
    text = words.say("sites.reference", value=value)
    ends = [EndLabel(text, end, funnel.reference, COLOURS[0])]
    axes.axhline(funnel.reference, color=COLOURS[0], linewidth=1.4, zorder=1)
    for line, style in zip(funnel.lines, _STYLES, strict=True):
        label = words.say("sites.limit", level=words.numbers.percent_short(line.level))
        for side in (line.low, line.high):
            axes.plot(line.size, side, color=QUIET_INK, linewidth=1.3, linestyle=style, zorder=1)
            inside = axes.get_ylim()[0] < side[-1] < axes.get_ylim()[1]
            if inside:
                ends.append(EndLabel(label, end, float(side[-1]), QUIET_INK, style, 1.3))
    # In a key above the chart each kind of line is named once.
    ends = list({one.text: one for one in ends}.values()) if is_narrow(axes) else ends
    heading = words.say("column.share")
    height = HEIGHT_MM / MM_PER_INCH * PART
    draw_end_labels(axes, ends, height_inches=height, heading=heading)
    _draw_points(axes, funnel, labels)


def _frame(axes: Axes, funnel: Funnel, words: Words) -> None:
    # All points, and the limits as far as they help a reader: at the middle site both.
    values = [point.row.value for point in funnel.points]
    by_size = sorted(funnel.points, key=lambda point: point.size)
    ends = [*by_size[0].narrow, *by_size[len(by_size) // 2].wide]
    low, high = min(*values, *ends), max(*values, *ends)
    ticks = [tick for tick in nice_ticks(max(low - 0.02, 0.0), high + 0.02) if 0 <= tick <= 1]
    axes.set_ylim(
        ticks[0] - 0.01 * (ticks[-1] - ticks[0]), ticks[-1] + 0.01 * (ticks[-1] - ticks[0])
    )
    axes.set_yticks(ticks, number_ticks(ticks, "percent", words))
    largest = float(funnel.lines[0].size[-1])
    sizes = [size for size in nice_ticks(0.0, largest) if size <= largest]
    axes.set_xlim(0.0, largest)
    axes.set_xticks(sizes, [words.numbers.count(size) for size in sizes])
    axes.set_xlabel(words.say("column.persons"))
    if not is_narrow(axes):
        axes.set_ylabel(words.say("column.share"))


def _draw_points(axes: Axes, funnel: Funnel, labels: Sequence[str]) -> None:
    few = len(funnel.points) <= FEW
    is_named = _named_zones(funnel)
    named = []
    for label, point in _named(funnel, labels):
        is_inside = point.zone == "inside"
        colour = COLOURS[0] if is_inside else COLOURS[1]
        marker = "o" if is_inside else ("D" if point.zone.startswith("outside") else "s")
        size = 6.5 if few or not is_inside else 5.0
        axes.plot(
            [point.size],
            [point.row.value],
            marker,
            color=colour,
            markersize=size,
            zorder=5,
            markeredgecolor="white",
            markeredgewidth=0.8,
        )
        if few or point.zone in is_named:
            ink = INK if is_inside else COLOURS[1]
            named.append(NamedPoint(label, point.size, point.row.value, ink))
    name_points(
        axes,
        named,
        among=[(point.size, point.row.value) for point in funnel.points],
        line=funnel.reference,
        size_mm=((NARROW_MM if is_narrow(axes) else WIDTH_MM) * PART, HEIGHT_MM * PART),
    )


def _named_zones(funnel: Funnel) -> frozenset[str]:
    """Where sites carry their name: outside; where those are many, beyond the wider limits only.

    The table names them all.
    """
    wide = {"outside_below", "outside_above"}
    zones = [point.zone for point in funnel.points if point.zone != "inside"]
    if len(zones) <= MOST_NAMED:
        return frozenset(zones)
    return frozenset(wide if sum(zone in wide for zone in zones) <= MOST_NAMED else ())
