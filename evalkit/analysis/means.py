"""Means of whole days among those whose value is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from evalkit.results import CannotBeComputed, Estimate


def mean_days(days: ArrayLike, *, confidence_level: float = 0.95, group: str = "") -> Estimate:
    """The mean of a number of days with Student's t interval.

    Of *completed* spells only, this says nothing about speed: those still enrolled are the
    long ones. Use `evalkit.analysis.time_to_event.survival.median` for that.

    Args:
        days: One value per person.
        confidence_level: 0.95 for a 95 % interval.
        group: Printed level of the group.

    Raises:
        CannotBeComputed: ``no_persons`` for none, ``too_few_for_interval`` for one person.

    >>> mean_days([200, 300, 358]).value
    286.0
    """
    values = np.asarray(days, dtype=float)
    if values.size == 0:
        raise CannotBeComputed("no_persons")
    if values.size == 1:
        raise CannotBeComputed("too_few_for_interval", n=1)
    mean = float(values.mean())
    error = float(values.std(ddof=1) / np.sqrt(values.size))
    margin = float(stats.t.ppf((1 + confidence_level) / 2, values.size - 1)) * error
    return Estimate(
        measure="mean_days",
        value=mean,
        low=mean - margin,
        high=mean + margin,
        unit="days",
        method="student_t",
        confidence_level=confidence_level,
        n=int(values.size),
        cells=(int(values.size),),
        group=group,
    )
