"""What can be computed from a claim: feasible counts, Wilson intervals, grades, differences.

The functions of `statistics` do the counting; this module asks them and keeps no numbers.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from evalkit.reading.claim import Claim

_SEARCHED = 400
_SMALLEST_SHOWN = 5


def counts_of(claim: Claim) -> tuple[tuple[int, int], ...]:
    """Every (k, n) that is printed as the claim's percentage, with n as the text has it."""
    n = claim.n[-1] if claim.n else None
    percentage, decimals = claim.percentage, claim.decimals
    if n is None or n < 1 or percentage is None or decimals is None or percentage > 100:
        return ()
    return _feasible(percentage, decimals, n, n)


@lru_cache(maxsize=512)
def _feasible(
    percentage: float, decimals: int, smallest: int, largest: int
) -> tuple[tuple[int, int], ...]:
    from evalkit.statistics.shares.claims import feasible_counts  # pandas takes half a second

    found = feasible_counts(
        percentage=percentage, decimals=decimals, smallest_n=smallest, largest_n=largest
    )
    return found.counts


def can_be_right(k: int, n: int, percentage: float, decimals: int) -> bool:
    """Whether k of n can be printed as a percentage, ties up."""
    if not 0 <= k <= n or n < 1 or not 0 <= percentage <= 100:
        return False
    if round(percentage, decimals) != percentage:
        return False  # two thirds: told with no decimals of its own
    return (k, n) in _feasible(percentage, decimals, n, n)


def fits(claim: Claim, k: float, n: float) -> bool:
    """Whether a percentage told can be that of k of n."""
    return can_be_right(int(k), int(n), claim.percentage or 0.0, claim.decimals or 0)


def interval(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95 per cent interval in per cent."""
    from evalkit.statistics.shares.proportions import wilson_limits  # as above

    low, high = wilson_limits(k, n, 0.95)
    return 100 * float(low), 100 * float(high)


def goal_is_within(counts: tuple[tuple[int, int], ...], goal: float) -> bool:
    """Whether the interval of every feasible count holds the goal."""
    limits = [interval(k, n) for k, n in counts]
    return all(low <= goal <= high for low, high in limits)


def verdict_of(claim: Claim) -> dict[str, Any] | None:
    """Counts, shares, intervals and grades as far as the text allows; None where nothing is."""
    if claim.unit == "persons" and claim.kind == "share" and claim.n and claim.n[-1]:
        return _of_count(int(claim.value), int(claim.n[-1]), claim)
    percentage, decimals = claim.percentage, claim.decimals
    if (
        percentage is None
        or decimals is None
        or claim.hedge
        or claim.whole_register
        or percentage > 100
    ):
        return None
    if (
        claim.kind in ("change", "target", "other", "area_level")
        or claim.is_difference
        or claim.is_change
        or claim.form == "range"
    ):
        return None
    if claim.n and claim.n[-1] is not None:
        return _with_n(claim, percentage, decimals) if claim.n_is_sure else None
    return _without_n(percentage, decimals)


def _of_count(k: int, n: int, claim: Claim) -> dict[str, Any] | None:
    if not 0 <= k <= n or not n or claim.hedge or claim.n_is_hedged:
        return None
    low, high = interval(k, n)
    return {
        "counts": [[k, n]],
        "share_range": [round(100 * k / n, 1)] * 2,
        "interval_range": [round(low, 1), round(high, 1)],
    }


def _with_n(claim: Claim, percentage: float, decimals: int) -> dict[str, Any]:
    counts = counts_of(claim)
    found: dict[str, Any] = {
        "percentage": percentage, "decimals": decimals, "n": claim.n[-1],
        "counts": [list(pair) for pair in counts], "impossible": not counts,
    }  # fmt: skip
    if counts:
        limits = [interval(k, n) for k, n in counts]
        shares = [round(100 * k / n, 1) for k, n in counts]
        found["interval_range"] = [
            round(min(low for low, _ in limits), 1),
            round(max(high for _, high in limits), 1),
        ]
        found["share_range"] = [min(shares), max(shares)]
        if claim.goal is not None:
            found["grades"] = _grades(counts, claim.goal.q.values[-1])
    return found


def _grades(counts: tuple[tuple[int, int], ...], goal: float) -> list[str]:
    from evalkit.statistics.shares.targets import grade_of  # scipy takes long to load

    graded = (grade_of(100 * k / n, *interval(k, n), goal) for k, n in counts)
    return sorted(set(graded))


def _without_n(percentage: float, decimals: int) -> dict[str, Any]:
    counts = _feasible(percentage, decimals, 1, _SEARCHED)
    totals = sorted({n for _, n in counts})
    if not totals:
        return {"percentage": percentage, "decimals": decimals, "smallest_n": [], "possible_n": 0}
    ends = {n: [interval(k, m) for k, m in counts if m == n] for n in (totals[0], totals[-1])}
    return {
        "percentage": percentage, "decimals": decimals, "smallest_n": totals[:_SMALLEST_SHOWN],
        "possible_n": len(totals), "interval_at_smallest": _hull(ends[totals[0]]),
        "interval_at_largest": _hull(ends[totals[-1]]),
    }  # fmt: skip


def _hull(limits: list[tuple[float, float]]) -> list[float]:
    return [round(min(low for low, _ in limits), 1), round(max(high for _, high in limits), 1)]
