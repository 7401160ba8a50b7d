"""How much each day counts in a weighted log-rank test."""

from __future__ import annotations

from typing import Literal

import numpy as np

from evalkit.options import check_option

Weighting = Literal[
    "log-rank", "gehan", "tarone-ware", "peto-peto", "peto-prentice", "fleming-harrington"
]


def time_weights(
    n: np.ndarray, d: np.ndarray, weighting: Weighting, *, rho: float, gamma: float
) -> np.ndarray:
    """One weight per time from the pooled counts of ``n`` at risk and ``d`` leaving, (G, T).

    Raises:
        ValueError: For an unknown weighting.
    """
    check_option("weighting", weighting, Weighting)
    total: np.ndarray = n.sum(axis=0)
    events: np.ndarray = d.sum(axis=0)
    if weighting == "log-rank":
        return np.ones_like(total)
    if weighting == "gehan":
        return total
    if weighting == "tarone-ware":
        root: np.ndarray = np.sqrt(total)
        return root
    if weighting == "peto-peto":
        # Peto & Peto's own survival estimate, with one person more at risk, on the day.
        return np.cumprod(1 - events / (total + 1))
    somebody = np.where(total > 0, total, 1)
    survival = np.cumprod((somebody - events) / somebody)
    before = np.concatenate([[1.0], survival[:-1]])
    if weighting == "peto-prentice":
        return before
    powers: np.ndarray = before**rho * (1 - before) ** gamma
    return powers
