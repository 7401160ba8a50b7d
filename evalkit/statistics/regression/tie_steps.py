"""Sums over the steps of tied events in Efron's likelihood, per event time.

With d tied events that carry a share θ of the risk, step l = 0 … d − 1 sees f = l/d of them
gone and D = 1 − fθ. Thousands may tie on a day in a large register, while θ is small: the
sums are then power series in θ whose coefficients Σ fᵏ are known in closed form.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.special import bernoulli, comb

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
    means = _power_sums(ties)
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


def _power_sums(ties: np.ndarray) -> np.ndarray:
    """Σ (l/d)ᵏ over l = 0 … d − 1 for k = 0, 1, …: Faulhaber's formula over dᵏ."""
    j = np.arange(TERMS + 2)[:, None]
    result: np.ndarray = _faulhaber() @ ties ** (1.0 - j)
    return result


@cache
def _faulhaber() -> np.ndarray:
    """Coefficient of d^(1−j) in the k-th power sum: C(k + 1, j) Bⱼ / (k + 1)."""
    k, j = np.meshgrid(np.arange(TERMS + 2), np.arange(TERMS + 2), indexing="ij")
    numbers = bernoulli(TERMS + 1)
    result: np.ndarray = np.where(j <= k, comb(k + 1, j) * numbers[j] / (k + 1), 0.0)
    return result
