"""Limits for the difference between two shares, elementwise on arrays of counts.

They trust their arguments; `differences` checks them and makes the `Estimate`.

Own: published percentages need Newcombe's limits for thousands of possible counts at once, and
statsmodels' score interval raises on 29 of 87 tables and is off by up to .07 on others (#10269).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evalkit.statistics.shares.proportion_limits import wilson_limits
from evalkit.statistics.shares.share_counts import (
    FloatArray,
    Limits,
    bisect,
    normal_quantile,
)


def _as_arrays(*counts: npt.ArrayLike) -> list[FloatArray]:
    return [
        np.asarray(array, dtype=float)
        for array in np.broadcast_arrays(*(np.asarray(count, dtype=float) for count in counts))
    ]


def _clipped(low: FloatArray, high: FloatArray) -> Limits:
    return np.asarray(np.maximum(low, -1)), np.asarray(np.minimum(high, 1))


def newcombe_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Newcombe (1998b) method 10: the distances to Wilson's limits of each share, added."""
    k1, n1, k2, n2 = _as_arrays(k1, n1, k2, n2)
    p1, p2 = k1 / n1, k2 / n2
    low_1, high_1 = wilson_limits(k1, n1, confidence_level)
    low_2, high_2 = wilson_limits(k2, n2, confidence_level)
    below = np.hypot(p1 - low_1, high_2 - p2)
    above = np.hypot(high_1 - p1, p2 - low_2)
    return _clipped(p1 - p2 - below, p1 - p2 + above)


def constrained_shares(
    delta: FloatArray, k1: FloatArray, n1: FloatArray, k2: FloatArray, n2: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Maximum-likelihood shares under p1 − p2 = ``delta``, in closed form.

    The root of Miettinen & Nurminen's (1985) cubic in p2. Statsmodels' version has the
    count of the second group where its size belongs (statsmodels #10269).
    """
    total, events = n1 + n2, k1 + k2
    l3 = total
    l2 = (n1 + 2 * n2) * delta - total - events
    l1 = (n2 * delta - total - 2 * k2) * delta + events
    l0 = k2 * delta * (1 - delta)
    q = l2**3 / (3 * l3) ** 3 - l1 * l2 / (6 * l3**2) + l0 / (2 * l3)
    size = np.sqrt(np.maximum(l2**2 / (3 * l3) ** 2 - l1 / (3 * l3), 0))
    p = np.where(q >= 0, size, -size)
    cosine = np.divide(q, p**3, out=np.zeros_like(q), where=p != 0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1, 1))) / 3
    p2 = 2 * p * np.cos(angle) - l2 / (3 * l3)
    p2 = np.clip(p2, np.maximum(0, -delta), np.minimum(1, 1 - delta))
    return p2 + delta, p2


def _score_statistic(delta: FloatArray, counts: list[FloatArray]) -> FloatArray:
    """Miettinen–Nurminen's z of p1 − p2 = ``delta``; infinite where its variance is 0."""
    k1, n1, k2, n2 = counts
    p1, p2 = constrained_shares(delta, k1, n1, k2, n2)
    total = n1 + n2
    variance = np.maximum(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2, 0) * total / (total - 1)
    distance = k1 / n1 - k2 / n2 - delta
    z = distance / np.sqrt(np.where(variance > 0, variance, 1))
    far = np.where(distance == 0, 0.0, np.copysign(np.inf, distance))
    return np.where(variance > 0, z, far)


def miettinen_nurminen_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Miettinen–Nurminen (1985) score limits, elementwise."""
    counts, z = _as_arrays(k1, n1, k2, n2), normal_quantile(confidence_level)
    observed = counts[0] / counts[1] - counts[2] / counts[3]
    ones = np.ones_like(observed)
    low = bisect(lambda delta: _score_statistic(delta, counts) > z, -ones, observed)
    high = bisect(lambda delta: _score_statistic(delta, counts) > -z, observed, ones)
    return np.where(observed == -1, -1.0, low), np.where(observed == 1, 1.0, high)
