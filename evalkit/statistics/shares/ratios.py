"""How many times larger a share or the odds are, first group over second, and tests of the two.

statsmodels' and scipy's figures. What is guarded: they raise, or print a certainty, when a count
is zero or nobody differs, and Yates' correction never passes zero.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, Estimate, TestResult
from evalkit.statistics.shares.differences import cells_of, two_group_estimate, two_groups
from evalkit.statistics.shares.share_counts import check_confidence_level

OddsInterval = Literal["conditional", "woolf"]


def risk_ratio(
    events_1: int, n_1: int, events_2: int, n_2: int, *, confidence_level: float = 0.95
) -> Estimate:
    """The risk ratio p1/p2 with Katz' interval on the log scale (Katz et al. 1978).

    Args:
        events_1: Persons with the event in the first group.
        n_1: Persons in the first group.
        events_2: Persons with the event in the second group.
        n_2: Persons in the second group.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If a count is negative or fractional, or events exceed n.
        CannotBeComputed: ``no_persons`` when a group is empty, ``zero_cell`` when nobody in one
            of them has the event, ``no_variation`` when everybody in both has it: the interval
            would have no width.

    >>> ratio = risk_ratio(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(ratio.value, 3), round(ratio.low, 3), round(ratio.high, 3)
    (1.333, 1.077, 1.651)
    """
    check_confidence_level(confidence_level)
    counts = two_groups(events_1, n_1, events_2, n_2)
    k1, n1, k2, n2 = counts
    if 0 in (k1, k2):
        raise CannotBeComputed("zero_cell")
    if k1 == n1 and k2 == n2:
        raise CannotBeComputed("no_variation")
    from statsmodels.stats.contingency_tables import Table2x2

    table = Table2x2(np.array(cells_of(counts)).reshape(2, 2), shift_zeros=False)
    return two_group_estimate(
        float(table.riskratio),
        lambda *_: table.riskratio_confint(alpha=1 - confidence_level),
        "katz_log",
        counts,
        unit="ratio",
        confidence_level=confidence_level,
        measure="risk_ratio",
        group="",
    )


def odds_ratio(
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    *,
    interval: OddsInterval = "conditional",
    confidence_level: float = 0.95,
) -> Estimate:
    """The odds ratio of two groups.

    Args:
        events_1: Persons with the event in the first group.
        n_1: Persons in the first group.
        events_2: Persons with the event in the second group.
        n_2: Persons in the second group.
        interval: ``conditional`` on both margins, with exact limits, as R's ``fisher.test``; or
            ``woolf``, the sample's odds ratio with his interval on the log scale (1955).
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If a count is negative or fractional, events exceed n, or there is no such
            interval.
        CannotBeComputed: ``no_persons`` when a group is empty; ``no_variation`` when nobody or
            everybody has the event, for the table then says nothing of the odds; with
            ``woolf``, ``zero_cell`` when one of the four counts is zero.

    >>> ratio = odds_ratio(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(ratio.value, 3), round(ratio.low, 3), round(ratio.high, 3)
    (2.649, 1.209, 6.04)
    """
    check_option("interval", interval, OddsInterval)
    check_confidence_level(confidence_level)
    counts = two_groups(events_1, n_1, events_2, n_2)
    k1, n1, k2, n2 = counts
    if k1 + k2 in (0, n1 + n2):
        raise CannotBeComputed("no_variation")
    cells = np.array(cells_of(counts)).reshape(2, 2)
    if interval == "woolf":
        if 0 in cells:
            raise CannotBeComputed("zero_cell")
        from statsmodels.stats.contingency_tables import Table2x2

        table = Table2x2(cells, shift_zeros=False)
        value, limits = float(table.oddsratio), table.oddsratio_confint(alpha=1 - confidence_level)
    else:
        from scipy.stats.contingency import odds_ratio as conditional

        found = conditional(cells, kind="conditional")
        value = float(found.statistic)
        limits = found.confidence_interval(confidence_level=confidence_level)
    return two_group_estimate(
        value,
        lambda *_: tuple(limits),
        "woolf" if interval == "woolf" else "exact_conditional",
        counts,
        unit="ratio",
        confidence_level=confidence_level,
        measure="odds_ratio",
        group="",
    )


TableTest = Literal["fisher", "chi_square", "chi_square_yates", "z_pooled"]
_NAMES = {
    "fisher": "fisher_two-sided",
    "chi_square": "chi_square_pearson",
    "chi_square_yates": "chi_square_yates",
    "z_pooled": "z_pooled",
}


def table_test(
    events_1: int, n_1: int, events_2: int, n_2: int, *, method: TableTest = "fisher"
) -> TestResult:
    """Two-sided test of equal shares in two groups.

    Args:
        events_1: Persons with the event in the first group.
        n_1: Persons in the first group.
        events_2: Persons with the event in the second group.
        n_2: Persons in the second group.
        method: ``fisher``, exact (the statistic is ``events_1``); ``chi_square``, Pearson's
            (1900); ``chi_square_yates`` with continuity correction; ``z_pooled``, whose square
            is Pearson's.

    Raises:
        ValueError: If a count is negative or fractional, events exceed n, or there is no such
            method.
        CannotBeComputed: ``no_persons`` when a group is empty; ``no_variation`` when nobody
            or everybody has the event.

    >>> test = table_test(events_1=56, n_1=70, events_2=48, n_2=80, method="z_pooled")
    >>> round(test.statistic, 3), round(test.p_value, 4)
    (2.65, 0.008)
    """
    check_option("method", method, TableTest)
    counts = two_groups(events_1, n_1, events_2, n_2)
    k1, n1, k2, n2 = counts
    if k1 + k2 in (0, n1 + n2):
        raise CannotBeComputed("no_variation")
    cells = np.array(cells_of(counts)).reshape(2, 2)
    if method == "fisher":
        from scipy.stats import fisher_exact

        statistic, degrees, p_value = float(k1), 0.0, fisher_exact(cells).pvalue
    elif method == "z_pooled":
        from statsmodels.stats.proportion import proportions_ztest

        statistic, p_value = proportions_ztest([k1, k2], [n1, n2])
        degrees = math.inf
    else:
        from scipy.stats import chi2_contingency

        found = chi2_contingency(cells, correction=method == "chi_square_yates")
        statistic, degrees, p_value = found.statistic, 1.0, found.pvalue
    return TestResult(
        name=_NAMES[method],
        statistic=float(statistic),
        degrees_of_freedom=degrees,
        p_value=min(1.0, float(p_value)),
        n=n1 + n2,
        cells=cells_of(counts),
    )
