"""The error distributions of parametric time models: W in log T = x'b + scale · W."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

Array = np.ndarray
Distribution = Literal[
    "weibull", "exponential", "rayleigh", "lognormal", "loglogistic", "gaussian", "logistic"
]


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard distribution through its logarithms, which stay exact far out in the tails.

    ``slope`` is the derivative of log f, ``bend`` its second derivative, ``quantile`` the
    inverse of the distribution function.
    """

    log_density: Callable[[Array], Array]
    log_survival: Callable[[Array], Array]
    log_cumulative: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    bend: Callable[[Array], Array]
    quantile: Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Family:
    """A time model: its standard distribution, whether times are logged, a fixed scale."""

    standard: Standard
    is_log: bool
    fixed_scale: float | None = None


def _log_one_minus_exp(x: Array) -> Array:
    """log(1 − e^−x) for x > 0, exact near 0 and far out (Mächler 2012)."""
    with np.errstate(divide="ignore"):  # x = 0 is the logarithm of nothing: minus infinity
        near = np.log(-np.expm1(-np.maximum(x, 0.0)))
    far = np.log1p(-np.exp(-np.maximum(x, np.log(2))))
    return np.asarray(np.where(x > np.log(2), far, near))


def _exp(z: Array) -> Array:
    return np.asarray(np.exp(np.minimum(z, 700.0)))


SMALLEST_VALUE = Standard(
    log_density=lambda z: z - _exp(z),
    log_survival=lambda z: -_exp(z),
    log_cumulative=lambda z: _log_one_minus_exp(_exp(z)),
    slope=lambda z: 1 - _exp(z),
    bend=lambda z: -_exp(z),
    quantile=lambda p: np.log(-np.log1p(-p)),
)
NORMAL = Standard(
    log_density=lambda z: -0.5 * z**2 - 0.5 * np.log(2 * np.pi),
    log_survival=lambda z: special.log_ndtr(-z),
    log_cumulative=special.log_ndtr,
    slope=lambda z: -z,
    bend=lambda z: -np.ones_like(z),
    quantile=special.ndtri,
)
LOGISTIC = Standard(
    log_density=lambda z: special.log_expit(z) + special.log_expit(-z),
    log_survival=lambda z: special.log_expit(-z),
    log_cumulative=special.log_expit,
    slope=lambda z: 1 - 2 * special.expit(z),
    bend=lambda z: -2 * special.expit(z) * special.expit(-z),
    quantile=special.logit,
)
FAMILIES: dict[str, Family] = {
    "weibull": Family(SMALLEST_VALUE, is_log=True),
    "exponential": Family(SMALLEST_VALUE, is_log=True, fixed_scale=1.0),
    "rayleigh": Family(SMALLEST_VALUE, is_log=True, fixed_scale=0.5),
    "lognormal": Family(NORMAL, is_log=True),
    "loglogistic": Family(LOGISTIC, is_log=True),
    "gaussian": Family(NORMAL, is_log=False),
    "logistic": Family(LOGISTIC, is_log=False),
}
