"""One share with its interval (Wilson's is the one reports use), and two intervals joined.

Own: Wilson and Clopper–Pearson, whose limits are also needed elementwise, on arrays and for
effective numbers; they trust their arguments, and a limit that is 0 or 1 by definition is exactly
that. The others are statsmodels' and scipy's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from evalkit.options import check_option
from evalkit.results import Estimate
from evalkit.statistics.shares.share_counts import (
    FloatArray,
    Limits,
    check_confidence_level,
    checked_counts,
    interval_estimate,
    normal_quantile,
)

ShareInterval = Literal[
    "wilson", "wilson_cc", "clopper_pearson", "jeffreys", "agresti_coull", "wald"
]


def proportion(
    events: int,
    n: int,
    *,
    interval: ShareInterval = "wilson",
    confidence_level: float = 0.95,
    measure: str = "share",
    group: str = "",
) -> Estimate:
    """The share of ``n`` persons with the event, with its interval.

    Wilson's (1927) score interval is recommended for shares by Newcombe (1998a): it holds its
    level for small n, is never empty and never leaves 0–1. It inverts the score test.

    Args:
        events: Persons with the event.
        n: Persons in all.
        interval: ``wilson``; ``wilson_cc`` with continuity correction (Newcombe 1998a, method
            4); ``clopper_pearson``, exact and wide; ``jeffreys``, with the end rule of Brown,
            Cai and DasGupta (2001); ``agresti_coull``; ``wald``, for comparison only.
        confidence_level: 0.95 for a 95 % interval.
        measure: Text key of what is estimated.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is negative or fractional, ``events`` exceeds ``n``,
            ``confidence_level`` is not strictly between 0 and 1, or there is no such interval.
        CannotBeComputed: ``no_persons`` when ``n`` is 0.

    Edge cases: the lower limit is exactly 0 when ``events`` is 0 and the upper limit
    exactly 1 when everyone has the event.

    >>> share = proportion(events=163, n=267)
    >>> round(share.low, 3), round(share.high, 3)
    (0.551, 0.667)
    >>> round(proportion(events=0, n=20, interval="jeffreys").high, 4)
    0.1166
    """
    check_option("interval", interval, ShareInterval)
    check_confidence_level(confidence_level)
    k, total = checked_counts(events, n)
    return interval_estimate(
        value=k / total,
        limits=_limits(k, total, interval, confidence_level),
        unit="share",
        method=interval,
        confidence_level=confidence_level,
        n=total,
        cells=(k, total - k),
        measure=measure,
        group=group,
    )


def _limits(k: int, n: int, interval: ShareInterval, level: float) -> tuple[float, float]:
    if interval in ("wilson", "clopper_pearson"):
        own = wilson_limits if interval == "wilson" else clopper_pearson_limits
        low, high = own(k, n, level)
        return float(low), float(high)
    if interval == "wilson_cc":
        from scipy.stats import binomtest  # costs a second where nothing else has loaded it

        found = binomtest(k, n).proportion_ci(confidence_level=level, method="wilsoncc")
        return float(found.low), float(found.high)
    from statsmodels.stats.proportion import proportion_confint

    method = "normal" if interval == "wald" else interval
    low, high = proportion_confint(k, n, alpha=1 - level, method=method)
    return float(low), float(high)


def _mirrored(
    lower: Callable[[FloatArray, FloatArray], FloatArray], k: npt.ArrayLike, n: npt.ArrayLike
) -> Limits:
    """Both limits from the lower one: the upper limit of k is 1 − the lower limit of n − k."""
    k, n = np.broadcast_arrays(np.asarray(k, dtype=float), np.asarray(n, dtype=float))
    return lower(k, n), 1 - lower(n - k, n)


def wilson_limits(k: npt.ArrayLike, n: npt.ArrayLike, confidence_level: float = 0.95) -> Limits:
    """Wilson (1927) score limits, elementwise."""
    return wilson_limits_at(k, n, normal_quantile(confidence_level))


def wilson_limits_at(k: npt.ArrayLike, n: npt.ArrayLike, z: float) -> Limits:
    """Wilson's limits at a critical value ``z``; k and n may be effective numbers.

    The smaller root of (n + z²)p² − (2k + z²)p + k²/n = 0, written without cancellation.
    """

    def lower(k: FloatArray, n: FloatArray) -> FloatArray:
        denominator = k + z**2 / 2 + z * np.sqrt(k * (n - k) / n + z**2 / 4)
        return np.asarray(k**2 / n / denominator)

    return _mirrored(lower, k, n)


def clopper_pearson_limits(
    k: npt.ArrayLike, n: npt.ArrayLike, confidence_level: float = 0.95
) -> Limits:
    """Clopper–Pearson (1934) exact limits by Beta quantiles, elementwise."""
    tail = (1 - confidence_level) / 2

    def lower(k: FloatArray, n: FloatArray) -> FloatArray:
        return np.where(k > 0, special.betaincinv(np.maximum(k, 1), n - k + 1, tail), 0.0)

    return _mirrored(lower, k, n)


class Ranged(NamedTuple):
    """A figure with its limits, as plain numbers."""

    value: float
    low: float
    high: float


def effective_number(share: float, variance: float, cap: float = math.inf) -> float:
    """The number of plainly counted persons whose share would have this variance.

    p(1 − p)/variance, at most ``cap``; ``cap`` where the share is 0 or 1 or has no variance,
    since nothing then says how many persons it is worth.

    >>> round(effective_number(0.5, 0.0025), 6), effective_number(1.0, 0.0, cap=15)
    (100.0, 15)
    """
    simple = share * (1 - share)
    if simple <= 0 or variance <= 0:
        return cap
    return min(simple / variance, cap)


def wilson_at(share: float, persons: float, z: float) -> Ranged:
    """A share with Wilson's (1927) limits for a number of persons, which may be effective.

    A share that a model leads outside 0–1 is set to the end it passed.

    >>> [round(x, 3) for x in wilson_at(163 / 267, 267, 1.959964)]
    [0.61, 0.551, 0.667]
    """
    inside = min(max(share, 0.0), 1.0)
    low, high = wilson_limits_at(inside * persons, persons, z)
    return Ranged(inside, min(max(float(low), 0.0), inside), max(min(float(high), 1.0), inside))


def mover(one: Ranged, zero: Ranged, *, correlation: float = 0.0) -> Ranged:
    """The difference ``one`` − ``zero`` with limits recovered from the limits of each.

    MOVER, the method of variance estimates recovery: Newcombe (1998, Statistics in Medicine
    17:873, method 10) for shares, Donner and Zou (2012, Statistical Methods in Medical Research
    21:347) in general. With Wilson's limits and no correlation it is Newcombe's interval.

    Args:
        one: A figure with its limits.
        zero: The one it is compared with.
        correlation: Between the two figures; 0 when the persons differ.

    >>> z = 1.959964  # Newcombe (1998), 56 of 70 less 48 of 80
    >>> [round(x, 4) for x in mover(wilson_at(56 / 70, 70, z), wilson_at(48 / 80, 80, z))]
    [0.2, 0.0524, 0.3339]
    """
    difference = one.value - zero.value

    def spread(x: float, y: float) -> float:
        return math.sqrt(max(x**2 + y**2 - 2 * correlation * x * y, 0.0))

    return Ranged(
        difference,
        difference - spread(one.value - one.low, zero.high - zero.value),
        difference + spread(one.high - one.value, zero.value - zero.low),
    )


def estimates_apart(
    one: Estimate, zero: Estimate, *, measure: str, method: str = "mover", group: str = ""
) -> Estimate:
    """The difference of two estimates by `mover`: of shares within ± 1, of theirs within ± 2."""
    found = mover(*(Ranged(row.value, row.low, row.high) for row in (one, zero)))
    furthest = {"share": 1.0, "share_difference": 2.0}.get(one.unit, math.inf)
    return Estimate(
        measure=measure,
        value=found.value,
        low=max(min(found.low, found.value), -furthest),
        high=min(max(found.high, found.value), furthest),
        unit="share_difference" if one.unit == "share" else one.unit,
        method=method,
        confidence_level=one.confidence_level,
        n=one.n + zero.n,
        cells=(*one.cells, *zero.cells),
        group=group,
    )
