"""The difference between two independent shares, first group minus second, on the 0–1 scale.

Own: Newcombe's and Miettinen–Nurminen's intervals, see `difference_limits`.
"""

from __future__ import annotations

from typing import Literal

from evalkit.options import check_option
from evalkit.results import Estimate
from evalkit.statistics.shares.difference_limits import (
    miettinen_nurminen_limits,
    newcombe_limits,
)
from evalkit.statistics.shares.two_groups import two_group_estimate, two_groups

DifferenceInterval = Literal["newcombe", "miettinen_nurminen"]
_LIMITS = {"newcombe": newcombe_limits, "miettinen_nurminen": miettinen_nurminen_limits}


def share_difference(
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    *,
    interval: DifferenceInterval = "newcombe",
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """The difference p1 − p2 with its interval.

    Args:
        events_1: Persons with the event in the first group (the later cohort).
        n_1: Persons in the first group.
        events_2: Persons with the event in the second group.
        n_2: Persons in the second group.
        interval: ``newcombe``, his hybrid score interval (1998b, method 10), the one reports
            use: finite for all counts, inside −1…1, close to the exact methods in coverage;
            ``miettinen_nurminen``, all differences that the score test does not reject (1985).
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

    >>> counts = {"events_1": 56, "n_1": 70, "events_2": 48, "n_2": 80}
    >>> difference = share_difference(**counts, interval="miettinen_nurminen")
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0528, 0.3382)
    """
    check_option("interval", interval, DifferenceInterval)
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        counts[0] / counts[1] - counts[2] / counts[3],
        _LIMITS[interval],
        interval,
        counts,
        unit="share_difference",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def newcombe(
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    *,
    confidence_level: float = 0.95,
    measure: str = "difference",
    group: str = "",
) -> Estimate:
    """`share_difference` with Newcombe's interval, as everywhere in the reports.

    >>> difference = newcombe(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0524, 0.3339)
    """
    return share_difference(
        events_1=events_1,
        n_1=n_1,
        events_2=events_2,
        n_2=n_2,
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )
