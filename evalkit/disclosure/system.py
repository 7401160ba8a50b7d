"""Answers → one linked system: sets of persons, what adds up, what a reader knows.

A cell is a set of persons, whatever table, share or curve prints it: two cells of the same
persons are one. A reader knows the sums of every table, that a row which is printed holds
somebody, and which selections lie within which.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from evalkit.disclosure.rule import Rule
from evalkit.results.answers import Members

UnitKey = tuple[str, ...]
# ``(k, n)``: who was in each of some groups without a person in common.
Partition = np.ndarray
PARTICIPANTS = "participants"
Name = tuple[object, ...]
# What giving up a figure costs, by rank: the headline and pooled outcomes go last.
COST_OF_RANK = (400.0, 150.0, 60.0, 10.0)
# … and what it costs more to give up a pooled outcome than what it is the sum of.
_OF_SUMS = 20.0
# Levels that are special categories of personal data, or near to them, by nature.
SENSITIVE_LEVELS = frozenset(
    {"health_or_leave", "sick", "parental_leave", "disability", "non_binary"}
)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row of an answer: shown with all its sets of persons, or not at all.

    Attributes:
        key: Which row of the answer.
        sets: Members' position → positions among its keys, one printed number each.
        lowest: Fewest persons that a reader knows each set to hold when it is withheld.
        main: Which of the sets the row is about: those with the outcome.
        weight: How much more than others of its rank it is worth.
    """

    key: UnitKey
    sets: tuple[tuple[int, frozenset[int]], ...]
    lowest: tuple[int, ...] = ()
    main: int = -1
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer as the system sees it: its rows and the partitions behind them."""

    id: str
    rank: int
    members: tuple[Members, ...]
    rows: tuple[Row, ...]
    refused: frozenset[UnitKey] = frozenset()
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """Cells that are printed together, what it costs to withhold them, whether they must be."""

    answer: str
    key: UnitKey
    cells: tuple[int, ...]
    cost: float
    refused: bool = False
    main: int = -1


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
    """

    counts: np.ndarray
    lowest: np.ndarray
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    units: tuple[Unit, ...]
    known: frozenset[int]
    needs: tuple[Need, ...]
    follows: tuple[tuple[int, int], ...]

    def withheld_cells(self, units_withheld: np.ndarray) -> np.ndarray:
        """``(m,)`` cells that no printed unit shows."""
        hidden = np.ones(len(self.counts), dtype=bool)
        hidden[list(self.known)] = False
        for unit, gone in zip(self.units, units_withheld, strict=True):
            if not gone:
                hidden[list(unit.cells)] = False
        return hidden


@dataclass(slots=True, eq=False)
class _Partition:
    """Cells that share no person: positions in the registry.

    Attributes:
        cells: Whoever is in none of them is outside.
        lines: Of a table in two ways, each row and each column: the lines that it meets and
            the cell where they meet.
    """

    cells: list[int]
    lines: dict[int, dict[int, int]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class _Registry:
    """Cells by who is in them; a set's name is the sum of its persons' random numbers."""

    persons: np.ndarray
    threshold: int
    counts: list[int] = field(default_factory=list)
    masks: list[np.ndarray] = field(default_factory=list)
    names: dict[Name, int] = field(default_factory=dict)
    hashes: list[int] = field(default_factory=list)
    sums: dict[tuple[int, frozenset[int]], None] = field(default_factory=dict)
    zeros: set[int] = field(default_factory=set)
    margins: dict[int, tuple[int, ...]] = field(default_factory=dict)
    selection: dict[int, int] = field(default_factory=dict)
    small_levels: set[str] = field(default_factory=set)
    empty_levels: dict[int, str] = field(default_factory=dict)

    def name_of(self, mask: np.ndarray) -> int:
        return int(self.persons[mask].sum(dtype=np.uint64))

    def cell(self, mask: np.ndarray, name: Name | None = None) -> int:
        own = self.name_of(mask)
        name = ("set", own) if name is None else name
        if name not in self.names:
            self.names[name] = len(self.counts)
            self.counts.append(int(mask.sum()))
            self.masks.append(mask)
            self.hashes.append(own)
        return self.names[name]

    def part(self, mask: np.ndarray, universe: int) -> int:
        """A cell of a table: where it is small, only of its own selection of persons.

        That all of a few are in a selection, too, is chance as a rule and not known.
        """
        few = 0 < int(mask.sum()) < self.threshold
        return self.cell(mask, ("part", self.name_of(mask), universe) if few else None)

    def line(self, mask: np.ndarray, universe: int, label: str) -> int:
        """A level's persons; a level that nobody has is a cell of its own."""
        if mask.any():
            cell = self.part(mask, universe)
            if mask.sum() < self.threshold:
                self.small_levels.add(label)
        else:
            cell = self.cell(mask, ("nobody", label, universe))
            self.empty_levels[cell] = label
        return cell

    def add_sum(self, whole: int, parts: Iterable[int]) -> None:
        own = frozenset(parts)
        if own != frozenset({whole}):
            self.sums[(whole, own)] = None


def linked_system(
    answers: Sequence[Judged],
    rule: Rule,
    *,
    n_persons: int,
    population: str = PARTICIPANTS,
    earlier: Sequence[Partition] = (),
) -> System:
    """The system of one population: nobody is in two of them."""
    state = np.arange(1, n_persons + 1, dtype=np.uint64) * _MULTIPLIER
    state = (state ^ (state >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    registry = _Registry(state ^ (state >> np.uint64(32)), rule.threshold)
    known = {registry.cell(own) for partition in earlier for own in partition}
    partitions = [_Partition([registry.cell(own) for own in partition]) for partition in earlier]
    if not earlier:
        # How many there are stands in every report; beside earlier editions it is judged.
        known = {registry.cell(np.ones(n_persons, dtype=bool))}
    units, lowest, own_partitions = _units(answers, population, registry, rule)
    partitions += own_partitions
    _link(registry, partitions)
    counts = np.array(registry.counts, dtype=np.int64)
    floor = np.zeros(len(counts), dtype=np.int64)
    for cell, fewest in lowest.items():
        floor[cell] = fewest
    sums = tuple((whole, tuple(sorted(parts))) for whole, parts in registry.sums)
    needs = _needs(registry, counts, sums)
    pooled = {whole for whole, parts in sums if (counts[list(parts)] > 0).sum() > 1}
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
    return System(counts, floor, sums, units, frozenset(known), needs, follows)


def _units(
    answers: Sequence[Judged], population: str, registry: _Registry, rule: Rule
) -> tuple[tuple[Unit, ...], dict[int, int], list[_Partition]]:
    units: list[Unit] = []
    lowest: dict[int, int] = {}
    partitions: list[_Partition] = []
    for order, answer in enumerate(answers):
        own: dict[int, _OfMembers] = {}
        for position, members in enumerate(answer.members):
            if members.population == population:
                own[position] = _of_members(members, registry, answer.is_sensitive)
                partitions += own[position].partitions
        uniform = {cell for one in own.values() for cell in one.uniform}
        for row in answer.rows:
            shown = [(own[i].union(keys), i) for i, keys in row.sets if i in own]
            if not shown:
                continue
            cells = tuple(cell for cell, _ in shown)
            for cell, fewest in zip(cells, row.lowest, strict=False):
                lowest[cell] = max(lowest.get(cell, 0), fewest)
            count = registry.counts[cells[0]]
            cost = COST_OF_RANK[min(answer.rank, 3)] * row.weight
            cost += count / (1.0 + count) + order * 1e-3
            main = cells[row.main] if row.main >= 0 else -1
            refused = row.key in answer.refused or bool(uniform & set(cells))
            units.append(Unit(answer.id, row.key, cells, cost, refused, main))
    return tuple(units), lowest, partitions


@dataclass(slots=True, eq=False)
class _OfMembers:
    """One partition's cells, and those of its unions."""

    members: Members
    registry: _Registry
    base: list[int]
    lines: dict[frozenset[int], int]
    partitions: list[_Partition]
    uniform: list[int]
    universe: int

    def union(self, keys: frozenset[int]) -> int:
        if len(keys) == 1:
            return self.base[next(iter(keys))]
        if keys not in self.lines:
            mask = np.isin(self.members.cells, list(keys))
            cell = self.registry.part(mask, self.universe)
            self.lines[keys] = cell
            self.registry.add_sum(cell, [self.base[i] for i in keys])
        return self.lines[keys]


def _of_members(members: Members, registry: _Registry, is_sensitive: bool) -> _OfMembers:
    keys, masks = members.keys, [members.cells == i for i in range(len(members.keys))]
    depth = len(keys[0]) if keys else 0
    universe = registry.name_of(members.cells >= 0)
    lines: dict[frozenset[int], int] = {}
    of_line: list[list[int]] = [[] for _ in keys]
    groups: list[list[frozenset[int]]] = []
    if depth > 1:
        for axis in (0, depth - 1):
            by_level: dict[object, list[int]] = {}
            for i, key in enumerate(keys):
                by_level.setdefault(key[axis], []).append(i)
            groups.append([frozenset(own) for own in by_level.values()])
        for own in groups[0] + groups[1]:
            if len(own) > 1:
                of_all = np.logical_or.reduce([masks[i] for i in own])
                axis = 0 if own in groups[0] else -1
                lines[own] = registry.line(of_all, universe, keys[min(own)][axis])
            for i in own:
                of_line[i] += [lines[own]] if len(own) > 1 else []
    base, uniform = [], []
    for i, mask in enumerate(masks):
        margins = of_line[i]
        counts = [registry.counts[margin] for margin in margins]
        name: Name | None = None
        is_whole = any(registry.hashes[m] == registry.name_of(mask) for m in margins)
        if depth > 1 and (
            not mask.any() or is_whole or (margins and mask.sum() < registry.threshold)
        ):
            # Small, empty and whole cells are known by their lines: that two of them hold
            # the same persons is chance, and not known.
            name = ("in", frozenset(margins)) if len(margins) > 1 else ("only", id(members), i)
        if name is not None:
            cell = registry.cell(mask, name)
        elif depth == 1:
            cell = registry.line(mask, universe, keys[i][0])
        else:
            cell = registry.part(mask, universe)
        base.append(cell)
        if len(margins) > 1:
            registry.margins[cell] = tuple(margins)
        if not mask.any() and margins:
            if any(0 < count < registry.threshold for count in counts) or (
                is_sensitive and min(counts) > 0
            ):
                registry.zeros.add(cell)
        if mask.any() and any(
            registry.hashes[margins[1 - axis]] == registry.name_of(mask)
            for axis in (0, 1)
            if len(margins) > 1 and (is_sensitive or keys[i][axis] in SENSITIVE_LEVELS)
        ):
            uniform.append(cell)
    for i, cell in enumerate(base):
        # That all of a group have a sensitive level must not follow from zeros beside it.
        if not masks[i].any() and any(
            base[k] in uniform and set(of_line[i]) & set(of_line[k]) for k in range(len(base))
        ):
            registry.zeros.add(cell)
    for own, cell in lines.items():
        registry.add_sum(cell, [base[i] for i in own])
    table: dict[int, dict[int, int]] = {}
    if depth == 2:
        for i, cell in enumerate(base):
            for one, other in (of_line[i], of_line[i][::-1]) if len(of_line[i]) > 1 else ():
                table.setdefault(one, {})[other] = cell
    partitions = [_Partition(base, table)]
    everyone = frozenset(range(len(keys)))
    if len(everyone) > 1:
        whole = registry.cell(members.cells >= 0)
        lines.setdefault(everyone, whole)
        registry.add_sum(whole, base)
        registry.selection.update(dict.fromkeys(base, whole))
        for own_lines in groups:
            cells = [lines.get(own, base[next(iter(own))]) for own in own_lines]
            partitions.append(_Partition(cells))
            registry.add_sum(whole, cells)
            registry.selection.update(dict.fromkeys(cells, whole))
        partitions.append(_Partition([whole]))
    return _OfMembers(members, registry, base, lines, partitions, uniform, universe)


def _link(registry: _Registry, partitions: Sequence[_Partition]) -> None:
    """Sums across answers: unions of cells that make up another, but for nobody or a few."""
    masks = np.array(registry.masks, dtype=np.float32)
    sizes = np.array(registry.counts, dtype=np.int64)
    shared = np.rint(masks @ masks.T).astype(np.int64)
    distinct = list({tuple(one.cells): one for one in partitions}.values())
    for partition in distinct:
        cells = np.array([cell for cell in partition.cells if sizes[cell]], dtype=np.int64)
        if not len(cells):
            continue
        _add_rests(registry, partition, cells, shared, sizes)
        if partition.lines:
            _add_parts_of_lines(registry, partition, shared, sizes)
        else:
            _add_hulls(registry, cells, shared, sizes)
            _add_same(registry, cells, shared, sizes)
    together = np.zeros((len(sizes), len(sizes)), dtype=bool)
    for partition in distinct:
        together[np.ix_(partition.cells, partition.cells)] = True
    _add_pairs(registry, shared, sizes, together)


def _add_rests(
    registry: _Registry,
    partition: _Partition,
    cells: np.ndarray,
    shared: np.ndarray,
    sizes: np.ndarray,
) -> None:
    """A cell less all cells of a partition that lie inside it.

    That nobody is left over is taken as known of levels, not of the cells of a table in two
    ways, where it may be chance; see `_add_parts_of_lines`.
    """
    inside = shared[: len(sizes)][:, cells] == sizes[cells]
    rest = sizes - inside @ sizes[cells]
    chosen = registry.selection.get(int(cells[0]))
    empty = [cell for cell in partition.cells if cell in registry.empty_levels]
    for whole in np.flatnonzero(inside.any(axis=1) & (sizes >= registry.threshold)):
        parts = [int(part) for part in cells[inside[whole]]]
        if whole in parts or (rest[whole] == 0 and len(parts) == 1):
            continue
        if partition.lines and not 0 < rest[whole] < registry.threshold:
            continue
        if rest[whole] >= registry.threshold and sizes[parts].min() < registry.threshold:
            continue  # that a few are inside may be chance
        if chosen is not None and shared[chosen, whole] == sizes[chosen]:
            parts += empty
        _add_difference(registry, int(whole), parts, int(rest[whole]))


def _add_parts_of_lines(
    registry: _Registry, partition: _Partition, shared: np.ndarray, sizes: np.ndarray
) -> None:
    """A line within a selection is the sum of its cells there, empty ones among them.

    The selection is known of a cell of another table and of a level of a chosen group; of
    any other cell it is looked for among all. It must hold whole columns of the line.
    """
    m = len(sizes)
    for line, crossing in partition.lines.items():
        columns = np.array(list(crossing))
        for whole in np.flatnonzero(
            (shared[line, :m] == sizes) & (sizes > 0) & (np.arange(m) != line)
        ):
            if int(whole) in crossing.values():
                continue
            of_line, of_whole = (registry.selection.get(c) for c in (line, int(whole)))
            if (
                of_line is not None
                and of_whole is not None
                and (shared[of_whole, of_line] < sizes[of_whole])
            ):
                continue
            selections = _selections_of(registry, int(whole), line, shared, sizes)
            within = shared[np.ix_(selections, columns)]
            fits = (shared[line, selections] == sizes[whole]) & (
                shared[whole, selections] == sizes[whole]
            )
            fits &= _holds_whole(within, sizes[columns])
            # That a selection within another holds all of a few may be chance, unless the
            # wider one holds whole columns.
            wider = np.array([registry.selection.get(int(c), int(c)) for c in selections], int)
            fits &= _holds_whole(shared[np.ix_(wider, columns)], sizes[columns])
            for selection in np.flatnonzero(fits)[:1]:
                inside = within[selection] > 0
                registry.add_sum(int(whole), [crossing[int(c)] for c in columns[inside]])


def _holds_whole(within: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Which selections hold each of some cells whole or not at all."""
    whole: np.ndarray = ((within == sizes) | (within == 0)).all(axis=1)
    return whole


def _add_same(
    registry: _Registry,
    cells: np.ndarray,
    shared: np.ndarray,
    sizes: np.ndarray,
) -> None:
    """Small cells of a table and of a selection that holds whole cells of it are the same."""
    for cell in cells[sizes[cells] < registry.threshold]:
        for other, chosen in list(registry.selection.items()):
            of_table = registry.selection.get(int(cell), int(cell))
            if (
                other != cell
                and other not in registry.margins
                and registry.hashes[other] == registry.hashes[cell]
                and shared[chosen, of_table] == sizes[chosen]
            ):
                within = shared[chosen, cells]
                if len(cells) > 1 and ((within == sizes[cells]) | (within == 0)).all():
                    registry.add_sum(int(other), [int(cell)])


def _selections_of(
    registry: _Registry, whole: int, line: int, shared: np.ndarray, sizes: np.ndarray
) -> np.ndarray:
    """Cells that a cell may be the meeting of with a line."""
    chosen = registry.selection.get(whole)
    if whole in registry.margins and chosen is not None:
        own = registry.margins[whole]
        # The other margin, where this one is the line as far as the table is about it.
        return np.array(
            [
                other
                for margin, other in (own, own[::-1])
                if shared[margin, line] == sizes[margin] == shared[line, chosen]
            ],
            dtype=np.int64,
        )
    if chosen is not None:
        return np.array([chosen], dtype=np.int64)
    return np.flatnonzero(sizes >= registry.threshold)


def _add_hulls(
    registry: _Registry,
    cells: np.ndarray,
    shared: np.ndarray,
    sizes: np.ndarray,
) -> None:
    """All cells of a partition that a cell touches, less the cell that they cover."""
    touched = shared[: len(sizes)][:, cells] > 0
    covered = shared[: len(sizes)][:, cells].sum(axis=1) == sizes
    excess = touched @ sizes[cells] - sizes
    several = touched.sum(axis=1) > 1
    for whole in np.flatnonzero(covered & several & (excess > 0) & (excess < registry.threshold)):
        parts = cells[touched[whole]]
        mask = np.logical_or.reduce([registry.masks[part] for part in parts])
        beyond = mask & ~registry.masks[whole]
        rest = registry.cell(beyond, ("beyond", int(whole), frozenset(parts.tolist())))
        union = registry.cell(mask)
        registry.add_sum(union, [int(part) for part in parts])
        registry.add_sum(union, [int(whole), rest])


def _add_pairs(
    registry: _Registry, shared: np.ndarray, sizes: np.ndarray, together: np.ndarray
) -> None:
    """A cell less two inside it that hold no person in common and are of two partitions."""
    for whole in range(len(sizes)):
        parts = np.flatnonzero(
            (shared[whole] == sizes) & (sizes >= registry.threshold) & (sizes < sizes[whole])
        )
        if len(parts) < 2:
            continue
        rest = sizes[whole] - sizes[parts][:, None] - sizes[parts]
        few = (rest >= 0) & (rest < registry.threshold) & (shared[np.ix_(parts, parts)] == 0)
        few &= ~together[np.ix_(parts, parts)]
        for one, other in zip(*np.nonzero(np.triu(few, 1)), strict=True):
            pair = [int(parts[one]), int(parts[other])]
            _add_difference(registry, whole, pair, int(rest[one, other]))


def _add_difference(registry: _Registry, whole: int, parts: list[int], rest: int) -> None:
    if rest == 0:
        registry.add_sum(whole, parts)
        return
    own = (registry.hashes[whole] - sum(registry.hashes[part] for part in parts)) % 2**64
    name: Name = ("set", own)
    if name in registry.names:
        registry.add_sum(whole, [*parts, registry.names[name]])
    elif rest < registry.threshold:
        covered = np.logical_or.reduce([registry.masks[part] for part in parts])
        mask = registry.masks[whole] & ~covered
        cell = registry.cell(mask, ("rest", whole, frozenset(parts)))
        registry.add_sum(whole, [*parts, cell])


def _needs(
    registry: _Registry, counts: np.ndarray, sums: Sequence[tuple[int, tuple[int, ...]]]
) -> tuple[Need, ...]:
    """Nobody may know that a small cell is small, nor that nobody of a small line is there."""
    is_small = (counts > 0) & (counts < registry.threshold)
    more = registry.threshold - counts
    needs = {Need(int(cell), int(more[cell])) for cell in np.flatnonzero(is_small)}
    needs |= {Need(cell, 1) for cell in registry.zeros}
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
