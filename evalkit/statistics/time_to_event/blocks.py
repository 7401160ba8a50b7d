"""Released blocks of persons spread over bins of days.

Within a block nobody knows on which day a person left. Everyone's blocks are spread over
30-day bins in proportion to persons at risk times days; each group's bins start as its part of
everyone's and are raked to every block that is released.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from evalkit.results.curves import KINDS, REST, WAY, EventBlock, GroupedEvents

BIN_DAYS = 30
_TAIL_DAYS = 180.0
_SPREADINGS, _RAKINGS = 8, 80


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """Persons per group (everyone first), kind and bin of days, as released counts have them."""

    edges: np.ndarray
    names: tuple[str, ...]
    counts: np.ndarray

    def of(self, group: str) -> np.ndarray:
        """``(3, bins)`` the cause, the other ways to leave, last seen."""
        found: np.ndarray = self.counts[self.names.index(group)]
        return found


def bins(events: GroupedEvents, cause: str) -> Bins:
    """The bins of a cause, worked out once for the same released counts."""
    return _bins_of(_Frozen(events), cause)


@dataclass(frozen=True, slots=True)
class _Frozen:
    """Released counts as a key: the same object is the same counts."""

    events: GroupedEvents

    def __hash__(self) -> int:
        return id(self.events)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and other.events is self.events


@lru_cache(maxsize=64)
def _bins_of(key: _Frozen, cause: str) -> Bins:
    events = key.events
    ends = {block.end for block in events.blocks if math.isfinite(block.end)}
    last = int(max(ends, default=BIN_DAYS))
    edges = np.array(sorted({*range(BIN_DAYS, last + 1, BIN_DAYS), *ends}), dtype=float)
    whole = _everyone(events, cause, edges)
    groups = tuple(group for group in events.groups if group)
    if not groups:
        return Bins(edges, ("",), whole[None])
    known = sum(events.persons[group] for group in groups)
    sizes = [events.persons[group] for group in groups]
    rest = events.persons[""] - known
    names = (*groups, *(("\0rest",) if rest else ()))
    parts = np.array([*sizes, *([rest] if rest else [])], dtype=float) / events.persons[""]
    start = parts[:, None, None] * whole[None] + 1e-9
    counts = _raked(start, events, names, edges)
    return Bins(edges, ("", *names), np.concatenate([whole[None], counts]))


def _everyone(events: GroupedEvents, cause: str, edges: np.ndarray) -> np.ndarray:
    """``(3, bins)``: the cause, the other ways, last seen; spread by risk and days."""
    kinds = [[b for b in events.blocks if not b.groups and b.kind == kind] for kind in KINDS]
    single = [b for b in events.blocks if not b.groups and b.kind == WAY + cause]
    widths = np.diff(np.concatenate([[0.0], edges, [edges[-1] + _TAIL_DAYS]]))
    ids, counts = zip(*(_ids(own, edges) for own in kinds), strict=True)
    n = float(events.persons[""])
    risk, spread = np.full(len(widths), n), np.zeros((3, len(widths)))
    for _ in range(_SPREADINGS):
        weight = widths * np.maximum(risk, 1e-9)
        spread = np.array([_spread(weight, i, c) for i, c in zip(ids, counts, strict=True)])
        gone = spread.sum(axis=0)
        risk = n - (gone.cumsum() - gone) - gone / 2
    if cause != events.causes[0] and len(events.causes) > 2:
        own_ids, own_counts = _ids(single, edges)
        own = _spread(widths * np.maximum(risk, 1e-9), own_ids, own_counts)
        both = spread[0] + spread[1]
        own = np.minimum(own, both)
        return np.array([own, both - own, spread[2]])
    return spread if cause == events.causes[0] else spread[[1, 0, 2]]


def _ids(own: list[EventBlock], edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    ordered = sorted(own, key=lambda block: block.end)
    ends = [block.end for block in ordered]
    limits = np.concatenate([edges, [np.inf]])
    ids = np.searchsorted(ends, limits, side="left") if ends else np.zeros(len(limits), int)
    counts = np.array([block.n for block in ordered] or [0], dtype=float)
    return np.minimum(ids, len(counts) - 1), counts


def _spread(weight: np.ndarray, ids: np.ndarray, counts: np.ndarray) -> np.ndarray:
    total = np.bincount(ids, weight, minlength=len(counts))
    found: np.ndarray = weight * (counts / np.where(total > 0, total, 1.0))[ids]
    return found


def _raked(
    start: np.ndarray,
    events: GroupedEvents,
    names: tuple[str, ...],
    edges: np.ndarray,
) -> np.ndarray:
    """Iterative proportional fitting to every released block."""
    targets = _targets(start.shape, events, names, np.concatenate([edges, [np.inf]]))
    counts = start.ravel().copy()
    for _ in range(_RAKINGS):
        for where_flat, n in targets:
            now = counts[where_flat].sum()
            counts[where_flat] *= n / now if now > 0 else 0.0
    found: np.ndarray = counts.reshape(start.shape)
    return found


def _targets(
    shape: tuple[int, ...], events: GroupedEvents, names: tuple[str, ...], limits: np.ndarray
) -> list[tuple[np.ndarray, float]]:
    """Places that each block counts, and its number of persons; the rest last."""
    place = {name: i for i, name in enumerate(names)}
    counted = np.zeros(shape, dtype=bool)
    found = []
    for block in sorted(events.blocks, key=lambda one: one.kind == REST):
        own = {place.get(group, len(names) - 1) for group in block.groups}
        own = own or set(range(len(names)))
        where = np.zeros(shape, dtype=bool)
        for g in own if block.kind == REST else ():
            where[g] = ~counted[g]
        days = (limits > block.start) & (limits <= block.end)
        for g in own if block.kind in KINDS else ():
            where[g, KINDS.index(block.kind), days] = True
        if block.groups:
            counted |= where
        if where.any():
            found.append((where.ravel().nonzero()[0], float(block.n)))
    return found
