"""The likelihood of a parametric time model with exact, one-sided and interval-censored times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalkit.statistics.regression.distributions import Standard
from evalkit.statistics.regression.maximise import Evaluation

NARROW = 1e-4
"""Width, in scales, below which density times width is the probability to nine digits."""


@dataclass(frozen=True, slots=True)
class Times:
    """What is known of each time, on the (log) scale of the model: it lies in [lower, upper].

    Equal limits are an exact time; minus infinity below is left-censored, infinity above
    right-censored.
    """

    lower: np.ndarray
    upper: np.ndarray

    @property
    def is_exact(self) -> np.ndarray:
        result: np.ndarray = self.lower == self.upper
        return result


@dataclass(frozen=True, slots=True)
class RowTerms:
    """Each row's log-likelihood and its derivatives by the predictor and the log scale."""

    value: np.ndarray
    by_predictor: np.ndarray
    by_log_scale: np.ndarray
    twice_predictor: np.ndarray
    mixed: np.ndarray
    twice_log_scale: np.ndarray


@dataclass(frozen=True, slots=True)
class _InZ:
    """A row's value and the sums Σ g', Σ z g', Σ g'', Σ z g'', Σ z z g'' over its limits."""

    value: np.ndarray
    a: np.ndarray
    b: np.ndarray
    c: np.ndarray
    d: np.ndarray
    e: np.ndarray


def row_terms(
    standard: Standard, times: Times, predictor: np.ndarray, log_scale: float
) -> RowTerms:
    """Terms of every row, by what is known of its time."""
    scale = np.exp(log_scale)
    lower, upper = (times.lower - predictor) / scale, (times.upper - predictor) / scale
    exact = times.is_exact
    right = ~exact & np.isposinf(times.upper)
    left = ~exact & np.isneginf(times.lower)
    narrow = ~(exact | right | left) & (upper - lower < NARROW)
    between = ~(exact | right | left | narrow)
    pieces = (
        (exact, _exact(standard, lower[exact])),
        (right, _right_censored(standard, lower[right])),
        (left, _left_censored(standard, upper[left])),
        (narrow, _narrow(standard, lower[narrow], upper[narrow])),
        (between, _between(standard, lower[between], upper[between])),
    )
    n = len(predictor)
    parts = {name: np.zeros(n) for name in ("value", "a", "b", "c", "d", "e")}
    for chosen, piece in pieces:
        for name, values in parts.items():
            values[chosen] = getattr(piece, name)
    jacobian = exact.astype(float)
    return RowTerms(
        value=parts["value"] - log_scale * jacobian,
        by_predictor=-parts["a"] / scale,
        by_log_scale=-parts["b"] - jacobian,
        twice_predictor=parts["c"] / scale**2,
        mixed=(parts["a"] + parts["d"]) / scale,
        twice_log_scale=parts["b"] + parts["e"],
    )


def evaluate(
    standard: Standard,
    times: Times,
    columns: np.ndarray,
    weights: np.ndarray,
    parameters: np.ndarray,
    fixed_scale: float | None,
) -> Evaluation:
    """Log-likelihood, score and information by coefficients and, unless fixed, log scale."""
    p = len(columns)
    log_scale = float(parameters[p]) if fixed_scale is None else float(np.log(fixed_scale))
    information = np.empty((p + 1, p + 1))
    with np.errstate(all="ignore"):  # a step too far gives no finite value and is halved
        terms = row_terms(standard, times, parameters[:p] @ columns, log_scale)
        information[:p, :p] = -(columns * (weights * terms.twice_predictor)) @ columns.T
        information[:p, p] = information[p, :p] = -columns @ (weights * terms.mixed)
        information[p, p] = -float(weights @ terms.twice_log_scale)
        score = np.append(columns @ (weights * terms.by_predictor), weights @ terms.by_log_scale)
    size = p + 1 if fixed_scale is None else p
    return Evaluation(float(weights @ terms.value), score[:size], information[:size, :size])


def _single(z: np.ndarray, value: np.ndarray, slope: np.ndarray, bend: np.ndarray) -> _InZ:
    return _InZ(value, slope, z * slope, bend, z * bend, z**2 * bend)


def _exact(standard: Standard, z: np.ndarray) -> _InZ:
    return _single(z, standard.log_density(z), standard.slope(z), standard.bend(z))


def _right_censored(standard: Standard, z: np.ndarray) -> _InZ:
    value = standard.log_survival(z)
    hazard = np.exp(standard.log_density(z) - value)
    return _single(z, value, -hazard, -hazard * (standard.slope(z) + hazard))


def _left_censored(standard: Standard, z: np.ndarray) -> _InZ:
    value = standard.log_cumulative(z)
    backward = np.exp(standard.log_density(z) - value)
    return _single(z, value, backward, backward * (standard.slope(z) - backward))


def _between(standard: Standard, low: np.ndarray, high: np.ndarray) -> _InZ:
    """log(F(high) − F(low)), from whichever tail is the smaller."""
    above = _log_difference(standard.log_survival(low), standard.log_survival(high))
    below = _log_difference(standard.log_cumulative(high), standard.log_cumulative(low))
    value = np.where(low > 0, above, below)
    at_high = np.exp(standard.log_density(high) - value)
    at_low = np.exp(standard.log_density(low) - value)
    rise_high, rise_low = at_high * standard.slope(high), at_low * standard.slope(low)
    # Differences are taken before squares: the limits may be close.
    a = at_high - at_low
    b = high * at_high - low * at_low
    return _InZ(
        value=value,
        a=a,
        b=b,
        c=rise_high - rise_low - a**2,
        d=high * rise_high - low * rise_low - a * b,
        e=high**2 * rise_high - low**2 * rise_low - b**2,
    )


def _narrow(standard: Standard, low: np.ndarray, high: np.ndarray) -> _InZ:
    """Density at the middle times the width, where a difference would lose its digits."""
    middle = (low + high) / 2
    piece = _exact(standard, middle)
    # The width in z shrinks with the scale: log(width) has slope −1 by the log scale.
    return _InZ(
        piece.value + np.log(high - low), piece.a, piece.b + 1, piece.c, piece.d, piece.e - 1
    )


def _log_difference(larger: np.ndarray, smaller: np.ndarray) -> np.ndarray:
    """log(e^larger − e^smaller)."""
    result: np.ndarray = larger + np.log(-np.expm1(smaller - larger))
    return result
