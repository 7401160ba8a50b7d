"""Tests over strata: is there a difference at all, and is it the same everywhere.

`cochran_mantel_haenszel` asks the first; `breslow_day` and `tarone` the second.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from evalkit.results import CannotBeComputed, TestResult
from evalkit.statistics.shares.share_counts import FloatArray
from evalkit.statistics.shares.strata import Strata, Stratum, checked_strata, comparable
from evalkit.statistics.shares.stratified import odds_ratio_parts


def _chi_square(name: str, statistic: float, degrees_of_freedom: int, strata: Strata) -> TestResult:
    return TestResult(
        name=name,
        statistic=statistic,
        degrees_of_freedom=degrees_of_freedom,
        p_value=float(special.chdtrc(degrees_of_freedom, statistic)),
        n=strata.persons,
        cells=strata.cells,
    )


def _varying(strata: Strata) -> Strata:
    """The strata where somebody, but not everybody, has the event."""
    kept = strata.where((strata.events > 0) & (strata.events < strata.total))
    if len(kept.n1) == 0:
        raise CannotBeComputed("no_variation")
    return kept


def _cochran_mantel_haenszel(name: str, strata: Sequence[Stratum], correction: float) -> TestResult:
    table = _varying(comparable(checked_strata(strata)))
    total, events = table.total, table.events
    distance = abs(float((table.k1 - table.n1 * events / total).sum()))
    variance = (table.n1 * table.n2 * events * (total - events) / (total**2 * (total - 1))).sum()
    # R applies the correction only when it does not pass zero.
    corrected = distance - correction if distance >= correction else distance
    return _chi_square(name, corrected**2 / float(variance), 1, table)


def cochran_mantel_haenszel(strata: Sequence[Stratum]) -> TestResult:
    """The Cochran–Mantel–Haenszel χ² test that the odds ratio is 1 in every stratum.

    Mantel & Haenszel (1959), without continuity correction.

    Args:
        strata: ``(events_1, n_1, events_2, n_2)`` per stratum.

    Raises:
        ValueError: If a count is impossible, naming the stratum by its place.
        CannotBeComputed: ``no_persons``; ``no_common_strata``; ``no_variation`` when in every
            stratum nobody or everybody has the event.

    Edge cases: strata without variation or with one group only carry no information and are
    left out.

    >>> regions = [(120, 210, 80, 190), (64, 150, 30, 120), (40, 110, 61, 200)]
    >>> round(cochran_mantel_haenszel(regions).statistic, 3)
    17.147
    """
    return _cochran_mantel_haenszel("cochran_mantel_haenszel", strata, 0.0)


def cochran_mantel_haenszel_corrected(strata: Sequence[Stratum]) -> TestResult:
    """The Cochran–Mantel–Haenszel test with continuity correction ½, R's default.

    Arguments, errors and edge cases as in `cochran_mantel_haenszel`.

    >>> regions = [(120, 210, 80, 190), (64, 150, 30, 120), (40, 110, 61, 200)]
    >>> round(cochran_mantel_haenszel_corrected(regions).statistic, 3)
    16.597
    """
    return _cochran_mantel_haenszel("cochran_mantel_haenszel_cc", strata, 0.5)


def _expected_events(strata: Strata, odds_ratio: float) -> FloatArray:
    """Expected first-group events per stratum when all share ``odds_ratio``, margins given."""
    n1, n2, events = strata.n1, strata.n2, strata.events
    a = 1 - odds_ratio
    b = n2 - events + odds_ratio * (n1 + events)
    product = n1 * events * odds_ratio
    # The root of a·x² + b·x − product = 0 inside the margins, for a may be 0 (odds ratio 1).
    return np.asarray(2 * product / (b + np.sqrt(b**2 + 4 * a * product)))


def _homogeneity(strata: Sequence[Stratum]) -> tuple[Strata, FloatArray, FloatArray]:
    """Strata used, distance from the common odds ratio, and its variance."""
    table = _varying(comparable(checked_strata(strata)))
    concordant, discordant = odds_ratio_parts(table)
    expected = _expected_events(table, float(concordant.sum() / discordant.sum()))
    precision = (
        1 / expected
        + 1 / (table.events - expected)
        + 1 / (table.n1 - expected)
        + 1 / (table.n2 - table.events + expected)
    )
    if len(expected) == 1:
        raise CannotBeComputed("one_stratum")
    return table, table.k1 - expected, 1 / precision


def breslow_day(strata: Sequence[Stratum]) -> TestResult:
    """Breslow & Day's (1980) χ² test that the odds ratio is the same in every stratum.

    Args:
        strata: ``(events_1, n_1, events_2, n_2)`` per stratum.

    Raises:
        ValueError: If a count is impossible, naming the stratum by its place.
        CannotBeComputed: ``no_persons``, ``no_common_strata``, ``no_variation``; ``zero_cell``
            when the common odds ratio is 0 or infinite; ``one_stratum``.

    Edge cases: strata without variation are left out and take no degree of freedom.

    >>> regions = [(120, 210, 80, 190), (64, 150, 30, 120), (40, 110, 61, 200)]
    >>> test = breslow_day(regions)
    >>> round(test.statistic, 3), test.degrees_of_freedom
    (2.275, 2)
    """
    table, distance, variance = _homogeneity(strata)
    statistic = float((distance**2 / variance).sum())
    return _chi_square("breslow_day", statistic, len(distance) - 1, table)


def tarone(strata: Sequence[Stratum]) -> TestResult:
    """Breslow & Day's test with Tarone's (1985) correction, which makes it exactly χ².

    Arguments, errors and edge cases as in `breslow_day`.

    >>> regions = [(120, 210, 80, 190), (64, 150, 30, 120), (40, 110, 61, 200)]
    >>> round(tarone(regions).statistic, 4)
    2.2747
    """
    table, distance, variance = _homogeneity(strata)
    statistic = float((distance**2 / variance).sum() - distance.sum() ** 2 / variance.sum())
    return _chi_square("tarone", max(statistic, 0.0), len(distance) - 1, table)
