"""Steps between definitions: nothing lost on the way, and no step that points at few."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from evalkit.statistics.indicators.definitions import Measure
from evalkit.statistics.indicators.other_funders import (
    division_table,
    income_support,
    reconcile,
    situations,
)

ALWAYS = {"all_of": []}


def measures(n: int) -> list[Measure]:
    """Definitions that read their base and their count off the columns ``b<i>`` and ``c<i>``."""
    return [
        Measure.model_validate(
            {
                "id": f"m{i}",
                "at_risk": {"any_of": [{"variable": "first", "in": ["x"]}, _is(f"b{i}")]},
                "rule": {"any_of": [{"variable": "first", "in": ["x"]}, _is(f"c{i}")]},
            }
        )
        for i in range(n)
    ]


def _is(variable: str) -> dict[str, object]:
    return {"variable": variable, "in": ["x"]}


def twenty(**counts: int) -> pd.DataFrame:
    """Twenty persons in every base; ``c0=8``: the first eight are counted by the first measure."""
    columns = {name: ["x"] * k + [""] * (20 - k) for name, k in counts.items()}
    bases = {f"b{i}": ["x"] * 20 for i in range(len(counts))}
    return pd.DataFrame({"first": [""] * 20, **bases, **columns})


def told(frame: pd.DataFrame, n: int, **options: object) -> list[tuple[tuple[str, ...], int, int]]:
    steps = reconcile(frame, measures(n), **options)  # type: ignore[arg-type]
    return [(step.changes, step.estimate.cells[0], step.lost) for step in steps]


def test_a_small_move_is_told_with_the_next_and_the_last_with_the_one_before() -> None:
    frame = twenty(c0=18, c1=16, c2=10)
    assert told(frame, 3, smallest_move=5) == [(("m0",), 18, 0), (("m1", "m2"), 10, 8)]
    assert told(frame, 3, smallest_move=2)[1] == (("m1",), 16, 2)
    frame = twenty(c0=18, c1=10, c2=8)  # ends at the last definition all the same
    assert told(frame, 3, smallest_move=5) == [(("m0",), 18, 0), (("m1", "m2"), 8, 10)]


def test_a_share_that_may_not_be_told_is_told_with_the_next_and_never_last() -> None:
    frame = twenty(c0=18, c1=12, c2=6)
    assert told(frame, 3, hidden={"m1"}) == [(("m0",), 18, 0), (("m1", "m2"), 6, 12)]
    assert told(frame, 3, hidden={"m2"}) == [(("m0",), 18, 0), (("m1",), 12, 6)]


def test_a_definition_the_register_cannot_tell_is_passed_over_on_the_way() -> None:
    first, second, third = measures(3)
    needing = second.model_copy(update={"needs": ("subsidy",)})
    steps = reconcile(twenty(c0=18, c1=12, c2=6), [first, needing, third])
    assert [step.changes for step in steps] == [("m0",), ("m2",)]


def test_income_support_is_divided_by_its_levels_with_the_unknown_last() -> None:
    left = pd.DataFrame({"support_before": ["b", "a", ""], "support_after": ["", "a", "a"]})
    divisions = income_support(left)
    assert divisions is not None
    before, after = divisions
    assert before.order == after.order == ("a", "b", "")
    assert after.levels.tolist() == ["", "a", "a"]
    counts = division_table(before).counts
    assert counts[["situation", "n", "is_margin"]].to_numpy().tolist() == [
        ["a", 1, False], ["b", 1, False], ["", 1, False], ["total", 3, True],
    ]  # fmt: skip


def test_every_status_is_a_situation_and_an_unknown_one_is_none() -> None:
    statuses = ["municipal_employment", "programme", "sick", "studies", "other", "unknown"]
    left = pd.DataFrame({"status": statuses, "status_upon_leaving": statuses[::-1]})
    before, after = situations(left)
    assert before.levels.tolist() == [
        "work", "unemployed", "outside_labour_force", "studies", "", "",
    ]  # fmt: skip
    assert after.levels.tolist() == before.levels.tolist()[::-1]


@given(seed=st.integers(0, 2**32), n=st.integers(2, 60), smallest=st.sampled_from([1, 5, 10]))
def test_moves_explain_every_difference_and_none_is_too_small(
    seed: int, n: int, smallest: int
) -> None:
    rng = np.random.default_rng(seed)
    names = [f"{kind}{i}" for i in range(5) for kind in "bc"]
    columns = {name: np.where(rng.random(n) < rng.random(), "x", "") for name in names}
    frame = pd.DataFrame({"first": ["x", *[""] * (n - 1)], **columns})
    chain = measures(5)
    steps = reconcile(frame, chain, smallest_move=smallest)
    for before, after in pairwise(steps):
        k_before, k_after = before.estimate.cells[0], after.estimate.cells[0]
        assert before.estimate.n - after.left + after.joined == after.estimate.n
        assert k_before - after.lost + after.gained == k_after
        assert not any(0 < move < smallest for move in after.moves)
        assert after.estimate.cells[2:] == after.moves
    if len(steps) > 1:
        told = [change for step in steps for change in step.changes]
        assert told == [measure.id for measure in chain]
