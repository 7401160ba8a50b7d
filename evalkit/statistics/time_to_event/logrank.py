"""Whether groups leave at different speed: log-rank and its weighted kin, strata, trend.

Several tables are strata: groups are compared within each, and the comparisons added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import gammaincc

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, EventTable, TestResult
from evalkit.statistics.time_to_event.event_table import (
    at_risk,
    require_table,
    select_causes,
    select_groups,
)

SMALLEST_VARIANCE = 1e-12  # below is rounding: no day had two groups to compare

Tables = EventTable | Sequence[EventTable]
TieVariance = Literal["hypergeometric", "breslow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRankScores:
    """Weighted events observed and expected per group, and the variance of the difference."""

    groups: tuple[str, ...]
    observed: np.ndarray
    expected: np.ndarray
    variance: np.ndarray
    persons: np.ndarray
    events: np.ndarray


def log_rank(
    table: Tables,
    *,
    causes: Sequence[str] | None = None,
    weighting: Weighting = "log-rank",
    rho: float = 0.0,
    gamma: float = 0.0,
    ties: TieVariance = "hypergeometric",
) -> TestResult:
    """Test that people leave at the same speed in all groups.

    Mantel (1966), Peto & Peto (1972): observed less expected events over days, with the
    hypergeometric variance; (O − E)' V⁻¹ (O − E) is χ² with groups − 1 degrees of freedom.
    Delayed entries are at risk from the day after their entry.

    Args:
        table: Counts per group and day; several tables are strata, see `tables_by_stratum`.
        causes: Ways to leave that are the event; ``None``: any.
        weighting: How days count: ``log-rank`` alike; ``gehan`` by n (Gehan–Wilcoxon);
            ``tarone-ware`` by √n; ``peto-peto`` by the Peto–Peto survival; ``peto-prentice``
            by S(t−) (R's ``rho = 1``); ``fleming-harrington`` by S(t−)^rho (1 − S(t−))^gamma.
        rho: First exponent of Fleming–Harrington.
        gamma: Second exponent of Fleming–Harrington.
        ties: Variance on days with several events; ``breslow`` is the score test of a Cox
            model with Breslow's ties.

    Raises:
        ValueError: For an unknown cause or weighting, or strata with different causes.
        CannotBeComputed: ``one_group`` when fewer than two groups are ever at risk,
            ``no_events``, ``no_comparison`` when no day has two groups at risk.

    Edge cases: a group that is never at risk on a day with events is left out, as in R.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> groups = ["a", "a", "a", "b", "b", "b"]
    >>> table = event_table([1, 2, 3, 4, 5, 6], [1] * 6, cause_names=["work"], groups=groups)
    >>> round(log_rank(table).p_value, 4)
    0.0246
    """
    check_option("weighting", weighting, Weighting)
    check_option("ties", ties, TieVariance)
    scores = log_rank_scores(
        table, causes=causes, weighting=weighting, rho=rho, gamma=gamma, ties=ties
    )
    kept = np.flatnonzero(scores.expected > 0)
    if len(kept) < 2:
        raise CannotBeComputed("one_group")
    difference = (scores.observed - scores.expected)[kept]
    variance = scores.variance[np.ix_(kept, kept)]
    statistic = chi_square(difference[:-1], variance[:-1, :-1])
    freedom = len(kept) - 1
    return _result(
        weighting, statistic, freedom, float(gammaincc(freedom / 2, statistic / 2)), scores
    )


def log_rank_scores(
    table: Tables,
    *,
    causes: Sequence[str] | None = None,
    weighting: Weighting = "log-rank",
    rho: float = 0.0,
    gamma: float = 0.0,
    ties: TieVariance = "hypergeometric",
) -> LogRankScores:
    """Observed and expected per group with their variance, summed over strata.

    Arguments and errors as `log_rank`; raises ``no_events`` when nobody leaves.
    """
    check_option("weighting", weighting, Weighting)
    check_option("ties", ties, TieVariance)
    strata = aligned_strata(table)
    if causes is not None:
        strata = tuple(select_causes(stratum, causes) for stratum in strata)
    parts = []
    for stratum in strata:
        n, d = at_risk(stratum).astype(float), stratum.left.sum(axis=2).astype(float)
        happens = d.sum(axis=0) > 0
        weights = time_weights(n, d, weighting, rho=rho, gamma=gamma)
        parts.append(_stratum_scores(n[:, happens], d[:, happens], weights[happens], ties))
    observed, expected, variance = (np.sum(p, axis=0) for p in zip(*parts, strict=True))
    events = np.sum([s.left.sum(axis=(1, 2)) for s in strata], axis=0)
    persons = np.sum([s.persons for s in strata], axis=0)
    if not events.sum():
        raise CannotBeComputed("no_events", n=int(persons.sum()))
    return LogRankScores(
        groups=strata[0].groups,
        observed=observed,
        expected=expected,
        variance=variance,
        persons=persons,
        events=events,
    )


def _stratum_scores(
    n: np.ndarray, d: np.ndarray, weights: np.ndarray, ties: TieVariance
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mantel's sums over the days with events of one stratum."""
    total, events = n.sum(axis=0), d.sum(axis=0)
    share = n / total
    factor = weights**2 * events
    if ties == "hypergeometric":
        factor = factor * np.where(
            total > 1, (total - events) / np.where(total > 1, total - 1, 1), 0
        )
    observed = (weights * d).sum(axis=1)
    expected = (weights * events * share).sum(axis=1)
    variance = np.diag((factor * share).sum(axis=1)) - (factor * share) @ share.T
    return observed, expected, variance


def aligned_strata(table: Tables) -> tuple[EventTable, ...]:
    """One table or several as strata with the same groups in the same order.

    Raises:
        ValueError: Without a table, or when ways to leave or groups differ.
        TypeError: For anything but event tables.
    """
    strata = tuple(table) if isinstance(table, list | tuple) else (table,)
    for stratum in strata:
        require_table(stratum)
    if not strata:
        raise ValueError("table: expected at least one stratum")
    first = strata[0]
    for stratum in strata[1:]:
        if stratum.causes != first.causes or set(stratum.groups) != set(first.groups):
            raise ValueError("table: strata must have the same causes and the same groups")
    return tuple(s if s.groups == first.groups else select_groups(s, first.groups) for s in strata)


def chi_square(difference: np.ndarray, variance: np.ndarray) -> float:
    """Quadratic form (O − E)' V⁻¹ (O − E).

    Raises:
        CannotBeComputed: ``no_comparison`` when the variance is singular.
    """
    spread = np.diag(variance)
    if not (spread > SMALLEST_VARIANCE).all():
        raise CannotBeComputed("no_comparison")
    scale = np.sqrt(spread)
    correlation = variance / np.outer(scale, scale)
    if np.linalg.cond(correlation) > 1e12:
        raise CannotBeComputed("no_comparison")
    standard = difference / scale
    return float(standard @ np.linalg.solve(correlation, standard))


def _result(
    name: str, statistic: float, freedom: int, p_value: float, scores: LogRankScores
) -> TestResult:
    counts = (*scores.events, *(scores.persons - scores.events))
    return TestResult(
        name=name,
        statistic=statistic,
        degrees_of_freedom=freedom,
        p_value=p_value,
        n=int(scores.persons.sum()),
        cells=tuple(round(float(c)) for c in counts),
    )


Weighting = Literal[
    "log-rank", "gehan", "tarone-ware", "peto-peto", "peto-prentice", "fleming-harrington"
]


def time_weights(
    n: np.ndarray, d: np.ndarray, weighting: Weighting, *, rho: float, gamma: float
) -> np.ndarray:
    """One weight per time from the pooled counts of ``n`` at risk and ``d`` leaving, (G, T).

    Raises:
        ValueError: For an unknown weighting.
    """
    check_option("weighting", weighting, Weighting)
    total: np.ndarray = n.sum(axis=0)
    events: np.ndarray = d.sum(axis=0)
    if weighting == "log-rank":
        return np.ones_like(total)
    if weighting == "gehan":
        return total
    if weighting == "tarone-ware":
        root: np.ndarray = np.sqrt(total)
        return root
    if weighting == "peto-peto":
        # Peto & Peto's own survival estimate, with one person more at risk, on the day.
        return np.cumprod(1 - events / (total + 1))
    somebody = np.where(total > 0, total, 1)
    survival = np.cumprod((somebody - events) / somebody)
    before = np.concatenate([[1.0], survival[:-1]])
    if weighting == "peto-prentice":
        return before
    powers: np.ndarray = before**rho * (1 - before) ** gamma
    return powers
