"""The variance between sites, and how much of what is seen it makes up.

``y`` are the sites' effects, ``v`` their sampling variances; all in the scale of the effects.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from scipy import optimize

from evalkit.options import check_option
from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.share_counts import FloatArray

Estimator = Literal["reml", "paule_mandel", "dersimonian_laird"]

MOST_STEPS = 1000
CONVERGED = 1e-12


def between_variance(y: FloatArray, v: FloatArray, *, estimator: Estimator = "reml") -> float:
    """The variance τ² of the true effects between sites; 0 where chance covers what is seen.

    ``reml``: restricted maximum likelihood by Fisher scoring (Viechtbauer 2005), least biased
    of the three and the default; ``paule_mandel``: the τ² that makes the weighted squares as
    large as their degrees of freedom (Paule and Mandel 1982); ``dersimonian_laird``: moments
    (DerSimonian and Laird 1986).

    Raises:
        CannotBeComputed: ``one_site`` for fewer than two; ``no_convergence``.

    >>> y, v = np.array([-1.0, 0.0, 1.2]), np.array([0.1, 0.1, 0.1])
    >>> round(between_variance(y, v, estimator="paule_mandel"), 4)
    1.1133
    """
    check_option("estimator", estimator, Estimator)
    if len(y) < 2:
        raise CannotBeComputed("one_site")
    return _ESTIMATORS[estimator](y, v)


def weighted_squares(y: FloatArray, v: FloatArray, *, tau_squared: float = 0.0) -> float:
    """Cochran's Q: squared distances from the weighted mean, each over its variance."""
    w = 1 / (v + tau_squared)
    mean = np.sum(w * y) / np.sum(w)
    return float(np.sum(w * (y - mean) ** 2))


def typical_variance(v: FloatArray) -> float:
    """The sampling variance of a typical site (Higgins and Thompson 2002, equation 9)."""
    w = 1 / v
    return float((len(v) - 1) / (np.sum(w) - np.sum(w**2) / np.sum(w)))


def _dersimonian_laird(y: FloatArray, v: FloatArray) -> float:
    w = 1 / v
    scale = np.sum(w) - np.sum(w**2) / np.sum(w)
    return max(0.0, (weighted_squares(y, v) - (len(y) - 1)) / float(scale))


def _paule_mandel(y: FloatArray, v: FloatArray) -> float:
    degrees = len(y) - 1

    def excess(tau_squared: float) -> float:
        return weighted_squares(y, v, tau_squared=tau_squared) - degrees

    if excess(0.0) <= 0:
        return 0.0
    # At the figures' own variance their weighted squares are below the degrees of freedom.
    high = float(np.var(y, ddof=1))
    return float(optimize.brentq(excess, 0.0, high, xtol=1e-14 * high, rtol=1e-14))


def _reml(y: FloatArray, v: FloatArray) -> float:
    """Fisher scoring: τ² moves by (y'PPy − tr P) / tr PP, P the projection of the weights."""
    unit = float(np.mean(v))
    tau_squared = max(0.0, float(np.var(y, ddof=1)) - unit)
    for _ in range(MOST_STEPS):
        w = 1 / (v + tau_squared)
        total, squares, cubes = (float(np.sum(w**power)) for power in (1, 2, 3))
        mean = np.sum(w * y) / total
        score = float(np.sum(w**2 * (y - mean) ** 2)) - (total - squares / total)
        information = squares - 2 * cubes / total + (squares / total) ** 2
        following = max(0.0, tau_squared + score / information)
        if abs(following - tau_squared) < CONVERGED * (unit + tau_squared):
            return following
        tau_squared = following
    raise CannotBeComputed("no_convergence")


_ESTIMATORS: dict[Estimator, Callable[[FloatArray, FloatArray], float]] = {
    "reml": _reml,
    "paule_mandel": _paule_mandel,
    "dersimonian_laird": _dersimonian_laird,
}
