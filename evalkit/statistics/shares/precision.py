"""Planning one share: how wide its interval will be, and persons needed to narrow it."""

from __future__ import annotations

import math

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.power import upper_quantile
from evalkit.statistics.shares.share_counts import checked_share, normal_quantile


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
