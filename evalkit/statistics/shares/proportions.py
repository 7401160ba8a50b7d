"""One share with its interval. Wilson's is the one reports use.

Own: Wilson and Clopper–Pearson, whose limits are also needed elementwise, on arrays and for
effective numbers; they trust their arguments, and a limit that is 0 or 1 by definition is exactly
that. The others are statsmodels' and scipy's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

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
