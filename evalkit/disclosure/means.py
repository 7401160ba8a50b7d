"""Means across answers: which follow from others by subtraction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

from evalkit.disclosure.registry import Registry


def link_means(
    registry: Registry, printed: Mapping[str, Sequence[int]], smallest: int
) -> dict[tuple[str, int], int]:
    """Cells of means, apart from those of counts: a mean follows from others by subtraction.

    Args:
        registry: Cells of persons, linked.
        printed: Measure → cells whose mean is asked for.
        smallest: A group that has fewer gets no mean.
    """
    own: dict[tuple[str, int], int] = {}
    counts, masks = registry.counts, registry.masks
    for measure, cells in printed.items():
        asked = set(cells)
        sums = [(w, sorted(p)) for w, p in registry.sums if w in asked and asked & p]
        for whole, part in permutations(sorted(asked), 2):
            rest = masks[whole] & ~masks[part]
            is_inside = not (masks[part] & ~masks[whole]).any()
            if is_inside and registry.threshold <= rest.sum() < smallest:
                sums.append((whole, [part, registry.cell(rest)]))
        for whole, parts in sums:
            for cell in (c for c in (whole, *parts) if counts[c]):
                own[measure, cell] = registry.cell(masks[cell], (measure, cell))
            of_parts = [own[measure, part] for part in parts if counts[part]]
            registry.add_sum(own[measure, whole], of_parts)
    return own
