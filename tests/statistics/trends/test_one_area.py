"""One area beside several: equal to R's lm, as wide as it says, even ranks, and refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evalkit.results import AreaSeries, CannotBeComputed, TestResult
from evalkit.statistics.trends.few_areas import area_difference, areas_event_study
from tests.statistics.trends.areas import START, areas

POOL = [f"K{i}" for i in range(1, 10)]
CITIES = ["Borlänge", "Gävle", "Norrköping", "Södertälje", "Trollhättan", "Västerås"]


@pytest.fixture(scope="module")
def kolada() -> AreaSeries:
    file = Path(__file__).parents[3] / "data/sample/eskilstuna-fler-jobb/kolada_n03937_urval.csv"
    table = pd.read_csv(file, dtype={"ar": str})
    table = table.rename(columns={"region": "area", "ar": "period", "N03937": "value"})
    return AreaSeries(
        observations=table.loc[table["period"] <= "2019", ["area", "period", "value"]],
        unit="%", source="Kolada", is_synthetic=False,
    )  # fmt: skip


def test_the_mean_difference_is_that_of_a_regression_in_r(kolada: AreaSeries) -> None:
    """m <- with(k, tapply(N03937, list(region, ar >= 2017), mean)), one row per area;
    confint(lm(m[, 2] - m[, 1] ~ (rownames(m) == "Eskilstuna"))).
    """
    found = area_difference(kolada, area="Eskilstuna", others=CITIES, first_after="2017")
    assert found.value == pytest.approx(0.0277556388889, abs=1e-10)
    assert found.low == pytest.approx(-1.66611537152, abs=1e-10)
    assert found.high == pytest.approx(1.72162664930, abs=1e-10)
    assert found.n == 7


def test_each_period_is_that_of_a_regression_in_r(kolada: AreaSeries) -> None:
    """w <- with(k, tapply(N03937, list(region, ar), sum));
    confint(lm(w[, "2018"] - w[, "2016"] ~ (rownames(w) == "Eskilstuna"))).
    """
    found = areas_event_study(kolada, treated=["Eskilstuna"], others=CITIES, first_after="2017")
    row = next(one for one in found.differences if one.group == "2018")
    assert found.reference_period == "2016"
    assert row.value == pytest.approx(-0.291005166667, abs=1e-10)
    assert row.low == pytest.approx(-0.904046688747, abs=1e-10)
    assert row.high == pytest.approx(0.322036355414, abs=1e-10)


def test_a_known_shift_is_found() -> None:
    series = areas(2, 10, shift=-2.0)
    average = area_difference(series, area="K0", others=POOL, first_after=START)
    assert average.low < -2.0 < average.high < 0
    found = areas_event_study(series, treated=["K0"], others=POOL, first_after=START)
    assert all(row.high < 0 for row in found.differences if row.group >= START)


def test_without_a_programme_one_interval_in_twenty_leaves_out_nought() -> None:
    missed = 0
    for seed in range(400):
        found = area_difference(areas(seed, 10), area="K0", others=POOL, first_after=START)
        missed += not found.low <= 0 <= found.high
    assert stats.binomtest(missed, 400, 0.05).pvalue > 0.001


def test_ranks_before_the_start_are_even_among_areas_alike() -> None:
    ranks = np.zeros(10)
    for seed in range(300):
        found = areas_event_study(areas(seed, 10), treated=["K0"], others=POOL, first_after=START)
        assert isinstance(found.trends_before, TestResult)
        ranks[int(found.trends_before.statistic) - 1] += 1
    assert stats.chisquare(ranks).pvalue > 0.001


def test_an_area_that_drifted_before_the_start_has_the_first_rank() -> None:
    series = areas(3, 10)
    table = series.observations.copy()
    drift = np.where(table["area"] == "K0", 0.2 * table.groupby("area").cumcount(), 0.0)
    drifting = AreaSeries(
        observations=table.assign(value=table["value"] + drift), unit="%", source="",
        is_synthetic=True,
    )  # fmt: skip
    test = areas_event_study(drifting, treated=["K0"], others=POOL, first_after=START).trends_before
    assert isinstance(test, TestResult)
    assert (test.statistic, test.p_value) == (1, pytest.approx(0.1))


@settings(max_examples=25)
@given(st.floats(-50, 50), st.integers(0, 10_000))
def test_what_moves_every_area_alike_changes_nothing(step: float, seed: int) -> None:
    series = areas(seed, 6)
    table = series.observations
    moved = AreaSeries(
        observations=table.assign(value=table["value"] + step * (table["period"] >= START)),
        unit="%", source="", is_synthetic=True,
    )  # fmt: skip
    arguments = {"area": "K0", "others": [f"K{i}" for i in range(1, 6)], "first_after": START}
    before, after = (area_difference(s, **arguments) for s in (series, moved))
    assert after.value == pytest.approx(before.value, abs=1e-9)
    assert after.high == pytest.approx(before.high, abs=1e-9)


def test_three_others_are_too_few_to_know_their_spread() -> None:
    with pytest.raises(CannotBeComputed) as refused:
        area_difference(areas(1, 4), area="K0", others=["K1", "K2", "K3"], first_after=START)
    assert (refused.value.reason, refused.value.facts) == (
        "too_few_others", {"n": 3, "needed": 4},
    )  # fmt: skip


def test_one_period_before_the_start_has_nothing_to_be_set_against() -> None:
    series, later = areas(1, 6), "2015-02"
    others = [f"K{i}" for i in range(1, 6)]
    with pytest.raises(CannotBeComputed, match="too_few_periods"):
        areas_event_study(series, treated=["K0"], others=others, first_after=later)
    assert area_difference(series, area="K0", others=others, first_after=later).n == 6
