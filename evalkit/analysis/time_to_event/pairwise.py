"""Every group against every other, with p-values adjusted for how many pairs there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from evalkit.analysis.time_to_event.event_table import select_groups
from evalkit.analysis.time_to_event.logrank import Tables, aligned_strata, log_rank
from evalkit.analysis.time_to_event.logrank_weights import Weighting
from evalkit.results import TestResult

Adjustment = Literal["holm", "bonferroni", "benjamini-hochberg", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairwiseTest:
    """Two groups compared, with the p-value adjusted over all pairs."""

    first: str
    second: str
    test: TestResult
    adjusted_p_value: float
    adjustment: Adjustment


def pairwise_log_rank(
    table: Tables,
    *,
    causes: Sequence[str] | None = None,
    weighting: Weighting = "log-rank",
    adjustment: Adjustment = "holm",
) -> tuple[PairwiseTest, ...]:
    """A log-rank test of every pair of groups, adjusted for the number of pairs.

    Args:
        table: As `log_rank`.
        causes: As `log_rank`.
        weighting: As `log_rank`.
        adjustment: As `adjusted_p_values`.

    Raises:
        ValueError, CannotBeComputed: As `log_rank`, for the first pair that fails.

    >>> from evalkit.analysis.time_to_event.event_table import event_table
    >>> groups = ["a", "a", "b", "b", "c", "c"]
    >>> table = event_table([1, 2, 3, 4, 5, 6], [1] * 6, cause_names=["work"], groups=groups)
    >>> [(p.first, p.second) for p in pairwise_log_rank(table)]
    [('a', 'b'), ('a', 'c'), ('b', 'c')]
    """
    strata = aligned_strata(table)
    pairs = list(combinations(strata[0].groups, 2))
    tests = [
        log_rank([select_groups(s, pair) for s in strata], causes=causes, weighting=weighting)
        for pair in pairs
    ]
    adjusted = adjusted_p_values([test.p_value for test in tests], adjustment=adjustment)
    return tuple(
        PairwiseTest(
            first=first, second=second, test=test, adjusted_p_value=p, adjustment=adjustment
        )
        for (first, second), test, p in zip(pairs, tests, adjusted, strict=True)
    )


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
