"""The difference between two independent shares, first group minus second, on the 0–1 scale.

Own: published percentages need Newcombe's limits for thousands of possible counts at once, and
statsmodels' score interval raises on 29 of 87 tables and is off by up to .07 on others (#10269).
The limits are elementwise on arrays and trust their arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from evalkit.options import check_option
from evalkit.results import Estimate, Unit
from evalkit.statistics.shares.proportions import wilson_limits
from evalkit.statistics.shares.share_counts import (
    FloatArray,
    Limits,
    bisect,
    check_confidence_level,
    checked_counts,
    interval_estimate,
    normal_quantile,
)

DifferenceInterval = Literal["newcombe", "miettinen_nurminen"]


def share_difference(
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    *,
    interval: DifferenceInterval = "newcombe",
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference p1 − p2 with its interval.

    Args:
        events_1: Persons with the event in the first group (the later cohort).
        n_1: Persons in the first group.
        events_2: Persons with the event in the second group.
        n_2: Persons in the second group.
        interval: ``newcombe``, his hybrid score interval (1998b, method 10), the one reports
            use: finite for all counts, inside −1…1, close to the exact methods in coverage;
            ``miettinen_nurminen``, all differences that the score test does not reject (1985).
        confidence_level: 0.95 for a 95 % interval.
        measure: Text key of what is estimated.
        group: Printed level of the group, empty for everyone.

    Returns:
        Estimate on the 0–1 scale; ``cells`` holds with and without the event, per group.

    Raises:
        ValueError: If a count is negative or fractional, events exceed n, or
            ``confidence_level`` is not strictly between 0 and 1.
        CannotBeComputed: ``no_persons`` when a group is empty.

    Edge cases: 0 of n against 0 of n gives 0 with a finite interval, all against none gives 1
    with an upper limit of exactly 1.

    >>> counts = {"events_1": 56, "n_1": 70, "events_2": 48, "n_2": 80}
    >>> difference = share_difference(**counts, interval="miettinen_nurminen")
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0528, 0.3382)
    """
    check_option("interval", interval, DifferenceInterval)
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        counts[0] / counts[1] - counts[2] / counts[3],
        _LIMITS[interval],
        interval,
        counts,
        unit="share_difference",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def newcombe(
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    *,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """`share_difference` with Newcombe's interval, as everywhere in the reports.

    >>> difference = newcombe(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0524, 0.3339)
    """
    return share_difference(
        events_1=events_1,
        n_1=n_1,
        events_2=events_2,
        n_2=n_2,
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


Counts: TypeAlias = tuple[int, int, int, int]
LimitsOfGroups: TypeAlias = Callable[[int, int, int, int, float], tuple[Any, Any]]


def two_groups(events_1: float, n_1: float, events_2: float, n_2: float) -> Counts:
    """``events_1, n_1, events_2, n_2`` as checked integers (see `share_counts.checked_counts`)."""
    first = checked_counts(events_1, n_1, names=("events_1", "n_1"))
    return first + checked_counts(events_2, n_2, names=("events_2", "n_2"))


def cells_of(counts: Counts) -> Counts:
    """With and without the event in the first group, then in the second."""
    k1, n1, k2, n2 = counts
    return k1, n1 - k1, k2, n2 - k2


def two_group_estimate(
    value: float,
    limits: LimitsOfGroups,
    method: str,
    counts: Counts,
    *,
    unit: Unit,
    confidence_level: float,
    measure: str,
    group: str,
) -> Estimate:
    """An `Estimate` of two groups from its value and the function that gives its limits."""
    check_option("unit", unit, Unit)
    check_confidence_level(confidence_level)
    return interval_estimate(
        value=value,
        limits=limits(*counts, confidence_level),
        unit=unit,
        method=method,
        confidence_level=confidence_level,
        n=counts[1] + counts[3],
        cells=cells_of(counts),
        measure=measure,
        group=group,
    )


def _as_arrays(*counts: npt.ArrayLike) -> list[FloatArray]:
    return [
        np.asarray(array, dtype=float)
        for array in np.broadcast_arrays(*(np.asarray(count, dtype=float) for count in counts))
    ]


def _clipped(low: FloatArray, high: FloatArray) -> Limits:
    return np.asarray(np.maximum(low, -1)), np.asarray(np.minimum(high, 1))


def newcombe_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Newcombe (1998b) method 10: the distances to Wilson's limits of each share, added."""
    k1, n1, k2, n2 = _as_arrays(k1, n1, k2, n2)
    p1, p2 = k1 / n1, k2 / n2
    low_1, high_1 = wilson_limits(k1, n1, confidence_level)
    low_2, high_2 = wilson_limits(k2, n2, confidence_level)
    below = np.hypot(p1 - low_1, high_2 - p2)
    above = np.hypot(high_1 - p1, p2 - low_2)
    return _clipped(p1 - p2 - below, p1 - p2 + above)


def constrained_shares(
    delta: FloatArray, k1: FloatArray, n1: FloatArray, k2: FloatArray, n2: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Maximum-likelihood shares under p1 − p2 = ``delta``, in closed form.

    The root of Miettinen & Nurminen's (1985) cubic in p2. Statsmodels' version has the
    count of the second group where its size belongs (statsmodels #10269).
    """
    total, events = n1 + n2, k1 + k2
    l3 = total
    l2 = (n1 + 2 * n2) * delta - total - events
    l1 = (n2 * delta - total - 2 * k2) * delta + events
    l0 = k2 * delta * (1 - delta)
    q = l2**3 / (3 * l3) ** 3 - l1 * l2 / (6 * l3**2) + l0 / (2 * l3)
    size = np.sqrt(np.maximum(l2**2 / (3 * l3) ** 2 - l1 / (3 * l3), 0))
    p = np.where(q >= 0, size, -size)
    cosine = np.divide(q, p**3, out=np.zeros_like(q), where=p != 0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1, 1))) / 3
    p2 = 2 * p * np.cos(angle) - l2 / (3 * l3)
    p2 = np.clip(p2, np.maximum(0, -delta), np.minimum(1, 1 - delta))
    return p2 + delta, p2


def _score_statistic(delta: FloatArray, counts: list[FloatArray]) -> FloatArray:
    """Miettinen–Nurminen's z of p1 − p2 = ``delta``; infinite where its variance is 0."""
    k1, n1, k2, n2 = counts
    p1, p2 = constrained_shares(delta, k1, n1, k2, n2)
    total = n1 + n2
    variance = np.maximum(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2, 0) * total / (total - 1)
    distance = k1 / n1 - k2 / n2 - delta
    z = distance / np.sqrt(np.where(variance > 0, variance, 1))
    far = np.where(distance == 0, 0.0, np.copysign(np.inf, distance))
    return np.where(variance > 0, z, far)


def miettinen_nurminen_limits(
    k1: npt.ArrayLike,
    n1: npt.ArrayLike,
    k2: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence_level: float = 0.95,
) -> Limits:
    """Miettinen–Nurminen (1985) score limits, elementwise."""
    counts, z = _as_arrays(k1, n1, k2, n2), normal_quantile(confidence_level)
    observed = counts[0] / counts[1] - counts[2] / counts[3]
    ones = np.ones_like(observed)
    low = bisect(lambda delta: _score_statistic(delta, counts) > z, -ones, observed)
    high = bisect(lambda delta: _score_statistic(delta, counts) > -z, observed, ones)
    return np.where(observed == -1, -1.0, low), np.where(observed == 1, 1.0, high)


_LIMITS = {"newcombe": newcombe_limits, "miettinen_nurminen": miettinen_nurminen_limits}
