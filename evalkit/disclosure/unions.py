"""Selections that hold nobody in common, put together: three years, women and men.

Together they are a selection like any other, and what lies between it and another is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from evalkit.disclosure.links import chance_of
from evalkit.disclosure.registry import CellPartition, Registry
from evalkit.results.answers import WITH

_Labels = tuple[tuple[str, ...], ...]
_MOST = 1000  # selections and those put together, beyond which some are given up


def add_unions(
    registry: Registry, partitions: Sequence[CellPartition], worth: Mapping[int, float]
) -> set[int]:
    """Sums of selections put together, where they are another but for nobody or a few.

    Returns the selections that cannot be judged together with the others, as there are too
    many: those of least worth.

    Args:
        registry: Cells of persons; unions and their sums are added to it.
        partitions: Cells of tables and shares, with their labels.
        worth: What it costs to withhold each cell, as far as it is printed.
    """
    own: dict[int, dict[_Labels, list[tuple[int, ...]]]] = {}
    for cells, labels in _selections(partitions).items():
        size = sum(registry.counts[cell] for cell in cells)
        if registry.threshold <= size < len(registry.persons):
            whole = registry.cell(np.logical_or.reduce([registry.masks[cell] for cell in cells]))
            own.setdefault(whole, {}).setdefault(labels, []).append(cells)
    chosen, left = _apart(registry, sorted(own, key=lambda cell: -worth.get(cell, 0.0)))
    unions: dict[frozenset[int], frozenset[int]] = {}  # parts → their selections
    for together in chosen:
        for labels in set.intersection(*(set(own[whole]) for whole in together)):
            for alike in product(*(own[whole][labels] for whole in together)):
                unions |= dict.fromkeys(
                    map(frozenset, zip(*alike, strict=True)), frozenset(together)
                )
    _link(registry, unions)
    return left


def _selections(partitions: Sequence[CellPartition]) -> dict[tuple[int, ...], _Labels]:
    """Cells of each, and of each group of a share by group, with what they are called."""
    found = {}
    for one in partitions:
        found[tuple(one.cells)] = one.labels
        label_of = dict(zip(one.cells, one.labels, strict=True))
        for crossing in one.lines.values():
            labels = tuple(label_of[cell][-1:] for cell in crossing.values())
            if (WITH,) in labels and len(set(labels)) == len(labels):
                found[tuple(crossing.values())] = labels
    return found


def _apart(registry: Registry, wholes: Sequence[int]) -> tuple[list[tuple[int, ...]], set[int]]:
    """Two or more selections of which no two have a person in common."""
    chosen: list[tuple[tuple[int, ...], np.ndarray]] = []
    left = set()
    for whole in wholes:
        own = registry.masks[whole]
        more = [((*one, whole), mask | own) for one, mask in chosen if not (mask & own).any()]
        if len(chosen) + len(more) < _MOST:
            chosen += [((whole,), own), *more]
        else:
            left.add(whole)
    return [one for one, _ in chosen if len(one) > 1], left


def _parts_of(registry: Registry) -> dict[int, list[frozenset[int]]]:
    found: dict[int, list[frozenset[int]]] = {}
    for whole, parts in registry.sums:
        found.setdefault(whole, []).append(parts)
    return found


def _union(registry: Registry, parts: frozenset[int]) -> int:
    whole = registry.cell(np.logical_or.reduce([registry.masks[part] for part in parts]))
    registry.add_sum(whole, parts)
    return whole


def _link(registry: Registry, unions: Mapping[frozenset[int], frozenset[int]]) -> None:
    """What adds up of unions and cells that have no selection in common: others follow."""
    # Of a part that is small the number is withheld, and the sum is none that a reader can make.
    names = [own for own in unions if min(registry.counts[c] for c in own) >= registry.threshold]
    if not names:
        return
    n = len(registry.counts)
    united = [np.logical_or.reduce([registry.masks[c] for c in own]) for own in names]
    rows = np.array([*registry.masks, *united], dtype=np.float32)
    sizes = rows.sum(axis=1)
    selections = [frozenset({registry.selection.get(cell, cell)}) for cell in range(n)]
    selections += [unions[own] for own in names]
    known = _parts_of(registry)

    def cell(row: int) -> int:
        return row if row < n else _union(registry, names[row - n])

    shared = rows[n:] @ rows.T
    within, about = shared == sizes, shared == sizes[n:, None]
    near = (within | about) & (np.abs(sizes - sizes[n:, None]) < registry.threshold)
    near &= sizes >= registry.threshold
    for i, other in np.argwhere(near).tolist():
        # Each two unions once, and none with a part of its own.
        if n + i < other or not selections[other].isdisjoint(selections[n + i]):
            continue
        whole, part = (n + i, other) if within[i, other] else (other, n + i)
        rest = (rows[whole] - rows[part]) > 0
        held = rows[list(names[whole - n])] > 0 if whole >= n else ~rest[None]
        of_rest = held[:, rest].any(axis=1)
        is_of_parts = whole >= n and not (of_rest & held[:, ~rest].any(axis=1)).any()
        if is_of_parts or any(names[i] <= parts for parts in known.get(whole, ())):
            continue  # what is left is some of its own parts, or a table says so already
        parts = [cell(part)]
        if rest.any():
            parts.append(registry.cell(rest, ("beside", registry.name_of(rest))))
        registry.add_sum(cell(whole), parts, chance_of(registry, cell(whole), [cell(part)]))
