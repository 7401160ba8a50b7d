"""Two groups compared, and states over time: rows of the one system, counts as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from evalkit.disclosure import release_all, rule_for
from evalkit.results import (
    AdjustedComparison,
    Answer,
    Balance,
    BalanceRow,
    Estimate,
    EValue,
    GroupFlow,
    GroupStep,
    Overlap,
    StateCurves,
    Withheld,
    WithheldBalance,
)
from evalkit.results.answers import OUTSIDE, Members, share_members
from evalkit.statistics.shares.differences import newcombe
from evalkit.statistics.shares.proportions import proportion
from tests.disclosure.single import release
from tests.disclosure.test_alone import regression

STANDARD, STRICT = rule_for("standard"), rule_for("strict")
Counts = tuple[int, int, int, int]


def adjusted(measure: str, n: int, cells: tuple[int, ...]) -> Estimate:
    return Estimate(
        measure=measure, value=0.05, low=-0.02, high=0.12, unit="share_difference", method="aipw",
        confidence_level=0.95, n=n, cells=cells,
    )  # fmt: skip


def arm(sizes: Sequence[int], *, of: int, treated: bool, levels: Sequence[str]) -> Members:
    """So many persons of each level, from the first person on; the others are left out."""
    cells = np.full(of, OUTSIDE)
    cells[: sum(sizes)] = np.repeat(np.arange(len(sizes)), sizes)
    keys = tuple((level,) for level in levels)
    return Members(cells=cells, keys=keys, population="participants" if treated else "comparison")


def both(one: Sequence[int], other: Sequence[int], levels: Sequence[str], left_out: int):
    return tuple(
        arm(sizes, of=sum(sizes) + left_out, treated=treated, levels=levels)
        for sizes, treated in ((one, True), (other, False))
    )


def comparison(*counts: int, left_out: int = 0, pairs: int = -1) -> Answer[AdjustedComparison]:
    """With the outcome and all, participants first; ``left_out`` persons of each group besides."""
    k1, n1, k0, n0 = counts
    pairs = n1 if pairs < 0 else pairs
    plain = newcombe(events_1=k1, n_1=n1, events_2=k0, n_2=n0, measure="unadjusted_difference")
    result = AdjustedComparison(
        shares=(proportion(events=k1, n=n1), proportion(events=k0, n=n0)),
        differences=(plain, adjusted("doubly_robust", n1 + n0, (n1, n0))),
        main="doubly_robust",
        ratio=adjusted("adjusted_ratio", n1 + n0, (n1, n0)),
        n_pairs=pairs,
        target="treated",
        n_treated=n1,
        n_control=n0,
        cells=(k1, n1 - k1, k0, n0 - k0),
    )
    words = ("without", "with")
    outcome = both((n1 - k1, k1), (n0 - k0, k0), words, left_out)
    matched = arm((n1 - pairs, pairs), of=n1 + left_out, treated=True, levels=words)
    return Answer(id="it", result=result, members=(*outcome, matched))


def released(*answers: Answer[Any], rule=STANDARD) -> dict[str, Any]:
    return {name: one.result for name, one in release_all(list(answers), rule).items()}


def test_counts_are_printed_as_they_are_where_nobody_or_many_were_left_out() -> None:
    for left_out in (0, 5, 40):
        made = released(comparison(61, 200, 88, 310, left_out=left_out))["it"]
        assert (made.n_treated, made.n_control) == (200, 310)
        assert made.shares[0].value == 61 / 200
        assert {row.cells for row in made.differences} == {()}


@pytest.mark.parametrize("left_out", [1, 2, 3, 4])
def test_one_who_knows_all_members_cannot_tell_how_few_were_left_out(left_out: int) -> None:
    """Everyone's number is printed; those compared less that would be the few."""
    made = released(comparison(61, 200, 88, 310, left_out=left_out))["it"]
    assert isinstance(made, Withheld)


@pytest.mark.parametrize("counts", [(4, 200, 88, 310), (61, 200, 307, 310), (0, 8, 88, 310)])
def test_few_on_any_side_of_the_outcome_withholds_every_method(counts: Counts) -> None:
    gone = Withheld(measure="doubly_robust", reason="protected")
    assert released(comparison(*counts))["it"] == gone


def test_a_group_of_the_smallest_size_passes() -> None:
    assert isinstance(released(comparison(0, 10, 88, 310))["it"], AdjustedComparison)


def test_all_or_none_is_withheld_where_the_outcome_is_sensitive() -> None:
    rule = rule_for("standard", sensitive=["share"])
    assert isinstance(released(comparison(0, 60, 30, 60))["it"], AdjustedComparison)
    assert released(comparison(0, 60, 30, 60), rule=rule)["it"].reason == "protected"


def test_few_without_a_partner_take_only_the_number_of_pairs() -> None:
    assert released(comparison(61, 200, 88, 310, pairs=197))["it"].n_pairs == 0
    assert released(comparison(61, 200, 88, 310, pairs=190))["it"].n_pairs == 190


def test_a_share_of_nearly_the_same_persons_is_not_printed_beside_the_comparison() -> None:
    """63 of 200 elsewhere and 61 of them here: the two between would be known."""
    reached = np.arange(200) >= 137
    other = Answer(
        id="share",
        result=proportion(events=63, n=200),
        members=(share_members(np.ones(200, dtype=bool), reached),),
        rank=0,
    )
    made = released(other, comparison(61, 200, 88, 310))
    assert isinstance(made["share"], Estimate)
    assert isinstance(made["it"], Withheld)


def level(column: str, name: str, cells: Counts) -> BalanceRow:
    one, zero = cells[0] / sum(cells[:2]), cells[2] / sum(cells[2:])
    return BalanceRow(
        column=column,
        level=name,
        mean_treated=one,
        mean_control=zero,
        weighted_treated=one,
        weighted_control=(one + zero) / 2,
        spread=((one * (1 - one) + zero * (1 - zero)) / 2) ** 0.5,
        cells=cells,
    )


def balance(
    column: str, one: dict[str, int], other: dict[str, int], *, left_out: int = 0, shown=None
) -> Answer[Balance]:
    """A confounder by level in both groups; two levels have one row."""
    n1, n0 = sum(one.values()), sum(other.values())
    rows = tuple(
        level(column, name, (one[name], n1 - one[name], other[name], n0 - other[name]))
        for name in (shown or one)
    )
    result = Balance(rows=rows, target="treated", n_treated=n1, n_control=n0)
    names = list(one)
    members = (
        *both((n1,), (n0,), [""], left_out),
        *both(list(one.values()), list(other.values()), names, left_out),
    )
    return Answer(id="it", result=result, members=members)


def test_a_small_level_is_withheld_and_another_with_it() -> None:
    one = {"low": 60, "middle": 38, "high": 2, "other": 20}
    other = {"low": 90, "middle": 80, "high": 30, "other": 40}
    rows = released(balance("school", one, other))["it"].rows
    hidden = [row for row in rows if isinstance(row, WithheldBalance)]
    assert {"high"} < {row.level for row in hidden}
    # What is left of the participants may be five of the smallest, and somebody of the others.
    left = 120 - sum(one[row.level] for row in rows if isinstance(row, BalanceRow))
    assert left - (len(hidden) - 1) >= 5


def test_a_balance_row_shows_the_shares_as_they_are() -> None:
    (row,) = released(balance("sex", {"woman": 50, "man": 50}, {"woman": 90, "man": 110},
                              shown=["woman"]))["it"].rows  # fmt: skip
    assert (row.mean_treated, row.mean_control, row.cells) == (0.5, 0.45, ())


def test_few_left_out_take_the_whole_balance_table() -> None:
    answer = balance("sex", {"woman": 50, "man": 50}, {"woman": 90, "man": 110}, left_out=3)
    assert isinstance(released(answer)["it"], Withheld)


def test_all_with_a_sensitive_level_is_withheld() -> None:
    answer = balance("disability", {"yes": 0, "no": 100}, {"yes": 40, "no": 160}, shown=["yes"])
    assert isinstance(released(answer)["it"].rows[0], BalanceRow)
    guarded = released(answer, rule=rule_for("standard", sensitive=["disability"]))["it"]
    assert guarded.rows[0].reason == "protected"


@pytest.mark.parametrize(("n", "rule"), [(9, STANDARD), (15, STRICT)])
def test_means_of_few_persons_are_withheld(n: int, rule: Any) -> None:
    row = BalanceRow(
        column="age", level="", mean_treated=31.0, mean_control=36.0, weighted_treated=31.0,
        weighted_control=31.5, spread=10.0, cells=(n, 200),
    )  # fmt: skip
    members = both((n,), (200,), [""], 0)
    result = Balance(rows=(row,), target="treated", n_treated=n, n_control=200)
    answer = Answer(id="it", result=result, members=(*members, *members))
    assert released(answer, rule=rule)["it"].rows[0].reason == "protected"


def overlap(treated: tuple[int, ...], control: tuple[int, ...], outside: int) -> Answer[Overlap]:
    n1, n0 = sum(treated), sum(control)
    result = Overlap(
        edges=tuple(np.linspace(0, 1, len(treated) + 1)),
        treated=treated,
        control=control,
        outside=outside,
        effective_treated=float(n1),
        effective_control=123.4,
        heaviest=10,
        heaviest_share=0.2,
        largest_weight=7.3,
        n_treated=n1,
        n_control=n0,
    )
    names = [str(k) for k in range(len(treated))]
    beyond = arm((n1 - outside, outside), of=n1, treated=True, levels=("without", "with"))
    return Answer(id="it", result=result, members=(*both(treated, control, names, 0), beyond))


def test_classes_of_few_persons_and_one_persons_weight_are_withheld() -> None:
    made = released(overlap((3, 40, 57), (120, 6, 74), outside=2))["it"]
    assert made.treated[0] is None
    assert made.treated.count(None) == 2  # the three would follow from the others
    assert made.control == (120, 6, 74)
    assert made.outside is None
    assert made.largest_weight is None
    # Weights of one make the effective number the number of persons.
    assert made.effective_treated == made.n_treated == 100
    assert made.effective_control == 120.0


def test_nobody_in_a_class_tells_of_nobody() -> None:
    assert released(overlap((0, 100), (90, 0), outside=0))["it"].treated == (0, 100)


def flow(*steps: tuple[str, int, int]) -> Answer[GroupFlow]:
    names, one, other = zip(*steps, strict=True)
    everyone = GroupStep(step="group_members", treated=sum(one), control=sum(other))
    rows = [GroupStep(step=name, treated=a, control=b) for name, a, b in steps]
    result = GroupFlow(steps=(everyone, *rows))
    return Answer(id="it", result=result, members=both(one, other, names, 0))


def test_few_left_out_are_not_told_by_the_steps_around_them() -> None:
    answer = flow(("status_unknown", 2, 40), ("group_compared", 1002, 820))
    made = released(answer)["it"].steps
    assert [step.treated for step in made] == [1004, None, None]
    assert [step.control for step in made] == [860, 40, 820]


def test_a_group_of_few_is_withheld_from_the_first_step_to_the_last() -> None:
    made = released(flow(("not_followed", 1001, 1), ("group_compared", 3, 3)))["it"].steps
    assert [step.control for step in made] == [None, None, None]
    assert made[0].treated == 1004


def states(*counts: tuple[int, int, int], n: int) -> Answer[StateCurves]:
    """Persons at work, unemployed and elsewhere on days thirty days apart."""
    days = np.arange(len(counts)) * 30
    of_day = np.array(counts)
    horizon = float(days[-1])
    result = StateCurves(
        days=days,
        states=("work", "unemployed", "other"),
        shares=of_day / of_day.sum(axis=1, keepdims=True),
        standard_errors=np.zeros(of_day.shape),
        followed=of_day.sum(axis=1),
        last_day=int(days[-1]),
        n=n,
        horizon=horizon,
        mean_days=np.array([horizon, 0.0, 0.0]),
        mean_days_errors=np.zeros(3),
    )
    members = tuple(
        arm(own, of=n, treated=True, levels=(f"work {i}", f"unemployed {i}", f"other {i}"))
        for i, own in enumerate(counts)
    )
    return Answer(id="it", result=result, members=members)


def test_a_day_with_few_in_a_state_is_not_shown_and_others_are_exact() -> None:
    made = released(states((40, 20, 20), (38, 40, 2), (30, 30, 20), (50, 30, 0), n=80))["it"]
    assert made.days.tolist() == [0, 60, 90]
    assert made.shares[1].tolist() == [30 / 80, 30 / 80, 20 / 80]
    assert made.followed.tolist() == [80, 80, 80]
    # Sixty days of the first shares, thirty of the next; the last day has no length.
    assert made.mean_days[0] == 60 * 0.5 + 30 * 30 / 80
    assert made.mean_days.sum() == pytest.approx(made.horizon)


def test_few_no_longer_followed_take_the_day() -> None:
    made = released(states((40, 20, 20), (40, 20, 17), (40, 10, 20), n=80))["it"]
    assert made.days.tolist() == [0, 60]  # seventy of eighty; 77 would tell of three


def test_too_few_days_are_no_curve() -> None:
    assert isinstance(released(states((3, 1, 4), (3, 3, 2), n=8))["it"], Withheld)


def test_an_e_value_goes_with_its_ratio() -> None:
    ratio = comparison(61, 200, 88, 310).result.ratio
    assert isinstance(ratio, Estimate)
    assert isinstance(release(EValue(ratio=ratio, point=1.4, limit=1.0), STANDARD).result, EValue)
    few = EValue(ratio=replace(ratio, cells=(3, 40)), point=1.4, limit=1.0)
    assert release(few, STANDARD).result == Withheld(measure="e_value", reason="protected")


def test_persons_that_a_model_rests_on_are_told_unless_few_were_left_out() -> None:
    for left_out, n in ((0, 200), (3, 0), (9, 200)):
        chosen = np.arange(200 + left_out) < 200
        reached = np.arange(200 + left_out) < 80
        model = Answer(
            id="it",
            result=replace(regression(degrees=90), n=200, events=80),
            members=(share_members(chosen, reached),),
        )
        everyone = Answer(
            id="all",
            result=proportion(events=80, n=200 + left_out),
            members=(share_members(np.ones(len(chosen), dtype=bool), reached),),
            rank=0,
        )
        made = released(everyone, model)["it"]
        assert (made.n, made.events) == (n, 80 if n else 0)
        assert all(one.cells == () for one in made.coefficients if hasattr(one, "cells"))
