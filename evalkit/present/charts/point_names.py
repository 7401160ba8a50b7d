"""Names beside points of a chart: clear of each other, of other points and of a middle line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from evalkit.present.charts.canvas import MM_PER_INCH, POINTS_PER_INCH, SMALL_POINTS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The width of a letter, of its height; from a point to its name; from one name to the next.
LETTER = 0.5
GAP_POINTS = 8.0
NAME_POINTS = SMALL_POINTS * 1.25


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """A point, in the units of the axes, and the name and colour it carries."""

    label: str
    x: float
    y: float
    colour: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name wants to stand: its middle and its two ends, in points."""

    y: float
    left: float
    right: float
    is_left: bool


@dataclass(frozen=True, slots=True)
class _Sheet:
    """How far along and up the axes a value lies, in points."""

    x_limits: tuple[float, float]
    y_limits: tuple[float, float]
    size_mm: tuple[float, float]

    def across(self, x: float) -> float:
        return self._points(x, self.x_limits, self.size_mm[0])

    @property
    def width(self) -> float:
        return self.across(self.x_limits[1])

    def up(self, y: float) -> float:
        return self._points(y, self.y_limits, self.size_mm[1])

    @staticmethod
    def _points(value: float, limits: tuple[float, float], size_mm: float) -> float:
        low, high = limits
        return (value - low) / (high - low) * size_mm / MM_PER_INCH * POINTS_PER_INCH


def name_points(
    axes: Axes,
    named: Sequence[NamedPoint],
    *,
    among: Sequence[tuple[float, float]],
    line: float,
    size_mm: tuple[float, float],
) -> None:
    """Names beside their points, with a leader where one had to move.

    Args:
        axes: With their limits set.
        named: The points that carry a name.
        among: Every point drawn, named or not.
        line: Height of the line that no name may cross.
        size_mm: Width and height of the axes on the sheet.
    """
    sheet = _Sheet(axes.get_xlim(), axes.get_ylim(), size_mm)
    marks = [(sheet.across(x), sheet.up(y)) for x, y in among]
    named = [replace(point, label=_fitting(sheet, point)) for point in named]
    placed = [_place(sheet, point, marks) for point in named]
    middle = sheet.up(line)
    for group in _meeting(placed):
        moved = _away_from(middle, [placed[i].y for i in group])
        for i, y in zip(group, moved, strict=True):
            _name(axes, named[i], is_left=placed[i].is_left, shift=y - placed[i].y)


def _fitting(sheet: _Sheet, point: NamedPoint) -> str:
    """The name, shortened where neither side of the point has room for it."""
    x = sheet.across(point.x)
    room = max(x, sheet.width - x) - GAP_POINTS
    letters = max(int(room / (SMALL_POINTS * LETTER)), 2)
    if len(point.label) <= letters:
        return point.label
    return shorten(point.label, letters, placeholder="…").strip("…") + "…"


def _place(sheet: _Sheet, point: NamedPoint, marks: Sequence[tuple[float, float]]) -> _Place:
    """On the side with more room, or on the other if only there no other point is in the way."""
    x, y = sheet.across(point.x), sheet.up(point.y)
    width = len(point.label) * SMALL_POINTS * LETTER
    roomy = point.x > sum(sheet.x_limits) / 2
    places = [
        _Place(y, left, left + width, is_left)
        for is_left in (roomy, not roomy)
        for left in [x - GAP_POINTS - width if is_left else x + GAP_POINTS]
    ]
    others = [mark for mark in marks if mark != (x, y)]
    within = [place for place in places if place.left > 0 and place.right < sheet.width]
    free = [place for place in within if not _covers(place, others)]
    return (free or within or places)[0]


def _covers(place: _Place, marks: Sequence[tuple[float, float]]) -> bool:
    around = GAP_POINTS / 2
    return any(
        place.left - around < x < place.right + around and abs(place.y - y) < NAME_POINTS
        for x, y in marks
    )


def _meeting(placed: Sequence[_Place]) -> list[list[int]]:
    """Names that share some of the width, from left to right."""
    groups: list[list[int]] = []
    end = -math.inf
    for i in sorted(range(len(placed)), key=lambda i: placed[i].left):
        if placed[i].left < end:
            groups[-1].append(i)
        else:
            groups.append([i])
        end = max(end, placed[i].right)
    return groups


def _away_from(middle: float, centres: Sequence[float]) -> list[float]:
    """Centres of names moved away from a line as little as needed to stand clear of it.

    >>> _away_from(100.0, [101.0, 103.0, 160.0, 99.0]) == [
    ...     100 + NAME_POINTS / 2, 100 + NAME_POINTS * 1.5, 160.0, 100 - NAME_POINTS / 2
    ... ]
    True
    """
    moved = list(centres)
    for side in (1, -1):
        end = -NAME_POINTS / 2
        for i in sorted(range(len(centres)), key=lambda i: abs(centres[i] - middle)):
            if (centres[i] >= middle) == (side == 1):
                end = max(abs(centres[i] - middle), end + NAME_POINTS)
                moved[i] = middle + side * end
    return moved


def _name(axes: Axes, point: NamedPoint, *, is_left: bool, shift: float) -> None:
    leader = {
        "arrowstyle": "-",
        "color": point.colour,
        "linewidth": 0.7,
        "shrinkA": 0,
        "shrinkB": 3,
    }
    name = axes.annotate(
        point.label,
        xy=(point.x, point.y),
        xytext=(-GAP_POINTS if is_left else GAP_POINTS, shift),
        textcoords="offset points",
        ha="right" if is_left else "left",
        va="center",
        fontsize=SMALL_POINTS,
        color=point.colour,
        zorder=4,
        path_effects=_halo(),
        arrowprops={**leader, "shrinkA": 0, "shrinkB": 3, "relpos": (1 if is_left else 0, 0.5)}
        if abs(shift) > NAME_POINTS / 2
        else None,
    )
    # A long name may reach beyond the frame; it must not push the frame together.
    name.set_in_layout(False)


def _halo() -> list[Any]:
    """A white edge, so that a name can be read where it crosses a line."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.5, foreground="white")]
