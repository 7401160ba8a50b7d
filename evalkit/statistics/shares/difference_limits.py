"""Limits for the difference between two shares, elementwise on arrays of counts.

They trust their arguments; `differences` checks them and makes the `Estimate`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from evalkit.statistics.shares.proportion_limits import (
    wilson_continuity_corrected_limits,
    wilson_limits,
)
from evalkit.statistics.shares.share_counts import (
    FloatArray,
    Limits,
    bisect,
    infinite_with_sign,
    normal_quantile,
)


def _as_arrays(*counts: npt.ArrayLike) -> list[FloatArray]:
    return [
        np.asarray(array, dtype=float)
        for array in np.broadcast_arrays(*(np.asarray(count, dtype=float) for count in counts))
    ]


def _clipped(low: FloatArray, high: FloatArray) -> Limits:
    return np.asarray(np.maximum(low, -1)), np.asarray(np.minimum(high, 1))


def _square_and_add(
    share_limits: Callable[[npt.ArrayLike, npt.ArrayLike, float], Limits],
    counts: list[FloatArray],
    confidence_level: float,
) -> Limits:
    """Newcombe's recovery of a difference's variance from the limits of each share."""
    k1, n1, k2, n2 = counts
    p1, p2 = k1 / n1, k2 / n2
    low_1, high_1 = share_limits(k1, n1, confidence_level)
    low_2, high_2 = share_limits(k2, n2, confidence_level)
    below = np.hypot(p1 - low_1, high_2 - p2)
    above = np.hypot(high_1 - p1, p2 - low_2)
    return _clipped(p1 - p2 - below, p1 - p2 + above)


def newcombe_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Newcombe (1998b) method 10: hybrid score limits, from Wilson's limits of each share."""
    return _square_and_add(wilson_limits, _as_arrays(k1, n1, k2, n2), confidence_level)


def newcombe_continuity_corrected_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Newcombe (1998b) method 11: the same from continuity-corrected Wilson limits."""
    counts = _as_arrays(k1, n1, k2, n2)
    return _square_and_add(wilson_continuity_corrected_limits, counts, confidence_level)


def _wald(counts: list[FloatArray], confidence_level: float, correction: FloatArray) -> Limits:
    k1, n1, k2, n2 = counts
    p1, p2 = k1 / n1, k2 / n2
    standard_error = np.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    half = normal_quantile(confidence_level) * standard_error + correction
    return _clipped(p1 - p2 - half, p1 - p2 + half)


def wald_difference_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Wald limits, clipped to −1…1 (Newcombe 1998b, method 1)."""
    counts = _as_arrays(k1, n1, k2, n2)
    return _wald(counts, confidence_level, np.zeros_like(counts[0]))


def wald_difference_continuity_corrected_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Wald limits with continuity correction, clipped to −1…1 (Newcombe 1998b, method 2)."""
    counts = _as_arrays(k1, n1, k2, n2)
    return _wald(counts, confidence_level, (1 / counts[1] + 1 / counts[3]) / 2)


def agresti_caffo_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Agresti–Caffo (2000): Wald after one success and one failure more in each group.

    Clipped to −1…1, which statsmodels leaves undone (1.05 at 10/10 against 0/20).
    """
    a, m, b, n = _as_arrays(k1, n1, k2, n2)
    return wald_difference_limits(a + 1, m + 2, b + 1, n + 2, confidence_level)


def _beal_limits(counts: list[FloatArray], nuisance: FloatArray, confidence_level: float) -> Limits:
    """Beal (1987): the score equation with the mean of the two shares held at ``nuisance``."""
    z = normal_quantile(confidence_level)
    k1, n1, k2, n2 = counts
    difference = k1 / n1 - k2 / n2
    u, v = (1 / n1 + 1 / n2) / 4, (1 / n1 - 1 / n2) / 4
    skew = 1 - 2 * nuisance
    spread = nuisance * (1 - nuisance)
    inside = (
        u * (4 * spread - difference**2)
        + 2 * v * skew * difference
        + 4 * z**2 * u**2 * spread
        + z**2 * v**2 * skew**2
    )
    centre = (difference + z**2 * v * skew) / (1 + z**2 * u)
    half = z / (1 + z**2 * u) * np.sqrt(np.maximum(inside, 0))
    return _clipped(centre - half, centre + half)


def haldane_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Haldane's limits (Beal 1987; Newcombe 1998b, method 3)."""
    counts = _as_arrays(k1, n1, k2, n2)
    a, m, b, n = counts
    return _beal_limits(counts, (a / m + b / n) / 2, confidence_level)


def jeffreys_perks_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Jeffreys–Perks limits (Beal 1987; Newcombe 1998b, method 4)."""
    counts = _as_arrays(k1, n1, k2, n2)
    a, m, b, n = counts
    return _beal_limits(counts, ((a + 0.5) / (m + 1) + (b + 0.5) / (n + 1)) / 2, confidence_level)


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


def score_statistic(
    delta: FloatArray,
    k1: FloatArray,
    n1: FloatArray,
    k2: FloatArray,
    n2: FloatArray,
    *,
    variance_factor: FloatArray | float = 1.0,
) -> FloatArray:
    """The score z of p1 − p2 = ``delta``; infinite where the constrained variance is 0."""
    p1, p2 = constrained_shares(delta, k1, n1, k2, n2)
    variance = np.maximum(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2, 0) * variance_factor
    distance = k1 / n1 - k2 / n2 - delta
    z = distance / np.sqrt(np.where(variance > 0, variance, 1))
    return np.where(variance > 0, z, infinite_with_sign(distance))


def _score_limits(counts: list[FloatArray], z: float, factor: FloatArray | float) -> Limits:
    k1, n1, k2, n2 = counts
    observed = k1 / n1 - k2 / n2
    ones = np.ones_like(observed)

    def statistic(delta: FloatArray) -> FloatArray:
        return score_statistic(delta, k1, n1, k2, n2, variance_factor=factor)

    low = bisect(lambda delta: statistic(delta) > z, -ones, observed)
    high = bisect(lambda delta: statistic(delta) > -z, observed, ones)
    return np.where(observed == -1, -1.0, low), np.where(observed == 1, 1.0, high)


def mee_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Mee (1984) score limits: Miettinen–Nurminen without the factor N/(N − 1)."""
    counts = _as_arrays(k1, n1, k2, n2)
    return _score_limits(counts, normal_quantile(confidence_level), 1.0)


def miettinen_nurminen_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Miettinen–Nurminen (1985) score limits, elementwise."""
    counts = _as_arrays(k1, n1, k2, n2)
    total = counts[1] + counts[3]
    return _score_limits(counts, normal_quantile(confidence_level), total / (total - 1))
