"""Limits for one share, elementwise on arrays of counts: one function per named method.

They trust their arguments; `proportions` checks them and makes the `Estimate`. Both ends are
exact: a limit that is 0 or 1 by definition is exactly that.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import special

from evalkit.statistics.shares.share_counts import FloatArray, Limits, bisect, normal_quantile


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


def wilson_continuity_corrected_limits(
    k: npt.ArrayLike, n: npt.ArrayLike, confidence_level: float = 0.95
) -> Limits:
    """Wilson score limits with continuity correction, elementwise (Newcombe 1998a, method 4)."""
    z = normal_quantile(confidence_level)

    def lower(k: FloatArray, n: FloatArray) -> FloatArray:
        inside = z**2 - 2 - 1 / n + 4 * k * (n - k + 1) / n
        root = z * np.sqrt(np.where(k > 0, inside, 0))
        return np.where(k > 0, np.maximum(0, 2 * k + z**2 - 1 - root) / (2 * (n + z**2)), 0.0)

    return _mirrored(lower, k, n)


def agresti_coull_limits(
    k: npt.ArrayLike, n: npt.ArrayLike, confidence_level: float = 0.95
) -> Limits:
    """Agresti–Coull (1998) limits, clipped to 0–1, elementwise."""
    z = normal_quantile(confidence_level)

    def lower(k: FloatArray, n: FloatArray) -> FloatArray:
        share = (k + z**2 / 2) / (n + z**2)
        return np.asarray(np.maximum(0, share - z * np.sqrt(share * (1 - share) / (n + z**2))))

    return _mirrored(lower, k, n)


def clopper_pearson_limits(
    k: npt.ArrayLike, n: npt.ArrayLike, confidence_level: float = 0.95
) -> Limits:
    """Clopper–Pearson (1934) exact limits by Beta quantiles, elementwise."""
    tail = (1 - confidence_level) / 2

    def lower(k: FloatArray, n: FloatArray) -> FloatArray:
        return np.where(k > 0, special.betaincinv(np.maximum(k, 1), n - k + 1, tail), 0.0)

    return _mirrored(lower, k, n)


def mid_p_limits(k: npt.ArrayLike, n: npt.ArrayLike, confidence_level: float = 0.95) -> Limits:
    """Mid-p limits, elementwise: P(X > k) + ½P(X = k) equals the tail probability."""
    tail = (1 - confidence_level) / 2

    def upper_tail(p: FloatArray, k: FloatArray, n: FloatArray) -> FloatArray:
        """P(X > k) + ½P(X = k), for 0 < k."""
        at_least = special.betainc(np.maximum(k, 1), n - k + 1, p)
        more = np.where(k < n, special.betainc(k + 1, np.maximum(n - k, 1), p), 0.0)
        return np.asarray((at_least + more) / 2)

    def lower(k: FloatArray, n: FloatArray) -> FloatArray:
        root = bisect(lambda p: upper_tail(p, k, n) < tail, np.zeros_like(k), np.ones_like(k))
        return np.where(k > 0, root, 0.0)

    return _mirrored(lower, k, n)


def jeffreys_equal_tail_limits(
    k: npt.ArrayLike, n: npt.ArrayLike, confidence_level: float = 0.95
) -> Limits:
    """Equal-tailed Jeffreys limits by Beta(k + ½, n − k + ½) quantiles, elementwise.

    At k = 0 the lower limit lies above the observed share; `jeffreys_limits` mends that.
    """
    tail = (1 - confidence_level) / 2
    return _mirrored(lambda k, n: np.asarray(special.betaincinv(k + 0.5, n - k + 0.5, tail)), k, n)


def jeffreys_limits(k: npt.ArrayLike, n: npt.ArrayLike, confidence_level: float = 0.95) -> Limits:
    """Jeffreys limits with the end rule of Brown, Cai & DasGupta (2001), elementwise.

    The lower limit is 0 at k = 0 and the upper limit is 1 at k = n.
    """
    low, high = jeffreys_equal_tail_limits(k, n, confidence_level)
    k, n = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    return np.where(k > 0, low, 0.0), np.where(k < n, high, 1.0)


def wald_limits(k: npt.ArrayLike, n: npt.ArrayLike, confidence_level: float = 0.95) -> Limits:
    """Wald limits, clipped to 0–1, elementwise: zero width at k = 0 and k = n."""
    z = normal_quantile(confidence_level)

    def lower(k: FloatArray, n: FloatArray) -> FloatArray:
        return np.asarray(np.maximum(0, k / n - z * np.sqrt(k * (n - k) / n) / n))

    return _mirrored(lower, k, n)
