"""Numbers of persons that stand beside a figure, in a register with a few who lack a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit import chapters as sections
from evalkit.answers.curves import events_answer
from evalkit.answers.models import time_model
from evalkit.answers.study import Study, open_study
from evalkit.chapters.section import asked_of
from evalkit.disclosure import linked
from evalkit.results import Withheld
from evalkit.results.answers import OR_UNKNOWN, Answer
from tests.chapters.test_sections import text_of
from tests.disclosure.small_groups import small_register, write_small_project


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    register = small_register(1, 300)
    register.loc[:1, "Kön"] = ""
    register.loc[2:, "Kön"] = register["Kön"][2:].replace("", "Kvinna")
    register["Utbildningsnivå"] = register["Utbildningsnivå"].replace("", "Gymnasial")
    folder = tmp_path_factory.mktemp("small")
    return open_study(write_small_project(folder, register, profile="standard"), purpose="release")


def test_a_test_between_groups_does_not_tell_how_many_have_no_level(study: Study) -> None:
    text = text_of(sections.time_to_employment.by_group(study))
    assert "298" not in text  # two of 300 have no known sex
    keys = events_answer(study, by="sex").members[0].keys
    assert {group for group, _ in keys} == {"man" + OR_UNKNOWN, "woman"}


def test_a_model_does_not_tell_how_many_were_left_out(study: Study) -> None:
    assert time_model(study).regression.n == 298
    text = text_of(sections.time_to_employment.model(study))
    assert "298" not in text


@pytest.mark.slow
def test_two_of_unknown_sex_do_not_take_the_whole_report_with_them(study: Study) -> None:
    """By chance neither is in many a group; nobody can know that, and nothing need hide it."""
    answers = [ask for ask in asked_of(study) if isinstance(ask, Answer)]
    out = linked.release_all(answers, study.rule)
    assert not any(linked.COARSER in one.notes for one in out.values())
    assert sum(isinstance(one.result, Withheld) for one in out.values()) < len(out) / 2


def test_a_curve_does_not_narrow_what_the_table_of_its_groups_withholds(tmp_path: Path) -> None:
    register = small_register(6, 110)
    study = open_study(
        write_small_project(tmp_path, register, profile="standard"), purpose="release"
    )  # fmt: skip
    # 110 less 50 and 40 are 20; a curve of 19 to 24 would leave one without a level at most.
    counts = study.persons["education"].replace("unknown", "").value_counts()
    assert counts.to_dict() == {"isced_0_2": 50, "isced_3_4": 40, "isced_5_8": 19, "": 1}
