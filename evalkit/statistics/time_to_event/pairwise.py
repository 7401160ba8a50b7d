"""Every group against every other, with p-values adjusted for how many pairs there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from evalkit.results import CannotBeComputed, EventTable, NotEstimable, TestResult
from evalkit.statistics.time_to_event.event_table import select_groups
from evalkit.statistics.time_to_event.logrank import Tables, aligned_strata, log_rank
from evalkit.statistics.time_to_event.logrank_weights import Weighting

Adjustment = Literal["holm", "bonferroni", "benjamini-hochberg", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairwiseTest:
    """Two groups compared, with the p-value adjusted over all pairs that can be.

    A pair that cannot be compared has a `NotEstimable` and no p-value; the others stand.
    """

    first: str
    second: str
    test: TestResult | NotEstimable
    adjusted_p_value: float | None
    adjustment: Adjustment


def pairwise_log_rank(
    table: Tables,
    *,
    causes: Sequence[str] | None = None,
    weighting: Weighting = "log-rank",
    adjustment: Adjustment = "holm",
) -> tuple[PairwiseTest, ...]:
    """A log-rank test of every pair of groups, adjusted for the number of tests made.

    Args:
        table: As `log_rank`.
        causes: As `log_rank`.
        weighting: As `log_rank`.
        adjustment: As `adjusted_p_values`.

    Raises:
        ValueError: As `log_rank`.

    Edge cases: where nobody left in two groups, or one is never at risk, that pair is
    `NotEstimable` with the reason.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> groups = ["a", "a", "b", "b", "c", "c"]
    >>> table = event_table([1, 2, 3, 4, 5, 6], [1] * 6, cause_names=["work"], groups=groups)
    >>> [(p.first, p.second) for p in pairwise_log_rank(table)]
    [('a', 'b'), ('a', 'c'), ('b', 'c')]
    """
    strata = aligned_strata(table)
    pairs = list(combinations(strata[0].groups, 2))
    tests = [
        _tested([select_groups(s, pair) for s in strata], causes=causes, weighting=weighting)
        for pair in pairs
    ]
    made = [test.p_value for test in tests if isinstance(test, TestResult)]
    adjusted = iter(adjusted_p_values(made, adjustment=adjustment))
    return tuple(
        PairwiseTest(
            first=first,
            second=second,
            test=test,
            adjusted_p_value=next(adjusted) if isinstance(test, TestResult) else None,
            adjustment=adjustment,
        )
        for (first, second), test in zip(pairs, tests, strict=True)
    )


def _tested(
    strata: Sequence[EventTable], *, causes: Sequence[str] | None, weighting: Weighting
) -> TestResult | NotEstimable:
    try:
        return log_rank(strata, causes=causes, weighting=weighting)
    except CannotBeComputed as error:
        n = sum(int(stratum.persons.sum()) for stratum in strata)
        return NotEstimable(measure=weighting, reason=error.reason, n=n)


def adjusted_p_values(
    p_values: Sequence[float], *, adjustment: Adjustment = "holm"
) -> tuple[float, ...]:
    """p-values adjusted for their number, in the order given.

    Holm (1979) and Bonferroni bound the chance of any false finding; Benjamini & Hochberg
    (1995) the expected share of false findings.

    Raises:
        ValueError: For a p-value outside 0–1 or an unknown adjustment.

    >>> adjusted_p_values([0.01, 0.04, 0.03])
    (0.03, 0.06, 0.06)
    """
    p = np.asarray(p_values, dtype=float)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("p_values: expected numbers from 0 to 1")
    m, order = len(p), np.argsort(p, kind="stable")
    ranks = np.arange(m)
    if adjustment == "none":
        found = p[order]
    elif adjustment == "bonferroni":
        found = p[order] * m
    elif adjustment == "holm":
        found = np.maximum.accumulate(p[order] * (m - ranks))
    elif adjustment == "benjamini-hochberg":
        found = np.minimum.accumulate((p[order] * m / (ranks + 1))[::-1])[::-1]
    else:
        raise ValueError(f"adjustment: unknown name {adjustment!r}")
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(found, 1.0)
    return tuple(float(value) for value in adjusted)
