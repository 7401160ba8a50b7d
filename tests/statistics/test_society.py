"""Days in work in kronor per actor: R's arithmetic, transfers that cancel, refusals."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed, Flow, Society
from evalkit.statistics.society import AssumedBeyond, StatedRange, kronor_by_actor, per_day
from tests.oracles_support import Case, case_id, cases


def flow(name: str, payer: str, receiver: str, kronor: float, *, year: int = 2024) -> Flow:
    return Flow(
        id=name, payer=payer, receiver=receiver, kronor_per_day=kronor, year=year, source="made up"
    )


def flows_of(spec: Any) -> list[Flow]:
    """The flows that the cases' prices are."""
    wage = spec["wage"]
    return [
        flow("production", "nobody", "employer", wage * (1 + spec["fee"])),
        flow("wage", "employer", "individual", wage),
        flow("fees", "employer", "state", wage * spec["fee"]),
        flow("local_tax", "individual", "municipality", wage * spec["tax_local"]),
        flow("regional_tax", "individual", "region", wage * spec["tax_region"]),
        flow("state_benefit", "individual", "state", spec["benefit_state"]),
        flow("local_benefit", "individual", "municipality", spec["benefit_local"]),
        flow("subsidy", "state", "employer", spec["subsidy"]),
    ]


@pytest.mark.oracle
@pytest.mark.parametrize("case", cases("economy"), ids=case_id)
def test_actors_agree_with_r(case: Case) -> None:
    spec = case.spec
    found = kronor_by_actor(
        n=spec["N"],
        days=(spec["D"], spec["D_low"], spec["D_high"]),
        horizon_days=spec["horizon"],
        followed_days=spec["horizon"],
        flows=flows_of(spec),
        costs=spec["cost"],
        worked_anyway=StatedRange(low=spec["share_low"], high=spec["share_high"], source="x"),
        is_made_up=True,
    )
    actors = list(case.expected["per_additional_day"])
    got: dict[str, Any] = {
        "per_additional_day": {actor: found.per_day[actor] for actor in actors},
        "rows": [
            {
                "share_who_would_have_worked_anyway": row.worked_anyway,
                "additional_days": row.additional_days,
                **{
                    name: {line.actor: getattr(line, name) for line in row.lines}
                    for name in ("net", "low", "high")
                },
            }
            for row in found.rows
        ],
        "range": {
            name: {line.actor: getattr(line, name) for line in found.range_lines}
            for name in ("low", "high")
        },
        "break_even_share": breaking_even(found, "needed"),
        # The lower limit of the share that may have come anyway is where most must be additional.
        "break_even_low": breaking_even(found, "high"),
        "break_even_high": breaking_even(found, "low"),
    }
    for name in case.expected:
        case.assert_close(name, got[name])
    case.finish()


def breaking_even(found: Society, name: str) -> dict[str, float | None]:
    values = {row.actor: getattr(row, name) for row in found.break_even}
    return {actor: None if value is None else 1 - value for actor, value in values.items()}


ACTORS = st.sampled_from(["municipality", "region", "state", "individual", "employer"])


@given(moves=st.lists(st.tuples(ACTORS, ACTORS, st.floats(0, 2000)), min_size=1))
def test_what_passes_between_actors_cancels_in_society(moves) -> None:
    flows = [flow(f"f{i}", *move) for i, move in enumerate(moves)]
    assert per_day(flows)["society"] == pytest.approx(0, abs=1e-6)


ARGUMENTS: dict[str, Any] = {
    "n": 10,
    "days": (50.0, 40.0, 60.0),
    "horizon_days": 365,
    "followed_days": 365,
    "flows": [
        flow("production", "nobody", "employer", 1000),
        flow("wage", "employer", "individual", 1000),
        flow("tax", "individual", "municipality", 300),
    ],
    "costs": {"municipality": 100_000.0},
}


def test_the_sum_of_the_actors_is_society_at_every_share() -> None:
    found = kronor_by_actor(**ARGUMENTS)
    assert [row.worked_anyway for row in found.rows] == [0, 0.3, 0.5, 0.7]
    for row in found.rows:
        *actors, society = row.lines
        assert sum(line.net for line in actors) == pytest.approx(society.net)
        assert society.net == pytest.approx(10 * 50 * (1 - row.worked_anyway) * 1000 - 100_000)


def test_the_share_that_must_be_additional_by_hand() -> None:
    # 100 000 / (10 · 50 · 300) = 0.667; at 60 days 0.556, at 40 days 0.833.
    found = {row.actor: row for row in kronor_by_actor(**ARGUMENTS).break_even}
    row = found["municipality"]
    assert (row.needed, row.low, row.high) == pytest.approx((2 / 3, 5 / 9, 5 / 6))
    assert found["individual"].needed == 0.0
    assert found["employer"].needed is None


def test_days_assumed_after_the_follow_up_are_shown_apart() -> None:
    plain = kronor_by_actor(**ARGUMENTS)
    found = kronor_by_actor(**ARGUMENTS, beyond=AssumedBeyond(days=100, source="assumed"))
    assert found.rows == plain.rows
    assert found.beyond is not None
    assert found.beyond.rows[0].lines[-1].net == pytest.approx(10 * 100 * 1000)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"n": 0}, "no_persons"),
        ({"followed_days": 180}, "beyond_follow_up"),
        ({"horizon_days": 730, "followed_days": 730}, "longer_than_a_year"),
        ({"flows": []}, "no_prices"),
        (
            {"flows": [flow("a", "x", "y", 1), flow("b", "x", "y", 1, year=2020)]},
            "prices_of_two_years",
        ),
        ({"has_subsidised_days": True}, "subsidy_without_flow"),
    ],
)
def test_what_cannot_be_calculated_is_refused(change, reason) -> None:
    with pytest.raises(CannotBeComputed, match=reason):
        kronor_by_actor(**(ARGUMENTS | change))


def test_a_price_and_a_range_need_their_source() -> None:
    with pytest.raises(CannotBeComputed, match="price_without_source"):
        Flow(id="a", payer="x", receiver="y", kronor_per_day=1, year=2024, source=" ")
    with pytest.raises(CannotBeComputed, match="range_without_source"):
        StatedRange(low=0.3, high=0.6, source="")
    with pytest.raises(CannotBeComputed, match="range_without_source"):
        AssumedBeyond(days=30, source="")


def test_jobs_are_no_days() -> None:
    with pytest.raises(ValueError, match="within the horizon"):
        kronor_by_actor(**(ARGUMENTS | {"days": (0.0, 0.0, 0.0)}))
