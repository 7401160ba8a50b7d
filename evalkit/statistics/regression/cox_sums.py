"""The partial likelihood from sums per event time: the arithmetic of Cox regression.

With ``r = w exp(x'b)``, only the sums of r, r x and r x x' over each risk set, and over the
events of each time, are needed. They come from one pass over the rows in blocks that fit
the processor's cache, so a fit costs the same per row whatever the number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from evalkit.options import check_option
from evalkit.statistics.regression.maximise import Evaluation
from evalkit.statistics.regression.risk_sets import RiskSets, tie_steps

Ties = Literal["efron", "breslow"]
ROWS_PER_BLOCK = 32_768
LARGEST_PREDICTOR = 500.0
"""exp of it is still finite after sums and squares; reached only on the way to infinity."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums of r, r x and the upper half of r x x' per cell, over the risk set's sum of r.

    Dividing at once keeps the arithmetic near one however far apart the risks lie.
    """

    zero: np.ndarray
    one: np.ndarray
    two: np.ndarray


@dataclass(frozen=True, slots=True)
class CellSums:
    """Moments of every risk set and of the events tied in each cell.

    ``risk`` is the sum of r over the risk set, which the moments are divided by.
    """

    risk: np.ndarray
    at_risk: Moments
    tied: Moments


@dataclass(frozen=True, slots=True)
class TieSums:
    """Sums over the steps l = 0 … d−1 of a tied time, with f = l/d and D = 1 − f D0/S0.

    ``inverse`` Σ 1/D, ``inverse_f`` Σ f/D, ``square`` Σ 1/D², ``square_f`` Σ f/D²,
    ``square_ff`` Σ f²/D², ``log`` Σ log (S0 D); ``share`` is the event weight over d.
    Breslow's approximation is f = 0 throughout.
    """

    share: np.ndarray
    log: np.ndarray
    inverse: np.ndarray
    inverse_f: np.ndarray
    square: np.ndarray
    square_f: np.ndarray
    square_ff: np.ndarray


def halves(p: int) -> tuple[np.ndarray, np.ndarray]:
    """Row and column positions of the upper half of a symmetric matrix."""
    return np.triu_indices(p)


def full_matrix(half: np.ndarray, p: int) -> np.ndarray:
    """The symmetric matrix whose upper half is given."""
    matrix = np.zeros((p, p))
    matrix[halves(p)] = half
    return matrix + np.triu(matrix, 1).T


def relative_risks(
    columns: np.ndarray, coefficients: np.ndarray, weights: np.ndarray | None
) -> np.ndarray:
    """``w exp(x'b)`` of the rows whose columns are given."""
    predictor = np.clip(coefficients @ columns, -LARGEST_PREDICTOR, LARGEST_PREDICTOR)
    risk = np.exp(predictor)
    return np.asarray(risk if weights is None else risk * weights)


def cell_sums(columns: np.ndarray, sets: RiskSets, coefficients: np.ndarray) -> CellSums:
    """One pass over the rows: moments of each risk set and of the events in each cell."""
    return as_cell_sums(*raw_sums(columns, sets, coefficients))


def as_cell_sums(at_risk: np.ndarray, tied: np.ndarray, p: int) -> CellSums:
    """Raw sums divided by each risk set's sum of r."""
    # Late entrants are subtracted; rounding must not leave less than the events themselves.
    risk = np.maximum(at_risk[0], tied[0])
    divisor = np.where(risk > 0, risk, 1.0)
    return CellSums(risk, _as_moments(at_risk / divisor, p), _as_moments(tied / divisor, p))


def raw_sums(
    columns: np.ndarray, sets: RiskSets, coefficients: np.ndarray, *, with_products: bool = True
) -> tuple[np.ndarray, np.ndarray, int]:
    """Sums of r, r x, r x x' over each risk set and over the events of each cell; and p."""
    # Sums by last cell, rows without (even places) and with (odd places) the event.
    p, width = len(columns), 2 * sets.n_cells
    leaving = np.zeros((1 + p + (p * (p + 1) // 2 if with_products else 0), width))
    for rows in blocks(sets.n_rows, width):
        risks = block_risks(columns, sets, coefficients, rows)
        add_moments(leaving, columns[:, rows], _places(sets, rows), risks)
    tied = leaving[:, 1::2]
    both = leaving[:, 0::2] + tied
    if sets.before is not None:
        both -= _not_yet_entered(columns, sets, coefficients)
    for start, stop in zip(sets.first_cell[:-1], sets.first_cell[1:], strict=True):
        both[:, start:stop] = np.cumsum(both[:, start:stop][:, ::-1], axis=1)[:, ::-1]
    return both, tied, len(columns)


def tie_sums(sets: RiskSets, sums: CellSums, ties: Ties) -> TieSums:
    """The sums over tied events of every cell (Efron 1977; Breslow 1974); 0 without events."""
    check_option("ties", ties, Ties)
    d = sets.ties.astype(float)
    has_event = d > 0
    log_risk = np.log(np.where(has_event, sums.risk, 1.0))
    share = np.divide(sets.event_weight, d, out=np.zeros_like(d), where=has_event)
    if ties == "breslow":
        none = np.zeros_like(d)
        return TieSums(share, d * log_risk, d, none, d, none, none)
    log, *others = tie_steps(sets.ties, sums.tied.zero)
    return TieSums(share, d * log_risk + log, *others)


def evaluate(
    columns: np.ndarray, sets: RiskSets, coefficients: np.ndarray, ties: Ties, events: np.ndarray
) -> Evaluation:
    """Log partial likelihood with score and information.

    ``events`` is the weighted sum of the covariates over all events, see `event_totals`.
    """
    check_option("ties", ties, Ties)
    is_early = sets.before is None
    sums = as_cell_sums(*raw_sums(columns, sets, coefficients, with_products=not is_early))
    steps = tie_sums(sets, sums, ties)
    second = second_by_rows(columns, sets, coefficients, sums, steps) if is_early else None
    expected = expected_covariates(sums, steps)
    return Evaluation(
        log_likelihood=float(coefficients @ events - steps.share @ steps.log),
        score=events - expected.sum(axis=1),
        information=information(sums, steps, second=second),
    )


def expected_covariates(sums: CellSums, steps: TieSums) -> np.ndarray:
    """``(p, m)`` what the events' covariates are expected to sum to in each cell."""
    risk, tied = sums.at_risk.one, sums.tied.one
    return np.asarray(steps.share * (risk * steps.inverse - tied * steps.inverse_f))


def information(
    sums: CellSums,
    steps: TieSums,
    cell_weight: np.ndarray | None = None,
    *,
    second: np.ndarray | None = None,
) -> np.ndarray:
    """Minus the second derivatives, cells multiplied by ``cell_weight`` where given.

    ``second`` is the part with x x' where it was summed by rows, see `second_by_rows`.
    """
    k = steps.share if cell_weight is None else steps.share * cell_weight
    one, tied = sums.at_risk.one, sums.tied.one
    if second is None:
        half = sums.at_risk.two @ (k * steps.inverse) - sums.tied.two @ (k * steps.inverse_f)
        second = full_matrix(half, len(one))
    cross = (one * (k * steps.square_f)) @ tied.T
    first = (one * (k * steps.square)) @ one.T - cross - cross.T
    first += (tied * (k * steps.square_ff)) @ tied.T
    return np.asarray(second - first)


def second_by_rows(
    columns: np.ndarray,
    sets: RiskSets,
    coefficients: np.ndarray,
    sums: CellSums,
    steps: TieSums,
) -> np.ndarray:
    """Σ x x' r H over the rows, H the hazard each has met: the risk sets' x x' turned around.

    One matrix product instead of a sum per cell for every pair of columns. Only where
    everyone is at risk from the outset: H is then a sum of positive parts.
    """
    per_risk = np.divide(
        steps.share, sums.risk, out=np.zeros_like(steps.share), where=sums.risk > 0
    )
    met = per_risk * steps.inverse
    for start, stop in zip(sets.first_cell[:-1], sets.first_cell[1:], strict=True):
        met[start:stop] = np.cumsum(met[start:stop])
    hazard = np.column_stack([met, met - per_risk * steps.inverse_f]).ravel()
    total = np.zeros((len(columns), len(columns)))
    chunks = blocks(sets.n_rows, len(hazard))
    buffer = np.empty((len(columns), chunks[0].stop))  # fresh memory would cost more than the sums
    for rows in chunks:
        x, weighted = columns[:, rows], buffer[:, : rows.stop - rows.start]
        weight = block_risks(columns, sets, coefficients, rows) * hazard[_places(sets, rows)]
        total += np.multiply(x, weight, out=weighted) @ x.T
    return total


def event_totals(columns: np.ndarray, sets: RiskSets) -> np.ndarray:
    """Weighted sum of the covariates over all events."""
    total = np.zeros(len(columns))
    for rows in blocks(sets.n_rows, 1):
        event = sets.event[rows].astype(float)
        total += columns[:, rows] @ (event if sets.weights is None else event * sets.weights[rows])
    return total


def _places(sets: RiskSets, rows: slice) -> np.ndarray:
    """Twice the last cell, one more for a row with the event."""
    place: np.ndarray = 2 * sets.last[rows].astype(np.intp)
    place += sets.event[rows]
    return place


def _not_yet_entered(columns: np.ndarray, sets: RiskSets, coefficients: np.ndarray) -> np.ndarray:
    """Sums by the cell before entry: what risk sets up to there must not hold."""
    assert sets.before is not None
    p = len(columns)
    total = np.zeros((1 + p + p * (p + 1) // 2, sets.n_cells))
    for rows in blocks(sets.n_rows, sets.n_cells):
        place = sets.before[rows].astype(np.intp)
        add_moments(total, columns[:, rows], place, block_risks(columns, sets, coefficients, rows))
    return total


def add_moments(
    total: np.ndarray, columns: np.ndarray, place: np.ndarray, risk: np.ndarray
) -> None:
    """Adds r, r x and, where ``total`` has rows for them, r x x' to their places."""
    p, width = len(columns), total.shape[1]
    has_products = len(total) > 1 + p
    total[0] += np.bincount(place, risk, width)
    row = 1 + p
    for j in range(p):
        weighted = risk * columns[j]
        total[1 + j] += np.bincount(place, weighted, width)
        for k in range(j, p) if has_products else ():
            total[row] += np.bincount(place, weighted * columns[k], width)
            row += 1


def block_risks(
    columns: np.ndarray, sets: RiskSets, coefficients: np.ndarray, rows: slice
) -> np.ndarray:
    weights = None if sets.weights is None else sets.weights[rows]
    return relative_risks(columns[:, rows], coefficients, weights)


def blocks(n: int, width: int) -> list[slice]:
    """Row blocks that fit the cache, longer where there are many cells to add up into."""
    size = max(ROWS_PER_BLOCK, 4 * width)
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]


def _as_moments(sums: np.ndarray, p: int) -> Moments:
    return Moments(sums[0], sums[1 : 1 + p], sums[1 + p :])
