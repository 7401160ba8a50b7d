"""Limits for one share, elementwise on arrays of counts: Wilson's and Clopper–Pearson's.

They trust their arguments; `proportions` checks them and makes the `Estimate`. Both ends are
exact: a limit that is 0 or 1 by definition is exactly that.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import special

from evalkit.statistics.shares.share_counts import FloatArray, Limits, normal_quantile


def _mirrored(
    lower: Callable[[FloatArray, FloatArray], FloatArray], k: npt.ArrayLike, n: npt.ArrayLike
) -> Limits:
    """Both limits from the lower one: the upper limit of k is 1 − the lower limit of n − k."""
    k, n = np.broadcast_arrays(np.asarray(k, dtype=float), np.asarray(n, dtype=float))
    return lower(k, n), 1 - lower(n - k, n)


def wilson_limits(k: npt.ArrayLike, n: npt.ArrayLike, confidence_level: float = 0.95) -> Limits:
    """Wilson (1927) score limits, elementwise."""
    return wilson_limits_at(k, n, normal_quantile(confidence_level))


def wilson_limits_at(k: npt.ArrayLike, n: npt.ArrayLike, z: float) -> Limits:
    """Wilson's limits at a critical value ``z``; k and n may be effective numbers.

    The smaller root of (n + z²)p² − (2k + z²)p + k²/n = 0, written without cancellation.
    """

    def lower(k: FloatArray, n: FloatArray) -> FloatArray:
        denominator = k + z**2 / 2 + z * np.sqrt(k * (n - k) / n + z**2 / 4)
        return np.asarray(k**2 / n / denominator)

    return _mirrored(lower, k, n)


def clopper_pearson_limits(
    k: npt.ArrayLike, n: npt.ArrayLike, confidence_level: float = 0.95
) -> Limits:
    """Clopper–Pearson (1934) exact limits by Beta quantiles, elementwise."""
    tail = (1 - confidence_level) / 2

    def lower(k: FloatArray, n: FloatArray) -> FloatArray:
        return np.where(k > 0, special.betaincinv(np.maximum(k, 1), n - k + 1, tail), 0.0)

    return _mirrored(lower, k, n)
