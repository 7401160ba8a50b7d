"""What `import evalkit as ek` offers: names that lead somewhere, misuse told in one sentence."""

from __future__ import annotations

import pandas as pd
import pytest

import evalkit as ek


def test_every_public_name_leads_to_something_that_explains_itself() -> None:
    assert [name for name in ek.__all__ if not getattr(ek, name).__doc__] == []


def test_completion_offers_what_an_evaluator_may_use_and_nothing_else() -> None:
    assert [name for name in dir(ek) if not name.startswith("__")] == sorted(ek.__all__)


def test_a_misspelt_name_is_told_the_nearest() -> None:
    with pytest.raises(AttributeError, match="did you mean 'log_rank'"):
        _ = ek.logrank


@pytest.mark.parametrize("function", ["kaplan_meier", "cumulative_incidence", "log_rank"])
def test_persons_given_in_place_of_their_counts_are_told_how_to_count(function: str) -> None:
    with pytest.raises(TypeError, match=r"expected an event table, found DataFrame: study\.events"):
        getattr(ek, function)(pd.DataFrame({"days": [1, 2]}))


def test_a_table_given_in_place_of_a_curve_is_told_how_to_draw_one() -> None:
    table = ek.event_table([3, 5], [1, 0], cause_names=["work"], groups=["a", "b"])
    with pytest.raises(TypeError, match=r"expected a curve, found EventTable: kaplan_meier"):
        ek.median(table)
    with pytest.raises(ValueError, match="group: expected one of a, b, got ''"):
        ek.median(ek.kaplan_meier(table))


def test_a_path_given_in_place_of_a_project_is_told_how_to_open_it() -> None:
    with pytest.raises(TypeError, match=r"expected a project, found str: load_project"):
        ek.read_registers("deltagare.xlsx")
