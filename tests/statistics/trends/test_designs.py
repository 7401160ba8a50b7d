"""What each design finds in made-up areas, how often it errs, and what it refuses."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evalkit.results import CannotBeComputed
from evalkit.statistics.trends.aligned import (
    breaks_within,
    change_against_reference,
    changes_between,
)
from evalkit.statistics.trends.interrupted import interrupted_series
from evalkit.statistics.trends.panel import event_study, panel_difference
from evalkit.statistics.trends.shares import (
    lead_change,
    lead_over_reference,
    share_difference_in_differences,
)
from evalkit.statistics.trends.synthetic_control import closest_combination, synthetic_control
from tests.statistics.trends.areas import START, areas, broken_line, made, without

ERROR_RATE = 0.05


def test_a_known_break_is_found_with_the_reference_taken_away() -> None:
    rng = np.random.default_rng(3)
    common = np.cumsum(rng.normal(0, 0.3, 48))
    area = (np.array(broken_line(rng, level=-1.0, slope=-0.05)) + common).tolist()
    series = made({"A": area, "Riket": (7 + common).tolist()})
    found = interrupted_series(series, area="A", reference="Riket", first_after=START)
    level, slope, end = found.changes
    assert level.value == pytest.approx(-1.0, abs=0.2)
    assert slope.value == pytest.approx(-0.05, abs=0.01)
    assert end.low < -1.0 - 23 * 0.05 < end.high
    assert level.high - level.low < 0.6  # the shared swings, six times the noise, are gone
    assert (found.n_before, found.n_after, found.lag) == (24, 24, 3)


def test_a_season_is_taken_out() -> None:
    rng = np.random.default_rng(4)
    wave = 1.5 * np.sin(2 * np.pi * np.arange(48) / 12)
    series = made({"A": (np.array(broken_line(rng, level=-1, slope=0)) + wave).tolist()})
    plain = interrupted_series(series, area="A", first_after=START)
    seasonal = interrupted_series(series, area="A", first_after=START, season=12)
    assert seasonal.changes[0].value == pytest.approx(-1, abs=0.3)
    assert seasonal.lines["fitted"].std() > plain.lines["fitted"].std()


def test_intervals_of_the_level_cover_about_as_often_as_they_say() -> None:
    """Turner et al. (2021): restricted likelihood comes close to 95, a little short of it."""
    covered = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        series = made({"A": broken_line(rng, level=-1.0, slope=0.0)})
        level = interrupted_series(series, area="A", first_after=START).changes[0]
        covered += level.low <= -1.0 <= level.high
    assert 0.89 <= covered / 200 <= 0.98


@pytest.mark.parametrize(
    ("errors", "least", "most"), [("newey_west", 0.07, 0.20), ("autoregressive", 0.02, 0.11)]
)
def test_newey_west_finds_breaks_that_are_not_there_more_often_than_it_says(
    errors: Literal["newey_west", "autoregressive"], least: float, most: float
) -> None:
    """Where 5 of 100 should: 48 months, residuals that hang together (0.4), no break at all.

    Turner et al. (2021), BMC Med Res Methodol 21:181, found the same for short series; that is
    why restricted likelihood is what the report uses.
    """
    found = 0
    for seed in range(300):
        series = made({"A": broken_line(np.random.default_rng(seed), level=0.0, slope=0.0)})
        level = interrupted_series(series, area="A", first_after=START, errors=errors).changes[0]
        found += not level.low <= 0 <= level.high
    assert least <= found / 300 <= most


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"area": "K0"}, "series_gap"),
        ({"area": "K1", "reference": "K0"}, "series_gap"),
        ({"area": "K1", "first_after": "2019-06"}, "intervention_outside"),
        ({"area": "K1", "first_after": "2015-01"}, "intervention_outside"),
        ({"area": "K1", "first_after": "2018-10"}, "too_few_periods"),
        ({"area": "Ingenstans"}, "area_without_values"),
    ],
)
def test_a_series_that_cannot_carry_a_break_is_refused_in_words(
    change: dict[str, str], reason: str
) -> None:
    series = without(areas(1, 3), "K0", "2016-05")
    with pytest.raises(CannotBeComputed) as refused:
        interrupted_series(series, **{"first_after": START, **change})
    assert refused.value.reason == reason
    if reason == "series_gap":
        assert refused.value.facts == {"area": "K0", "period": "2016-05", "missing": 1}


def test_a_new_definition_within_the_series_is_refused() -> None:
    rng = np.random.default_rng(6)
    series = made({"A": broken_line(rng, level=0, slope=0)}, breaks=("2016-07",))
    with pytest.raises(CannotBeComputed, match="definition_break"):
        interrupted_series(series, area="A", first_after=START)
    changes = changes_between(
        made({"A": [1.0] * 48, "B": [1.0] * 48}, breaks=("2016-07",)),
        first="2016-01", last="2017-01", area="A", reference="B",
    )  # fmt: skip
    assert changes.breaks == ("2016-07",)


@pytest.mark.parametrize(
    ("period", "first", "last", "is_within"),
    [
        ("2016-01", "2016-01", "2016-12", False),  # the first period is of the new definition
        ("2016-02", "2016-01", "2016-12", True),
        ("2016-12", "2016-01", "2016-12", True),
        ("2017-01", "2016-01", "2016-12", False),
        ("2017-03", "2015", "2017", True),  # in the course of the last year
        ("2018-01", "2015", "2017", False),
        ("2015", "2015", "2017", False),
    ],
)
def test_a_new_definition_matters_after_the_first_period_and_up_to_the_last(
    period: str, first: str, last: str, is_within: bool
) -> None:
    series = made({"A": [1.0, 2.0]}, breaks=(period,))
    assert breaks_within(series, first=first, last=last) == ((period,) if is_within else ())


def test_values_on_a_line_are_refused() -> None:
    with pytest.raises(CannotBeComputed, match="series_without_variation"):
        interrupted_series(made({"A": [5.0] * 48}), area="A", first_after=START)


def test_too_few_areas_beside_are_refused() -> None:
    changes = changes_between(
        areas(1, 3), first="2016-12", last="2018-12", area="K0", reference="Riket"
    )
    with pytest.raises(CannotBeComputed, match="too_few_others"):
        change_against_reference(changes)


def test_a_synthetic_control_finds_the_shift_and_ranks_it_first() -> None:
    series = areas(2, 12, shift=-2.0)
    pool = [f"K{i}" for i in range(12)]
    found = synthetic_control(series, area="K0", pool=pool, first_after=START)
    assert found.difference == pytest.approx(-2.0, abs=0.7)
    assert found.test.p_value == pytest.approx(1 / 12)
    assert sum(found.weights.values()) == pytest.approx(1)
    assert min(found.weights.values()) >= 0
    assert set(found.leave_one_out) <= set(pool)
    assert all(value == pytest.approx(-2.0, abs=0.9) for value in found.leave_one_out.values())


def test_placebo_ranks_are_even_when_nothing_happened() -> None:
    """With ten areas alike, each rank from 1 to 10 is as likely as any other."""
    ranks = np.zeros(10)
    pool = [f"K{i}" for i in range(10)]
    for seed in range(300):
        found = synthetic_control(areas(seed, 10), area="K0", pool=pool, first_after=START)
        ranks[int(found.test.statistic) - 1] += 1
    assert stats.chisquare(ranks).pvalue > 0.001


@given(order=st.permutations([f"K{i}" for i in range(1, 15)]))
@settings(max_examples=10)
def test_the_order_of_the_pool_changes_nothing(order: list[str]) -> None:
    series = areas(5, 15)
    found, other = (
        synthetic_control(series, area="K0", pool=pool, first_after=START)
        for pool in (sorted(order), order)
    )
    assert found.weights == pytest.approx(other.weights, abs=1e-9)
    assert found.difference == pytest.approx(other.difference, abs=1e-9)
    assert found.test == other.test


def test_a_pool_that_meets_every_period_in_many_ways_says_nothing() -> None:
    # Forty areas, four periods before: listed in other orders they gave −0.09 … 0.69.
    rng = np.random.default_rng(0)
    values = (5 + rng.normal(size=(41, 10))).round(2)
    values[0, :4] = values[1:, :4].mean(axis=0)  # amid the others
    series = made({f"K{i}": row.tolist() for i, row in enumerate(values)})
    with pytest.raises(CannotBeComputed) as refused:
        synthetic_control(
            series, area="K0", pool=[f"K{i}" for i in range(1, 41)], first_after="2015-05"
        )
    assert refused.value.reason == "pool_follows_exactly"
    assert refused.value.facts == {"n": 40, "before": 4}


def test_the_closest_combination_is_that_of_a_general_optimiser() -> None:
    from scipy.optimize import minimize

    rng = np.random.default_rng(8)
    target, others = rng.normal(size=12), rng.normal(size=(12, 5))

    def squares(weights: np.ndarray) -> float:
        return float(((target - others @ weights) ** 2).sum())

    slow = minimize(
        squares, np.full(5, 0.2), bounds=[(0, 1)] * 5, method="SLSQP",
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1}, options={"ftol": 1e-14},
    )  # fmt: skip
    assert closest_combination(target, others) == pytest.approx(slow.x, abs=1e-5)


def test_one_area_and_two_controls_carry_no_design() -> None:
    series = areas(1, 3)
    with pytest.raises(CannotBeComputed, match="pool_too_small"):
        synthetic_control(series, area="K0", pool=["K1", "K2"], first_after=START)
    frame = series.observations[series.observations["area"] != "Riket"].assign(
        treated=lambda f: (f["area"] == "K0").astype(int)
    )
    arguments = {"outcome": "value", "unit": "area", "period": "period", "treated": "treated"}
    with pytest.raises(CannotBeComputed, match="too_few_areas"):
        panel_difference(frame, first_treated_period=START, **arguments)
    with pytest.raises(CannotBeComputed, match="too_few_areas"):
        event_study(frame, first_treated_period=START, reference_period="2016-12", **arguments)


def test_a_panel_with_a_gap_is_refused() -> None:
    series = without(areas(1, 6), "K3", "2016-02")
    frame = series.observations.assign(treated=series.observations["area"].isin(["K0", "K1"]))
    with pytest.raises(CannotBeComputed) as refused:
        panel_difference(
            frame.astype({"treated": int}), outcome="value", unit="area", period="period",
            treated="treated", first_treated_period=START,
        )  # fmt: skip
    assert refused.value.facts == {"area": "K3", "period": "2016-02"}


def test_a_share_against_a_reference_combines_both_changes() -> None:
    """By hand: MOVER of two Newcombe intervals; a huge reference adds no width."""
    from evalkit.statistics.shares.differences import newcombe

    own = newcombe(events_1=62, n_1=130, events_2=42, n_2=128)
    huge = share_difference_in_differences(
        before=(42, 128), after=(62, 130),
        reference_before=(3_200_000, 10_000_000), reference_after=(4_400_000, 10_000_000),
    )  # fmt: skip
    assert huge.value == pytest.approx(own.value - 0.12)
    assert huge.high - huge.low == pytest.approx(own.high - own.low, rel=1e-4)


def test_the_lead_over_the_nation_shrank() -> None:
    """DOMAIN §1: 32.8 → 47.7 per cent while the nation went from 32 to 44."""
    before = lead_over_reference(label="2017", counts=(62, 130), reference_share=0.32)
    after = lead_over_reference(label="2018", counts=(52, 100), reference_share=0.44)
    change = lead_change(before, after, before_counts=(62, 130), after_counts=(52, 100)).change
    assert before.lead.value == pytest.approx(0.157, abs=5e-4)
    assert change.value == pytest.approx(0.08 - 0.1569, abs=5e-4)
    assert change.low < 0 < change.high


def test_a_reference_with_persons_behind_it_widens_the_change_of_the_lead() -> None:
    """MOVER by hand: sqrt of the squared distances of both changes to their limits."""
    from evalkit.statistics.shares.differences import newcombe

    counts, reference = ((62, 130), (52, 100)), ((320, 1000), (440, 1000))
    sides = [
        lead_over_reference(label=label, counts=count, reference_share=share)
        for label, count, share in zip(("2017", "2018"), counts, (0.32, 0.44), strict=True)
    ]
    found = lead_change(
        *sides, before_counts=counts[0], after_counts=counts[1], reference_counts=reference
    ).change
    known = lead_change(*sides, before_counts=counts[0], after_counts=counts[1]).change
    own = newcombe(events_1=52, n_1=100, events_2=62, n_2=130)
    other = newcombe(events_1=440, n_1=1000, events_2=320, n_2=1000)
    assert found.value == pytest.approx(known.value)
    down = ((own.value - own.low) ** 2 + (other.high - other.value) ** 2) ** 0.5
    assert found.low == pytest.approx(found.value - down)
    assert found.low < known.low < known.high < found.high
    assert (found.n, found.cells) == (known.n, known.cells)  # the reference's are published


def test_the_spread_of_areas_covers_a_change_that_is_not_there() -> None:
    """Under no programme the interval misses nought about one time in twenty."""
    missed = 0
    for seed in range(400):
        changes = changes_between(
            areas(seed, 9), first="2016-12", last="2018-12", area="K0", reference="Riket"
        )
        estimate = change_against_reference(changes)
        missed += not estimate.low <= 0 <= estimate.high
    assert stats.binomtest(missed, 400, ERROR_RATE).pvalue > 0.001
