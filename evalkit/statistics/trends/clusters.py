"""Standard errors when the rows of one area belong together: CR0, CR1 and CR2.

CR2 with Satterthwaite's degrees of freedom is the one to trust with few areas; with one
treated area none of them holds. Own: no library has CR2, and statsmodels' CR1 does not know of
effects taken out beforehand, which costs the rows and not the square of areas and periods.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.statistics.sandwich import sandwich, score_products
from evalkit.statistics.trends.least_squares import LeastSquares

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
