"""Every oracle case is compared by some test, or left out here with its reason."""

from __future__ import annotations

import importlib
from pathlib import Path

import pandas as pd
import pytest

from evalkit.results import CannotBeComputed
from tests.oracles_support import ASKED_FOR, COMMITTED, REMOVED, Case, cases_in

# Topic, or topic and case, → why no test compares it.
LEFT_OUT = {
    "aft": REMOVED + " (lifelines' parametric models)",
    "prop_exact": REMOVED + " (scipy's Barnard and Boschloo tests)",
}
TESTS = Path(__file__).parent


def test_no_case_is_compared_with_nothing_in_silence() -> None:
    for file in TESTS.rglob("test_*.py"):
        if "import" in (text := file.read_text("utf-8")) and " cases(" in text:
            importlib.import_module(".".join(file.relative_to(TESTS.parent).with_suffix("").parts))
    left_out = {
        (case.topic, case.id)
        for case in cases_in(COMMITTED)
        if case.topic in LEFT_OUT or f"{case.topic} {case.id}" in LEFT_OUT
    }
    every = {(case.topic, case.id) for case in cases_in(COMMITTED)}
    assert ASKED_FOR | left_out >= every
    assert not ASKED_FOR & left_out


def made_up(tmp_path: Path, spec: dict[str, object], expected: object, notes: str = "") -> Case:
    pd.DataFrame(
        {"sex": ["m", "f", "f", "m"], "y": [1.0, 2.0, 4.0, None], "days": [0, 3, 5, 7]}
    ).to_csv(tmp_path / "made.csv", index=False)
    return Case("made", "km", tmp_path, "made.csv", spec, expected, 1e-6, 1e-9, notes=notes)


def test_a_recipe_named_beside_complete_cases_makes_its_column(tmp_path: Path) -> None:
    spec = {"derive": "male; complete cases", "time": "days", "covariates": ["male", "y"]}
    frame = made_up(tmp_path, spec, {}).frame()
    assert frame["male"].tolist() == [1, 0, 0]


def test_rows_that_a_note_drops_first_are_dropped(tmp_path: Path) -> None:
    case = made_up(tmp_path, {"time": "days"}, {}, notes="rows with days 0 dropped first")
    assert case.frame()["days"].tolist() == [3, 5, 7]
    case = made_up(tmp_path, {"time": "days"}, {}, notes="missing y dropped first")
    assert len(case.frame()) == 3


def test_a_refusal_is_listed_and_never_passes_for_a_comparison(tmp_path: Path) -> None:
    case = made_up(tmp_path, {}, {"chisq": 3.8})
    with pytest.raises(pytest.skip.Exception, match="one_group"):
        case.refused(CannotBeComputed("one_group"))
    case.without_counterpart("chisq", "a reason")
    with pytest.raises(pytest.skip.Exception, match="nothing compared"):
        case.finish()
    with pytest.raises(AssertionError, match="never compared"):
        made_up(tmp_path, {}, {"chisq": 3.8, "p": 0.05}).finish()
