"""Residuals of a Cox model and the robust covariance they give.

Every residual is a difference of cumulative sums over the cells a row was at risk in, so
all of them together cost one pass over the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evalkit.statistics.regression.cox_sums import (
    LARGEST_PREDICTOR,
    ROWS_PER_BLOCK,
    CellSums,
    TieSums,
)
from evalkit.statistics.regression.risk_sets import RiskSets


@dataclass(frozen=True, slots=True)
class Paths:
    """Cumulative hazard and hazard-weighted mean covariate over the cells.

    ``hazard``, ``mean`` run over the cells; ``hazard_tied``, ``mean_tied`` are the values
    seen by a row whose event lies in the cell, which under Efron's handling of ties meets
    only part of that cell's hazard. ``expected`` is the mean covariate of the events.
    """

    hazard: np.ndarray
    hazard_tied: np.ndarray
    mean: np.ndarray
    mean_tied: np.ndarray
    expected: np.ndarray


def paths(sets: RiskSets, sums: CellSums, steps: TieSums) -> Paths:
    """Cumulative sums over all cells; differences within a stratum are what is used."""
    one, tied, share = sums.at_risk.one, sums.tied.one, steps.share
    share = np.divide(share, sums.risk, out=np.zeros_like(share), where=sums.risk > 0)
    jump = share * steps.inverse
    mean = share * (one * steps.square - tied * steps.square_f)
    hazard, cumulative_mean = np.cumsum(jump), np.cumsum(mean, axis=1)
    own = share * (steps.inverse - steps.inverse_f)
    own_mean = share * (
        one * (steps.square - steps.square_f) - tied * (steps.square_f - steps.square_ff)
    )
    d = np.maximum(sets.ties, 1)
    return Paths(
        hazard=hazard,
        hazard_tied=hazard - jump + own,
        mean=cumulative_mean,
        mean_tied=cumulative_mean - mean + own_mean,
        expected=(one * steps.inverse - tied * steps.inverse_f) / d,
    )


def score_residual_blocks(
    columns: np.ndarray, sets: RiskSets, coefficients: np.ndarray, path: Paths
) -> Iterator[tuple[slice, np.ndarray]]:
    """Each row's part of the score (Therneau, Grambsch and Fleming 1990), ``(p, rows)``.

    Multiplied by the case weight; yielded block by block to keep memory small.
    """
    for start in range(0, sets.n_rows, ROWS_PER_BLOCK):
        rows = slice(start, min(start + ROWS_PER_BLOCK, sets.n_rows))
        x, event = columns[:, rows], sets.event[rows]
        hazard, mean = _met(sets, path, rows)
        residual = -_risk(x, coefficients) * (x * hazard - mean)
        residual[:, event] += x[:, event] - path.expected[:, sets.last[rows][event]]
        yield rows, residual if sets.weights is None else residual * sets.weights[rows]


def cross_products(
    blocks: Iterator[tuple[slice, np.ndarray]], p: int, clusters: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Sum of U U' over rows, or over clusters of rows, and the sum of U."""
    if clusters is None:
        product, total = np.zeros((p, p)), np.zeros(p)
        for _, block in blocks:
            product += block @ block.T
            total += block.sum(axis=1)
        return product, total
    by_cluster = np.zeros((p, int(clusters.max()) + 1))
    for rows, block in blocks:
        for j in range(p):
            by_cluster[j] += np.bincount(clusters[rows], block[j], by_cluster.shape[1])
    return by_cluster @ by_cluster.T, by_cluster.sum(axis=1)


def cell_before(sets: RiskSets, rows: slice) -> np.ndarray:
    """The cell before the first that each row is at risk in."""
    if sets.before is not None:
        return sets.before[rows]
    if sets.strata is None:
        return np.zeros(1, dtype=np.intp)
    result: np.ndarray = sets.first_cell[sets.strata[rows]]
    return result


def _met(sets: RiskSets, path: Paths, rows: slice) -> tuple[np.ndarray, np.ndarray]:
    """Hazard and hazard-weighted mean covariate that each row lived through."""
    last, before, event = sets.last[rows], cell_before(sets, rows), sets.event[rows]
    hazard, mean = path.hazard[last], path.mean[:, last]
    hazard[event] = path.hazard_tied[last[event]]
    mean[:, event] = path.mean_tied[:, last[event]]
    return hazard - path.hazard[before], mean - path.mean[:, before]


def _risk(columns: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    result: np.ndarray = np.exp(
        np.clip(coefficients @ columns, -LARGEST_PREDICTOR, LARGEST_PREDICTOR)
    )
    return result
