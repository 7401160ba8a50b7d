"""Count tables → one system of cells and sums for the optimiser.

Cells of linked tables that mean the same persons are one cell of the system, so that a
margin shown in one table cannot be withheld in vain in another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from evalkit.disclosure.rule import Rule
from evalkit.disclosure.suppression import Problem
from evalkit.results import CountTable

_Levels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellSystem:
    """The cells of some tables.

    Attributes:
        problem: What the optimiser needs.
        cells: Per table, the position of each of its rows among the cells.
        rows: Cells of each printed row: the inner cells of a level of the first dimension
            and its margin; for one dimension each cell alone.
    """

    problem: Problem
    cells: tuple[np.ndarray, ...]
    rows: tuple[np.ndarray, ...]


@dataclass(slots=True)
class _Builder:
    """Collects cells and sums while the tables are read."""

    rule: Rule
    counts: list[int] = field(default_factory=list)
    primary: list[bool] = field(default_factory=list)
    known: list[bool] = field(default_factory=list)
    place: dict[tuple[object, ...], int] = field(default_factory=dict)
    sums: list[dict[int, float]] = field(default_factory=list)

    def cell(self, name: tuple[object, ...], count: int) -> int:
        """The position of a cell, the same for the same name and count."""
        key = (*name, count)
        if key not in self.place:
            self.place[key] = len(self.counts)
            self.counts.append(count)
            self.primary.append(0 < count < self.rule.threshold)
            self.known.append(False)
        return self.place[key]


def cells_of_tables(tables: Sequence[CountTable], rule: Rule) -> CellSystem:
    """The system of one table or of several with common margins.

    The total of a table is taken as known from elsewhere – the number of participants
    stands in every report – unless it is small itself; so is a cell that is marked as told.
    """
    builder = _Builder(rule)
    cells, rows = [], []
    for table in tables:
        grid = _grid(table)
        own = _add_cells(builder, table, grid)
        _add_sums(builder, table, own, grid)
        _mark_uniform_groups(builder, table, own, grid)
        cells.append(np.array([own[levels] for levels in grid.levels]))
        rows += _rows(own, grid)
    return CellSystem(_problem(builder), tuple(cells), tuple(rows))


@dataclass(frozen=True, slots=True)
class _Grid:
    """Levels of each row of a table, its counts, and which levels are totals per dimension."""

    levels: list[_Levels]
    counts: list[int]
    totals: tuple[frozenset[str], ...]
    told: list[bool]

    def is_total(self, levels: _Levels, axis: int) -> bool:
        return levels[axis] in self.totals[axis]

    def line(self, levels: _Levels, axis: int) -> list[_Levels]:
        """The inner cells along ``axis`` through a cell."""
        others = [i for i in range(len(levels)) if i != axis]
        return [
            other
            for other in self.levels
            if not self.is_total(other, axis) and all(other[i] == levels[i] for i in others)
        ]


def _grid(table: CountTable) -> _Grid:
    frame = table.counts
    columns = [[str(level) for level in frame[dimension]] for dimension in table.dimensions]
    margin = frame["is_margin"].tolist()
    totals = tuple(
        frozenset(level for level, total in zip(column, margin, strict=True) if total)
        - frozenset(level for level, total in zip(column, margin, strict=True) if not total)
        for column in columns
    )
    told = frame["is_told"].tolist() if "is_told" in frame.columns else [False] * len(frame)
    return _Grid(list(zip(*columns, strict=True)), frame["n"].astype(int).tolist(), totals, told)


def _add_cells(builder: _Builder, table: CountTable, grid: _Grid) -> dict[_Levels, int]:
    own = {}
    for levels, count, is_told in zip(grid.levels, grid.counts, grid.told, strict=True):
        inner = frozenset(
            (table.dimensions[axis], level)
            for axis, level in enumerate(levels)
            if not grid.is_total(levels, axis)
        )
        own[levels] = builder.cell((table.measure, inner), count)
        if (is_told or not inner) and not builder.primary[own[levels]]:
            builder.known[own[levels]] = True
    return own


def _add_sums(builder: _Builder, table: CountTable, own: dict[_Levels, int], grid: _Grid) -> None:
    """Every margin is the sum of its line; a one-way table has a total even if unprinted."""
    for levels, whole in own.items():
        for axis in range(len(table.dimensions)):
            parts = [own[other] for other in grid.line(levels, axis)]
            if grid.is_total(levels, axis) and parts:
                builder.sums.append({**dict.fromkeys(parts, 1.0), whole: -1.0})
    if len(table.dimensions) == 1 and not any(table.counts["is_margin"]):
        whole = builder.cell((table.measure, frozenset()), sum(grid.counts))
        builder.known[whole] = not builder.primary[whole]
        builder.sums.append({**dict.fromkeys(own.values(), 1.0), whole: -1.0})


def _mark_uniform_groups(
    builder: _Builder, table: CountTable, own: dict[_Levels, int], grid: _Grid
) -> None:
    """On a sensitive attribute nobody may learn that all or none of a group have a level."""
    counts = dict(zip(grid.levels, grid.counts, strict=True))
    for axis, dimension in enumerate(table.dimensions):
        if dimension not in builder.rule.sensitive:
            continue
        for levels in grid.levels:
            if grid.is_total(levels, axis):
                continue
            size = sum(counts[other] for other in grid.line(levels, axis))
            if size and counts[levels] in (0, size):
                builder.primary[own[levels]] = True


def _rows(own: dict[_Levels, int], grid: _Grid) -> list[np.ndarray]:
    by_level: dict[str, list[int]] = {}
    for levels, cell in own.items():
        if not grid.is_total(levels, 0):
            by_level.setdefault(levels[0], []).append(cell)
    return [np.array(cells) for cells in by_level.values()]


def _problem(builder: _Builder) -> Problem:
    counts = np.array(builder.counts, dtype=np.int64)
    sums = np.zeros((len(builder.sums), len(counts)))
    for row, line in enumerate(builder.sums):
        for cell, sign in line.items():
            sums[row, cell] = sign
    return Problem(
        counts=counts,
        sums=sums,
        primary=np.array(builder.primary, dtype=bool),
        known=np.array(builder.known, dtype=bool),
        unit=np.arange(len(counts)),
        need=builder.rule.threshold,
    )
