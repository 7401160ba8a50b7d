"""The martingales behind each estimate: how one person's event or time at risk moves it.

Derivatives of the product-limit and Aalen–Johansen estimates with respect to a person's
weight. Where the last person at risk leaves, what follows no longer moves and the part is 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalkit.statistics.time_to_event.influence import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCounts:
    """One group's table: ``n`` at risk and ``d`` ``(C, T)`` leaving by cause."""

    n: np.ndarray
    d: np.ndarray

    @property
    def all_left(self) -> np.ndarray:
        total: np.ndarray = self.d.sum(axis=0)
        return total


def _part(counts: GroupCounts, any_exit: np.ndarray, own: np.ndarray, cause: int | None) -> Part:
    """Part with jump ``any_exit`` for every exit and ``own`` more for exits by ``cause``."""
    somebody = np.where(counts.n > 0, counts.n, 1)
    kinds = len(counts.d)
    jump = np.zeros((kinds + 1, len(counts.n)))
    jump[1:] = any_exit
    growth = any_exit * counts.all_left / somebody
    if cause is not None:
        jump[cause + 1] += own
        growth = growth + own * counts.d[cause] / somebody
    return Part(jump=jump, compensator=np.cumsum(growth))


def _over_staying(counts: GroupCounts) -> np.ndarray:
    """1/(n − d), 0 where nobody stays."""
    stay = counts.n - counts.all_left
    return np.where(stay > 0, 1 / np.where(stay > 0, stay, 1.0), 0.0)


def log_survival_part(counts: GroupCounts) -> Part:
    """−∂ log S(t)/∂wᵢ: jump 1/(n − d), compensator Σ d/(n(n − d))."""
    return _part(counts, _over_staying(counts), np.zeros(len(counts.n)), None)


def incidence_part(counts: GroupCounts, cause: int, before: np.ndarray, share: np.ndarray) -> Part:
    """The part X of ∂F(t)/∂wᵢ = X(t) − F(t)·Y(t), where Y is `log_survival_part`."""
    somebody = np.where(counts.n > 0, counts.n, 1)
    return _part(counts, share * _over_staying(counts), before / somebody, cause)


def mean_time_part(counts: GroupCounts, remaining_area: np.ndarray) -> Part:
    """∂/∂wᵢ of the area under S up to τ; ``remaining_area`` is the area from each time on."""
    return _part(counts, -remaining_area * _over_staying(counts), np.zeros(len(counts.n)), None)


def incidence_area_part(
    counts: GroupCounts,
    cause: int,
    *,
    before: np.ndarray,
    remaining_rise: np.ndarray,
    remaining_days: np.ndarray,
) -> Part:
    """∂/∂wᵢ of the area under F up to τ.

    ``remaining_rise`` is the area between F and its level at each time, from that time to τ.
    """
    somebody = np.where(counts.n > 0, counts.n, 1)
    own = before * remaining_days / somebody
    return _part(counts, -remaining_rise * _over_staying(counts), own, cause)
