"""Effects of sites pooled: their mean, where a further site may lie, and each site shrunken.

Inverse-variance random effects with Knapp and Hartung's interval; on the scale of the effects.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.share_counts import (
    FloatArray,
    check_confidence_level,
    checked_counts,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """A random-effects summary on the scale of the effects.

    Attributes:
        mean, standard_error, low, high: The mean of the sites' true effects.
        further_low, further_high: Where the true effect of a further site of the same kind
            is to be expected.
        tau_squared: Variance of the true effects between sites.
        q, degrees_of_freedom, p_value: Cochran's test that all sites have the same effect.
        i_squared: The part of the variance seen that chance does not make up, 0–1.
        quantile: Student's t behind the intervals.
    """

    mean: float
    standard_error: float
    low: float
    high: float
    further_low: float
    further_high: float
    tau_squared: float
    q: float
    degrees_of_freedom: int
    p_value: float
    i_squared: float
    quantile: float


def pooled(
    effects: Effects,
    *,
    confidence_level: float = 0.95,
) -> Pooled:
    """The mean effect of sites that differ, with its interval and that of a further site.

    Random effects (DerSimonian and Laird 1986) with τ² by `between_variance`. The interval is
    Knapp and Hartung's (2003) with Student's t on k − 1 degrees of freedom, and their ad hoc
    rule that it is never narrower than the weights alone would make it: with few sites that
    happen to agree it would otherwise claim too much (Röver, Knapp and Friede 2015). A further
    site: mean ± t · √(τ² + se²) (Higgins, Thompson and Spiegelhalter 2009, with k − 1).

    Raises:
        ValueError: If ``confidence_level`` is not strictly between 0 and 1.
        CannotBeComputed: ``one_site`` for fewer than two sites; ``no_convergence``.

    >>> from evalkit.statistics.sites.pooling import logit_effects
    >>> mean = pooled(logit_effects([45, 38, 30, 50], [80, 60, 57, 70]))
    >>> round(mean.mean, 4), round(mean.tau_squared, 4), round(mean.q, 3)
    (0.4462, 0.0581, 5.691)
    """
    check_confidence_level(confidence_level)
    y, v = effects.values, effects.variances
    between = between_variance(y, v)
    w = 1 / (v + between)
    mean = float(np.sum(w * y) / np.sum(w))
    degrees = len(y) - 1
    scale = weighted_squares(y, v, tau_squared=between) / degrees
    error = float(np.sqrt(max(1.0, scale) / np.sum(w)))
    t = float(special.stdtrit(degrees, (1 + confidence_level) / 2))
    reach = t * float(np.sqrt(between + error**2))
    q = weighted_squares(y, v)
    return Pooled(
        mean=mean,
        standard_error=error,
        low=mean - t * error,
        high=mean + t * error,
        further_low=mean - reach,
        further_high=mean + reach,
        tau_squared=between,
        q=q,
        degrees_of_freedom=degrees,
        p_value=float(special.chdtrc(degrees, q)),
        i_squared=between / (between + typical_variance(v)),
        quantile=t,
    )


def shrunken(effects: Effects, mean: Pooled) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Each site's effect drawn towards the mean, by as much as chance makes up of it.

    Empirical best linear unbiased predictions (Raudenbush and Bryk 1985): λ = τ²/(τ² + v),
    value λ·y + (1 − λ)·mean, with the uncertainty of the mean counted in. Returns values, lower
    and upper limits; with τ² = 0 every site is the mean.

    >>> from evalkit.statistics.sites.pooling import logit_effects
    >>> effects = logit_effects([45, 38, 30, 50], [80, 60, 57, 70])
    >>> value, low, high = shrunken(effects, pooled(effects))
    >>> [round(float(x), 3) for x in value]
    [0.342, 0.491, 0.292, 0.659]
    """
    v = effects.variances
    kept = mean.tau_squared / (mean.tau_squared + v)
    value = kept * effects.values + (1 - kept) * mean.mean
    error = np.sqrt(kept * v + ((1 - kept) * mean.standard_error) ** 2)
    return value, value - mean.quantile * error, value + mean.quantile * error


HALF = 0.5


@dataclass(frozen=True, slots=True)
class Effects:
    """``(k,)`` effects of the sites, their sampling variances, and the way back to the unit."""

    values: FloatArray
    variances: FloatArray
    back: Callable[[FloatArray], FloatArray]


def logit_effects(events: Sequence[int], n: Sequence[int]) -> Effects:
    """Log odds of the sites, variance 1/k + 1/(n − k).

    Where nobody or everybody has the event half a person is added to both sides, in that site
    only. The logit is chosen before the arcsine: sites lie on one line without bounds, and
    the mean goes back to one share. The Freeman–Tukey double arcsine has no way back that
    suits sites of unequal size (Schwarzer, Chemaitelly, Abu-Raddad and Rücker 2019) and is
    left out.

    Raises:
        ValueError: If a count is negative or fractional, or events exceed n.
        CannotBeComputed: ``no_persons`` for a site without persons.

    >>> effects = logit_effects([45, 0], [80, 11])
    >>> [round(float(value), 4) for value in effects.values]
    [0.2513, -3.1355]
    """
    pairs = [checked_counts(*pair) for pair in zip(events, n, strict=True)]
    table = np.array(pairs, dtype=float).reshape(-1, 2)
    k, total = table[:, 0], table[:, 1]
    added = np.where((k == 0) | (k == total), HALF, 0.0)
    having, lacking = k + added, total - k + added
    return Effects(np.log(having / lacking), 1 / having + 1 / lacking, special.expit)


MOST_STEPS = 1000
CONVERGED = 1e-12


def between_variance(y: FloatArray, v: FloatArray) -> float:
    """The variance τ² of the true effects between sites; 0 where chance covers what is seen.

    Restricted maximum likelihood by Fisher scoring (Viechtbauer 2005): τ² moves by
    (y'PPy − tr P) / tr PP, P the projection of the weights; by half of that where it turns back,
    since whole steps may go to and fro for ever.

    Raises:
        CannotBeComputed: ``one_site`` for fewer than two; ``no_convergence``.
    """
    if len(y) < 2:
        raise CannotBeComputed("one_site")
    unit = float(np.mean(v))
    tau_squared = max(0.0, float(np.var(y, ddof=1)) - unit)
    step = 0.0
    for _ in range(MOST_STEPS):
        w = 1 / (v + tau_squared)
        total, squares, cubes = (float(np.sum(w**power)) for power in (1, 2, 3))
        mean = np.sum(w * y) / total
        score = float(np.sum(w**2 * (y - mean) ** 2)) - (total - squares / total)
        information = squares - 2 * cubes / total + (squares / total) ** 2
        turned, step = step * score < 0, score / information
        following = max(0.0, tau_squared + (step / 2 if turned else step))
        if abs(following - tau_squared) < CONVERGED * (unit + tau_squared):
            return following
        tau_squared = following
    raise CannotBeComputed("no_convergence")


def weighted_squares(y: FloatArray, v: FloatArray, *, tau_squared: float = 0.0) -> float:
    """Cochran's Q: squared distances from the weighted mean, each over its variance."""
    w = 1 / (v + tau_squared)
    mean = np.sum(w * y) / np.sum(w)
    return float(np.sum(w * (y - mean) ** 2))


def typical_variance(v: FloatArray) -> float:
    """The sampling variance of a typical site (Higgins and Thompson 2002, equation 9)."""
    w = 1 / v
    return float((len(v) - 1) / (np.sum(w) - np.sum(w**2) / np.sum(w)))
