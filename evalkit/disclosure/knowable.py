"""Sums that hold by chance in the data at hand, which no reader can know.

Whoever has read nothing knows no more than the definitions, and those hold for any register:
what adds up leaves everything open as long as nothing is printed. Where it does not, one of
the sums behind it is chance – that all of a few are in another group, that nobody is left.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from evalkit.disclosure.audit import unmet
from evalkit.disclosure.moves import Needs, NoSafeChoice
from evalkit.disclosure.system import System

# How likely a sum may be to hold by chance and still be taken as the definitions' own.
_CERTAIN = 1e-3
_TOLERANCE = 1e-6


def known(system: System, threshold: int, *, is_first: bool, stop: float = math.inf) -> System:
    """The system of what a reader can know; unless ``is_first`` earlier editions are unread.

    Raises:
        NoSafeChoice: With the cells that nothing can hide; or where the processor's clock has
            passed ``stop`` before that is known.
    """
    unread = system if is_first else replace(system, known=frozenset())
    closed = Needs(unread, threshold, 0, stop).hopeless()
    if not closed:
        return system
    found, still = knowable(unread, threshold, closed, stop)
    if is_first and still:
        raise NoSafeChoice(still)
    return replace(found, known=system.known)


def open_to_choice(system: System) -> System:
    """Without the needs that are unmet whatever is printed now.

    Earlier editions can leave some: withholding everything would not hide them.
    """
    nothing = np.ones(len(system.units), dtype=bool)
    lost = set(unmet(system, system.withheld_cells(nothing)))
    return replace(system, needs=tuple(need for need in system.needs if need not in lost))


def knowable(
    system: System, threshold: int, closed: Sequence[int], stop: float = math.inf
) -> tuple[System, tuple[int, ...]]:
    """The system without sums that close some cells while nothing is printed, and those left.

    Of those that together close a cell the likeliest to hold by chance goes. Where the
    definitions themselves close it, all stay, and it is closed.
    """
    chance = np.array(system.chances)
    kept = np.ones(len(chance), dtype=bool)
    matrix, still = system.matrix(), []
    for cell in closed:
        while len(lines := _closing(system, threshold, cell, matrix, kept)):
            if time.process_time() > stop:
                raise NoSafeChoice
            likeliest = lines[np.argmax(chance[lines])]
            if chance[likeliest] <= _CERTAIN:
                still.append((cell, kept.sum()))
                break
            kept[likeliest] = False
    sums = tuple(one for one, stays in zip(system.sums, kept, strict=True) if stays)
    # What went for the sake of a later cell may have opened an earlier one.
    shut = tuple(
        cell
        for cell, then in still
        if then == kept.sum() or len(_closing(system, threshold, cell, matrix, kept))
    )
    return replace(system, sums=sums, chances=tuple(chance[kept].tolist())), shut


def cells_that_close(system: System, threshold: int, closed: Sequence[int]) -> set[int]:
    """Cells of the sums that close some cells while nothing is printed."""
    matrix, kept = system.matrix(), np.ones(len(system.sums), dtype=bool)
    found = (_closing(system, threshold, cell, matrix, kept) for cell in closed)
    sums = (system.sums[line] for lines in found for line in lines)
    return {cell for whole, parts in sums for cell in (whole, *parts)} - system.known


def _closing(
    system: System, threshold: int, cell: int, matrix: sparse.csr_array, kept: np.ndarray
) -> np.ndarray:
    """Sums that together keep a cell from holding what it needs to; none where it may."""
    wanted = max(need.more for need in system.needs if need.cell == cell)
    high = np.full(len(system.counts), 2.0 * threshold)
    low = -np.clip(system.counts - system.lowest, 0.0, high)
    low[list(system.known)] = high[list(system.known)] = 0.0
    objective = np.zeros(len(high))
    objective[cell], high[cell] = -1.0, wanted
    solved = linprog(  # type: ignore[call-overload]  # the stubs do not know sparse sums
        objective,
        A_eq=matrix[kept],
        b_eq=np.zeros(kept.sum()),
        bounds=np.column_stack([low, high]),
        method="highs",
    )
    if -solved.fun > wanted - _TOLERANCE:
        return np.array([], dtype=np.int64)
    closing: np.ndarray = np.flatnonzero(kept)[np.abs(solved.eqlin.marginals) > _TOLERANCE]
    return closing
