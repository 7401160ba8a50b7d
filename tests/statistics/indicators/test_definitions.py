"""The code lists are whole, and a faulty one is refused."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from evalkit.statistics.indicators.definitions import CodeList, Condition, code_list, other_funders

# Annex I of the two regulations; CO12–CO14 were deleted in 2018.
OLD = [f"CO{n:02}" for n in (*range(1, 12), *range(15, 24))] + [f"CR{n:02}" for n in range(1, 10)]
NEW = [f"EECO{n:02}" for n in range(1, 20)] + [f"EECR{n:02}" for n in range(1, 7)]


def test_both_code_lists_hold_every_code_of_their_regulation() -> None:
    assert [one.code for one in code_list("esf_2014_2020").indicators] == OLD
    assert [one.code for one in code_list("esf_plus_2021_2027").indicators] == NEW


def test_every_code_has_words_in_both_languages(codes: CodeList) -> None:
    assert all(one.label.sv and one.label.en for one in codes.indicators)
    assert codes.source.en.startswith("Regulation (EU)")
    assert codes.source.sv.startswith("Förordning (EU)")


def test_results_name_those_at_risk_and_outputs_do_not(codes: CodeList) -> None:
    assert all(one.at_risk for one in codes.of_kind("immediate_result", "longer_term_result"))
    assert not any(one.at_risk for one in codes.of_kind("output", "entity"))


def test_a_check_on_an_unknown_code_is_refused(codes: CodeList) -> None:
    content = codes.model_dump(by_alias=True)
    content["checks"] = [{"id": "x", "left": ["XX01"], "relation": "equals", "right": ["complete"]}]
    with pytest.raises(ValidationError, match="XX01"):
        CodeList.model_validate(content)


@pytest.mark.parametrize("faulty", [{}, {"in": ["a"], "above": 3}, {"in": ["a"], "not_in": ["b"]}])
def test_a_condition_asks_exactly_one_thing(faulty: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="give levels"):
        Condition.model_validate({"variable": "age", **faulty})


def test_a_chain_starts_at_the_projects_own_measure() -> None:
    assert {chain.steps[0].id for chain in other_funders().chains} == {"own"}
