"""The same persons on two occasions: the difference of the two shares, first − second.

Every function takes the four counts of a 2 × 2 table of the same persons. Two different
cohorts belong in `differences`; treating the same persons as two cohorts widens the interval.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.shares.paired_limits import (
    agresti_min_limits,
    bonett_price_limits,
    paired_newcombe_limits,
    paired_newcombe_uncorrected_limits,
    paired_wald_corrected_limits,
    paired_wald_limits,
    paired_wald_widened_limits,
    tango_limits,
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


def paired_newcombe_uncorrected(
    *,
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """As `paired_newcombe` with the plain phi coefficient: Newcombe (1998c), method 8.

    Arguments and errors as there. Zero width when nobody changes and both shares are inside 0–1.

    >>> d = paired_newcombe_uncorrected(both=20, first_only=12, second_only=2, neither=16)
    >>> round(d.low, 4), round(d.high, 4)
    (0.0618, 0.3242)
    """
    cells = paired_cells(both, first_only, second_only, neither)
    return _paired(
        paired_newcombe_uncorrected_limits,
        "paired_newcombe_8",
        cells,
        confidence_level,
        measure,
        group,
    )


def tango(
    *,
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference of two shares of the same persons, Tango's (1998) score interval.

    All differences McNemar's score test does not reject. Arguments, errors and edge cases as
    in `paired_newcombe`.

    >>> d = tango(both=1, first_only=1, second_only=7, neither=12)
    >>> round(d.low, 3), round(d.high, 3)
    (-0.517, -0.026)
    """
    cells = paired_cells(both, first_only, second_only, neither)
    return _paired(tango_limits, "tango", cells, confidence_level, measure, group)


def bonett_price(
    *,
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference of two shares of the same persons, Bonett & Price's (2012) interval.

    Wald's after one more person changing in each direction. The value is the observed
    difference. Arguments and errors as in `paired_newcombe`.

    >>> d = bonett_price(both=1, first_only=1, second_only=7, neither=12)
    >>> round(d.low, 3), round(d.high, 3)
    (-0.508, -0.013)
    """
    cells = paired_cells(both, first_only, second_only, neither)
    return _paired(bonett_price_limits, "bonett_price", cells, confidence_level, measure, group)


def agresti_min(
    *,
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference of two shares of the same persons, Agresti & Min's (2005) interval.

    Wald's after adding ½ to each count. Arguments and errors as in `paired_newcombe`.

    >>> d = agresti_min(both=53, first_only=16, second_only=8, neither=9)
    >>> round(d.low, 3), round(d.high, 3)
    (-0.019, 0.201)
    """
    cells = paired_cells(both, first_only, second_only, neither)
    return _paired(agresti_min_limits, "agresti_min", cells, confidence_level, measure, group)


def paired_wald(
    *,
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference of two shares of the same persons, Wald's interval: for comparison only.

    Zero width when nobody changes. Arguments and errors as in `paired_newcombe`.

    >>> d = paired_wald(both=1, first_only=1, second_only=7, neither=12)
    >>> round(d.low, 3), round(d.high, 3)
    (-0.52, -0.052)
    """
    cells = paired_cells(both, first_only, second_only, neither)
    return _paired(paired_wald_limits, "wald", cells, confidence_level, measure, group)


def paired_wald_widened(
    *,
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """Wald's interval moved out by 1/n on each side (Newcombe 1998c, method 2).

    Arguments and errors as in `paired_newcombe`.

    >>> d = paired_wald_widened(both=20, first_only=12, second_only=2, neither=16)
    >>> round(d.low, 4), round(d.high, 4)
    (0.0442, 0.3558)
    """
    cells = paired_cells(both, first_only, second_only, neither)
    return _paired(
        paired_wald_widened_limits, "wald_cc_newcombe", cells, confidence_level, measure, group
    )


def paired_wald_corrected(
    *,
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """Wald's interval with a continuity-corrected variance (Fagerland et al. 2014).

    Arguments and errors as in `paired_newcombe`.

    >>> d = paired_wald_corrected(both=1, first_only=1, second_only=7, neither=12)
    >>> round(d.low, 3), round(d.high, 3)
    (-0.529, -0.042)
    """
    cells = paired_cells(both, first_only, second_only, neither)
    return _paired(
        paired_wald_corrected_limits, "wald_cc_fagerland", cells, confidence_level, measure, group
    )
