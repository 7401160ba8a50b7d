"""How many times larger a share is: the risk ratio of two independent groups.

Always first group over second. A ratio may be 0 or ∞ and still have an interval by the
score methods.
"""

from __future__ import annotations

import math

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.shares.ratio_limits import (
    katz_limits,
    koopman_limits,
    miettinen_nurminen_ratio_limits,
)
from evalkit.statistics.shares.share_counts import interval_estimate
from evalkit.statistics.shares.two_groups import (
    Counts,
    two_group_estimate,
    two_groups,
)


def quotient(above: float, below: float) -> float:
    """above/below; ∞ over an empty denominator, refused when both are empty."""
    if below == 0:
        if above == 0:
            raise CannotBeComputed("ratio_undefined")
        return math.inf
    return above / below


def risk_ratio(counts: Counts) -> float:
    """p1/p2 of ``k1, n1, k2, n2``."""
    k1, n1, k2, n2 = counts
    return quotient(k1 * n2, k2 * n1)


def katz(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "risk_ratio",
    group: str = "",
) -> Estimate:
    """The risk ratio p1/p2 with the log interval of Katz et al. (1978).

    Args:
        events_1: Persons with the event in the first group.
        n_1: Persons in the first group.
        events_2: Persons with the event in the second group.
        n_2: Persons in the second group.
        confidence_level: 0.95 for a 95 % interval.
        measure: Text key of what is estimated.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is impossible or ``confidence_level`` is not between 0 and 1.
        CannotBeComputed: ``no_persons`` when a group is empty, ``zero_cell`` when a group
            has no events (`koopman` has an interval there).

    >>> ratio = katz(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(ratio.value, 4), round(ratio.low, 4), round(ratio.high, 4)
    (1.3333, 1.0766, 1.6512)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    if 0 in (counts[0], counts[2]):
        raise CannotBeComputed("zero_cell")
    return two_group_estimate(
        risk_ratio(counts),
        katz_limits,
        "katz_log",
        counts,
        unit="ratio",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def koopman(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "risk_ratio",
    group: str = "",
) -> Estimate:
    """The risk ratio p1/p2 with Koopman's (1984) score interval.

    Arguments as in `katz`. Computed here: statsmodels' limit is wrong when a group is at 100 %.

    Raises:
        ValueError: If a count is impossible or ``confidence_level`` is not between 0 and 1.
        CannotBeComputed: ``no_persons``; ``ratio_undefined`` when neither group has events.

    Edge cases: no events in the second group gives ∞ with a finite lower limit.

    >>> ratio = koopman(events_1=29, n_1=55, events_2=11, n_2=11)
    >>> round(ratio.low, 3), round(ratio.high, 3)
    (0.398, 0.739)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        risk_ratio(counts),
        koopman_limits,
        "koopman",
        counts,
        unit="ratio",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def miettinen_nurminen_ratio(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "risk_ratio",
    group: str = "",
) -> Estimate:
    """The risk ratio p1/p2 with Miettinen & Nurminen's (1985) score interval.

    `koopman` with the variance factor N/(N − 1). Arguments, errors and edge cases as there.

    >>> ratio = miettinen_nurminen_ratio(events_1=29, n_1=55, events_2=11, n_2=11)
    >>> round(ratio.low, 3), round(ratio.high, 3)
    (0.397, 0.742)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        risk_ratio(counts),
        miettinen_nurminen_ratio_limits,
        "miettinen_nurminen",
        counts,
        unit="ratio",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def number_needed(difference: Estimate) -> Estimate:
    """Persons per additional person with the outcome: one over a difference of shares.

    The limits are one over the difference's limits (Altman 1998). Negative when the
    difference is.

    Args:
        difference: An `Estimate` in the unit ``share_difference``.

    Raises:
        ValueError: If the estimate is not a difference of shares.
        CannotBeComputed: ``difference_spans_zero`` when the interval holds 0: the possible
            values then run from ``benefit_from`` over ∞ to ``harm_from``.

    >>> from evalkit.statistics.shares.differences import newcombe
    >>> needed = number_needed(newcombe(events_1=56, n_1=70, events_2=48, n_2=80))
    >>> round(needed.value, 1), round(needed.low, 1), round(needed.high, 1)
    (5.0, 3.0, 19.1)
    """
    if difference.unit != "share_difference":
        raise ValueError("number_needed wants an estimate in the unit share_difference")
    low, high = difference.low, difference.high
    if low <= 0 <= high:
        raise CannotBeComputed(
            "difference_spans_zero",
            benefit_from=1 / high if high > 0 else math.inf,
            harm_from=-1 / low if low < 0 else math.inf,
        )
    return interval_estimate(
        value=1 / difference.value,
        limits=(1 / high, 1 / low),
        unit="ratio",
        method=difference.method,
        confidence_level=difference.confidence_level,
        n=difference.n,
        cells=difference.cells,
        measure="number_needed",
        group=difference.group,
    )
