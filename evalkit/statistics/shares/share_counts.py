"""What the functions on shares have in common: checks at the edge, and making an `Estimate`.

The vectorised limits trust their arguments; every public estimate passes through here first.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Real
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, Estimate, Unit

FloatArray: TypeAlias = npt.NDArray[np.float64]
Limits: TypeAlias = tuple[FloatArray, FloatArray]


def normal_quantile(confidence_level: float) -> float:
    """The two-sided standard normal quantile, 1.96 for 0.95.

    Raises:
        ValueError: If ``confidence_level`` is not strictly between 0 and 1.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    check_confidence_level(confidence_level)
    return float(-special.ndtri((1 - confidence_level) / 2))


def check_confidence_level(confidence_level: float) -> None:
    """Refuse a confidence level that is not strictly between 0 and 1."""
    if not (isinstance(confidence_level, Real) and 0 < confidence_level < 1):
        hint = _as_share(confidence_level)
        raise ValueError(f"confidence_level must lie strictly between 0 and 1{hint}")


def whole_count(value: float, name: str) -> int:
    """``value`` as an integer; refuses what is none, naming the argument."""
    is_number = isinstance(value, Real) and math.isfinite(value)
    if not (is_number and value >= 0 and value == int(value)):
        raise ValueError(f"{name} must be a whole number of persons, zero or more")
    return int(value)


def checked_counts(
    events: float, n: float, *, names: tuple[str, str] = ("events", "n")
) -> tuple[int, int]:
    """``events`` of ``n`` as integers with 0 ≤ events ≤ n and n ≥ 1.

    Raises:
        ValueError: If a count is negative or fractional, or ``events`` exceeds ``n``.
        CannotBeComputed: ``no_persons`` when ``n`` is 0.
    """
    k, total = whole_count(events, names[0]), whole_count(n, names[1])
    if k > total:
        raise ValueError(f"{names[0]} must not exceed {names[1]}")
    if total == 0:
        raise CannotBeComputed("no_persons")
    return k, total


def checked_share(value: float, name: str) -> float:
    """``value`` when it lies strictly between 0 and 1; refuses it by name otherwise."""
    if not (isinstance(value, Real) and 0 < value < 1):
        raise ValueError(f"{name} must lie strictly between 0 and 1{_as_share(value)}")
    return float(value)


def _as_share(value: float) -> str:
    """How a percentage is written, for whoever wrote it as one."""
    return (
        f": {value / 100:.2f} for {value:g} %"
        if isinstance(value, Real) and 1 < value < 100
        else ""
    )


def interval_estimate(
    *,
    value: float,
    limits: tuple[npt.ArrayLike, npt.ArrayLike],
    unit: Unit,
    method: str,
    confidence_level: float,
    n: int,
    cells: tuple[int, ...],
    measure: str,
    group: str,
) -> Estimate:
    """An `Estimate` whose interval holds its value.

    A method that shrinks its centre (Agresti–Coull, Agresti–Caffo, Bonett–Price) can at a
    low confidence level leave out the observed value, and rounding can do so at 0 and 1:
    the limit is then moved out to the value, so the interval is never made narrower.
    """
    check_option("unit", unit, Unit)
    low, high = (float(np.asarray(limit)) for limit in limits)
    return Estimate(
        measure=measure,
        value=float(value),
        low=min(low, float(value)),
        high=max(high, float(value)),
        unit=unit,
        method=method,
        confidence_level=confidence_level,
        n=n,
        cells=cells,
        group=group,
    )


_HALVINGS = 62  # of a bracket as wide as 2: the last bit


def bisect(
    is_left_of_root: Callable[[FloatArray], npt.NDArray[np.bool_]],
    low: FloatArray,
    high: FloatArray,
) -> FloatArray:
    """Elementwise root by bisection, never evaluated at the ends of the bracket.

    Score statistics are 0/0 or infinite exactly at the ends when a cell is empty, which
    is where sign-checking root searches fail; a monotone predicate needs no end values.
    """
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        left = is_left_of_root(middle)
        low, high = np.where(left, middle, low), np.where(left, high, middle)
    return (low + high) / 2
