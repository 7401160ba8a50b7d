"""Who is at risk when: every row placed between two event times of its stratum.

A *cell* is one distinct event time of one stratum; before the first of each stratum lies an
empty cell, so that "never at risk" needs no special case. A row is at risk in the cells
``before + 1 … last``. All sums over risk sets are then sums of cells; Efron's steps of tied events
are power series where thousands tie.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import bernoulli, comb

from evalkit.statistics.regression.inputs import SurvivalRows


@dataclass(frozen=True, slots=True)
class RiskSets:
    """Cells of event times and the place of each row among them.

    Attributes:
        times: ``(m,)`` event time of each cell; minus infinity in the empty first cells.
        ties: ``(m,)`` number of events (rows, unweighted).
        event_weight: ``(m,)`` weight of the events.
        first_cell: ``(s + 1,)`` position of the empty cell of each stratum, then ``m``.
        last: ``(n,)`` last cell each row is at risk in (its own, for an event).
        before: ``(n,)`` cell just before the first it is at risk in; ``None`` when that is
            the stratum's empty cell for everyone (no delayed entry).
        event: ``(n,)`` whether the row has the event.
        weights: ``(n,)`` or ``None`` for one each.
        strata: ``(n,)`` or ``None`` for one stratum.
    """

    times: np.ndarray
    ties: np.ndarray
    event_weight: np.ndarray
    first_cell: np.ndarray
    last: np.ndarray
    before: np.ndarray | None
    event: np.ndarray
    weights: np.ndarray | None
    strata: np.ndarray | None

    @property
    def n_cells(self) -> int:
        return len(self.times)

    @property
    def n_rows(self) -> int:
        return len(self.last)


def risk_sets(rows: SurvivalRows) -> RiskSets:
    """Places the rows among the event times, in time proportional to the number of rows."""
    days, entry, width = _ranks(rows)
    strata = np.zeros(1, dtype=np.int64) if rows.strata is None else rows.strata.astype(np.int64)
    n_strata = int(strata.max()) + 1
    keys = strata * width + days
    empty = np.arange(n_strata, dtype=np.int64) * width
    cells = np.union1d(_distinct(keys[rows.event], n_strata * width), empty)
    last = _place(cells, keys)
    at_event = last[rows.event]
    weight = None if rows.weights is None else rows.weights[rows.event]
    times = np.full(len(cells), -np.inf)
    times[at_event] = rows.days[rows.event]
    return RiskSets(
        times=times,
        ties=np.bincount(at_event, minlength=len(cells)),
        event_weight=np.bincount(at_event, weight, minlength=len(cells)).astype(float),
        first_cell=np.append(np.searchsorted(cells, empty), len(cells)),
        last=last,
        before=None if entry is None else _place(cells, strata * width + entry),
        event=rows.event,
        weights=rows.weights,
        strata=rows.strata,
    )


def _ranks(rows: SurvivalRows) -> tuple[np.ndarray, np.ndarray | None, int]:
    """Times as whole numbers from 1 in the same order; 0 lies before every exit."""
    given = [rows.days] if rows.entry is None else [rows.days, rows.entry]
    if all(bool((v == np.rint(v)).all()) for v in given) and rows.days.max() < 2**31:
        days = rows.days.astype(np.int64) + 1
        entry = None if rows.entry is None else np.maximum(rows.entry.astype(np.int64) + 1, 0)
    else:
        rank = np.unique(np.concatenate(given), return_inverse=True)[1] + 1
        days = rank[: rows.n]
        entry = None if rows.entry is None else rank[rows.n :]
    return days, entry, int(days.max()) + 1


def _distinct(keys: np.ndarray, size: int) -> np.ndarray:
    """Sorted distinct keys; by counting where the range is short, as with whole days."""
    if size > 4 * len(keys) + 1_000_000:
        return np.unique(keys)
    return np.flatnonzero(np.bincount(keys, minlength=1))


def _place(cells: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """The last cell not after each key; 32 bits hold it and halve the memory."""
    lowest, highest = int(cells[0]), int(cells[-1])
    if highest - lowest > 4 * len(keys) + 1_000_000:
        return (np.searchsorted(cells, keys, side="right") - 1).astype(np.int32)
    starts_here = np.zeros(highest - lowest + 1, dtype=np.int32)
    starts_here[cells - lowest] = 1
    lookup = np.cumsum(starts_here, dtype=np.int32) - 1
    result: np.ndarray = lookup[np.minimum(keys, highest) - lowest]
    return result


LARGEST_SHARE_IN_SERIES = 0.1
FEWEST_TIES_IN_SERIES = 32
TERMS = 19
"""At θ = 0.1 the first term left out is below 2e-18 of the sum."""


def tie_steps(ties: np.ndarray, share: np.ndarray) -> np.ndarray:
    """``(6, m)``: Σ log D, Σ 1/D, Σ f/D, Σ 1/D², Σ f/D², Σ f²/D² of every cell.

    Args:
        ties: ``(m,)`` number of events d; a cell without any has sums of 0.
        share: ``(m,)`` the events' share θ of the risk.
    """
    is_long = (ties >= FEWEST_TIES_IN_SERIES) & (share <= LARGEST_SHARE_IN_SERIES)
    sums = _one_by_one(np.where(is_long, 0, ties), share)
    sums[:, is_long] = _series(ties[is_long].astype(float), share[is_long])
    return sums


def _one_by_one(ties: np.ndarray, share: np.ndarray) -> np.ndarray:
    m = len(ties)
    place = np.repeat(np.arange(m), ties)
    starts = np.cumsum(ties) - ties
    f = (np.arange(len(place)) - np.repeat(starts, ties)) / ties[place]
    inverse = 1 / (1 - f * share[place])
    square = inverse**2
    terms = (np.log1p(-f * share[place]), inverse, f * inverse, square, f * square, f**2 * square)
    # Without a single row bincount forgets its weights and gives whole numbers.
    return np.stack([np.bincount(place, term, m) for term in terms]).astype(float)


def _series(ties: np.ndarray, share: np.ndarray) -> np.ndarray:
    """The geometric and log series in θ, summed over the steps term by term."""
    # Σ (l/d)ᵏ over l = 0 … d − 1 for k = 0, 1, …: Faulhaber's formula over dᵏ.
    j = np.arange(TERMS + 2)[:, None]
    means: np.ndarray = _faulhaber() @ ties ** (1.0 - j)
    k = np.arange(TERMS)[:, None]
    powers = share**k
    weighted = (k + 1) * powers
    return np.stack(
        [
            -(powers[1:] / k[1:] * means[1:TERMS]).sum(axis=0),
            (powers * means[:TERMS]).sum(axis=0),
            (powers * means[1 : TERMS + 1]).sum(axis=0),
            (weighted * means[:TERMS]).sum(axis=0),
            (weighted * means[1 : TERMS + 1]).sum(axis=0),
            (weighted * means[2:]).sum(axis=0),
        ]
    )


@cache
def _faulhaber() -> np.ndarray:
    """Coefficient of d^(1−j) in the k-th power sum: C(k + 1, j) Bⱼ / (k + 1)."""
    k, j = np.meshgrid(np.arange(TERMS + 2), np.arange(TERMS + 2), indexing="ij")
    numbers = bernoulli(TERMS + 1)
    result: np.ndarray = np.where(j <= k, comb(k + 1, j) * numbers[j] / (k + 1), 0.0)
    return result
