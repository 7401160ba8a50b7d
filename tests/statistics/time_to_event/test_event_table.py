"""The counting pass: what is counted, what is refused, what adds up."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed, EventTable
from evalkit.statistics.time_to_event import event_counts
from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence
from evalkit.statistics.time_to_event.event_table import (
    at_risk,
    event_table,
    select_causes,
    select_groups,
)
from tests.statistics.time_to_event.spells import CAUSES, Register, registers


def table_of(register: Register, **options: object) -> EventTable:
    return event_table(
        register.days,
        register.causes,
        cause_names=CAUSES,
        groups=register.groups,
        **options,  # type: ignore[arg-type]
    )


def assert_same(first: EventTable, second: EventTable) -> None:
    assert first.groups == second.groups
    for name in ("times", "started", "entered", "left", "censored", "persons"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name), err_msg=name)


@given(registers(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(register: Register, random: object) -> None:
    order = list(range(len(register.days)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert_same(table_of(register), table_of(register.rows(np.array(order))))


@given(registers())
def test_every_person_is_counted_exactly_once(register: Register) -> None:
    table = table_of(register)
    assert table.left.sum() + table.censored.sum() == len(register.days)
    assert table.persons.sum() == table.started.sum() == len(register.days)


@given(registers())
def test_fractional_times_are_counted_as_whole_ones_are(register: Register) -> None:
    whole = table_of(register)
    parts = event_table(
        register.days / 7, register.causes, cause_names=CAUSES, groups=register.groups
    )
    np.testing.assert_array_equal(whole.left, parts.left)
    np.testing.assert_allclose(whole.times / 7, parts.times)


@given(registers())
def test_chunks_do_not_show_in_the_counts(register: Register) -> None:
    whole = table_of(register)
    size, event_counts.CHUNK_ROWS = event_counts.CHUNK_ROWS, 3
    try:
        assert_same(whole, table_of(register))
    finally:
        event_counts.CHUNK_ROWS = size


@given(registers())
def test_a_whole_weight_counts_like_as_many_rows(register: Register) -> None:
    weights = 1 + register.days % 3
    repeated = register.rows(np.repeat(np.arange(len(weights)), weights))
    weighted, rows = table_of(register, weights=weights), table_of(repeated)
    np.testing.assert_array_equal(weighted.left, rows.left)
    np.testing.assert_array_equal(at_risk(weighted), at_risk(rows))


def test_labels_codes_and_categories_give_the_same_table() -> None:
    days, causes, labels = [1, 2, 3], [1, 0, 1], ["b", "a", "b"]
    by_label = event_table(days, causes, cause_names=["work"], groups=labels)
    by_code = event_table(
        days, causes, cause_names=["work"], groups=[1, 0, 1], group_names=["a", "b"]
    )
    by_category = event_table(
        days, causes, cause_names=["work"], groups=pd.Series(labels, dtype="category")
    )
    assert_same(by_label, by_code)
    assert_same(by_label, by_category)


def test_a_category_keeps_its_order_and_whole_number_levels_print_whole() -> None:
    ordered = pd.Categorical(["low", "high"], categories=["low", "high"], ordered=True)
    assert event_table([1, 2], [1, 1], cause_names=["work"], groups=ordered).groups == (
        "low",
        "high",
    )
    table = event_table([1, 2], [1, 1], cause_names=["work"], groups=np.array([2.0, 10.0]))
    assert table.groups == ("2", "10")


def test_an_empty_group_stays_in_the_table() -> None:
    table = event_table([1], [1], cause_names=["work"], groups=[0], group_names=["a", "b"])
    assert table.persons.tolist() == [1, 0]


def test_fractional_entry_a_rounding_before_the_exit_is_refused() -> None:
    with pytest.raises(ValueError, match="entry"):
        event_table([0.3, 1.5], [1, 1], cause_names=["work"], entry=[0.1 + 0.2 - 1e-12, 0.1])


BAD: list[tuple[str, dict[str, object]]] = [
    ("days: negative at positions 1", {"days": [1, -2, 3]}),
    ("days: missing at positions 2", {"days": [1, 2, float("nan")]}),
    ("days: missing", {"days": pd.array([1, None, 3], dtype="Int64")}),
    ("days: expected numbers", {"days": ["1", "2", "3"]}),
    ("days: expected one dimension", {"days": [[1, 2, 3]]}),
    ("causes: outside 0…2 at positions 0", {"causes": [3, 0, 1]}),
    ("causes: missing at positions 1", {"causes": [1, float("nan"), 1]}),
    ("causes: not a whole number at positions 0", {"causes": [0.5, 0, 1]}),
    ("causes: expected 3 values", {"causes": [1, 0]}),
    ("causes: expected whole numbers", {"causes": ["work", "", ""]}),
    ("groups: missing at positions 2", {"groups": ["a", "b", None]}),
    ("groups: missing at positions 1", {"groups": ["a", float("nan"), "b"]}),
    ("days: expected numbers", {"days": pd.to_timedelta([1, 2, 3], unit="D")}),
    ("groups: outside the 2 codes", {"groups": [0, 2, 1], "group_names": ["a", "b"]}),
    ("groups: expected whole-number codes", {"groups": ["a", "a", "b"], "group_names": ["a", "b"]}),
    ("group_names: given without groups", {"group_names": ["a"]}),
    ("group_names: the same name twice", {"groups": [0, 0, 1], "group_names": ["a", "a"]}),
    (r"entry: not before days \(the exit\) at positions 1", {"entry": [0, 2, 1]}),
    ("entry: missing at positions 0", {"entry": [float("nan"), 0, 0]}),
    ("weights: not above 0 at positions 0, 2", {"weights": [0, 1, -1]}),
    ("weights: missing at positions 1", {"weights": [1, float("nan"), 1]}),
    ("cause_names: expected at least one", {"cause_names": []}),
]


@pytest.mark.parametrize(("message", "fault"), BAD, ids=[m for m, _ in BAD])
def test_bad_input_is_refused_by_argument_and_position(
    message: str, fault: dict[str, object]
) -> None:
    good = {"days": [1, 2, 3], "causes": [1, 0, 2], "cause_names": ["work", "studies"]}
    arguments = good | fault
    with pytest.raises(ValueError, match=message):
        event_table(arguments.pop("days"), arguments.pop("causes"), **arguments)  # type: ignore[arg-type]


def test_columns_whose_rows_are_labelled_otherwise_are_refused() -> None:
    # lifelines matches them by position in silence: other persons' outcomes.
    days, causes = pd.Series([1, 2, 3]), pd.Series([1, 0, 1], index=[2, 1, 0])
    with pytest.raises(ValueError, match="causes: its rows are labelled otherwise"):
        event_table(days, causes, cause_names=["work"])
    assert event_table(days, causes.to_numpy(), cause_names=["work"]).persons.tolist() == [3]


def test_counting_leaves_numpys_generator_alone() -> None:
    # lifelines' AalenJohansenFitter reseeds it with every fit.
    before = np.random.get_state()[1].tolist()
    cumulative_incidence(event_table([1, 1, 2], [1, 2, 0], cause_names=["work", "studies"]))
    assert np.random.get_state()[1].tolist() == before


def test_many_bad_rows_are_counted_not_listed() -> None:
    with pytest.raises(ValueError, match=r"0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 90 more"):
        event_table(np.full(100, -1), np.ones(100, int), cause_names=["work"])


def test_without_rows_there_is_nothing_to_compute() -> None:
    with pytest.raises(CannotBeComputed, match="no_persons"):
        event_table([], [], cause_names=["work"])


def test_counting_takes_less_than_twice_the_memory_of_the_data() -> None:
    n = 400_000
    generator = np.random.default_rng(3)
    days = generator.integers(0, 1000, n).astype(np.int32)
    causes = generator.integers(0, 4, n).astype(np.int8)
    entry = (days // 2).astype(np.int32) - 1
    event_table(days[:10], causes[:10], cause_names=CAUSES)  # imports do not count
    tracemalloc.start()
    event_table(days, causes, cause_names=CAUSES, entry=entry)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * (days.nbytes + causes.nbytes + entry.nbytes)


def test_a_text_column_is_a_group_as_a_list_of_labels_is() -> None:
    labels = ["b", "a", "b"]
    by_list = event_table([1, 2, 3], [1, 0, 1], cause_names=["work"], groups=labels)
    column = pd.Series(labels, dtype="str", index=[7, 8, 9])
    assert_same(by_list, event_table([1, 2, 3], [1, 0, 1], cause_names=["work"], groups=column))
    column[8] = None
    with pytest.raises(ValueError, match="groups: missing at positions 1"):
        event_table([1, 2, 3], [1, 0, 1], cause_names=["work"], groups=column)


def test_at_risk_is_entered_before_the_day_and_not_gone_before_it() -> None:
    # Seven persons, entries and exits tied (data/tiny_entry_ties.csv, R n.risk 3 4 4 3 1).
    entry, days = [0, 0, 0, 3, 3, 5, 5], [3, 5, 7, 5, 8, 8, 9]
    table = event_table(days, [1, 1, 0, 1, 1, 1, 0], cause_names=["work"], entry=entry)
    exits = np.isin(table.times, [3, 5, 7, 8, 9])
    assert at_risk(table)[0][exits].tolist() == [3, 4, 4, 3, 1]


def test_weights_leave_no_residue_when_the_last_person_leaves() -> None:
    table = event_table([1, 2, 3], [1, 1, 1], cause_names=["work"], weights=[0.1, 0.2, 0.3])
    assert at_risk(table)[0, -1] == table.left[0, -1, 0]


def test_causes_and_groups_are_selected() -> None:
    table = event_table([1, 2, 3, 3], [1, 2, 3, 0], cause_names=CAUSES, groups=["a", "b", "a", "b"])
    work = select_causes(table, ["work"])
    assert work.left.sum() == 1
    assert work.censored.sum() == 3
    with pytest.raises(ValueError, match="causes: expected some of work, studies, other"):
        select_causes(table, ["wrok"])
    with pytest.raises(ValueError, match="groups"):
        select_groups(table, [])
