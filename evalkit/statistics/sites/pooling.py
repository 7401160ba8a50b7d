"""Effects of sites pooled: their mean, where a further site may lie, and each site shrunken.

Inverse-variance random effects with Knapp and Hartung's interval; on the scale of the effects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from evalkit.options import check_option
from evalkit.statistics.shares.share_counts import FloatArray, check_confidence_level
from evalkit.statistics.sites.between_sites import (
    Estimator,
    between_variance,
    typical_variance,
    weighted_squares,
)
from evalkit.statistics.sites.effects import Effects


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
    tau_squared: Estimator = "reml",
    confidence_level: float = 0.95,
) -> Pooled:
    """The mean effect of sites that differ, with its interval and that of a further site.

    Random effects (DerSimonian and Laird 1986) with τ² by the estimator named. The interval is
    Knapp and Hartung's (2003) with Student's t on k − 1 degrees of freedom, and their ad hoc
    rule that it is never narrower than the weights alone would make it: with few sites that
    happen to agree it would otherwise claim too much (Röver, Knapp and Friede 2015). A further
    site: mean ± t · √(τ² + se²) (Higgins, Thompson and Spiegelhalter 2009, with k − 1).

    Raises:
        ValueError: If ``confidence_level`` is not strictly between 0 and 1.
        CannotBeComputed: ``one_site`` for fewer than two sites; ``no_convergence``.

    >>> from evalkit.statistics.sites.effects import logit_effects
    >>> mean = pooled(logit_effects([45, 38, 30, 50], [80, 60, 57, 70]))
    >>> round(mean.mean, 4), round(mean.tau_squared, 4), round(mean.q, 3)
    (0.4462, 0.0581, 5.691)
    """
    check_option("tau_squared", tau_squared, Estimator)
    check_confidence_level(confidence_level)
    y, v = effects.values, effects.variances
    between = between_variance(y, v, estimator=tau_squared)
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

    >>> from evalkit.statistics.sites.effects import logit_effects
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
