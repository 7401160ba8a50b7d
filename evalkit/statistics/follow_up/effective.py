"""Wilson's interval for a share whose variance is known: by the number of persons it is worth."""

from __future__ import annotations

from evalkit.statistics.shares.proportion_limits import wilson_limits_at
from evalkit.statistics.shares.share_counts import FloatArray, Limits


def wilson_by_variance(share: float, variance: float, n: int, z: float) -> Limits:
    """Wilson's limits with as many persons as a simple share would need for this variance.

    A share of counted persons gets back exactly its own n (Korn & Graubard 1998 use the same
    effective number in the exact interval). A share of 0 or 1 has no variance to go by and
    keeps ``n``.
    """
    simple = share * (1 - share)
    persons = simple / variance if variance > 0 and simple > 0 else float(n)
    return clipped(share, persons, z)


def clipped(share: float, persons: float, z: float) -> Limits:
    """Wilson's limits of a share of an effective number of persons."""
    inside = min(max(share, 0.0), 1.0)
    low, high = wilson_limits_at(inside * persons, persons, z)
    return _number(low), _number(high)


def _number(limit: FloatArray) -> FloatArray:
    return limit.clip(0.0, 1.0)
