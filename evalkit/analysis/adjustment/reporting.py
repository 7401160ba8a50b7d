"""From each person's influence to an error, and from an error to an `Estimate`."""

from __future__ import annotations

import numpy as np
from scipy import stats

from evalkit.analysis.adjustment.groups import Groups
from evalkit.results import Estimate, Unit


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
) -> Estimate:
    """A difference with its normal-theory interval and the persons of both groups."""
    half = float(stats.norm.isf((1 - confidence_level) / 2)) * error
    n_treated = int(groups.treated.sum())
    return Estimate(
        measure=measure,
        value=value,
        low=value - half,
        high=value + half,
        unit=unit,
        method=method,
        confidence_level=confidence_level,
        n=groups.n,
        cells=(n_treated, groups.n - n_treated),
    )
