"""How often the model ranks two persons as they turned out: the concordance.

Pairs are counted by prefix sums over the bits of the ranked predictions, so all pairs of
n rows cost n log² n, not n².
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from evalkit.analysis.regression.cox_fit import CoxFit
from evalkit.analysis.regression.cox_residuals import cell_before
from evalkit.analysis.regression.risk_sets import RiskSets
from evalkit.results import CannotBeComputed, Estimate

SAME_PREDICTION = 1e-11
"""Predictions closer than this, relative to the largest, differ by rounding only."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Weighted pairs: ranked as they turned out, the other way round, and tied in rank.

    ``per_row`` is ``(3, n)``: the weight of each row's partners of the three kinds.
    """

    concordant: float
    discordant: float
    tied: float
    per_row: np.ndarray

    @property
    def total(self) -> float:
        return self.concordant + self.discordant + self.tied


def concordance(fit: CoxFit, *, confidence_level: float = 0.95) -> Estimate:
    """Share of comparable pairs in which the one with the higher hazard left first.

    Harrell's C with half a point for tied predictions; standard error by the infinitesimal
    jackknife (Therneau and Watson 2015), summed by cluster where the model has clusters.
    Pairs are comparable within a stratum while both are at risk, so delayed entry counts.

    Raises:
        CannotBeComputed: ``no_comparable_pairs``.
    """
    pairs = comparable_pairs(fit.sets, fit.linear_predictor)
    value, error = index_with_error(pairs, fit.sets.weights, fit.rows.clusters)
    half = float(stats.norm.isf((1 - confidence_level) / 2)) * error
    return Estimate(
        measure="concordance",
        value=value,
        low=max(0.0, value - half),
        high=min(1.0, value + half),
        unit="share",
        method="infinitesimal_jackknife",
        confidence_level=confidence_level,
        n=fit.rows.n,
        cells=(fit.rows.n, int(fit.rows.event.sum())),
    )


def index_with_error(
    pairs: Pairs, weights: np.ndarray | None, clusters: np.ndarray | None
) -> tuple[float, float]:
    """The concordance and its standard error.

    Raises:
        CannotBeComputed: ``no_comparable_pairs``.
    """
    if pairs.total <= 0:
        raise CannotBeComputed("no_comparable_pairs")
    concordant, discordant, tied = pairs.per_row
    somers = (pairs.concordant - pairs.discordant) / pairs.total
    influence = (concordant - discordant - somers * (concordant + discordant + tied)) / pairs.total
    if weights is not None:
        influence = influence * weights
    if clusters is not None:
        influence = np.bincount(clusters, influence)
    return (somers + 1) / 2, float(np.sqrt(influence @ influence) / 2)


def comparable_pairs(sets: RiskSets, predictions: np.ndarray) -> Pairs:
    """Counts the pairs of an event and someone who was at risk and stayed longer."""
    weights = np.ones(sets.n_rows) if sets.weights is None else sets.weights
    rank, bits = _ranks_within_strata(sets, predictions)
    view = _View(sets, weights)
    per_row = np.zeros((3, sets.n_rows))
    higher_leaves, lower_leaves = np.zeros(sets.n_rows), np.zeros(sets.n_rows)
    for bit in range(bits):
        group, is_high = rank >> (bit + 1), ((rank >> bit) & 1).astype(bool)
        for leaving, staying, counted, kind in (
            (is_high, ~is_high, higher_leaves, 0),
            (~is_high, is_high, lower_leaves, 1),
        ):
            found = view.staying_longer(group, leaving & sets.event, staying)
            np.add(counted, found, out=counted)
            per_row[kind] += found + view.left_earlier(group, leaving & sets.event, staying)
    everyone = np.ones(sets.n_rows, dtype=bool)
    same = view.staying_longer(rank, sets.event, everyone)
    per_row[2] = same + view.left_earlier(rank, sets.event, everyone)
    totals = [float(weights @ count) for count in (higher_leaves, lower_leaves, same)]
    return Pairs(totals[0], totals[1], totals[2], per_row)


@dataclass(frozen=True, slots=True)
class _View:
    """Pair sums between leavers and stayers of the same group.

    A row's key is twice its last cell, plus one if it stayed beyond that cell's events; a
    leaver in cell c is compared with rows of a key above 2c that had entered before c.
    """

    sets: RiskSets
    weights: np.ndarray

    @property
    def key(self) -> np.ndarray:
        result: np.ndarray = 2 * self.sets.last.astype(np.int64) + ~self.sets.event
        return result

    @property
    def entry_key(self) -> np.ndarray:
        before = np.broadcast_to(cell_before(self.sets, slice(0, None)), self.sets.last.shape)
        result: np.ndarray = 2 * before.astype(np.int64) + 1
        return result

    def staying_longer(
        self, group: np.ndarray, leaving: np.ndarray, staying: np.ndarray
    ) -> np.ndarray:
        """For each leaver, the weight of the stayers of its group; 0 for other rows."""
        width = 2 * self.sets.n_cells + 2
        found = np.zeros(len(group))
        code = group[leaving] * width + self.key[leaving] + 1
        end = (group[leaving] + 1) * width
        points, weight = group[staying] * width, self.weights[staying]
        found[leaving] = _between(points + self.key[staying], weight, code, end)
        if self.sets.before is not None:
            found[leaving] -= _between(points + self.entry_key[staying], weight, code, end)
        return found

    def left_earlier(
        self, group: np.ndarray, leaving: np.ndarray, staying: np.ndarray
    ) -> np.ndarray:
        """For each stayer, the weight of the leavers of its group it outstayed."""
        width = 2 * self.sets.n_cells + 2
        found = np.zeros(len(group))
        start = group[staying] * width
        points = group[leaving] * width + self.key[leaving]
        first = start + self.entry_key[staying]
        found[staying] = _between(points, self.weights[leaving], first, start + self.key[staying])
        return found


def _between(
    points: np.ndarray, weights: np.ndarray, start: np.ndarray, stop: np.ndarray
) -> np.ndarray:
    """For each query, the weight of the points with ``start <= code < stop``."""
    order = np.argsort(points, kind="stable")
    total = np.concatenate(([0.0], np.cumsum(weights[order])))
    ordered = points[order]
    result: np.ndarray = total[np.searchsorted(ordered, stop)]
    return result - total[np.searchsorted(ordered, start)]


def _ranks_within_strata(sets: RiskSets, predictions: np.ndarray) -> tuple[np.ndarray, int]:
    """Dense ranks of the predictions, strata set apart above the bits that ranks use."""
    order = np.sort(predictions)
    apart = np.diff(order) > SAME_PREDICTION * max(1e-300, float(np.abs(predictions).max()))
    starts = order[np.concatenate(([True], apart))]
    rank = np.searchsorted(starts, predictions, side="right") - 1
    bits = int(rank.max()).bit_length()
    if sets.strata is not None:
        rank = rank + (sets.strata.astype(np.int64) << bits)
    return rank, bits
