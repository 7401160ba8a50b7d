"""The same persons on two occasions: the difference of the two shares, and McNemar's test.

Every function takes the four counts of a 2 × 2 table of the same persons: ``a`` yes on both
occasions, ``b`` on the first only, ``c`` on the second only, ``d`` on neither. Own: statsmodels'
exact test has no mid-p.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

from evalkit.results import CannotBeComputed, Estimate, TestResult
from evalkit.statistics.shares.proportions import wilson_limits
from evalkit.statistics.shares.share_counts import (
    FloatArray,
    Limits,
    check_confidence_level,
    interval_estimate,
    whole_count,
)

PairedCells: TypeAlias = tuple[int, int, int, int]


def paired_cells(both: float, first_only: float, second_only: float, neither: float) -> PairedCells:
    """The four counts as checked integers.

    Raises:
        ValueError: If a count is negative or fractional, naming it.
        CannotBeComputed: ``no_persons`` when all four are 0.
    """
    cells = (
        whole_count(both, "both"),
        whole_count(first_only, "first_only"),
        whole_count(second_only, "second_only"),
        whole_count(neither, "neither"),
    )
    if sum(cells) == 0:
        raise CannotBeComputed("no_persons")
    return cells


def paired_newcombe(
    *,
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    confidence_level: float = 0.95,
) -> Estimate:
    """The difference of two shares of the same persons, Newcombe's hybrid score interval.

    Newcombe (1998c), method 10: Wilson's limits of each share combined by the correlation of
    the two occasions, which is drawn towards 0 when positive. Finite for all counts.

    Args:
        both: Persons with the outcome on both occasions.
        first_only: Persons with the outcome on the first occasion only.
        second_only: Persons with the outcome on the second occasion only.
        neither: Persons with the outcome on neither.
        confidence_level: 0.95 for a 95 % interval.

    Returns:
        Estimate of the first share minus the second; ``cells`` holds the four counts.

    Raises:
        ValueError: If a count is negative or fractional, or ``confidence_level`` is not
            strictly between 0 and 1.
        CannotBeComputed: ``no_persons`` when all counts are 0.

    Edge cases: nobody changing gives 0 with a finite interval.

    >>> d = paired_newcombe(both=20, first_only=12, second_only=2, neither=16)
    >>> round(d.value, 4), round(d.low, 4), round(d.high, 4)
    (0.2, 0.0562, 0.3292)
    """
    cells = paired_cells(both, first_only, second_only, neither)
    check_confidence_level(confidence_level)
    n = sum(cells)
    return interval_estimate(
        value=(cells[1] - cells[2]) / n,
        limits=paired_newcombe_limits(*cells, confidence_level),
        unit="share_difference",
        method="paired_newcombe",
        confidence_level=confidence_level,
        n=n,
        cells=cells,
        measure="difference",
        group="",
    )


def paired_newcombe_limits(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
    d: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Newcombe (1998c) method 10: Wilson's limits joined, a positive phi drawn towards 0 by n/2."""
    counts = np.broadcast_arrays(*(np.asarray(count, dtype=float) for count in (a, b, c, d)))
    a, b, c, d = map(np.asarray, counts)
    n = a + b + c + d
    agreement = a * d - b * c
    agreement = np.where(agreement > 0, np.maximum(agreement - n / 2, 0), agreement)
    p1, p2, margins = (a + b) / n, (a + c) / n, (a + b) * (c + d) * (a + c) * (b + d)
    phi = np.where(margins > 0, agreement / np.sqrt(np.where(margins > 0, margins, 1)), 0)
    low_1, high_1 = wilson_limits(a + b, n, confidence_level)
    low_2, high_2 = wilson_limits(a + c, n, confidence_level)

    def combined(x: FloatArray, y: FloatArray) -> FloatArray:
        return np.asarray(np.sqrt(np.maximum(x**2 - 2 * phi * x * y + y**2, 0)))

    difference = (b - c) / n
    return (
        np.asarray(difference - combined(p1 - low_1, high_2 - p2)),
        np.asarray(difference + combined(high_1 - p1, p2 - low_2)),
    )


def mcnemar(*, both: int, first_only: int, second_only: int, neither: int) -> TestResult:
    """McNemar's (1947) test of the same persons on two occasions, mid-p (Fagerland et al. 2013).

    Args:
        both: Persons with the outcome on both occasions.
        first_only: Persons with the outcome on the first occasion only.
        second_only: Persons with the outcome on the second occasion only.
        neither: Persons with the outcome on neither.

    Raises:
        ValueError: If a count is negative or fractional.
        CannotBeComputed: ``no_persons`` when all counts are 0, ``nobody_changed`` when
            ``first_only`` and ``second_only`` both are.

    >>> round(mcnemar(both=1, first_only=1, second_only=7, neither=12).p_value, 4)
    0.0391
    """
    cells = paired_cells(both, first_only, second_only, neither)
    _, b, c, _ = cells
    if b + c == 0:
        raise CannotBeComputed("nobody_changed")
    fewer = min(b, c)
    at_most = special.bdtr(fewer, b + c, 0.5)
    below = special.bdtr(fewer - 1, b + c, 0.5) if fewer else 0.0
    return TestResult(
        name="mcnemar_mid_p",
        statistic=float(b),
        degrees_of_freedom=0,
        p_value=min(1.0, float(at_most + below)),
        n=sum(cells),
        cells=cells,
    )
