"""Planning two shares: against R's power.prop.test and pwr, and what must hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares import power
from tests.oracles_support import Case, case_id, cases

shares = st.floats(0.02, 0.98)
# Fields of an answer that repeat what was asked.
QUESTIONS = {
    "alpha",
    "cluster_size",
    "icc",
    "n1",
    "n2",
    "n_per_group",
    "p1",
    "p2",
    "power",
    "ratio_n2_to_n1",
}


def section(case: Case, name: str) -> list[Any]:
    return case.expected.get(name, [])  # type: ignore[no-any-return]


def compare(case: Case, path: tuple[Any, ...], row: dict[str, Any], made: dict[str, Any]) -> None:
    for field, expected in row.items():
        if field in made:
            case.assert_close((*path, field), made[field])
        elif field in QUESTIONS:
            case.assert_close((*path, field), expected)
        else:
            case.without_counterpart((*path, field), "no function of that name")


@pytest.mark.parametrize("case", cases("prop_power"), ids=case_id)
def test_planning_agrees_with_r(case: Case) -> None:
    spec = case.spec
    shares = {"share_1": spec["p1"], "share_2": spec["p2"]}
    # A one-sided test at α is the upper tail of a two-sided one at 2α.
    level = spec.get("alpha", 0.05) * (1 if spec.get("two_sided", True) else 2)
    compare_power(case, shares, level)
    compare_sizes(case, shares, level)
    compare_others(case, shares, level)
    case.finish()


def compare_power(case: Case, shares: dict[str, float], level: float) -> None:
    for i, row in enumerate(section(case, "power_pooled_null")):
        sizes = {"n_1": row["n_per_group"], "n_2": row["n_per_group"]}
        made = {
            "power": power.power_two_shares(**shares, **sizes, significance_level=level),
            "power_strict_both_tails": power.power_two_shares_both_tails(
                **shares, **sizes, significance_level=level
            ),
        }
        compare(case, ("power_pooled_null", i), row, made)
    for i, row in enumerate(section(case, "power_unequal")):
        sizes = {"n_1": row["n1"], "n_2": row["n1"] * row["ratio_n2_to_n1"]}
        made = {"power": power.power_two_shares(**shares, **sizes, significance_level=level)}
        compare(case, ("power_unequal", i), row, made)


def compare_sizes(case: Case, shares: dict[str, float], level: float) -> None:
    for i, row in enumerate(section(case, "sample_size")):
        n = power.persons_for_two_shares(**shares, power=row["power"], significance_level=level)
        compare(case, ("sample_size", i), row, {"n_per_group": n})
    for i, row in enumerate(section(case, "mde_upwards")):
        found = power.smallest_detectable_share(
            share_1=shares["share_1"],
            n_1=row["n_per_group"],
            n_2=row["n_per_group"],
            power=row["power"],
            significance_level=level,
        )
        made = {"p2": found, "difference": found - shares["share_1"]}
        compare(case, ("mde_upwards", i), row, made)
    if "mde_unequal" in case.expected:
        row = case.expected["mde_unequal"]
        found = power.smallest_detectable_share(
            share_1=shares["share_1"],
            n_1=row["n1"],
            n_2=row["n1"] * row["ratio_n2_to_n1"],
            power=row["power"],
            significance_level=level,
        )
        compare(case, ("mde_unequal",), row, {"p2": found})


def compare_others(case: Case, shares: dict[str, float], level: float) -> None:
    if "arcsine" in case.expected:
        compare_arcsine(case, shares, level)
    if "design_effect" in case.expected:
        row = case.expected["design_effect"]
        effect = power.design_effect(
            cluster_size=row["cluster_size"], intracluster_correlation=row["icc"]
        )
        n = power.persons_for_two_shares(**shares, power=0.8, significance_level=level)
        made = {"deff": effect, "n_per_group_inflated": effect * n}
        compare(case, ("design_effect",), row, made)
    if "exact_fisher_power" in case.expected:
        row = case.expected["exact_fisher_power"]
        exact = power.power_fisher(
            share_1=row["p1"],
            share_2=row["p2"],
            n_1=row["n1"],
            n_2=row["n2"],
            significance_level=row["alpha"],
        )
        compare(case, ("exact_fisher_power",), row, {"power": exact})


def compare_arcsine(case: Case, shares: dict[str, float], level: float) -> None:
    expected = case.expected["arcsine"]
    if "h" in expected:
        case.assert_close(("arcsine", "h"), abs(power.arcsine_distance(**shares)))
    for i, row in enumerate(expected.get("power", [])):
        sizes = {"n_1": row["n_per_group"], "n_2": row["n_per_group"]}
        made = {"power": power.power_arcsine(**shares, **sizes, significance_level=level)}
        compare(case, ("arcsine", "power", i), row, made)
    if "unequal" in expected:
        row = expected["unequal"]
        sizes = {"n_1": row["n1"], "n_2": row["n2"]}
        made = {"power": power.power_arcsine(**shares, **sizes, significance_level=level)}
        compare(case, ("arcsine", "unequal"), row, made)


@given(shares, shares, st.floats(0.5, 0.99), st.floats(0.2, 5))
def test_the_persons_needed_give_the_power_wanted(
    share_1: float, share_2: float, wanted: float, ratio: float
) -> None:
    if abs(share_1 - share_2) < 1e-3:
        return
    n = power.persons_for_two_shares(share_1=share_1, share_2=share_2, power=wanted, ratio=ratio)
    reached = power.power_two_shares(share_1=share_1, share_2=share_2, n_1=n, n_2=n * ratio)
    assert reached == pytest.approx(wanted, abs=1e-9)


@given(st.floats(0.02, 0.6), st.floats(50, 5000), st.floats(0.5, 0.9))
def test_the_smallest_detectable_share_has_the_power_wanted(
    share_1: float, n: float, wanted: float
) -> None:
    found = power.smallest_detectable_share(share_1=share_1, n_1=n, n_2=n, power=wanted)
    reached = power.power_two_shares(share_1=share_1, share_2=found, n_1=n, n_2=n)
    assert found > share_1
    assert reached == pytest.approx(wanted, abs=1e-9)


def test_equal_shares_are_rejected_as_often_as_the_level_says() -> None:
    both = power.power_two_shares_both_tails(share_1=0.3, share_2=0.3, n_1=50, n_2=80)
    assert both == pytest.approx(0.05)
    exact = power.power_fisher(share_1=0.3, share_2=0.3, n_1=20, n_2=20)
    assert 0 < exact <= 0.05  # an exact test never exceeds its level


def test_what_no_plan_can_reach_is_said_with_a_reason() -> None:
    with pytest.raises(CannotBeComputed, match="no_difference"):
        power.persons_for_two_shares(share_1=0.3, share_2=0.3)
    with pytest.raises(CannotBeComputed, match="groups_too_small"):
        power.smallest_detectable_share(share_1=0.9, n_1=5, n_2=5)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"share_1": 0}, "share_1"),
        ({"share_2": 1}, "share_2"),
        ({"n_1": 0}, "n_1"),
        ({"n_2": float("inf")}, "n_2"),
        ({"significance_level": 5}, "significance_level"),
    ],
)
def test_an_impossible_plan_is_named(wrong: dict[str, float], named: str) -> None:
    plan = {"share_1": 0.3, "share_2": 0.4, "n_1": 50, "n_2": 50} | wrong
    for function in (power.power_two_shares, power.power_arcsine):
        with pytest.raises(ValueError, match=named):
            function(**plan)


@pytest.mark.parametrize(
    ("cluster_size", "correlation"), [(0.5, 0.1), (20, -0.1), (20, 1.1), (float("nan"), 0)]
)
def test_an_impossible_cluster_is_refused(cluster_size: float, correlation: float) -> None:
    with pytest.raises(ValueError, match="cluster"):
        power.design_effect(cluster_size=cluster_size, intracluster_correlation=correlation)
