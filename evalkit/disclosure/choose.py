"""Which units to withhold, so that whatever is small could be large: the optimiser.

Fischetti and Salazar (2001, Management Science 47) for linked tables, one-sided: a
whole-number programme proposes the cheapest choice; linear programmes look for a small cell
that could no longer hold the threshold; their dual solutions rule the choice out; repeat.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse.csgraph import connected_components

from evalkit.disclosure.system import Need, System

_GLIMPSE = 1e-4
_TOLERANCE = 1e-6
# Needs asked of one programme, and constraints added at a time: larger ones are slower.
_BATCH, _MOST_CUTS = 12, 36


class NoSafeChoice(ValueError):
    """No choice was found in time, or none exists: then the cells that nothing can hide."""

    def __init__(self, cells: tuple[int, ...] = ()) -> None:
        self.cells = cells
        super().__init__("no safe choice of what to withhold")


@dataclass(slots=True, eq=False)
class _Programme:
    """The master programme's variables: units first, then cells (1: nobody prints it)."""

    system: System
    low: np.ndarray
    high: np.ndarray
    cost: np.ndarray
    fixed: sparse.csr_array
    cuts: list[np.ndarray]


def units_to_withhold(system: System, threshold: int, *, stop: float, extra: int = 0) -> np.ndarray:
    """``(u,)`` units to withhold at the least cost.

    Args:
        system: The linked system.
        threshold: Of the rule; also bounds how far any cell need move.
        stop: Of the processor's clock, for the whole search.
        extra: More room than each need asks for, where whole numbers need it.

    Raises:
        NoSafeChoice: If the search takes too long or nothing safe exists.
    """
    programme = _programme(system)
    matrix = _matrix(system)
    while True:
        units, hidden = _cheapest(programme, stop)
        found = list(islice(_cuts(system, matrix, hidden, threshold, extra), _MOST_CUTS))
        if not found:
            return units
        programme.cuts += found


def _programme(system: System) -> _Programme:
    n_units, n_cells = len(system.units), len(system.counts)
    low, high = np.zeros(n_units + n_cells), np.ones(n_units + n_cells)
    cost = np.concatenate([[unit.cost for unit in system.units], np.full(n_cells, 1e-6)])
    for need in system.needs:
        low[n_units + need.cell] = 1.0
    for cell in system.known:
        high[n_units + cell] = 0.0
        low[n_units + cell] = 0.0
    rows: list[tuple[int, int]] = []
    for position, unit in enumerate(system.units):
        low[position] = float(unit.refused)
        rows += [(position, n_units + cell) for cell in unit.cells]
    holding: dict[int, list[int]] = {}
    for position, unit in enumerate(system.units):
        for cell in unit.cells:
            holding.setdefault(cell, []).append(position)
    # A zero whose margin is withheld: every unit with the zero goes when the margin does.
    rows += [
        (position, n_units + margin)
        for zero, margin in system.follows
        for position in holding.get(zero, ())
        if margin not in system.known and margin in holding
    ]
    data = np.tile([1.0, -1.0], len(rows))
    lines = np.repeat(np.arange(len(rows)), 2)
    shape = (len(rows), n_units + n_cells)
    fixed = sparse.csr_array((data, (lines, np.array(rows, dtype=np.int64).ravel())), shape=shape)
    # A cell in no unit is printed by nobody.
    alone = [cell for cell in range(n_cells) if cell not in holding and cell not in system.known]
    low[[n_units + cell for cell in alone]] = 1.0
    return _Programme(system, low, high, cost, fixed, [])


def _cheapest(programme: _Programme, stop: float) -> tuple[np.ndarray, np.ndarray]:
    left = stop - time.process_time()
    if left <= 0:
        raise NoSafeChoice
    n_units = len(programme.system.units)
    rows = [programme.fixed]
    lows = [np.zeros(programme.fixed.shape[0])]
    if programme.cuts:
        cuts = sparse.csr_array(np.array(programme.cuts))
        rows.append(cuts[:, :-1])
        lows.append(-cuts[:, [-1]].toarray().ravel())
    integral = np.zeros(len(programme.cost), dtype=np.int64)
    integral[:n_units] = 1
    solved = milp(
        programme.cost,
        integrality=integral,
        bounds=Bounds(programme.low, programme.high),
        constraints=LinearConstraint(sparse.vstack(rows, format="csr"), lb=np.concatenate(lows)),
        options={"time_limit": left, "mip_rel_gap": 1e-3},
    )
    if solved.x is None:
        raise NoSafeChoice
    units = solved.x[:n_units] > 1 / 2
    return units, programme.system.withheld_cells(units)


def _matrix(system: System) -> sparse.csr_array:
    rows, columns, values = [], [], []
    for line, (whole, parts) in enumerate(system.sums):
        rows += [line] * (len(parts) + 1)
        columns += [whole, *parts]
        values += [-1.0] + [1.0] * len(parts)
    return sparse.csr_array((values, (rows, columns)), shape=(len(system.sums), len(system.counts)))


def _cuts(
    system: System, matrix: sparse.csr_array, hidden: np.ndarray, threshold: int, extra: int
) -> Iterator[np.ndarray]:
    """A constraint for each need that the choice does not meet."""
    used = matrix[:, hidden]
    touches = np.flatnonzero(np.diff(used.indptr) > 0)
    positions = np.flatnonzero(hidden)
    graph = sparse.csr_array(used[touches])
    _, labels = connected_components(_bipartite(graph), directed=False)
    of_cell = np.full(len(hidden), -1)
    of_cell[positions] = labels[: len(positions)]
    of_line = labels[len(positions) :]
    needs: dict[tuple[bool, int], list[Need]] = {}
    for need in system.needs:
        component = int(of_cell[need.cell])
        if need.given < 0 or of_cell[need.given] == component:
            needs.setdefault((need.given >= 0, component), []).append(need)
    # What nobody may know first; then what those who know their own cell may not.
    for (_, component), own in sorted(needs.items(), key=lambda item: item[0]):
        lines = touches[of_line == component]
        for start in range(0, len(own) if len(lines) else 0, _BATCH):
            batch = own[start : start + _BATCH]
            yield from _cuts_of(system, matrix[lines], hidden, batch, threshold, extra)


def _bipartite(graph: sparse.csr_array) -> sparse.csr_array:
    lines, cells = graph.shape
    return sparse.block_array(
        [[sparse.csr_array((cells, cells)), graph.T], [graph, sparse.csr_array((lines, lines))]],
        format="csr",
    )


def _cuts_of(
    system: System,
    local: sparse.csr_array,
    hidden: np.ndarray,
    needs: list[Need],
    threshold: int,
    extra: int,
) -> Iterator[np.ndarray]:
    """What the needs ask of a choice that does not meet them, by linear programmes."""
    touched = np.unique(local.indices)
    few = _Moves.over(system, local, touched[hidden[touched]], threshold, extra)
    reached, _, _ = few.solved(needs, np.ones(len(few.columns)))
    unmet = [
        need for need, up in zip(needs, reached, strict=True) if up < need.more + extra - _TOLERANCE
    ]
    if not unmet:
        return
    # Cells that are printed get a little room, so that the constraint found leans on few.
    known = np.isin(touched, list(system.known))
    every = _Moves.over(system, local, touched[~known], threshold, extra)
    share = np.where(hidden[every.columns], 1.0, _GLIMPSE)
    _, down, up = every.solved(unmet, share)
    asked = np.array([need.more + extra for need in unmet], dtype=float)
    coefficients = np.minimum(down + up, asked[:, None])
    coefficients[coefficients < _TOLERANCE] = 0.0
    hopeless = coefficients.sum(axis=1) < asked - _TOLERANCE
    if hopeless.any():
        raise NoSafeChoice(tuple(n.cell for n, no in zip(unmet, hopeless, strict=True) if no))
    n_units = len(system.units)
    for i in np.flatnonzero(coefficients @ hidden[every.columns] < asked - _TOLERANCE):
        cut = np.zeros(n_units + len(system.counts) + 1)
        cut[n_units + every.columns] = coefficients[i]
        cut[-1] = -asked[i]
        yield cut


@dataclass(frozen=True, slots=True, eq=False)
class _Moves:
    """How far cells can move with others so that every sum still holds."""

    columns: np.ndarray
    matrix: sparse.csr_array
    below: np.ndarray
    above: np.ndarray
    extra: int

    @classmethod
    def over(
        cls, system: System, local: sparse.csr_array, columns: np.ndarray, threshold: int,
        extra: int,
    ) -> _Moves:  # fmt: skip
        """Moves of some cells, none further than twice the threshold."""
        reach = 2.0 * threshold
        room = np.clip(system.counts[columns] - system.lowest[columns], 0.0, reach)
        return cls(columns, local[:, columns], room, np.full(len(columns), reach), extra)

    def solved(
        self, needs: list[Need], share: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """How far up each need's cell moves, and what room below and above each cell adds."""
        k, width = len(needs), len(self.columns)
        place = {int(cell): i for i, cell in enumerate(self.columns)}
        room_low, room_high = np.tile(self.below, (k, 1)), np.tile(self.above, (k, 1))
        objective = np.zeros((k, width))
        scale = np.tile(share, (k, 1))
        for i, need in enumerate(needs):
            own = place[need.cell]
            objective[i, own] = -1.0
            room_high[i, own], scale[i, own] = need.more + self.extra, 1.0
            if need.given in place:
                room_low[i, place[need.given]] = room_high[i, place[need.given]] = 0.0
        solved = linprog(  # type: ignore[call-overload]  # the stubs do not know sparse sums
            objective.ravel(),
            A_eq=sparse.kron(sparse.eye_array(k), self.matrix, format="csr"),
            b_eq=np.zeros(k * self.matrix.shape[0]),
            bounds=np.column_stack([-(room_low * scale).ravel(), (room_high * scale).ravel()]),
            method="highs",
        )
        if solved.status != 0:
            raise NoSafeChoice
        moved = -(objective * solved.x.reshape(k, width)).sum(axis=1)
        down = np.maximum(solved.lower.marginals.reshape(k, width), 0.0) * room_low
        up = np.maximum(-solved.upper.marginals.reshape(k, width), 0.0) * room_high
        return moved, down, up
