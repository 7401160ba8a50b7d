"""Cells by who is in them: one number for each set of persons that a report is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from evalkit.results.answers import Members

Name = tuple[object, ...]
# Levels that are special categories of personal data, or near to them, by nature.
SENSITIVE_LEVELS = frozenset(
    {"health_or_leave", "sick", "parental_leave", "disability", "non_binary"}
)


@dataclass(slots=True, eq=False)
class CellPartition:
    """Cells that share no person: positions in the registry.

    Attributes:
        cells: Whoever is in none of them is outside.
        lines: Of a table in two ways, each row and each column: the lines that it meets and
            the cell where they meet.
        labels: What each cell is of its selection, alike in others; empty where none is known.
    """

    cells: list[int]
    lines: dict[int, dict[int, int]] = field(default_factory=dict)
    labels: tuple[tuple[str, ...], ...] = ()


@dataclass(slots=True, eq=False)
class Registry:
    """Cells by who is in them; a set's name is the sum of its persons' random numbers."""

    persons: np.ndarray
    threshold: int
    counts: list[int] = field(default_factory=list)
    masks: list[np.ndarray] = field(default_factory=list)
    names: dict[Name, int] = field(default_factory=dict)
    hashes: list[int] = field(default_factory=list)
    sums: dict[tuple[int, frozenset[int]], float] = field(default_factory=dict)
    zeros: set[int] = field(default_factory=set)
    impossible: int = -1  # the cell of all that nobody can be by definition
    margins: dict[int, tuple[int, ...]] = field(default_factory=dict)
    selection: dict[int, int] = field(default_factory=dict)  # of the table asked last
    widest: dict[int, int] = field(default_factory=dict)  # … and of the table of most persons
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

    def select(self, cells: Iterable[int], whole: int) -> None:
        """Cells are known among those of a table; one that is all of them is known elsewhere."""
        for cell in cells:
            if cell != whole:
                self.selection[cell] = whole
                others = self.counts[self.widest.get(cell, cell)]
                if self.counts[whole] >= others:
                    self.widest[cell] = whole

    def add_sum(self, whole: int, parts: Iterable[int], chance: float = 0.0) -> None:
        """``chance``: how likely it would hold, were it not in the definitions."""
        own = frozenset(parts)
        if own != frozenset({whole}):
            self.sums[whole, own] = min(chance, self.sums.get((whole, own), 1.0))


@dataclass(slots=True, eq=False)
class CellsOfMembers:
    """One partition's cells, and those of its unions."""

    members: Members
    registry: Registry
    base: list[int]
    lines: dict[frozenset[int], int]
    partitions: list[CellPartition]
    uniform: list[int]
    universe: int

    def union(self, keys: frozenset[int]) -> int:
        if len(keys) == 1:
            return self.base[next(iter(keys))]
        if keys not in self.lines:
            mask = np.isin(self.members.cells, list(keys))
            parts = frozenset(self.base[i] for i in keys)
            # Were it known by who is in it, a zero that nobody may know would be in no sum.
            has_zero = bool(parts & self.registry.zeros)
            cell = (
                self.registry.cell(mask, ("union", parts))
                if has_zero and mask.any()
                else self.registry.part(mask, self.universe)
            )
            self.lines[keys] = cell
            self.registry.add_sum(cell, parts)
        return self.lines[keys]


def cells_of_members(members: Members, registry: Registry, is_sensitive: bool) -> CellsOfMembers:
    """The cells of one partition: its own, its lines and all of it."""
    keys, masks = members.keys, [members.cells == i for i in range(len(members.keys))]
    universe = registry.name_of(members.cells >= 0)
    axes = _axes(keys)
    lines = _lines(keys, masks, axes, registry, universe)
    of_line = [[lines[own] for axis in axes for own in axis if i in own and len(own) > 1]
               for i in range(len(keys))]  # fmt: skip
    base = []
    for i, mask in enumerate(masks):
        if i in members.impossible and not mask.any():
            registry.impossible = registry.cell(mask, ("impossible",))
            base.append(registry.impossible)
            continue
        if len(keys[i]) == 1:
            base.append(registry.line(mask, universe, keys[i][0]))
        else:
            name = _name(mask, of_line[i], registry, ("only", id(members), i))
            base.append(registry.cell(mask, name) if name else registry.part(mask, universe))
        if len(of_line[i]) > 1:
            registry.margins[base[i]] = tuple(of_line[i])
    uniform = _uniform(keys, masks, of_line, registry, is_sensitive)
    _mark_zeros(base, masks, of_line, uniform, registry)
    for own, cell in lines.items():
        registry.add_sum(cell, [base[i] for i in own])
    found = CellsOfMembers(members, registry, base, lines, [], [base[i] for i in uniform], universe)
    found.partitions = _partitions(found, axes, of_line)
    return found


def _axes(keys: Sequence[tuple[str, ...]]) -> list[list[frozenset[int]]]:
    """Of a table in two ways, the keys of each level of either."""
    if not keys or len(keys[0]) < 2:
        return []
    found = []
    for axis in (0, 1):
        by_level: dict[str, set[int]] = {}
        for i, key in enumerate(keys):
            by_level.setdefault(_level(key, axis), set()).add(i)
        found.append([frozenset(own) for own in by_level.values()])
    return found


def _level(key: tuple[str, ...], axis: int) -> str:
    """The first word of a key, or all the others: a kind of exit and its days are one level."""
    return " ".join(key[1:]) if axis else key[0]


def _lines(
    keys: Sequence[tuple[str, ...]],
    masks: Sequence[np.ndarray],
    axes: Sequence[Sequence[frozenset[int]]],
    registry: Registry,
    universe: int,
) -> dict[frozenset[int], int]:
    return {
        own: registry.line(
            np.logical_or.reduce([masks[i] for i in own]), universe, keys[min(own)][-axis]
        )
        for axis, levels in enumerate(axes)
        for own in levels
        if len(own) > 1
    }


def _name(mask: np.ndarray, margins: Sequence[int], registry: Registry, only: Name) -> Name | None:
    """What a cell of a table in two ways is known by; ``None``: by who is in it.

    Small, empty and whole cells are known by their lines: that two of them hold the same
    persons is chance, and not known.
    """
    is_whole = any(registry.hashes[m] == registry.name_of(mask) for m in margins)
    if mask.any() and not is_whole and not (margins and mask.sum() < registry.threshold):
        return None
    return ("in", frozenset(margins)) if len(margins) > 1 else only


def _uniform(
    keys: Sequence[tuple[str, ...]],
    masks: Sequence[np.ndarray],
    of_line: Sequence[Sequence[int]],
    registry: Registry,
    is_sensitive: bool,
) -> list[int]:
    """Keys with a sensitive level that all of their group have."""
    return [
        i
        for i, mask in enumerate(masks)
        if len(of_line[i]) > 1
        and mask.any()
        and any(
            registry.hashes[of_line[i][1 - axis]] == registry.name_of(mask)
            for axis in (0, 1)
            if is_sensitive or keys[i][-axis] in SENSITIVE_LEVELS
        )
    ]


def _mark_zeros(
    base: Sequence[int],
    masks: Sequence[np.ndarray],
    of_line: Sequence[Sequence[int]],
    uniform: Sequence[int],
    registry: Registry,
) -> None:
    """Zeros of small lines, and those beside a sensitive level that all of a group have."""
    told = {line for i in uniform for line in of_line[i]}
    for cell, mask, margins in zip(base, masks, of_line, strict=True):
        is_small = any(0 < registry.counts[line] < registry.threshold for line in margins)
        if (
            cell != registry.impossible
            and not mask.any()
            and margins
            and (is_small or told & set(margins))
        ):
            registry.zeros.add(cell)


def _partitions(
    own: CellsOfMembers,
    axes: Sequence[Sequence[frozenset[int]]],
    of_line: Sequence[Sequence[int]],
) -> list[CellPartition]:
    base, registry = own.base, own.registry
    table: dict[int, dict[int, int]] = {}
    for cell, margins in zip(base, of_line, strict=True):
        for one, other in (margins, margins[::-1]) if len(margins) > 1 else ():
            table.setdefault(one, {})[other] = cell
    labels = tuple(key if table else key[-1:] for key in own.members.keys)
    found = [CellPartition(base, table, labels)]
    everyone = frozenset(range(len(base)))
    if len(everyone) < 2:
        return found
    whole = registry.cell(own.members.cells >= 0)
    own.lines.setdefault(everyone, whole)
    registry.add_sum(whole, base)
    registry.select(base, whole)
    for axis, levels in enumerate(axes):
        cells = [own.lines.get(level, base[min(level)]) for level in levels]
        labels = tuple((_level(own.members.keys[min(level)], axis),) for level in levels)
        found.append(CellPartition(cells, labels=labels))
        registry.add_sum(whole, cells)
        registry.select(cells, whole)
    return [*found, CellPartition([whole], labels=(("",),))]
