"""Ordinary least squares by statsmodels, with two things it has not.

Own: a column that the earlier ones explain is left out, as in R (statsmodels shares its effect
between the copies), and effects taken out beforehand count as fitted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evalkit.results import CannotBeComputed

DEPENDENT = 1e-7
"""A column that the earlier ones explain but for this part of its length is left out, as in R."""


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """A fitted line.

    Attributes:
        names: Names of the columns kept.
        columns: ``(n, p)`` columns kept, none explained by the others.
        outcome: ``(n,)`` values.
        ordinary: statsmodels' results.
        n_effects: Effects taken out of columns and outcome beforehand; they count as fitted.
    """

    names: tuple[str, ...]
    columns: np.ndarray
    outcome: np.ndarray
    ordinary: Any  # untyped library
    n_effects: int = 0

    @property
    def coefficients(self) -> np.ndarray:
        """``(p,)``."""
        return np.asarray(self.ordinary.params)

    @property
    def inverse(self) -> np.ndarray:
        """``(p, p)`` inverse of the columns' cross-products."""
        return np.asarray(self.ordinary.normalized_cov_params)

    @property
    def n(self) -> int:
        return len(self.outcome)

    @property
    def rank(self) -> int:
        return len(self.names)

    @property
    def degrees_of_freedom(self) -> int:
        return self.n - self.rank - self.n_effects

    @property
    def residuals(self) -> np.ndarray:
        return np.asarray(self.ordinary.resid)

    @property
    def scores(self) -> np.ndarray:
        """``(n, p)`` what each row adds to the estimating equations."""
        return np.asarray(self.columns * self.residuals[:, None])

    @property
    def scale(self) -> float:
        """Residual standard deviation."""
        return float(np.sqrt(self.residuals @ self.residuals / self.degrees_of_freedom))

    def place(self, name: str) -> int:
        """Where a column stands among those kept."""
        return self.names.index(name)


def least_squares(
    columns: np.ndarray, outcome: np.ndarray, *, names: Sequence[str], n_effects: int = 0
) -> LeastSquares:
    """Ordinary least squares; a column that earlier ones explain is left out, as R's ``lm``.

    Args:
        columns: ``(n, p)`` with the intercept among them, unless effects were taken out.
        outcome: ``(n,)``.
        names: Of the columns.
        n_effects: See `LeastSquares`.

    Raises:
        CannotBeComputed: ``too_few_periods_for_model`` with no more rows than columns.

    >>> line = least_squares(np.array([[1., 0.], [1., 1.], [1., 2.]]), np.array([1., 3., 5.]),
    ...     names=["(Intercept)", "t"])
    >>> line.coefficients.round(6).tolist()
    [1.0, 2.0]
    """
    kept = _independent(columns)
    fitted = len(kept) + n_effects
    if len(outcome) <= fitted:
        raise CannotBeComputed("too_few_periods_for_model", n=len(outcome), columns=fitted)
    from statsmodels.regression.linear_model import OLS  # only those who draw lines pay for it

    chosen, values = columns[:, kept], np.asarray(outcome, dtype=float)
    return LeastSquares(
        names=tuple(names[i] for i in kept),
        columns=chosen,
        outcome=values,
        ordinary=OLS(values, chosen).fit(),
        n_effects=n_effects,
    )


def _independent(columns: np.ndarray) -> list[int]:
    """Positions of the columns that the earlier ones do not explain.

    Gram and Schmidt's, each column twice, which leaves nothing but rounding (Giraud, Langou and
    Rozložník 2005).
    """
    rows = np.array(columns.T, dtype=float, order="C")
    basis = np.empty_like(rows)
    kept: list[int] = []
    for position, column in enumerate(rows):
        found = basis[: len(kept)]
        rest = column - (found @ column) @ found
        rest = rest - (found @ rest) @ found
        length = float(np.linalg.norm(rest))
        if length > DEPENDENT * float(np.linalg.norm(column)):
            basis[len(kept)] = rest / length
            kept.append(position)
    return kept


def classical_covariance(line: LeastSquares) -> np.ndarray:
    """Of the coefficients, when residuals are alike and independent."""
    return np.asarray(line.inverse * line.scale**2)
