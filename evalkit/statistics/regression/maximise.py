"""Newton–Raphson for a log-likelihood, and an honest word about what it cannot estimate.

Columns are expected to be scaled to at most about one in size, so that a step in a
parameter is (a bound on) the change of somebody's linear predictor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from evalkit.results import CannotBeComputed

MOST_ITERATIONS = 80
MOST_HALVINGS = 30
DECREMENT_AT_THE_TOP = 1e-16
"""Twice the likelihood still to be won: a last step of 1e-8 standard errors."""
DECREMENT_IN_ROUNDING = 1e-9
STEPS_BEFORE_ROUNDING = 20
"""After so many steps, a decrement this small is rounding that no step will remove."""
ROUNDING = 1e-10
"""Relative fall of the likelihood that a step may show from rounding alone."""
DECREMENT_ON_A_PLATEAU = 1e-7
STEP_ON_A_PLATEAU = 0.01
"""Where the likelihood is flat to 1e-7, a step this long needs a standard error above 30."""
STEPS_TO_INFINITY = 5
"""Each Newton step along a diverging direction shrinks the 1e-7 that is left by e. Much
further out, risks differ so much that sums of them lose the smaller ones."""
COLLINEAR = 1e-10
"""Share of a column's information that is its own, below which it is a copy of the others."""

COLLINEAR_REASON = "collinear"
SEPARATION_REASON = "separation"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A log-likelihood at a point with its gradient and minus its second derivatives."""

    log_likelihood: float
    score: np.ndarray
    information: np.ndarray


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where a log-likelihood is largest.

    Attributes:
        parameters: Estimates; a parameter that cannot be estimated stands at 0 (collinear)
            or where the likelihood no longer changes (separation).
        reasons: Empty for an estimated parameter, else ``collinear`` or ``separation``.
        start: The evaluation at the starting point.
        information: At the maximum, all parameters.
    """

    parameters: np.ndarray
    log_likelihood: float
    information: np.ndarray
    start: Evaluation
    reasons: tuple[str, ...]

    @property
    def is_estimated(self) -> np.ndarray:
        return np.array([not reason for reason in self.reasons], dtype=bool)

    @property
    def covariance(self) -> np.ndarray:
        """Inverse information of the estimated parameters; 0 in the other rows and columns."""
        return inverse_within(self.information, self.is_estimated)


def maximise(
    evaluate: Callable[[np.ndarray], Evaluation],
    start: np.ndarray,
    *,
    weight: float = 1.0,
) -> Maximum:
    """Maximises a log-likelihood by Newton–Raphson with step halving.

    Parameters whose column is a linear combination of earlier ones are left out
    ("collinear"). Parameters that run towards infinity while the likelihood has stopped
    rising (monotone likelihood, Bryson and Johnson 1981; separation, Albert and Anderson
    1984) are pushed to where they no longer matter and held there ("separation"); the
    others are then maximised to the end, so they hold the limit of the likelihood.

    Args:
        evaluate: Log-likelihood, score and information at a parameter vector.
        start: Starting point, ``(p,)``.
        weight: Mean weight of a row: how much likelihood is little depends on it.

    Raises:
        CannotBeComputed: ``no_convergence`` after ``MOST_ITERATIONS`` steps, or where the
            likelihood is not finite.
    """
    first = evaluate(start)
    if not (np.isfinite(first.log_likelihood) and np.isfinite(first.information).all()):
        raise CannotBeComputed("no_convergence", iterations=0)
    free = _independent(first.information)
    reasons = ["" if kept else COLLINEAR_REASON for kept in free]
    point, here = start.astype(float), first
    for steps in range(MOST_ITERATIONS):
        step = _newton_step(here, free)
        decrement = float(step @ here.score) / weight
        diverging = free & (np.abs(step) > STEP_ON_A_PLATEAU)
        if decrement < DECREMENT_ON_A_PLATEAU and diverging.any():
            point = point + np.where(diverging, STEPS_TO_INFINITY * step, 0.0)
            free = free & ~diverging
            reasons = [
                SEPARATION_REASON if d else r for d, r in zip(diverging, reasons, strict=True)
            ]
            here = evaluate(point)
        elif _is_the_top(decrement, steps):
            top = here.log_likelihood + weight * decrement / 2
            return Maximum(point + step, top, here.information, first, tuple(reasons))
        else:
            point, here = _uphill(evaluate, point, step, here)
    raise CannotBeComputed("no_convergence", iterations=MOST_ITERATIONS)


def inverse_within(matrix: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Inverse of the chosen rows and columns of a symmetric matrix, zero elsewhere."""
    inverse = np.zeros_like(matrix)
    if chosen.any():
        inverse[np.ix_(chosen, chosen)] = linalg.pinvh(matrix[np.ix_(chosen, chosen)])
    return inverse


def quadratic_form(vector: np.ndarray, matrix: np.ndarray, chosen: np.ndarray) -> float:
    """``u' M⁻¹ u`` over the chosen positions, the shape of Wald and score statistics."""
    if not chosen.any():
        return 0.0
    within = matrix[np.ix_(chosen, chosen)]
    return float(vector[chosen] @ linalg.lstsq(within, vector[chosen])[0])


def _is_the_top(decrement: float, steps: int) -> bool:
    rounding = steps >= STEPS_BEFORE_ROUNDING and decrement <= DECREMENT_IN_ROUNDING
    return rounding or decrement <= DECREMENT_AT_THE_TOP


def _newton_step(here: Evaluation, free: np.ndarray) -> np.ndarray:
    """The Newton step among free parameters; bent towards the gradient off the concave part."""
    step = np.zeros_like(here.score)
    if not free.any():
        return step
    information = here.information[np.ix_(free, free)]
    ridge = 0.0
    size = max(float(np.abs(np.diag(information)).max()), np.finfo(float).tiny)
    while True:
        try:
            factor = linalg.cho_factor(information + ridge * np.eye(len(information)))
        except linalg.LinAlgError:
            ridge = max(10 * ridge, 1e-12 * size)
            continue
        step[free] = linalg.cho_solve(factor, here.score[free])
        return step


def _uphill(
    evaluate: Callable[[np.ndarray], Evaluation],
    point: np.ndarray,
    step: np.ndarray,
    here: Evaluation,
) -> tuple[np.ndarray, Evaluation]:
    """The step, halved until the likelihood does not fall beyond rounding."""
    slack = ROUNDING * max(1.0, abs(here.log_likelihood))
    for halving in range(MOST_HALVINGS):
        there = evaluate(point + step / 2**halving)
        if (
            np.isfinite(there.log_likelihood)
            and np.isfinite(there.information).all()
            and there.log_likelihood >= here.log_likelihood - slack
        ):
            return point + step / 2**halving, there
    raise CannotBeComputed("no_convergence", iterations=MOST_HALVINGS)


def _independent(information: np.ndarray) -> np.ndarray:
    """Which columns add information beyond the columns before them (Cholesky by hand)."""
    left = np.array(information, dtype=float)
    own = np.diag(information).copy()
    largest = own.max(initial=0.0)
    kept = np.zeros(len(left), dtype=bool)
    for j in range(len(left)):
        if left[j, j] <= COLLINEAR * own[j] or own[j] <= 1e-14 * largest:
            continue
        kept[j] = True
        ratio = left[:, j] / left[j, j]
        left = left - np.outer(ratio, left[j])
    return kept
