"""The difference between two independent shares: one function per named interval.

Always first group minus second, on the 0–1 scale; `newcombe` is the one used in reports.
"""

from __future__ import annotations

from collections.abc import Callable

from evalkit.analysis.difference_limits import (
    agresti_caffo_limits,
    haldane_limits,
    jeffreys_perks_limits,
    mee_limits,
    miettinen_nurminen_limits,
    newcombe_continuity_corrected_limits,
    newcombe_limits,
    wald_difference_continuity_corrected_limits,
    wald_difference_limits,
)
from evalkit.analysis.share_counts import (
    Limits,
    checked_counts,
    interval_estimate,
    normal_quantile,
)
from evalkit.results import Estimate


def two_groups(
    events_1: float, n_1: float, events_2: float, n_2: float
) -> tuple[int, int, int, int]:
    """The four counts of two groups, checked (see `share_counts.checked_counts`)."""
    first = checked_counts(events_1, n_1, names=("events_1", "n_1"))
    return first + checked_counts(events_2, n_2, names=("events_2", "n_2"))


def _difference(
    limits: Callable[[int, int, int, int, float], Limits],
    method: str,
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float,
    measure: str,
    group: str,
) -> Estimate:
    normal_quantile(confidence_level)  # refuses an impossible level before any counting
    k1, n1, k2, n2 = two_groups(events_1, n_1, events_2, n_2)
    return interval_estimate(
        value=k1 / n1 - k2 / n2,
        limits=limits(k1, n1, k2, n2, confidence_level),
        unit="share_difference",
        method=method,
        confidence_level=confidence_level,
        n=n1 + n2,
        cells=(k1, n1 - k1, k2, n2 - k2),
        measure=measure,
        group=group,
    )


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
    return _difference(
        newcombe_limits,
        "newcombe",
        events_1=events_1,
        n_1=n_1,
        events_2=events_2,
        n_2=n_2,
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
    return _difference(
        newcombe_continuity_corrected_limits,
        "newcombe_cc",
        events_1=events_1,
        n_1=n_1,
        events_2=events_2,
        n_2=n_2,
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

    Miettinen & Nurminen (1985), equations 1–10: all differences the score test with variance
    factor N/(N − 1) does not reject, the shares being constrained maximum-likelihood
    estimates. Computed here because statsmodels' version is wrong (statsmodels #10269).
    Arguments, errors and edge cases as in `newcombe`.

    >>> difference = miettinen_nurminen(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(difference.low, 4), round(difference.high, 4)
    (0.0528, 0.3382)
    """
    return _difference(
        miettinen_nurminen_limits,
        "miettinen_nurminen",
        events_1=events_1,
        n_1=n_1,
        events_2=events_2,
        n_2=n_2,
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
    return _difference(
        mee_limits,
        "mee",
        events_1=events_1,
        n_1=n_1,
        events_2=events_2,
        n_2=n_2,
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
    return _difference(
        agresti_caffo_limits,
        "agresti_caffo",
        events_1=events_1,
        n_1=n_1,
        events_2=events_2,
        n_2=n_2,
        confidence_level=confidence_level,
        measure=measure,
        group=group,
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
    return _difference(
        wald_difference_limits,
        "wald",
        events_1=events_1,
        n_1=n_1,
        events_2=events_2,
        n_2=n_2,
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
    return _difference(
        wald_difference_continuity_corrected_limits,
        "wald_cc",
        events_1=events_1,
        n_1=n_1,
        events_2=events_2,
        n_2=n_2,
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
    return _difference(
        haldane_limits,
        "haldane",
        events_1=events_1,
        n_1=n_1,
        events_2=events_2,
        n_2=n_2,
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
    return _difference(
        jeffreys_perks_limits,
        "jeffreys_perks",
        events_1=events_1,
        n_1=n_1,
        events_2=events_2,
        n_2=n_2,
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )
