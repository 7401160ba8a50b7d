"""Which days may be points of a curve: a fixed ladder, horizons first, blocks of 0 or many.

The ladder does not come from the data, so that a point which is missing tells less than the
finest grid that the counts allow would.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

STEP = 30
_MULTIPLES = (1, 2, 3)
Points = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Days that may be points, and what is good enough for a block.

    Attributes:
        days: All of them, ascending: multiples of 30 and the horizons.
        horizons: The main one first.
        threshold: A block holds nobody, or so many.
    """

    days: Points
    horizons: Points
    threshold: int

    def rungs(self) -> Iterator[Points]:
        """Finest first; then sets of horizons, larger and later first; then none."""
        known = [day for day in self.horizons if day in self.days]
        for multiple in _MULTIPLES:
            yield tuple(d for d in self.days if d % (multiple * STEP) == 0 or d in known)
        for size in range(len(known), 0, -1):
            subsets = [tuple(sorted(own)) for own in combinations(known, size)]
            yield from sorted(subsets, reverse=True)
        yield ()

    def value(self, points: Points) -> tuple[int, int, int]:
        """What a grid is worth: the main horizon, the others, then how many points."""
        main = int(bool(self.horizons) and self.horizons[0] in points)
        return main, len(set(points) & set(self.horizons)), len(points)


def ladder_of(longest: int, horizons: Sequence[int], threshold: int) -> Ladder:
    """The ladder up to the longest follow-up: nobody knows of a day after it."""
    steps = range(STEP, longest + 1, STEP)
    days = sorted({*steps, *(day for day in horizons if day <= longest)})
    return Ladder(tuple(days), tuple(horizons), threshold)


def binned(days: np.ndarray, ladder: Ladder) -> np.ndarray:
    """Persons per bin of the ladder's days, the open one last."""
    places = np.searchsorted(ladder.days, days, side="left")
    return np.bincount(places, minlength=len(ladder.days) + 1)


def blocks(rows: np.ndarray, points: Points, ladder: Ladder) -> np.ndarray:
    """``(r, p + 1)`` persons between the points, the open block last."""
    starts = [0, *(int(np.searchsorted(ladder.days, point)) + 1 for point in points)]
    sums = np.concatenate([np.zeros((len(rows), 1), dtype=np.int64), rows.cumsum(axis=1)], axis=1)
    ends = [*starts[1:], rows.shape[1]]
    merged: np.ndarray = sums[:, ends] - sums[:, starts]
    return merged


def is_good(counts: np.ndarray, threshold: int) -> bool:
    """Nobody, or at least as many as the threshold, everywhere."""
    return bool(((counts == 0) | (counts >= threshold)).all())


def grid(
    rows: np.ndarray,
    within: Sequence[int],
    ladder: Ladder,
    *,
    must: int | None = None,
) -> Points | None:
    """The best grid inside another one on which every block of every row is good.

    Args:
        rows: ``(r, bins)`` persons.
        within: Points that may be used.
        ladder: What to try.
        must: A point that has to be there.

    Returns:
        The points; ``None`` if not even the totals are good.
    """
    allowed = set(within)
    best: Points | None = None
    for rung in ladder.rungs():
        points = tuple(day for day in rung if day in allowed)
        for length in range(len(points), -1, -1):
            tried = points[:length]
            if best is not None and ladder.value(tried) <= ladder.value(best):
                break
            if (must is None or must in tried) and is_good(
                blocks(rows, tried, ladder), ladder.threshold
            ):
                best = tried
                break
    return best
