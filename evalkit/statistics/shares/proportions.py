"""One share with its interval: one function per named method, `proportion` being Wilson's."""

from __future__ import annotations

from collections.abc import Callable

import numpy.typing as npt

from evalkit.results import Estimate
from evalkit.statistics.shares.proportion_limits import (
    agresti_coull_limits,
    clopper_pearson_limits,
    jeffreys_limits,
    mid_p_limits,
    wald_limits,
    wilson_continuity_corrected_limits,
    wilson_limits,
)
from evalkit.statistics.shares.share_counts import (
    Limits,
    checked_counts,
    interval_estimate,
    normal_quantile,
)


def _share(
    limits: Callable[[npt.ArrayLike, npt.ArrayLike, float], Limits],
    method: str,
    *,
    events: int,
    n: int,
    confidence_level: float,
    measure: str,
    group: str,
) -> Estimate:
    normal_quantile(confidence_level)  # refuses an impossible level before any counting
    k, total = checked_counts(events, n)
    return interval_estimate(
        value=k / total,
        limits=limits(k, total, confidence_level),
        unit="share",
        method=method,
        confidence_level=confidence_level,
        n=total,
        cells=(k, total - k),
        measure=measure,
        group=group,
    )


def proportion(
    *,
    events: int,
    n: int,
    confidence_level: float = 0.95,
    measure: str = "share",
    group: str = "",
) -> Estimate:
    """The share of ``n`` persons with the event, with Wilson's score interval.

    Wilson (1927), recommended for shares by Newcombe (1998a): it holds its level for small
    n, is never empty and never leaves 0–1. It inverts the score test of `targets`.

    Args:
        events: Persons with the event.
        n: Persons in all.
        confidence_level: 0.95 for a 95 % interval.
        measure: Text key of what is estimated.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is negative or fractional, ``events`` exceeds ``n``, or
            ``confidence_level`` is not strictly between 0 and 1.
        CannotBeComputed: ``no_persons`` when ``n`` is 0.

    Edge cases: the lower limit is exactly 0 when ``events`` is 0 and the upper limit
    exactly 1 when everyone has the event.

    >>> share = proportion(events=163, n=267)
    >>> round(share.low, 3), round(share.high, 3)
    (0.551, 0.667)
    """
    return _share(
        wilson_limits,
        "wilson",
        events=events,
        n=n,
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def wilson_continuity_corrected(
    *,
    events: int,
    n: int,
    confidence_level: float = 0.95,
    measure: str = "share",
    group: str = "",
) -> Estimate:
    """A share with Wilson's interval, continuity-corrected (Newcombe 1998a, method 4).

    Wider than Wilson's, close to Clopper–Pearson's. Arguments, errors and edge cases as in
    `proportion`.

    >>> share = wilson_continuity_corrected(events=15, n=148)
    >>> round(share.low, 4), round(share.high, 4)
    (0.0598, 0.1644)
    """
    return _share(
        wilson_continuity_corrected_limits,
        "wilson_cc",
        events=events,
        n=n,
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def clopper_pearson(
    *,
    events: int,
    n: int,
    confidence_level: float = 0.95,
    measure: str = "share",
    group: str = "",
) -> Estimate:
    """A share with the exact interval of Clopper & Pearson (1934).

    Inverts two one-sided binomial tests; covers at least the nominal level always, and is
    therefore wide. Arguments, errors and edge cases as in `proportion`.

    >>> share = clopper_pearson(events=163, n=267)
    >>> round(share.low, 3), round(share.high, 3)
    (0.549, 0.669)
    """
    return _share(
        clopper_pearson_limits,
        "clopper_pearson",
        events=events,
        n=n,
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def mid_p(
    *,
    events: int,
    n: int,
    confidence_level: float = 0.95,
    measure: str = "share",
    group: str = "",
) -> Estimate:
    """A share with the mid-p interval (Lancaster 1949; Newcombe 1998a, method 6).

    Inverts the binomial tests counting half of the observed outcome's probability.
    Arguments, errors and edge cases as in `proportion`.

    >>> share = mid_p(events=1, n=29)
    >>> round(share.low, 4), round(share.high, 4)
    (0.0017, 0.1585)
    """
    return _share(
        mid_p_limits,
        "mid_p",
        events=events,
        n=n,
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def jeffreys(
    *,
    events: int,
    n: int,
    confidence_level: float = 0.95,
    measure: str = "share",
    group: str = "",
) -> Estimate:
    """A share with Jeffreys' interval, end rule of Brown, Cai & DasGupta (2001).

    Quantiles of the Beta(k + ½, n − k + ½) posterior; 0 at ``events`` = 0 and 1 at
    ``events`` = ``n``. Arguments and errors as in `proportion`.

    >>> share = jeffreys(events=0, n=20)
    >>> round(share.low, 4), round(share.high, 4)
    (0.0, 0.1166)
    """
    return _share(
        jeffreys_limits,
        "jeffreys",
        events=events,
        n=n,
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def agresti_coull(
    *,
    events: int,
    n: int,
    confidence_level: float = 0.95,
    measure: str = "share",
    group: str = "",
) -> Estimate:
    """A share with the interval of Agresti & Coull (1998), clipped to 0–1.

    Wald's interval after adding z²/2 persons with and z²/2 without the event. The value is
    the observed share. Arguments and errors as in `proportion`.

    >>> share = agresti_coull(events=15, n=148)
    >>> round(share.low, 4), round(share.high, 4)
    (0.0614, 0.1615)
    """
    return _share(
        agresti_coull_limits,
        "agresti_coull",
        events=events,
        n=n,
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def wald(
    *,
    events: int,
    n: int,
    confidence_level: float = 0.95,
    measure: str = "share",
    group: str = "",
) -> Estimate:
    """A share with Wald's textbook interval, clipped to 0–1: for comparison only.

    Its coverage is poor in small groups, and its width is zero when nobody or everybody has
    the event. Arguments and errors as in `proportion`.

    >>> share = wald(events=15, n=148)
    >>> round(share.low, 4), round(share.high, 4)
    (0.0527, 0.15)
    """
    return _share(
        wald_limits,
        "wald",
        events=events,
        n=n,
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )
