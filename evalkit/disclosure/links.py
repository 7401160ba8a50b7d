"""Sums across answers: what is made up of what, but for nobody or a few.

What the data show is not always known to a reader: that all of a few are in another group is
chance. So cells of a table in two ways are put together by their lines, not by who is in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import exp, lgamma

import numpy as np

from evalkit.disclosure.registry import CellPartition, Name, Registry


def link(registry: Registry, partitions: Sequence[CellPartition]) -> None:
    """Sums across answers: unions of cells that make up another, but for nobody or a few."""
    masks = np.array(registry.masks, dtype=np.float32)
    sizes = np.array(registry.counts, dtype=np.int32)
    shared = np.rint(masks @ masks.T).astype(np.int32)
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
    apart = shared == 0
    for partition in distinct:
        apart[np.ix_(partition.cells, partition.cells)] = False
    _add_pairs(registry, shared, sizes, apart)
    _add_covers(registry, shared, sizes, apart)
    _add_meets(registry, shared, sizes)


def _add_rests(
    registry: Registry,
    partition: CellPartition,
    cells: np.ndarray,
    shared: np.ndarray,
    sizes: np.ndarray,
) -> None:
    """A cell less all cells of a partition that lie inside it.

    That nobody is left over is taken as known of levels, not of the cells of a table in two
    ways, where it may be chance; see `_add_parts_of_lines`.
    """
    inside = sizes[cells] == shared[cells].T
    rest = sizes - inside @ sizes[cells]
    chosen = registry.selection.get(int(cells[0]))
    empty = [cell for cell in partition.cells if cell in registry.empty_levels]
    outside = len(registry.persons) - int(sizes[partition.cells].sum())
    for whole in np.flatnonzero(inside.any(axis=1) & (sizes >= registry.threshold)):
        parts = [int(part) for part in cells[inside[whole]]]
        left = int(rest[whole])
        if partition.lines:  # that the few of a cell in two ways are inside is chance
            left += sum(int(sizes[part]) for part in parts if sizes[part] < registry.threshold)
            parts = [part for part in parts if sizes[part] >= registry.threshold]
        if not parts or whole in parts or (left == 0 and len(parts) == 1):
            continue
        if partition.lines and not 0 < left < registry.threshold:
            continue
        if left >= registry.threshold and sizes[parts].min() < registry.threshold:
            continue  # that a few are inside may be chance
        if chosen is not None and shared[chosen, whole] == sizes[chosen]:
            parts += empty
        apart = [outside]
        if left == 0:
            others = set(partition.cells).difference(parts)
            apart += [int(sizes[c]) for c in others if shared[c, whole] == 0]
        _add_difference(registry, int(whole), parts, left, apart)


def _add_parts_of_lines(
    registry: Registry, partition: CellPartition, shared: np.ndarray, sizes: np.ndarray
) -> None:
    """A line within a selection is the sum of its cells there, empty ones among them.

    The selection is known of a cell of another table and of a level of a chosen group; of
    any other cell it is looked for among all. It must hold whole columns of the line.
    """
    m = len(sizes)
    # That a selection within another holds all of a few may be chance, unless the wider one
    # holds whole columns.
    wider = np.array([registry.selection.get(cell, cell) for cell in range(m)], dtype=np.int64)
    is_large = sizes >= registry.threshold
    for line, crossing in partition.lines.items():
        columns = np.array(list(crossing))
        fits = _holds_whole(shared[columns].T, sizes[columns])
        fits &= fits[wider]
        inside = (shared[line, :m] == sizes) & (sizes > 0)
        inside[[line, *crossing.values()]] = False
        of_line = registry.widest.get(line)
        wholes = np.flatnonzero(inside)
        if not len(wholes) or not fits.any():
            continue
        large = np.flatnonzero(is_large & fits)
        meets = shared[line, large] == sizes[wholes, None]
        meets &= shared[np.ix_(wholes, large)] == sizes[wholes, None]
        for whole, any_large in zip(wholes.tolist(), meets, strict=True):
            of_whole = registry.selection.get(whole)
            if (
                of_line is not None
                and of_whole is not None
                and shared[of_whole, of_line] < sizes[of_whole]
            ):
                continue
            if of_whole is None:
                found = large[any_large]
            else:
                found = [
                    one
                    for one in _selections_of(registry, whole, line, shared, sizes)
                    if fits[one] and shared[line, one] == shared[whole, one] == sizes[whole]
                ]
            for selection in found[:1]:
                parts = [crossing[int(c)] for c in columns[shared[selection, columns] > 0]]
                # Whoever the selection has in a column need not be in the line.
                if sizes[parts].sum() == sizes[whole]:
                    registry.add_sum(whole, parts, chance_of(registry, whole, parts))


def _holds_whole(within: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Which selections hold each of some cells whole or not at all."""
    whole: np.ndarray = ((within == sizes) | (within == 0)).all(axis=1)
    return whole


def _add_same(registry: Registry, cells: np.ndarray, shared: np.ndarray, sizes: np.ndarray) -> None:
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
    registry: Registry, whole: int, line: int, shared: np.ndarray, sizes: np.ndarray
) -> list[int]:
    """Cells that a cell of a chosen group may be the meeting of with a line."""
    chosen = registry.selection[whole]
    if whole not in registry.margins:
        return [chosen]
    own = registry.margins[whole]
    # The other margin, where this one is the line as far as the table is about it.
    return [
        other
        for margin, other in (own, own[::-1])
        if shared[margin, line] == sizes[margin] == shared[line, chosen]
    ]


def _add_hulls(
    registry: Registry, cells: np.ndarray, shared: np.ndarray, sizes: np.ndarray
) -> None:
    """All cells of a partition that a cell touches, less the cell that they cover."""
    touched = shared[cells].T > 0
    covered = shared[cells].sum(axis=0) == sizes
    excess = touched @ sizes[cells] - sizes
    several = touched.sum(axis=1) > 1
    for whole in np.flatnonzero(covered & several & (excess > 0) & (excess < registry.threshold)):
        _add_cover(registry, int(whole), cells[touched[whole]].tolist())


def _add_covers(
    registry: Registry, shared: np.ndarray, sizes: np.ndarray, apart: np.ndarray
) -> None:
    """Two cells of two partitions that hold all of a third, and a few beyond it.

    Whoever is enrolled longer than a year began before this one: with those who left otherwise
    they are all of last year's without a result, and this year's few who left otherwise.
    """
    large = sizes >= registry.threshold
    for whole in np.flatnonzero(large):
        inside = shared[whole]
        beyond = sizes - inside
        few = (inside > 0) & (inside < sizes[whole]) & (beyond < registry.threshold)
        parts = np.flatnonzero(few & large)
        excess = beyond[parts][:, None] + beyond[parts]
        covers = inside[parts][:, None] + inside[parts] == sizes[whole]
        covers &= (excess > 0) & (excess < registry.threshold) & apart[np.ix_(parts, parts)]
        for one, other in np.argwhere(np.triu(covers, 1)).tolist():
            _add_cover(registry, int(whole), [int(parts[one]), int(parts[other])])


def _add_cover(registry: Registry, whole: int, parts: list[int]) -> None:
    mask = np.logical_or.reduce([registry.masks[part] for part in parts])
    beyond = mask & ~registry.masks[whole]
    rest = registry.cell(beyond, ("beyond", whole, frozenset(parts)))
    union = registry.cell(mask)
    registry.add_sum(union, parts)
    registry.add_sum(union, [whole, rest], chance_of(registry, union, [whole]))


def _add_pairs(
    registry: Registry, shared: np.ndarray, sizes: np.ndarray, apart: np.ndarray
) -> None:
    """A cell less two inside it that hold no person in common and are of two partitions."""
    for whole in range(len(sizes)):
        parts = np.flatnonzero(
            (shared[whole] == sizes) & (sizes >= registry.threshold) & (sizes < sizes[whole])
        )
        if len(parts) < 2:
            continue
        rest = sizes[whole] - sizes[parts][:, None] - sizes[parts]
        few = (rest >= 0) & (rest < registry.threshold)
        if not few.any():
            continue
        few &= apart[np.ix_(parts, parts)]
        for one, other in zip(*np.nonzero(np.triu(few, 1)), strict=True):
            pair = [int(parts[one]), int(parts[other])]
            _add_difference(registry, whole, pair, int(rest[one, other]))


def _add_meets(registry: Registry, shared: np.ndarray, sizes: np.ndarray) -> None:
    """Two cells that make up a third and have a few in common: their sum less the third.

    Where one less the other is a cell already, the differences hold it.
    """
    had = len(registry.counts)
    for whole in range(len(sizes)):
        parts = np.flatnonzero(
            (shared[whole] == sizes) & (sizes >= registry.threshold) & (sizes < sizes[whole])
        )
        both = shared[np.ix_(parts, parts)]
        meets = (both > 0) & (both < registry.threshold)
        meets &= sizes[parts][:, None] + sizes[parts] - both == sizes[whole]
        for i, j in zip(*np.nonzero(np.triu(meets, 1)), strict=True):
            one, other = int(parts[i]), int(parts[j])
            mask, beside = registry.masks[one], registry.masks[other]
            rest = registry.cell(mask & ~beside)
            if rest >= had:
                few = registry.cell(mask & beside, ("both", one, other))
                left = registry.counts[rest]
                chance = _all_among(int(sizes[whole]), int(sizes[one]), left)
                registry.add_sum(whole, [other, rest])
                registry.add_sum(one, [rest, few], chance)


def chance_of(registry: Registry, whole: int, parts: Sequence[int]) -> float:
    """How likely one of some cells would all be in another, were it not in its definition."""
    n, among = len(registry.persons), registry.counts[whole]
    # The likelier, the fewer they are.
    return _all_among(n, among, min(registry.counts[part] for part in parts))


@cache
def _all_among(n: int, among: int, size: int) -> float:
    """How likely so many persons, drawn blindly, are all among some."""
    if among == n or size > among:
        return 0.0
    return exp(lgamma(among + 1) - lgamma(among - size + 1) - lgamma(n + 1) + lgamma(n - size + 1))


def _add_difference(
    registry: Registry, whole: int, parts: list[int], rest: int, apart: Sequence[int] = ()
) -> None:
    """``apart``: sizes of what lies beside the parts, and outside the whole."""
    chance = chance_of(registry, whole, parts)
    if rest == 0:
        # That none of a few beside the parts is in the whole may be chance, too.
        beside = len(registry.persons) - registry.counts[whole]
        few = [size for size in apart if 0 < size < registry.threshold]
        chance = max([chance, *(_all_among(len(registry.persons), beside, size) for size in few)])
        registry.add_sum(whole, parts, chance)
        return
    own = (registry.hashes[whole] - sum(registry.hashes[part] for part in parts)) % 2**64
    name: Name = ("set", own)
    if name in registry.names:
        parts = [*parts, registry.names[name]]
        registry.add_sum(whole, parts, chance_of(registry, whole, parts))
    elif rest < registry.threshold:
        covered = np.logical_or.reduce([registry.masks[part] for part in parts])
        mask = registry.masks[whole] & ~covered
        cell = registry.cell(mask, ("rest", whole, frozenset(parts)))
        registry.add_sum(whole, [*parts, cell], chance)
