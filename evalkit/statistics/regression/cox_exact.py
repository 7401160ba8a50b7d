"""The exact partial likelihood for tied discrete times (Cox 1972, Gail, Lubin and Rubinstein 1981).

The events of a tied time are a sample of size d from its risk set; the denominator is a sum
over all samples of that size, built up person by person by recursion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalkit.results import CannotBeComputed
from evalkit.statistics.regression.cox_residuals import cell_before
from evalkit.statistics.regression.cox_sums import relative_risks
from evalkit.statistics.regression.maximise import Evaluation
from evalkit.statistics.regression.risk_sets import RiskSets


@dataclass(frozen=True, slots=True)
class _Samples:
    """Sums over all samples of size 0 … d of the product of risks, with two derivatives."""

    zero: np.ndarray
    one: np.ndarray
    two: np.ndarray


def evaluate(columns: np.ndarray, sets: RiskSets, coefficients: np.ndarray) -> Evaluation:
    """Log-likelihood, score and information of the exact partial likelihood.

    Raises:
        CannotBeComputed: ``too_many_ties`` when the number of samples overflows.
    """
    p = len(columns)
    risks = relative_risks(columns, coefficients, None)
    log_likelihood, score, information = 0.0, np.zeros(p), np.zeros((p, p))
    for cell, samples, scale in _denominators(columns, sets, risks):
        d = sets.ties[cell]
        total = samples.zero[d]
        if not (np.isfinite(total) and np.isfinite(samples.two[d]).all() and total > 0):
            raise CannotBeComputed("too_many_ties", ties=int(d))
        events = columns[:, (sets.last == cell) & sets.event].sum(axis=1)
        mean = samples.one[d] / total
        log_likelihood += float(coefficients @ events - np.log(total) - d * np.log(scale))
        score += events - mean
        information += samples.two[d] / total - np.outer(mean, mean)
    return Evaluation(log_likelihood, score, information)


def _denominators(
    columns: np.ndarray, sets: RiskSets, risks: np.ndarray
) -> list[tuple[int, _Samples, float]]:
    """For each cell with events, sums over samples of its risk set, risks divided by a scale."""
    before = np.broadcast_to(cell_before(sets, slice(0, sets.n_rows)), sets.last.shape)
    found = []
    for start, stop in zip(sets.first_cell[:-1], sets.first_cell[1:], strict=True):
        state, counted, scale = None, np.zeros(sets.n_rows, dtype=bool), 1.0
        for cell in range(stop - 1, start, -1):
            at_risk = (before < cell) & (sets.last >= cell)
            # People who enter late leave the risk set on the way back in time: start over.
            if state is None or (counted & ~at_risk).any():
                largest = int(sets.ties[start:stop].max())
                state, scale = _empty(largest, len(columns)), float(risks[at_risk].mean())
                counted = np.zeros(sets.n_rows, dtype=bool)
            state = _grow(state, columns[:, at_risk & ~counted], risks[at_risk & ~counted] / scale)
            counted = at_risk
            found.append((cell, state, scale))
    return found


def _empty(largest: int, p: int) -> _Samples:
    zero = np.zeros(largest + 1)
    zero[0] = 1.0
    return _Samples(zero, np.zeros((largest + 1, p)), np.zeros((largest + 1, p, p)))


def _grow(samples: _Samples, columns: np.ndarray, risks: np.ndarray) -> _Samples:
    """Samples of a risk set with more persons: each is in a sample, or is not."""
    zero, one, two = samples.zero.copy(), samples.one.copy(), samples.two.copy()
    with np.errstate(over="ignore", invalid="ignore"):  # judged by the caller as too_many_ties
        for x, risk in zip(columns.T, risks, strict=True):
            cross = one[:-1, :, None] * x
            two[1:] += risk * (
                two[:-1] + cross + cross.transpose(0, 2, 1) + np.outer(x, x) * zero[:-1, None, None]
            )
            one[1:] += risk * (one[:-1] + x * zero[:-1, None])
            zero[1:] += risk * zero[:-1]
    return _Samples(zero, one, two)
