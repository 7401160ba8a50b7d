"""The tipping point: how well those not followed up must have done for a verdict to turn."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from evalkit.results import GradeRange, TippingPoint
from evalkit.statistics.follow_up.bounds import follow_up_bounds
from evalkit.statistics.shares.proportions import wilson_limits
from evalkit.statistics.shares.share_counts import checked_share
from evalkit.statistics.shares.targets import grade_of


def tipping_point(
    *,
    events: int,
    followed_up: int,
    n: int,
    goal: float,
    confidence_level: float = 0.95,
    group: str = "",
) -> TippingPoint:
    """The grade of a target for every number of the missing that could have succeeded.

    A tipping-point analysis (Yan, Lee & Li 2009) on whole persons: with x of the missing
    counted as having the outcome, k + x of n is graded as any share is (`target_verdict`).

    Args:
        events: Persons followed up with the outcome.
        followed_up: Persons followed up.
        n: All persons who could have been.
        goal: The goal as a share, 0.60 for 60 %.
        confidence_level: 0.95 for a 95 % interval.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is impossible or ``goal`` is not strictly between 0 and 1.
        CannotBeComputed: ``no_persons`` when ``n`` is 0, ``nobody_followed_up`` when
            ``followed_up`` is.

    >>> found = tipping_point(events=50, followed_up=80, n=100, goal=0.6)
    >>> [(one.grade, one.fewest, one.most) for one in found.ranges[1:]]
    [('below_uncertain', 1, 9), ('above_uncertain', 10, 19), ('clearly_above', 20, 20)]
    """
    checked_share(goal, "goal")
    bounds = follow_up_bounds(
        events=events, followed_up=followed_up, n=n, confidence_level=confidence_level, group=group
    )
    reached = np.arange(bounds.missing + 1)
    counts = reached + events
    low, high = wilson_limits(counts, n, confidence_level)
    grades = [
        grade_of(value, lower, upper, goal)
        for value, lower, upper in zip(counts / n, low, high, strict=True)
    ]
    seen = bounds.followed_up
    return TippingPoint(
        followed_up=seen,
        missing=bounds.missing,
        goal=goal,
        grade=grade_of(seen.value, seen.low, seen.high, goal),
        ranges=tuple(
            GradeRange(grade=grade, fewest=int(found[0]), most=int(found[-1]))
            for grade, members in groupby(reached.tolist(), key=grades.__getitem__)
            for found in [list(members)]
        ),
        cells=bounds.none.cells,
    )
