"""Steps between definitions: nothing lost on the way, and no step that points at few."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.analysis.indicators.definitions import Measure, other_funders
from evalkit.analysis.indicators.other_funders import measured, reconcile
from evalkit.results import CannotBeComputed

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
        assert steps[-1].estimate.n == measured(frame, chain[-1]).n
        told = [change for step in steps for change in step.changes]
        assert told == [measure.id for measure in chain]


def test_a_definition_the_register_cannot_tell_is_refused() -> None:
    frame = pd.DataFrame({"exit_class": ["employment"]})
    with pytest.raises(CannotBeComputed, match="not_collected"):
        measured(frame, other_funders().measure("kolada"))
