"""Which groups of one whole to withhold beside those with small counts.

Every count behind a group's estimate adds up over the groups to the total's, and within a
share those with and those without the outcome add up to the group's persons, who are told
elsewhere in the report. An estimate is shown with all its counts or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from evalkit.disclosure.audit import Limits, Printed, too_narrow
from evalkit.disclosure.rule import Rule
from evalkit.disclosure.suppression import NoSuppressionFound, Problem, cells_to_withhold
from evalkit.results import Estimate, EstimateRow

_PAIR = 2


@dataclass(slots=True)
class _System:
    """Cells with the position of the row that shows them, −1 for what is not a row's own."""

    counts: list[int] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    known: list[bool] = field(default_factory=list)
    sums: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)

    def add(self, count: int, *, row: int = -1, known: bool = False) -> int:
        self.counts.append(count)
        self.row.append(row)
        self.known.append(known)
        return len(self.counts) - 1


def groups_to_withhold(rows: Sequence[EstimateRow], hidden: set[int], rule: Rule) -> frozenset[int]:
    """Positions of the rows to withhold, those in ``hidden`` included.

    A total larger than its groups tells of persons without a group, who need protection
    like a withheld group. All groups are withheld when no safe choice is found.
    """
    estimates = {i: row for i, row in enumerate(rows) if isinstance(row, Estimate) and row.cells}
    groups = {i: row for i, row in estimates.items() if row.group}
    if not groups:
        return frozenset(hidden)
    everyone = frozenset(hidden | set(groups))
    if len({len(row.cells) for row in groups.values()}) != 1:
        return everyone if hidden else frozenset()
    total = _total_cells(estimates, groups)
    unsized = _hidden_sizes(groups, total, rule)
    system = _system_of(groups, total, unsized, rule)
    problem = _problem(system, hidden | unsized, rule)
    try:
        chosen = cells_to_withhold(problem)
    except NoSuppressionFound:
        return everyone
    if too_narrow(_printed(system, chosen), rule, whole_numbers=True):
        return everyone
    withheld = {row for row, cell in zip(system.row, chosen, strict=True) if cell}
    return frozenset((withheld - {-1}) | hidden)


def _total_cells(estimates: dict[int, Estimate], groups: dict[int, Estimate]) -> tuple[int, ...]:
    """Counts behind the total: of the one row without a group, else the groups' sum."""
    sums = np.array([row.cells for row in groups.values()]).sum(axis=0)
    without = [row.cells for row in estimates.values() if not row.group]
    if len(without) == 1 and len(without[0]) == len(sums) and (without[0] >= sums).all():
        return without[0]
    return tuple(int(count) for count in sums)


def _hidden_sizes(groups: dict[int, Estimate], total: tuple[int, ...], rule: Rule) -> set[int]:
    """Groups whose number of persons a table of the groups withholds; a share would tell it."""
    if not _are_shares(groups):
        return set()
    sizes = [row.n for row in groups.values()]
    rest = sum(total) - sum(sizes)
    counts = np.array([*sizes, *([rest] if rest else []), sum(total)], dtype=np.int64)
    small = (counts > 0) & (counts < rule.threshold)
    known = np.zeros(len(counts), dtype=bool)
    known[-1] = not small[-1]
    sums = np.ones((1, len(counts)))
    sums[0, -1] = -1.0
    problem = Problem(
        counts=counts,
        sums=sums,
        primary=small,
        known=known,
        unit=np.arange(len(counts)),
        need=rule.threshold,
    )
    chosen = cells_to_withhold(problem)
    return {position for position, cell in zip(groups, chosen, strict=False) if cell}


def _are_shares(groups: dict[int, Estimate]) -> bool:
    return all(len(row.cells) == _PAIR and sum(row.cells) == row.n for row in groups.values())


def _system_of(
    groups: dict[int, Estimate], total: tuple[int, ...], unsized: set[int], rule: Rule
) -> _System:
    system = _System()
    are_shares = _are_shares(groups)
    parts: list[list[int]] = []
    for position, row in groups.items():
        own = [system.add(count, row=position) for count in row.cells]
        parts.append(own)
        if are_shares:
            system.sums.append((system.add(row.n, known=position not in unsized), tuple(own)))
    for column, count in enumerate(total):
        cells = tuple(own[column] for own in parts)
        _add_total(system, cells, count, rule)
    return system


def _add_total(system: _System, cells: tuple[int, ...], count: int, rule: Rule) -> None:
    """The total, known to the reader unless small; with it, who stands in no group."""
    rest = count - sum(system.counts[cell] for cell in cells)
    if rest:
        cells = (*cells, system.add(rest, known=rest >= rule.threshold))
    is_known = not 0 < count < rule.threshold
    system.sums.append((system.add(count, known=is_known), cells))


def _problem(system: _System, hidden: set[int], rule: Rule) -> Problem:
    counts = np.array(system.counts, dtype=np.int64)
    row, known = np.array(system.row), np.array(system.known, dtype=bool)
    sums = np.zeros((len(system.sums), len(counts)))
    for line, (whole, parts) in enumerate(system.sums):
        sums[line, list(parts)] = 1.0
        sums[line, whole] = -1.0
    lone = row < 0
    names = np.where(lone, row.max() + 1 + np.arange(len(row)), row)
    return Problem(
        counts=counts,
        sums=sums,
        primary=np.isin(row, list(hidden)) | (lone & ~known),
        known=known,
        unit=np.unique(names, return_inverse=True)[1],
        need=rule.threshold,
    )


def _printed(system: _System, withheld: np.ndarray) -> Printed:
    figures: dict[object, Limits | None] = {
        cell: None if withheld[cell] else (float(count), float(count))
        for cell, count in enumerate(system.counts)
    }
    return Printed(figures, list(system.sums))
