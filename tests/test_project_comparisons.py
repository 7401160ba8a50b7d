"""The comparison part of a project file: what it refuses, and by which name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from evalkit.project import Comparison, ProjectError, load_project

PROJECT: dict[str, Any] = {
    "id": "a-project",
    "title": {"sv": "Ett", "en": "One"},
    "summary": {"sv": "Ett", "en": "One"},
    "period": {"start": "2018-01-01", "end": "2018-12-31"},
    "data_cut": "2019-12-31",
    "registers": [{"file": "register.csv", "columns": {"Status": "status_1y"}}],
    "chapters": ["comparison_group"],
    "comparison": {
        "title": {"sv": "Jämförelse", "en": "Comparison"},
        "from_register": {"file": "others.csv"},
        "came_about": "waiting_list",
        "description": {"sv": "Kön", "en": "The queue"},
        "confounders": ["sex", "age_at_entry"],
        "outcome": {"day": 365, "statuses": ["employment"], "column": "status_1y"},
    },
}


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    def write(**changes: Any) -> Path:
        outcome = {**PROJECT["comparison"]["outcome"], **changes.pop("outcome", {})}
        comparison = {**PROJECT["comparison"], **changes, "outcome": outcome}
        kept = {name: value for name, value in comparison.items() if value is not None}
        file = tmp_path / "project.yaml"
        content = {**PROJECT, "comparison": kept}
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return file

    return write


def test_the_default_is_for_the_participants_counted_from_their_entry(
    written: Callable[..., Path],
) -> None:
    made = load_project(written()).comparison
    assert isinstance(made, Comparison)
    assert (made.estimand, made.starts, made.missing) == ("treated", "entry", "category")
    assert made.files == (Path("others.csv"),)


MARKED = {"column": "arm", "levels": ["queue"]}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"confounders": ["sex", "exit_class"]}, "confounders: 'exit_class' is known only after"),
        ({"confounders": ["support_after"]}, "confounders: 'support_after' is known only after"),
        ({"confounders": ["status_1y"]}, "confounders: 'status_1y' is the outcome itself"),
        ({"confounders": ["hours"]}, "confounders: 'hours' is part of the programme itself"),
        ({"confounders": ["sex", "sex"]}, "'sex' stands there twice"),
        ({"confounders": []}, r"comparison.confounders: expected a list with at least 1 item"),
        ({"marked_by": MARKED}, "give exactly one of from_register and marked_by"),
        ({"from_register": None}, "give exactly one of from_register and marked_by"),
        (
            {"from_register": None, "marked_by": {"column": "exit_class", "levels": ["dropout"]}},
            r"marked_by: 'exit_class' is known only after the start.*\(immortal time\)",
        ),
        (
            {"from_register": None, "marked_by": MARKED, "confounders": ["arm"]},
            "confounders: 'arm' says which group a person belongs to",
        ),
        ({"outcome": {"column": "status_90d"}}, "outcome: 'status_90d' is counted from the exit"),
        ({"starts": "exit"}, r"starts: 'exit' comes after .*\(immortal time\)"),
        ({"dated_by": {"income": "day"}}, "dated_by: 'income' is not among the confounders"),
        ({"came_about": "chance"}, "came_about: expected one of 'lottery', 'waiting_list'"),
        ({"outcome": {"day": 0}}, "outcome.day: expected a number above 0"),
        ({"confounder": ["sex"]}, "comparison.confounder: unknown key; did you mean 'confounders'"),
    ],
)
def test_what_would_mislead_is_refused_by_name(
    written: Callable[..., Path], changes: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ProjectError, match=problem):
        load_project(written(**changes))


def test_the_chapter_needs_the_part_and_the_part_a_register(tmp_path: Path) -> None:
    file = tmp_path / "project.yaml"
    for missing, problem in (
        ("comparison", "the chapter comparison_group needs comparison"),
        ("registers", "comparison needs a register of the participants"),
    ):
        content = {name: value for name, value in PROJECT.items() if name != missing}
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        with pytest.raises(ProjectError, match=problem):
            load_project(file)
