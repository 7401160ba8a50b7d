"""Sites compared: the mean they scatter around, by how much, and the limits of chance."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from evalkit.options import check_option
from evalkit.results import (
    Allowance,
    CannotBeComputed,
    Estimate,
    EstimateRow,
    SiteComparison,
    TestResult,
    estimates_only,
)
from evalkit.statistics.sites.funnel import check_sites, share_funnel
from evalkit.statistics.sites.pooling import Effects, Pooled, logit_effects, pooled, shrunken

FEWEST_SITES = 3
METHOD = "knapp_hartung"


def compare_sites(
    sites: Sequence[EstimateRow],
    *,
    dimension: str,
    confidence_level: float = 0.95,
    allowance: Allowance = "none",
) -> SiteComparison:
    """Shares of sites as draws from one distribution, and against the limits of chance.

    Random effects on the logit scale (`pooled`, REML, Knapp and Hartung 2003), each site
    shrunken towards the mean, and a funnel (Spiegelhalter 2005). The sites keep the order they
    are given in: by name or by size, never by value, since ranks of sites are mostly chance
    (Goldstein and Spiegelhalter 1996).

    Args:
        sites: One row per site, its name as group; shares as `proportion` makes them. Rows
            without an estimate stay in the list and are counted nowhere.
        dimension: What the sites are levels of.
        confidence_level: 0.95 for 95 % intervals.
        allowance: Of the funnel's limits; see `share_funnel`.

    Raises:
        CannotBeComputed: ``too_few_sites`` when fewer than three have an estimate;
            ``no_variation`` when nobody or everybody in all of them has the event.

    >>> from evalkit.statistics.shares.proportions import proportion
    >>> counts = {"A": (45, 80), "B": (38, 60), "C": (30, 57), "D": (50, 70)}
    >>> rows = [proportion(events=k, n=n, group=name) for name, (k, n) in counts.items()]
    >>> found = compare_sites(rows, dimension="municipality")
    >>> round(found.pooled.value, 3), round(found.pooled.low, 3), round(found.pooled.high, 3)
    (0.61, 0.471, 0.733)
    """
    check_option("allowance", allowance, Allowance)
    check_sites(sites)
    shown = estimates_only(sites)
    if len(shown) < FEWEST_SITES:
        raise CannotBeComputed("too_few_sites", n=len(shown))
    events = [round(site.value * site.n) for site in shown]
    effects = logit_effects(events, [site.n for site in shown])
    mean = pooled(effects, confidence_level=confidence_level)
    cells = _cells(shown)
    share = partial(_share, effects=effects, mean=mean, cells=cells, level=confidence_level)
    return SiteComparison(
        dimension=dimension,
        sites=tuple(sites),
        pooled=share("pooled_share", (mean.low, mean.high)),
        further=share("further_site_share", (mean.further_low, mean.further_high)),
        shrunken=_shrunken(effects, mean, shown, confidence_level),
        spread=float(np.sqrt(mean.tau_squared)),
        i_squared=mean.i_squared,
        test=heterogeneity_test(mean, shown),
        funnel=share_funnel(shown, allowance=allowance),
    )


def heterogeneity_test(mean: Pooled, sites: Sequence[Estimate]) -> TestResult:
    """Cochran's (1954) test that all sites have the same true figure."""
    return TestResult(
        name="cochran_q",
        statistic=mean.q,
        degrees_of_freedom=mean.degrees_of_freedom,
        p_value=mean.p_value,
        n=sum(site.n for site in sites),
        cells=_cells(sites),
    )


def _share(
    measure: str,
    limits: tuple[float, float],
    *,
    effects: Effects,
    mean: Pooled,
    cells: tuple[int, ...],
    level: float,
) -> Estimate:
    low, value, high = effects.back(np.array([limits[0], mean.mean, limits[1]])).tolist()
    return Estimate(
        measure=measure,
        value=value,
        low=low,
        high=high,
        unit="share",
        method=METHOD,
        confidence_level=level,
        n=sum(cells),
        cells=cells,
    )


def _shrunken(
    effects: Effects, mean: Pooled, sites: Sequence[Estimate], level: float
) -> tuple[Estimate, ...]:
    value, low, high = (effects.back(ends) for ends in shrunken(effects, mean))
    return tuple(
        Estimate(
            measure="shrunken_share",
            value=float(value[i]),
            low=float(low[i]),
            high=float(high[i]),
            unit="share",
            method=METHOD,
            confidence_level=level,
            n=site.n,
            cells=site.cells,
            group=site.group,
        )
        for i, site in enumerate(sites)
    )


def _cells(sites: Sequence[Estimate]) -> tuple[int, ...]:
    return tuple(count for site in sites for count in site.cells)
