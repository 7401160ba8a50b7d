"""What a result may not show whatever stands beside it: judged by its own counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evalkit.disclosure.rule import Rule, is_small
from evalkit.results import Coefficient, Estimate, NotEstimable, Regression, Withheld

_EXTREMES = frozenset({"minimum", "maximum", "range", "min_days", "max_days"})
_QUANTILES = frozenset({"median_days", "quantile_days", "median"})
_PAIR = 2
PROTECTED = "protected"
# Reasons that follow from what is asked, not from who is counted.
_KNOWN_REASONS = frozenset({"extreme", "too_few_for_model"})


def reason_to_withhold(estimate: Estimate, rule: Rule) -> str:
    """Why an estimate may not be shown, judged alone; empty when it may.

    ``small_count`` – a count behind it is small; ``extreme`` – the value of one person;
    ``few_on_one_side`` – a quantile with too few persons before or after it;
    ``small_group`` – fewer persons than the smallest group; ``uniform_group`` – all or
    none of a group on a sensitive attribute.
    """
    if estimate.measure in _EXTREMES:
        return "extreme"
    if estimate.measure in _QUANTILES and _few_on_one_side(estimate, rule):
        return "few_on_one_side"
    if any_small(estimate.cells, rule):
        return "small_count"
    if estimate.cells and estimate.n < rule.smallest_group:
        return "small_group"
    if estimate.measure in rule.sensitive and _is_uniform(estimate):
        return "uniform_group"
    return ""


def published_reason(reason: str) -> str:
    """What a reader is told: which of several withheld figures are the small ones, nobody is.

    That one is withheld for its own count and another only for the first one's sake would tell
    that the first is small.
    """
    return reason if reason in _KNOWN_REASONS else PROTECTED


def as_withheld(row: Estimate | NotEstimable | Withheld, reason: str) -> Withheld:
    """What stands where the estimate was; carries no number."""
    return Withheld(measure=row.measure, reason=reason, group=row.group)


def is_dominated(amounts: Sequence[float], rule: Rule) -> bool:
    """Whether a sum of money tells too much of its largest contributors.

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


def reason_of_regression(result: Regression, rule: Rule) -> str:
    """Why nothing of a regression may be shown; empty when it may.

    A saturated model is a table of means in disguise: it needs residual degrees of freedom,
    and many events and persons without one.
    """
    if result.residual_degrees_of_freedom < rule.smallest_residual_degrees_of_freedom:
        return "too_few_for_model"
    return "small_count" if any_small(result.cells, rule) else ""


def released_regression(
    result: Regression, rule: Rule, *, with_counts: bool
) -> tuple[Regression, int]:
    """The regression with coefficients that too few persons carry withheld; how many.

    A coefficient needs the threshold of persons in each of its cells that is not empty, the
    events among them included; the cells themselves are not shown, and how many the model
    rests on only ``with_counts``. A test has the model's own number, which is judged: another
    would tell how many have no known value.
    """
    tests = (test for test in result.tests if not any_small(test.cells, rule))
    shown = replace(
        result,
        coefficients=tuple(
            _coefficient(one, rule)
            for one in result.coefficients
            # What a level of few is called may point at them.
            if isinstance(one, Withheld) or not is_small(one.n, rule)
        ),
        tests=tuple(replace(test, n=result.n if with_counts else 0, cells=()) for test in tests),
        cells=(),
    )
    hidden = sum(isinstance(one, Withheld) for one in shown.coefficients)
    if with_counts:
        return shown, hidden
    return replace(shown, n=0, events=0, residual_degrees_of_freedom=0), hidden + 1


def any_small(counts: Sequence[int], rule: Rule) -> bool:
    """Whether one of the counts must be withheld."""
    return any(is_small(count, rule) for count in counts)


def _coefficient(
    coefficient: Coefficient | NotEstimable | Withheld, rule: Rule
) -> Coefficient | NotEstimable | Withheld:
    if isinstance(coefficient, Coefficient) and any_small(coefficient.cells, rule):
        return Withheld(measure=coefficient.name, reason=PROTECTED)
    if isinstance(coefficient, Coefficient):
        return replace(coefficient, n=0, cells=())
    return coefficient


def _few_on_one_side(estimate: Estimate, rule: Rule) -> bool:
    """Fewer than the threshold gone by the quantile, or not gone; unreached has no day."""
    sides = estimate.cells[:_PAIR]
    return estimate.value != float("inf") and any(count < rule.threshold for count in sides)


def _is_uniform(estimate: Estimate) -> bool:
    return len(estimate.cells) == _PAIR and 0 in estimate.cells and estimate.n > 0
