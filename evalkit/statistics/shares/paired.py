"""The same persons on two occasions: the difference of the two shares, first − second.

Every function takes the four counts of a 2 × 2 table of the same persons. Two different
cohorts belong in `differences`; treating the same persons as two cohorts widens the interval.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.shares.paired_limits import (
    paired_newcombe_limits,
)
from evalkit.statistics.shares.share_counts import (
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
