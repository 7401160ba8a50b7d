"""A share against a goal: a verdict in four grades, with the exact p-value.

The verdict reads Wilson's interval, which contains the goal exactly when the score test
does not reject it: the grade and the test cannot disagree.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from evalkit.results import CannotBeComputed, Grade, TargetVerdict
from evalkit.statistics.shares.proportions import proportion, wilson_limits
from evalkit.statistics.shares.share_counts import checked_share, whole_count


def smallest_clear_count(*, n: int, goal: float, confidence_level: float = 0.95) -> int | None:
    """The smallest count whose Wilson interval lies wholly above the goal.

    ``None`` when not even everyone would be enough, which happens in small groups.

    >>> smallest_clear_count(n=267, goal=0.60)
    176
    """
    checked_share(goal, "goal")
    counts = np.arange(whole_count(n, "n") + 1)
    if len(counts) == 1:
        raise CannotBeComputed("no_persons")
    clear = wilson_limits(counts, n, confidence_level)[0] > goal
    return int(np.argmax(clear)) if clear.any() else None


def grade_of(value: float, low: float, high: float, goal: float) -> Grade:
    """The grade of a share with its interval against a goal."""
    if low > goal:
        return "clearly_above"
    if high < goal:
        return "clearly_below"
    return "above_uncertain" if value >= goal else "below_uncertain"


def target_verdict(
    events: int, n: int, *, goal: float, confidence_level: float = 0.95, group: str = ""
) -> TargetVerdict:
    """A share against a goal, graded by its interval, with the exact p-value.

    Clearly above or below: Wilson's interval lies wholly on that side. Otherwise uncertain;
    a share that equals the goal is "above, but uncertain", for the goal is reached.

    Args:
        events: Persons with the outcome.
        n: Persons in all.
        goal: The goal as a share, 0.60 for 60 %.
        confidence_level: 0.95 for a 95 % interval.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is impossible or ``goal`` is not strictly between 0 and 1.
        CannotBeComputed: ``no_persons`` when ``n`` is 0.

    >>> verdict = target_verdict(events=163, n=267, goal=0.60)
    >>> verdict.grade, round(verdict.p_above, 2), verdict.smallest_clear_count
    ('above_uncertain', 0.39, 176)
    """
    checked_share(goal, "goal")
    estimate = proportion(events=events, n=n, confidence_level=confidence_level, group=group)
    # The exact binomial test; `scipy.stats` takes a third of a second to load.
    events_below = estimate.cells[0] - 1
    above = special.bdtrc(events_below, estimate.n, goal) if estimate.cells[0] else 1.0
    return TargetVerdict(
        estimate=estimate,
        goal=goal,
        grade=grade_of(estimate.value, estimate.low, estimate.high, goal),
        p_above=float(above),
        smallest_clear_count=smallest_clear_count(
            n=n, goal=goal, confidence_level=confidence_level
        ),
    )
