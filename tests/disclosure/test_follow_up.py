"""Bounds, tipping points and adjusted verdicts at the door: what an attacker could work out."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.disclosure import rule_for
from evalkit.results import AdjustedVerdict, FollowUpBounds, TippingPoint, Withheld
from evalkit.statistics.casemix.verdict import Expected, adjusted_verdict, expected_from_table
from evalkit.statistics.follow_up.bounds import follow_up_bounds, tipping_point
from evalkit.statistics.follow_up.imputation import imputed_share
from tests.disclosure.single import release

STANDARD = rule_for("standard")


@pytest.mark.parametrize("missing", [1, 2, 3, 4])
def test_nothing_is_told_when_one_to_four_were_not_followed_up(missing: int) -> None:
    counts = {"events": 40, "followed_up": 90, "n": 90 + missing}
    bounds = follow_up_bounds(**counts, ratios=[0.5])
    assert release(bounds, STANDARD).result == Withheld(
        measure="response_share", reason="protected"
    )
    turning = tipping_point(**counts, goal=0.5)
    assert isinstance(release(turning, STANDARD).result, Withheld)
    # Printed alone, the upper extreme less the share followed up would tell the missing.
    for part in (bounds.none, bounds.every, *bounds.assumed):
        assert isinstance(release(part, STANDARD).result, Withheld)


@pytest.mark.parametrize("missing", [0, 5, 30])
def test_nobody_missing_and_many_missing_are_told(missing: int) -> None:
    counts = {"events": 40, "followed_up": 90, "n": 90 + missing}
    assert isinstance(release(follow_up_bounds(**counts), STANDARD).result, FollowUpBounds)
    turning = tipping_point(**counts, goal=0.5)
    assert isinstance(release(turning, STANDARD).result, TippingPoint)


@given(
    st.integers(10, 60).flatmap(
        lambda n: st.integers(1, n).flatmap(
            lambda followed: st.tuples(st.integers(0, followed), st.just(followed), st.just(n))
        )
    )
)
def test_from_released_extremes_no_small_count_can_be_worked_out(
    counts: tuple[int, int, int],
) -> None:
    k, followed, n = counts
    released = release(follow_up_bounds(events=k, followed_up=followed, n=n), STANDARD).result
    if isinstance(released, FollowUpBounds):
        # What a reader gets from the printed shares and n: all of the three counts.
        read = (
            round(released.none.value * n),
            n - round(released.every.value * n),
            round((released.every.value - released.none.value) * n),
        )
        assert read == (k, followed - k, n - followed)
        assert not any(0 < count < 5 for count in read)


def test_the_imputed_share_goes_with_the_extremes() -> None:
    frame = pd.DataFrame(
        {"work": [1.0, 0.0] * 40 + [None] * 3, "sex": ["woman", "man", "man"] * 27 + ["man"] * 2}
    )
    imputed = imputed_share(
        frame, outcome="work", covariates=["sex"], generator=np.random.default_rng(1)
    )
    assert isinstance(release(imputed.share, STANDARD).result, Withheld)


def verdict(events: int, n: int, **given: int) -> AdjustedVerdict:
    return adjusted_verdict(
        Expected(chances=np.full(n, 0.4), reference=0.4, reference_cells=(60, 60)),
        events=events,
        goal=0.5,
        **given,
    )


def test_an_adjusted_verdict_needs_many_with_and_without_the_outcome() -> None:
    assert isinstance(release(verdict(20, 50), STANDARD).result, AdjustedVerdict)
    for events in (3, 48):
        assert isinstance(release(verdict(events, 50), STANDARD).result, Withheld)


def test_the_few_left_out_would_be_told_by_the_plain_verdict() -> None:
    assert isinstance(release(verdict(20, 50, left_out=3), STANDARD).result, Withheld)
    assert isinstance(release(verdict(20, 50, left_out=6), STANDARD).result, AdjustedVerdict)


def test_a_reference_of_few_persons_is_not_told() -> None:
    few = Expected(chances=np.full(50, 0.4), reference=0.5, reference_cells=(3, 40))
    found = adjusted_verdict(few, events=20, goal=0.5)
    assert isinstance(release(found, STANDARD).result, Withheld)


def test_an_expected_share_by_a_published_table_would_tell_who_took_part() -> None:
    """Two women of thirty: from the expected share and the table their number follows."""
    table = [({"sex": "woman"}, 0.40), ({"sex": "man"}, 0.55)]
    frame = pd.DataFrame({"sex": ["woman"] * 2 + ["man"] * 28})
    made = expected_from_table(frame, table, reference=0.5)
    possible = [
        women
        for women, men in itertools.product(range(31), repeat=2)
        if women + men == 30 and round((women * 0.40 + men * 0.55) / 30, 3) == 0.540
    ]
    assert round(float(made.chances.mean()), 3) == 0.540
    assert possible == [2]
    found = adjusted_verdict(made, events=15, goal=0.5)
    assert isinstance(release(found, STANDARD).result, Withheld)
