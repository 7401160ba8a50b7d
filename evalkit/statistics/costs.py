"""What an outcome cost: per participant, per outcome, and per outcome beyond what would be.

The budget is known; the uncertainty is that of the share. Gross cost per outcome assumes
that nobody would have got there anyway: set it beside the cost per *additional* outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.shares.proportions import wilson_limits


def cost_per_participant(*, budget: float, n: int) -> Estimate:
    """Budget over participants, in the budget's currency; known, so without width.

    Raises:
        ValueError: If ``budget`` is not positive or ``n`` is negative.
        CannotBeComputed: ``no_persons`` for n = 0.

    >>> round(cost_per_participant(budget=4_330_224, n=267).value)
    16218
    """
    _check(budget, n, n)
    value = budget / n
    return Estimate(
        measure="cost_per_participant",
        value=value,
        low=value,
        high=value,
        unit="sek",
        method="known",
        confidence_level=0.95,
        n=n,
        cells=(n,),
    )


def cost_per_outcome(
    *, budget: float, events: int, n: int, confidence_level: float = 0.95
) -> Estimate:
    """Budget over outcomes; the limits are those of Wilson's interval of the share, turned.

    Raises:
        ValueError: If ``budget`` is not positive, or ``events`` lies outside 0–n.
        CannotBeComputed: ``no_persons`` for n = 0, ``no_events`` when nobody got there.

    >>> found = cost_per_outcome(budget=4_330_224, events=163, n=267)
    >>> round(found.value), round(found.low), round(found.high)
    (26566, 24314, 29443)
    """
    return _per_outcome(budget, events, n, 0.0, confidence_level, "cost_per_outcome")


def cost_if_found_anyway(
    *,
    budget: float,
    events: int,
    n: int,
    shares: Sequence[float] = (0.0, 0.3, 0.5),
    confidence_level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Cost per additional outcome if a share of those who got there had done so anyway.

    Side by side, none called the result. Arguments and errors as `cost_per_outcome`.

    Args:
        budget: Total cost.
        events: Outcomes.
        n: Participants.
        shares: Of those with the outcome, who would have had it anyway; each 0 to below 1.
        confidence_level: That of Wilson's interval of the share.

    >>> made = cost_if_found_anyway(budget=1_000_000, events=100, n=200)
    >>> [round(row.value) for row in made]
    [10000, 14286, 20000]
    """
    if not all(0 <= share < 1 for share in shares):
        raise ValueError("shares must be at least 0 and below 1")
    plain = cost_per_outcome(budget=budget, events=events, n=n, confidence_level=confidence_level)
    return tuple(
        replace(
            plain,
            measure="cost_per_additional_outcome",
            value=plain.value / (1 - share),
            low=plain.low / (1 - share),
            high=plain.high / (1 - share),
        )
        for share in shares
    )


def cost_per_additional_outcome(
    *, budget: float, events: int, n: int, counterfactual: float, confidence_level: float = 0.95
) -> Estimate:
    """Budget over the outcomes beyond those that would have come anyway.

    Args:
        budget: Total cost.
        events: Outcomes.
        n: Participants.
        counterfactual: Assumed share of participants who would have got there anyway, 0–1.
        confidence_level: That of Wilson's interval of the share.

    Raises:
        ValueError: As `cost_per_outcome`, or for a ``counterfactual`` outside 0–1.
        CannotBeComputed: As `cost_per_outcome`.

    Edge cases: ``inf`` where the share, or its lower limit, does not exceed the
    counterfactual: no additional outcome then.

    >>> round(cost_per_additional_outcome(
    ...     budget=4_330_224, events=163, n=267, counterfactual=0.5).value, -3)
    147000.0
    """
    if not 0 <= counterfactual <= 1:
        raise ValueError("counterfactual must lie between 0 and 1")
    return _per_outcome(
        budget, events, n, counterfactual, confidence_level, "cost_per_additional_outcome"
    )


def cost_per_additional_outcome_compared(
    *, budget: float, n: int, difference: Estimate
) -> Estimate:
    """Budget over the additional outcomes that a comparison group tells of.

    n times the difference of shares; the limits are those of the difference, turned. The
    interval of a ratio whose denominator may be zero has no upper end (Heitjan 2000, Stat
    Med 19:1131): it is ``inf``, never a negative cost.

    Args:
        budget: Total cost.
        n: Participants.
        difference: Their share less that of those they are compared with, with its interval.

    Raises:
        ValueError: If ``budget`` is not positive or ``n`` is negative.
        CannotBeComputed: ``no_persons`` for n = 0; ``no_additional_outcomes`` when the
            difference is not above zero: a cost of less than nothing has no meaning.

    >>> difference = Estimate(measure="difference", value=0.10, low=-0.02, high=0.22,
    ...     unit="share_difference", method="newcombe", confidence_level=0.95, n=400, cells=())
    >>> found = cost_per_additional_outcome_compared(
    ...     budget=1_000_000, n=200, difference=difference)
    >>> round(found.value), round(found.low), found.high
    (50000, 22727, inf)
    """
    _check(budget, n, n)
    if difference.value <= 0:
        raise CannotBeComputed("no_additional_outcomes")
    shares = (difference.high, difference.value, difference.low)
    low, value, high = (budget / (n * s) if s > 0 else np.inf for s in shares)
    return Estimate(
        measure="cost_per_additional_outcome",
        value=float(value),
        low=float(low),
        high=float(high),
        unit="sek",
        method=difference.method,
        confidence_level=difference.confidence_level,
        n=difference.n,
        cells=difference.cells,
    )


def counterfactual_share(*, share: Estimate, difference: Estimate) -> Estimate:
    """The share that participants would have had as those they are compared with.

    Their share less the difference. The limits are the difference's, with the participants'
    own share taken as known, so that they and those of the cost tell the same; within 0–1.

    Args:
        share: The participants' share.
        difference: Their share less that of those they are compared with.

    >>> share = Estimate(measure="share", value=0.5, low=0.4, high=0.6, unit="share",
    ...     method="wilson", confidence_level=0.95, n=100, cells=(50, 50))
    >>> difference = Estimate(measure="difference", value=0.10, low=-0.02, high=0.22,
    ...     unit="share_difference", method="newcombe", confidence_level=0.95, n=200, cells=())
    >>> found = counterfactual_share(share=share, difference=difference)
    >>> round(found.low, 2), round(found.value, 2), round(found.high, 2)
    (0.28, 0.4, 0.52)
    """
    low, value, high = (
        min(max(share.value - end, 0.0), 1.0)
        for end in (difference.high, difference.value, difference.low)
    )
    return Estimate(
        measure="counterfactual_share",
        value=value,
        low=low,
        high=high,
        unit="share",
        method=difference.method,
        confidence_level=difference.confidence_level,
        n=difference.n,
        cells=(*share.cells, *difference.cells),
    )


def _per_outcome(
    budget: float, events: int, n: int, counterfactual: float, level: float, measure: str
) -> Estimate:
    _check(budget, events, n)
    if events == 0:
        raise CannotBeComputed("no_events", n=n)
    share_low, share_high = wilson_limits(events, n, level)
    shares = np.array([float(share_high), events / n, float(share_low)]) - counterfactual
    additional = shares * n
    low, value, high = (float(budget / a) if a > 0 else np.inf for a in additional)
    return Estimate(
        measure=measure,
        value=value,
        low=low,
        high=high,
        unit="sek",
        method="wilson",
        confidence_level=level,
        n=n,
        cells=(events, n - events),
    )


def _check(budget: float, events: int, n: int) -> None:
    if not budget > 0:
        raise ValueError("budget must be positive")
    if not 0 <= events <= n:
        raise ValueError("events must lie between 0 and n")
    if n == 0:
        raise CannotBeComputed("no_persons")
