"""Tests of two independent shares being equal: scipy's and statsmodels', with their guards.

What is guarded: nobody or everybody having the event (statsmodels answers NaN there), and Yates'
correction never passes zero (scipy has that right).
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, TestResult
from evalkit.statistics.shares.two_groups import cells_of, two_groups

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
