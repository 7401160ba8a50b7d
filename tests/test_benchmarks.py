"""The benchmarks run and say what they measured; how fast anything is, no test asserts."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of libraries, on their first import
    from benchmarks.__main__ import main
    from benchmarks.contenders import TASKS
    from benchmarks.goals import Verdict
    from benchmarks.measure import expected_seconds


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> str:
    written: Path = tmp_path_factory.mktemp("benchmarks") / "BENCHMARKS.md"
    # Without patience only the first size has peers, the second the package alone.
    sizes = ["--sizes", "200", "1e3", "--rounds", "1"]
    main([*sizes, "--patience", "0", "--without-r", "--output", str(written)])
    return written.read_text(encoding="utf-8")


def test_every_estimate_has_a_table_with_the_package_first(document: str) -> None:
    for title in TASKS.values():
        table = document.split(f"| {title} | 200 | 10^3 |")[1]
        assert table.split("\n")[2].startswith("| evalkit |")


def test_what_was_not_run_is_listed_with_its_reason(document: str) -> None:
    assert "s expected" in document.split("## Not run")[1]


def test_no_place_of_the_frame_is_left_unfilled(document: str) -> None:
    assert "${" not in document
    assert "nan" not in document.lower().split("## times as long as evalkit")[1]


def test_time_at_the_next_size_is_foretold_from_the_last_in_proportion_to_the_rows() -> None:
    assert expected_seconds([(1_000, 9.0), (10_000, 1.0)], 100_000) == pytest.approx(10)
    assert expected_seconds([], 100_000) == 0


def test_a_goal_that_was_missed_is_called_so() -> None:
    missed = Verdict(task="cox", n=10**6, against="R survival", asked=5, reached=4.9)

    assert missed.word == "**not reached**"
