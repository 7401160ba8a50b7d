"""Mantel–Haenszel summaries: one difference or ratio over strata of unlike size or level.

Strata are sequences of ``(events_1, n_1, events_2, n_2)``; the first group is compared with the
second inside each stratum (municipality, target group), so that a shift in who takes part is
not read as a change in outcome.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from evalkit.results import CannotBeComputed, Estimate, Unit
from evalkit.statistics.shares.share_counts import (
    check_confidence_level,
    interval_estimate,
    normal_quantile,
)
from evalkit.statistics.shares.strata import Strata, Stratum, checked_strata, comparable


def _summary(
    value: float,
    limits: tuple[float, float],
    method: str,
    strata: Strata,
    unit: Unit,
    measure: str,
    confidence_level: float,
) -> Estimate:
    return interval_estimate(
        value=value,
        limits=limits,
        unit=unit,
        method=method,
        confidence_level=confidence_level,
        n=strata.persons,
        cells=strata.cells,
        measure=measure,
        group="",
    )


def risk_difference(strata: Strata) -> float:
    """The Mantel–Haenszel difference: stratum differences weighted by n1·n2/N."""
    weights = strata.n1 * strata.n2 / strata.total
    return float(
        ((strata.k1 * strata.n2 - strata.k2 * strata.n1) / strata.total).sum() / weights.sum()
    )


def greenland_robins_error(strata: Strata) -> float:
    """Standard error of the Mantel–Haenszel difference (Greenland & Robins 1985)."""
    k1, n1, k2, n2 = strata.k1, strata.n1, strata.k2, strata.n2
    parts = (k1 * (n1 - k1) * n2**3 + k2 * (n2 - k2) * n1**3) / (n1 * n2 * strata.total**2)
    return math.sqrt(parts.sum()) / float((n1 * n2 / strata.total).sum())


def sato_error(strata: Strata) -> float:
    """Standard error of the Mantel–Haenszel difference (Sato 1989)."""
    k1, n1, k2, n2, total = strata.k1, strata.n1, strata.k2, strata.n2, strata.total
    p = (n1**2 * k2 - n2**2 * k1 + n1 * n2 * (n2 - n1) / 2) / total**2
    q = (k1 * (n2 - k2) + k2 * (n1 - k1)) / (2 * total)
    variance = risk_difference(strata) * p.sum() + q.sum()
    return math.sqrt(max(variance, 0.0)) / float((n1 * n2 / total).sum())


def _difference(strata: Strata, error: float, method: str, confidence_level: float) -> Estimate:
    value = risk_difference(strata)
    half = normal_quantile(confidence_level) * error
    limits = (max(value - half, -1), min(value + half, 1))
    return _summary(
        value, limits, method, strata, "share_difference", "difference", confidence_level
    )


def mantel_haenszel_difference(
    strata: Sequence[Stratum], *, confidence_level: float = 0.95
) -> Estimate:
    """The Mantel–Haenszel risk difference, first group minus second, with Sato's interval.

    Mantel & Haenszel's (1959) weights; the standard error of Sato (1989) holds both for few
    large and for many small strata.

    Args:
        strata: ``(events_1, n_1, events_2, n_2)`` per stratum.
        confidence_level: 0.95 for a 95 % interval.

    Returns:
        Estimate of the difference; ``cells`` holds four counts per stratum used.

    Raises:
        ValueError: If a count is impossible, naming the stratum by its place.
        CannotBeComputed: ``no_persons``; ``no_common_strata`` when no stratum has both groups.

    Edge cases: strata with one group only are left out.

    >>> regions = [(120, 210, 80, 190), (64, 150, 30, 120), (40, 110, 61, 200)]
    >>> made = mantel_haenszel_difference(regions)
    >>> round(made.value, 4), round(made.low, 4), round(made.high, 4)
    (0.1303, 0.0691, 0.1916)
    """
    table = comparable(checked_strata(strata))
    return _difference(table, sato_error(table), "mantel_haenszel_sato", confidence_level)


def mantel_haenszel_difference_greenland_robins(
    strata: Sequence[Stratum], *, confidence_level: float = 0.95
) -> Estimate:
    """The Mantel–Haenszel risk difference with Greenland & Robins' (1985) interval.

    For large strata. Arguments and errors as in `mantel_haenszel_difference`.

    >>> regions = [(120, 210, 80, 190), (64, 150, 30, 120), (40, 110, 61, 200)]
    >>> made = mantel_haenszel_difference_greenland_robins(regions)
    >>> round(made.low, 4), round(made.high, 4)
    (0.0694, 0.1913)
    """
    table = comparable(checked_strata(strata))
    error = greenland_robins_error(table)
    return _difference(table, error, "mantel_haenszel_greenland_robins", confidence_level)


def _ratio(
    value: float,
    log_error: float,
    method: str,
    strata: Strata,
    measure: str,
    confidence_level: float,
) -> Estimate:
    factor = math.exp(normal_quantile(confidence_level) * log_error)
    limits = (value / factor, value * factor)
    return _summary(value, limits, method, strata, "ratio", measure, confidence_level)


def mantel_haenszel_risk_ratio(
    strata: Sequence[Stratum], *, confidence_level: float = 0.95
) -> Estimate:
    """The Mantel–Haenszel risk ratio, first group over second (Greenland & Robins 1985).

    Arguments as in `mantel_haenszel_difference`.

    Raises:
        ValueError: If a count is impossible, naming the stratum by its place.
        CannotBeComputed: ``no_persons``; ``no_common_strata``; ``zero_cell`` when a group has
            no events in any stratum.

    >>> regions = [(120, 210, 80, 190), (64, 150, 30, 120), (40, 110, 61, 200)]
    >>> round(mantel_haenszel_risk_ratio(regions).value, 4)
    1.3852
    """
    check_confidence_level(confidence_level)
    table = comparable(checked_strata(strata))
    n1, n2, total = table.n1, table.n2, table.total
    first, second = (table.k1 * n2 / total).sum(), (table.k2 * n1 / total).sum()
    if first == 0 or second == 0:
        raise CannotBeComputed("zero_cell")
    parts = (n1 * n2 * table.events - table.k1 * table.k2 * total) / total**2
    log_error = math.sqrt(parts.sum() / (first * second))
    return _ratio(
        float(first / second),
        log_error,
        "mantel_haenszel",
        table,
        "risk_ratio",
        confidence_level,
    )


def odds_ratio_parts(strata: Strata) -> tuple[np.ndarray, np.ndarray]:
    """Concordant and discordant products per stratum, k1(n2 − k2)/N and k2(n1 − k1)/N."""
    concordant = strata.k1 * (strata.n2 - strata.k2) / strata.total
    discordant = strata.k2 * (strata.n1 - strata.k1) / strata.total
    if concordant.sum() == 0 or discordant.sum() == 0:
        raise CannotBeComputed("zero_cell")
    return concordant, discordant


def mantel_haenszel_odds_ratio(
    strata: Sequence[Stratum], *, confidence_level: float = 0.95
) -> Estimate:
    """The Mantel–Haenszel odds ratio, interval of Robins, Breslow & Greenland (1986).

    Arguments as in `mantel_haenszel_difference`.

    Raises:
        ValueError: If a count is impossible, naming the stratum by its place.
        CannotBeComputed: ``no_persons``; ``no_common_strata``; ``zero_cell`` when the ratio
            is 0 or infinite.

    >>> regions = [(120, 210, 80, 190), (64, 150, 30, 120), (40, 110, 61, 200)]
    >>> round(mantel_haenszel_odds_ratio(regions).value, 4)
    1.7486
    """
    check_confidence_level(confidence_level)
    table = comparable(checked_strata(strata))
    r, s = odds_ratio_parts(table)
    p = (table.k1 + table.n2 - table.k2) / table.total
    q = 1 - p
    variance = (
        (p * r).sum() / (2 * r.sum() ** 2)
        + (p * s + q * r).sum() / (2 * r.sum() * s.sum())
        + (q * s).sum() / (2 * s.sum() ** 2)
    )
    return _ratio(
        float(r.sum() / s.sum()),
        math.sqrt(variance),
        "mantel_haenszel",
        table,
        "odds_ratio",
        confidence_level,
    )
