"""Means of days and of money among those whose value is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, Estimate, Unit
from evalkit.statistics.shares.share_counts import interval_estimate


def mean_days(days: ArrayLike, *, confidence_level: float = 0.95, group: str = "") -> Estimate:
    """The mean of a number of days with Student's t interval.

    Of *completed* spells only, this says nothing about speed: those still enrolled are the
    long ones. Use `evalkit.statistics.time_to_event.survival.median` for that.

    Args:
        days: One value per person.
        confidence_level: 0.95 for a 95 % interval.
        group: Printed level of the group.

    Raises:
        CannotBeComputed: ``no_persons`` for none, ``too_few_for_interval`` for one person,
            ``no_variation`` when all have the same value: an interval without width would be
            a false certainty.

    >>> mean_days([200, 300, 358]).value
    286.0
    """
    return _mean(days, "mean_days", "days", confidence_level, group=group)


def mean_amount(
    amounts: ArrayLike, *, without: int = 0, confidence_level: float = 0.95
) -> Estimate:
    """The mean amount of money per person with Student's t interval, never below zero.

    Args:
        amounts: One amount per person whose amount is known, none negative.
        without: Persons whose amount is not known.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        CannotBeComputed: As `mean_days`; ``negative_amount`` where one is below zero.

    >>> mean_amount([12_000, 15_000, 18_000]).value
    15000.0
    """
    if (np.asarray(amounts, dtype=float) < 0).any():
        raise CannotBeComputed("negative_amount")
    made = _mean(amounts, "mean_amount", "sek", confidence_level)
    return replace(made, low=max(made.low, 0.0), cells=(made.n, without))


def _mean(
    given: ArrayLike, measure: str, unit: Unit, confidence_level: float, *, group: str = ""
) -> Estimate:
    values = np.asarray(given, dtype=float)
    if values.size == 0:
        raise CannotBeComputed("no_persons")
    if values.size == 1:
        raise CannotBeComputed("too_few_for_interval", n=1)
    if values.min() == values.max():
        raise CannotBeComputed("no_variation")
    mean = float(values.mean())
    error = float(values.std(ddof=1) / np.sqrt(values.size))
    return t_estimate(
        mean,
        error,
        values.size - 1,
        measure=measure,
        unit=unit,
        method="student_t",
        confidence_level=confidence_level,
        n=int(values.size),
        cells=(int(values.size),),
        group=group,
    )


def t_estimate(
    value: float,
    error: float,
    free: float,
    *,
    measure: str,
    method: str,
    n: int,
    unit: Unit = "rate",
    confidence_level: float = 0.95,
    cells: tuple[int, ...] = (),
    group: str = "",
) -> Estimate:
    """A value with Student's t interval of its standard error and degrees of freedom."""
    check_option("unit", unit, Unit)
    margin = float(special.stdtrit(free, (1 + confidence_level) / 2)) * error
    return interval_estimate(
        value=value,
        limits=(value - margin, value + margin),
        unit=unit,
        method=method,
        confidence_level=confidence_level,
        n=n,
        cells=cells,
        measure=measure,
        group=group,
    )
