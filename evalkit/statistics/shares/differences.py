"""The difference between two independent shares: one function per named interval.

Always first group minus second, on the 0–1 scale; `newcombe` is the one used in reports.
"""

from __future__ import annotations

from evalkit.results import Estimate
from evalkit.statistics.shares.difference_limits import (
    agresti_caffo_limits,
    mee_limits,
    miettinen_nurminen_limits,
    newcombe_continuity_corrected_limits,
    newcombe_limits,
)
from evalkit.statistics.shares.two_groups import (
    Counts,
    two_group_estimate,
    two_groups,
)


def share_difference(counts: Counts) -> float:
    """p1 − p2 of ``k1, n1, k2, n2``."""
    k1, n1, k2, n2 = counts
    return k1 / n1 - k2 / n2


def newcombe(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference p1 − p2 with Newcombe's hybrid score interval.

    Newcombe (1998b), method 10: the distances from each share to its Wilson limits, squared
    and added. Finite for all counts, inside −1…1, close to the exact methods in coverage.

    Args:
        events_1: Persons with the event in the first group (the later cohort).
        n_1: Persons in the first group.
        events_2: Persons with the event in the second group.
        n_2: Persons in the second group.
        confidence_level: 0.95 for a 95 % interval.
        measure: Text key of what is estimated.
        group: Printed level of the group, empty for everyone.

    Returns:
        Estimate on the 0–1 scale; ``cells`` holds with and without the event, per group.

    Raises:
        ValueError: If a count is negative or fractional, events exceed n, or
            ``confidence_level`` is not strictly between 0 and 1.
        CannotBeComputed: ``no_persons`` when a group is empty.

    Edge cases: 0 of n against 0 of n gives 0 with a finite interval, all against none gives 1
    with an upper limit of exactly 1.

    >>> difference = newcombe(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0524, 0.3339)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        share_difference(counts),
        newcombe_limits,
        "newcombe",
        counts,
        unit="share_difference",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def newcombe_continuity_corrected(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference p1 − p2 with Newcombe's continuity-corrected interval.

    Newcombe (1998b), method 11. Arguments, errors and edge cases as in `newcombe`.

    >>> d = newcombe_continuity_corrected(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(d.low, 4), round(d.high, 4)
    (0.0428, 0.3422)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        share_difference(counts),
        newcombe_continuity_corrected_limits,
        "newcombe_cc",
        counts,
        unit="share_difference",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def miettinen_nurminen(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference p1 − p2 with Miettinen & Nurminen's score interval.

    Miettinen & Nurminen (1985): all differences the score test with variance
    factor N/(N − 1) does not reject, the shares being constrained maximum-likelihood
    estimates. Computed here because statsmodels' version is wrong (statsmodels #10269).
    Arguments, errors and edge cases as in `newcombe`.

    >>> difference = miettinen_nurminen(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0528, 0.3382)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        share_difference(counts),
        miettinen_nurminen_limits,
        "miettinen_nurminen",
        counts,
        unit="share_difference",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def mee(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference p1 − p2 with Mee's (1984) score interval.

    As `miettinen_nurminen` without the factor N/(N − 1). Arguments, errors and edge cases as
    in `newcombe`.

    >>> difference = mee(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0533, 0.3377)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        share_difference(counts),
        mee_limits,
        "mee",
        counts,
        unit="share_difference",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def agresti_caffo(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference p1 − p2 with the interval of Agresti & Caffo (2000), clipped to −1…1.

    Wald's interval after adding one person with and one without the event to each group. The
    value is the observed difference. Arguments and errors as in `newcombe`.

    >>> difference = agresti_caffo(events_1=10, n_1=10, events_2=0, n_2=20)
    >>> round(difference.low, 4), difference.high
    (0.6922, 1.0)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        share_difference(counts),
        agresti_caffo_limits,
        "agresti_caffo",
        counts,
        unit="share_difference",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )
