"""From each person's influence to an error, and from an error to an `Estimate`."""

from __future__ import annotations

import numpy as np
from scipy import special

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, Estimate, Unit
from evalkit.statistics.adjustment.groups import Groups


def influence_error(influence: np.ndarray) -> float:
    """Standard error of a mean of influences: √Σφ² / n."""
    return float(np.sqrt(influence @ influence) / len(influence))


def difference_estimate(
    groups: Groups,
    value: float,
    error: float,
    *,
    measure: str,
    method: str,
    unit: Unit,
    confidence_level: float,
    limits: tuple[float, float] | None = None,
) -> Estimate:
    """A difference with its interval and the persons of both groups.

    Normal theory on the error, unless ``limits`` are given.

    Raises:
        CannotBeComputed: ``no_overlap`` for shares that a model, led far from its persons, sets
            more than one apart.
    """
    check_option("unit", unit, Unit)
    half = float(-special.ndtri((1 - confidence_level) / 2)) * error
    is_share = groups.outcome.min() >= 0 and groups.outcome.max() <= 1
    furthest = 1.0 if is_share else np.inf
    if abs(value) > furthest:
        raise CannotBeComputed("no_overlap", n=groups.n)
    n_treated = int(groups.treated.sum())
    low, high = limits or (value - half, value + half)
    return Estimate(
        measure=measure,
        value=value,
        low=max(low, -furthest),
        high=min(high, furthest),
        unit=unit,
        method=method,
        confidence_level=confidence_level,
        n=groups.n,
        cells=(n_treated, groups.n - n_treated),
    )
