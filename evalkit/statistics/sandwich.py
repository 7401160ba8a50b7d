"""The sandwich covariance, written once: bread, what the rows' scores say, and bread again.

Own: R's and statsmodels' forms differ in how they count clusters, effects taken out beforehand
and coefficients without an estimate, so the factor stands with whoever knows these.
"""

from __future__ import annotations

import numpy as np


def score_products(scores: np.ndarray, clusters: np.ndarray | None = None) -> np.ndarray:
    """Sum of U U' over rows, or over clusters of rows (Liang and Zeger 1986).

    Args:
        scores: ``(p, n)`` each row's part of the estimating equations.
        clusters: ``(n,)`` numbers from 0 of who belongs together.
    """
    if clusters is not None:
        scores = np.array([np.bincount(clusters, row) for row in scores])
    return np.asarray(scores @ scores.T)


def sandwich(bread: np.ndarray, products: np.ndarray, factor: float = 1.0) -> np.ndarray:
    """The covariance, from the inverse information and the products of the scores."""
    return np.asarray(factor * (bread @ products @ bread))
