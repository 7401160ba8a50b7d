"""Planning one share: how wide its interval will be, and persons needed to narrow it."""

from __future__ import annotations

from evalkit.analysis.shares.power import checked_positive
from evalkit.analysis.shares.proportion_limits import wilson_limits
from evalkit.analysis.shares.share_counts import checked_share, normal_quantile
from evalkit.results import CannotBeComputed

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
    *, share: float, goal: float, confidence_level: float = 0.95
) -> float:
    """Persons needed before an expected share and a goal are a margin of error apart.

    n = z² p(1 − p)/(p − goal)² (Cochran 1977, with the margin p − goal).

    Args:
        share: Expected share.
        goal: The goal as a share.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If a share is not strictly between 0 and 1.
        CannotBeComputed: ``no_difference`` when the share equals the goal.

    >>> round(persons_to_tell_from_goal(share=0.61, goal=0.60), -2)
    9100.0
    """
    p, target = checked_share(share, "share"), checked_share(goal, "goal")
    if p == target:
        raise CannotBeComputed("no_difference")
    return normal_quantile(confidence_level) ** 2 * p * (1 - p) / (p - target) ** 2
