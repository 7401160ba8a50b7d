"""The same persons twice: against R and the papers, and what must hold for all counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares import before_after
from evalkit.statistics.shares.before_after import before_after_same_persons, mcnemar
from evalkit.statistics.shares.proportions import proportion
from tests.oracles_support import REMOVED, Case, case_id, cases
from tests.statistics.shares.oracle_rows import attempt, limits_of

METHODS: dict[str, Callable[..., Any]] = {"newcombe_method10": before_after.paired_newcombe}
NOBODY_CHANGED = "nobody changed: the exact tests' p of 1 says nothing, so no test is given"

NAMES = ("both", "first_only", "second_only", "neither")
cell = st.integers(0, 60)
tables = st.tuples(cell, cell, cell, cell).filter(lambda cells: sum(cells) > 0)


def table(cells: tuple[int, ...]) -> dict[str, int]:
    return dict(zip(NAMES, cells, strict=True))


def part(made: Any, attribute: str) -> Any:
    return made if isinstance(made, CannotBeComputed) else getattr(made, attribute)


def compare_tests(case: Case, i: int, counts: dict[str, int]) -> None:
    for field in case.expected["rows"][i]["mcnemar"]:
        path = ("rows", i, "mcnemar", field)
        if field != "p_midp":
            case.without_counterpart(path, REMOVED)
            continue
        made = attempt(mcnemar, **counts)
        if isinstance(made, CannotBeComputed) and case.at(path) == 1:
            assert made.reason == "nobody_changed"
            case.without_counterpart(path, NOBODY_CHANGED)
        else:
            case.assert_close(path, part(made, "p_value"))


@pytest.mark.parametrize("case", cases("prop_paired"), ids=case_id)
def test_paired_shares_agree_with_r(case: Case) -> None:
    for i, row in enumerate(case.expected["rows"]):
        counts = table((row["a"], row["b"], row["c"], row["d"]))
        made = before_after_same_persons(
            both=row["a"], before_only=row["b"], after_only=row["c"], neither=row["d"]
        )
        plain = {"n": made.before.n, "p1": made.before.value, "p2": made.after.value}
        plain |= {name: row[name] for name in "abcd"} | {"difference": -made.difference.value}
        for field in row:
            if field in plain:
                case.assert_close(("rows", i, field), plain[field])
            elif field in METHODS:
                estimate = METHODS[field](**counts, confidence_level=case.confidence_level)
                case.assert_close(("rows", i, field), limits_of(estimate))
            elif field == "mcnemar":
                compare_tests(case, i, counts)
            else:
                case.without_counterpart(("rows", i, field), REMOVED)
    case.finish()


@pytest.mark.parametrize(
    ("cells", "low", "high"), [((20, 12, 2, 16), 0.0562, 0.3292), ((1, 1, 7, 12), -0.507, -0.026)]
)
def test_the_limits_printed_in_the_papers(cells: tuple[int, ...], low: float, high: float) -> None:
    """Newcombe (1998c) for n = 50; Fagerland et al. (2014) for n = 21."""
    made = before_after.paired_newcombe(**table(cells))
    decimals = 4 if sum(cells) == 50 else 3
    assert (round(made.low, decimals), round(made.high, decimals)) == (low, high)


@given(tables, st.floats(0.5, 0.999))
def test_the_interval_holds_the_difference_and_stays_within_minus_1_and_1(
    cells: tuple[int, ...], level: float
) -> None:
    made = before_after.paired_newcombe(**table(cells), confidence_level=level)
    assert -1 <= made.low <= made.value <= made.high <= 1
    assert made.cells == cells
    assert made.n == sum(cells)


@given(tables, st.floats(0.5, 0.999))
def test_swapping_the_occasions_turns_the_sign(cells: tuple[int, ...], level: float) -> None:
    a, b, c, d = cells
    one = before_after.paired_newcombe(**table(cells), confidence_level=level)
    other = before_after.paired_newcombe(**table((a, c, b, d)), confidence_level=level)
    assert one.low == pytest.approx(-other.high, abs=1e-9)


def test_before_and_after_are_the_margins_and_the_difference_is_after_minus_before() -> None:
    made = before_after_same_persons(both=61, before_only=21, after_only=58, neither=110)
    assert made.before == proportion(events=82, n=250, group="before")
    assert made.after == proportion(events=119, n=250, group="after")
    assert made.difference.value == pytest.approx(37 / 250)
    assert made.difference.low > 0


def test_nobody_changing_is_no_test() -> None:
    with pytest.raises(CannotBeComputed, match="nobody_changed"):
        mcnemar(**table((10, 0, 0, 10)))


@given(st.integers(1, 40))
def test_as_many_changing_both_ways_is_no_evidence(changed: int) -> None:
    assert mcnemar(**table((3, changed, changed, 5))).p_value == pytest.approx(1)


@pytest.mark.parametrize("name", NAMES)
def test_an_impossible_count_is_named(name: str) -> None:
    for wrong in (-1, 0.5, float("nan")):
        with pytest.raises(ValueError, match=name):
            before_after.paired_newcombe(**(table((1, 1, 1, 1)) | {name: wrong}))  # type: ignore[arg-type]


def test_no_pairs_at_all_cannot_be_computed() -> None:
    with pytest.raises(CannotBeComputed, match="no_persons"):
        before_after.paired_newcombe(**table((0, 0, 0, 0)))
    with pytest.raises(ValueError, match="confidence_level"):
        before_after.paired_newcombe(**table((1, 0, 0, 0)), confidence_level=0)
