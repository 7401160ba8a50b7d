"""Outcome models per group, alone (g-computation) and joined with the propensity (AIPW)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from evalkit.analysis.adjustment.groups import Groups
from evalkit.analysis.adjustment.reporting import difference_estimate, influence_error
from evalkit.analysis.regression.maximise import inverse_within
from evalkit.results import CannotBeComputed, Estimate, Unit

Target = Literal["everyone", "treated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelledDifference:
    """A difference that rests on outcome models.

    ``standard_error`` counts every model as estimated; ``standard_error_models_known`` is
    the usual one of AIPW, right when both models are.
    """

    difference: Estimate
    standard_error: float
    standard_error_models_known: float


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
        CannotBeComputed: ``too_few_persons`` when a group is smaller than its model.
    """
    one, zero = _outcome_model(groups, groups.treated), _outcome_model(groups, ~groups.treated)
    share = _target_share(groups, target)
    gap = one.predicted - zero.predicted
    value = float(np.mean(share * gap))
    known = share * (gap - value)
    mean_row = groups.columns @ share / groups.n
    influence = known + mean_row @ (one.influence - zero.influence)
    return _reported(
        groups, value, known, influence, target, "outcome_regression", unit, confidence_level
    )


def doubly_robust_difference(
    groups: Groups,
    *,
    target: Target = "everyone",
    unit: Unit = "share_difference",
    confidence_level: float = 0.95,
) -> ModelledDifference:
    """Augmented inverse probability weighting (Robins, Rotnitzky and Zhao 1994).

    Right when either the propensity model or the outcome models are. Arguments and errors
    as `modelled_difference`.
    """
    one, zero = _outcome_model(groups, groups.treated), _outcome_model(groups, ~groups.treated)
    pieces = _augmented if target == "everyone" else _augmented_treated
    terms, by_one, by_zero, by_predictor = pieces(groups, one.predicted, zero.predicted)
    share = _target_share(groups, target)
    value = float(terms.mean())
    known = terms - share * value
    influence = known + (
        (groups.columns @ by_one / groups.n) @ one.influence
        + (groups.columns @ by_zero / groups.n) @ zero.influence
        + (groups.columns @ by_predictor / groups.n) @ groups.coefficient_influence
    )
    return _reported(groups, value, known, influence, target, "aipw", unit, confidence_level)


def _augmented(
    groups: Groups, m1: np.ndarray, m0: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Each person's term for everyone, and its slopes by both predictions and the propensity."""
    t, e, y = groups.treated.astype(float), groups.propensity, groups.outcome
    first, second = t * (y - m1), (1 - t) * (y - m0)
    terms = m1 - m0 + first / e - second / (1 - e)
    by_predictor = -first * (1 - e) / e - second * e / (1 - e)
    return terms, 1 - t / e, (1 - t) / (1 - e) - 1, by_predictor


def _augmented_treated(
    groups: Groups, m1: np.ndarray, m0: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The same for the treated, whose own outcome needs no model."""
    t, e, y = groups.treated.astype(float), groups.propensity, groups.outcome
    odds, size = e / (1 - e), float(groups.treated.mean())
    second = (1 - t) * odds * (y - m0)
    terms = (t * (y - m0) - second) / size
    return terms, np.zeros_like(m1), ((1 - t) * odds - t) / size, -second / size


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
    value: float,
    known: np.ndarray,
    influence: np.ndarray,
    target: Target,
    method: str,
    unit: Unit,
    confidence_level: float,
) -> ModelledDifference:
    error = influence_error(influence)
    return ModelledDifference(
        difference=difference_estimate(
            groups,
            value,
            error,
            measure=f"adjusted_difference_{target}",
            method=method,
            unit=unit,
            confidence_level=confidence_level,
        ),
        standard_error=error,
        standard_error_models_known=influence_error(known),
    )
