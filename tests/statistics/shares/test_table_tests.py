"""Large-sample tests of two groups, beside the comparison with R in `test_two_groups`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares import table_tests

TESTS = [
    table_tests.pooled_z_test,
    table_tests.unpooled_z_test,
    table_tests.pearson_chi_square,
    table_tests.n_minus_one_chi_square,
    table_tests.yates_chi_square,
]
group = st.integers(1, 120).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def table(first: tuple[int, int], second: tuple[int, int]) -> dict[str, Any]:
    return dict(zip(("events_1", "n_1", "events_2", "n_2"), (*first, *second), strict=True))


@given(group, group)
def test_chi_square_agrees_with_scipy(first: tuple[int, int], second: tuple[int, int]) -> None:
    (k1, n1), (k2, n2) = first, second
    assume(0 < k1 + k2 < n1 + n2)
    observed = [[k1, n1 - k1], [k2, n2 - k2]]
    for correction, test in (
        (False, table_tests.pearson_chi_square),
        (True, table_tests.yates_chi_square),
    ):
        wanted = stats.chi2_contingency(observed, correction=correction)
        made = test(**table(first, second))
        assert made.statistic == pytest.approx(wanted.statistic, rel=1e-9, abs=1e-12)
        assert made.p_value == pytest.approx(wanted.pvalue, rel=1e-9)


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("both", [0, 1])
def test_without_variation_there_is_no_large_sample_test(test: Any, both: int) -> None:
    with pytest.raises(CannotBeComputed, match="no_variation"):
        test(**table((10 * both, 10), (20 * both, 20)))
