"""Before and after: both shares and their difference, after − before.

Different persons before and after are two cohorts; the same persons measured twice are
pairs, and need the four counts of who changed.
"""

from __future__ import annotations

from evalkit.results import BeforeAfter
from evalkit.statistics.shares.differences import newcombe
from evalkit.statistics.shares.paired import paired_cells, paired_newcombe
from evalkit.statistics.shares.proportions import proportion


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


def before_after_same_persons(
    *,
    both: int,
    before_only: int,
    after_only: int,
    neither: int,
    confidence_level: float = 0.95,
) -> BeforeAfter:
    """The same persons before and after: both shares and the difference after − before.

    Wilson (1927) intervals for the shares, Newcombe (1998c) method 10 for the difference.

    Args:
        both: Persons with the outcome before and after.
        before_only: Persons with the outcome before only.
        after_only: Persons with the outcome after only.
        neither: Persons with the outcome at neither time.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If a count is negative or fractional.
        CannotBeComputed: ``no_persons`` when all counts are 0.

    >>> made = before_after_same_persons(both=61, before_only=21, after_only=58, neither=110)
    >>> round(made.difference.value, 3), round(made.difference.low, 3)
    (0.148, 0.08)
    """
    a, b, c, d = paired_cells(both, before_only, after_only, neither)
    n = a + b + c + d
    return BeforeAfter(
        before=proportion(events=a + b, n=n, confidence_level=confidence_level, group="before"),
        after=proportion(events=a + c, n=n, confidence_level=confidence_level, group="after"),
        difference=paired_newcombe(
            both=a, first_only=c, second_only=b, neither=d, confidence_level=confidence_level
        ),
    )
