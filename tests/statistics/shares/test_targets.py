"""A share against a goal: R's tests, and the four grades."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.shares.targets import (
    smallest_clear_count,
    target_verdict,
)
from tests.oracles_support import REMOVED, Case, case_id, cases
from tests.statistics.shares.oracle_rows import limits_of

STATUS_OF_GRADE = {
    "clearly_above": "above",
    "above_uncertain": "not distinguishable",
    "below_uncertain": "not distinguishable",
    "clearly_below": "below",
}
group = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
goals = st.floats(0.01, 0.99)


def answers(row: dict[str, Any], level: float) -> dict[str, Any]:
    counts = {"events": row["x"], "n": row["n"], "goal": row["target"]}
    return {
        "x": row["x"],
        "n": row["n"],
        "target": row["target"],
        "p_exact_greater": target_verdict(**counts).p_above,
        "wilson": limits_of(target_verdict(**counts, confidence_level=level).estimate),
    }


@pytest.mark.parametrize("case", cases("prop_target"), ids=case_id)
def test_targets_agree_with_r(case: Case) -> None:
    level = case.confidence_level
    for i, row in enumerate(case.expected["rows"]):
        made = answers(row, level)
        for field, expected in row.items():
            if field == "status":
                grade = target_verdict(
                    events=row["x"], n=row["n"], goal=row["target"], confidence_level=level
                ).grade
                assert STATUS_OF_GRADE[grade] in expected
                case.assert_close(("rows", i, field), expected)
            elif field in made:
                case.assert_close(("rows", i, field), made[field])
            else:
                case.without_counterpart(("rows", i, field), REMOVED)
    case.finish()


def test_arena_is_above_its_goal_but_uncertain() -> None:
    """DOMAIN §1: 163 of 267 against 60 %: p = 0.39; "clearly above" needs 176 (65.9 %)."""
    verdict = target_verdict(events=163, n=267, goal=0.60)
    assert verdict.grade == "above_uncertain"
    assert round(verdict.p_above, 2) == 0.39
    assert verdict.smallest_clear_count == 176
    assert round(176 / 267, 3) == 0.659


@pytest.mark.parametrize(
    ("events", "grade"),
    [
        (176, "clearly_above"),
        (175, "above_uncertain"),
        (161, "above_uncertain"),
        (160, "below_uncertain"),
        (144, "clearly_below"),
    ],
)
def test_the_grade_follows_the_interval_against_the_goal(events: int, grade: str) -> None:
    """161 of 267 is 60.3 %, 160 is 59.9 %; Wilson of 144 (53.9 %) ends at 59.8 %."""
    assert target_verdict(events=events, n=267, goal=0.60).grade == grade


def test_a_share_on_the_goal_is_above_but_uncertain() -> None:
    assert target_verdict(events=60, n=100, goal=0.60).grade == "above_uncertain"


@given(group, goals, st.floats(0.5, 0.999))
def test_the_grade_is_clear_exactly_when_the_score_test_rejects(
    kn: tuple[int, int], goal: float, level: float
) -> None:
    k, n = kn
    verdict = target_verdict(events=k, n=n, goal=goal, confidence_level=level)
    statistic = (k / n - goal) / math.sqrt(goal * (1 - goal) / n)
    p_value = 2 * stats.norm.sf(abs(statistic))
    if abs(p_value - (1 - level)) > 1e-9:
        assert verdict.grade.startswith("clearly") == (p_value < 1 - level)


@given(st.integers(1, 300), goals)
def test_the_smallest_clear_count_is_clear_and_one_less_is_not(n: int, goal: float) -> None:
    count = smallest_clear_count(n=n, goal=goal)
    if count is None:
        assert proportion(events=n, n=n).low <= goal
    else:
        assert proportion(events=count, n=n).low > goal
        assert proportion(events=count - 1, n=n).low <= goal


def test_three_persons_can_never_be_clearly_above_60_per_cent() -> None:
    assert target_verdict(events=3, n=3, goal=0.60).smallest_clear_count is None


@pytest.mark.parametrize("goal", [0, 1, -0.1, 60, float("nan")])
def test_a_goal_that_is_not_a_share_is_refused(goal: float) -> None:
    with pytest.raises(ValueError, match="goal"):
        target_verdict(events=1, n=2, goal=goal)


def test_nobody_has_no_verdict() -> None:
    with pytest.raises(CannotBeComputed, match="no_persons"):
        target_verdict(events=0, n=0, goal=0.6)
    with pytest.raises(CannotBeComputed, match="no_persons"):
        smallest_clear_count(n=0, goal=0.6)
