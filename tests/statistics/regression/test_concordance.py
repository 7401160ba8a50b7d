"""Concordance against counting every pair, one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.statistics.regression import concordance as module
from evalkit.statistics.regression.concordance import comparable_pairs, concordance
from evalkit.statistics.regression.cox_fit import fit_cox
from evalkit.statistics.regression.inputs import SurvivalRows
from evalkit.statistics.regression.risk_sets import risk_sets
from tests.statistics.regression.test_cox import people


def pairs_one_by_one(rows: SurvivalRows, risk: np.ndarray) -> np.ndarray:
    """The definition: i leaves, j is at risk then and stays longer; weights multiply."""
    count = np.zeros(3)
    assert rows.entry is not None and rows.strata is not None and rows.weights is not None
    for i in np.flatnonzero(rows.event):
        for j in range(rows.n):
            stays = rows.days[j] > rows.days[i] or (
                rows.days[j] == rows.days[i] and not rows.event[j]
            )
            if stays and rows.entry[j] < rows.days[i] and rows.strata[i] == rows.strata[j]:
                kind = 0 if risk[i] > risk[j] else 1 if risk[i] < risk[j] else 2
                count[kind] += rows.weights[i] * rows.weights[j]
    return count


@given(seed=st.integers(0, 10_000), n=st.integers(2, 60), distinct=st.integers(1, 30))
def test_pairs_are_those_counted_one_by_one(seed: int, n: int, distinct: int) -> None:
    frame = people(seed, n)
    rows = SurvivalRows(
        days=frame["days"].to_numpy(),
        event=frame["left"].to_numpy().astype(bool),
        entry=frame["entry"].to_numpy(),
        strata=(frame["region"] == "south").to_numpy().astype(int),
        weights=frame["weight"].to_numpy(dtype=float),
    )
    risk = np.random.default_rng(seed).integers(0, distinct, n).astype(float)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ROWS_COMPARED", 1)  # several blocks even of few rows
        found = comparable_pairs(risk_sets(rows), risk)
    totals = [found.concordant, found.discordant, found.tied]
    assert totals == pytest.approx(pairs_one_by_one(rows, risk).tolist())
    # Each pair stands once with either of its two persons.
    assert rows.weights is not None
    assert found.per_row @ rows.weights == pytest.approx(2 * np.array(totals))


def test_many_rows_in_many_blocks_count_as_in_one() -> None:
    frame = people(7, 3000)
    fit = fit_cox(frame, days="days", event="left", covariates=["age", "arm"], entry="entry")
    many = comparable_pairs(fit.sets, fit.linear_predictor)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ROWS_COMPARED", 10_000)
        one = comparable_pairs(fit.sets, fit.linear_predictor)
    assert np.array_equal(many.per_row, one.per_row)


def test_concordance_lies_in_its_interval_and_counts_everyone() -> None:
    frame = people(4)
    fit = fit_cox(frame, days="days", event="left", covariates=["age", "arm"])
    estimate = concordance(fit)
    assert estimate.n == 80
    assert 0 <= estimate.low < estimate.value < estimate.high <= 1
