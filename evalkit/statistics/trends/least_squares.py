"""Ordinary least squares by statsmodels, with standard errors by cluster: CR0, CR1 and CR2.

Own: a column that the earlier ones explain is left out, as in R (statsmodels shares its effect
between the copies), and effects taken out beforehand count as fitted. No library has CR2, which
with Satterthwaite's degrees of freedom is the one to trust with few areas; with one treated area
none holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from evalkit.results import CannotBeComputed
from evalkit.statistics.sandwich import sandwich, score_products

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


_SINGULAR = 1e-12


@dataclass(frozen=True, slots=True)
class ClusterErrors:
    """Standard errors per coefficient, with the degrees of freedom of their t distribution."""

    standard_errors: np.ndarray
    degrees_of_freedom: np.ndarray


def cluster_covariance(
    line: LeastSquares, clusters: np.ndarray, *, absorbed: int | None = 0
) -> np.ndarray:
    """Covariance of coefficients summed by cluster (Liang and Zeger 1986).

    Args:
        line: The fitted line.
        clusters: ``(n,)`` who belongs together.
        absorbed: Yes/no columns of units nested in clusters, left out of the count of
            coefficients: 0 is Stata's ``regress, cluster()`` (CR1), the number of unit
            dummies is ``xtreg`` and fixest. ``None`` for no small-sample factor at all (CR0).
    """
    _, place = np.unique(clusters, return_inverse=True)
    count = int(place.max()) + 1
    factor = 1.0
    if absorbed is not None:
        factor = count / (count - 1) * (line.n - 1) / (line.degrees_of_freedom + absorbed)
    return sandwich(line.inverse, score_products(line.scores.T, place), factor)


def bias_reduced_errors(
    line: LeastSquares,
    clusters: np.ndarray,
    *,
    chosen: list[int],
    effects: TwoWayEffects | None = None,
) -> ClusterErrors:
    """CR2 errors with Satterthwaite's degrees of freedom, for some coefficients.

    Bell and McCaffrey (2002); Pustejovsky and Tipton (2018), JBES 36:672: residuals of a
    cluster are multiplied by the symmetric inverse square root of its part of I − H, and the
    degrees of freedom are those of the variance under equal and independent residuals. As
    ``clubSandwich::vcovCR(type = "CR2")`` in R.

    Args:
        line: The fitted line.
        clusters: ``(n,)`` who belongs together.
        chosen: Positions of the coefficients wanted.
        effects: Those taken out of the line beforehand, if any were.
    """
    directions, residuals = line.inverse[:, chosen], line.residuals
    root = np.linalg.cholesky(line.inverse)
    variance = np.zeros(len(chosen))
    lengths, fitted = [], []
    for members in _members(clusters):
        own = line.columns[members]
        hat = own @ line.inverse @ own.T
        if effects is not None:
            hat = hat + effects.hat(members)
        loading = _inverse_root(np.eye(len(own)) - hat) @ own @ directions  # (members, k)
        variance += (residuals[members] @ loading) ** 2
        lengths.append(np.sum(loading**2, axis=0))
        along = [(own @ root).T @ loading]
        if effects is not None:
            along.append(np.column_stack([effects.spanned(members, one) for one in loading.T]))
        fitted.append(np.vstack(along))
    return ClusterErrors(np.sqrt(variance), _satterthwaite(np.stack(lengths), np.stack(fitted)))


def _satterthwaite(lengths: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    """Degrees of freedom of a sum of squares of the clusters' loadings on the residuals.

    Under equal and independent residuals two clusters' loadings have the covariance
    l'(I − H)m: I − H is a projection, so only what lies along the columns is taken away, and
    the loadings need not be written out over all rows.

    Args:
        lengths: ``(clusters, k)`` squared lengths of the loadings.
        fitted: ``(clusters, p, k)`` their coordinates along the columns.
    """
    degrees = []
    for length, along in zip(lengths.T, np.moveaxis(fitted, -1, 0), strict=True):
        inner = np.diag(length) - along @ along.T
        degrees.append(float(np.trace(inner) ** 2 / np.sum(inner**2)))
    return np.array(degrees)


def _members(clusters: np.ndarray) -> list[np.ndarray]:
    _, place, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
    return np.split(np.argsort(place, kind="stable"), np.cumsum(sizes)[:-1])


def _inverse_root(matrix: np.ndarray) -> np.ndarray:
    """Symmetric, and zero along directions that the fixed effects of the cluster use up."""
    values, vectors = np.linalg.eigh(matrix)
    powers = np.where(values > _SINGULAR, np.clip(values, _SINGULAR, None) ** -0.5, 0.0)
    return np.asarray((vectors * powers) @ vectors.T)


@dataclass(frozen=True, slots=True)
class TwoWayEffects:
    """Where each row stands in a panel with one row per area and period.

    Attributes:
        unit, period: ``(n,)`` numbers 0, 1 … of the row's area and period.
        n_units, n_periods: Their numbers; n is their product.
    """

    unit: np.ndarray
    period: np.ndarray
    n_units: int
    n_periods: int

    @property
    def count(self) -> int:
        """Coefficients that the effects use up, the intercept among them."""
        return self.n_units + self.n_periods - 1

    def taken_out(self, values: np.ndarray) -> np.ndarray:
        """``(n, k)`` less the means of their area and period, plus the mean of all.

        What least squares with both kinds of effects leaves (Frisch and Waugh 1933, Lovell
        1963); exact because every area has every period.
        """
        place = self.unit * self.n_periods + self.period
        table = np.asarray(values, dtype=float)[np.argsort(place)]
        cube = table.reshape(self.n_units, self.n_periods, -1)
        rest = cube - cube.mean(axis=1, keepdims=True)
        rest -= rest.mean(axis=0, keepdims=True)
        return np.asarray(rest.reshape(values.shape)[place])

    def hat(self, members: np.ndarray) -> np.ndarray:
        """``(m, m)`` the part of the hat matrix that the effects make, for some rows."""
        unit, period = self.unit[members], self.period[members]
        same_unit, same_period = (one[:, None] == one for one in (unit, period))
        n = self.n_units * self.n_periods
        return np.asarray(same_unit / self.n_periods + same_period / self.n_units - 1 / n)

    def spanned(self, members: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Coordinates along the effects of a vector with ``values`` at some rows, else zero."""
        by_unit = np.bincount(self.unit[members], values, minlength=self.n_units)
        by_period = np.bincount(self.period[members], values, minlength=self.n_periods)
        centred = by_period - by_period.mean()
        along = (by_unit / np.sqrt(self.n_periods), centred / np.sqrt(self.n_units))
        return np.concatenate(along)


def two_way_effects(frame: pd.DataFrame, *, unit: str, period: str) -> TwoWayEffects:
    """The effects of a panel that `check_panel` let through."""
    (units, n_units), (periods, n_periods) = (_numbered(frame[name]) for name in (unit, period))
    return TwoWayEffects(units, periods, n_units, n_periods)


def _numbered(labels: pd.Series) -> tuple[np.ndarray, int]:
    numbers, levels = pd.factorize(labels)
    return numbers, len(levels)
