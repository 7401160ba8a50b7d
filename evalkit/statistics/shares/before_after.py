"""Before and after: both shares, their difference, after − before, and McNemar's test.

Different persons are two cohorts; the same persons on two occasions are pairs, by the four
counts of a 2 × 2 table: ``a`` yes on both occasions, ``b`` on the first only, ``c`` on the
second only, ``d`` on neither. Own: statsmodels' exact test has no mid-p.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

from evalkit.results import BeforeAfter, CannotBeComputed, Estimate, TestResult
from evalkit.statistics.shares.differences import newcombe
from evalkit.statistics.shares.proportions import proportion, wilson_limits
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


def before_after_counts(
    *, before: tuple[int, int], after: tuple[int, int], confidence_level: float = 0.95
) -> BeforeAfter:
    """Shares of two independent cohorts and the difference after − before.

    Wilson (1927) intervals for the shares, Newcombe (1998b) method 10 for the difference.
    An interval says how sure the difference is, not what caused it.

    Args:
        before: Persons with the outcome and persons in all, ``(k, n)``, in the earlier cohort.
        after: The same of the later cohort.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If a count is negative or fractional or k exceeds n.
        CannotBeComputed: ``no_persons`` when a cohort is empty.

    >>> compared = before_after_counts(before=(19, 58), after=(21, 44))
    >>> round(compared.difference.low, 3), round(compared.difference.high, 3)
    (-0.04, 0.328)
    """
    (k_before, n_before), (k_after, n_after) = before, after
    return BeforeAfter(
        before=proportion(
            events=k_before, n=n_before, confidence_level=confidence_level, group="before"
        ),
        after=proportion(
            events=k_after, n=n_after, confidence_level=confidence_level, group="after"
        ),
        difference=newcombe(
            events_1=k_after,
            n_1=n_after,
            events_2=k_before,
            n_2=n_before,
            confidence_level=confidence_level,
        ),
    )


def before_after_same_persons(
    *,
    both: int,
    before_only: int,
    after_only: int,
    neither: int,
    confidence_level: float = 0.95,
) -> BeforeAfter:
    """The same persons before and after: both shares and the difference after − before.

    Wilson (1927) intervals for the shares, Newcombe (1998c) method 10 for the difference.

    Args:
        both: Persons with the outcome before and after.
        before_only: Persons with the outcome before only.
        after_only: Persons with the outcome after only.
        neither: Persons with the outcome at neither time.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If a count is negative or fractional.
        CannotBeComputed: ``no_persons`` when all counts are 0.

    >>> made = before_after_same_persons(both=61, before_only=21, after_only=58, neither=110)
    >>> round(made.difference.value, 3), round(made.difference.low, 3)
    (0.148, 0.08)
    """
    a, b, c, d = paired_cells(both, before_only, after_only, neither)
    n = a + b + c + d
    return BeforeAfter(
        before=proportion(events=a + b, n=n, confidence_level=confidence_level, group="before"),
        after=proportion(events=a + c, n=n, confidence_level=confidence_level, group="after"),
        difference=paired_newcombe(
            both=a, first_only=c, second_only=b, neither=d, confidence_level=confidence_level
        ),
    )
