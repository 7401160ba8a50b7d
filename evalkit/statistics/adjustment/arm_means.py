"""What a group's mean would be for the same persons: value and each person's influence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.adjustment.groups import Groups
from evalkit.statistics.adjustment.reporting import influence_error


@dataclass(frozen=True, slots=True)
class ArmMean:
    """A mean with the programme, or without it.

    Attributes:
        value: The mean.
        known: ``(n,)`` each person's influence, every model taken as known.
        influence: ``(n,)`` the same, every model counted as estimated.
    """

    value: float
    known: np.ndarray
    influence: np.ndarray


def ratio_of_means(
    groups: Groups,
    one: ArmMean,
    zero: ArmMean,
    *,
    measure: str,
    method: str,
    confidence_level: float = 0.95,
) -> Estimate:
    """The ratio of two adjusted means, interval on the log scale by the delta method.

    Args:
        groups: The persons behind both.
        one: With the programme.
        zero: Without it.
        measure: Text key of what is estimated.
        method: Name of the estimator.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        CannotBeComputed: ``ratio_undefined`` unless both means are above nought;
            ``no_variation`` when everyone has the outcome in both groups.
    """
    if not (one.value > 0 and zero.value > 0):
        raise CannotBeComputed("ratio_undefined")
    ratio = one.value / zero.value
    error = influence_error(one.influence / one.value - zero.influence / zero.value)
    if error == 0:
        raise CannotBeComputed("no_variation")
    spread = float(np.exp(-special.ndtri((1 - confidence_level) / 2) * error))
    n_treated = int(groups.treated.sum())
    return Estimate(
        measure=measure,
        value=ratio,
        low=ratio / spread,
        high=ratio * spread,
        unit="ratio",
        method=method,
        confidence_level=confidence_level,
        n=groups.n,
        cells=(n_treated, groups.n - n_treated),
    )
