"""Intervals for a difference of shares that textbooks and programs give, for comparison.

Reports use `differences.newcombe`; these stand here so that a published figure can be
recomputed by the method it names.
"""

from __future__ import annotations

from evalkit.results import Estimate
from evalkit.statistics.shares.difference_limits import (
    haldane_limits,
    jeffreys_perks_limits,
    wald_difference_continuity_corrected_limits,
    wald_difference_limits,
)
from evalkit.statistics.shares.differences import share_difference
from evalkit.statistics.shares.two_groups import (
    two_group_estimate,
    two_groups,
)


def wald_difference(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference p1 − p2 with Wald's textbook interval: for comparison only.

    Newcombe (1998b), method 1; zero width when both shares are 0 or 1. Arguments and errors
    as in `newcombe`.

    >>> difference = wald_difference(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0575, 0.3425)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        share_difference(counts),
        wald_difference_limits,
        "wald",
        counts,
        unit="share_difference",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def wald_difference_continuity_corrected(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference p1 − p2 with Wald's continuity-corrected interval, clipped to −1…1.

    Newcombe (1998b), method 2: (1/n1 + 1/n2)/2 wider on each side. Arguments and errors as
    in `newcombe`.

    >>> d = wald_difference_continuity_corrected(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(d.low, 4), round(d.high, 4)
    (0.0441, 0.3559)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        share_difference(counts),
        wald_difference_continuity_corrected_limits,
        "wald_cc",
        counts,
        unit="share_difference",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def haldane(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference p1 − p2 with Haldane's interval (Beal 1987; Newcombe 1998b, method 3).

    Too narrow near 0 and 1; for comparison only. Arguments and errors as in `newcombe`.

    >>> difference = haldane(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0535, 0.3351)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        share_difference(counts),
        haldane_limits,
        "haldane",
        counts,
        unit="share_difference",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def jeffreys_perks(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference p1 − p2 with the Jeffreys–Perks interval (Beal 1987).

    Newcombe (1998b), method 4. Arguments and errors as in `newcombe`.

    >>> difference = jeffreys_perks(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0531, 0.3355)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        share_difference(counts),
        jeffreys_perks_limits,
        "jeffreys_perks",
        counts,
        unit="share_difference",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )
