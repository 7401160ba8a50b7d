"""The same persons on two occasions, as a ratio: conditional odds ratio and risk ratio."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.shares.paired import PairedCells, paired_cells
from evalkit.statistics.shares.proportion_limits import clopper_pearson_limits, wilson_limits
from evalkit.statistics.shares.ratios import quotient
from evalkit.statistics.shares.share_counts import (
    Limits,
    check_confidence_level,
    interval_estimate,
    normal_quantile,
)


def _ratio(
    value: float,
    limits: tuple[float, float],
    method: str,
    cells: PairedCells,
    confidence_level: float,
    measure: str,
    group: str,
) -> Estimate:
    return interval_estimate(
        value=value,
        limits=limits,
        unit="ratio",
        method=method,
        confidence_level=confidence_level,
        n=sum(cells),
        cells=cells,
        measure=measure,
        group=group,
    )


def _log_limits(ratio: float, variance: float, confidence_level: float) -> tuple[float, float]:
    factor = math.exp(normal_quantile(confidence_level) * math.sqrt(variance))
    return ratio / factor, ratio * factor


def _odds_of_share(
    share_limits: Callable[[Any, Any, float], Limits], cells: PairedCells, confidence_level: float
) -> tuple[float, float]:
    """Limits of b/c from the limits of b/(b + c)."""
    b, c = cells[1], cells[2]
    if b + c == 0:
        raise CannotBeComputed("nobody_changed")
    low, high = (float(x) for x in share_limits(b, b + c, confidence_level))
    return low / (1 - low), math.inf if high == 1 else high / (1 - high)


def paired_odds_wald(
    *,
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    confidence_level: float = 0.95,
    measure: str = "odds_ratio",
    group: str = "",
) -> Estimate:
    """The conditional odds ratio b/c of the same persons, Wald's log interval.

    b and c are those with the outcome on the first or second occasion only.

    Args:
        both: Persons with the outcome on both occasions.
        first_only: Persons with the outcome on the first occasion only.
        second_only: Persons with the outcome on the second occasion only.
        neither: Persons with the outcome on neither.
        confidence_level: 0.95 for a 95 % interval.
        measure: Text key of what is estimated.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is negative or fractional, or ``confidence_level`` impossible.
        CannotBeComputed: ``no_persons``; ``zero_cell`` when nobody changed in one direction
            (`paired_odds_exact` has an interval there).

    >>> ratio = paired_odds_wald(both=53, first_only=16, second_only=8, neither=9)
    >>> ratio.value, round(ratio.low, 3), round(ratio.high, 3)
    (2.0, 0.856, 4.673)
    """
    check_confidence_level(confidence_level)
    cells = paired_cells(both, first_only, second_only, neither)
    b, c = cells[1], cells[2]
    if 0 in (b, c):
        raise CannotBeComputed("zero_cell")
    limits = _log_limits(b / c, 1 / b + 1 / c, confidence_level)
    return _ratio(b / c, limits, "wald", cells, confidence_level, measure, group)


def paired_odds_exact(
    *,
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    confidence_level: float = 0.95,
    measure: str = "odds_ratio",
    group: str = "",
) -> Estimate:
    """The conditional odds ratio b/c of the same persons, exact interval.

    From Clopper & Pearson's limits of b/(b + c). Arguments as in `paired_odds_wald`.

    Raises:
        ValueError: If a count is negative or fractional, or ``confidence_level`` impossible.
        CannotBeComputed: ``no_persons``; ``nobody_changed`` when b and c are both 0.

    >>> ratio = paired_odds_exact(both=53, first_only=16, second_only=8, neither=9)
    >>> round(ratio.low, 3), round(ratio.high, 3)
    (0.808, 5.398)
    """
    check_confidence_level(confidence_level)
    cells = paired_cells(both, first_only, second_only, neither)
    limits = _odds_of_share(clopper_pearson_limits, cells, confidence_level)
    value = quotient(cells[1], cells[2])
    return _ratio(value, limits, "exact", cells, confidence_level, measure, group)


def paired_odds_wilson(
    *,
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    confidence_level: float = 0.95,
    measure: str = "odds_ratio",
    group: str = "",
) -> Estimate:
    """The conditional odds ratio b/c of the same persons, from Wilson's limits of b/(b + c).

    Arguments and errors as in `paired_odds_exact`.

    >>> ratio = paired_odds_wilson(both=53, first_only=16, second_only=8, neither=9)
    >>> round(ratio.low, 3), round(ratio.high, 3)
    (0.876, 4.564)
    """
    check_confidence_level(confidence_level)
    cells = paired_cells(both, first_only, second_only, neither)
    limits = _odds_of_share(wilson_limits, cells, confidence_level)
    value = quotient(cells[1], cells[2])
    return _ratio(value, limits, "wilson", cells, confidence_level, measure, group)


def paired_risk_ratio(
    *,
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    confidence_level: float = 0.95,
    measure: str = "risk_ratio",
    group: str = "",
) -> Estimate:
    """The ratio of two shares of the same persons, first over second, Wald's log interval.

    Fagerland et al. (2014). Arguments as in `paired_odds_wald`.

    Raises:
        ValueError: If a count is negative or fractional, or ``confidence_level`` impossible.
        CannotBeComputed: ``no_persons``; ``zero_cell`` when a share is 0.

    >>> ratio = paired_risk_ratio(both=1, first_only=1, second_only=7, neither=12)
    >>> ratio.value, round(ratio.low, 4), round(ratio.high, 4)
    (0.25, 0.0625, 0.9996)
    """
    check_confidence_level(confidence_level)
    cells = paired_cells(both, first_only, second_only, neither)
    a, b, c, _ = cells
    if 0 in (a + b, a + c):
        raise CannotBeComputed("zero_cell")
    value = (a + b) / (a + c)
    limits = _log_limits(value, (b + c) / ((a + b) * (a + c)), confidence_level)
    return _ratio(value, limits, "wald", cells, confidence_level, measure, group)
