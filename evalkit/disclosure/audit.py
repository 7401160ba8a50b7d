"""The auditor of everything that is printed: what a reader can work out, by linear programming.

Sees the printed counts, the sums and what a reader knows besides; it does not know how the
choice was made, and shares no code with the optimiser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from evalkit.disclosure.programme import Effort, Programme
from evalkit.disclosure.system import Need, System

_ROUNDING = 1e-6


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


def unmet(system: System, hidden: np.ndarray, *, effort: Effort | None = None) -> tuple[Need, ...]:
    """The needs that the printed figures do not meet, over whole numbers; empty when safe.

    Those not looked at before the search has cost what it may count as not met.
    """
    effort = effort or Effort()
    printed = view(system, hidden)
    failed = [need for need in system.needs if not hidden[need.cell]]
    open_needs = [need for need in system.needs if hidden[need.cell]]
    for lines, cells in _blocks(printed):
        own = [need for need in open_needs if need.cell in cells]
        if own:
            block = _Block.of(printed, lines)
            for given in dict.fromkeys(need.given for need in own):
                alike = [need for need in own if need.given == given]
                failed += _not_met(system, block, alike, effort)
        if effort.is_over:
            return (*failed, *open_needs)
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
            block = _Block.of(printed, lines)
            for cell in own:
                found[cell] = _ends(block, block.at[cell])
    return found


def _ends(block: _Block, place: int) -> tuple[float, float]:
    ends = []
    own = np.array([place], dtype=np.int32)
    low, high = block.low[own], block.high[own]
    for sign in (1.0, -1.0, 0.0):
        block.sums.ask(own, np.array([sign]), low, high)
        if sign:
            solution = block.sums.solution(Effort())
            ends.append(sign * -np.inf if solution is None else solution.col_value[place])
    fewest, most = max(0.0, ends[0]), ends[1]
    return float(np.ceil(fewest - _ROUNDING)), float(np.floor(most + _ROUNDING))


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
    """Withheld cells that sums link.

    Attributes:
        at: Cell → its place. ``low, high``: what each may hold as far as is printed.
        sums: What the printed cells leave for them, over any numbers.
        whole: … over whole numbers.
    """

    at: dict[int, int]
    low: np.ndarray
    high: np.ndarray
    sums: Programme
    whole: Programme

    @classmethod
    def of(cls, printed: View, lines: Sequence[int]) -> _Block:
        cells, matrix, right = _equations(printed, lines)
        low, high = printed.low[cells], printed.high[cells]
        sums = Programme(matrix, low, high, (right, right))
        whole = Programme(matrix, low, high, (right, right), whole=len(cells))
        return cls({int(cell): i for i, cell in enumerate(cells)}, low, high, sums, whole)

    def table(
        self, programme: Programme, system: System, needs: Sequence[Need], effort: Effort
    ) -> np.ndarray | None:
        """A table that holds as much as is wanted in as many cells as may be, and what is given."""
        own = np.array([self.at[need.cell] for need in needs], dtype=np.int32)
        wanted = np.array([system.counts[need.cell] + need.more for need in needs], dtype=float)
        programme.ask(own, np.full(len(own), -1.0), self.low[own], wanted)
        if (given := self.at.get(needs[0].given)) is not None:
            place, count = np.array([given], dtype=np.int32), system.counts[[needs[0].given]]
            programme.ask(place, np.zeros(1), count.astype(float), count.astype(float))
            own = np.append(own, place)
        solution = programme.solution(effort)
        programme.ask(own, np.zeros(len(own)), self.low[own], self.high[own])
        return None if solution is None else np.array(solution.col_value)


def _not_met(system: System, block: _Block, needs: Sequence[Need], effort: Effort) -> list[Need]:
    """Needs with the same given cell that no table of whole numbers meets.

    One table shows as many as it can to be met; then each is looked at alone.
    """
    left = list(needs)
    while len(left) > 1:
        for programme in (block.sums, block.whole):
            table = block.table(programme, system, left, effort)
            still = _left_by(table, system, block, left)
            if len(still) < len(left):
                break
        else:
            break
        left = still
    failed = []
    for need in left:
        table = block.table(block.sums, system, [need], effort)
        # What no numbers reach no whole ones do.
        is_near = table is not None and _reaches(table, system, block, need)
        if is_near and _left_by(table, system, block, [need]):
            table = block.table(block.whole, system, [need], effort)
        failed += _left_by(table, system, block, [need])
    return failed


def _left_by(
    table: np.ndarray | None, system: System, block: _Block, needs: Sequence[Need]
) -> list[Need]:
    """Needs that a table does not show to be met: none, if it is not of whole numbers."""
    if table is None or (np.abs(table - np.rint(table)) > _ROUNDING).any():
        return list(needs)
    return [need for need in needs if not _reaches(table, system, block, need)]


def _reaches(table: np.ndarray, system: System, block: _Block, need: Need) -> bool:
    wanted = system.counts[need.cell] + need.more
    return bool(table[block.at[need.cell]] >= wanted - _ROUNDING)
