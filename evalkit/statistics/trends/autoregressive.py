"""Lines whose residuals follow the month before: restricted likelihood, and statsmodels' errors.

Own: statsmodels' GLSAR is Cochrane and Orcutt's estimator; in short series the errors of the
restricted likelihood are the ones that hold.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from evalkit.results import CannotBeComputed, TestResult
from evalkit.statistics.trends.least_squares import (
    LeastSquares,
    classical_covariance,
    least_squares,
)

_LARGEST = 0.9999
_CLOSE = 1e-13


@dataclass(frozen=True, slots=True)
class AutoregressiveLine:
    """A line with residuals e(t) = ρ e(t − 1) + noise.

    Attributes:
        names, coefficients: As of the line that was given.
        covariance: Of the coefficients, ρ taken as known.
        autocorrelation: ρ.
    """

    names: tuple[str, ...]
    coefficients: np.ndarray
    covariance: np.ndarray
    autocorrelation: float


def autoregressive_line(line: LeastSquares) -> AutoregressiveLine:
    """First-order autoregressive residuals by restricted maximum likelihood.

    As ``nlme::gls(correlation = corAR1(), method = "REML")`` in R. The likelihood is profiled: for
    each ρ the line is least squares of the transformed rows (Beach and MacKinnon 1978,
    Econometrica 46:51). It allows for the coefficients that are fitted too; in short series its
    errors are the ones that hold best (Turner et al. 2021, BMC Medical Research Methodology
    21:181).
    """

    def minus(autocorrelation: float) -> float:
        return -_log_likelihood(_whitened(line, autocorrelation), autocorrelation)

    found = float(optimize.fminbound(minus, -_LARGEST, _LARGEST, xtol=_CLOSE))
    return line_with_autocorrelation(line, _refined(minus, found))


def line_with_autocorrelation(line: LeastSquares, autocorrelation: float) -> AutoregressiveLine:
    """The line of highest likelihood for a given ρ between −1 and 1."""
    transformed = _whitened(line, autocorrelation)
    return AutoregressiveLine(
        names=transformed.names,
        coefficients=transformed.coefficients,
        covariance=classical_covariance(transformed),
        autocorrelation=autocorrelation,
    )


def _whitened(line: LeastSquares, autocorrelation: float) -> LeastSquares:
    """Prais and Winsten's rows: the first scaled, the others less ρ times the one before."""
    rest = (
        line.columns[1:] - autocorrelation * line.columns[:-1],
        line.outcome[1:] - autocorrelation * line.outcome[:-1],
    )
    first = np.sqrt(1 - autocorrelation**2)
    return least_squares(
        np.vstack([first * line.columns[:1], rest[0]]),
        np.r_[first * line.outcome[:1], rest[1]],
        names=line.names,
    )


def _log_likelihood(whitened: LeastSquares, autocorrelation: float) -> float:
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


_PLUG_IN = (4, 100, 2 / 9)


def newey_west_covariance(line: LeastSquares, *, lag: int, is_adjusted: bool = True) -> np.ndarray:
    """Covariance of coefficients whose rows hang together over a few periods.

    Newey and West (1987), Econometrica 55:703, with Bartlett weights 1 − j/(lag + 1) and no
    prewhitening, as ``sandwich::NeweyWest(prewhite = FALSE)`` in R.

    Args:
        line: The fitted line, its rows in the order of time.
        lag: Periods that hang together.
        is_adjusted: Whether to multiply by n/(n − p).

    Raises:
        CannotBeComputed: ``too_few_periods_for_model`` when the lag is not below n.
    """
    if lag >= line.n:
        raise CannotBeComputed("too_few_periods_for_model", n=line.n, columns=lag)
    from statsmodels.stats.sandwich_covariance import cov_hac_simple

    return np.asarray(cov_hac_simple(line.ordinary, nlags=lag, use_correction=is_adjusted))


def usual_lag(n: int) -> int:
    """The lag of Newey and West's (1994) plug-in rule, 4(n/100)^(2/9).

    >>> usual_lag(48), usual_lag(100)
    (3, 4)
    """
    factor, hundred, power = _PLUG_IN
    return math.floor(factor * float((n / hundred) ** power))


def first_autocorrelation(residuals: np.ndarray) -> float:
    """Correlation of each residual with the one before it."""
    centred = residuals - residuals.mean()
    return float(centred[1:] @ centred[:-1] / (centred @ centred))


def breusch_godfrey(line: LeastSquares, *, order: int = 1) -> TestResult:
    """Lagrange multiplier test of serial correlation up to an order (Breusch 1978, Godfrey 1978).

    Residuals before the first count as zero, as ``lmtest::bgtest``.
    """
    from statsmodels.stats.diagnostic import acorr_breusch_godfrey

    found = acorr_breusch_godfrey(line.ordinary, nlags=order, result_object=True)
    return TestResult(
        name="breusch_godfrey",
        statistic=float(found[0]),
        degrees_of_freedom=float(order),
        p_value=float(found[1]),
        n=line.n,
        cells=(),
    )
