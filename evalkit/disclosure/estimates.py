"""Estimates made safe: alone by the counts behind them, by group together with their total.

A share with its interval tells both its counts, so a withheld group of one whole follows
from the others and the total: their counts are linked tables, and the same optimiser and
the same auditor that protect count tables decide here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from evalkit.disclosure.groups import groups_to_withhold
from evalkit.disclosure.rule import Rule
from evalkit.results import Estimate, EstimateRow, NotEstimable, Withheld

_EXTREMES = frozenset({"minimum", "maximum", "range", "min_days", "max_days"})
_QUANTILES = frozenset({"median_days", "quantile_days", "median"})
_PAIR = 2


def reason_to_withhold(estimate: Estimate, rule: Rule) -> str:
    """Why an estimate may not be shown, judged alone; empty when it may.

    ``small_count`` – a count behind it is small; ``extreme`` – the value of one person;
    ``few_on_one_side`` – a quantile with too few persons before or after it;
    ``small_group`` – fewer persons than the smallest group; ``uniform_group`` – all or
    none of a group on a sensitive attribute. Estimates from protected counts have no
    cells: no true count can be worked out from them.
    """
    if estimate.measure in _EXTREMES:
        return "extreme"
    if estimate.measure in _QUANTILES and _few_on_one_side(estimate, rule):
        return "few_on_one_side"
    if any(0 < count < rule.threshold for count in estimate.cells):
        return "small_count"
    if estimate.cells and estimate.n < rule.smallest_group:
        return "small_group"
    if estimate.measure in rule.sensitive and _is_uniform(estimate):
        return "uniform_group"
    return ""


def as_withheld(row: Estimate | NotEstimable | Withheld, reason: str) -> Withheld:
    """What stands where the estimate was; carries no number."""
    return Withheld(measure=row.measure, reason=reason, group=row.group)


def release_rows(
    rows: Sequence[EstimateRow], rule: Rule, *, telling: Collection[int] = ()
) -> tuple[tuple[EstimateRow, ...], int]:
    """Rows that may be shown, and the others withheld; their number.

    Rows with a group are taken as parts of one whole, whose total is the row without a
    group if there is exactly one, and else is taken as known from elsewhere. Rows at the
    positions ``telling`` would give a few persons away beside other figures of the report.
    """
    reasons = [_reason_alone(row, rule) for row in rows]
    for position in telling:
        reasons[position] = reasons[position] or "complement"
    hidden = {position for position, reason in enumerate(reasons) if reason}
    for position in groups_to_withhold(rows, hidden, rule):
        reasons[position] = reasons[position] or "complement"
    released = tuple(
        as_withheld(row, reason) if reason else row
        for row, reason in zip(rows, reasons, strict=True)
    )
    return released, sum(isinstance(row, Withheld) for row in released)


def _reason_alone(row: EstimateRow, rule: Rule) -> str:
    if isinstance(row, Withheld):
        return row.reason
    if isinstance(row, NotEstimable):
        return "small_count" if 0 < row.n < rule.threshold else ""
    return reason_to_withhold(row, rule)


def _few_on_one_side(estimate: Estimate, rule: Rule) -> bool:
    """Fewer than the threshold gone by the quantile, or not gone; unreached has no day."""
    sides = estimate.cells[:_PAIR]
    return estimate.value != float("inf") and any(count < rule.threshold for count in sides)


def _is_uniform(estimate: Estimate) -> bool:
    return len(estimate.cells) == _PAIR and 0 in estimate.cells and estimate.n > 0
