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
        for start in range(0, len(own), _BATCH):
            if time.process_time() > stop:
                return (*failed, *open_needs)
            failed += _unmet_in(system, printed, lines, own[start : start + _BATCH])
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


def _unmet_in(system: System, printed: View, lines: list[int], needs: Sequence[Need]) -> list[Need]:
    """One programme for all needs of a block; where its answer is not whole, one for each."""
    if not needs:
        return []
    cells, matrix, right = _equations(printed, lines)
    at = {int(cell): i for i, cell in enumerate(cells)}
    width, k = len(cells), len(needs)
    objective = np.zeros((k, width))
    low = np.tile(printed.low[cells], (k, 1))
    high = np.tile(printed.high[cells], (k, 1))
    wanted = np.array([system.counts[need.cell] + need.more for need in needs], dtype=float)
    for i, need in enumerate(needs):
        objective[i, at[need.cell]] = -1.0
        high[i, at[need.cell]] = wanted[i]
        if need.given in at:
            low[i, at[need.given]] = high[i, at[need.given]] = system.counts[need.given]
    solved = linprog(  # type: ignore[call-overload]  # the stubs do not know sparse sums
        objective.ravel(),
        A_eq=sparse.block_diag([matrix] * k, format="csr"),
        b_eq=np.tile(right, k),
        bounds=np.column_stack([low.ravel(), high.ravel()]),
        method="highs",
    )
    if solved.status != 0:
        raise ValueError("the printed figures contradict each other")
    answers = solved.x.reshape(k, width)
    reached = answers[np.arange(k), [at[need.cell] for need in needs]] >= wanted - _ROUNDING
    whole = (np.abs(answers - np.rint(answers)) < _ROUNDING).all(axis=1)
    failed = [need for need, enough in zip(needs, reached, strict=True) if not enough]
    for place in np.flatnonzero(reached & ~whole):
        need = needs[int(place)]
        given = {need.given: int(system.counts[need.given])} if need.given in at else {}
        if _highest(printed, lines, need.cell, cap=wanted[place], given=given) < wanted[place]:
            failed.append(need)
    return failed


def _highest(
    printed: View,
    lines: Sequence[int],
    cell: int,
    *,
    cap: float,
    given: dict[int, int] | None = None,
) -> float:
    """The most persons in a cell over whole numbers, not looked for beyond ``cap``."""
    cells, matrix, right = _equations(printed, lines)
    at = {int(one): i for i, one in enumerate(cells)}
    low, high = printed.low[cells].copy(), printed.high[cells].copy()
    high[at[cell]] = min(high[at[cell]], cap if np.isfinite(cap) else 1e5)
    for one, count in (given or {}).items():
        low[at[one]] = high[at[one]] = count
    objective = np.zeros(len(cells))
    objective[at[cell]] = -1.0
    solved = milp(
        objective,
        integrality=np.ones(len(cells), dtype=np.int64),
        bounds=Bounds(low, high),
        constraints=LinearConstraint(matrix, lb=right, ub=right),
        options={"time_limit": 2.0},
    )
    if solved.x is None:
        return -np.inf
    found = float(np.rint(solved.x[at[cell]]))
    return np.inf if found >= 1e5 else found
