"""What a table still tells of rows that are not given.

A table that cannot be hidden is left out of the system that is judged, for nobody reads it.
Rows of it that others tell may stay, and then a reader knows what they add up to.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

import numpy as np

from evalkit.disclosure.audit import unmet
from evalkit.disclosure.programme import Effort
from evalkit.disclosure.rule import Rule
from evalkit.disclosure.system import Judged, System, UnitKey, linked_system

_MOST_ROUNDS = 25


def rows_of_stumps(
    asked: Sequence[Judged],
    rule: Rule,
    judged: System,
    withheld: np.ndarray,
    dropped: AbstractSet[tuple[str, UnitKey]],
    population: str,
    n_persons: int,
    effort: Effort | None = None,
) -> tuple[np.ndarray, bool]:
    """Units of a judged system that must go besides, since rows of a dropped table stay.

    Withholding more never tells anything, so what was agreed otherwise still holds. Also
    whether all rows of such tables go, as no fewer were found in time.
    """
    names = [(unit.answer, unit.key) for unit in judged.units]
    gone = {name for name, is_gone in zip(names, withheld, strict=True) if is_gone} | dropped
    more, is_all = _also_withheld(
        asked, rule, gone, dropped, population, n_persons, effort or Effort()
    )
    return np.array([name in more for name in names], dtype=bool), is_all


def _also_withheld(
    asked: Sequence[Judged],
    rule: Rule,
    withheld: AbstractSet[tuple[str, UnitKey]],
    dropped: AbstractSet[tuple[str, UnitKey]],
    population: str,
    n_persons: int,
    effort: Effort,
) -> tuple[set[tuple[str, UnitKey]], bool]:
    """Of the cells beside one that is told the cheapest is withheld, until none is told.

    Where that does not end in time, all that has to do with the tables goes.
    """
    told = [replace(one, untold=_all_but_stumps(one, dropped)) for one in asked]
    if all(len(one.untold) == len(one.members) for one in told):
        return set(), False
    system = linked_system(told, rule, n_persons=n_persons, population=population, is_linked=False)
    # What the tables tell whatever is printed is told by their being there.
    nothing = system.withheld_cells(np.ones(len(system.units), dtype=bool))
    always = {need.cell for need in unmet(system, nothing, effort=effort)}
    more: set[tuple[str, UnitKey]] = set()
    for _ in range(_MOST_ROUNDS):
        gone = withheld | more
        units = np.array([(u.answer, u.key) in gone for u in system.units], dtype=bool)
        hidden = system.withheld_cells(units)
        known = {need.cell for need in unmet(system, hidden, effort=effort)} - always
        if effort.is_over:
            break
        found = {row for cell in known for row in _cheapest_beside(system, hidden, gone, cell)}
        if not known:
            return more, False
        if not found:
            break
        more |= found
    told_of = {cell for whole, parts in system.sums for cell in (whole, *parts)} - system.known
    return {(u.answer, u.key) for u in system.units if told_of & set(u.cells)}, True


def _all_but_stumps(answer: Judged, dropped: AbstractSet[tuple[str, UnitKey]]) -> frozenset[int]:
    """Its tables but for those of which some rows stay: positions of members."""
    gone: dict[int, set[bool]] = {}
    for row in answer.rows:
        if len(row.sets) == 1:
            gone.setdefault(row.sets[0][0], set()).add((answer.id, row.key) in dropped)
    stumps = {position for position, both in gone.items() if len(both) > 1}
    return frozenset(range(len(answer.members))) - stumps


def _cheapest_beside(
    system: System, hidden: np.ndarray, gone: AbstractSet[tuple[str, UnitKey]], cell: int
) -> set[tuple[str, UnitKey]]:
    """The printed rows of the cheapest cell that is printed of the sums with one."""
    beside = {c for whole, parts in system.sums if cell in (whole, *parts) for c in (whole, *parts)}
    costs: dict[int, float] = {}
    rows: dict[int, set[tuple[str, UnitKey]]] = {}
    for unit in system.units:
        if (unit.answer, unit.key) not in gone:
            for one in beside.intersection(unit.cells):
                if not hidden[one] and one not in system.known:
                    costs[one] = costs.get(one, 0.0) + unit.cost
                    rows.setdefault(one, set()).add((unit.answer, unit.key))
    # Its own row first, then what is worth least.
    return rows[min(costs, key=lambda one: (one != cell, costs[one]))] if costs else set()
