"""A line for shares from counts: logit of k out of n in each period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from evalkit.results import CannotBeComputed

_ITERATIONS = 50
_CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class BinomialLine:
    """A fitted logistic line; ``scores`` and ``inverse`` are what Newey–West errors need."""

    names: tuple[str, ...]
    coefficients: np.ndarray
    inverse: np.ndarray
    scores: np.ndarray


def binomial_line(
    columns: np.ndarray, events: np.ndarray, n: np.ndarray, *, names: Sequence[str]
) -> BinomialLine:
    """Logistic regression of counts by iteratively reweighted least squares.

    Nelder and Wedderburn (1972). ``inverse`` is the model covariance (dispersion 1).

    Args:
        columns: ``(periods, p)`` with the intercept among them.
        events: Persons with the outcome, per period.
        n: Persons, per period.
        names: Of the columns.

    Raises:
        CannotBeComputed: ``no_persons`` for a period without any; ``no_convergence`` where
            the likelihood has no top, for example with no events at all.
    """
    if not np.all(n > 0):
        raise CannotBeComputed("no_persons")
    coefficients = np.zeros(columns.shape[1])
    for _ in range(_ITERATIONS):
        share = expit(columns @ coefficients)
        information = (columns * (n * share * (1 - share))[:, None]).T @ columns
        if np.linalg.cond(information) > 1 / _CLOSE:
            break
        step = np.linalg.solve(information, columns.T @ (events - n * share))
        coefficients = coefficients + step
        if float(np.abs(step).max()) < _CLOSE * (1 + float(np.abs(coefficients).max())):
            return BinomialLine(
                names=tuple(names),
                coefficients=coefficients,
                inverse=np.linalg.inv(information),
                scores=columns * (events - n * share)[:, None],
            )
    raise CannotBeComputed("no_convergence")
