"""Before and after when the persons are the same, or some of them are.

The same persons are pairs, and who is missing after is counted both ways. Where some persons are
in both cohorts the shares hang together, by as much as the pairs say.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from evalkit.results import CannotBeComputed, CohortsCompared, Estimate, MissingAfter, TestResult
from evalkit.statistics.shares.before_after import (
    PairedCells,
    before_after_same_persons,
    mcnemar,
    paired_cells,
    paired_newcombe_limits,
)
from evalkit.statistics.shares.proportions import mover, proportion, wilson_at
from evalkit.statistics.shares.share_counts import checked_counts, normal_quantile, whole_count

FEWEST_PAIRS = 10
"""Persons in both cohorts from which their correlation is taken."""


def same_persons(
    *,
    both: int,
    before_only: int,
    after_only: int,
    neither: int,
    unknown_after: tuple[int, int] = (0, 0),
    missing_before: int = 0,
    once_and_for_all: bool = False,
    confidence_level: float = 0.95,
) -> CohortsCompared:
    """The same persons before and after, with those whose status after is not known.

    Newcombe's method 10 for pairs (1998c); McNemar's mid-p (Fagerland et al. 2013), of those who
    changed. Where some lack a status after, the difference lies between all of them without the
    outcome and all with it, and the outer limits are those of these two (Manski 1989).

    Args:
        both: Persons with the outcome before and after.
        before_only: Persons with the outcome before only: they lost it.
        after_only: Persons with the outcome after only: they gained it.
        neither: Persons with the outcome at neither time.
        unknown_after: Persons with, and without, the outcome before and no status after.
        missing_before: Persons of whom nothing is known before; left out and counted.
        once_and_for_all: Whether the outcome is one that is reached and kept, as "has ever left
            to work": its share before is zero by construction.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If a count is negative or fractional.
        CannotBeComputed: ``no_persons``; ``zero_by_construction`` for an outcome once and for all.

    >>> found = same_persons(both=12, before_only=3, after_only=40, neither=90)
    >>> found.gained, found.lost, round(found.difference.value, 3)
    (40, 3, 0.255)
    """
    if once_and_for_all:
        raise CannotBeComputed("zero_by_construction")
    cells = paired_cells(both, before_only, after_only, neither)
    a, b, c, d = cells
    compared = before_after_same_persons(
        both=a, before_only=b, after_only=c, neither=d, confidence_level=confidence_level
    )
    return CohortsCompared(
        relation="same",
        n_both=sum(cells),
        before=compared.before,
        after=compared.after,
        difference=compared.difference,
        gained=c,
        lost=b,
        unchanged=a + d,
        correlation=phi(cells),
        test=_mid_p(cells),
        with_missing=_with_missing(cells, unknown_after, confidence_level),
        missing_before=whole_count(missing_before, "missing_before"),
    )


def overlapping_cohorts(
    *,
    in_both: tuple[int, int, int, int],
    only_before: tuple[int, int],
    only_after: tuple[int, int],
    confidence_level: float = 0.95,
) -> CohortsCompared:
    """Two cohorts with some persons in both: shares of all, and a difference that knows it.

    MOVER with Wilson's limits and the correlation φ·m/√(N₁N₂), φ from the m persons in both, zero
    with fewer than ten. Treating the cohorts as separate makes the interval up to a third too
    wide, and says of the same persons that "others came". With nobody in both it is Newcombe's.

    Args:
        in_both: Persons in both with the outcome both times, before only, after only, never.
        only_before: With the outcome and all, ``(k, n)``, of those in the earlier cohort alone.
        only_after: The same of those in the later cohort alone.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If a count is negative, fractional or larger than its total.
        CannotBeComputed: ``no_persons`` when a cohort is empty.

    >>> found = overlapping_cohorts(
    ...     in_both=(10, 4, 18, 20), only_before=(9, 30), only_after=(15, 25))
    >>> round(found.difference.value, 3), round(found.correlation, 3)
    (0.278, 0.14)
    """
    a, b, c, d = (whole_count(cell, "in_both") for cell in in_both)
    m = a + b + c + d
    k1, n1 = checked_counts(a + b + only_before[0], m + only_before[1])
    k2, n2 = checked_counts(a + c + only_after[0], m + only_after[1])
    level, z = confidence_level, normal_quantile(confidence_level)
    correlation = phi((a, b, c, d)) * m / math.sqrt(n1 * n2) if m >= FEWEST_PAIRS else 0.0
    found = mover(wilson_at(k2 / n2, n2, z), wilson_at(k1 / n1, n1, z), correlation=correlation)
    return CohortsCompared(
        relation="overlapping" if m else "separate",
        n_both=m,
        before=proportion(events=k1, n=n1, confidence_level=level, group="before"),
        after=proportion(events=k2, n=n2, confidence_level=level, group="after"),
        difference=Estimate(
            measure="difference",
            value=found.value,
            low=max(found.low, -1.0),
            high=min(found.high, 1.0),
            unit="share_difference",
            method="newcombe_overlapping" if m else "newcombe",
            confidence_level=level,
            n=n1 + n2 - m,
            cells=(k1, n1 - k1, k2, n2 - k2),
        ),
        gained=c,
        lost=b,
        unchanged=a + d,
        correlation=correlation,
        test=None,
    )


def compare_before_after(
    before: pd.Series,
    after: pd.Series,
    *,
    once_and_for_all: bool = False,
    confidence_level: float = 0.95,
) -> CohortsCompared:
    """Before and after of persons by pseudonym: the same, others, or some of both.

    Args:
        before: Pseudonym → whether the outcome held before; missing where not known. One row per
            person of the earlier cohort.
        after: The same of the later cohort.
        once_and_for_all: See `same_persons`.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If a person has two rows in a cohort.
        CannotBeComputed: As `same_persons` and `overlapping_cohorts`.
    """
    for name, column in (("before", before), ("after", after)):
        if not column.index.is_unique:
            raise ValueError(f"{name}: some persons have more than one row")
    known, later = before.dropna().astype(bool), after.dropna().astype(bool)
    if set(before.index) == set(after.index):
        of_known = after.reindex(known.index)
        lacking = of_known.isna()
        cells = _cells(known[~lacking], of_known[~lacking].astype(bool))
        yes = int(known[lacking].sum())
        return same_persons(
            both=cells[0],
            before_only=cells[1],
            after_only=cells[2],
            neither=cells[3],
            unknown_after=(yes, int(lacking.sum()) - yes),
            missing_before=int(before.isna().sum()),
            once_and_for_all=once_and_for_all,
            confidence_level=confidence_level,
        )
    shared = known.index.intersection(later.index)
    alone, new = known.drop(shared), later.drop(shared)
    return overlapping_cohorts(
        in_both=_cells(known[shared], later[shared]),
        only_before=(int(alone.sum()), len(alone)),
        only_after=(int(new.sum()), len(new)),
        confidence_level=confidence_level,
    )


def phi(cells: PairedCells) -> float:
    """The correlation of the two occasions; 0 where a margin is empty.

    >>> round(phi((10, 4, 18, 20)), 3)
    0.214
    """
    a, b, c, d = cells
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    return (a * d - b * c) / math.sqrt(margins) if margins else 0.0


def _cells(before: pd.Series, after: pd.Series) -> PairedCells:
    one, two = before.to_numpy(bool), after.to_numpy(bool)
    return (
        int(np.sum(one & two)),
        int(np.sum(one & ~two)),
        int(np.sum(~one & two)),
        int(np.sum(~one & ~two)),
    )


def _mid_p(cells: PairedCells) -> TestResult | None:
    """No test where nobody changed: the interval stands."""
    if cells[1] + cells[2] == 0:
        return None
    return mcnemar(both=cells[0], first_only=cells[1], second_only=cells[2], neither=cells[3])


def _with_missing(
    cells: PairedCells, unknown_after: tuple[int, int], confidence_level: float
) -> MissingAfter | None:
    e, f = (whole_count(count, "unknown_after") for count in unknown_after)
    if e + f == 0:
        return None
    a, b, c, d = cells
    n = a + b + c + d + e + f

    def limits(cells: PairedCells) -> tuple[float, float]:
        """After − before: minus the limits of before − after."""
        low, high = paired_newcombe_limits(*cells, confidence_level)
        return -float(high), -float(low)

    return MissingAfter(
        n=n,
        missing=e + f,
        before=(a + b + e) / n,
        low=(c - b - e) / n,
        high=(c + f - b) / n,
        outer_low=limits((a, b + e, c, d + f))[0],
        outer_high=limits((a + e, b, c + f, d))[1],
    )
