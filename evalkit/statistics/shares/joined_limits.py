"""Two tools that many intervals are made with: effective persons, and joining two intervals.

Both take what is known of a share – its variance, or its limits – and ask nothing of how the
share came about.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from evalkit.results import Estimate
from evalkit.statistics.shares.proportions import wilson_limits_at


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
