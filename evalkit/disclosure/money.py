"""Sums of money made safe: no sum that a few contributors make up nearly alone."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.disclosure.estimates import as_withheld, reason_to_withhold
from evalkit.disclosure.rule import Rule
from evalkit.results import Estimate, Released, Withheld


def is_dominated(amounts: Sequence[float], rule: Rule) -> bool:
    """Whether a sum tells too much of its largest contributors.

    Two rules of thumb of official statistics (Hundepool et al. 2012, *Statistical
    Disclosure Control*, section 4.2.2): (n, k) – the ``dominance_persons`` largest make up
    at least ``dominance_share`` of the sum; p % – what remains when the two largest are
    taken away is less than ``dominance_percent`` of the largest, so that the second
    largest could work it out that closely.

    Args:
        amounts: One amount per person, none negative.
        rule: The project's disclosure profile.

    Raises:
        ValueError: For a negative amount.

    >>> from evalkit.disclosure.rule import rule_for
    >>> rule = rule_for("standard")
    >>> is_dominated([900, 50, 30, 10, 10], rule), is_dominated([10] * 12, rule)
    (True, False)
    """
    ordered = sorted(amounts, reverse=True)
    if ordered and ordered[-1] < 0:
        raise ValueError("amounts: expected none below 0")
    total = sum(ordered)
    if total == 0:
        return False
    largest = sum(ordered[: rule.dominance_persons])
    rest = sum(ordered[2:])
    by_few = largest >= rule.dominance_share * total
    return by_few or rest < rule.dominance_percent * ordered[0]


def release_amount(
    estimate: Estimate, rule: Rule, *, amounts: Sequence[float]
) -> Released[Estimate | Withheld]:
    """A sum or mean of money, withheld when few persons or a few large amounts are behind it."""
    reason = reason_to_withhold(estimate, rule)
    if not reason and 0 < len(amounts) < rule.threshold:
        reason = "small_count"
    if not reason and is_dominated(amounts, rule):
        reason = "dominated"
    result = as_withheld(estimate, reason) if reason else estimate
    return Released(result, int(bool(reason)), rule.name)
