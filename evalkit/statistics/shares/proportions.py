"""One share with its interval. Wilson's is the one reports use.

Own: Wilson and Clopper–Pearson, whose limits are also needed elementwise, on arrays and for
effective numbers. The others are statsmodels' and scipy's.
"""

from __future__ import annotations

from typing import Literal

from evalkit.options import check_option
from evalkit.results import Estimate
from evalkit.statistics.shares.proportion_limits import clopper_pearson_limits, wilson_limits
from evalkit.statistics.shares.share_counts import (
    check_confidence_level,
    checked_counts,
    interval_estimate,
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
