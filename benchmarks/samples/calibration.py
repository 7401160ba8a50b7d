"""Exact calibration: counts and means are allotted, never hoped for.

Only ``Generator.random`` is used, so that a sample does not depend on how a numpy
version draws from a named distribution.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Dates = NDArray[np.datetime64]
Words = NDArray[np.str_]


def spread_dates(
    rng: np.random.Generator, n: int, *, start: date, end: date, early: float = 1.0
) -> Dates:
    """``n`` weekdays spread over a period; ``early`` above 1 moves them towards its start."""
    first = np.datetime64(start, "D")
    length = (end - start).days + 1
    position = ((np.arange(n) + rng.random(n)) / max(n, 1)) ** early
    days = first + np.floor(position * length).astype("timedelta64[D]")
    weekday = (days.astype("int64") + 3) % 7
    on_weekday = days - np.maximum(weekday - 4, 0).astype("timedelta64[D]")
    # A period may begin at a weekend: then the weekend day itself stays.
    kept = np.where(on_weekday < first, days, on_weekday)
    return np.asarray(kept[np.argsort(rng.random(n), kind="stable")], dtype="datetime64[D]")


def weibull_days(rng: np.random.Generator, scale: Numbers, *, shape: float) -> Numbers:
    """Waiting times whose hazard rises over time when ``shape`` exceeds 1."""
    waiting = scale * (-np.log1p(-rng.random(len(scale)))) ** (1 / shape)
    return np.asarray(waiting, dtype=np.float64)


def leave_exactly(waiting: Numbers, follow_up: Days, n_exits: int) -> tuple[Days, Mask]:
    """Days in the programme and who has left, with exactly ``n_exits`` leavers.

    All waiting times are multiplied by one factor, chosen between the order statistics of
    waiting time over follow-up, so the shape of the hazard and the differences between
    groups are kept.

    >>> days, left = leave_exactly(np.array([10.0, 50.0, 90.0]), np.array([60, 60, 60]), 2)
    >>> left.tolist()
    [True, True, False]
    """
    if not 0 < n_exits < len(waiting):
        raise ValueError("n_exits must leave at least one person on each side")
    ratio = waiting / follow_up
    ordered = np.sort(ratio)
    factor = float(np.sqrt(ordered[n_exits - 1] * ordered[n_exits]))
    left = ratio < factor
    days = np.clip(np.ceil(waiting / factor), 1, follow_up)
    return np.where(left, days, follow_up).astype(np.int64), left


def allot(rng: np.random.Generator, weights: Numbers, count: int) -> Mask:
    """Exactly ``count`` places, with chances by weight (Efraimidis & Spirakis 2006).

    >>> int(allot(np.random.default_rng(1), np.ones(10), 4).sum())
    4
    """
    if not 0 <= count <= int((weights > 0).sum()):
        raise ValueError("more places than persons with a weight above zero")
    with np.errstate(divide="ignore"):
        keys = np.where(weights > 0, np.log(rng.random(len(weights))) / weights, -np.inf)
    chosen = np.zeros(len(weights), dtype=bool)
    chosen[np.argsort(-keys, kind="stable")[:count]] = True
    return chosen


def pick(rng: np.random.Generator, weights: Mapping[str, float], n: int) -> Words:
    """``n`` independent words with chances by weight."""
    words = np.array(list(weights))
    limits = np.cumsum(list(weights.values())) / sum(weights.values())
    return np.asarray(words[np.searchsorted(limits, rng.random(n), side="right")])


def to_mean(days: Days, *, mean: int, shortest: int, longest: Days) -> Days:
    """The same durations stretched so that their mean is exactly ``mean``.

    One factor first, then single days from the first person on.

    >>> to_mean(np.array([10, 20, 40]), mean=30, shortest=5, longest=np.full(3, 99)).mean()
    np.float64(30.0)
    """
    total = mean * len(days)
    scaled = np.rint(days * (total / days.sum()))
    stretched: Days = np.clip(scaled, shortest, longest).astype(np.int64)
    for _ in range(int(longest.max())):
        missing = total - int(stretched.sum())
        if missing == 0:
            return stretched
        step = 1 if missing > 0 else -1
        movable = stretched < longest if step > 0 else stretched > shortest
        stretched[np.flatnonzero(movable)[: abs(missing)]] += step
    raise ValueError("the mean cannot be reached within the limits")
