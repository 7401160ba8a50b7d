"""Figures that stand or fall with one degree of freedom, one day or one area."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evalkit.results import CannotBeComputed
from evalkit.statistics.trends.aligned import change_against_reference, changes_between
from evalkit.statistics.trends.synthetic_control import synthetic_control
from tests.statistics.trends.areas import made

STUDENT_4 = 2.7764451051977987  # R: qt(.975, 4)


def test_the_spread_of_four_areas_has_four_degrees_of_freedom() -> None:
    """By hand: distances 1, −1, 2, −2 from the reference; mean square 10/4, no mean taken off."""
    changes = {"own": 3.0, "Riket": 0.0, "A": 1.0, "B": -1.0, "C": 2.0, "D": -2.0}
    series = made({area: [5.0, 5.0 + change] for area, change in changes.items()})
    found = change_against_reference(
        changes_between(series, first="2015-01", last="2015-02", area="own", reference="Riket")
    )
    assert found.value == pytest.approx(3)
    assert found.high - found.value == pytest.approx(STUDENT_4 * math.sqrt(10 / 4), rel=1e-12)


@pytest.mark.parametrize("n_before", [5, 6])
def test_a_pool_as_large_as_the_periods_before_says_nothing_and_a_smaller_one_does(
    n_before: int,
) -> None:
    """Six areas meet five or six periods in many ways, or by their number alone; seven not."""
    values = (5 + np.random.default_rng(3).normal(size=(7, 10))).round(2)
    values[0, :7] = values[1:, :7].mean(axis=0)  # amid the others
    series = made({f"K{i}": row.tolist() for i, row in enumerate(values)})
    pool = [f"K{i}" for i in range(1, 7)]
    with pytest.raises(CannotBeComputed, match="pool_follows_exactly"):
        synthetic_control(series, area="K0", pool=pool, first_after=f"2015-{n_before + 1:02d}")
    found = synthetic_control(series, area="K0", pool=pool, first_after="2015-08")
    assert found.error_before == 0
