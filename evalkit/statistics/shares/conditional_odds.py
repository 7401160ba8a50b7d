"""The odds ratio given both margins: conditional estimate and exact limits, as in R.

The first group's events then follow Fisher's noncentral hypergeometric distribution with the
odds ratio as its only parameter; everything is a search on the log odds ratio.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy import special

from evalkit.statistics.shares.ratio_limits import LARGEST_LOG_RATIO
from evalkit.statistics.shares.share_counts import FloatArray, check_confidence_level


def _support(k1: int, n1: int, k2: int, n2: int) -> FloatArray:
    events = k1 + k2
    return np.arange(max(0, events - n2), min(events, n1) + 1, dtype=float)


def _log_weights(support: FloatArray, n1: int, n2: int, events: int) -> FloatArray:
    """Log of C(n1, x)·C(n2, events − x)."""

    def log_choose(n: int, k: FloatArray) -> FloatArray:
        return np.asarray(
            special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
        )

    return log_choose(n1, support) + log_choose(n2, events - support)


def _probabilities(log_weights: FloatArray, support: FloatArray, log_odds: float) -> FloatArray:
    return np.asarray(special.softmax(log_weights + support * log_odds))


def _log_odds_root(value: Callable[[float], float]) -> float:
    """Where an increasing function of the log odds ratio passes zero."""
    low, high = -LARGEST_LOG_RATIO, LARGEST_LOG_RATIO
    for _ in range(64):
        middle = (low + high) / 2
        low, high = (middle, high) if value(middle) < 0 else (low, middle)
    return (low + high) / 2


def conditional_odds_ratio(k1: int, n1: int, k2: int, n2: int) -> float:
    """The conditional maximum-likelihood odds ratio: the expected count equals the observed.

    0 at the smallest possible count and ∞ at the largest; 0 when only one count is possible,
    which is R's convention for a table that says nothing.
    """
    support = _support(k1, n1, k2, n2)
    if k1 == support[0]:
        return 0.0
    if k1 == support[-1]:
        return math.inf
    weights = _log_weights(support, n1, n2, k1 + k2)
    return math.exp(
        _log_odds_root(lambda x: float(_probabilities(weights, support, x) @ support) - k1)
    )


def conditional_odds_limits(
    k1: int, n1: int, k2: int, n2: int, confidence_level: float = 0.95
) -> tuple[float, float]:
    """Exact limits: each tail of the conditional distribution holds half the error."""
    check_confidence_level(confidence_level)
    tail = (1 - confidence_level) / 2
    support = _support(k1, n1, k2, n2)
    weights = _log_weights(support, n1, n2, k1 + k2)

    def at_least(x: float) -> float:
        return float(_probabilities(weights, support, x)[support >= k1].sum())

    def at_most(x: float) -> float:
        return float(_probabilities(weights, support, x)[support <= k1].sum())

    low = 0.0 if k1 == support[0] else math.exp(_log_odds_root(lambda x: at_least(x) - tail))
    high = math.inf if k1 == support[-1] else math.exp(_log_odds_root(lambda x: tail - at_most(x)))
    return low, high
