"""The same persons on two occasions: the difference of the two shares, and McNemar's test.

Every function takes the four counts of a 2 × 2 table of the same persons: ``a`` yes on both
occasions, ``b`` on the first only, ``c`` on the second only, ``d`` on neither. The χ² forms of the
test are statsmodels'; the binomial ones are own, for its exact form has no mid-p and passes 1
before it is cut when as many changed both ways.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

from evalkit.options import check_option
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
LimitsOfPairs: TypeAlias = Callable[[int, int, int, int, float], Limits]


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


def _paired(
    limits: LimitsOfPairs,
    method: str,
    cells: PairedCells,
    confidence_level: float,
    measure: str,
    group: str,
) -> Estimate:
    check_confidence_level(confidence_level)
    n = sum(cells)
    return interval_estimate(
        value=(cells[1] - cells[2]) / n,
        limits=limits(*cells, confidence_level),
        unit="share_difference",
        method=method,
        confidence_level=confidence_level,
        n=n,
        cells=cells,
        measure=measure,
        group=group,
    )


def paired_newcombe(
    *,
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
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
        measure: Text key of what is estimated.
        group: Printed level of the group, empty for everyone.

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
    return _paired(
        paired_newcombe_limits, "paired_newcombe", cells, confidence_level, measure, group
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


PairedTest = Literal["mid_p", "exact", "chi_square", "chi_square_corrected"]
_NAMES = {
    "mid_p": "mcnemar_mid_p",
    "exact": "mcnemar_exact",
    "chi_square": "mcnemar",
    "chi_square_corrected": "mcnemar_cc",
}


def mcnemar(
    *, both: int, first_only: int, second_only: int, neither: int, method: PairedTest = "mid_p"
) -> TestResult:
    """McNemar's (1947) test of the same persons on two occasions.

    Args:
        both: Persons with the outcome on both occasions.
        first_only: Persons with the outcome on the first occasion only.
        second_only: Persons with the outcome on the second occasion only.
        neither: Persons with the outcome on neither.
        method: ``mid_p`` (Fagerland et al. 2013), ``exact``, ``chi_square`` or
            ``chi_square_corrected`` (Edwards 1948; |b − c| less one, never past zero).

    Raises:
        ValueError: If a count is negative or fractional, or there is no such method.
        CannotBeComputed: ``no_persons`` when all counts are 0, ``nobody_changed`` when
            ``first_only`` and ``second_only`` both are.

    >>> round(mcnemar(both=1, first_only=1, second_only=7, neither=12).p_value, 4)
    0.0391
    """
    check_option("method", method, PairedTest)
    cells = paired_cells(both, first_only, second_only, neither)
    a, b, c, d = cells
    if b + c == 0:
        raise CannotBeComputed("nobody_changed")
    fewer, statistic, degrees = min(b, c), float(b), 0
    at_most = float(special.bdtr(fewer, b + c, 0.5))
    p_value = 2 * at_most
    if method == "mid_p":
        p_value = at_most + (float(special.bdtr(fewer - 1, b + c, 0.5)) if fewer else 0.0)
    elif method != "exact":
        from statsmodels.stats.contingency_tables import mcnemar as chi_square

        corrected = method == "chi_square_corrected" and b != c  # its |b − c| − 1 passes zero
        found = chi_square([[a, b], [c, d]], exact=False, correction=corrected)
        statistic, degrees, p_value = float(found.statistic), 1, float(found.pvalue)
    return TestResult(
        name=_NAMES[method],
        statistic=statistic,
        degrees_of_freedom=degrees,
        p_value=min(1.0, p_value),
        n=sum(cells),
        cells=cells,
    )
