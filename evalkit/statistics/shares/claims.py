"""A published percentage read backwards: which counts can have given it.

Integer arithmetic throughout: whether 100·k/n rounds to the published figure must never be
decided by a floating-point tie. The idea is the GRIM test of Brown & Heathers (2017).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, FeasibleCounts, FeasibleDifference
from evalkit.statistics.shares.differences import newcombe_limits
from evalkit.statistics.shares.proportions import wilson_limits
from evalkit.statistics.shares.share_counts import whole_count

Rounding = Literal["half_up", "half_even", "truncate", "any"]
IntArray = npt.NDArray[np.int64]


def _count_bounds(
    units: int, whole: int, n: IntArray, rounding: Rounding
) -> tuple[IntArray, IntArray]:
    """Smallest and largest k per n whose percentage is published as ``units``.

    In half units the figure stands for [2u − 1, 2u + 1) when ties go up, for [2u, 2u + 2)
    when decimals are cut, and when ties go to the even digit both ends belong to an even u
    and neither to an odd one. Whichever way ties went, both ends belong to it.
    """
    start = 2 * units if rounding == "truncate" else 2 * units - 1
    has_start = rounding != "half_even" or units % 2 == 0
    has_end = rounding == "any" or (rounding == "half_even" and units % 2 == 0)
    low, high = start * n, (start + 2) * n
    first = -(-low // (2 * whole)) if has_start else low // (2 * whole) + 1
    last = high // (2 * whole) if has_end else -(-high // (2 * whole)) - 1
    return np.maximum(first, 0), np.minimum(last, n)


def feasible_counts(
    *,
    percentage: float,
    decimals: int,
    largest_n: int = 400,
    smallest_n: int = 1,
    rounding: Rounding = "half_up",
) -> FeasibleCounts:
    """All (k, n) that are published as a given percentage.

    Ties (12.5 % printed without decimals) go up, as people and spreadsheets round. Programs
    that send ties to the even digit, or cut decimals, have their own ``rounding``; ``any``
    leaves it open which way ties went. They differ only where n makes an exact tie possible,
    but for cut decimals. With a known n, give it as both
    ``smallest_n`` and ``largest_n``.

    Args:
        percentage: As published, 32.8 for 32.8 %.
        decimals: Decimals it was published with; 33 and 33.0 are different claims.
        largest_n: Largest number of persons considered.
        smallest_n: Smallest number considered.
        rounding: How the publisher rounded.

    Returns:
        `FeasibleCounts` with n ascending, then k; empty when no n in the range fits.

    Raises:
        ValueError: If ``percentage`` is outside 0–100 or has more decimals than stated, or
            the range of n is empty.

    >>> feasible_counts(percentage=61, decimals=0, smallest_n=267, largest_n=267).counts
    ((162, 267), (163, 267), (164, 267))
    >>> feasible_counts(percentage=32.8, decimals=1).counts[0]
    (19, 58)
    """
    check_option("rounding", rounding, Rounding)
    # The percentage in units of its last decimal, and how many units make a whole.
    digits = whole_count(decimals, "decimals")
    scaled = Decimal(str(percentage)).scaleb(digits)
    if not 0 <= percentage <= 100 or scaled != scaled.to_integral_value():
        raise ValueError("percentage must lie in 0–100 and have no more decimals than stated")
    units, whole = int(scaled), 100 * 10**digits
    if not 1 <= whole_count(smallest_n, "smallest_n") <= whole_count(largest_n, "largest_n"):
        raise ValueError("smallest_n must be at least 1 and not exceed largest_n")
    n = np.arange(smallest_n, largest_n + 1, dtype=np.int64)
    first, last = _count_bounds(units, whole, n, rounding)
    found = np.flatnonzero(last >= first)
    pairs = [(k, int(n[i])) for i in found.tolist() for k in range(int(first[i]), int(last[i]) + 1)]
    return FeasibleCounts(
        value=units / whole, decimals=decimals, counts=tuple(pairs), largest_n_searched=largest_n
    )


def _columns(counts: FeasibleCounts) -> tuple[IntArray, IntArray]:
    if not counts.counts:
        raise CannotBeComputed("no_possible_counts", largest_n=counts.largest_n_searched)
    pairs = np.array(counts.counts, dtype=np.int64)
    return pairs[:, 0], pairs[:, 1]


def feasible_intervals(counts: FeasibleCounts, *, confidence_level: float = 0.95) -> pd.DataFrame:
    """One row per possible (k, n) with its share and Wilson interval: ``k, n, value, low, high``.

    Raises:
        CannotBeComputed: ``no_possible_counts`` when nothing fits the percentage.

    >>> claim = feasible_counts(percentage=61, decimals=0, smallest_n=267, largest_n=267)
    >>> feasible_intervals(claim).round(3).low.tolist()
    [0.547, 0.551, 0.555]
    """
    k, n = _columns(counts)
    low, high = wilson_limits(k, n, confidence_level)
    return pd.DataFrame({"k": k, "n": n, "value": k / n, "low": low, "high": high})


def feasible_difference(
    before: FeasibleCounts, after: FeasibleCounts, *, confidence_level: float = 0.95
) -> FeasibleDifference:
    """A published before/after pair read honestly: Newcombe's interval for all possible pairs.

    Every (k, n) before meets every (k, n) after; the difference is after − before
    (Newcombe 1998b, method 10).

    Raises:
        CannotBeComputed: ``no_possible_counts`` when nothing fits one of the percentages.

    >>> before = feasible_counts(percentage=32.8, decimals=1, largest_n=58)
    >>> after = feasible_counts(percentage=47.7, decimals=1, largest_n=44)
    >>> feasible_difference(before, after).pairs.round(3).iloc[0].high.item()
    0.328
    """
    (k_1, n_1), (k_2, n_2) = _columns(before), _columns(after)
    i, j = (index.ravel() for index in np.indices((len(n_1), len(n_2))))
    low, high = newcombe_limits(k_2[j], n_2[j], k_1[i], n_1[i], confidence_level)
    pairs = pd.DataFrame(
        {
            "k_before": k_1[i],
            "n_before": n_1[i],
            "k_after": k_2[j],
            "n_after": n_2[j],
            "value": k_2[j] / n_2[j] - k_1[i] / n_1[i],
            "low": low,
            "high": high,
        }
    )
    return FeasibleDifference(
        before=before,
        after=after,
        pairs=pairs,
        method="newcombe",
        confidence_level=confidence_level,
    )
