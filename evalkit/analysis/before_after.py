"""Two cohorts compared: the shares before and after, and their difference.

Different persons before and after. The same persons measured twice belong in `paired`.
"""

from __future__ import annotations

from evalkit.analysis.differences import newcombe
from evalkit.analysis.proportions import proportion
from evalkit.results import BeforeAfter


def before_after_counts(
    *, before: tuple[int, int], after: tuple[int, int], confidence_level: float = 0.95
) -> BeforeAfter:
    """Shares of two independent cohorts and the difference after − before.

    Wilson (1927) intervals for the shares, Newcombe (1998b) method 10 for the difference.
    An interval says how sure the difference is, not what caused it.

    Args:
        before: Persons with the outcome and persons in all, ``(k, n)``, in the earlier cohort.
        after: The same of the later cohort.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If a count is negative or fractional or k exceeds n.
        CannotBeComputed: ``no_persons`` when a cohort is empty.

    >>> compared = before_after_counts(before=(19, 58), after=(21, 44))
    >>> round(compared.difference.low, 3), round(compared.difference.high, 3)
    (-0.04, 0.328)
    """
    (k_before, n_before), (k_after, n_after) = before, after
    return BeforeAfter(
        before=proportion(
            events=k_before, n=n_before, confidence_level=confidence_level, group="before"
        ),
        after=proportion(
            events=k_after, n=n_after, confidence_level=confidence_level, group="after"
        ),
        difference=newcombe(
            events_1=k_after,
            n_1=n_after,
            events_2=k_before,
            n_2=n_before,
            confidence_level=confidence_level,
        ),
    )
