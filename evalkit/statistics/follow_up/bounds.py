"""How far those who could not be followed up could move a share, or turn a verdict.

With nothing assumed the share of all persons lies between two extremes: none of the missing
reached the outcome, or all of them did (Manski 1989; Horowitz & Manski 2000).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

import numpy as np
from scipy import optimize, special

from evalkit.results import CannotBeComputed, Estimate, FollowUpBounds, GradeRange, TippingPoint
from evalkit.statistics.shares.proportions import (
    effective_number,
    proportion,
    wilson_at,
    wilson_limits,
    wilson_limits_at,
)
from evalkit.statistics.shares.share_counts import (
    check_confidence_level,
    checked_counts,
    checked_share,
    interval_estimate,
    normal_quantile,
    whole_count,
)
from evalkit.statistics.shares.targets import grade_of


def follow_up_bounds(
    *,
    events: int,
    followed_up: int,
    n: int,
    ratios: Sequence[float] = (),
    confidence_level: float = 0.95,
    group: str = "",
) -> FollowUpBounds:
    """The share among those followed up, and what it can be among all persons.

    The limits hold the share of all persons with the confidence level whatever became of
    the missing (Imbens & Manski 2004, equations 6–7): where the extremes lie far apart the
    share cannot be near both, and a one-sided critical value is enough. Here it is put in
    Wilson's limits of the two extremes instead of Wald's, so that with nobody missing the
    interval is Wilson's.

    Args:
        events: Persons followed up with the outcome.
        followed_up: Persons followed up.
        n: All persons who could have been.
        ratios: Stated assumptions: the missing reach the outcome this many times as often
            as those followed up, see `share_at_ratio`.
        confidence_level: 0.95 for a 95 % interval.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is impossible or a ratio negative.
        CannotBeComputed: ``no_persons`` when ``n`` is 0, ``nobody_followed_up`` when
            ``followed_up`` is.

    >>> found = follow_up_bounds(events=147, followed_up=321, n=396)
    >>> round(found.none.value, 3), round(found.every.value, 3)
    (0.371, 0.561)
    >>> round(found.low, 3), round(found.high, 3)
    (0.332, 0.601)
    """
    check_confidence_level(confidence_level)
    k, followed, total = _checked(events, followed_up, n)
    missing = total - followed
    known = (k, followed - k, missing)
    low, high = imbens_manski_limits(
        events=k, missing=missing, n=total, confidence_level=confidence_level
    )
    level = confidence_level
    return FollowUpBounds(
        response=proportion(
            events=followed,
            n=total,
            measure="response_share",
            confidence_level=level,
            group=group,
        ),
        followed_up=proportion(events=k, n=followed, confidence_level=level, group=group),
        none=_extreme(k, total, "share_if_none", known, level, group),
        every=_extreme(k + missing, total, "share_if_every", known, level, group),
        low=low,
        high=high,
        method="imbens_manski",
        confidence_level=level,
        assumed=tuple(
            share_at_ratio(
                events=k,
                followed_up=followed,
                n=total,
                ratio=ratio,
                confidence_level=level,
                group=group,
            )
            for ratio in ratios
        ),
        ratios=tuple(float(ratio) for ratio in ratios),
    )


def share_at_ratio(
    *,
    events: int,
    followed_up: int,
    n: int,
    ratio: float,
    confidence_level: float = 0.95,
    group: str = "",
) -> Estimate:
    """The share of all persons if the missing reach the outcome ``ratio`` times as often.

    A pattern-mixture model (Little 1993) with a stated sensitivity parameter: with p among
    those followed up and π followed up, p(π + (1 − π)·ratio). Delta-method variance, both p
    and π estimated, in Wilson's interval by the effective number of persons: ratio 0 gives
    exactly the interval of k of n, and ratio 1 that of k of those followed up.

    Arguments and errors as in `follow_up_bounds`.

    Edge cases: where ratio · p would exceed 1, all of the missing reach the outcome.

    >>> half = share_at_ratio(events=147, followed_up=321, n=396, ratio=0.5)
    >>> round(half.value, 4)  # 147/321 · (321 + 75/2) / 396
    0.4146
    """
    if not (math.isfinite(ratio) and ratio >= 0):
        raise ValueError("ratio must be a number, zero or more")
    z = normal_quantile(confidence_level)
    k, followed, total = _checked(events, followed_up, n)
    p, responding = k / followed, followed / total
    if ratio * p >= 1:
        value = p * responding + 1 - responding
        variance = value * (1 - value) / total
    else:
        weight = responding + (1 - responding) * ratio
        value = p * weight
        variance = weight**2 * p * (1 - p) / followed
        variance += (p * (1 - ratio)) ** 2 * responding * (1 - responding) / total
    return interval_estimate(
        value=value,
        limits=wilson_by_variance(value, variance, total, z),
        unit="share",
        method="wilson",
        confidence_level=confidence_level,
        n=total,
        cells=(k, followed - k, total - followed),
        measure="share_if_ratio",
        group=group,
    )


def imbens_manski_limits(
    *, events: int, missing: int, n: int, confidence_level: float = 0.95
) -> tuple[float, float]:
    """Limits that hold the share of all persons, in Wilson's form; see `follow_up_bounds`.

    >>> low, high = imbens_manski_limits(events=163, missing=0, n=267)
    >>> round(low, 3), round(high, 3)  # nobody missing: Wilson's
    (0.551, 0.667)
    """
    none, every = events / n, (events + missing) / n
    spread = max(math.sqrt(none * (1 - none)), math.sqrt(every * (1 - every)))
    z = imbens_manski_critical_value(
        width=every - none, standard_error=spread / math.sqrt(n), confidence_level=confidence_level
    )
    low = float(wilson_limits_at(events, n, z)[0])
    high = float(wilson_limits_at(events + missing, n, z)[1])
    return min(low, none), max(high, every)


def imbens_manski_critical_value(
    *, width: float, standard_error: float, confidence_level: float = 0.95
) -> float:
    """C with Φ(C + width/standard error) − Φ(−C) equal to the level (Imbens & Manski 2004, eq. 7).

    Two-sided, 1.96, where the extremes meet; one-sided, 1.645, where they are far apart.

    >>> round(imbens_manski_critical_value(width=0.0, standard_error=0.02), 3)
    1.96
    >>> round(imbens_manski_critical_value(width=0.2, standard_error=0.02), 3)
    1.645
    """
    two_sided = normal_quantile(confidence_level)
    one_sided = float(special.ndtri(confidence_level))
    if width <= 0:
        return two_sided
    if standard_error <= 0:
        return one_sided
    apart = width / standard_error

    def beyond(c: float) -> float:
        return float(special.ndtr(c + apart) - special.ndtr(-c)) - confidence_level

    if beyond(one_sided) >= 0:
        return one_sided
    return float(optimize.brentq(beyond, one_sided, two_sided, xtol=1e-13))


def _extreme(
    k: int, n: int, measure: str, known: tuple[int, ...], level: float, group: str
) -> Estimate:
    """A share of all persons; its cells are those it is the sum of, the missing among them."""
    return interval_estimate(
        value=k / n,
        limits=wilson_limits_at(k, n, normal_quantile(level)),
        unit="share",
        method="wilson",
        confidence_level=level,
        n=n,
        cells=known,
        measure=measure,
        group=group,
    )


def _checked(events: float, followed_up: float, n: float) -> tuple[int, int, int]:
    followed, total = checked_counts(followed_up, n, names=("followed_up", "n"))
    if followed == 0:
        raise CannotBeComputed("nobody_followed_up", n=total)
    k = whole_count(events, "events")
    if k > followed:
        raise ValueError("events must not exceed followed_up")
    return k, followed, total


def wilson_by_variance(share: float, variance: float, n: int, z: float) -> tuple[float, float]:
    """Wilson's limits with as many persons as a simple share would need for this variance."""
    persons = effective_number(share, variance)
    found = wilson_at(share, persons if math.isfinite(persons) else n, z)
    return found.low, found.high


def tipping_point(
    *,
    events: int,
    followed_up: int,
    n: int,
    goal: float,
    confidence_level: float = 0.95,
    group: str = "",
) -> TippingPoint:
    """The grade of a target for every number of the missing that could have succeeded.

    A tipping-point analysis (Yan, Lee & Li 2009) on whole persons: with x of the missing
    counted as having the outcome, k + x of n is graded as any share is (`target_verdict`).

    Args:
        events: Persons followed up with the outcome.
        followed_up: Persons followed up.
        n: All persons who could have been.
        goal: The goal as a share, 0.60 for 60 %.
        confidence_level: 0.95 for a 95 % interval.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is impossible or ``goal`` is not strictly between 0 and 1.
        CannotBeComputed: ``no_persons`` when ``n`` is 0, ``nobody_followed_up`` when
            ``followed_up`` is.

    >>> found = tipping_point(events=50, followed_up=80, n=100, goal=0.6)
    >>> [(one.grade, one.fewest, one.most) for one in found.ranges[1:]]
    [('below_uncertain', 1, 9), ('above_uncertain', 10, 19), ('clearly_above', 20, 20)]
    """
    checked_share(goal, "goal")
    bounds = follow_up_bounds(
        events=events, followed_up=followed_up, n=n, confidence_level=confidence_level, group=group
    )
    reached = np.arange(bounds.missing + 1)
    counts = reached + events
    low, high = wilson_limits(counts, n, confidence_level)
    grades = [
        grade_of(value, lower, upper, goal)
        for value, lower, upper in zip(counts / n, low, high, strict=True)
    ]
    seen = bounds.followed_up
    return TippingPoint(
        followed_up=seen,
        missing=bounds.missing,
        goal=goal,
        grade=grade_of(seen.value, seen.low, seen.high, goal),
        ranges=tuple(
            GradeRange(grade=grade, fewest=int(found[0]), most=int(found[-1]))
            for grade, members in groupby(reached.tolist(), key=grades.__getitem__)
            for found in [list(members)]
        ),
        cells=bounds.none.cells,
    )
