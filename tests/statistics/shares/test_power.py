"""Planning two shares: against R's power.prop.test and pwr, and what must hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import power_proportions_2indep

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares import power
from tests.oracles_support import REMOVED, Case, case_id, cases

shares = st.floats(0.02, 0.98)


@pytest.mark.parametrize("case", cases("prop_power"), ids=case_id)
def test_sizes_agree_with_r(case: Case) -> None:
    spec = case.spec
    asked = {"share_1": spec["p1"], "share_2": spec["p2"]}
    # A one-sided test at α is the upper tail of a two-sided one at 2α.
    level = spec.get("alpha", 0.05) * (1 if spec.get("two_sided", True) else 2)
    for i, row in enumerate(case.expected.get("sample_size", [])):
        n = power.persons_for_two_shares(**asked, power=row["power"], significance_level=level)
        case.assert_close(("sample_size", i, "n_per_group"), n)
        case.assert_close(("sample_size", i), row | {"n_per_group": n})
    for section in set(case.expected) - {"sample_size"}:
        case.without_counterpart((section,), REMOVED)
    case.finish()


@given(shares, shares, st.floats(0.5, 0.99), st.floats(0.2, 5))
def test_the_persons_needed_give_the_power_wanted(
    share_1: float, share_2: float, wanted: float, ratio: float
) -> None:
    if abs(share_1 - share_2) < 1e-3:
        return
    n = power.persons_for_two_shares(share_1=share_1, share_2=share_2, power=wanted, ratio=ratio)
    reached = power_proportions_2indep(
        share_1 - share_2, share_2, n, ratio=ratio, alternative="two-sided", return_results=False
    )
    # statsmodels counts a rejection in the wrong direction too, at most 2.5 %.
    assert wanted - 1e-9 <= reached <= wanted + 0.025


def test_equal_shares_cannot_be_told_apart_by_any_plan() -> None:
    with pytest.raises(CannotBeComputed, match="no_difference"):
        power.persons_for_two_shares(share_1=0.3, share_2=0.3)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"share_1": 0}, "share_1"),
        ({"share_2": 1}, "share_2"),
        ({"ratio": 0}, "ratio"),
        ({"power": 1}, "power"),
        ({"significance_level": 5}, "significance_level"),
    ],
)
def test_an_impossible_plan_is_named(wrong: dict[str, float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        power.persons_for_two_shares(**({"share_1": 0.3, "share_2": 0.4} | wrong))
