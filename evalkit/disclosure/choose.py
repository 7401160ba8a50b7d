"""Which units to withhold, so that whatever is small could be large: the optimiser.

Fischetti and Salazar (2001, Management Science 47) for linked tables, one-sided: a
whole-number programme proposes the cheapest choice; linear programmes look for a small cell
that could no longer hold the threshold; their dual solutions rule the choice out; repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from evalkit.disclosure.moves import Cut, Needs, NoSafeChoice
from evalkit.disclosure.programme import Effort, Programme
from evalkit.disclosure.system import Need, System

# Rounds in which what went before may come back.
_EXACT_ROUNDS = 40
_ROUNDING = 1e-6
_MOST_FAILED = 3  # needs that whole numbers do not meet, looked at in a round
# Cells that nobody prints → needs that whole numbers do not meet.
Auditor = Callable[[System, np.ndarray], Sequence[Need]]


@dataclass(slots=True, eq=False)
class _Programme:
    """What a choice has to meet: cells that nobody may print, and sums of them.

    Attributes:
        holding: Cell → positions of the units that print it.
        hidden: Cells that nobody may print.
        kept: Units that go whatever else is found: after some rounds each only adds.
        cuts: Each cells, their coefficients and the least sum over those that nobody prints.
        solved: Answers to parts of the programme, which return from one round to the next.
    """

    system: System
    holding: dict[int, list[int]]
    hidden: frozenset[int]
    cuts: list[Cut] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    solved: dict[tuple[object, ...], np.ndarray] = field(default_factory=dict)


def units_to_withhold(
    system: System,
    threshold: int,
    *,
    effort: Effort,
    unmet: Auditor,
) -> np.ndarray:
    """``(u,)`` units to withhold at the least cost.

    Args:
        system: The linked system.
        threshold: Of the rule; also bounds how far any cell need move.
        effort: What the whole search may still cost.
        unmet: The auditor.

    Raises:
        NoSafeChoice: If the search costs too much or nothing safe exists.
    """
    programme = _programme(system)
    needs = Needs(system, threshold, effort)
    for rounds in count(1):
        units = _cheapest(programme, effort)
        found = needs.cuts(system.withheld_cells(units))
        if not found:
            units = _given_back(programme, needs, units, effort)
            hidden = system.withheld_cells(units)
            failed = unmet(system, hidden)[:_MOST_FAILED]
            if not failed:
                return units
            for need in failed:
                found += needs.raised(_widest(programme, need, hidden, unmet), need)
        programme.cuts += found
        if rounds >= _EXACT_ROUNDS:
            programme.kept |= set(np.flatnonzero(units).tolist())
    raise NoSafeChoice  # not reached: each round adds


def _widest(programme: _Programme, need: Need, hidden: np.ndarray, unmet: Auditor) -> np.ndarray:
    """Most of the cheapest cells that may go besides without a need being met."""
    system = programme.system
    cost = np.zeros(len(hidden))
    for cell, units in programme.holding.items():
        cost[cell] = sum(system.units[unit].cost for unit in units)
    printed = np.flatnonzero(~hidden)
    printed = printed[~np.isin(printed, list(system.known))]
    printed = printed[np.argsort(cost[printed], kind="stable")]
    alone = replace(system, needs=(need,))

    def with_first(k: int) -> np.ndarray:
        wider = hidden.copy()
        wider[printed[:k]] = True
        return wider

    fewest, most = 0, len(printed)
    while fewest < most:
        middle = (fewest + most + 1) // 2
        if unmet(alone, with_first(middle)):
            fewest = middle
        else:
            most = middle - 1
    return with_first(fewest)


def _given_back(
    programme: _Programme, needs: Needs, units: np.ndarray, effort: Effort
) -> np.ndarray:
    """Without what the search took before it took something else, the dearest first."""
    system = programme.system
    free = [
        i
        for i in np.flatnonzero(units)
        if not system.units[i].refused and not programme.hidden & set(system.units[i].cells)
    ]
    for i in sorted(free, key=lambda i: -system.units[i].cost):
        if effort.is_over:
            break
        tried = units.copy()
        tried[i] = False
        hidden = system.withheld_cells(tried)
        if (
            not any(hidden[line] and not hidden[zero] for zero, line in system.follows)
            and all(
                own @ hidden[cells] >= least - _ROUNDING for cells, own, least in programme.cuts
            )
            and needs.are_met(hidden)
        ):
            units = tried
    return units


def _programme(system: System) -> _Programme:
    holding: dict[int, list[int]] = {}
    for position, unit in enumerate(system.units):
        for cell in unit.cells:
            holding.setdefault(cell, []).append(position)
    needed = {need.cell for need in system.needs}
    return _Programme(system, holding, frozenset(needed & set(holding)))


def _cheapest(programme: _Programme, effort: Effort) -> np.ndarray:
    """The cheapest choice, part by part: units that no cell or sum links are apart."""
    system = programme.system
    # A choice that shows a zero whose line it withholds is made again without the zero.
    forced = programme.kept | {i for i, unit in enumerate(system.units) if unit.refused}
    for cell in programme.hidden:
        forced.update(programme.holding[cell])
    while True:
        units = np.zeros(len(system.units), dtype=bool)
        units[list(forced)] = True
        for cuts in _parts(programme, forced):
            units |= _solved(programme, cuts, forced, effort)
        hidden = system.withheld_cells(units)
        shown = {
            position
            for zero, line in system.follows
            if hidden[line] and not hidden[zero] and line in programme.holding
            for position in programme.holding.get(zero, ())
        }
        if not shown - forced:
            return units
        forced |= shown


def _parts(programme: _Programme, forced: set[int]) -> list[list[int]]:
    """Cuts that have a unit in common, by their places."""
    n_cuts, n_units = len(programme.cuts), len(programme.system.units)
    ends = [
        (place, n_cuts + unit)
        for place, (cells, _, _) in enumerate(programme.cuts)
        for unit in {u for c in cells.tolist() for u in programme.holding.get(c, ())} - forced
    ]
    if not n_cuts:
        return []
    one, other = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    graph = sparse.csr_array((np.ones(len(one)), (one, other)), shape=(n_cuts + n_units,) * 2)
    labels = connected_components(graph, directed=False)[1][:n_cuts]
    return [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]


def _solved(programme: _Programme, cuts: list[int], forced: set[int], effort: Effort) -> np.ndarray:
    """The cheapest units that meet some cuts, beside those that go anyway."""
    holding = programme.holding
    own = {c for i in cuts for c in programme.cuts[i][0].tolist()} - programme.system.known
    printed = sorted(c for c in own if not set(holding.get(c, ())) <= forced)
    units = sorted({u for c in printed for u in holding[c]} - forced)
    key = (tuple(cuts), tuple(units))
    if key not in programme.solved:
        programme.solved[key] = np.zeros(len(programme.system.units), dtype=bool)
        if units:
            chosen = _whole_numbers(programme, cuts, units, printed, effort)
            programme.solved[key][[u for u, gone in zip(units, chosen, strict=True) if gone]] = True
    return programme.solved[key]


def _whole_numbers(
    programme: _Programme, cuts: list[int], units: list[int], printed: list[int], effort: Effort
) -> np.ndarray:
    """Which of the units go: units first, then cells (1: nobody prints it)."""
    matrix, least = _rows(programme, cuts, units, printed)
    width, k = len(units) + len(printed), len(units)
    none = np.zeros(width)
    limits = least, np.full(len(least), np.inf)
    search = Programme(matrix, none, none + 1.0, limits, whole=k)
    cost = np.array([programme.system.units[unit].cost for unit in units] + [1e-6] * len(printed))
    search.ask(np.arange(width, dtype=np.int32), cost, none, none + 1.0)
    solution = search.solution(effort)
    if solution is None:
        raise NoSafeChoice
    return np.array(solution.col_value[:k]) > 1 / 2


def _rows(
    programme: _Programme, cuts: list[int], units: list[int], printed: list[int]
) -> tuple[sparse.csr_array, np.ndarray]:
    """A cell that nobody prints is printed by no unit; and each cut, of the cells left."""
    place = {unit: i for i, unit in enumerate(units)}
    column = {cell: len(units) + i for i, cell in enumerate(printed)}
    entries: list[tuple[int, int, float]] = []
    lows: list[float] = []
    for cell in printed:
        for unit in (u for u in programme.holding[cell] if u in place):
            entries += [(len(lows), place[unit], 1.0), (len(lows), column[cell], -1.0)]
            lows.append(0.0)
    for i in cuts:
        cells, coefficients, least = programme.cuts[i]
        own = dict(zip(cells.tolist(), coefficients.tolist(), strict=True))
        gone = [c for c in own if c not in column and c not in programme.system.known]
        entries += [(len(lows), column[c], own[c]) for c in own if c in column]
        lows.append(least - sum(own[c] for c in gone))
    rows, columns, values = zip(*entries, strict=True)
    shape = (len(lows), len(units) + len(printed))
    return sparse.csr_array((values, (rows, columns)), shape=shape), np.array(lows)
