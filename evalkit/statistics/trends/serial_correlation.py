"""Values of one month resemble those of the month before: errors and tests that know it."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from evalkit.results import CannotBeComputed, TestResult
from evalkit.statistics.trends.least_squares import LeastSquares, least_squares

_PLUG_IN = (4, 100, 2 / 9)


def newey_west_covariance(
    scores: np.ndarray, inverse: np.ndarray, *, lag: int, is_adjusted: bool = True
) -> np.ndarray:
    """Covariance of coefficients whose rows hang together over a few periods.

    Newey and West (1987), Econometrica 55:703, with Bartlett weights 1 − j/(lag + 1) and no
    prewhitening, as ``sandwich::NeweyWest(prewhite = FALSE)`` in R.

    Args:
        scores: ``(n, p)`` in the order of time.
        inverse: ``(p, p)`` inverse information.
        lag: Periods that hang together.
        is_adjusted: Whether to multiply by n/(n − p).

    Raises:
        CannotBeComputed: ``too_few_periods_for_model`` when the lag is not below n.
    """
    n, p = scores.shape
    if lag >= n or n <= p:
        raise CannotBeComputed("too_few_periods_for_model", n=n, columns=max(p, lag))
    middle = scores.T @ scores
    for distance in range(1, lag + 1):
        together = scores[distance:].T @ scores[:-distance]
        middle = middle + (1 - distance / (lag + 1)) * (together + together.T)
    factor = n / (n - p) if is_adjusted else 1.0
    return np.asarray(factor * inverse @ middle @ inverse)


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
    residuals = line.residuals
    earlier = [np.r_[np.zeros(j), residuals[:-j]] for j in range(1, order + 1)]
    names = [*line.names, *(f"lag {j}" for j in range(1, order + 1))]
    explained = least_squares(
        np.column_stack([line.columns, *earlier]), residuals, names=names
    ).residuals
    statistic = line.n * (1 - float(explained @ explained) / float(residuals @ residuals))
    return TestResult(
        name="breusch_godfrey",
        statistic=statistic,
        degrees_of_freedom=float(order),
        p_value=float(stats.chi2.sf(statistic, order)),
        n=line.n,
        cells=(),
    )
