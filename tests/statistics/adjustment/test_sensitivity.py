"""The E-value against VanderWeele and Ding (2017) and R."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import Estimate
from evalkit.statistics.adjustment.side_by_side import e_value, e_value_of


def ratio(value: float, low: float, high: float) -> Estimate:
    return Estimate(
        measure="adjusted_ratio", value=value, low=low, high=high, unit="ratio", method="aipw",
        confidence_level=0.95, n=500, cells=(250, 250),
    )  # fmt: skip


# Annals of Internal Medicine 167:268–274: breast feeding and respiratory death, breast feeding
# and ovarian cancer, smoking and lung cancer (Hammond and Horn). The decimals from R:
# ev <- function(r) { r <- max(r, 1/r); r + sqrt(r * (r - 1)) }
PUBLISHED = [
    ((3.9, 1.8, 8.7), 7.26303434416, 3.0),
    ((0.5, 0.3, 0.8), 3.41421356237, 1.80901699437),
    ((10.73, 8.02, 14.36), 20.94777373012, 15.52335924770),
]


@pytest.mark.parametrize(("given_ratio", "point", "limit"), PUBLISHED)
def test_published_e_values_come_out(
    given_ratio: tuple[float, float, float], point: float, limit: float
) -> None:
    made = e_value_of(ratio(*given_ratio))
    assert made.point == pytest.approx(point, rel=1e-11)
    assert made.limit == pytest.approx(limit, rel=1e-11)


def test_an_interval_that_includes_one_needs_nothing_unknown() -> None:
    assert e_value_of(ratio(1.1, 0.9, 1.35)).limit == 1.0
    assert e_value_of(ratio(0.9, 0.8, 1.0)).limit == 1.0


@given(st.floats(1e-3, 1e3))
def test_a_confounder_of_the_e_value_explains_exactly_the_ratio(observed: float) -> None:
    # The bounding factor of Ding and VanderWeele (2016), RR_EU RR_UD / (RR_EU + RR_UD − 1).
    e = e_value(observed)
    assert e * e / (2 * e - 1) == pytest.approx(max(observed, 1 / observed), rel=1e-9)
    assert e_value(1 / observed) == pytest.approx(e)


@pytest.mark.parametrize("impossible", [0.0, -1.0, math.inf, math.nan])
def test_what_is_no_ratio_is_refused(impossible: float) -> None:
    with pytest.raises(ValueError, match="positive number"):
        e_value(impossible)
