"""Direct standardisation: the share had the strata been of a standard's relative size."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.shares.proportion_limits import wilson_limits
from evalkit.statistics.shares.share_counts import (
    FloatArray,
    check_confidence_level,
    interval_estimate,
    normal_quantile,
    whole_count,
)
from evalkit.statistics.shares.strata import Strata, Stratum, checked_strata


def _relative(weights: npt.ArrayLike, persons: FloatArray) -> FloatArray:
    """Weights that sum to 1; refuses a stratum that has weight but no persons."""
    given = np.asarray(weights, dtype=float)
    if given.shape != persons.shape or not (given >= 0).all() or not 0 < given.sum() < np.inf:
        raise ValueError("weights must be one non-negative number per stratum, not all zero")
    if ((persons == 0) & (given > 0)).any():
        raise CannotBeComputed("empty_stratum")
    return np.asarray(given / given.sum())


def _shares(k: FloatArray, n: FloatArray) -> FloatArray:
    return np.asarray(k / np.maximum(n, 1))


def standardised_share(
    *,
    events: Sequence[int],
    n: Sequence[int],
    weights: Sequence[float],
    confidence_level: float = 0.95,
    measure: str = "standardised_share",
    group: str = "",
) -> Estimate:
    """A directly standardised share, Σ wᵢ kᵢ/nᵢ, with Wilson limits combined over strata.

    The distances of each stratum's share from its Wilson limits are weighted, squared and
    added (variance recovery; Zou, Huang & Zhang 2009). One stratum gives Wilson's interval,
    and strata without events still have an uncertain share, unlike with Wald's.

    Args:
        events: Persons with the event, per stratum.
        n: Persons, per stratum.
        weights: Size of each stratum in the standard; only the proportions matter.
        confidence_level: 0.95 for a 95 % interval.
        measure: Text key of what is estimated.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is impossible, or the weights do not fit the strata.
        CannotBeComputed: ``no_persons``; ``empty_stratum`` when a stratum with weight has
            nobody.

    >>> share = standardised_share(events=[120, 64, 40], n=[210, 150, 110], weights=[4, 3, 3])
    >>> round(share.value, 4), round(share.low, 4), round(share.high, 4)
    (0.4657, 0.4222, 0.5108)
    """
    check_confidence_level(confidence_level)
    k = np.array([whole_count(count, "events") for count in events], dtype=float)
    total = np.array([whole_count(count, "n") for count in n], dtype=float)
    if k.shape != total.shape or (k > total).any():
        raise ValueError("events must be one count per stratum, not exceeding n")
    if total.sum() == 0:
        raise CannotBeComputed("no_persons")
    w = _relative(weights, total)
    low, high = wilson_limits(k, np.maximum(total, 1), confidence_level)
    share = _shares(k, total)
    value = float(w @ share)
    below = math.sqrt(((w * (share - low)) ** 2).sum())
    above = math.sqrt(((w * (high - share)) ** 2).sum())
    return interval_estimate(
        value=value,
        limits=(max(value - below, 0), min(value + above, 1)),
        unit="share",
        method="standardised_wilson",
        confidence_level=confidence_level,
        n=int(total.sum()),
        cells=tuple(int(x) for x in np.column_stack((k, total - k)).ravel()),
        measure=measure,
        group=group,
    )


def standardised_error(strata: Strata, weights: FloatArray) -> float:
    """Standard error of the standardised difference, the groups' variances added."""
    p1, p2 = _shares(strata.k1, strata.n1), _shares(strata.k2, strata.n2)
    variance = p1 * (1 - p1) / np.maximum(strata.n1, 1) + p2 * (1 - p2) / np.maximum(strata.n2, 1)
    return float(np.sqrt((weights**2 * variance).sum()))


def standardised_difference(
    strata: Sequence[Stratum],
    *,
    weights: Sequence[float],
    confidence_level: float = 0.95,
    measure: str = "standardised_difference",
    group: str = "",
) -> Estimate:
    """The difference of two directly standardised shares, first group minus second.

    Both groups get the standard's strata: weights n1 + n2 standardise to all persons, n1 to
    the first group. Normal interval from the strata's binomial variances.

    Args:
        strata: ``(events_1, n_1, events_2, n_2)`` per stratum.
        weights: Size of each stratum in the standard; only the proportions matter.
        confidence_level: 0.95 for a 95 % interval.
        measure: Text key of what is estimated.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is impossible, or the weights do not fit the strata.
        CannotBeComputed: ``no_persons``; ``empty_stratum`` when a stratum with weight lacks
            one of the groups.

    >>> regions = [(120, 210, 80, 190), (64, 150, 30, 120), (40, 110, 61, 200)]
    >>> made = standardised_difference(regions, weights=[400, 270, 310])
    >>> round(made.value, 4), round(made.low, 4), round(made.high, 4)
    (0.1286, 0.0677, 0.1895)
    """
    z = normal_quantile(confidence_level)
    table = checked_strata(strata)
    w = _relative(weights, np.minimum(table.n1, table.n2))
    value = float(w @ (_shares(table.k1, table.n1) - _shares(table.k2, table.n2)))
    half = z * standardised_error(table, w)
    return interval_estimate(
        value=value,
        limits=(max(value - half, -1), min(value + half, 1)),
        unit="share_difference",
        method="standardised_wald",
        confidence_level=confidence_level,
        n=table.persons,
        cells=table.cells,
        measure=measure,
        group=group,
    )
