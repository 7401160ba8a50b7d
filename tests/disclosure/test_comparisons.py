"""Comparisons of persons at the door: what passes, and what an attacker can work out."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.disclosure import protect_shares, rule_for
from evalkit.disclosure.comparisons import UnprotectedComparisonError, compared_size
from evalkit.results import (
    AdjustedComparison,
    Balance,
    BalanceRow,
    Estimate,
    EValue,
    GroupFlow,
    GroupStep,
    Overlap,
    Withheld,
    WithheldBalance,
)
from evalkit.statistics.shares.differences import newcombe
from evalkit.statistics.shares.proportions import proportion
from tests.disclosure.single import release

STANDARD, STRICT = rule_for("standard"), rule_for("strict")


def adjusted(measure: str, n: int, cells: tuple[int, ...]) -> Estimate:
    return Estimate(
        measure=measure, value=0.05, low=-0.02, high=0.12, unit="share_difference", method="aipw",
        confidence_level=0.95, n=n, cells=cells,
    )  # fmt: skip


Counts = tuple[int, int, int, int]


def comparison(*counts: int, left_out: int = 0, protect: bool = True) -> AdjustedComparison:
    """With the outcome and all, participants first; ``left_out`` persons of each group besides."""
    k1, n1, k0, n0 = counts
    members = (n1 + left_out, n0 + left_out)
    exact = (k1, n1, k0, n0)
    r1, m1, r0, m0 = protect_shares(exact, members, STANDARD) if protect else exact
    plain = newcombe(events_1=r1, n_1=m1, events_2=r0, n_2=m0, measure="unadjusted_difference")
    ratio = adjusted("adjusted_ratio", n1 + n0, (n1, n0))
    return AdjustedComparison(
        shares=(proportion(events=r1, n=m1), proportion(events=r0, n=m0)),
        differences=(plain, adjusted("doubly_robust", n1 + n0, (n1, n0))),
        main="doubly_robust",
        ratio=replace(ratio, unit="ratio", value=1.1, low=0.9, high=1.3),
        n_pairs=n1 - 2,
        target="treated",
        n_treated=n1,
        n_control=n0,
        members=members,
        cells=(k1, n1 - k1, k0, n0 - k0),
    )


def level(column: str, name: str, cells: tuple[int, int, int, int]) -> BalanceRow:
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


def balance(*rows: BalanceRow, n1: int = 100, n0: int = 200, left_out: int = 4) -> Balance:
    return Balance(
        rows=rows,
        target="treated",
        n_treated=n1,
        n_control=n0,
        members=(n1 + left_out, n0 + left_out),
    )


def number(cells: tuple[int, ...]) -> BalanceRow:
    return BalanceRow(
        column="age", level="", mean_treated=31.0, mean_control=36.0, weighted_treated=31.0,
        weighted_control=31.5, spread=10.0, cells=cells,
    )  # fmt: skip


def overlap(treated: tuple[int, ...], control: tuple[int, ...], outside: int) -> Overlap:
    return Overlap(
        edges=tuple(np.linspace(0, 1, len(treated) + 1)),
        treated=treated,
        control=control,
        outside=outside,
        effective_treated=float(sum(treated)),
        effective_control=123.4,
        heaviest=10,
        heaviest_share=0.2,
        largest_weight=7.3,
        n_treated=sum(treated),
        n_control=sum(control),
        members=(sum(treated) + 4, sum(control) + 4),
    )


def test_no_printed_number_of_persons_is_the_true_one() -> None:
    made = release(comparison(61, 200, 88, 310, left_out=4), STANDARD).result
    assert (made.n_treated, made.n_control) == (201, 311)  # of 204 and 314, 1 to 6 left out
    assert [share.cells for share in made.shares] == [(63, 138), (87, 224)]
    assert {row.n for row in (*made.differences, made.ratio)} == {512}
    assert {row.cells for row in (*made.differences, made.ratio)} == {()}
    assert made.n_pairs == 195  # the middle of 193–198


def test_the_plain_difference_from_exact_counts_is_refused() -> None:
    with pytest.raises(UnprotectedComparisonError):
        release(comparison(61, 200, 88, 310, protect=False), STANDARD)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ((4, 200, 88, 310), "small_count"),
        ((61, 200, 307, 310), "small_count"),
        ((6, 200, 88, 310), "small_count"),  # would be printed as 3
        ((0, 8, 88, 310), "small_group"),
    ],
)
def test_few_on_any_side_of_the_outcome_withholds_every_method(
    counts: tuple[int, int, int, int], reason: str
) -> None:
    made = release(comparison(*counts), STANDARD)
    assert made.result == Withheld(measure="doubly_robust", reason=reason)
    assert made.withheld == 1


def test_a_group_of_the_smallest_size_passes() -> None:
    assert isinstance(release(comparison(0, 10, 88, 310), STANDARD).result, AdjustedComparison)


def test_all_of_a_group_with_the_outcome_are_all_who_are_counted() -> None:
    # Rounded alone, 200 would be 201 of 200 and 310 would be 309.
    assert protect_shares((200, 200, 88, 310), (200, 310), STANDARD) == (200, 200, 87, 310)
    assert protect_shares((61, 200, 310, 310), (200, 310), STANDARD) == (63, 200, 310, 310)


def test_all_or_none_is_withheld_where_the_outcome_is_sensitive() -> None:
    rule = rule_for("standard", sensitive=["share"])
    assert isinstance(release(comparison(0, 60, 30, 60), STANDARD).result, AdjustedComparison)
    assert release(comparison(0, 60, 30, 60), rule).result.reason == "uniform_group"


@given(
    n=st.integers(20, 400), others=st.integers(20, 400), part=st.floats(0.2, 0.8),
    left_out=st.integers(0, 20),
)  # fmt: skip
def test_nobody_can_narrow_who_had_the_outcome_to_fewer_than_six(
    n: int, others: int, part: float, left_out: int
) -> None:
    """All that is printed, without loss, fits six numbers with the outcome, bar the edges."""

    def seen(events: int) -> object:
        made = comparison(events, n, round(part * others), others, left_out=left_out)
        released = release(made, STANDARD).result
        if isinstance(released, Withheld):
            return None
        return released.shares, released.differences, released.n_treated, released.cells

    truth = round(part * n)
    if seen(truth) is not None:
        near = range(max(truth - 6, 0), min(truth + 6, n) + 1)
        fitting = [events for events in near if seen(events) == seen(truth)]
        assert len(fitting) == 6 or n - max(fitting) < 6 or min(fitting) <= 6


@given(total=st.integers(40, 1200), left_out=st.integers(1, 30))
def test_one_who_knows_all_members_cannot_tell_how_few_were_left_out(
    total: int, left_out: int
) -> None:
    """The number in the group stands in every report; one without an answer must not follow."""

    def seen(missing: int) -> int:
        return compared_size(total - missing, of=total, rule=STANDARD)

    fitting = [missing for missing in range(total + 1) if seen(missing) == seen(left_out)]
    assert len(fitting) >= 6
    assert 0 not in fitting


def test_a_small_level_is_withheld_and_no_difference_tells_it() -> None:
    rows = (
        level("school", "low", (60, 40, 90, 110)),
        level("school", "middle", (38, 62, 80, 120)),
        level("school", "high", (2, 98, 30, 170)),
    )
    made = release(balance(*rows), STANDARD)
    assert isinstance(made.result.rows[2], WithheldBalance)
    shown = [row for row in made.result.rows if isinstance(row, BalanceRow)]
    # Printed shares of the printed number add up to anything within the rounding of three counts.
    treated = made.result.n_treated
    left = treated - sum(round(row.mean_treated * treated) for row in shown)
    possible = {left + a + b + c for a, b, c in product(range(-3, 4), range(-3, 4), range(-3, 4))}
    assert len([count for count in possible if count >= 0]) >= STANDARD.threshold
    assert not hasattr(made.result.rows[2], "mean_treated")


def test_the_one_level_left_goes_with_a_withheld_one() -> None:
    rows = (level("aid", "yes", (97, 3, 150, 50)), level("aid", "other", (90, 10, 150, 50)))
    made = release(balance(*rows), STANDARD).result
    assert [row.reason for row in made.rows] == ["small_count", "complement"]


def test_the_difference_in_standard_deviations_tells_rounded_shares_only() -> None:
    made = release(balance(level("sex", "woman", (50, 50, 90, 110))), STANDARD).result
    (row,) = made.rows
    assert row.mean_treated == 51 / 101  # 50 lies in 49–54; of 104 one to six were left out
    assert row.mean_control == 87 / 201
    assert row.cells == (51, 51, 87, 111)
    one, zero = 51 / 101, 87 / 201
    spread = ((one * (1 - one) + zero * (1 - zero)) / 2) ** 0.5
    assert row.before == pytest.approx((one - zero) / spread)


def test_what_weighting_leaves_is_not_hidden_by_rounding() -> None:
    exact = level("sex", "woman", (50, 50, 90, 110))
    (row,) = release(balance(exact), STANDARD).result.rows
    assert row.after * row.spread == pytest.approx(exact.after * exact.spread)
    # The participants carry no weights here, so that theirs stays the share that is shown.
    assert row.weighted_treated == pytest.approx(row.mean_treated)


def test_all_with_a_sensitive_level_is_withheld() -> None:
    rows = (level("disability", "yes", (0, 100, 40, 160)), number((100, 200)))
    plain = release(balance(*rows), STANDARD).result
    assert isinstance(plain.rows[0], BalanceRow)
    guarded = release(balance(*rows), rule_for("standard", sensitive=["disability"])).result
    assert guarded.rows[0].reason == "uniform_group"


def test_means_of_few_persons_are_withheld() -> None:
    made = release(balance(number((9, 200)), n1=9), STANDARD).result
    assert made.rows[0].reason == "small_group"
    made = release(balance(number((15, 200)), n1=15), STRICT).result
    assert made.rows[0].reason == "small_group"


def test_a_mean_passes_without_its_numbers_of_persons() -> None:
    (row,) = release(balance(number((100, 200))), STANDARD).result.rows
    assert row.cells == ()


def test_classes_of_few_persons_and_one_persons_weight_are_withheld() -> None:
    made = release(overlap((3, 40, 57), (120, 6, 74), outside=2), STANDARD)
    assert made.result.treated == (None, 39, 57)
    assert made.result.control == (117, None, 75)
    assert made.result.outside is None
    assert made.result.largest_weight is None
    assert made.withheld == 3
    # Weights of one make the effective number the number of persons.
    assert made.result.effective_treated == made.result.n_treated == 101


def test_nobody_in_a_class_tells_of_nobody() -> None:
    assert release(overlap((0, 100), (90, 0), outside=0), STANDARD).result.treated == (0, 99)


def test_few_left_out_are_not_told_by_the_steps_around_them() -> None:
    steps = (
        GroupStep(step="group_members", treated=1004, control=860),
        GroupStep(step="status_unknown", treated=2, control=40),
        GroupStep(step="group_compared", treated=1002, control=820),
    )
    made = release(GroupFlow(steps=steps), STANDARD).result
    assert made.steps[0] == steps[0]
    assert (made.steps[1].treated, made.steps[1].control) == (None, 39)
    assert made.steps[2].treated == 1001  # the same for one to six left out


def test_a_group_of_few_is_withheld_from_the_first_step_to_the_last() -> None:
    steps = (
        GroupStep(step="group_members", treated=1004, control=4),
        GroupStep(step="group_compared", treated=3, control=3),
    )
    made = release(GroupFlow(steps=steps), STANDARD).result
    assert [step.control for step in made.steps] == [None, None]
    assert [step.treated for step in made.steps] == [1004, None]


def test_an_e_value_goes_with_its_ratio() -> None:
    ratio = comparison(61, 200, 88, 310).ratio
    assert isinstance(ratio, Estimate)
    assert isinstance(release(EValue(ratio=ratio, point=1.4, limit=1.0), STANDARD).result, EValue)
    few = EValue(ratio=replace(ratio, cells=(3, 40)), point=1.4, limit=1.0)
    assert release(few, STANDARD).result == Withheld(measure="e_value", reason="small_count")
    assert release(few, STANDARD).withheld == 1
