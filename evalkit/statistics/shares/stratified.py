"""One odds ratio over strata of unlike size or level, and tests over them: statsmodels' figures.

Strata are sequences of ``(events_1, n_1, events_2, n_2)``; the first group is compared with the
second inside each stratum (municipality, target group), so that a shift in who takes part is not
read as a change in outcome. What is guarded: strata that say nothing (one group only, nobody or
everybody with the event) make statsmodels answer NaN, or take a degree of freedom, and its
corrected test passes zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, Estimate, TestResult
from evalkit.statistics.shares.share_counts import (
    check_confidence_level,
    interval_estimate,
    whole_count,
)

Stratum: TypeAlias = tuple[int, int, int, int]
StrataTest = Literal[
    "cochran_mantel_haenszel", "cochran_mantel_haenszel_cc", "breslow_day", "tarone"
]


def mantel_haenszel_odds_ratio(
    strata: Sequence[Stratum], *, confidence_level: float = 0.95
) -> Estimate:
    """The Mantel–Haenszel odds ratio, interval of Robins, Breslow & Greenland (1986).

    Args:
        strata: ``(events_1, n_1, events_2, n_2)`` per stratum.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If a count is impossible, naming the stratum by its place.
        CannotBeComputed: ``no_persons`` when a group is empty in every stratum;
            ``no_common_strata``; ``zero_cell`` when the ratio is 0 or infinite.

    >>> regions = [(120, 210, 80, 190), (64, 150, 30, 120), (40, 110, 61, 200)]
    >>> round(mantel_haenszel_odds_ratio(regions).value, 4)
    1.7486
    """
    check_confidence_level(confidence_level)
    tables = _comparable(strata)
    found = _fitted(tables)
    return interval_estimate(
        value=float(found.oddsratio_pooled),
        limits=found.oddsratio_pooled_confint(alpha=1 - confidence_level),
        unit="ratio",
        method="mantel_haenszel",
        confidence_level=confidence_level,
        n=int(tables.sum()),
        cells=_cells(tables),
        measure="odds_ratio",
        group="",
    )


def stratified_test(
    strata: Sequence[Stratum], *, method: StrataTest = "cochran_mantel_haenszel"
) -> TestResult:
    """A test over strata: is there a difference at all, or is it the same everywhere.

    Args:
        strata: ``(events_1, n_1, events_2, n_2)`` per stratum.
        method: That the odds ratio is 1 everywhere: ``cochran_mantel_haenszel`` (Mantel and
            Haenszel 1959), or ``cochran_mantel_haenszel_cc`` with continuity correction, R's
            default. That it is the same everywhere: ``breslow_day`` (1980), or ``tarone``
            (1985), which makes that test exactly χ².

    Raises:
        ValueError: If a count is impossible, naming the stratum by its place.
        CannotBeComputed: ``no_persons``; ``no_common_strata``; ``no_variation`` when in every
            stratum nobody or everybody has the event; of the last two also ``zero_cell`` when
            the common odds ratio is 0 or infinite, and ``one_stratum``.

    Edge cases: strata without variation or with one group only carry no information; they are
    left out and take no degree of freedom.

    >>> regions = [(120, 210, 80, 190), (64, 150, 30, 120), (40, 110, 61, 200)]
    >>> round(stratified_test(regions).statistic, 3)
    17.147
    """
    check_option("method", method, StrataTest)
    tables = _comparable(strata)
    events = tables[0, 0] + tables[1, 0]
    tables = tables[:, :, (events > 0) & (events < tables.sum(axis=(0, 1)))]
    count = tables.shape[2]
    if count == 0:
        raise CannotBeComputed("no_variation")
    if method in ("breslow_day", "tarone"):
        if count == 1:
            raise CannotBeComputed("one_stratum")
        found = _fitted(tables).test_equal_odds(adjust=method == "tarone")
        degrees = count - 1
    else:
        # R's rule: corrected only where the distance does not pass zero.
        expected = tables.sum(axis=1)[0] * tables.sum(axis=0)[0] / tables.sum(axis=(0, 1))
        is_corrected = method.endswith("_cc") and abs(float((tables[0, 0] - expected).sum())) >= 0.5
        found = _fitted(tables, needs_ratio=False).test_null_odds(correction=is_corrected)
        degrees = 1
    return TestResult(
        name=method,
        statistic=max(float(found.statistic), 0.0),
        degrees_of_freedom=degrees,
        p_value=min(1.0, float(found.pvalue)),
        n=int(tables.sum()),
        cells=_cells(tables),
    )


def _comparable(strata: Sequence[Stratum]) -> np.ndarray:
    """``(2, 2, S)``: with and without the event per group; strata with one group are left out."""
    rows = []
    for place, stratum in enumerate(strata, start=1):
        k1, n1, k2, n2 = (whole_count(count, f"strata {place}") for count in stratum)
        if k1 > n1 or k2 > n2:
            raise ValueError(f"strata {place}: events must not exceed persons")
        rows.append(((k1, n1 - k1), (k2, n2 - k2)))
    tables = np.array(rows, dtype=float).reshape(-1, 2, 2).transpose(1, 2, 0)
    persons = tables.sum(axis=1)
    if (persons.sum(axis=1) == 0).any():
        raise CannotBeComputed("no_persons")
    tables = tables[:, :, (persons > 0).all(axis=0)]
    if tables.shape[2] == 0:
        raise CannotBeComputed("no_common_strata")
    return tables


def _fitted(tables: np.ndarray, *, needs_ratio: bool = True) -> Any:  # untyped library
    from statsmodels.stats.contingency_tables import StratifiedTable

    concordant, discordant = tables[0, 0] * tables[1, 1], tables[0, 1] * tables[1, 0]
    if needs_ratio and 0 in (concordant.sum(), discordant.sum()):
        raise CannotBeComputed("zero_cell")
    return StratifiedTable(tables)


def _cells(tables: np.ndarray) -> tuple[int, ...]:
    return tuple(int(cell) for cell in tables.transpose(2, 0, 1).ravel())
