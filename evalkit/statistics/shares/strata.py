"""Two groups compared within strata: the counts, checked, as arrays one entry per stratum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.share_counts import FloatArray, whole_count

Stratum: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Strata:
    """``(S,)`` arrays: events and persons in the first and the second group."""

    k1: FloatArray
    n1: FloatArray
    k2: FloatArray
    n2: FloatArray

    @property
    def total(self) -> FloatArray:
        return np.asarray(self.n1 + self.n2)

    @property
    def events(self) -> FloatArray:
        return np.asarray(self.k1 + self.k2)

    @property
    def persons(self) -> int:
        return int(self.total.sum())

    @property
    def cells(self) -> tuple[int, ...]:
        """With and without the event in each group, stratum by stratum."""
        columns = (self.k1, self.n1 - self.k1, self.k2, self.n2 - self.k2)
        return tuple(int(cell) for cell in np.column_stack(columns).ravel())

    def where(self, keep: np.ndarray) -> Strata:
        return Strata(self.k1[keep], self.n1[keep], self.k2[keep], self.n2[keep])


def checked_strata(strata: Sequence[Stratum]) -> Strata:
    """``(events_1, n_1, events_2, n_2)`` per stratum, as arrays.

    Raises:
        ValueError: If a count is negative or fractional, or events exceed persons; names the
            stratum's place in the sequence, from 1.
        CannotBeComputed: ``no_persons`` when a group is empty in every stratum.
    """
    rows = []
    for place, stratum in enumerate(strata, start=1):
        k1, n1, k2, n2 = (whole_count(count, f"strata {place}") for count in stratum)
        if k1 > n1 or k2 > n2:
            raise ValueError(f"strata {place}: events must not exceed persons")
        rows.append((k1, n1, k2, n2))
    table = np.array(rows, dtype=float).reshape(-1, 4)
    if len(rows) == 0 or table[:, 1].sum() == 0 or table[:, 3].sum() == 0:
        raise CannotBeComputed("no_persons")
    return Strata(table[:, 0], table[:, 1], table[:, 2], table[:, 3])


def comparable(strata: Strata) -> Strata:
    """The strata with persons in both groups; a stratum with one group compares nothing."""
    kept = strata.where((strata.n1 > 0) & (strata.n2 > 0))
    if len(kept.n1) == 0:
        raise CannotBeComputed("no_common_strata")
    return kept
