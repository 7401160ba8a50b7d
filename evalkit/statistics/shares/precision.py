"""Planning one share: how wide its interval will be, and persons needed to narrow it."""

from __future__ import annotations

import math

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.power import checked_positive, upper_quantile
from evalkit.statistics.shares.proportion_limits import wilson_limits
from evalkit.statistics.shares.share_counts import checked_share, normal_quantile

LARGEST_PLAN = 10**12


def planned_width(*, share: float, n: float, confidence_level: float = 0.95) -> float:
    """Width of Wilson's interval for an expected share among ``n`` persons.

    Args:
        share: Expected share, 0–1.
        n: Planned number of persons.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If an argument is out of range.

    >>> round(planned_width(share=0.58, n=100), 3)
    0.19
    """
    if not 0 <= share <= 1:
        raise ValueError("share must lie in 0–1")
    total = checked_positive(n, "n")
    low, high = wilson_limits(share * total, total, confidence_level)
    return float(high - low)


def persons_for_width(*, share: float, width: float, confidence_level: float = 0.95) -> int:
    """The fewest persons for whom Wilson's interval is at most ``width`` wide.

    Raises:
        ValueError: If an argument is out of range.
        CannotBeComputed: ``too_many_persons`` beyond a million million.

    >>> persons_for_width(share=0.58, width=0.10)
    371
    """
    checked_share(width, "width")

    def is_wide(n: int) -> bool:
        return planned_width(share=share, n=n, confidence_level=confidence_level) > width

    if is_wide(LARGEST_PLAN):
        raise CannotBeComputed("too_many_persons")
    low, high = 0, LARGEST_PLAN  # the width falls with n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_wide(middle) else (low, middle)
    return high


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
