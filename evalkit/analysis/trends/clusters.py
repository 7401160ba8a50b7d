"""Standard errors when the rows of one area belong together: CR0, CR1 and CR2.

CR2 with Satterthwaite's degrees of freedom is the one to trust with few areas; with one
treated area none of them holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from evalkit.analysis.trends.least_squares import LeastSquares

_SINGULAR = 1e-12


@dataclass(frozen=True, slots=True)
class ClusterErrors:
    """Standard errors per coefficient, with the degrees of freedom of their t distribution."""

    standard_errors: np.ndarray
    degrees_of_freedom: np.ndarray

    def p_values(self, coefficients: np.ndarray) -> np.ndarray:
        """Two-sided, against nought."""
        statistic = np.abs(coefficients) / self.standard_errors
        return np.asarray(2 * stats.t.sf(statistic, self.degrees_of_freedom))


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
    sums = np.zeros((count, line.rank))
    np.add.at(sums, place, line.scores)
    factor = 1.0
    if absorbed is not None:
        factor = count / (count - 1) * (line.n - 1) / (line.n - line.rank + absorbed)
    return np.asarray(factor * line.inverse @ (sums.T @ sums) @ line.inverse)


def bias_reduced_errors(
    line: LeastSquares, clusters: np.ndarray, *, chosen: list[int]
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
    """
    directions = line.inverse[:, chosen]  # (p, k)
    variance = np.zeros(len(chosen))
    spread = []
    for members in _members(clusters):
        own = line.columns[members]
        weight = _inverse_root(np.eye(len(own)) - own @ line.inverse @ own.T)
        loading = weight @ own @ directions  # (members, k)
        variance += (line.residuals[members] @ loading) ** 2
        path = -line.columns @ (line.inverse @ (own.T @ loading))
        path[members] += loading
        spread.append(path)
    paths = np.stack(spread)  # (clusters, n, k)
    degrees = []
    for position in range(len(chosen)):
        inner = paths[:, :, position] @ paths[:, :, position].T
        degrees.append(float(np.trace(inner) ** 2 / np.sum(inner**2)))
    return ClusterErrors(np.sqrt(variance), np.array(degrees))


def _members(clusters: np.ndarray) -> list[np.ndarray]:
    return [np.flatnonzero(clusters == one) for one in np.unique(clusters)]


def _inverse_root(matrix: np.ndarray) -> np.ndarray:
    """Symmetric, and nought along directions that the fixed effects of the cluster use up."""
    values, vectors = np.linalg.eigh(matrix)
    powers = np.where(values > _SINGULAR, np.clip(values, _SINGULAR, None) ** -0.5, 0.0)
    return np.asarray((vectors * powers) @ vectors.T)
