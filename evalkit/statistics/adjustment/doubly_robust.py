"""Outcome models per group, alone (g-computation) and joined with the propensity (AIPW)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, ModelledDifference, Unit
from evalkit.statistics.adjustment.arm_means import ArmMean, difference_of_means
from evalkit.statistics.adjustment.groups import Groups
from evalkit.statistics.adjustment.weighting import balancing_weights
from evalkit.statistics.regression.maximise import inverse_within

Target = Literal["everyone", "treated"]


@dataclass(frozen=True, slots=True)
class _OutcomeModel:
    """Least squares within one group: predictions for all and influence on coefficients."""

    predicted: np.ndarray
    influence: np.ndarray


def modelled_difference(
    groups: Groups,
    *,
    target: Target = "everyone",
    unit: Unit = "share_difference",
    confidence_level: float = 0.95,
) -> ModelledDifference:
    """Mean difference of predictions from least squares in each group (g-computation).

    Args:
        groups: From `compare_groups`.
        target: Over whom the predictions are averaged.
        unit: Unit of the difference.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        CannotBeComputed: ``too_few_persons`` when a group is smaller than its model; as
            `weighted_difference`.
    """
    check_option("target", target, Target)
    check_option("unit", unit, Unit)
    share = _target_share(groups, target)
    one, zero = (_predicted_mean(groups, arm, share) for arm in (groups.treated, ~groups.treated))
    return _reported(groups, one, zero, target, "outcome_regression", unit, confidence_level)


def _predicted_mean(groups: Groups, members: np.ndarray, share: np.ndarray) -> ArmMean:
    """Mean over the target persons of what the model of one group predicts."""
    model = _outcome_model(groups, members)
    value = float(np.mean(share * model.predicted))
    known = share * (model.predicted - value)
    return ArmMean(value, known, known + groups.columns @ share / groups.n @ model.influence)


def doubly_robust_difference(
    groups: Groups,
    *,
    target: Target = "everyone",
    unit: Unit = "share_difference",
    confidence_level: float = 0.95,
) -> ModelledDifference:
    """Augmented inverse probability weighting (Robins, Rotnitzky and Zhao 1994).

    Right when either the propensity model or the outcome models are. The interval of an outcome
    of 0 or 1 is made as in `weighted_difference`, with the weights of the same target. Arguments
    and errors as there and in `modelled_difference`.
    """
    check_option("target", target, Target)
    check_option("unit", unit, Unit)
    one, zero = doubly_robust_means(groups, target=target)
    return _reported(groups, one, zero, target, "aipw", unit, confidence_level)


def doubly_robust_means(groups: Groups, *, target: Target = "everyone") -> tuple[ArmMean, ArmMean]:
    """The means that `doubly_robust_difference` is the difference of: with, then without."""
    check_option("target", target, Target)
    with_it = _augmented if target == "everyone" else _own_outcome
    without = _augmented if target == "everyone" else _augmented_for_treated
    return (
        _arm_mean(groups, groups.treated, with_it, target),
        _arm_mean(groups, ~groups.treated, without, target),
    )


# Each person's term, its slope by the outcome model's prediction and by the propensity's predictor.
_Pieces = tuple[np.ndarray, np.ndarray, np.ndarray]


def _arm_mean(
    groups: Groups,
    members: np.ndarray,
    pieces: Callable[[Groups, np.ndarray, np.ndarray], _Pieces],
    target: Target,
) -> ArmMean:
    model = _outcome_model(groups, members)
    terms, by_prediction, by_predictor = pieces(groups, members, model.predicted)
    value = float(terms.mean())
    known = terms - _target_share(groups, target) * value
    influence = known + (
        (groups.columns @ by_prediction / groups.n) @ model.influence
        + (groups.columns @ by_predictor / groups.n) @ groups.coefficient_influence
    )
    return ArmMean(value, known, influence)


def _augmented(groups: Groups, members: np.ndarray, predicted: np.ndarray) -> _Pieces:
    """For everyone: the prediction, and what the group's own members deviate from it."""
    inside = members.astype(float)
    sign = 1.0 if groups.treated[members][0] else -1.0
    weight = inside * (1 + np.exp(-sign * groups.log_odds))
    deviation = weight * (groups.outcome - predicted)
    other = special.expit(-sign * groups.log_odds)
    return predicted + deviation, 1 - weight, -sign * deviation * other


def _own_outcome(groups: Groups, members: np.ndarray, predicted: np.ndarray) -> _Pieces:
    """For the treated, with the programme: their own outcome, which needs no model."""
    none = np.zeros_like(predicted)
    return np.where(members, groups.outcome, 0.0) / groups.treated.mean(), none, none


def _augmented_for_treated(groups: Groups, members: np.ndarray, predicted: np.ndarray) -> _Pieces:
    """For the treated, without it: predictions, and the others' deviations at their odds."""
    odds = np.where(members, np.exp(np.where(members, groups.log_odds, 0.0)), 0.0)
    treated = groups.treated.astype(float)
    size = float(groups.treated.mean())
    deviation = odds * (groups.outcome - predicted) / size
    terms = treated * predicted / size + deviation
    return terms, (treated - odds) / size, deviation


def _outcome_model(groups: Groups, members: np.ndarray) -> _OutcomeModel:
    columns, y = groups.columns, groups.outcome
    inside = columns[:, members]
    cross = inside @ inside.T
    if members.sum() <= len(cross) or np.linalg.matrix_rank(cross) < len(cross):
        raise CannotBeComputed("too_few_persons", n=int(members.sum()))
    inverse = inverse_within(cross, np.ones(len(cross), dtype=bool))
    coefficients = inverse @ (inside @ y[members])
    predicted = coefficients @ columns
    residual = np.where(members, y - predicted, 0.0)
    return _OutcomeModel(predicted, groups.n * inverse @ (columns * residual))


def _target_share(groups: Groups, target: Target) -> np.ndarray:
    """Weights with mean one that average over the target persons."""
    if target == "everyone":
        return np.ones(groups.n)
    return np.asarray(groups.treated / groups.treated.mean())


def _reported(
    groups: Groups,
    one: ArmMean,
    zero: ArmMean,
    target: Target,
    method: str,
    unit: Unit,
    confidence_level: float,
) -> ModelledDifference:
    difference, error, error_known = difference_of_means(
        groups,
        one,
        zero,
        balancing_weights(groups, target=target),
        measure=f"adjusted_difference_{target}",
        method=method,
        unit=unit,
        confidence_level=confidence_level,
    )
    return ModelledDifference(
        difference=difference, standard_error=error, standard_error_models_known=error_known
    )
