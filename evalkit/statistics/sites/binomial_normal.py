"""The exact counterpart of pooled logits: persons binomial, sites normal on the logit scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import optimize, special

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.shares.share_counts import (
    FloatArray,
    checked_counts,
    interval_estimate,
    normal_quantile,
)

POINTS = 25
MODE_STEPS = 60
SMALLEST_SPREAD = 1e-4
STEP = 1e-4


def binomial_normal_share(
    *,
    events: Sequence[int],
    n: Sequence[int],
    confidence_level: float = 0.95,
    measure: str = "pooled_share",
) -> Estimate:
    """The share in a typical site, with the counts taken as they are.

    Maximum likelihood in the binomial–normal model (Stijnen, Hamza and Özdemir 2010): logits of
    the sites' true shares are normal, the counts binomial given them; integrated by adaptive
    Gauss–Hermite quadrature with 25 points. Needs no half persons and does not let a site's
    count decide its own weight, so it is the check on pooled logits where counts are small.
    Wald interval on the logit scale, z and not t.

    Args:
        events: Persons with the event, per site.
        n: Persons, per site.
        confidence_level: 0.95 for a 95 % interval.
        measure: Text key of what is estimated.

    Raises:
        ValueError: If a count is negative or fractional, or events exceed n.
        CannotBeComputed: ``one_site`` for fewer than two; ``no_persons``; ``no_variation``
            when nobody or everybody in all sites has the event.

    >>> share = binomial_normal_share(events=[45, 38, 30, 50], n=[80, 60, 57, 70])
    >>> round(share.value, 2)
    0.61
    """
    quantile = normal_quantile(confidence_level)
    pairs = [checked_counts(*pair) for pair in zip(events, n, strict=True)]
    k, total = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    if len(k) < 2:
        raise CannotBeComputed("one_site")
    if k.sum() in (0, total.sum()):
        raise CannotBeComputed("no_variation")
    mean, spread = _maximum(k, total)
    error = _standard_error(mean, spread, k, total)
    low, value, high = special.expit(np.array([-1.0, 0.0, 1.0]) * quantile * error + mean)
    return interval_estimate(
        value=value,
        limits=(low, high),
        unit="share",
        method="binomial_normal",
        confidence_level=confidence_level,
        n=int(total.sum()),
        cells=(int(k.sum()), int((total - k).sum())),
        measure=measure,
        group="",
    )


def binomial_normal_spread(*, events: Sequence[int], n: Sequence[int]) -> float:
    """τ², the variance of the logits between sites in the same model.

    >>> round(binomial_normal_spread(events=[10, 20, 30], n=[40, 40, 40]), 3)
    0.701
    """
    pairs = [checked_counts(*pair) for pair in zip(events, n, strict=True)]
    k, total = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    return float(_maximum(k, total)[1] ** 2)


def _maximum(k: FloatArray, n: FloatArray) -> tuple[float, float]:
    """Mean and standard deviation of the logits with the largest likelihood."""
    crude = float(special.logit(k.sum() / n.sum()))

    def loss(at: FloatArray) -> float:
        return -_log_likelihood(at[0], float(np.exp(at[1])), k, n)

    starts = [np.array([crude, np.log(spread)]) for spread in (0.1, 0.5, 1.5)]
    options = {"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000, "maxfev": 4000}
    found = [
        optimize.minimize(loss, x, method="Nelder-Mead", options=options)  # type: ignore[call-overload]
        for x in starts
    ]
    best = min(found, key=lambda one: float(one.fun))
    spread = float(np.exp(best.x[1]))
    if spread < SMALLEST_SPREAD:
        return crude, 0.0
    return float(best.x[0]), spread


def _standard_error(mean: float, spread: float, k: FloatArray, n: FloatArray) -> float:
    """Of the mean, from the curvature of the likelihood in both parameters."""
    if spread == 0:
        share = special.expit(mean)
        return float(1 / np.sqrt(n.sum() * share * (1 - share)))
    at = np.array([mean, spread])
    steps = STEP * np.eye(2)

    def value(shift: FloatArray) -> float:
        moved = at + shift
        return _log_likelihood(float(moved[0]), float(moved[1]), k, n)

    curvature = np.array(
        [[value(a + b) - value(a - b) - value(b - a) + value(-a - b) for b in steps] for a in steps]
    ) / (4 * STEP**2)
    return float(np.sqrt(np.linalg.inv(-curvature)[0, 0]))


def _log_likelihood(mean: float, spread: float, k: FloatArray, n: FloatArray) -> float:
    nodes, weights = special.roots_hermite(POINTS)
    centre, width = _modes(mean, spread, k, n)
    u = centre[:, None] + np.sqrt(2) * width[:, None] * nodes
    inside = _joint(u, mean, spread, k[:, None], n[:, None]) + nodes**2 + np.log(weights)
    return float(np.sum(special.logsumexp(inside, axis=1) + np.log(np.sqrt(2) * width)))


def _joint(u: FloatArray, mean: float, spread: float, k: FloatArray, n: FloatArray) -> FloatArray:
    """Log of binomial times standard normal density of ``u``, less the constant choice."""
    logit = mean + spread * u
    count = k * logit - n * np.logaddexp(0, logit)
    return np.asarray(count - u**2 / 2 - np.log(2 * np.pi) / 2)


def _modes(
    mean: float, spread: float, k: FloatArray, n: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Where each site's integrand is highest, and how wide it is there, by Newton's method."""
    u = np.zeros_like(k)
    curvature = np.ones_like(k)
    for _ in range(MODE_STEPS):
        share = special.expit(mean + spread * u)
        slope = spread * (k - n * share) - u
        curvature = 1 + spread**2 * n * share * (1 - share)
        move = np.clip(slope / curvature, -2.0, 2.0)
        u = u + move
        if np.max(np.abs(move)) < 1e-12:
            break
    return u, 1 / np.sqrt(curvature)
