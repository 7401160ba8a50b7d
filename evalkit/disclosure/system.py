"""Answers → one linked system: sets of persons, what adds up, what a reader knows.

A cell is a set of persons, whatever table, share or curve prints it: two cells of the same
persons are one. A reader knows the sums of every table, that a row which is printed holds
somebody, and which selections lie within which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from evalkit.disclosure.links import link
from evalkit.disclosure.means import link_means
from evalkit.disclosure.registry import CellPartition, CellsOfMembers, Registry, cells_of_members
from evalkit.disclosure.rule import Rule
from evalkit.disclosure.unions import add_unions
from evalkit.results.answers import WITH, WITHOUT, Members

UnitKey = tuple[str, ...]
PARTICIPANTS = "participants"
WHOLE: UnitKey = ("whole",)  # the row of an answer that has but one
# What giving up a figure costs, by rank: the headline and pooled outcomes go last.
COST_OF_RANK = (400.0, 150.0, 60.0, 10.0)
# … and what it costs more to give up a pooled outcome than what it is the sum of.
_OF_SUMS = 20.0
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class Partition:
    """Groups of an earlier edition without a person in common.

    Attributes:
        masks: ``(k, n)`` who was in each. ``printed``: ``(k,)`` whether its number was.
        lowest: ``(k,)`` fewest persons that a reader knows a withheld one to have held.
    """

    masks: np.ndarray
    printed: np.ndarray
    lowest: np.ndarray


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row of an answer: shown with all its sets of persons, or not at all.

    Attributes:
        key: Which row of the answer.
        sets: Members' position → positions among its keys, one printed number each.
        lowest: Fewest persons that a reader knows each set to hold when it is withheld.
        main: Which of the sets the row is about: those with the outcome.
        weight: How much more than others of its rank it is worth.
        mean: What it is the mean of, if it is one: of the persons of its last set.
    """

    key: UnitKey
    sets: tuple[tuple[int, frozenset[int]], ...]
    lowest: tuple[int, ...] = ()
    main: int = -1
    weight: float = 1.0
    mean: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer as the system sees it: its rows and the partitions behind them."""

    id: str
    rank: int
    members: tuple[Members, ...]
    rows: tuple[Row, ...]
    refused: frozenset[UnitKey] = frozenset()
    is_sensitive: bool = False
    untold: frozenset[int] = frozenset()  # positions of members whose other cells nobody is told


@dataclass(frozen=True, slots=True)
class Unit:
    """Cells that are printed together, what it costs to withhold them, whether they must be."""

    answer: str
    key: UnitKey
    cells: tuple[int, ...]
    cost: float
    refused: bool = False
    main: int = -1
    mean: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A cell must be able to hold ``more`` persons than it does; ``given`` knows its own cell."""

    cell: int
    more: int
    given: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """Cells with their counts, the sums that a reader knows, and what may be printed.

    Attributes:
        counts: ``(m,)`` exact persons in each cell.
        lowest: ``(m,)`` fewest persons a reader knows a withheld cell to hold.
        sums: Each a whole, its parts: ``counts[whole] == counts[parts].sum()``.
        units: What is printed or withheld together.
        known: Cells that every reader knows.
        needs: What has to stay possible.
        follows: Pairs (zero, margin): the zero is withheld where its margin is.
        chances: For each sum, how likely it would hold, were it not in the definitions.
    """

    counts: np.ndarray
    lowest: np.ndarray
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    units: tuple[Unit, ...]
    known: frozenset[int]
    needs: tuple[Need, ...]
    follows: tuple[tuple[int, int], ...]
    chances: tuple[float, ...] = ()

    def matrix(self) -> sparse.csr_array:
        """``(sums, m)`` the sums as equations: the parts less the whole are zero."""
        rows, columns, values = [], [], []
        for line, (whole, parts) in enumerate(self.sums):
            rows += [line] * (len(parts) + 1)
            columns += [whole, *parts]
            values += [-1.0] + [1.0] * len(parts)
        shape = (len(self.sums), len(self.counts))
        return sparse.csr_array((values, (rows, columns)), shape=shape)

    def withheld_cells(self, units_withheld: np.ndarray) -> np.ndarray:
        """``(m,)`` cells that no printed unit shows."""
        hidden = np.ones(len(self.counts), dtype=bool)
        hidden[list(self.known)] = False
        for unit, gone in zip(self.units, units_withheld, strict=True):
            if not gone:
                hidden[list(unit.cells)] = False
        return hidden


def linked_system(
    answers: Sequence[Judged],
    rule: Rule,
    *,
    n_persons: int,
    population: str = PARTICIPANTS,
    earlier: Sequence[Partition] = (),
    is_linked: bool = True,
) -> System:
    """The system of one population: nobody is in two of them.

    Unless ``is_linked`` only with the sums of each table by itself.
    """
    state = np.arange(1, n_persons + 1, dtype=np.uint64) * _MULTIPLIER
    state = (state ^ (state >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    registry = Registry(state ^ (state >> np.uint64(32)), rule.threshold)
    known: set[int] = set()
    before: dict[int, int] = {}
    partitions = []
    for partition in earlier:
        cells = [registry.cell(own) for own in partition.masks]
        places = {1: ("",), 2: (WITHOUT, WITH)}.get(len(cells), map(str, range(len(cells))))
        partitions.append(CellPartition(cells, labels=tuple((place,) for place in places)))
        known |= {cell for cell, told in zip(cells, partition.printed, strict=True) if told}
        before |= dict(zip(cells, map(int, partition.lowest), strict=True))
    if not earlier:
        # How many there are stands in every report; beside earlier editions it is judged.
        known = {registry.cell(np.ones(n_persons, dtype=bool))}
    units, lowest, own_partitions = _units(answers, population, registry)
    partitions += own_partitions
    known |= {registry.impossible} - {-1}
    means: dict[tuple[str, int], int] = {}
    if is_linked:
        worth: dict[int, float] = {}
        for unit in units:
            worth |= {cell: max(unit.cost, worth.get(cell, 0.0)) for cell in unit.cells}
        link(registry, partitions)
        left = add_unions(registry, partitions, worth)
        units = tuple(replace(u, refused=u.refused or bool(left & {*u.cells})) for u in units)
        asked: dict[str, list[int]] = {}
        for unit in (unit for unit in units if unit.mean):
            asked.setdefault(unit.mean, []).append(unit.cells[-1])
        means = link_means(registry, asked, rule.smallest_group)
    counts = np.array(registry.counts, dtype=np.int64)
    floor = np.zeros(len(counts), dtype=np.int64)
    for cell, fewest in (*before.items(), *lowest.items()):
        floor[cell] = max(floor[cell], fewest)
    sums = tuple((whole, tuple(sorted(parts))) for whole, parts in registry.sums)
    needs = _needs(registry, counts, sums)
    needs += tuple(
        Need(cell, rule.smallest_group - int(counts[cell]))
        for cell in sorted(means.values())
        if rule.threshold <= counts[cell] < rule.smallest_group
    )
    pooled = _pooled(registry, units)
    units = tuple(
        replace(unit, cells=(*unit.cells, means[unit.mean, unit.cells[-1]]))
        if (unit.mean, unit.cells[-1]) in means
        else unit
        for unit in units
    )
    units = tuple(
        replace(unit, cost=unit.cost * _OF_SUMS)
        if unit.main in pooled and unit.cost >= COST_OF_RANK[1]
        else unit
        for unit in units
    )
    follows = tuple(
        sorted(
            (zero, margin)
            for zero, own in registry.margins.items()
            for margin in own
            if not counts[zero]
        )
    )
    needs = tuple(need for need in needs if need.cell not in known)
    chances = tuple(registry.sums.values())
    return System(counts, floor, sums, units, frozenset(known), needs, follows, chances)


def _pooled(registry: Registry, units: Sequence[Unit]) -> set[int]:
    """Outcomes of everyone that hold another one, and somebody besides."""
    headlines = {unit.main for unit in units if unit.main >= 0 and unit.cost >= COST_OF_RANK[0]}
    masks = {cell: registry.masks[cell] for cell in headlines if registry.counts[cell]}
    return {
        whole
        for whole, own in masks.items()
        if any(
            part.sum() < own.sum() and not (part & ~own).any()
            for other, part in masks.items()
            if other != whole
        )
    }


def _units(
    answers: Sequence[Judged], population: str, registry: Registry
) -> tuple[tuple[Unit, ...], dict[int, int], list[CellPartition]]:
    units: list[Unit] = []
    lowest: dict[int, int] = {}
    partitions: list[CellPartition] = []
    for order, answer in enumerate(answers):
        own: dict[int, CellsOfMembers] = {}
        for position, members in enumerate(answer.members):
            if members.population == population and position not in answer.untold:
                own[position] = cells_of_members(members, registry, answer.is_sensitive)
                partitions += own[position].partitions
        uniform = {cell for one in own.values() for cell in one.uniform}
        for row in answer.rows:
            shown = [
                (_cell(answer.members[i], keys, own.get(i), registry), i)
                for i, keys in row.sets
                if i in own or answer.members[i].population == population
            ]
            if not shown:
                continue
            cells = tuple(cell for cell, _ in shown)
            for cell, fewest in zip(cells, row.lowest, strict=False):
                lowest[cell] = max(lowest.get(cell, 0), fewest)
            count = registry.counts[cells[0]]
            cost = COST_OF_RANK[min(answer.rank, 3)] * row.weight
            # Of two that are worth the same the one that is asked first stands.
            cost += count / (1.0 + count) + (len(answers) - order) * 1e-3
            main = cells[row.main] if row.main >= 0 else -1
            refused = row.key in answer.refused or bool(uniform & set(cells))
            units.append(Unit(answer.id, row.key, cells, cost, refused, main, row.mean))
    return tuple(units), lowest, partitions


def _cell(
    members: Members, keys: frozenset[int], own: CellsOfMembers | None, registry: Registry
) -> int:
    if own is not None:
        return own.union(keys)
    return registry.cell(np.isin(members.cells, list(keys)))


def _needs(
    registry: Registry, counts: np.ndarray, sums: Sequence[tuple[int, tuple[int, ...]]]
) -> tuple[Need, ...]:
    """Nobody may know that a small cell is small, nor that nobody of a small line is there."""
    is_small = (counts > 0) & (counts < registry.threshold)
    more = registry.threshold - counts
    needs = {Need(int(cell), int(more[cell])) for cell in np.flatnonzero(is_small)}
    needs |= {Need(cell, 1) for cell in registry.zeros if not _is_of_nobody(registry, cell)}
    # That nobody of a few is in a selection would be known of all of them.
    needs |= {
        Need(cell, 1)
        for cell, label in registry.empty_levels.items()
        if label in registry.small_levels
    }
    for whole, parts in sums:
        # Whoever is the only person of a withheld cell knows how many they are.
        for person in (cell for cell in (whole, *parts) if counts[cell] == 1):
            needs |= {
                Need(cell, int(more[cell]), person)
                for cell in parts
                if is_small[cell] and registry.hashes[cell] != registry.hashes[person]
            }
    return tuple(sorted(needs, key=lambda need: (need.cell, need.given)))


def _is_of_nobody(registry: Registry, zero: int) -> bool:
    """Whether a zero is of a level that nobody has of a selection that is no small one."""
    return any(
        line in registry.empty_levels
        and registry.empty_levels[line] not in registry.small_levels
        and registry.counts[registry.selection.get(line, line)] >= registry.threshold
        for line in registry.margins.get(zero, ())
    )
