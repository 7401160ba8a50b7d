"""Interrupted time series: whether the level or the slope changed when something began.

Own: residuals that follow the month before, by restricted likelihood, whose errors hold in
short series; statsmodels' GLSAR is Cochrane and Orcutt's estimator.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import optimize

from evalkit.options import check_option
from evalkit.results import AreaSeries, CannotBeComputed, Estimate, SegmentedTrend, TestResult
from evalkit.statistics.means import t_estimate
from evalkit.statistics.trends.aligned import aligned, break_place
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


FEWEST_PERIODS = 8
"""On either side of the break (Penfold and Zhang 2013, Academic Pediatrics 13:S38)."""
Errors = Literal["autoregressive", "newey_west"]
EXACT = 1e-10
"""A line that meets every value is no series with noise; its errors mean nothing."""
INTERCEPT, TIME, LEVEL, SLOPE = "(Intercept)", "t", "level_change", "slope_change"


def interrupted_series(
    series: AreaSeries,
    *,
    area: str,
    first_after: str,
    reference: str = "",
    season: int | None = None,
    errors: Errors = "autoregressive",
    lag: int | None = None,
    confidence_level: float = 0.95,
) -> SegmentedTrend:
    """Change of level and of slope at a break, by segmented regression.

    Wagner et al. (2002), J Clin Pharm Ther 27:299: ``y = a + b·t + c·after + d·periods since``;
    intervals by Student's t. Residuals follow the period before (first order), fitted by
    restricted likelihood, whose intervals hold best in short series (Turner et al. 2021);
    ``newey_west`` gives plain least squares with Newey and West's (1987) errors times n/(n − p),
    which in 48 months cover 80–90 times of 100 where they should 95. With a reference,
    the series is the area less the reference: what moves both is taken away, so that the
    changes are the area's own beside the reference's.

    Args:
        series: Observations per area and period.
        area: The area of the evaluation.
        first_after: First period after the break, as the series writes it.
        reference: Area to subtract; the area alone when left out.
        season: Periods a year (12): adds one sine and cosine wave.
        errors: ``autoregressive`` or ``newey_west``.
        lag: Periods that hang together by Newey and West; `usual_lag` when left out.
        confidence_level: 0.95 for 95 % intervals.

    Raises:
        CannotBeComputed: ``series_gap`` when a period is missing in the area or the reference,
            ``intervention_outside``, ``definition_break`` when the definition changed within
            the series, ``too_few_periods`` with fewer than eight on either side,
            ``series_without_variation`` for values that lie on the line exactly.

    >>> values = [10 - 0.1 * t - (t >= 10) + 0.01 * (7 * t % 5) for t in range(20)]
    >>> months = pd.period_range("2016-01", periods=20, freq="M").astype(str)
    >>> series = AreaSeries(unit="%", source="", is_synthetic=True, observations=pd.DataFrame(
    ...     {"area": "A", "period": months, "value": values}))
    >>> level = interrupted_series(series, area="A", first_after="2016-11").changes[0]
    >>> round(level.value, 1)
    -1.0
    """
    check_option("errors", errors, Errors)
    table = aligned(series, areas=[area, reference] if reference else [area])
    n_before = break_place(
        table, first_after=first_after, fewest=FEWEST_PERIODS, after=FEWEST_PERIODS
    )
    values = table[area] - table[reference] if reference else table[area]
    names, columns = segmented_columns(len(values), n_before=n_before, season=season)
    line = least_squares(columns, values.to_numpy(float), names=names)
    if line.scale <= EXACT * (1 + float(np.abs(line.outcome).max())):
        raise CannotBeComputed("series_without_variation")
    steps = usual_lag(line.n) if lag is None else lag
    coefficients, covariance = _fitted(line, errors, steps)
    return SegmentedTrend(
        area=area,
        reference=reference,
        intervention=first_after,
        changes=_changes(
            line, coefficients, covariance, len(table) - n_before, errors, confidence_level
        ),
        lines=_lines(line, coefficients, table.index),
        tests=(breusch_godfrey(line),),
        autocorrelation=first_autocorrelation(line.residuals),
        lag=steps,
        n_before=n_before,
        n_after=len(table) - n_before,
    )


def segmented_columns(
    n: int, *, n_before: int, season: int | None = None
) -> tuple[list[str], np.ndarray]:
    """Columns of a broken line; the slope's change counts from zero at the break."""
    time = np.arange(n, dtype=float)
    since = np.clip(time - n_before, 0.0, None)
    columns = [np.ones(n), time, (time >= n_before).astype(float), since]
    names = [INTERCEPT, TIME, LEVEL, SLOPE]
    if season is not None:
        angle = 2 * np.pi * time / season
        columns += [np.sin(angle), np.cos(angle)]
        names += ["sine", "cosine"]
    return names, np.column_stack(columns)


def _fitted(line: LeastSquares, errors: Errors, lag: int) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and their covariance."""
    if errors == "newey_west":
        return line.coefficients, newey_west_covariance(line, lag=lag)
    fitted = autoregressive_line(line)
    return fitted.coefficients, fitted.covariance


def _changes(
    line: LeastSquares,
    coefficients: np.ndarray,
    covariance: np.ndarray,
    n_after: int,
    method: Errors,
    confidence_level: float,
) -> tuple[Estimate, ...]:
    level, slope = (np.eye(line.rank)[line.place(name)] for name in (LEVEL, SLOPE))
    contrasts = {LEVEL: level, SLOPE: slope, "change_at_end": level + (n_after - 1) * slope}
    return tuple(
        t_estimate(
            float(contrast @ coefficients),
            float(np.sqrt(max(contrast @ covariance @ contrast, 0.0))),
            line.degrees_of_freedom,
            measure=measure,
            method=method,
            confidence_level=confidence_level,
            n=line.n,
        )
        for measure, contrast in contrasts.items()
    )


def _lines(line: LeastSquares, coefficients: np.ndarray, periods: pd.Index) -> pd.DataFrame:
    """Observed, fitted, and the line before the break continued past it."""
    unbroken = line.columns.copy()
    unbroken[:, [line.place(LEVEL), line.place(SLOPE)]] = 0.0
    return pd.DataFrame(
        {
            "period": periods.astype(str),
            "observed": line.outcome,
            "fitted": line.columns @ coefficients,
            "without_break": unbroken @ coefficients,
        }
    )
