"""Values of one month resemble those of the month before: statsmodels' errors and test."""

from __future__ import annotations

import math

import numpy as np

from evalkit.results import CannotBeComputed, TestResult
from evalkit.statistics.trends.least_squares import LeastSquares

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

    Residuals before the first count as nought, as ``lmtest::bgtest``.
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
