"""Synthetic control: a weighted mean of other areas that moved like the area before the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize

from evalkit.results import AreaSeries, CannotBeComputed, SyntheticControl, TestResult
from evalkit.statistics.trends.aligned import aligned, break_place

FEWEST_IN_POOL = 5
FEWEST_BEFORE = 4
NO_WEIGHT = 1e-6
SAME_RATIO = 1e-9
EXACT = 1e-9
"""Part of an area's own swings before the start, below which a difference is rounding."""


@dataclass(frozen=True, slots=True)
class _Fit:
    weights: np.ndarray
    synthetic: np.ndarray
    error_before: float
    error_after: float
    difference: float

    @property
    def ratio(self) -> float:
        """Infinite for a pool that follows exactly before and not after."""
        if self.error_before > 0:
            return self.error_after / self.error_before
        return float("inf") if self.error_after > 0 else 1.0


def synthetic_control(
    series: AreaSeries, *, area: str, pool: Sequence[str], first_after: str
) -> SyntheticControl:
    """The area beside a convex combination of areas fitted to the time before the start.

    Abadie, Diamond and Hainmueller (2010), JASA 105:493, on values less each area's own mean
    before the start (Ferman and Pinto 2021, Quantitative Economics 12:1197), so that an area
    outside the range of the pool can be followed. Judged by placebos: every area of the pool is
    treated as if it were the one, the area itself left out of its pool, and the area's ratio of
    root mean squared differences after and before is ranked among all.

    Args:
        series: Observations per area and period.
        area: The area with the programme.
        pool: Areas without it; similar ones rather than many (Abadie 2021, JEL 59:391).
        first_after: First period with the programme.

    Raises:
        CannotBeComputed: ``series_gap``, ``intervention_outside``, ``definition_break``;
            ``pool_too_small`` with fewer than five areas, where even the most unusual rank
            would have been likely by chance; ``too_few_periods`` with fewer than four periods
            before the start; ``pool_follows_exactly`` when a pool of no fewer areas than there
            are periods before meets all of them: so do many other weights (Abadie 2021,
            section 5), and each would give another difference.
    """
    names = [name for name in pool if name != area]
    if len(names) < FEWEST_IN_POOL:
        raise CannotBeComputed("pool_too_small", n=len(names), needed=FEWEST_IN_POOL)
    table = aligned(series, areas=[area, *names])
    n_before = break_place(table, first_after=first_after, fewest=FEWEST_BEFORE)
    values = table.to_numpy(float)
    own = _fit(values[:, 0], values[:, 1:], n_before)
    if own.error_before == 0 and len(names) >= n_before:
        raise CannotBeComputed("pool_follows_exactly", n=len(names), before=n_before)
    fits = [own, *_placebo_fits(values, n_before)]
    without = _fits_without(names, values, n_before, own)
    periods = table.index.astype(str)
    placebos = _placebos([area, *names], fits)
    return SyntheticControl(
        area=area,
        intervention=first_after,
        weights=dict(zip(names, own.weights.tolist(), strict=True)),
        lines=pd.DataFrame(
            {
                "period": periods,
                "observed": values[:, 0],
                "synthetic": own.synthetic,
            }
        ),
        difference=own.difference,
        error_before=own.error_before,
        placebos=placebos,
        test=_rank_test(placebos),
        leave_one_out={name: fit.difference for name, fit in without.items()},
        gaps=_beside(
            periods,
            {
                name: values[:, place] - fit.synthetic
                for place, (name, fit) in enumerate(zip(table.columns, fits, strict=True))
            },
        ),
        lines_without=_beside(periods, {name: fit.synthetic for name, fit in without.items()}),
    )


def closest_combination(target: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Weights, none below zero and one in sum, that bring others closest to a target.

    The nearest point of a convex hull by non-negative least squares (Lawson and Hanson 1974,
    ch. 23): with a further row of ones, the solution points the way and is scaled to one.

    >>> closest_combination(np.array([1., 2.]), np.array([[0., 2.], [0., 4.]])).round(6).tolist()
    [0.5, 0.5]
    """
    apart = others - target[:, None]
    size = float(np.abs(apart).max()) or 1.0
    rows = np.vstack([apart / size, np.ones(others.shape[1])])
    found, _ = optimize.nnls(rows, np.r_[np.zeros(len(target)), 1.0])
    return np.asarray(found / found.sum())


def _fit(target: np.ndarray, others: np.ndarray, n_before: int) -> _Fit:
    level, levels = target[:n_before].mean(), others[:n_before].mean(axis=0)
    weights = closest_combination((target - level)[:n_before], (others - levels)[:n_before])
    synthetic = level + (others - levels) @ weights
    apart = target - synthetic
    error, own = (float(np.sqrt(np.mean(one[:n_before] ** 2))) for one in (apart, target - level))
    return _Fit(
        weights=weights,
        synthetic=synthetic,
        error_before=error if error > EXACT * own else 0.0,
        error_after=float(np.sqrt(np.mean(apart[n_before:] ** 2))),
        difference=float(apart[n_before:].mean()),
    )


def _placebo_fits(values: np.ndarray, n_before: int) -> list[_Fit]:
    """Every area of the pool as if it were the one, set beside the rest of the pool."""
    places = range(1, values.shape[1])
    return [
        _fit(values[:, place], values[:, [i for i in places if i != place]], n_before)
        for place in places
    ]


def _placebos(names: Sequence[str], fits: Sequence[_Fit]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area": list(names),
            "ratio": [fit.ratio for fit in fits],
            "difference": [fit.difference for fit in fits],
        }
    )


def _rank_test(placebos: pd.DataFrame) -> TestResult:
    """The share of areas, the area itself among them, with a ratio as large."""
    ratios = placebos["ratio"].to_numpy(float)
    as_large = int((ratios >= ratios[0] * (1 - SAME_RATIO)).sum())
    return TestResult(
        name="placebo_rank",
        statistic=float(as_large),
        degrees_of_freedom=float(len(ratios)),
        p_value=as_large / len(ratios),
        n=len(ratios),
        cells=(),
    )


def _fits_without(
    names: Sequence[str], values: np.ndarray, n_before: int, own: _Fit
) -> dict[str, _Fit]:
    """The area beside the pool without each of those that carry weight."""
    found = {}
    for position, name in enumerate(names, start=1):
        if own.weights[position - 1] > NO_WEIGHT:
            others = [i for i in range(1, len(names) + 1) if i != position]
            found[name] = _fit(values[:, 0], values[:, others], n_before)
    return found


def _beside(periods: pd.Index[str], columns: dict[str, np.ndarray]) -> pd.DataFrame:
    return pd.DataFrame({"period": periods, **columns})
