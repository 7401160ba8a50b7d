"""Sums over tied events: the closed form against adding the steps with exact rounding."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from evalkit.statistics.regression.cox import fit_cox
from evalkit.statistics.regression.cox_sums import cell_sums, evaluate, event_totals, information
from evalkit.statistics.regression.cox_sums import tie_sums as tie_sums_of
from evalkit.statistics.regression.risk_sets import FEWEST_TIES_IN_SERIES, tie_steps

ROUNDING = 4 * np.finfo(float).eps


@pytest.mark.parametrize("share", [0.0, 1e-9, 0.003, 0.0999, 0.1, 0.1001, 0.9, 1.0])
@pytest.mark.parametrize("ties", [1, 2, FEWEST_TIES_IN_SERIES - 1, FEWEST_TIES_IN_SERIES, 5_000])
def test_sums_over_ties_are_those_of_the_steps_added_one_by_one(ties: int, share: float) -> None:
    f = [step / ties for step in range(ties)]
    left = [1 - part * share for part in f]
    expected = [
        math.fsum(math.log1p(-part * share) for part in f),
        math.fsum(1 / d for d in left),
        math.fsum(part / d for part, d in zip(f, left, strict=True)),
        math.fsum(1 / d**2 for d in left),
        math.fsum(part / d**2 for part, d in zip(f, left, strict=True)),
        math.fsum(part**2 / d**2 for part, d in zip(f, left, strict=True)),
    ]

    found = tie_steps(np.array([0, ties]), np.array([0.0, share]))

    assert found[:, 0].tolist() == [0.0] * 6
    # Bincount adds thousands of terms one after another: some rounding more than fsum.
    assert found[:, 1] == pytest.approx(expected, rel=50 * ROUNDING, abs=1e-300)


@pytest.mark.parametrize("stratified", [False, True])
def test_information_summed_by_rows_is_the_information_summed_by_risk_sets(
    stratified: bool,
) -> None:
    random = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "days": random.integers(1, 12, 900),
            "left": random.integers(0, 2, 900),
            "age": random.normal(40, 10, 900),
            "woman": random.integers(0, 2, 900),
            "town": random.integers(0, 3, 900),
        }
    )
    fit = fit_cox(
        frame,
        days="days",
        event="left",
        covariates=["age", "woman"],
        strata="town" if stratified else None,
    )
    columns, sets, at = fit.matrix.columns, fit.sets, np.array([0.3, -0.4])
    sums = cell_sums(columns, sets, at)

    by_rows = evaluate(columns, sets, at, "efron", event_totals(columns, sets)).information

    by_sets = information(sums, tie_sums_of(sets, sums, "efron"))
    assert by_rows == pytest.approx(by_sets, rel=1e-12)
