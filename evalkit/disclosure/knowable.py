"""Sums that hold by chance in the data at hand, which no reader can know.

Whoever has read nothing knows no more than the definitions, and those hold for any register:
what adds up leaves everything open as long as nothing is printed. Where it does not, one of
the sums behind it is chance – that all of a few are in another group, that nobody is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evalkit.disclosure.audit import unmet
from evalkit.disclosure.moves import Needs, NoSafeChoice
from evalkit.disclosure.programme import Effort
from evalkit.disclosure.system import Need, System

# How likely a sum may be to hold by chance and still be taken as the definitions' own.
_CERTAIN = 1e-3


def known(
    system: System, threshold: int, *, is_first: bool, effort: Effort | None = None
) -> System:
    """The system of what a reader can know; unless ``is_first`` earlier editions are unread.

    Raises:
        NoSafeChoice: With the cells that nothing can hide; or where the search has cost
            what it may before that is known.
    """
    unread = system if is_first else replace(system, known=frozenset())
    closed = Needs(unread, threshold, effort or Effort()).hopeless()
    if not closed:
        return system
    found, still = knowable(unread, threshold, closed, effort)
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
    system: System, threshold: int, closed: Sequence[int], effort: Effort | None = None
) -> tuple[System, tuple[int, ...]]:
    """The system without sums that close some cells while nothing is printed, and those left.

    Of those that together close a cell the likeliest to hold by chance goes. Where the
    definitions themselves close it, all stay, and it is closed.
    """
    chance = np.array(system.chances)
    kept = np.ones(len(chance), dtype=bool)
    moves, still = Needs(system, threshold, effort or Effort()).unread(), []
    largest = _largest_of(system)
    for cell in closed:
        while len(lines := moves.closing(largest[cell])):
            likeliest = lines[np.argmax(chance[lines])]
            if chance[likeliest] <= _CERTAIN:
                still.append((cell, kept.sum()))
                break
            kept[likeliest] = False
            moves.forget(int(likeliest))
    sums = tuple(one for one, stays in zip(system.sums, kept, strict=True) if stays)
    # What went for the sake of a later cell may have opened an earlier one.
    shut = tuple(
        cell for cell, then in still if then == kept.sum() or len(moves.closing(largest[cell]))
    )
    return replace(system, sums=sums, chances=tuple(chance[kept].tolist())), shut


def cells_that_close(system: System, threshold: int, closed: Sequence[int]) -> set[int]:
    """Cells of the sums that close some cells while nothing is printed."""
    moves, largest = Needs(system, threshold).unread(), _largest_of(system)
    sums = (system.sums[line] for cell in closed for line in moves.closing(largest[cell]))
    return {cell for whole, parts in sums for cell in (whole, *parts)} - system.known


def _largest_of(system: System) -> dict[int, Need]:
    """What each cell needs most, whoever knows their own."""
    needs = sorted(system.needs, key=lambda need: need.more)
    return {need.cell: Need(need.cell, need.more) for need in needs}
