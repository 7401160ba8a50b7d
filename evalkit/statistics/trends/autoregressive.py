"""Lines whose residuals follow the month before, by exact maximum likelihood.

Own: statsmodels' GLSAR is Cochrane and Orcutt's estimator; in short series the errors of the
restricted likelihood are the ones that hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize

from evalkit.options import check_option
from evalkit.statistics.trends.least_squares import (
    LeastSquares,
    classical_covariance,
    least_squares,
)

Likelihood = Literal["full", "restricted"]
_LARGEST = 0.9999
_CLOSE = 1e-13


@dataclass(frozen=True, slots=True)
class AutoregressiveLine:
    """A line with residuals e(t) = ρ e(t − 1) + noise.

    Attributes:
        names, coefficients: As of the line that was given.
        covariance: Of the coefficients, ρ taken as known.
        autocorrelation: ρ.
        log_likelihood: Of normal noise.
    """

    names: tuple[str, ...]
    coefficients: np.ndarray
    covariance: np.ndarray
    autocorrelation: float
    log_likelihood: float


def autoregressive_line(
    line: LeastSquares, *, likelihood: Likelihood = "full"
) -> AutoregressiveLine:
    """First-order autoregressive residuals by exact maximum likelihood.

    Beach and MacKinnon (1978), Econometrica 46:51; as ``nlme::gls(correlation = corAR1(),
    method = "ML")`` in R. The likelihood is profiled: for each ρ the line is least squares of
    the transformed rows. The restricted likelihood allows for the coefficients that are fitted
    too; in short series its errors are the ones that hold best (Turner et al. 2021, BMC Medical
    Research Methodology 21:181).
    """
    check_option("likelihood", likelihood, Likelihood)

    def minus(autocorrelation: float) -> float:
        whitened = _whitened(line, autocorrelation)
        if likelihood == "restricted":
            return -_restricted_log_likelihood(whitened, autocorrelation)
        return -_log_likelihood(whitened, autocorrelation)

    found = float(optimize.fminbound(minus, -_LARGEST, _LARGEST, xtol=_CLOSE))
    return line_with_autocorrelation(line, _refined(minus, found))


def line_with_autocorrelation(line: LeastSquares, autocorrelation: float) -> AutoregressiveLine:
    """The line of highest likelihood for a given ρ between −1 and 1."""
    return _made(_whitened(line, autocorrelation), autocorrelation)


def _whitened(line: LeastSquares, autocorrelation: float) -> LeastSquares:
    """Prais and Winsten's rows: the first scaled, the others less ρ times the one before."""
    rest = _quasi_differences(line, autocorrelation)
    first = np.sqrt(1 - autocorrelation**2)
    return least_squares(
        np.vstack([first * line.columns[:1], rest[0]]),
        np.r_[first * line.outcome[:1], rest[1]],
        names=line.names,
    )


def _quasi_differences(line: LeastSquares, rho: float) -> tuple[np.ndarray, np.ndarray]:
    return line.columns[1:] - rho * line.columns[:-1], line.outcome[1:] - rho * line.outcome[:-1]


def _log_likelihood(whitened: LeastSquares, autocorrelation: float) -> float:
    n = whitened.n
    variance = float(whitened.residuals @ whitened.residuals) / n
    determinant = 0.5 * float(np.log1p(-(autocorrelation**2)))
    return -0.5 * n * (float(np.log(2 * np.pi * variance)) + 1) + determinant


def _restricted_log_likelihood(whitened: LeastSquares, autocorrelation: float) -> float:
    """Up to a constant (Harville 1974): the errors' own part of the likelihood."""
    squares = float(whitened.residuals @ whitened.residuals)
    information = -float(np.linalg.slogdet(whitened.inverse)[1])
    determinant = 0.5 * float(np.log1p(-(autocorrelation**2)))
    return -0.5 * (whitened.degrees_of_freedom * float(np.log(squares)) + information) + determinant


def _refined(minus: Callable[[float], float], start: float, *, step: float = 1e-4) -> float:
    """A parabola through three points near the top: Brent's search stops at half the digits."""
    centre = start
    if abs(start) > _LARGEST - step:
        return start
    for _ in range(4):
        below, here, above = minus(centre - step), minus(centre), minus(centre + step)
        curvature = below - 2 * here + above
        if curvature <= 0:
            break
        centre += 0.5 * step * (below - above) / curvature
        if abs(centre) > _LARGEST - step:  # the top lies at the edge, where the search ended
            return start
    return centre


def _made(transformed: LeastSquares, autocorrelation: float) -> AutoregressiveLine:
    return AutoregressiveLine(
        names=transformed.names,
        coefficients=transformed.coefficients,
        covariance=classical_covariance(transformed),
        autocorrelation=autocorrelation,
        log_likelihood=_log_likelihood(transformed, autocorrelation),
    )
