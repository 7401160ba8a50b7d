"""Series that no design may read: each is refused with its reason, by every design."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evalkit.results import AreaSeries, CannotBeComputed
from evalkit.statistics.trends.aligned import changes_between
from evalkit.statistics.trends.few_areas import area_difference, areas_event_study
from evalkit.statistics.trends.interrupted import interrupted_series
from evalkit.statistics.trends.synthetic_control import synthetic_control
from tests.statistics.trends.areas import MONTHS, START, added, areas, without

POOL = [f"K{i}" for i in range(1, 7)]
Design = Callable[[AreaSeries, str], Any]
DESIGNS: dict[str, Design] = {
    "broken line": lambda s, start: interrupted_series(
        s, area="K0", reference="K1", first_after=start
    ),
    "synthetic control": lambda s, start: synthetic_control(
        s, area="K0", pool=POOL, first_after=start
    ),
    "event study": lambda s, start: areas_event_study(
        s, treated=["K0"], others=POOL, first_after=start
    ),
    "difference": lambda s, start: area_difference(s, area="K0", others=POOL, first_after=start),
}
WHOLE = areas(1, 7)
BAD: dict[str, tuple[AreaSeries, str, str, dict[str, Any]]] = {
    "a month missing in the area": (
        without(WHOLE, "K0", "2016-05"), START, "series_gap",
        {"area": "K0", "period": "2016-05", "missing": 1},
    ),
    "a month missing in the reference": (
        without(WHOLE, "K1", "2018-02"), START, "series_gap",
        {"area": "K1", "period": "2018-02", "missing": 1},
    ),
    "a month twice": (
        added(WHOLE, ("K1", "2016-05", 9.9)), START, "period_repeated",
        {"area": "K1", "period": "2016-05"},
    ),
    "years among the months": (
        added(WHOLE, ("K1", "2016", 9.9)), START, "mixed_periods",
        {"year": "2016", "month": "2018-12"},
    ),
    "a start before the first month": (
        WHOLE, "2015-01", "intervention_outside",
        {"period": "2015-01", "first": MONTHS[0], "last": MONTHS[-1]},
    ),
    "a start after the last month": (
        WHOLE, "2019-01", "intervention_outside",
        {"period": "2019-01", "first": MONTHS[0], "last": MONTHS[-1]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("bad", BAD)
def test_no_design_reads_a_series_with(bad: str, design: str) -> None:
    series, start, reason, facts = BAD[bad]
    with pytest.raises(CannotBeComputed) as refused:
        DESIGNS[design](series, start)
    assert refused.value.reason == reason
    assert refused.value.facts == facts


@pytest.mark.parametrize("bad", ["a month twice", "years among the months"])
def test_changes_take_no_mean_of_two_values_and_no_year_for_a_month(bad: str) -> None:
    series, _, reason, _ = BAD[bad]
    with pytest.raises(CannotBeComputed, match=reason):
        changes_between(series, first="2016-12", last="2018-12", area="K0", reference="Riket")


def test_a_period_that_the_reader_left_out_as_repeated_is_not_called_a_gap() -> None:
    table = without(WHOLE, "K1", "2016-05").observations
    series = AreaSeries(
        observations=table, unit="%", source="", is_synthetic=True,
        repeated=(("K1", "2016-05"), ("Elsewhere", "2016-01")),
    )  # fmt: skip
    with pytest.raises(CannotBeComputed) as refused:
        interrupted_series(series, area="K0", reference="K1", first_after=START)
    assert refused.value.reason == "period_repeated"
    # An area that takes no part may be as it is.
    assert interrupted_series(series, area="K0", reference="K2", first_after=START).n_before == 24
