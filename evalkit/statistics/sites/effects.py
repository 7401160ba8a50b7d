"""Shares, differences and ratios of sites on the scale where they are pooled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

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


def _counts(events: Sequence[int], n: Sequence[int]) -> tuple[FloatArray, FloatArray]:
    pairs = [checked_counts(*pair) for pair in zip(events, n, strict=True)]
    table = np.array(pairs, dtype=float).reshape(-1, 2)
    return table[:, 0], table[:, 1]
