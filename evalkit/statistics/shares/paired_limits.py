"""Limits for the difference of two shares of the same persons, elementwise on arrays.

The four cells: ``a`` yes on both occasions, ``b`` on the first only, ``c`` on the second only,
``d`` on neither; the difference is first − second, (b − c)/n. They trust their arguments.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evalkit.statistics.shares.proportion_limits import wilson_limits
from evalkit.statistics.shares.share_counts import (
    FloatArray,
    Limits,
    bisect,
    infinite_with_sign,
    normal_quantile,
)


def _arrays(*counts: npt.ArrayLike) -> list[FloatArray]:
    arrays = np.broadcast_arrays(*(np.asarray(count, dtype=float) for count in counts))
    return [np.asarray(array) for array in arrays]


def _around(centre: FloatArray, half: FloatArray) -> Limits:
    return np.asarray(np.maximum(centre - half, -1)), np.asarray(np.minimum(centre + half, 1))


def _wald(b: FloatArray, c: FloatArray, n: FloatArray, confidence_level: float) -> Limits:
    half = normal_quantile(confidence_level) * np.sqrt(b + c - (b - c) ** 2 / n) / n
    return _around((b - c) / n, half)


def paired_wald_limits(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
    d: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Wald limits (Fagerland et al. 2014)."""
    a, b, c, d = _arrays(a, b, c, d)
    return _wald(b, c, a + b + c + d, confidence_level)


def paired_wald_widened_limits(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
    d: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Wald limits moved out by 1/n (Newcombe 1998c, method 2)."""
    a, b, c, d = _arrays(a, b, c, d)
    n = a + b + c + d
    half = normal_quantile(confidence_level) * np.sqrt(b + c - (b - c) ** 2 / n) / n + 1 / n
    return _around((b - c) / n, half)


def paired_wald_corrected_limits(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
    d: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Wald limits with a continuity-corrected variance (Fagerland et al. 2014)."""
    a, b, c, d = _arrays(a, b, c, d)
    n = a + b + c + d
    spread = np.maximum(b + c - (np.abs(b - c) - 1) ** 2 / n, 0)
    return _around((b - c) / n, normal_quantile(confidence_level) * np.sqrt(spread) / n)


def bonett_price_limits(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
    d: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Bonett–Price (2012): Wald after one more person changing in each direction."""
    a, b, c, d = _arrays(a, b, c, d)
    return _wald(b + 1, c + 1, a + b + c + d + 2, confidence_level)


def agresti_min_limits(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
    d: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Agresti–Min (2005): Wald after adding ½ to each of the four cells."""
    a, b, c, d = _arrays(a, b, c, d)
    return _wald(b + 0.5, c + 0.5, a + b + c + d + 2, confidence_level)


def _square_and_add(cells: list[FloatArray], agreement: FloatArray, level: float) -> Limits:
    """Newcombe's limits from Wilson's of each share, given the correlation of the occasions."""
    a, b, c, d = cells
    n = a + b + c + d
    p1, p2, margins = (a + b) / n, (a + c) / n, (a + b) * (c + d) * (a + c) * (b + d)
    phi = np.where(margins > 0, agreement / np.sqrt(np.where(margins > 0, margins, 1)), 0)
    low_1, high_1 = wilson_limits(a + b, n, level)
    low_2, high_2 = wilson_limits(a + c, n, level)

    def combined(x: FloatArray, y: FloatArray) -> FloatArray:
        return np.asarray(np.sqrt(np.maximum(x**2 - 2 * phi * x * y + y**2, 0)))

    difference = (b - c) / n
    return (
        np.asarray(difference - combined(p1 - low_1, high_2 - p2)),
        np.asarray(difference + combined(high_1 - p1, p2 - low_2)),
    )


def paired_newcombe_uncorrected_limits(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
    d: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Newcombe (1998c) method 8: hybrid score limits with the plain phi coefficient."""
    cells = _arrays(a, b, c, d)
    a, b, c, d = cells
    return _square_and_add(cells, a * d - b * c, confidence_level)


def paired_newcombe_limits(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
    d: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Newcombe (1998c) method 10: as method 8, a positive phi drawn towards 0 by n/2."""
    cells = _arrays(a, b, c, d)
    a, b, c, d = cells
    agreement = a * d - b * c
    corrected = np.where(agreement > 0, np.maximum(agreement - (a + b + c + d) / 2, 0), agreement)
    return _square_and_add(cells, corrected, confidence_level)


def tango_statistic(delta: FloatArray, b: FloatArray, c: FloatArray, n: FloatArray) -> FloatArray:
    """Tango's score z of (first − second) = ``delta``; infinite where the variance is 0."""
    minus_b = b + c - (2 * n - b + c) * delta
    product = c * delta * (1 - delta)
    root = np.sqrt(np.maximum(minus_b**2 + 8 * n * product, 0))
    second_only = np.maximum(minus_b + root, 0) / (4 * n)
    variance = n * (2 * second_only + delta * (1 - delta))
    distance = b - c - n * delta
    z = distance / np.sqrt(np.where(variance > 0, variance, 1))
    return np.where(variance > 0, z, infinite_with_sign(distance))


def tango_limits(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
    d: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Tango (1998) score limits."""
    a, b, c, d = _arrays(a, b, c, d)
    n = a + b + c + d
    observed, ones = (b - c) / n, np.ones_like(n)
    z = normal_quantile(confidence_level)
    low = bisect(lambda delta: tango_statistic(delta, b, c, n) > z, -ones, observed)
    high = bisect(lambda delta: tango_statistic(delta, b, c, n) > -z, observed, ones)
    return np.where(observed == -1, -1.0, low), np.where(observed == 1, 1.0, high)
