"""Shares, differences and ratios of sites on the scale where they are pooled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.share_counts import FloatArray, checked_counts

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
    k, total = _counts(events, n)
    added = np.where((k == 0) | (k == total), HALF, 0.0)
    having, lacking = k + added, total - k + added
    return Effects(np.log(having / lacking), 1 / having + 1 / lacking, special.expit)


def arcsine_effects(events: Sequence[int], n: Sequence[int]) -> Effects:
    """Arcsine of the square root of the shares, variance 1/(4n).

    No correction is needed at nobody and everybody. Used as a check of `logit_effects`, and
    for funnel limits beyond chance. Errors as there.

    >>> effects = arcsine_effects([20], [80])
    >>> round(float(effects.values[0]), 4), float(effects.variances[0])
    (0.5236, 0.003125)
    """
    k, total = _counts(events, n)
    return Effects(np.arcsin(np.sqrt(k / total)), 1 / (4 * total), _from_arcsine)


def difference_effects(counts: Sequence[tuple[int, int, int, int]]) -> Effects:
    """Differences p1 − p2 of the sites from ``(k1, n1, k2, n2)``, binomial variances added.

    In a site with an empty cell half a person is added to each cell for the variance, so that
    no site is taken as known for certain. Errors as in `logit_effects`.

    >>> effects = difference_effects([(30, 50, 20, 50)])
    >>> round(float(effects.values[0]), 2), round(float(effects.variances[0]), 4)
    (0.2, 0.0096)
    """
    k1, n1 = _counts([row[0] for row in counts], [row[1] for row in counts])
    k2, n2 = _counts([row[2] for row in counts], [row[3] for row in counts])
    is_empty = (k1 == 0) | (k1 == n1) | (k2 == 0) | (k2 == n2)
    variance = _binomial_variance(k1, n1, is_empty) + _binomial_variance(k2, n2, is_empty)
    return Effects(k1 / n1 - k2 / n2, variance, _unchanged)


def log_ratio_effects(observed: Sequence[int], expected: Sequence[float]) -> Effects:
    """Logarithms of observed over expected numbers, variance 1/observed.

    Half a person is added where nobody was observed.

    Raises:
        ValueError: If a number observed is no whole count.
        CannotBeComputed: ``no_persons`` where nobody is expected.

    >>> effects = log_ratio_effects([30], [20.0])
    >>> round(float(effects.values[0]), 4), round(float(effects.variances[0]), 4)
    (0.4055, 0.0333)
    """
    k, _ = _counts(observed, [max(int(one), 1) for one in observed])
    awaited = np.asarray(expected, dtype=float)
    if not (awaited > 0).all():
        raise CannotBeComputed("no_persons")
    seen = np.where(k == 0, HALF, k)
    return Effects(np.log(seen / awaited), 1 / seen, np.exp)


def _counts(events: Sequence[int], n: Sequence[int]) -> tuple[FloatArray, FloatArray]:
    pairs = [checked_counts(*pair) for pair in zip(events, n, strict=True)]
    table = np.array(pairs, dtype=float).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _binomial_variance(k: FloatArray, n: FloatArray, is_empty: np.ndarray) -> FloatArray:
    having, lacking = k + HALF * is_empty, n - k + HALF * is_empty
    total = having + lacking
    return np.asarray(having * lacking / total**3)


def _from_arcsine(values: FloatArray) -> FloatArray:
    return np.asarray(np.sin(np.clip(values, 0.0, np.pi / 2)) ** 2)


def _unchanged(values: FloatArray) -> FloatArray:
    return values
