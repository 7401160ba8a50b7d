"""Large-sample tests of two independent shares being equal.

A z statistic is normal, that is t with infinite degrees of freedom; its square is χ² with one.
"""

from __future__ import annotations

import math

from scipy import special

from evalkit.results import CannotBeComputed, TestResult
from evalkit.statistics.shares.two_groups import Counts, cells_of, two_groups


def _varying(counts: Counts) -> Counts:
    """The counts, refused when nobody or everybody has the event."""
    k1, n1, k2, n2 = counts
    if k1 + k2 in (0, n1 + n2):
        raise CannotBeComputed("no_variation")
    return counts


def _test(name: str, statistic: float, degrees_of_freedom: float, counts: Counts) -> TestResult:
    if math.isinf(degrees_of_freedom):
        p_value = float(2 * special.ndtr(-abs(statistic)))
    else:
        p_value = float(special.chdtrc(degrees_of_freedom, statistic))
    return TestResult(
        name=name,
        statistic=statistic,
        degrees_of_freedom=degrees_of_freedom,
        p_value=p_value,
        n=counts[1] + counts[3],
        cells=cells_of(counts),
    )


def _pooled_z(counts: Counts) -> float:
    k1, n1, k2, n2 = counts
    pooled = (k1 + k2) / (n1 + n2)
    return (k1 / n1 - k2 / n2) / math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))


def pooled_z_test(*, events_1: int, n_1: int, events_2: int, n_2: int) -> TestResult:
    """Score test of equal shares, the variance pooled over the groups.

    Its square is Pearson's χ². Two-sided.

    Args:
        events_1: Persons with the event in the first group.
        n_1: Persons in the first group.
        events_2: Persons with the event in the second group.
        n_2: Persons in the second group.

    Raises:
        ValueError: If a count is negative or fractional, or events exceed n.
        CannotBeComputed: ``no_persons`` when a group is empty; ``no_variation`` when nobody
            or everybody has the event.

    >>> test = pooled_z_test(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(test.statistic, 3), round(test.p_value, 4)
    (2.65, 0.008)
    """
    counts = _varying(two_groups(events_1, n_1, events_2, n_2))
    return _test("z_pooled", _pooled_z(counts), math.inf, counts)


def unpooled_z_test(*, events_1: int, n_1: int, events_2: int, n_2: int) -> TestResult:
    """Wald test of equal shares, each group with its own variance. Two-sided.

    Arguments and errors as in `pooled_z_test`. All against none gives an infinite statistic.

    >>> round(unpooled_z_test(events_1=56, n_1=70, events_2=48, n_2=80).statistic, 3)
    2.751
    """
    counts = _varying(two_groups(events_1, n_1, events_2, n_2))
    k1, n1, k2, n2 = counts
    p1, p2 = k1 / n1, k2 / n2
    standard_error = math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    if standard_error == 0:
        return _test("z_unpooled", math.copysign(math.inf, p1 - p2), math.inf, counts)
    return _test("z_unpooled", (p1 - p2) / standard_error, math.inf, counts)


def pearson_chi_square(*, events_1: int, n_1: int, events_2: int, n_2: int) -> TestResult:
    """Pearson's (1900) χ² test of equal shares, without continuity correction.

    Arguments and errors as in `pooled_z_test`.

    >>> round(pearson_chi_square(events_1=56, n_1=70, events_2=48, n_2=80).statistic, 3)
    7.023
    """
    counts = _varying(two_groups(events_1, n_1, events_2, n_2))
    return _test("chi_square_pearson", _pooled_z(counts) ** 2, 1, counts)


def n_minus_one_chi_square(*, events_1: int, n_1: int, events_2: int, n_2: int) -> TestResult:
    """The χ² test with N − 1 for N (E. S. Pearson 1947; Campbell 2007, for small samples).

    Arguments and errors as in `pooled_z_test`.

    >>> round(n_minus_one_chi_square(events_1=56, n_1=70, events_2=48, n_2=80).statistic, 3)
    6.977
    """
    counts = _varying(two_groups(events_1, n_1, events_2, n_2))
    total = counts[1] + counts[3]
    return _test("chi_square_n_minus_1", _pooled_z(counts) ** 2 * (total - 1) / total, 1, counts)


def yates_chi_square(*, events_1: int, n_1: int, events_2: int, n_2: int) -> TestResult:
    """The χ² test with Yates' (1934) continuity correction, never past zero, as in R.

    Arguments and errors as in `pooled_z_test`.

    >>> round(yates_chi_square(events_1=56, n_1=70, events_2=48, n_2=80).statistic, 3)
    6.114
    """
    counts = _varying(two_groups(events_1, n_1, events_2, n_2))
    k1, n1, k2, n2 = counts
    total, events = n1 + n2, k1 + k2
    distance = abs(k1 - n1 * events / total)
    corrected = distance - min(0.5, distance)
    variance = n1 * n2 * events * (total - events) / total**3
    return _test("chi_square_yates", corrected**2 / variance, 1, counts)
