"""Few treated areas: R's counts of all choices, refusals, and how often they err."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pytest
from scipy import stats

from evalkit.results import CannotBeComputed
from evalkit.statistics.trends import randomisation
from evalkit.statistics.trends.few_areas import areas_difference, areas_event_study, years_before
from evalkit.statistics.trends.randomisation import compare_by_lot, pooled_t, randomised_areas
from tests.oracles_support import Case, case_id, cases
from tests.statistics.trends.areas import START, areas

BY_LOT = cases("areas", keep=lambda case: "assignments" in case.expected)


@pytest.mark.oracle
@pytest.mark.parametrize("case", BY_LOT, ids=case_id)
def test_randomisation_over_areas_agrees_with_r(case: Case) -> None:
    change, treated = (np.array(case.spec[name]) for name in ("change", "treated"))
    treated = treated.astype(bool)
    found = compare_by_lot(change, treated, confidence_level=case.confidence_level)
    row, g = found.difference, int(treated.sum())
    half = (row.high - row.low) / 2
    free = len(change) - 2
    error = half / stats.t.ppf((1 + case.confidence_level) / 2, free)
    got: dict[str, Any] = {
        "difference": row.value,
        "assignments": found.assignments,
        "smallest_possible_p": 1 / found.assignments,
        "p_difference": found.p_value,
        "p_studentised": studentised(change, treated) if g > 1 else None,
        "interval_by_inversion": [found.low, found.high],
        "pooled_t": {
            "se": error,
            "p": 2 * stats.t.sf(abs(row.value) / error, free),
            "low": row.low,
            "high": row.high,
            "df": free,
        },
    }
    for name in case.expected:
        if name == "cr2":  # null throughout: it is not used with few areas
            case.assert_close(name, None if case.expected[name] is None else no_cr2())
        else:
            case.assert_close(name, got[name])
    case.finish()


def studentised(change: np.ndarray, treated: np.ndarray) -> float:
    """Also of two treated areas, for which it is not printed: it loses a third of the power."""
    return randomisation._studentised(change, randomisation.assignments(treated)).p_value


def no_cr2() -> dict[str, None]:
    return {"se": None, "df": None, "p": None}


@pytest.mark.parametrize(
    ("n", "treated", "smallest"), [(6, 2, 1 / 15), (19, 1, 1 / 19), (6, 3, 0.1)]
)
def test_too_few_areas_to_tell_from_chance_are_refused(
    n: int, treated: int, smallest: float
) -> None:
    # 3 of 6 has 20 choices, but every choice ties with its mirror image.
    change = np.arange(n) ** 1.5
    with pytest.raises(CannotBeComputed, match="too_few_assignments") as raised:
        randomised_areas(change, np.arange(n) < treated)
    assert raised.value.facts["smallest_p"] == pytest.approx(smallest)


def test_two_of_twelve_with_the_largest_changes_have_the_smallest_p() -> None:
    change = np.array([9.0, 8.0, *np.linspace(-1, 1, 10)])
    found = randomised_areas(change, np.arange(12) < 2)
    assert (found.p_value, found.smallest_p) == (1 / 66, 1 / 66)
    assert found.studentised is None
    assert found.low < found.difference.value < found.high


def test_the_limits_are_where_the_p_value_crosses_five_per_cent() -> None:
    rng = np.random.default_rng(2)
    change, treated = rng.normal(size=12), np.arange(12) < 4
    found = randomised_areas(change, treated)
    for limit, inward in ((found.low, 1), (found.high, -1)):
        for step, is_refused in ((1e-6, False), (-1e-6, True)):
            shifted = change - treated * (limit + inward * step)
            assert (compare_by_lot(shifted, treated).p_value <= 0.05) == is_refused


def test_areas_in_another_order_give_the_same() -> None:
    rng = np.random.default_rng(3)
    change, treated = rng.normal(size=14), np.arange(14) < 3
    order = rng.permutation(14)
    one, other = (randomised_areas(change[o], treated[o]) for o in (np.arange(14), order))
    assert one.p_value == other.p_value
    assert (one.low, one.high) == pytest.approx((other.low, other.high))


@pytest.mark.parametrize(
    ("change", "treated", "reason"),
    [([1, 2, 3], [0, 0, 0], "too_few_areas"), ([1, 1, 1, 1], [1, 1, 0, 0], "no_variation")],
)
def test_no_treated_area_and_no_variation_are_refused(change, treated, reason) -> None:
    with pytest.raises(CannotBeComputed, match=reason):
        randomised_areas(change, treated)


def test_33_areas_take_under_half_a_second() -> None:
    rng = np.random.default_rng(5)
    change = rng.normal(size=33)
    took = []
    for _ in range(3):
        start = time.perf_counter()
        randomised_areas(change, np.arange(33) < 4)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.5


def test_a_series_of_areas_gives_the_difference_of_mean_changes() -> None:
    series = areas(1, 12, shift=2.0)
    others = [f"K{i}" for i in range(2, 12)]
    found = areas_difference(series, treated=["K0", "K1"], others=others, first_after=START)
    wide = series.observations.pivot(index="period", columns="area", values="value")
    change = wide[wide.index >= START].mean() - wide[wide.index < START].mean()
    by_hand = change[["K0", "K1"]].mean() - change[others].mean()
    assert found.difference.value == pytest.approx(by_hand)
    study = areas_event_study(series, treated=["K0", "K1"], others=others, first_after=START)
    assert len(study.differences) == 47
    assert study.before is not None
    assert study.before.answer == "cannot_tell"


def drifting(seed: int, *, n: int, g: int, drift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Three years before, less the last of them; the treated drift apart by sd a year."""
    rng = np.random.default_rng(seed)
    treated = np.arange(n) < g
    noise = rng.normal(size=(4, n))
    return noise[:3] - noise[3] - drift * np.outer([3, 2, 1], treated), treated


def test_alike_needs_a_margin_and_differed_needs_a_difference() -> None:
    moved, treated = drifting(1, n=21, g=4)
    assert years_before(moved, treated).answer == "cannot_tell"
    assert years_before(moved, treated, margin=50).answer == "alike"
    far, _ = drifting(1, n=21, g=4, drift=5)
    assert years_before(far, treated, margin=50).answer == "differed"


def test_one_treated_area_of_fewer_than_twenty_cannot_be_told_whatever_happened() -> None:
    moved, treated = drifting(1, n=12, g=1, drift=50)
    assert years_before(moved, treated, margin=1000).answer == "cannot_tell"


@pytest.mark.slow
@pytest.mark.parametrize(("n", "g"), [(12, 2), (12, 4), (21, 2)])
def test_of_100_panels_where_nothing_happened_three_to_seven_are_called(n: int, g: int) -> None:
    # Bars of the issue: 3–7 %; METHODS found 4.6–5.2 % by lot and 5.0–5.2 % by the pooled t.
    runs = 1500
    by_lot = by_t = 0
    treated = np.arange(n) < g
    for seed in range(runs):
        change = np.random.default_rng(seed).normal(size=n)
        by_lot += compare_by_lot(change, treated).p_value <= 0.05
        row = pooled_t(change, treated)
        by_t += row.low > 0 or row.high < 0
    assert 0.03 <= by_lot / runs <= 0.07
    assert 0.03 <= by_t / runs <= 0.07


@pytest.mark.slow
@pytest.mark.parametrize(("n", "g"), [(12, 2), (12, 4)])
def test_sound_designs_are_called_different_before_in_about_five_of_100(n: int, g: int) -> None:
    found = [years_before(*drifting(seed, n=n, g=g)).answer == "differed" for seed in range(1500)]
    assert 0.03 <= np.mean(found) <= 0.07
    assert math.isclose(sum(found) + found.count(False), 1500)
