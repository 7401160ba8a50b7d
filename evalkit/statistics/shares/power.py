"""Planning a comparison of two shares: power, persons needed, smallest difference to be seen.

Sizes come as the formula gives them; a plan rounds them up. All tests are two-sided.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special, stats

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.exact_tests import fisher_p_of_all_tables
from evalkit.statistics.shares.share_counts import checked_share, whole_count


def checked_positive(value: float, name: str) -> float:
    """``value`` when it is a finite number above 0; refuses it by name otherwise."""
    if not 0 < value < math.inf:
        raise ValueError(f"{name} must be a finite number above 0")
    return float(value)


def upper_quantile(tail: float) -> float:
    """The standard normal quantile with ``tail`` above it."""
    return float(-special.ndtri(tail))


def _distance(
    share_1: float, share_2: float, n_1: float, n_2: float, significance_level: float
) -> tuple[float, float]:
    """The critical value and the true difference, in standard errors of the difference."""
    p1, p2 = checked_share(share_1, "share_1"), checked_share(share_2, "share_2")
    n1, n2 = checked_positive(n_1, "n_1"), checked_positive(n_2, "n_2")
    z = upper_quantile(checked_share(significance_level, "significance_level") / 2)
    pooled = (n1 * p1 + n2 * p2) / (n1 + n2)
    under_null = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    standard_error = math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    return z * under_null / standard_error, abs(p1 - p2) / standard_error


def power_two_shares(
    *, share_1: float, share_2: float, n_1: float, n_2: float, significance_level: float = 0.05
) -> float:
    """Probability that the two-sided test of two shares shows the true difference.

    Normal approximation, variance pooled under the hypothesis (Fleiss, Levin & Paik 2003);
    a rejection in the wrong direction does not count. As R's ``power.prop.test``, for
    unequal groups too.

    Args:
        share_1: True share in the first group.
        share_2: True share in the second group.
        n_1: Persons in the first group.
        n_2: Persons in the second group.
        significance_level: Two-sided, 0.05 for 5 %.

    Raises:
        ValueError: If a share or the level is not strictly between 0 and 1, or a size not
            above 0.

    >>> round(power_two_shares(share_1=0.328, share_2=0.477, n_1=60, n_2=60), 3)
    0.382
    """
    critical, distance = _distance(share_1, share_2, n_1, n_2, significance_level)
    return float(special.ndtr(distance - critical))


def power_two_shares_both_tails(
    *, share_1: float, share_2: float, n_1: float, n_2: float, significance_level: float = 0.05
) -> float:
    """As `power_two_shares`, counting a rejection in either direction (R: ``strict = TRUE``).

    With equal shares this is the significance level. Arguments and errors as there.

    >>> round(power_two_shares_both_tails(share_1=0.328, share_2=0.477, n_1=60, n_2=60), 4)
    0.3825
    """
    critical, distance = _distance(share_1, share_2, n_1, n_2, significance_level)
    return float(special.ndtr(distance - critical) + special.ndtr(-distance - critical))


def persons_for_two_shares(
    *,
    share_1: float,
    share_2: float,
    power: float = 0.8,
    ratio: float = 1.0,
    significance_level: float = 0.05,
) -> float:
    """Persons in the first group needed to show a difference of two shares.

    The inverse of `power_two_shares` (Fleiss, Levin & Paik 2003, without
    continuity correction).

    Args:
        share_1: True share in the first group.
        share_2: True share in the second group.
        power: Probability wanted of showing the difference.
        ratio: Persons in the second group per person in the first.
        significance_level: Two-sided.

    Raises:
        ValueError: If an argument is out of range.
        CannotBeComputed: ``no_difference`` when the shares are equal.

    >>> round(persons_for_two_shares(share_1=0.328, share_2=0.477), 1)
    168.9
    """
    p1, p2 = checked_share(share_1, "share_1"), checked_share(share_2, "share_2")
    r = checked_positive(ratio, "ratio")
    z = upper_quantile(checked_share(significance_level, "significance_level") / 2)
    z_power = upper_quantile(1 - checked_share(power, "power"))
    if p1 == p2:
        raise CannotBeComputed("no_difference")
    pooled = (p1 + r * p2) / (1 + r)
    under_null = math.sqrt(pooled * (1 - pooled) * (1 + 1 / r))
    under_truth = math.sqrt(p1 * (1 - p1) + p2 * (1 - p2) / r)
    return ((z * under_null + z_power * under_truth) / (p1 - p2)) ** 2


def smallest_detectable_share(
    *,
    share_1: float,
    n_1: float,
    n_2: float,
    power: float = 0.8,
    significance_level: float = 0.05,
) -> float:
    """The share nearest above ``share_1`` that two groups of these sizes would show.

    Solves `power_two_shares` for the second share. For a fall, ask for the share without
    the event. The smallest detectable difference is the answer less ``share_1``.

    Raises:
        ValueError: If an argument is out of range.
        CannotBeComputed: ``groups_too_small`` when not even a share of 1 would be shown.

    >>> round(smallest_detectable_share(share_1=0.328, n_1=60, n_2=60), 3)
    0.58
    """
    wanted = checked_share(power, "power")

    def reached(share_2: float) -> float:
        return power_two_shares(
            share_1=share_1,
            share_2=share_2,
            n_1=n_1,
            n_2=n_2,
            significance_level=significance_level,
        )

    low, high = checked_share(share_1, "share_1"), math.nextafter(1, 0)
    if reached(high) < wanted:
        raise CannotBeComputed("groups_too_small")
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) < wanted else (low, middle)
    return (low + high) / 2


def arcsine_distance(*, share_1: float, share_2: float) -> float:
    """Cohen's (1988) h: the distance of two shares on the arcsine scale, second less first.

    >>> round(arcsine_distance(share_1=0.328, share_2=0.477), 4)
    0.3052
    """
    p1, p2 = checked_share(share_1, "share_1"), checked_share(share_2, "share_2")
    return 2 * math.asin(math.sqrt(p2)) - 2 * math.asin(math.sqrt(p1))


def power_arcsine(
    *, share_1: float, share_2: float, n_1: float, n_2: float, significance_level: float = 0.05
) -> float:
    """Power for two shares by the arcsine transformation (Cohen 1988, chapter 6), both tails.

    Arguments and errors as in `power_two_shares`.

    >>> round(power_arcsine(share_1=0.328, share_2=0.477, n_1=60, n_2=60), 4)
    0.3866
    """
    n1, n2 = checked_positive(n_1, "n_1"), checked_positive(n_2, "n_2")
    z = upper_quantile(checked_share(significance_level, "significance_level") / 2)
    h = arcsine_distance(share_1=share_1, share_2=share_2)
    distance = abs(h) * math.sqrt(n1 * n2 / (n1 + n2))
    return float(special.ndtr(distance - z) + special.ndtr(-distance - z))


def power_fisher(
    *, share_1: float, share_2: float, n_1: int, n_2: int, significance_level: float = 0.05
) -> float:
    """Exact power of Fisher's two-sided test: the probability of all tables it rejects.

    Arguments and errors as in `power_two_shares`; sizes are whole numbers.

    >>> round(power_fisher(share_1=0.328, share_2=0.477, n_1=40, n_2=40), 4)
    0.2095
    """
    p1, p2 = checked_share(share_1, "share_1"), checked_share(share_2, "share_2")
    n1, n2 = whole_count(n_1, "n_1"), whole_count(n_2, "n_2")
    level = checked_share(significance_level, "significance_level")
    rejected = fisher_p_of_all_tables(n1, n2, "two-sided") <= level
    first = stats.binom.pmf(np.arange(n1 + 1), n1, p1)
    second = stats.binom.pmf(np.arange(n2 + 1), n2, p2)
    return float(first @ rejected @ second)


def design_effect(*, cluster_size: float, intracluster_correlation: float) -> float:
    """How many times more persons are needed when persons come in like clusters.

    Kish (1965): 1 + (m − 1)ρ. Clusters are sites or groups whose persons share fate.

    Args:
        cluster_size: Mean persons per cluster, at least 1.
        intracluster_correlation: Share of the variance that lies between clusters, 0–1.

    Raises:
        ValueError: If an argument is out of range.

    >>> round(design_effect(cluster_size=20, intracluster_correlation=0.03), 2)
    1.57
    """
    if not 1 <= cluster_size < math.inf:
        raise ValueError("cluster_size must be at least 1")
    if not 0 <= intracluster_correlation <= 1:
        raise ValueError("intracluster_correlation must lie in 0–1")
    return 1 + (cluster_size - 1) * intracluster_correlation
