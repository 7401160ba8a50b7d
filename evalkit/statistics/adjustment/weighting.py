"""Differences between groups weighted to be alike: inverse probability and overlap weights."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import special

from evalkit.options import check_option
from evalkit.results import Unit, WeightedDifference
from evalkit.statistics.adjustment.arm_means import ArmMean, difference_of_means
from evalkit.statistics.adjustment.groups import Groups

Target = Literal["everyone", "treated", "overlap"]


def balancing_weights(groups: Groups, *, target: Target = "everyone") -> np.ndarray:
    """Weights that make both groups resemble everyone, the treated, or those in between.

    ``everyone``: 1/e and 1/(1 − e). ``treated``: 1 and e/(1 − e). ``overlap``: 1 − e and e
    (Li, Morgan and Zaslavsky 2018), which lean on the persons who could have been in either.
    """
    check_option("target", target, Target)
    away = _away(groups)
    if target == "everyone":
        return np.asarray(1 + np.exp(away))
    if target == "treated":
        return np.asarray(np.exp(np.where(groups.treated, 0.0, away)))
    return np.asarray(special.expit(away))


def weighted_difference(
    groups: Groups,
    *,
    target: Target = "everyone",
    unit: Unit = "share_difference",
    confidence_level: float = 0.95,
) -> WeightedDifference:
    """Difference of weighted means, the propensity counted as estimated.

    Hájek means; errors from the stacked equations (Lunceford and Davidian 2004). The interval of
    an outcome of 0 or 1 joins Wilson's limits of both means, each worth as many persons as its
    variance and its weights say (`small_arm`); of other outcomes it is the error's.

    Args:
        groups: From `compare_groups`.
        target: For whom the difference is meant, see `balancing_weights`.
        unit: Unit of the difference.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        CannotBeComputed: ``same_outcome_in_both``, ``too_few_effective``, see `arms_limits`.
    """
    check_option("target", target, Target)
    check_option("unit", unit, Unit)
    weights = balancing_weights(groups, target=target)
    one, zero = weighted_means(groups, target=target)
    difference, error, error_known = difference_of_means(
        groups,
        one,
        zero,
        weights,
        measure=f"weighted_difference_{target}",
        method="inverse_probability_weighting" if target != "overlap" else "overlap_weighting",
        unit=unit,
        confidence_level=confidence_level,
    )
    return WeightedDifference(
        difference=difference,
        mean_treated=one.value,
        mean_control=zero.value,
        standard_error=error,
        standard_error_weights_known=error_known,
        effective_treated=effective_persons(weights[groups.treated]),
        effective_control=effective_persons(weights[~groups.treated]),
        largest_weight=float(weights.max()),
    )


def weighted_means(groups: Groups, *, target: Target = "everyone") -> tuple[ArmMean, ArmMean]:
    """The means that `weighted_difference` is the difference of: with, then without."""
    check_option("target", target, Target)
    weights = balancing_weights(groups, target=target)
    slope = _weight_slopes(groups, target)
    return (
        _weighted_mean(groups, groups.treated, weights, slope),
        _weighted_mean(groups, ~groups.treated, weights, slope),
    )


def effective_persons(weights: np.ndarray) -> float:
    """(Σw)² / Σw² (Kish 1965)."""
    return float(weights.sum() ** 2 / (weights @ weights))


def _weight_slopes(groups: Groups, target: Target) -> np.ndarray:
    """Derivative of each weight by the propensity model's predictor."""
    treated, away = groups.treated, _away(groups)
    if target == "treated":
        return np.asarray(np.where(treated, 0.0, np.exp(np.where(treated, 0.0, away))))
    slope = np.exp(away) if target == "everyone" else special.expit(away) * special.expit(-away)
    return np.asarray(np.where(treated, -slope, slope))


def _away(groups: Groups) -> np.ndarray:
    """Log odds of being in the group that the person is not in."""
    return np.asarray(np.where(groups.treated, -groups.log_odds, groups.log_odds))


def _weighted_mean(
    groups: Groups, members: np.ndarray, weights: np.ndarray, slopes: np.ndarray
) -> ArmMean:
    """A group's weighted mean and each person's influence, weights known and estimated."""
    inside = np.where(members, weights, 0.0)
    mean = float(inside @ groups.outcome / inside.sum())
    residual = np.where(members, groups.outcome - mean, 0.0)
    known = inside * residual / inside.mean()
    by_coefficients = groups.columns @ (slopes * residual) / inside.sum()
    return ArmMean(mean, known, known + by_coefficients @ groups.coefficient_influence)
