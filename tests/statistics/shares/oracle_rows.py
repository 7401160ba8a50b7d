"""Shared by the tests on shares: an oracle's limits, taken from any function that gives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evalkit.results import CannotBeComputed


def limits_of(made: Any) -> dict[str, float]:
    """``lower`` and ``upper`` of an `Estimate`, or of a pair of arrays."""
    low, high = (made.low, made.high) if hasattr(made, "low") else made
    return {"lower": float(low), "upper": float(high)}


def attempt(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What the function returns, or the `CannotBeComputed` it raises."""
    try:
        return function(*arguments, **options)
    except CannotBeComputed as reason:
        return reason
