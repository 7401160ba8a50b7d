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
)


def _arrays(*counts: npt.ArrayLike) -> list[FloatArray]:
    arrays = np.broadcast_arrays(*(np.asarray(count, dtype=float) for count in counts))
    return [np.asarray(array) for array in arrays]


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
