"""Withheld cells must not follow from the cells and margins that are printed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.disclosure import release, release_beside, rule_for
from evalkit.disclosure.counts import release_tables
from evalkit.results import CountTable
from tests.disclosure.generated import attack, linked_pair, one_way, skewed_cells, two_way

STANDARD = rule_for("standard")


def printed(table: CountTable) -> list[int | None]:
    return [None if pd.isna(n) else int(n) for n in table.counts["n"]]


def test_a_small_cell_takes_the_next_smallest_with_it():
    released = release(one_way([3, 40, 9, 20]), STANDARD)
    # 72 − 40 − 9 − 20 would give 3 away; with 9 withheld too only their sum, 12, is known.
    assert printed(released.result) == [None, 40, None, 20, 72]
    assert released.withheld == 2
    assert released.rule == "standard"


def test_two_small_cells_whose_sum_is_small_take_a_third():
    # 63 − 20 − 40 = 3 would bound both within 0…3.
    assert printed(release(one_way([1, 2, 20, 40]), STANDARD).result) == [None, None, None, 40, 63]


def test_two_small_cells_with_a_sum_of_the_threshold_protect_each_other():
    assert printed(release(one_way([2, 3, 20, 40]), STANDARD).result) == [None, None, 20, 40, 65]


def test_a_cell_that_tells_beside_another_figure_is_withheld_with_company():
    # Elsewhere 38 of the 40 are told of.
    def telling(tables):
        counts = tables[0].counts
        return [((counts["n"] == 40) & ~counts["is_withheld"]).fillna(False).to_numpy(dtype=bool)]

    released = release_beside([one_way([9, 40, 20])], STANDARD, telling=telling)
    assert printed(released.result[0]) == [None, None, 20, 69]
    assert release_beside(
        [one_way([9, 40, 20])], STANDARD, telling=lambda _: [np.zeros(4, dtype=bool)]
    ).withheld == 0  # fmt: skip


def test_nobody_and_many_are_printed_as_they_are():
    assert printed(release(one_way([0, 5, 6]), STANDARD).result) == [0, 5, 6, 11]


def test_nobody_is_no_company_for_a_few():
    # Nobody beside 3 would leave 52 − 40 − 9 = 3.
    assert printed(release(one_way([0, 3, 40, 9]), STANDARD).result) == [0, None, 40, None, 52]


def test_a_total_that_is_not_printed_is_known_from_elsewhere():
    table = one_way([3, 40, 9, 20])
    without = replace(table, counts=table.counts[~table.counts["is_margin"]])
    assert printed(release(without, STANDARD).result) == [None, 40, None, 20]


def test_a_number_that_is_told_elsewhere_cannot_be_withheld_here():
    table = one_way([3, 40, 9, 20])
    told = replace(table, counts=table.counts.assign(is_told=table.counts["n"] == 9))
    assert printed(release(told, STANDARD).result) == [None, 40, 9, None, 72]


def test_a_two_way_table_loses_the_cheapest_rectangle():
    """Worked by hand: 2 needs a second cell in its row, its column, and their crossing.

    Of the three columns beside it the one with 7 and 8 costs 2 + 7 + 6 + 8, the least.
    """
    cells = np.array([[2, 7, 30], [6, 8, 30], [20, 21, 22]])
    table = release(two_way(cells), STANDARD).result
    inner = table.counts[~table.counts["is_margin"]]
    assert inner.loc[inner["is_withheld"], ["row", "column"]].to_numpy().tolist() == [
        ["row 0", "column 0"],
        ["row 0", "column 1"],
        ["row 1", "column 0"],
        ["row 1", "column 1"],
    ]


def test_all_of_a_group_on_a_sensitive_attribute_is_withheld():
    cells = np.array([[0, 12], [20, 30], [25, 35]])
    table = two_way(cells, dimensions=("municipality", "disability"))
    open_rule = release(table, STANDARD).result
    assert not open_rule.counts["is_withheld"].any()
    guarded = release(table, rule_for("standard", sensitive=["disability"])).result
    first = guarded.counts[guarded.counts["municipality"] == "municipality 0"]
    assert first["is_withheld"].tolist() == [True, True, False]
    assert min(high - low for low, high in attack((guarded,))) >= STANDARD.threshold


def test_the_frame_given_is_not_changed():
    table = one_way([3, 40, 9])
    before = table.counts.copy()
    release(table, STANDARD)
    pd.testing.assert_frame_equal(table.counts, before)


def test_whole_rows_are_withheld_and_explained_when_the_search_takes_too_long():
    cells = np.array([[2, 7, 30], [6, 8, 30], [20, 21, 22]])
    (table,), withheld, notes = release_tables([two_way(cells)], STANDARD, time_limit_seconds=0.0)
    assert notes == ("whole_rows",)
    hidden = table.counts.loc[table.counts["is_withheld"], "row"]
    assert set(hidden) == {"row 0", "row 1"}
    assert withheld == 8  # two rows of three cells and a margin
    assert min(high - low for low, high in attack((table,))) >= STANDARD.threshold


@given(st.lists(st.integers(0, 60), min_size=2, max_size=7))
def test_no_withheld_level_of_a_one_way_table_can_be_worked_out(counts):
    table = release(one_way(counts), STANDARD).result
    hidden = [i for i, n in enumerate(printed(table)[:-1]) if n is None]
    small = [i for i, n in enumerate(counts) if 0 < n < STANDARD.threshold]
    assert set(small) <= set(hidden)
    for low, high in attack((table,)):
        assert high - low >= STANDARD.threshold - 1e-6


def assert_protected(exact: tuple[CountTable, ...], rule_name: str = "standard") -> int:
    """Every small cell is withheld and no withheld cell can be bounded within the threshold."""
    rule = rule_for(rule_name)
    released, withheld, notes = release_tables(exact, rule)
    assert notes == ()
    for before, after in zip(exact, released, strict=True):
        small = before.counts["n"].between(1, rule.threshold - 1)
        assert after.counts.loc[small, "is_withheld"].all()
        assert after.counts.loc[after.counts["is_withheld"], "n"].isna().all()
    for low, high in attack(released):
        assert np.floor(high + 1e-6) - np.ceil(low - 1e-6) >= rule.threshold
    return withheld


@pytest.mark.parametrize("seed", range(25))
def test_generated_tables_withstand_the_attack(seed):
    assert_protected((two_way(skewed_cells(np.random.default_rng(seed))),))


@pytest.mark.parametrize("seed", range(10))
def test_linked_pairs_withstand_the_attack(seed):
    assert_protected(linked_pair(np.random.default_rng(seed)))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_a_thousand_generated_tables_withstand_the_attack(block):
    generator = np.random.default_rng(1000 + block)
    for _ in range(100):
        profile = "strict" if generator.random() < 0.2 else "standard"
        assert_protected((two_way(skewed_cells(generator)),), profile)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(5))
def test_two_hundred_linked_pairs_withstand_the_attack(block):
    generator = np.random.default_rng(2000 + block)
    for _ in range(40):
        assert_protected(linked_pair(generator))


def test_a_margin_shown_in_one_table_is_not_withheld_in_vain_in_another():
    pair = linked_pair(np.random.default_rng(3))
    first, second = release(pair, STANDARD).result
    shown = [
        {
            tuple(str(row[d]) for d in ("municipality",)): row["is_withheld"]
            for row in table.counts.to_dict("records")
            if row[table.dimensions[1]] == "total"
        }
        for table in (first, second)
    ]
    assert shown[0] == shown[1]


def test_the_door_stays_shut_for_a_shape_it_does_not_know():
    with pytest.raises(TypeError, match="no disclosure rule for DataFrame"):
        release(pd.DataFrame({"person": ["a"]}), STANDARD)
