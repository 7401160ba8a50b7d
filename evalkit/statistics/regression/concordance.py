"""How often the model ranks two persons as they turned out: the concordance.

Rows are taken in order of their prediction; those already passed are counted by day, so
all pairs of n rows cost about n times the square root of the number of days, not n².
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.regression.cox_fit import CoxFit
from evalkit.statistics.regression.cox_residuals import cell_before
from evalkit.statistics.regression.risk_sets import RiskSets

SAME_PREDICTION = 1e-11
"""Predictions closer than this, relative to the largest, differ by rounding only."""
ROWS_COMPARED = 256
"""Rows of neighbouring predictions that are compared one by one."""


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

    >>> import pandas as pd
    >>> from evalkit.statistics.regression.cox_fit import fit_cox
    >>> aml = pd.DataFrame({"days": [9, 13, 28, 45, 5, 8, 12, 23], "left": [1, 1, 0, 1, 1, 1, 1, 1],
    ...     "course": [1, 1, 1, 1, 0, 0, 0, 0]})
    >>> fit = fit_cox(aml, days="days", event="left", covariates=["course"])
    >>> round(concordance(fit).value, 4)  # R: concordance(coxph(...)) 0.6852
    0.6852
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
    spans = _spans(sets)
    rank = _ranks(predictions)
    order = np.argsort(rank, kind="stable")
    lower, same = _Partners.none(sets.n_rows), _Partners.none(sets.n_rows)
    so_far = _Counter(spans.width)
    for block in _blocks_of_whole_ranks(rank[order], spans.width):
        rows = order[block]
        part = spans.of(rows)
        lower.add(rows, so_far.partners(part))
        if rank[rows[0]] == rank[rows[-1]]:
            alone = _Counter(spans.width)
            alone.count(part)
            same.add(rows, alone.partners(part))
        else:
            _add_one_by_one(part, rank[rows], rows, lower, same)
        so_far.count(part)
    everyone = so_far.partners(spans)
    stayers, leavers = everyone.stayers, everyone.leavers
    higher_stayers = stayers - lower.stayers - same.stayers
    higher_leavers = leavers - lower.leavers - same.leavers
    return Pairs(
        concordant=float(spans.weight @ lower.stayers),
        discordant=float(spans.weight @ higher_stayers),
        tied=float(spans.weight @ same.stayers),
        per_row=np.array(
            [
                lower.stayers + higher_leavers,
                higher_stayers + lower.leavers,
                same.stayers + same.leavers,
            ]
        ),
    )


@dataclass(frozen=True, slots=True)
class _Spans:
    """When each row can be a partner: a leaver at ``leave`` meets those with enter < it < leave.

    A place is twice a cell; whoever stays beyond the cell's events stands one further, and
    whoever enters after it one above it. Strata have cells of their own, so rows of
    different strata never meet.
    """

    enter: np.ndarray
    leave: np.ndarray
    event: np.ndarray
    weight: np.ndarray
    width: int

    def of(self, rows: np.ndarray) -> _Spans:
        return _Spans(
            self.enter[rows], self.leave[rows], self.event[rows], self.weight[rows], self.width
        )


@dataclass(frozen=True, slots=True)
class _Partners:
    """Per row, the weight of those a leaver left behind and of those a stayer outstayed."""

    stayers: np.ndarray
    leavers: np.ndarray

    @classmethod
    def none(cls, n: int) -> _Partners:
        return cls(np.zeros(n), np.zeros(n))

    def add(self, rows: np.ndarray, more: _Partners) -> None:
        self.stayers[rows] += more.stayers
        self.leavers[rows] += more.leavers


class _Counter:
    """Counts rows by place; then anybody's partners among them are differences of sums."""

    def __init__(self, width: int) -> None:
        self._at_risk = np.zeros(width)
        self._left = np.zeros(width)

    def count(self, rows: _Spans) -> None:
        width, weight, event = rows.width, rows.weight, rows.event
        self._at_risk += np.bincount(rows.enter + 1, weight, width)
        self._at_risk -= np.bincount(rows.leave, weight, width)
        self._left += np.bincount(rows.leave[event], weight[event], width)

    def partners(self, rows: _Spans) -> _Partners:
        at_risk, left = np.cumsum(self._at_risk), np.cumsum(self._left)
        stayers = np.where(rows.event, at_risk[rows.leave], 0.0)
        return _Partners(stayers, left[rows.leave - 1] - left[rows.enter])


def _add_one_by_one(
    part: _Spans, rank: np.ndarray, rows: np.ndarray, lower: _Partners, same: _Partners
) -> None:
    """Compares every leaver of a block with every row of it."""
    event, weight = part.event, part.weight
    at = part.leave[event][:, None]
    meets = (part.enter < at) & (at < part.leave)
    below = meets & (rank < rank[event][:, None])
    level = meets & (rank == rank[event][:, None])
    above = meets & ~below & ~level
    lower.stayers[rows[event]] += below @ weight
    same.stayers[rows[event]] += level @ weight
    lower.leavers[rows] += weight[event] @ above
    same.leavers[rows] += weight[event] @ level


def _spans(sets: RiskSets) -> _Spans:
    before = np.broadcast_to(cell_before(sets, slice(0, None)), sets.last.shape)
    weights = np.ones(sets.n_rows) if sets.weights is None else sets.weights
    return _Spans(
        enter=2 * before.astype(np.int64) + 1,
        leave=2 * sets.last.astype(np.int64) + ~sets.event,
        event=sets.event,
        weight=weights,
        width=2 * sets.n_cells + 2,
    )


def _ranks(predictions: np.ndarray) -> np.ndarray:
    """Dense ranks; predictions that differ by rounding only are the same."""
    order = np.sort(predictions)
    apart = np.diff(order) > SAME_PREDICTION * max(1e-300, float(np.abs(predictions).max()))
    starts = order[np.concatenate(([True], apart))]
    result: np.ndarray = np.searchsorted(starts, predictions, side="right") - 1
    return result


def _blocks_of_whole_ranks(ordered: np.ndarray, width: int) -> list[slice]:
    """Blocks of rows, each of whole ranks; a rank longer than a block stands alone.

    Counting costs ``width`` a block, comparing one by one the block's length a row: a
    length of about the square root of the width keeps both small.
    """
    length = max(ROWS_COMPARED, int(2 * np.sqrt(width)))
    ends = np.append(np.flatnonzero(np.diff(ordered)) + 1, len(ordered))
    blocks, start, previous = [], 0, 0
    for end in ends.tolist():
        if end - start > length and previous > start:
            blocks.append(slice(start, previous))
            start = previous
        previous = end
    blocks.append(slice(start, len(ordered)))
    return blocks
