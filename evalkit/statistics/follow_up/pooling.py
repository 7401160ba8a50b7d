"""Rubin's rules: many completed data sets made into one answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """An estimate pooled over imputations, with where its variance comes from.

    Attributes:
        value: Mean of the estimates.
        within, between: Mean of their variances, and the variance between them.
        total: within + (1 + 1/m)·between.
        relative_increase: What the missing add to the variance, as a share of ``within``.
        degrees_of_freedom: Of the t distribution of the pooled estimate.
        missing_information: Share of the information that the missing took along.
    """

    value: float
    within: float
    between: float
    total: float
    relative_increase: float
    degrees_of_freedom: float
    missing_information: float


def pooled(
    values: Sequence[float],
    variances: Sequence[float],
    *,
    complete_degrees_of_freedom: float = math.inf,
) -> Pooled:
    """Pools estimates of completed data sets (Rubin 1987, section 3.3), as mice's ``pool.scalar``.

    Degrees of freedom for small samples by Barnard & Rubin (1999); with infinite complete
    degrees of freedom, Rubin's own (m − 1)(1 + 1/r)².

    Args:
        values: One estimate per imputation, at least two.
        variances: Its squared standard error.
        complete_degrees_of_freedom: Had nobody been missing.

    Raises:
        ValueError: For fewer than two imputations, or a negative or missing number.

    Edge cases: where the imputations agree entirely there is no variance between them, and
    the degrees of freedom are those that the observed data alone would have.

    >>> found = pooled([0.40, 0.44, 0.42], [0.0010, 0.0011, 0.0010])
    >>> round(found.total, 6), round(found.degrees_of_freedom, 2)
    (0.001567, 17.26)
    """
    estimates, errors = np.asarray(values, dtype=float), np.asarray(variances, dtype=float)
    m = len(estimates)
    if m < 2 or errors.shape != estimates.shape:
        raise ValueError("pooled needs at least two imputations, each with its variance")
    if not (np.isfinite(estimates).all() and (errors >= 0).all()):
        raise ValueError("pooled: estimates and variances must be numbers, variances not negative")
    within, between = float(errors.mean()), float(estimates.var(ddof=1))
    added = (1 + 1 / m) * between
    total = within + added
    increase = added / within if within > 0 else (math.inf if added > 0 else 0.0)
    part = added / total if total > 0 else 0.0
    freedom = _degrees_of_freedom(m, part, complete_degrees_of_freedom)
    lost = 2 / (freedom + 3)
    information = (increase + lost) / (increase + 1) if math.isfinite(increase) else 1.0
    return Pooled(
        value=float(estimates.mean()),
        within=within,
        between=between,
        total=total,
        relative_increase=increase,
        degrees_of_freedom=freedom,
        missing_information=information,
    )


def _degrees_of_freedom(m: int, part: float, complete: float) -> float:
    """Barnard & Rubin's; ``part`` is the part of the variance that the missing make."""
    by_imputations = (m - 1) / part**2 if part > 0 else math.inf
    if math.isinf(complete):
        return by_imputations
    by_observed = (complete + 1) / (complete + 3) * complete * (1 - part)
    if math.isinf(by_imputations) or by_observed == 0:
        return by_observed
    return by_imputations * by_observed / (by_imputations + by_observed)
