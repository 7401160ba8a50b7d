"""The benchmark of batches measures whole process trees and writes what it found."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from benchmarks.batch import meter
from benchmarks.batch.contenders import own_notebooks, plain_notebooks
from benchmarks.batch.meter import CommandFailed, metered
from benchmarks.batch.projects import CURVES, chapters_of, compared_curves, compared_plans, light
from benchmarks.batch.write import placed, section, taken

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from benchmarks.batch.__main__ import main

BUSY = "import time\nuntil = time.process_time() + 0.5\nwhile time.process_time() < until: pass"
CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}], check=True)"
HOLDING = "import time; held = bytearray(120_000_000); time.sleep(2.5)"


def found(*, seconds: float, chapters: int, **others: Any) -> dict[str, Any]:
    usual = {"processor_seconds": seconds, "peak_bytes": 2_000_000, "seconds_again": 0.5}
    return {**usual, "seconds": seconds, "chapters": chapters, **others}


@pytest.fixture
def measured() -> dict[str, Any]:
    return {
        "when": {"turns": ["2026-01-01", "0.1", "2.2"]},
        "machine": "a machine",
        "versions": "evalkit 0.1.0",
        "turns": [
            found(seconds=4, chapters=2, key="evalkit", label="evalkit"),
            found(seconds=14, chapters=2, key="plain-1", label="plain"),
            found(seconds=10, chapters=2, key="own-1", label="own"),
        ],
        "many": found(seconds=100, chapters=100, projects=20),
        "growth": [
            found(seconds=100, chapters=100, projects=100),
            found(seconds=1300, chapters=1000, projects=1000),
        ],
    }


def test_processor_seconds_of_a_child_are_counted(tmp_path: Path) -> None:
    cost = metered([sys.executable, "-c", CHILD], folder=tmp_path)
    # Half a second of work, two starts of Python, and half a look for each of the two: looks are
    # 0.1 s apart, but on a busy machine up to as long as it all takes.
    assert 0.45 < cost.processor_seconds < 1.0 + cost.seconds
    assert cost.seconds >= 0.5


def test_memory_held_in_the_middle_of_a_run_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # At every look, which on a busy machine are far apart.
    monkeypatch.setattr(meter, "LOOKS_PER_WEIGHING", 1)
    cost = metered([sys.executable, "-c", HOLDING], folder=tmp_path)
    assert cost.peak_bytes > 100_000_000


def test_a_command_that_fails_is_no_time(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="no such register"):
        metered([sys.executable, "-c", "raise SystemExit('no such register')"], folder=tmp_path)


def test_ratios_are_times_per_chapter_against_the_batch(measured: dict[str, Any]) -> None:
    text = section(measured)
    # 14 s for 2 chapters against 100 s for 100: 7 times; 10 s for 2: 5 times.
    assert "7.0× by the clock, 7.0× in processor seconds | reached |" in text
    assert "5.0× by the clock, 5.0× in processor seconds | **not reached** |" in text


def test_growth_beyond_a_fifth_per_project_is_not_called_linear(measured: dict[str, Any]) -> None:
    assert "1,000 against 100 | ≤ 1.2 | 1.30 | **not reached** |" in section(measured)


def test_a_machine_that_others_kept_busy_is_said_to_have_been_shared(
    measured: dict[str, Any],
) -> None:
    assert "shared with other work" not in section(measured)
    when = {"many": ["2026-01-02", "9.5", "3.0"]}
    assert "shared with other work" in section(measured | {"when": when})
    assert "many projects on 2026-01-02 (load 9.5 before" in section(measured | {"when": when})


def test_a_whole_project_above_half_a_usual_chapter_misses_its_goal(
    measured: dict[str, Any],
) -> None:
    measured["project"] = {"rounds": 5, "whole": 12.0, "chapter": 10.0}
    assert "| ≤ 0.5× | 1.20× (12.0 s, 10.0 s) | **not reached** |" in section(measured)


def test_a_ratio_by_the_clock_alone_reaches_no_goal(measured: dict[str, Any]) -> None:
    # 7 times by the clock, but 14 s of waiting for 4 s of work: twice in processor seconds.
    measured["turns"][1]["processor_seconds"] = 4
    text = section(measured)
    assert "7.0× by the clock, 2.0× in processor seconds | **not reached** |" in text


def test_no_place_is_left_unfilled_and_parts_that_were_not_run_say_so(
    measured: dict[str, Any],
) -> None:
    assert "${" not in section(measured)
    nothing = {name: measured[name] for name in ("when", "machine", "versions")}
    assert section(nothing).count("Not run.") == 2
    assert "Not measured." in section(nothing)


def test_only_the_section_between_its_marks_is_replaced() -> None:
    before = "a\n<!-- batch -->\n\nold\n\n<!-- /batch -->\nb\n"
    after = placed(before, "new\n")
    assert after == "a\n<!-- batch -->\n\nnew\n\n<!-- /batch -->\nb\n"
    assert taken(after) == "new"
    assert taken("nothing here") == ""


def test_compared_projects_have_a_csv_register_of_fifty_persons_or_more() -> None:
    plans = compared_plans(4)
    assert len(plans) == 4
    assert all(one.n >= 50 and one.register == "deltagare.csv" for one in plans)


def test_light_projects_keep_one_chapter(tmp_path: Path) -> None:
    batch = light(tmp_path, 3)
    assert batch.chapters == len(batch.files) == 3
    assert all(chapters_of(file) == [CURVES] for file in batch.files)


def test_every_chapter_of_every_project_is_a_job_of_two_commands(tmp_path: Path) -> None:
    plans = compared_plans(2)
    batch = compared_curves(tmp_path / "projects", plans)
    for contender in (plain_notebooks(plans, batch, at_once=2), own_notebooks(batch, at_once=1)):
        assert contender.chapters == 2
        listed = Path(contender.command(tmp_path)[-1]).read_text(encoding="utf-8")
        assert listed.count("papermill") == listed.count("nbconvert") == 2


@pytest.mark.slow
def test_a_small_run_measures_and_writes_its_section(tmp_path: Path) -> None:
    output = tmp_path / "BENCHMARKS.md"
    output.write_text("<!-- batch -->\n<!-- /batch -->\n", encoding="utf-8")
    files = ["--measured", str(tmp_path / "measured.json"), "--output", str(output)]
    main(["--parts", "many", "growth", "--projects", "1", "--sizes", "1", "2", *files])
    text = output.read_text(encoding="utf-8")
    assert "second run with nothing changed, 1 projects" in text
    assert "| 2 | " in text
