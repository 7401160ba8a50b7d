"""Whatever lies in the place of answers.json is refused in one sentence, and nothing waits."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.answers.store import from_json, to_json
from evalkit.disclosure.alone import released_regression
from evalkit.disclosure.rule import rule_for
from evalkit.documents.files.answers import answers_text, read_answers
from evalkit.documents.files.state import Damaged, state_text
from evalkit.documents.reading.register import NotFound, released_answers
from evalkit.project import load_project
from evalkit.results import Coefficient, Estimate, Regression, Released, TestResult
from tests.documents.files.test_state import JSON, changed, places
from tests.support.templates import write_project


def pipe(file: Path) -> None:
    os.mkfifo(file)


def folder(file: Path) -> None:
    file.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "pipe": pipe,
    "folder": folder,
    "nothing": lambda file: file.write_bytes(b""),
    "noise": lambda file: file.write_bytes(bytes(range(256))),
    "deep": lambda file: file.write_bytes(b"[" * 100_000),
    "list": lambda file: file.write_text("[1]"),
    "no answers": lambda file: file.write_text('{"format": 1}'),
    "wrong types": lambda file: file.write_text(
        json.dumps({"format": 1, "rule": 7, "answers": {"a": {"result": [], "withheld": "x"}}})
    ),
    "device": lambda file: file.symlink_to("/dev/zero"),
}


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices of Unix")
@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_no_file_of_answers_is_one_sentence(tmp_path: Path, damage: str) -> None:
    project = load_project(write_project(tmp_path / "a", identity="a"))
    (tmp_path / "out/a").mkdir(parents=True)
    DAMAGES[damage](tmp_path / "out/a/answers.json")
    with pytest.raises(NotFound, match=r"answers\.json: damaged.* makes it anew") as refused:
        released_answers(project, tmp_path / "out")
    assert "\n" not in str(refused.value)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_wrong_types_at_any_key_are_answers_or_one_sentence(
    tmp_path: Path, data: st.DataObject
) -> None:
    """Also where whoever changed the file knew how its checksum is made."""
    share = Estimate(
        measure="share", value=0.5, low=0.4, high=0.6, unit="share", method="wilson",
        confidence_level=0.95, n=100, cells=(50, 50),
    )  # fmt: skip
    content = json.loads(answers_text({"share": Released(share, 0, "standard")}))
    del content["checksum"]
    wrong = changed(content, data.draw(st.sampled_from(places(content))), data.draw(JSON))
    file = tmp_path / "answers.json"
    file.write_text(state_text(wrong), "utf-8", "replace")
    try:
        read = read_answers(file)
    except Damaged as damage:
        assert str(damage) == "does not hold what it should"
    else:
        assert all(isinstance(one, Released) for one in read.values())


def test_a_kept_model_tells_no_more_than_its_print() -> None:
    """298 of 300 were complete; of the level's 23 persons six had the outcome."""
    coefficient = Coefficient(
        name="municipality=Ystad", estimate=-0.494296, standard_error=0.442417, low=-1.347074,
        high=0.371564, p_value=0.2714, exponentiated=0.610012, exponentiated_low=0.259999,
        exponentiated_high=1.450012, n=23, cells=(23, 275, 6, 40),
    )  # fmt: skip
    test = TestResult(name="wald", statistic=2.2711, degrees_of_freedom=4, p_value=0.6871, n=300,
                      cells=(300, 46))  # fmt: skip
    fitted = Regression(
        model="cox", coefficients=(coefficient,), ratio="hazard_ratio", method="efron",
        standard_errors="model", confidence_level=0.95, log_likelihood=-200.2114,
        log_likelihood_null=-201.3481, n=298, events=46, cells=(298, 46),
        residual_degrees_of_freedom=297, tests=(test,),
    )  # fmt: skip
    released, _ = released_regression(fitted, rule_for("standard"), with_counts=True)
    text = to_json({"model": Released(released, 0, "standard")})
    assert '"cells": [' not in text
    assert not re.search(r'"n": 23|6, 40|\d\.\d{3,}', text)
    kept = from_json(text)["model"].result
    assert kept.tests[0].n == 298
    assert (kept.coefficients[0].exponentiated, kept.n) == (0.61, 298)
