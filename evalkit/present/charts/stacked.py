"""Exits and those still enrolled as parts of everyone: bars to 100 % at a few days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.canvas import (
    LINE_MM,
    NARROW_CHARACTERS,
    SMALL_POINTS,
    colour_of,
    drawn_figure,
    is_narrow,
    quiet,
    wrapped,
    write,
)
from evalkit.present.charts.direct_labels import key_lines
from evalkit.present.curve_lines import Line, lines_of
from evalkit.present.labels import Words
from evalkit.present.tables import curve_table
from evalkit.results import Curve, Released

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BAR_MM, FRAME_MM = 12.0, 22.0
KEY_MM = 6.0
WIDE_ENOUGH, NARROW_ENOUGH = 0.06, 0.14  # of everyone, for a number to stand inside
STILL_THERE = "#D9DCE1"
DAYS = (90.0, 180.0, 365.0)


def common_days(curve: Curve) -> tuple[float, ...]:
    """Days at which every exit can be read, so that with those still there they make a whole."""
    lines = lines_of(curve)
    if len(curve.groups) > 1 or len(lines) < len(("work", "other")):
        return ()
    if all(line.has_points for line in lines):
        days = sorted(set.intersection(*(set(map(float, line.days)) for line in lines)))
    else:
        days = [day for day in DAYS if day <= min(line.follow_up for line in lines)]
    whole = 1.0 + 1e-9
    return tuple(day for day in days if sum(_shares(lines, day)) <= whole)


def stacked_figure(
    released: Released[Curve], words: Words, *, figure_id: str, caption: str
) -> FigureBlock:
    """A bar per day of `common_days`: each exit, and at the end those still enrolled."""
    curve = released.result
    lines, days = lines_of(curve), common_days(curve)
    names = [words.labels.level("cause", line.cause) for line in lines]
    names.append(words.say("chart.still_enrolled"))
    bars = [_with_rest(_shares(lines, day)) for day in days]
    alternative = _alternative(days, names, bars, words)
    height = BAR_MM * len(days) + FRAME_MM
    data = curve_table(
        released,
        words,
        table_id=f"{figure_id}-data",
        caption=caption,
        value_heading=words.say("chart.share_done", outcome=words.labels.done(["any"])),
    )
    return drawn_figure(
        data,
        lambda sheet: _draw(sheet.add_subplot(), days, names, bars, words),
        alt=alternative,
        height_mm=height + KEY_MM,
        narrow_mm=height + LINE_MM * (key_lines(names, "") + 1),
        notes=(*data.notes, words.say("note.intervals_in_table")),
    )


def _shares(lines: Sequence[Line], day: float) -> list[float]:
    found = (line.reading(day) for line in lines)
    return [0.0 if one is None else one.value for one in found]


def _with_rest(shares: Sequence[float]) -> list[float]:
    return [*shares, max(0.0, 1.0 - sum(shares))]


def _alternative(
    days: Sequence[float], names: Sequence[str], bars: Sequence[Sequence[float]], words: Words
) -> str:
    sentences = [words.say("alt.stacked")]
    for day, bar in zip(days, bars, strict=True):
        parts = [
            words.say("alt.item", label=name, value=words.numbers.percent(share))
            for name, share in zip(names, bar, strict=True)
        ]
        text = words.say("alt.stacked.day", days=words.numbers.days(day))
        sentences.append(f"{text} {'; '.join(parts)}.")
    return " ".join(sentences)


def _draw(
    axes: Axes,
    days: Sequence[float],
    names: Sequence[str],
    bars: Sequence[Sequence[float]],
    words: Words,
) -> None:
    from matplotlib.patches import Patch

    quiet(axes, grid="x")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    colours = [*(colour_of(i) for i in range(len(names) - 1)), STILL_THERE]
    narrow = is_narrow(axes)
    smallest = NARROW_ENOUGH if narrow else WIDE_ENOUGH
    for row, bar in enumerate(bars):
        left = 0.0
        for share, colour in zip(bar, colours, strict=True):
            axes.barh(row, share, left=left, height=0.72, color=colour, edgecolor="white")
            if share >= smallest:
                ink = "black" if colour == STILL_THERE else "white"
                at, text = (left + share / 2, row), words.numbers.percent(share)
                write(axes, text, at, colour=ink, ha="center", va="center")
            left += share
    axes.set_xlim(0, 1)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_yticks(range(len(bars)), [words.numbers.days(day) for day in days])
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    axes.set_xticks(ticks, [words.numbers.percent(tick, decimals=0) for tick in ticks])
    axes.set_xlabel(words.say("chart.of_everyone"))
    axes.legend(
        [Patch(facecolor=colour) for colour in colours],
        [wrapped(name, characters=NARROW_CHARACTERS - 10) for name in names],
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=1 if narrow else len(names),
        frameon=False,
        fontsize=SMALL_POINTS,
        handlelength=1.2,
        borderpad=0.2,
        columnspacing=1.2,
    )
