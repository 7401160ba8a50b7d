"""Comparisons of persons made safe: counts rounded to midpoints, few persons withheld.

Those compared are nearly all participants: an exact number of them, beside the number of
participants elsewhere in the report, would tell how few were left out, and a mean of each
group would tell of whom. So every count is rounded to the midpoint of its interval, shares
are those of the rounded counts, and no figure is one person's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evalkit.disclosure.alone import reason_to_withhold
from evalkit.disclosure.rule import Rule
from evalkit.results import (
    AdjustedComparison,
    Balance,
    BalanceRow,
    Estimate,
    EstimateRow,
    EValue,
    GroupFlow,
    GroupStep,
    Overlap,
    Withheld,
    WithheldBalance,
)

_SHARE_CELLS = 4


def midpoint(counts: np.ndarray, base: int) -> np.ndarray:
    """Counts rounded to the midpoint of their interval of ``base`` counts; 0 stays 0.

    >>> midpoint(np.array([0, 1, 6, 7]), base=6)
    array([0., 3., 3., 9.])
    """
    intervals = np.ceil(np.asarray(counts, dtype=float) / base)
    return np.where(intervals > 0, intervals * base - base // 2, 0.0)


def protect_counts(counts: Sequence[float], rule: Rule) -> tuple[int, ...]:
    """Counts rounded to the midpoints of the rule's base; 0 stays 0.

    >>> from evalkit.disclosure.rule import rule_for
    >>> protect_counts([0, 4, 11, 120], rule_for("standard"))
    (0, 3, 9, 117)
    """
    return tuple(int(count) for count in midpoint(np.asarray(counts), rule.midpoint_base))


def protect_shares(
    counts: tuple[int, int, int, int], members: tuple[int, int], rule: Rule
) -> tuple[int, int, int, int]:
    """With the outcome and all, participants first, so rounded that no true count follows.

    All persons of a group are known from elsewhere. So those left out are rounded and taken
    from them: rounding those compared could tell that at most one was left out.

    >>> from evalkit.disclosure.rule import rule_for
    >>> protect_shares((61, 200, 88, 310), (203, 310), rule_for("standard"))
    (63, 200, 87, 310)
    """
    k1, n1, k0, n0 = counts
    size_1 = compared_size(n1, of=members[0], rule=rule)
    size_0 = compared_size(n0, of=members[1], rule=rule)
    with_1, with_0 = protect_counts([k1, k0], rule)
    return (
        size_1 if k1 == n1 else min(with_1, size_1),
        size_1,
        size_0 if k0 == n0 else min(with_0, size_0),
        size_0,
    )


def compared_size(n: int, *, of: int, rule: Rule) -> int:
    """Persons compared of all in their group, those left out rounded; exact if nobody was."""
    (left_out,) = protect_counts([of - n], rule)
    return max(of - left_out, 0)


def release_comparison(
    result: AdjustedComparison, rule: Rule
) -> tuple[AdjustedComparison | Withheld, int]:
    """The differences, with rounded numbers of persons, or nothing of them.

    Every method rests on the same persons: with few on any side of the outcome in either
    group each row would help to tell them, so all are withheld together. Shares and the
    unadjusted difference must have been computed from counts that `protect_counts` rounded.

    Raises:
        UnprotectedComparisonError: If they were computed from exact counts.
    """
    exact = (result.cells[0], result.n_treated, result.cells[2], result.n_control)
    k1, n1, k0, n0 = protect_shares(exact, result.members, rule)
    rounded = (k1, n1 - k1, k0, n0 - k0)
    reason = _reason(result, rounded, rule)
    if reason:
        return Withheld(measure=result.main, reason=reason), 1
    unadjusted = result.differences[0]
    counted = [row.cells for row in result.shares]
    if getattr(unadjusted, "cells", ()) != rounded or counted != [rounded[:2], rounded[2:]]:
        raise UnprotectedComparisonError
    (n_pairs,) = protect_counts([result.n_pairs], rule)
    safe = replace(
        result,
        differences=tuple(_of_rounded(row, n1 + n0) for row in result.differences),
        ratio=_of_rounded(result.ratio, n1 + n0),
        n_pairs=n_pairs,
        n_treated=n1,
        n_control=n0,
        cells=rounded,
    )
    return safe, 0


class UnprotectedComparisonError(ValueError):
    """Shares from exact counts at the door: their counts must be rounded first."""

    def __init__(self) -> None:
        super().__init__("the shares were computed from exact counts; protect the counts first")


def release_e_value(result: EValue, rule: Rule) -> tuple[EValue | Withheld, int]:
    """The E-value of a ratio that may be shown."""
    reason = reason_to_withhold(result.ratio, rule)
    if reason:
        return Withheld(measure="e_value", reason=reason), 1
    return result, 0


def release_balance(result: Balance, rule: Rule) -> tuple[Balance, int]:
    """Each row from rounded counts; rows of few persons and what would tell them withheld.

    A difference in standard deviations tells the two shares it was made from, so rows are
    shown whole or not at all. Where one level of a confounder is withheld and one other is
    left, that follows from the rest: then both are.
    """
    treated, control = _sizes(result, rule)
    rows = [_balance_row(row, treated, control, rule) for row in result.rows]
    for column in {row.column for row in rows}:
        own = [i for i, row in enumerate(rows) if row.column == column and row.level]
        hidden = [i for i in own if isinstance(rows[i], WithheldBalance)]
        left = [i for i in own if i not in hidden]
        if hidden and len(left) == 1:
            rows[left[0]] = _withheld(rows[left[0]], "complement")
    withheld = sum(isinstance(row, WithheldBalance) for row in rows)
    return replace(result, rows=tuple(rows), n_treated=treated, n_control=control), withheld


def release_overlap(result: Overlap, rule: Rule) -> tuple[Overlap, int]:
    """Classes from rounded counts, small ones withheld; no person's own weight."""
    treated, control = (_classes(own, rule) for own in (result.treated, result.control))
    (outside,) = _classes([result.outside], rule)
    n_treated, n_control = _sizes(result, rule)
    hidden = [*treated, *control, outside].count(None)
    safe = replace(
        result,
        treated=treated,
        control=control,
        outside=outside,
        effective_treated=_effective(result.effective_treated, result.n_treated, n_treated, rule),
        effective_control=_effective(result.effective_control, result.n_control, n_control, rule),
        largest_weight=None,
        n_treated=n_treated,
        n_control=n_control,
    )
    return safe, hidden


def release_flow(result: GroupFlow, rule: Rule) -> tuple[GroupFlow, int]:
    """Persons of both groups step by step, rounded after the first; few withheld.

    How many there are in all stands in every report and is exact here, too.
    """
    first, *left_out, last = result.steps
    steps = (
        GroupStep(
            step=first.step,
            treated=_unless_small(first.treated, rule),
            control=_unless_small(first.control, rule),
        ),
        *(_rounded_step(step, rule) for step in left_out),
        GroupStep(
            step=last.step,
            treated=_compared(last.treated, first.treated, rule),
            control=_compared(last.control, first.control, rule),
        ),
    )
    hidden = sum((step.treated is None) + (step.control is None) for step in steps)
    return GroupFlow(steps=steps), hidden


def _sizes(result: Balance | Overlap, rule: Rule) -> tuple[int, int]:
    treated, control = result.members
    return (
        compared_size(result.n_treated, of=treated, rule=rule),
        compared_size(result.n_control, of=control, rule=rule),
    )


def _effective(effective: float, n: int, shown: int, rule: Rule) -> float:
    """Rounded; with weights of one it is the number of persons, so shown as that is."""
    if round(effective) >= n:
        return float(shown)
    return float(min(protect_counts([effective], rule)[0], shown))


def _unless_small(count: int | None, rule: Rule) -> int | None:
    return None if count is None or 0 < count < rule.threshold else count


def _compared(n: int | None, of: int | None, rule: Rule) -> int | None:
    """Those compared of all; withheld where either is small."""
    if n is None or of is None or _unless_small(of, rule) is None:
        return None
    shown = compared_size(n, of=of, rule=rule)
    return None if _unless_small(n, rule) is None else _unless_small(shown, rule)


def _rounded_step(step: GroupStep, rule: Rule) -> GroupStep:
    treated, control = _classes([step.treated, step.control], rule)
    return GroupStep(step=step.step, treated=treated, control=control)


def _reason(result: AdjustedComparison, rounded: Sequence[int], rule: Rule) -> str:
    if any(0 < count < rule.threshold for count in (*result.cells, *rounded)):
        return "small_count"
    if min(result.n_treated, result.n_control) < rule.smallest_group:
        return "small_group"
    sides = (result.cells[:2], result.cells[2:])
    if "share" in rule.sensitive and any(0 in side for side in sides):
        return "uniform_group"
    return ""


def _of_rounded(row: EstimateRow, n: int) -> EstimateRow:
    """The row with the rounded number of persons; no true count can be worked out from it."""
    if isinstance(row, Estimate):
        return replace(row, n=n, cells=())
    return row if isinstance(row, Withheld) else replace(row, n=n)


def _balance_row(
    row: BalanceRow | WithheldBalance, n_treated: int, n_control: int, rule: Rule
) -> BalanceRow | WithheldBalance:
    if isinstance(row, WithheldBalance):
        return row
    if None in _classes(row.cells, rule):
        return _withheld(row, "small_count")
    if len(row.cells) != _SHARE_CELLS:
        few = min(row.cells) < rule.smallest_group
        return _withheld(row, "small_group") if few else replace(row, cells=())
    if row.column in rule.sensitive and 0 in row.cells:
        return _withheld(row, "uniform_group")
    with_treated, _, with_control, _ = protect_counts(row.cells, rule)
    one, zero = min(with_treated / n_treated, 1.0), min(with_control / n_control, 1.0)
    spread = ((one * (1 - one) + zero * (1 - zero)) / 2) ** 0.5
    weighted = min(max(one + row.weighted_treated - row.mean_treated, 0.0), 1.0)
    return replace(
        row,
        mean_treated=one,
        mean_control=zero,
        weighted_treated=weighted,
        weighted_control=weighted - (row.weighted_treated - row.weighted_control),
        spread=spread or row.spread,
        cells=protect_counts(row.cells, rule),
    )


def _withheld(row: BalanceRow | WithheldBalance, reason: str) -> WithheldBalance:
    return WithheldBalance(column=row.column, level=row.level, reason=reason)


def _classes(counts: Sequence[int | None], rule: Rule) -> tuple[int | None, ...]:
    """Rounded counts; ``None`` where the count or what it is rounded to is small."""
    rounded = [0 if count is None else protect_counts([count], rule)[0] for count in counts]
    return tuple(
        None if count is None or 0 < min(count, shown) < rule.threshold else shown
        for count, shown in zip(counts, rounded, strict=True)
    )
