"""Observed beside expected: indirect standardisation, and a target judged by it."""

from __future__ import annotations

import math

from evalkit.results import AdjustedVerdict, CannotBeComputed, Estimate
from evalkit.statistics.casemix.reference import Expected
from evalkit.statistics.shares.proportions import clopper_pearson_limits, proportion
from evalkit.statistics.shares.share_counts import (
    check_confidence_level,
    checked_counts,
    checked_share,
    interval_estimate,
    normal_quantile,
)
from evalkit.statistics.shares.targets import grade_of


def observed_over_expected(
    *, events: int, expected: float, n: int, confidence_level: float = 0.95, group: str = ""
) -> Estimate:
    """Persons with the outcome over those expected, with the exact interval of a share.

    Clopper & Pearson's (1934) limits of events of n, over the expected share. They hold
    also when the persons' chances differ: a sum of unlike chances varies less than the
    binomial with their mean (Hoeffding 1956). The expected number is taken as known.

    Args:
        events: Persons with the outcome.
        expected: The number expected, the sum of the persons' chances.
        n: Persons in all.
        confidence_level: 0.95 for a 95 % interval.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is impossible, or ``expected`` is not within 0–n.
        CannotBeComputed: ``no_persons`` when ``n`` is 0.

    >>> ratio = observed_over_expected(events=81, expected=92.4, n=210)
    >>> round(ratio.value, 3), round(ratio.low, 3), round(ratio.high, 3)
    (0.877, 0.726, 1.034)
    """
    check_confidence_level(confidence_level)
    k, total = checked_counts(events, n)
    if not 0 < expected <= total:
        raise ValueError("expected must be above 0 and not exceed n")
    low, high = clopper_pearson_limits(k, total, confidence_level)
    return interval_estimate(
        value=k / expected,
        limits=(low * total / expected, high * total / expected),
        unit="ratio",
        method="clopper_pearson",
        confidence_level=confidence_level,
        n=total,
        cells=(k, total - k),
        measure="observed_over_expected",
        group=group,
    )


def adjusted_verdict(
    expected: Expected,
    *,
    events: int,
    goal: float,
    left_out: int = 0,
    confidence_level: float = 0.95,
    group: str = "",
) -> AdjustedVerdict:
    """A target judged with regard to who took part (indirect standardisation).

    The adjusted share is the reference's share times observed over expected: what would
    have been observed had the participants been a mix like the reference's and their lead
    over it the same. Its interval is Wilson's, scaled; with a reference estimated from the
    register, the spread of its own ratio is added on the log scale (variance recovery;
    Zou & Donner 2008). The grade reads it against the goal. An adjusted share has no upper
    bound of 1; where it exceeds 1, the lead cannot be carried over.

    Args:
        expected: What the reference expects of the participants.
        events: Participants with the outcome.
        goal: The goal as a share, stated for a mix like the reference's.
        left_out: Participants without what the reference asks of them.
        confidence_level: 0.95 for a 95 % interval.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is impossible or ``goal`` is not strictly between 0 and 1.
        CannotBeComputed: ``no_persons`` without participants; ``adjusted_beyond_one`` when
            the adjusted share or goal would exceed 1.

    >>> import numpy as np
    >>> hard = Expected(chances=np.full(210, 0.44), reference=0.50)
    >>> found = adjusted_verdict(hard, events=101, goal=0.50)
    >>> round(found.observed.value, 3), round(found.adjusted.value, 3), found.grade
    (0.481, 0.547, 'above_uncertain')
    """
    checked_share(goal, "goal")
    n = len(expected.chances)
    observed = proportion(events=events, n=n, confidence_level=confidence_level, group=group)
    number = float(expected.chances.sum())
    share = number / n
    scale = expected.reference / share
    if goal / scale >= 1 or observed.value * scale > 1:
        raise CannotBeComputed("adjusted_beyond_one", n=n)
    adjusted = _adjusted(observed, scale, expected.log_spread)
    return AdjustedVerdict(
        observed=observed,
        expected=share,
        reference=expected.reference,
        ratio=observed_over_expected(
            events=events,
            expected=number,
            n=n,
            confidence_level=confidence_level,
            group=group,
        ),
        adjusted=adjusted,
        goal=goal,
        grade=grade_of(adjusted.value, adjusted.low, adjusted.high, goal),
        left_out=left_out,
        reference_cells=(*expected.reference_cells, *expected.composition),
    )


def _adjusted(observed: Estimate, scale: float, log_spread: float) -> Estimate:
    """The observed share times ``scale``, the uncertainty of the scale added to its interval."""
    z = normal_quantile(observed.confidence_level)
    value, low, high = (scale * end for end in (observed.value, observed.low, observed.high))
    if log_spread > 0 and value > 0:
        below = math.hypot(math.log(value / low), z * log_spread) if low > 0 else math.inf
        above = math.hypot(math.log(high / value), z * log_spread)
        low, high = value * math.exp(-below), value * math.exp(above)
    elif log_spread > 0:
        high *= math.exp(z * log_spread)
    return interval_estimate(
        value=value,
        limits=(low, min(high, 1.0)),
        unit="share",
        method="wilson_scaled",
        confidence_level=observed.confidence_level,
        n=observed.n,
        cells=observed.cells,
        measure="adjusted_share",
        group=observed.group,
    )
