"""What a group's mean would be for the same persons: value, each person's influence, interval.

Wald's interval has no width where everyone has the outcome: an adjusted figure then looked
surer than the plain one. Here each group's mean is a share of as many persons as its variance
says, never more than its weights are worth, and the two are joined.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, Estimate, Unit
from evalkit.statistics.adjustment.groups import Groups
from evalkit.statistics.shares.proportions import Ranged, effective_number, mover, wilson_at
from evalkit.statistics.shares.share_counts import normal_quantile


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
        CannotBeComputed: ``ratio_undefined`` unless both means are above zero;
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
    # All of one group and nobody of the other are one apart, but for rounding.
    if abs(value) > furthest + 1e-9:
        raise CannotBeComputed("no_overlap", n=groups.n)
    value = min(max(value, -furthest), furthest)
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


FEWEST_EFFECTIVE = 5
"""Below this Kish's number was not simulated, and weights of so few say nothing."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A group's adjusted share.

    ``variance`` counts every model as estimated, ``kish`` is (Σw)²/Σw² of the group's weights.
    """

    mean: float
    variance: float
    kish: float

    @property
    def effective(self) -> float:
        """Persons the share is worth: by its variance, at most by its weights."""
        return effective_number(self.mean, self.variance, cap=self.kish)

    def limits(self, z: float) -> Ranged:
        return wilson_at(self.mean, self.effective, z)


def arms_of(groups: Groups, one: ArmMean, zero: ArmMean, weights: np.ndarray) -> tuple[Arm, Arm]:
    """Both groups' adjusted shares, with the programme first."""
    made = []
    for mean, members in ((one, groups.treated), (zero, ~groups.treated)):
        own = weights[members]
        variance = float(mean.influence @ mean.influence) / groups.n**2
        made.append(Arm(mean.value, variance, float(own.sum() ** 2 / (own @ own))))
    return made[0], made[1]


def arms_limits(groups: Groups, arms: tuple[Arm, Arm], z: float) -> tuple[float, float] | None:
    """Limits of the difference by MOVER; ``None`` where the outcome is not 0 or 1.

    In simulations of 12–60 participants at 85–97 % they hold the truth in 93–97 % of samples,
    where Wald's did in 68–93 %: see ``docs/en/estimates.md``.

    Raises:
        CannotBeComputed: ``same_outcome_in_both`` when all, or nobody, in both groups have the
            outcome; ``too_few_effective`` when a group's weights are worth under five persons.
    """
    if not is_share(groups.outcome):
        return None
    refuse_same_outcome(groups)
    fewest = min(arm.kish for arm in arms)
    if fewest < FEWEST_EFFECTIVE:
        raise CannotBeComputed(
            "too_few_effective", n=groups.n, effective=fewest, needed=FEWEST_EFFECTIVE
        )
    one, zero = arms
    found = mover(one.limits(z), zero.limits(z))
    # A mean that a model leads outside 0–1 is set inside for its limits, not for the value.
    shift = one.mean - zero.mean - found.value
    return found.low + shift, found.high + shift


def is_share(outcome: np.ndarray) -> bool:
    """Whether every outcome is 0 or 1."""
    return bool(((outcome == 0) | (outcome == 1)).all())


def refuse_same_outcome(groups: Groups) -> None:
    """Nobody, or everyone, in both groups: two shares and no difference."""
    if groups.outcome.min() == groups.outcome.max():
        raise CannotBeComputed("same_outcome_in_both", n=groups.n)


def difference_of_means(
    groups: Groups,
    one: ArmMean,
    zero: ArmMean,
    weights: np.ndarray,
    *,
    measure: str,
    method: str,
    unit: Unit,
    confidence_level: float,
) -> tuple[Estimate, float, float]:
    """The difference of two adjusted means; its error, and that with the models as known."""
    check_option("unit", unit, Unit)
    error = influence_error(one.influence - zero.influence)
    arms = arms_of(groups, one, zero, weights)
    estimate = difference_estimate(
        groups,
        one.value - zero.value,
        error,
        measure=measure,
        method=method,
        unit=unit,
        confidence_level=confidence_level,
        limits=arms_limits(groups, arms, normal_quantile(confidence_level)),
    )
    return estimate, error, influence_error(one.known - zero.known)
