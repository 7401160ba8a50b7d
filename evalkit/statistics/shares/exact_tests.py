"""Exact tests of two independent shares being equal: Fisher, Barnard and Boschloo.

Equal statistics must count as equal: each ordering is compared with a tolerance, for scipy
loses such ties to rounding in Barnard's test and its p-value then changes with the order of
the columns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from evalkit.results import TestResult
from evalkit.statistics.shares.share_counts import FloatArray
from evalkit.statistics.shares.two_groups import Counts, cells_of, two_groups

Alternative = Literal["two-sided", "greater", "less"]

RELATIVE_TIE = 1e-7  # R's fisher.test; far above rounding, far below any real difference
NUISANCE_STEPS = 1000
NUISANCE_ZOOMS = 6


def _exact_result(name: str, statistic: float, p_value: float, counts: Counts) -> TestResult:
    return TestResult(
        name=name,
        statistic=statistic,
        degrees_of_freedom=0,
        p_value=min(1.0, max(0.0, p_value)),
        n=counts[1] + counts[3],
        cells=cells_of(counts),
    )


def _support(n1: int, n2: int, events: int) -> npt.NDArray[np.int64]:
    return np.arange(max(0, events - n2), min(events, n1) + 1)


def _margin_probabilities(n1: int, n2: int, events: int) -> FloatArray:
    """Hypergeometric probabilities of the first group's events, the margins given."""
    support = _support(n1, n2, events)
    return np.asarray(stats.hypergeom.pmf(support, n1 + n2, events, n1))


def _fisher_p_values(probabilities: FloatArray, alternative: Alternative) -> FloatArray:
    """Fisher's p-value of every table with the same margins.

    Two-sided adds the tables no likelier than the observed one (R's definition).
    """
    if alternative == "less":
        return np.cumsum(probabilities)
    if alternative == "greater":
        return np.cumsum(probabilities[::-1])[::-1]
    ascending = np.sort(probabilities)
    sums = np.cumsum(ascending)
    positions = np.searchsorted(ascending, probabilities * (1 + RELATIVE_TIE), side="right")
    return np.asarray(sums[positions - 1])


def fisher(
    *, events_1: int, n_1: int, events_2: int, n_2: int, alternative: Alternative = "two-sided"
) -> TestResult:
    """Fisher's exact test of equal shares (Fisher 1935), both margins taken as given.

    Args:
        events_1: Persons with the event in the first group.
        n_1: Persons in the first group.
        events_2: Persons with the event in the second group.
        n_2: Persons in the second group.
        alternative: ``greater`` tests whether the first share is larger. Two-sided adds the
            tables no likelier than the observed one, as R's ``fisher.test``.

    Returns:
        TestResult with ``events_1`` as statistic and no degrees of freedom.

    Raises:
        ValueError: If a count is negative or fractional, or events exceed n.
        CannotBeComputed: ``no_persons`` when a group is empty.

    Edge cases: nobody or everybody with the event gives p = 1.

    >>> round(fisher(events_1=56, n_1=70, events_2=48, n_2=80).p_value, 4)
    0.0125
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    k1, n1, k2, n2 = counts
    p_values = _fisher_p_values(_margin_probabilities(n1, n2, k1 + k2), alternative)
    p_value = p_values[k1 - max(0, k1 + k2 - n2)]
    return _exact_result(f"fisher_{alternative}", k1, float(p_value), counts)


def fisher_mid_p(*, events_1: int, n_1: int, events_2: int, n_2: int) -> TestResult:
    """Fisher's two-sided test with mid-p: tables as likely as the observed count half.

    Less conservative than `fisher` (Lancaster 1961). Arguments and errors as there; nobody
    or everybody with the event gives ½.

    >>> round(fisher_mid_p(events_1=56, n_1=70, events_2=48, n_2=80).p_value, 4)
    0.0104
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    k1, n1, k2, n2 = counts
    probabilities = _margin_probabilities(n1, n2, k1 + k2)
    observed = probabilities[k1 - max(0, k1 + k2 - n2)]
    ties = np.isclose(probabilities, observed, rtol=RELATIVE_TIE, atol=0)
    rarer = (probabilities < observed) & ~ties
    p_value = probabilities[rarer].sum() + probabilities[ties].sum() / 2
    return _exact_result("fisher_mid_p", k1, float(p_value), counts)


def _largest_probability(rejected: npt.NDArray[np.bool_], n1: int, n2: int) -> float:
    """Probability of the rejected tables, largest over the common share both groups have.

    A grid over the nuisance share, then finer grids around the best point: the probability
    is a polynomial with few peaks, each far wider than a step.
    """
    x1, x2 = np.arange(n1 + 1), np.arange(n2 + 1)
    region = rejected.astype(float)

    def probability(shares: FloatArray) -> FloatArray:
        first = stats.binom.pmf(x1, n1, shares[:, None])
        second = stats.binom.pmf(x2, n2, shares[:, None])
        return np.asarray(((first @ region) * second).sum(axis=1))

    low, high = 0.0, 1.0
    best = 0.0
    for _ in range(NUISANCE_ZOOMS):
        shares = np.linspace(low, high, NUISANCE_STEPS + 1)
        values = probability(shares)
        peak, step = shares[np.argmax(values)], shares[1] - shares[0]
        best = max(best, float(values.max()))
        low, high = max(0.0, peak - step), min(1.0, peak + step)
    return best


def _pooled_z_of_all_tables(n1: int, n2: int) -> FloatArray:
    """The pooled z of every table, events of the first group in rows; 0 without variation."""
    x1, x2 = np.arange(n1 + 1)[:, None], np.arange(n2 + 1)[None, :]
    pooled = (x1 + x2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    difference = x1 / n1 - x2 / n2
    return np.asarray(difference / np.sqrt(np.where(variance > 0, variance, 1)))


def barnard(
    *, events_1: int, n_1: int, events_2: int, n_2: int, alternative: Alternative = "two-sided"
) -> TestResult:
    """Barnard's (1945) unconditional exact test, tables ordered by the pooled z.

    The p-value is the largest probability, over the common share, of a table at least as
    extreme. Arguments and errors as in `fisher`; the statistic is the pooled z.

    >>> round(barnard(events_1=7, n_1=15, events_2=12, n_2=15).p_value, 4)
    0.0682
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    k1, n1, k2, n2 = counts
    z = _pooled_z_of_all_tables(n1, n2)
    order: dict[Alternative, Callable[[FloatArray], FloatArray]] = {
        "two-sided": np.abs,
        "greater": np.asarray,
        "less": np.negative,
    }
    extremeness = order[alternative](z)
    rejected = extremeness >= extremeness[k1, k2] - RELATIVE_TIE
    p_value = _largest_probability(rejected, n1, n2)
    return _exact_result(f"barnard_{alternative}", float(z[k1, k2]), p_value, counts)


def fisher_p_of_all_tables(n1: int, n2: int, alternative: Alternative) -> FloatArray:
    """Fisher's p-value of every table, events of the first group in rows."""
    table = np.empty((n1 + 1, n2 + 1))
    for events in range(n1 + n2 + 1):
        x1 = _support(n1, n2, events)
        p_values = _fisher_p_values(_margin_probabilities(n1, n2, events), alternative)
        table[x1, events - x1] = p_values
    return table


def boschloo(
    *, events_1: int, n_1: int, events_2: int, n_2: int, alternative: Alternative = "two-sided"
) -> TestResult:
    """Boschloo's (1970) unconditional exact test, tables ordered by Fisher's p-value.

    Always at least as powerful as Fisher's test. Two-sided orders by Fisher's two-sided
    (minimum-likelihood) p-value; doubling a one-sided p-value is another definition.
    Arguments and errors as in `fisher`; the statistic is Fisher's p-value.

    >>> round(boschloo(events_1=74, n_1=105, events_2=43, n_2=75, alternative="greater").p_value, 4)
    0.0358
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    k1, n1, k2, n2 = counts
    p_values = fisher_p_of_all_tables(n1, n2, alternative)
    rejected = p_values <= p_values[k1, k2] * (1 + RELATIVE_TIE)
    p_value = _largest_probability(rejected, n1, n2)
    return _exact_result(f"boschloo_{alternative}", float(p_values[k1, k2]), p_value, counts)
