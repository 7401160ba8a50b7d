"""Exact tests of two groups against R's brute-force enumeration, and their invariances."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evalkit.statistics.shares.exact_tests import barnard, boschloo, fisher, fisher_mid_p
from tests.oracles_support import Case, case_id, cases

FUNCTIONS = {"barnard_pooled": barnard, "boschloo": boschloo, "fisher": fisher}
ALTERNATIVES = {"two.sided": "two-sided", "greater": "greater", "less": "less"}
small_group = st.integers(1, 15).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def table(first: tuple[int, int], second: tuple[int, int]) -> dict[str, Any]:
    return dict(zip(("events_1", "n_1", "events_2", "n_2"), (*first, *second), strict=True))


@pytest.mark.parametrize("case", cases("prop_exact"), ids=case_id)
def test_exact_tests_agree_with_enumeration(case: Case) -> None:
    for i, row in enumerate(case.expected["rows"]):
        counts = table((row["x1"], row["n1"]), (row["x2"], row["n2"]))
        for field, expected in row.items():
            name, _, alternative = field.rpartition("_")
            if field in {"x1", "n1", "x2", "n2"}:
                case.assert_close(("rows", i, field), expected)
            elif name in FUNCTIONS and alternative in ALTERNATIVES:
                made = FUNCTIONS[name](**counts, alternative=ALTERNATIVES[alternative])
                case.assert_close(("rows", i, field), made.p_value)
            else:
                case.without_counterpart(("rows", i, field), "no test of that name")
    case.finish()


@pytest.mark.parametrize("test", [barnard, boschloo, fisher])
def test_swapping_the_columns_keeps_the_p_value(test: Any) -> None:
    """scipy's Barnard gives 0.0069 one way and 0.0080 the other for this table."""
    one = test(**table((9, 10), (3, 10))).p_value
    swapped = test(**table((1, 10), (7, 10))).p_value
    assert one == pytest.approx(swapped, rel=1e-9)


@given(st.sampled_from([barnard, boschloo, fisher]), small_group, small_group)
@settings(max_examples=60)
def test_swapping_the_groups_swaps_the_one_sided_tests(
    test: Any, first: tuple[int, int], second: tuple[int, int]
) -> None:
    greater = test(**table(first, second), alternative="greater").p_value
    less = test(**table(second, first), alternative="less").p_value
    assert greater == pytest.approx(less, rel=1e-6)


@given(small_group, small_group)
@settings(max_examples=60)
def test_boschloo_is_never_less_powerful_than_fisher(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    """The reason Boschloo (1970) proposed it; every p-value is at most Fisher's."""
    for alternative in ("two-sided", "greater", "less"):
        counts = table(first, second)
        least = fisher(**counts, alternative=alternative).p_value  # type: ignore[arg-type]
        assert boschloo(**counts, alternative=alternative).p_value <= least + 1e-9  # type: ignore[arg-type]


@given(small_group, small_group)
def test_fisher_agrees_with_scipy(first: tuple[int, int], second: tuple[int, int]) -> None:
    (k1, n1), (k2, n2) = first, second
    for alternative in ("two-sided", "greater", "less"):
        wanted = stats.fisher_exact([[k1, n1 - k1], [k2, n2 - k2]], alternative=alternative)
        made = fisher(**table(first, second), alternative=alternative)  # type: ignore[arg-type]
        assert made.p_value == pytest.approx(wanted.pvalue, rel=1e-9, abs=1e-13)


@given(small_group, small_group)
def test_mid_p_lies_below_fisher(first: tuple[int, int], second: tuple[int, int]) -> None:
    counts = table(first, second)
    assert 0 < fisher_mid_p(**counts).p_value < fisher(**counts).p_value


def test_nobody_with_the_event_gives_no_evidence() -> None:
    """Where scipy's Boschloo and statsmodels' z-test give NaN."""
    for test in (barnard, boschloo, fisher):
        assert test(**table((0, 10), (0, 20))).p_value == pytest.approx(1)
