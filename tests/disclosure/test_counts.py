"""Withheld cells must not follow from the cells and margins that are printed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from evalkit.disclosure import release, rule_for
from evalkit.results import CountTable

STANDARD = rule_for("standard")


def one_way(counts: list[int]) -> CountTable:
    rows = [(f"level {i}", n, False) for i, n in enumerate(counts)]
    rows.append(("total", sum(counts), True))
    frame = pd.DataFrame(rows, columns=["level", "n", "is_margin"])
    return CountTable(counts=frame.assign(is_withheld=False), dimensions=("level",))


def two_way(cells: np.ndarray) -> CountTable:
    with_margins = np.vstack([cells, cells.sum(axis=0)])
    with_margins = np.column_stack([with_margins, with_margins.sum(axis=1)])
    height, width = with_margins.shape
    rows = [
        (f"r{i}", f"c{j}", int(with_margins[i, j]), i == height - 1 or j == width - 1)
        for i in range(height)
        for j in range(width)
    ]
    frame = pd.DataFrame(rows, columns=["row", "column", "n", "is_margin"])
    return CountTable(counts=frame.assign(is_withheld=False), dimensions=("row", "column"))


def printed(table: CountTable) -> list[int | None]:
    return [None if pd.isna(n) else int(n) for n in table.counts["n"]]


def test_a_small_cell_takes_the_next_smallest_with_it():
    released = release(one_way([3, 40, 9, 20]), STANDARD)
    # 72 − 40 − 9 − 20 would give 3 away; with 9 withheld too only their sum, 12, is known.
    assert printed(released.result) == [None, 40, None, 20, 72]
    assert released.withheld == 2
    assert released.rule == "standard"


def test_nobody_and_many_are_printed_as_they_are():
    assert printed(release(one_way([0, 5, 6]), STANDARD).result) == [0, 5, 6, 11]


def test_rounded_profile_prints_multiples_of_five_only():
    released = release(one_way([7, 23, 38, 41]), rule_for("rounded"))
    assert all(n is None or n % 5 == 0 for n in printed(released.result))


def test_the_frame_given_is_not_changed():
    table = one_way([3, 40, 9])
    before = table.counts.copy()
    release(table, STANDARD)
    pd.testing.assert_frame_equal(table.counts, before)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=7))
def test_no_withheld_level_of_a_one_way_table_can_be_worked_out(counts):
    table = release(one_way(counts), STANDARD).result
    hidden = [i for i, n in enumerate(printed(table)[:-1]) if n is None]
    small = [i for i, n in enumerate(counts) if 0 < n < STANDARD.threshold]
    assert set(small) <= set(hidden)
    total = printed(table)[-1]
    if hidden and total is not None:
        assert len(hidden) >= 2


@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=2, max_size=4
        )
    )
)
def test_no_withheld_cell_of_a_two_way_table_is_fixed_by_its_margins(cells):
    counts = np.array(cells)
    table = release(two_way(counts), STANDARD).result
    for low, high in feasible_intervals(table, counts.shape):
        assert high - low > 0.5


def feasible_intervals(table: CountTable, shape: tuple[int, int]) -> list[tuple[float, float]]:
    """An outsider's view: bounds of each withheld inner cell by linear programming."""
    height, width = shape[0] + 1, shape[1] + 1
    known = table.counts["n"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    equations, right = [], []
    for i in range(height):
        equations.append(_line(height, width, [(i, j) for j in range(width)]))
        right.append(0.0)
    for j in range(width):
        equations.append(_line(height, width, [(i, j) for i in range(height)]))
        right.append(0.0)
    bounds = [(n, n) if np.isfinite(n) else (0, None) for n in known]
    inner = [i * width + j for i in range(shape[0]) for j in range(shape[1])]
    intervals = []
    for cell in (position for position in inner if np.isnan(known[position])):
        objective = np.zeros(height * width)
        objective[cell] = 1
        ends = [
            linprog(sign * objective, A_eq=np.array(equations), b_eq=right, bounds=bounds)
            for sign in (1, -1)
        ]
        low = ends[0].fun
        high = -ends[1].fun if ends[1].status == 0 else np.inf
        intervals.append((low, high))
    return intervals


def _line(height: int, width: int, cells: list[tuple[int, int]]) -> np.ndarray:
    """Sum of the parts minus the margin, the last cell of the line."""
    equation = np.zeros(height * width)
    for i, j in cells:
        equation[i * width + j] = 1
    equation[cells[-1][0] * width + cells[-1][1]] = -1
    return equation


def test_the_door_stays_shut_for_a_shape_it_does_not_know():
    with pytest.raises(TypeError, match="no disclosure rule for DataFrame"):
        release(pd.DataFrame({"person": ["a"]}), STANDARD)
