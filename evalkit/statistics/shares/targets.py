"""A share against a goal: exact and score tests, and a verdict in four grades.

The verdict reads Wilson's interval, which contains the goal exactly when the score test
does not reject it: the grade and the test cannot disagree.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import special

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, Grade, TargetVerdict, TestResult
from evalkit.statistics.shares.proportions import proportion, wilson_limits
from evalkit.statistics.shares.share_counts import checked_counts, checked_share, whole_count

Alternative = Literal["two-sided", "greater", "less"]


def exact_target_test(
    *, events: int, n: int, goal: float, alternative: Alternative = "two-sided"
) -> TestResult:
    """Exact binomial test of a share against a goal.

    ``greater`` tests "the true share is above the goal". Two-sided is the minimum-likelihood
    definition, as R's ``binom.test``. The statistic is ``events``; an exact test has no
    reference distribution and ``degrees_of_freedom`` is 0.

    Raises:
        ValueError: If a count is impossible or ``goal`` is not strictly between 0 and 1.
        CannotBeComputed: ``no_persons`` when ``n`` is 0.

    >>> round(exact_target_test(events=163, n=267, goal=0.60, alternative="greater").p_value, 2)
    0.39
    """
    check_option("alternative", alternative, Alternative)
    k, total = checked_counts(events, n)
    checked_share(goal, "goal")
    if alternative == "two-sided":
        from scipy.stats import binomtest  # a third of a second, which no chapter needs

        p_value = binomtest(k, total, goal).pvalue
    elif alternative == "greater":
        p_value = special.bdtrc(k - 1, total, goal)
    else:
        p_value = special.bdtr(k, total, goal)
    return TestResult(
        name=f"exact_binomial_{alternative}",
        statistic=k,
        degrees_of_freedom=0,
        p_value=min(1.0, float(p_value)),
        n=total,
        cells=(k, total - k),
    )


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
    above = exact_target_test(events=events, n=n, goal=goal, alternative="greater")
    return TargetVerdict(
        estimate=estimate,
        goal=goal,
        grade=grade_of(estimate.value, estimate.low, estimate.high, goal),
        p_above=above.p_value,
        smallest_clear_count=smallest_clear_count(
            n=n, goal=goal, confidence_level=confidence_level
        ),
    )
