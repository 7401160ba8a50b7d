"""Targets, cohorts and claims of nearly the same persons, in a copy of a sample."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from evalkit import chapters as sections
from evalkit.answers.study import Study, open_study
from evalkit.documents.files.paths import sample_folder
from tests.chapters.test_sections import text_of
from tests.support.answers import withheld_beside_others

PROJECT = "trelleborg-samordnad-etablering"


def opened(folder: Path, change: Any, purpose: Any = "release") -> Study:
    copy = Path(shutil.copytree(sample_folder() / PROJECT, folder / PROJECT))
    file = copy / "project.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return open_study(file, language="sv", purpose=purpose)


def nearly_the_same_year(content: dict[str, Any]) -> None:
    """The same comparison once more, without the last days of both years."""
    again = yaml.safe_load(yaml.safe_dump(content["before_after"][0]))
    again["id"] = "shorter"
    again["before"]["microdata"]["end"] = "2016-12-26"
    again["after"]["microdata"]["end"] = "2017-12-26"
    content["before_after"].insert(1, again)


def nearly_the_same_target(content: dict[str, Any]) -> None:
    again = yaml.safe_load(yaml.safe_dump(content["targets"][0]))
    again["id"] = "shorter"
    again["period"]["end"] = "2018-09-26"
    content["targets"].append(again)


def test_a_comparison_that_differs_by_a_few_persons_is_withheld(tmp_path: Path) -> None:
    study = opened(tmp_path, nearly_the_same_year)
    assert withheld_beside_others(study) == {"before_after.shorter"}
    text = text_of(sections.before_after.comparisons(study))
    assert "62 av 130" in text
    assert "går att räkna ut med den" in text


def test_a_target_that_differs_by_a_few_persons_is_withheld(tmp_path: Path) -> None:
    study = opened(tmp_path, nearly_the_same_target)
    assert "target.shorter" in withheld_beside_others(study)
    assert f"target.{study.project.targets[0].id}" not in withheld_beside_others(study)
    assert "går att räkna ut med den" in text_of(sections.targets_and_claims.targets(study))


def test_exploring_hides_nothing(tmp_path: Path) -> None:
    study = opened(tmp_path, nearly_the_same_year, purpose="explore")
    assert withheld_beside_others(study) == set()


@pytest.mark.parametrize(
    "file", sorted(sample_folder().glob("*/project.yaml")), ids=lambda f: f.parent.name
)
def test_no_sample_needs_it(file: Path) -> None:
    study = open_study(file, language="sv", purpose="release")
    # Of the funder's chain and of what came after, some steps are nearly the same persons.
    steps = ("esf.", "after_", "follow_up.CR")
    assert {one for one in withheld_beside_others(study) if not one.startswith(steps)} == set()
