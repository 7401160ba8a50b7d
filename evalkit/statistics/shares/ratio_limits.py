"""Limits for the risk ratio and the odds ratio of two groups, elementwise on arrays of counts.

They trust their arguments. A ratio lives on 0…∞: a limit is exactly 0 when the first group
has no events (or, for odds, everyone in the second has), exactly ∞ the other way round.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from evalkit.statistics.shares.share_counts import (
    FloatArray,
    Limits,
    bisect,
    infinite_with_sign,
    normal_quantile,
)

# exp(±60) is beyond any ratio that counts of persons can give, and its square is finite.
LARGEST_LOG_RATIO = 60.0


def katz_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Katz et al. (1978) log limits of the risk ratio; both event counts must be positive."""
    a, m, b, n = (np.asarray(count, dtype=float) for count in (k1, n1, k2, n2))
    spread = normal_quantile(confidence_level) * np.sqrt(1 / a - 1 / m + 1 / b - 1 / n)
    ratio = (a / m) / (b / n)
    return np.asarray(ratio * np.exp(-spread)), np.asarray(ratio * np.exp(spread))


def woolf_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Woolf (1955) logit limits of the odds ratio; all four cells must be positive."""
    a, m, b, n = (np.asarray(count, dtype=float) for count in (k1, n1, k2, n2))
    log_error = np.sqrt(1 / a + 1 / (m - a) + 1 / b + 1 / (n - b))
    spread = normal_quantile(confidence_level) * log_error
    ratio = a * (n - b) / ((m - a) * b)
    return np.asarray(ratio * np.exp(-spread)), np.asarray(ratio * np.exp(spread))


def _risk_ratio_statistic(
    ratio: FloatArray, k1: FloatArray, n1: FloatArray, k2: FloatArray, n2: FloatArray
) -> FloatArray:
    """Score z of p1 = ratio · p2 (Miettinen & Nurminen 1985)."""
    a = (n1 + n2) * ratio
    minus_b = n1 * ratio + k1 + n2 + k2 * ratio
    events = k1 + k2
    root = np.sqrt(np.maximum(minus_b**2 - 4 * a * events, 0))
    p2 = np.minimum(2 * events / (minus_b + root), 1)
    p1 = np.minimum(ratio * p2, 1)
    variance = p1 * (1 - p1) / n1 + ratio**2 * p2 * (1 - p2) / n2
    return _over_root(k1 / n1 - ratio * k2 / n2, variance)


def _second_share(
    ratio: FloatArray, n1: FloatArray, n2: FloatArray, events: FloatArray
) -> FloatArray:
    """The second group's share when odds1 = ratio · odds2 and the total of events is kept.

    The root of n2(ratio − 1)p² + bp − events = 0 in 0–1, written in the way that does not
    cancel for its sign of b.
    """
    a = n2 * (ratio - 1)
    b = n1 * ratio + n2 - events * (ratio - 1)
    root = np.sqrt(np.maximum(b**2 + 4 * a * events, 0))
    direct = np.divide(root - b, 2 * a, out=np.zeros_like(root), where=a != 0)
    return np.asarray(np.where(b > 0, 2 * events / np.where(b > 0, b + root, 1), direct))


def _odds_ratio_statistic(
    ratio: FloatArray, k1: FloatArray, n1: FloatArray, k2: FloatArray, n2: FloatArray
) -> FloatArray:
    """Score z of odds1 = ratio · odds2 (Miettinen & Nurminen 1985).

    Shares and their complements are found separately: far out on the scale 1 − p is rounding.
    """
    events = k1 + k2
    p2 = _second_share(ratio, n1, n2, events)
    q2 = _second_share(1 / ratio, n1, n2, n1 + n2 - events)
    p1, q1 = ratio * p2 / (q2 + ratio * p2), q2 / (q2 + ratio * p2)
    information = 1 / (n1 * p1 * q1) + 1 / (n2 * p2 * q2)
    return np.asarray((k1 * q1 - (n1 - k1) * p1) * np.sqrt(information))


def _over_root(distance: FloatArray, variance: FloatArray) -> FloatArray:
    z = distance / np.sqrt(np.where(variance > 0, variance, 1))
    return np.where(variance > 0, z, infinite_with_sign(distance))


def _score_limits(
    statistic: Callable[..., FloatArray],
    counts: list[FloatArray],
    critical: FloatArray | float,
    is_zero: npt.NDArray[np.bool_],
    is_infinite: npt.NDArray[np.bool_],
) -> Limits:
    """All ratios the score test keeps, searched on the log scale."""
    largest = np.full(counts[0].shape, LARGEST_LOG_RATIO)

    def beyond(bound: FloatArray | float) -> FloatArray:
        def is_left_of_root(log_ratio: FloatArray) -> npt.NDArray[np.bool_]:
            # An empty cell makes the information infinite far out on the log scale.
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.asarray(statistic(np.exp(log_ratio), *counts) > bound)

        return np.exp(bisect(is_left_of_root, -largest, largest, halvings=64))

    return np.where(is_zero, 0.0, beyond(critical)), np.where(
        is_infinite, np.inf, beyond(-critical)
    )


def _risk_ratio_score_limits(counts: list[FloatArray], critical: FloatArray | float) -> Limits:
    k1, _, k2, _ = counts
    return _score_limits(_risk_ratio_statistic, counts, critical, k1 == 0, k2 == 0)


def _odds_ratio_score_limits(counts: list[FloatArray], critical: FloatArray | float) -> Limits:
    k1, n1, k2, n2 = counts
    is_zero = (k1 == 0) | (k2 == n2)
    is_infinite = (k2 == 0) | (k1 == n1)
    return _score_limits(_odds_ratio_statistic, counts, critical, is_zero, is_infinite)


def _arrays(*counts: npt.ArrayLike) -> list[FloatArray]:
    arrays = np.broadcast_arrays(*(np.asarray(count, dtype=float) for count in counts))
    return [np.asarray(array) for array in arrays]


def _widened(counts: list[FloatArray], confidence_level: float) -> FloatArray:
    """The critical value with Miettinen & Nurminen's variance factor N/(N − 1)."""
    total = counts[1] + counts[3]
    return np.asarray(normal_quantile(confidence_level) * np.sqrt(total / (total - 1)))


def koopman_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Koopman (1984) score limits of the risk ratio."""
    return _risk_ratio_score_limits(_arrays(k1, n1, k2, n2), normal_quantile(confidence_level))


def miettinen_nurminen_ratio_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Miettinen–Nurminen (1985) score limits of the risk ratio."""
    counts = _arrays(k1, n1, k2, n2)
    return _risk_ratio_score_limits(counts, _widened(counts, confidence_level))


def odds_score_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Score limits of the odds ratio (Cornfield 1956, without continuity correction)."""
    return _odds_ratio_score_limits(_arrays(k1, n1, k2, n2), normal_quantile(confidence_level))


def miettinen_nurminen_odds_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Miettinen–Nurminen (1985) score limits of the odds ratio."""
    counts = _arrays(k1, n1, k2, n2)
    return _odds_ratio_score_limits(counts, _widened(counts, confidence_level))
