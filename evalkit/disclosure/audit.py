"""The auditor of everything that is printed: what a reader can work out, by linear programming.

Sees the printed counts, the sums and what a reader knows besides; it does not know how the
choice was made, and shares no code with the optimiser.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from evalkit.disclosure.system import Need, System

_ROUNDING = 1e-6
_BATCH = 12


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What a reader sees: exact counts or the fewest possible, and sums of whole numbers.

    Attributes:
        low, high: ``(m,)`` limits of each cell; ``inf`` above where it is not printed.
        sums: As in `System`.
    """

    low: np.ndarray
    high: np.ndarray
    sums: tuple[tuple[int, tuple[int, ...]], ...]


def view(system: System, hidden: np.ndarray) -> View:
    """The system as printed."""
    low = np.where(hidden, system.lowest, system.counts).astype(float)
    high = np.where(hidden, np.inf, system.counts)
    return View(low, high, system.sums)


def unmet(system: System, hidden: np.ndarray, *, stop: float = math.inf) -> tuple[Need, ...]:
    """The needs that the printed figures do not meet, over whole numbers; empty when safe.

    Those not looked at before the processor's clock passes ``stop`` count as not met.
    """
    printed = view(system, hidden)
    failed = [need for need in system.needs if not hidden[need.cell]]
    open_needs = [need for need in system.needs if hidden[need.cell]]
    for lines, cells in _blocks(printed):
        own = [need for need in open_needs if need.cell in cells]
        if not own:
            continue
        block = _Block.of(printed, lines)
        own = _not_met_together(system, block, own)
        for start in range(0, len(own), _BATCH):
            if time.process_time() > stop:
                return (*failed, *open_needs)
            failed += _unmet_in(system, block, own[start : start + _BATCH])
    return tuple(failed)


def feasible(
    system: System, hidden: np.ndarray, cells: Sequence[int]
) -> dict[int, tuple[float, float]]:
    """The fewest and the most persons that a reader may think each cell to hold, for the record."""
    printed = view(system, hidden)
    found = {cell: (float(printed.low[cell]), float(printed.high[cell])) for cell in cells}
    for lines, members in _blocks(printed):
        own = [cell for cell in cells if cell in members]
        if own:
            open_cells, matrix, right = _equations(printed, lines)
            at = {int(cell): i for i, cell in enumerate(open_cells)}
            limits = np.column_stack([printed.low[open_cells], printed.high[open_cells]])
            for cell in own:
                found[cell] = _ends(at[cell], matrix, right, limits)
    return found


def _ends(
    place: int, matrix: sparse.csr_array, right: np.ndarray, limits: np.ndarray
) -> tuple[float, float]:
    ends = []
    for sign in (1.0, -1.0):
        objective = np.zeros(len(limits))
        objective[place] = sign
        solved = linprog(objective, A_eq=matrix, b_eq=right, bounds=limits, method="highs")  # type: ignore[call-overload]  # the stubs do not know sparse sums
        ends.append(sign * solved.fun if solved.status == 0 else sign * -np.inf)
    low, high = max(0.0, ends[0]), ends[1]
    return float(np.ceil(low - _ROUNDING)), float(np.floor(high + _ROUNDING))


def _blocks(printed: View) -> list[tuple[list[int], set[int]]]:
    """Sums that have withheld cells in common, by joining them one after another."""
    owner: dict[int, int] = {}
    blocks: dict[int, tuple[list[int], set[int]]] = {}
    for line, (whole, parts) in enumerate(printed.sums):
        open_cells = {c for c in (whole, *parts) if printed.high[c] != printed.low[c]}
        if not open_cells:
            continue
        lines, cells = [line], set(open_cells)
        for old in {owner[cell] for cell in open_cells if cell in owner}:
            more_lines, more_cells = blocks.pop(old)
            lines += more_lines
            cells |= more_cells
        blocks[line] = (lines, cells)
        owner.update(dict.fromkeys(cells, line))
    return list(blocks.values())


def _equations(
    printed: View, lines: Sequence[int]
) -> tuple[np.ndarray, sparse.csr_array, np.ndarray]:
    """Withheld cells, their coefficients, and what the printed ones leave for them."""
    index: dict[int, int] = {}
    entries: list[tuple[int, int, float]] = []
    right = np.zeros(len(lines))
    for row, line in enumerate(lines):
        whole, parts = printed.sums[line]
        for cell, sign in ((whole, -1.0), *((part, 1.0) for part in parts)):
            if printed.low[cell] == printed.high[cell]:
                right[row] -= sign * printed.low[cell]
            else:
                entries.append((row, index.setdefault(cell, len(index)), sign))
    rows, columns, values = zip(*entries, strict=True)
    matrix = sparse.csr_array((values, (rows, columns)), shape=(len(lines), len(index)))
    return np.array(list(index)), matrix, right


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Withheld cells that sums link: their coefficients, and what the printed ones leave."""

    cells: np.ndarray
    matrix: sparse.csr_array
    right: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at: dict[int, int]

    @classmethod
    def of(cls, printed: View, lines: Sequence[int]) -> _Block:
        cells, matrix, right = _equations(printed, lines)
        at = {int(cell): i for i, cell in enumerate(cells)}
        return cls(cells, matrix, right, printed.low[cells], printed.high[cells], at)

    def limits(self, system: System, needs: Sequence[Need]) -> tuple[np.ndarray, np.ndarray]:
        """What each cell may hold: no more than is wanted of it, and what is given."""
        low, high = self.low.copy(), self.high.copy()
        for need in needs:
            high[self.at[need.cell]] = system.counts[need.cell] + need.more
            if need.given in self.at:
                place = self.at[need.given]
                low[place] = high[place] = system.counts[need.given]
        return low, high

    def whole_numbers(
        self, objective: np.ndarray, low: np.ndarray, high: np.ndarray
    ) -> np.ndarray | None:
        solved = milp(
            objective,
            integrality=np.ones(len(objective), dtype=np.int64),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(self.matrix, lb=self.right, ub=self.right),
            options={"time_limit": 2.0},
        )
        return None if solved.x is None else np.rint(solved.x)


def _not_met_together(system: System, block: _Block, needs: Sequence[Need]) -> list[Need]:
    """Needs less those that a few tables of whole numbers meet, many of them in each."""
    left: list[Need] = []
    for given in dict.fromkeys(need.given for need in needs):
        own = [need for need in needs if need.given == given]
        while len(own) > 1:
            low, high = block.limits(system, own)
            objective = np.zeros(len(block.cells))
            objective[[block.at[need.cell] for need in own]] = -1.0
            found = block.whole_numbers(objective, low, high)
            still = own if found is None else [
                need for need in own
                if found[block.at[need.cell]] < system.counts[need.cell] + need.more
            ]  # fmt: skip
            if len(still) == len(own):
                break
            own = still
        left += own
    return left


def _unmet_in(system: System, block: _Block, needs: Sequence[Need]) -> list[Need]:
    """One programme for all needs of a block; where its answer is not whole, one for each."""
    width, k = len(block.cells), len(needs)
    objective = np.zeros((k, width))
    limits = [block.limits(system, [need]) for need in needs]
    places = [block.at[need.cell] for need in needs]
    objective[np.arange(k), places] = -1.0
    wanted = np.array([system.counts[need.cell] + need.more for need in needs], dtype=float)
    solved = linprog(  # type: ignore[call-overload]  # the stubs do not know sparse sums
        objective.ravel(),
        A_eq=sparse.block_diag([block.matrix] * k, format="csr"),
        b_eq=np.tile(block.right, k),
        bounds=np.column_stack([np.concatenate(ends) for ends in zip(*limits, strict=True)]),
        method="highs",
    )
    if solved.status != 0:
        raise ValueError("the printed figures contradict each other")
    answers = solved.x.reshape(k, width)
    reached = answers[np.arange(k), places] >= wanted - _ROUNDING
    whole = (np.abs(answers - np.rint(answers)) < _ROUNDING).all(axis=1)
    failed = [need for need, enough in zip(needs, reached, strict=True) if not enough]
    for i in np.flatnonzero(reached & ~whole):
        found = block.whole_numbers(objective[i], *limits[i])
        if found is None or found[places[i]] < wanted[i]:
            failed.append(needs[int(i)])
    return failed
