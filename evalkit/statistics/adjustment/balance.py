"""How alike two groups are in what is known, before and after weighting."""

from __future__ import annotations

from typing import Literal

import numpy as np

from evalkit.results import CannotBeComputed

Spread = Literal["pooled", "treated"]


def standardised_mean_difference(
    values: np.ndarray,
    treated: np.ndarray,
    *,
    weights: np.ndarray | None = None,
    spread: Spread = "pooled",
) -> float:
    """Difference of (weighted) means in standard deviations (Austin 2009); below 0.1 is alike.

    The standard deviation is that of the unweighted persons, so that weighting cannot hide
    a difference by widening the scale.

    Args:
        values: ``(n,)`` a covariate, 0/1 or a number.
        treated: ``(n,)`` booleans.
        weights: ``(n,)`` balancing weights, or ``None``.
        spread: ``pooled`` √((s₁² + s₀²)/2), or the treated group's.

    Raises:
        CannotBeComputed: ``no_variation`` if the covariate is the same for all.

    >>> round(standardised_mean_difference(np.array([1., 3, 2, 6]), np.array([1, 1, 0, 0]) > 0), 3)
    -0.894
    """
    weight = np.ones(len(values)) if weights is None else weights
    first = float(np.average(values[treated], weights=weight[treated]))
    second = float(np.average(values[~treated], weights=weight[~treated]))
    variance = float(values[treated].var(ddof=1))
    if spread == "pooled":
        variance = (variance + float(values[~treated].var(ddof=1))) / 2
    if not variance > 0:
        raise CannotBeComputed("no_variation")
    return (first - second) / float(np.sqrt(variance))
