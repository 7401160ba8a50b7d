"""Limits within which chance keeps a site, by its size (Spiegelhalter 2005)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy
from scipy import special

from evalkit.statistics.shares.share_counts import FloatArray, checked_share

LimitAt: TypeAlias = Callable[[FloatArray, float], FloatArray]


def share_limit(reference: float, n: npt.ArrayLike, probability: float) -> FloatArray:
    """The share below which a site of ``n`` persons falls with a probability, by chance alone.

    Exact binomial limits with interpolation (Spiegelhalter 2005, appendix A.1.1): with r the
    smallest count with P(R ≤ r) ≥ p, the limit is (r − α)/n, α = (P(R ≤ r) − p)/P(R = r), so
    that it does not jump with n. Cut at 0 and 1.

    Args:
        reference: The share that all sites are taken to have.
        n: Persons of the sites, any shape.
        probability: 0.025 for the lower 95 % limit.

    Raises:
        ValueError: If ``reference`` or ``probability`` is not strictly between 0 and 1.

    >>> [round(float(share_limit(0.61, 50, p)), 4) for p in (0.025, 0.975)]
    [0.4627, 0.7337]
    """
    checked_share(reference, "reference")
    size = np.asarray(n, dtype=float)
    limit = _interpolated(scipy.stats.binom(size, reference), probability) / size
    return np.asarray(np.clip(limit, 0.0, 1.0))


def ratio_limit(expected: npt.ArrayLike, probability: float) -> FloatArray:
    """The observed over expected below which a site falls with a probability, by chance alone.

    Exact Poisson limits with interpolation (Spiegelhalter 2005, appendix A.1.2) around 1, for
    outcomes that few have; `bounded_ratio_limit` is for those that many have.

    >>> [round(float(ratio_limit(25.0, p)), 4) for p in (0.025, 0.975)]
    [0.607, 1.3911]
    """
    size = np.asarray(expected, dtype=float)
    limit = _interpolated(scipy.stats.poisson(size), probability) / size
    return np.asarray(np.maximum(limit, 0.0))


def bounded_ratio_limit(
    expected: npt.ArrayLike, n: npt.ArrayLike, probability: float
) -> FloatArray:
    """As `ratio_limit`, where at most ``n`` persons can have the outcome: binomial limits.

    A site where 60 of 100 are expected varies by √24 persons and not by √60, which Poisson
    limits take it to: they would let nearly every site stay inside.

    Raises:
        ValueError: If the number expected is not between nobody and everybody.

    >>> [round(float(bounded_ratio_limit(30.5, 50, p)), 4) for p in (0.025, 0.975)]
    [0.7585, 1.2028]
    """
    awaited, size = np.asarray(expected, dtype=float), np.asarray(n, dtype=float)
    if not ((awaited > 0) & (awaited < size)).all():
        raise ValueError("expected must lie strictly between nobody and everybody")
    limit = _interpolated(scipy.stats.binom(size, awaited / size), probability) / awaited
    return np.asarray(np.clip(limit, 0.0, size / awaited))


def share_limit_beyond_chance(
    reference: float, n: npt.ArrayLike, probability: float, *, factor: float, added: float
) -> FloatArray:
    """Limits widened by what sites differ beyond chance, on the arcsine scale.

    Spiegelhalter (2005, section 2.3): normal limits around arcsin √reference with variance
    ``factor``/(4n) + ``added``: the multiplicative form has a factor and nothing added, the
    additive form a factor of 1.

    >>> limit = share_limit_beyond_chance(0.61, 50, 0.025, factor=1.0, added=0.0)
    >>> round(float(limit), 3)
    0.472
    """
    _check_probability(probability)
    size = np.asarray(n, dtype=float)
    error = np.sqrt(factor / (4 * size) + added)
    centre = np.arcsin(np.sqrt(checked_share(reference, "reference")))
    angle = np.clip(centre + special.ndtri(probability) * error, 0.0, np.pi / 2)
    return np.asarray(np.sin(angle) ** 2)


def winsorised(z: FloatArray, *, share: float = 0.1) -> FloatArray:
    """The distances with the most extreme tenth at either end drawn in to the next.

    Whole sites are drawn in: with fewer than ten none is (Spiegelhalter 2005, section 2.3.2).

    >>> winsorised(np.array([-9.0, *range(8), 50.0])).tolist()
    [0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 7.0]
    """
    drawn, ordered = int(share * len(z)), np.sort(z)
    return np.asarray(np.clip(z, ordered[drawn], ordered[len(z) - 1 - drawn]))


def _interpolated(distribution: Any, probability: float) -> FloatArray:
    _check_probability(probability)
    count = distribution.ppf(probability)
    overshoot = (distribution.cdf(count) - probability) / distribution.pmf(count)
    return np.asarray(count - overshoot)


def _check_probability(probability: float) -> None:
    checked_share(probability, "probability")
