"""Planning: how many persons a comparison of two shares, or the width of one, needs.

Sizes come as the formula gives them; a plan rounds them up. The test is two-sided.
"""

from __future__ import annotations

import math

from scipy import special

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.share_counts import checked_share, normal_quantile


def upper_quantile(tail: float) -> float:
    """The standard normal quantile with ``tail`` above it."""
    return float(-special.ndtri(tail))


def persons_for_two_shares(
    *,
    share_1: float,
    share_2: float,
    power: float = 0.8,
    ratio: float = 1.0,
    significance_level: float = 0.05,
) -> float:
    """Persons in the first group needed to show a difference of two shares.

    Fleiss, Levin and Paik (2003), without continuity correction; as R's ``power.prop.test``.

    Args:
        share_1: True share in the first group.
        share_2: True share in the second group.
        power: Probability wanted of showing the difference.
        ratio: Persons in the second group per person in the first.
        significance_level: Two-sided.

    Raises:
        ValueError: If an argument is out of range.
        CannotBeComputed: ``no_difference`` when the shares are equal.

    >>> round(persons_for_two_shares(share_1=0.328, share_2=0.477), 1)
    168.9
    """
    p1, p2 = checked_share(share_1, "share_1"), checked_share(share_2, "share_2")
    if not 0 < ratio < math.inf:
        raise ValueError("ratio must be a finite number above 0")
    z = upper_quantile(checked_share(significance_level, "significance_level") / 2)
    z_power = upper_quantile(1 - checked_share(power, "power"))
    if p1 == p2:
        raise CannotBeComputed("no_difference")
    pooled = (p1 + ratio * p2) / (1 + ratio)
    under_null = math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    under_truth = math.sqrt(p1 * (1 - p1) + p2 * (1 - p2) / ratio)
    return ((z * under_null + z_power * under_truth) / (p1 - p2)) ** 2


def persons_to_tell_from_goal(
    *, share: float, goal: float, confidence_level: float = 0.95, power: float = 0.5
) -> float:
    """Persons needed before an expected share and a goal are a margin of error apart.

    n = (z + z_power)² p(1 − p)/(p − goal)² (Cochran 1977, with the margin p − goal). At a
    power of one half the margin is that of the interval alone.

    Args:
        share: Expected share.
        goal: The goal as a share.
        confidence_level: 0.95 for a 95 % interval.
        power: Probability wanted of showing that the share is not the goal.

    Raises:
        ValueError: If a share is not strictly between 0 and 1.
        CannotBeComputed: ``no_difference`` when the share equals the goal.

    >>> round(persons_to_tell_from_goal(share=0.61, goal=0.60), -2)
    9100.0
    >>> round(persons_to_tell_from_goal(share=0.61, goal=0.60, power=0.8), -2)
    18700.0
    """
    p, target = checked_share(share, "share"), checked_share(goal, "goal")
    if p == target:
        raise CannotBeComputed("no_difference")
    distance = normal_quantile(confidence_level) + upper_quantile(1 - checked_share(power, "power"))
    return distance**2 * p * (1 - p) / (p - target) ** 2


def about(persons: float) -> int:
    """A planned number of persons to two figures, rounded up: more would be false precision.

    >>> about(18_672.9), about(168.2), about(7.1)
    (19000, 170, 8)
    """
    whole = math.ceil(persons)
    step: int = 10 ** max(len(str(whole)) - 2, 0)
    return -(-whole // step) * step
