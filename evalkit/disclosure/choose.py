"""Which units to withhold, so that whatever is small could be large: the optimiser.

Fischetti and Salazar (2001, Management Science 47) for linked tables, one-sided: a
whole-number programme proposes the cheapest choice; linear programmes look for a small cell
that could no longer hold the threshold; their dual solutions rule the choice out; repeat.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse.csgraph import connected_components

from evalkit.disclosure.system import Need, System

_GLIMPSE = 1e-4
_TOLERANCE = 1e-6


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


def units_to_withhold(
    system: System, threshold: int, *, stop: float, extra: int = 0
) -> np.ndarray:
    """``(u,)`` units to withhold at the least cost.

    Args:
        system: The linked system.
        threshold: Of the rule; also bounds how far any cell need move.
        stop: Of the monotonic clock, for the whole search.
        extra: More room than each need asks for, where whole numbers need it.

    Raises:
        NoSafeChoice: If the search takes too long or nothing safe exists.
    """
    programme = _programme(system)
    matrix = _matrix(system)
    while True:
        units, hidden = _cheapest(programme, stop)
        found = list(_cuts(system, matrix, hidden, threshold, extra))
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
    left = stop - time.monotonic()
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
    needs: dict[int, list[Need]] = {}
    for need in system.needs:
        if need.given < 0 or of_cell[need.given] == of_cell[need.cell]:
            needs.setdefault(int(of_cell[need.cell]), []).append(need)
    for component, own in needs.items():
        lines = touches[of_line == component]
        if len(lines):
            local = matrix[lines]
            yield from _cuts_of(system, local, hidden, own, threshold, extra)


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
    """All needs of one component in one programme: how far up can each cell move?"""
    columns = np.unique(local.indices)
    place = {int(cell): i for i, cell in enumerate(columns)}
    matrix = local[:, columns]
    reach = 2.0 * threshold
    below = np.minimum(system.counts[columns] - system.lowest[columns], reach).astype(float)
    below = np.maximum(below, 0.0)
    above = np.full(len(columns), reach)
    share = np.where(hidden[columns], 1.0, _GLIMPSE)
    fixed = np.isin(columns, list(system.known))
    k, width = len(needs), len(columns)
    low, high = np.tile(-below * share, (k, 1)), np.tile(above * share, (k, 1))
    room_low, room_high = np.tile(below, (k, 1)), np.tile(above, (k, 1))
    objective = np.zeros((k, width))
    asked = np.array([need.more + extra for need in needs], dtype=float)
    for i, need in enumerate(needs):
        own = place[need.cell]
        objective[i, own] = -1.0
        high[i, own] = room_high[i, own] = asked[i]
        if need.given >= 0 and need.given in place:
            given = place[need.given]
            low[i, given] = high[i, given] = room_low[i, given] = room_high[i, given] = 0.0
    for bounds in (low, high, room_low, room_high):
        bounds[:, fixed] = 0.0
    solved = linprog(  # type: ignore[call-overload]  # the stubs do not know sparse sums
        objective.ravel(),
        A_eq=sparse.kron(sparse.eye_array(k), matrix, format="csr"),
        b_eq=np.zeros(k * matrix.shape[0]),
        bounds=np.column_stack([low.ravel(), high.ravel()]),
        method="highs",
    )
    if solved.status != 0:
        raise NoSafeChoice
    down = np.maximum(solved.lower.marginals.reshape(k, width), 0.0)
    up = np.maximum(-solved.upper.marginals.reshape(k, width), 0.0)
    coefficients = np.minimum(down * room_low + up * room_high, asked[:, None])
    coefficients[coefficients < _TOLERANCE] = 0.0
    reached = coefficients @ hidden[columns]
    hopeless = coefficients @ ~fixed < asked - _TOLERANCE
    if hopeless.any():
        raise NoSafeChoice(tuple(need.cell for need, no in zip(needs, hopeless, strict=True) if no))
    n_units = len(system.units)
    for i in np.flatnonzero(reached < asked - _TOLERANCE):
        cut = np.zeros(n_units + len(system.counts) + 1)
        cut[n_units + columns] = coefficients[i]
        cut[-1] = -asked[i]
        yield cut
