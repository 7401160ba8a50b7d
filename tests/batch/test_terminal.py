"""What a reader of the terminal, of a log and of JSON is told, and nothing folded or quoted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from evalkit.batch import terminal
from evalkit.batch.events import (
    ChapterDone,
    Event,
    Finished,
    Planned,
    ReportDone,
    Started,
)
from evalkit.batch.terminal import show_outcomes, showing_progress
from evalkit.documents.editions.outcomes import Outcome
from evalkit.language import Texts

LONG = "samordnad-etablering-och-arbetsmarknad-i-sydostra-skane"
EVENTS: list[Event] = [
    Planned(projects=2, chapters=2, reports=1, up_to_date=1),
    Started(project=LONG, chapter="costs", languages=("sv", "en")),
    ChapterDone(
        project=LONG, chapter="costs", languages=("sv", "en"), state="again", seconds=1, total=2,
    ),
    ChapterDone(
        project=LONG, chapter="costs", languages=("sv", "en"), state="done", seconds=1.26, done=1,
        total=2,
    ),
    ChapterDone(
        project=LONG, chapter="participants", languages=("sv",), state="failed", seconds=0,
        sentence="took longer than 3 seconds", done=2, total=2,
    ),
    Started(project=LONG, chapter="", languages=("sv",)),
    ReportDone(project=LONG, language="sv", state="failed", sentences=("costs: [no] such",)),
    ReportDone(project="b", language="en", state="rendered", file=Path("reports/b/report.en.html")),
    Finished(rendered=1, up_to_date=0, failed=1, seconds=2.04),
]  # fmt: skip


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS"):
        monkeypatch.delenv(name, raising=False)


def outcomes_of(folder: Path, n: int, **options: bool) -> list[Outcome]:
    file = (folder / LONG / "report.sv.html").resolve()
    return [Outcome(project_id=LONG, language="sv", file=file, **options) for _ in range(n)]


def test_a_folder_named_from_where_one_stands_is_told_as_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path("reports/portfolio.sv.html")

    for made in (file, tmp_path / file):
        one = Outcome(project_id="portfolio", language="sv", file=made)
        show_outcomes([one], Path("reports"), language="sv")
        told = capsys.readouterr().out
        assert str(file) in told
        assert str(tmp_path) not in told


def test_a_path_is_never_folded_however_narrow_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    show_outcomes(outcomes_of(tmp_path, 1), tmp_path)
    assert f"{tmp_path}/{LONG}/report.sv.html" in capsys.readouterr().out


def test_of_very_many_reports_those_left_alone_are_counted_and_not_listed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    show_outcomes(outcomes_of(tmp_path, 40, is_up_to_date=True), tmp_path)
    told = capsys.readouterr().out
    assert told == f"0 of 40 reports rendered, 40 up to date; start at {tmp_path}/index.html\n"


def test_lines_tell_of_each_chapter_once_it_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    with showing_progress() as tell:
        for event in EVENTS:
            tell(event)
    assert capsys.readouterr().err.splitlines() == [
        f"0/2 {LONG} costs (sv, en): the process that ran it died; it is run once more",
        f"1/2 {LONG} costs (sv, en): 1.3 s",
        f"2/2 {LONG} participants (sv): took longer than 3 seconds",
    ]


def test_json_is_one_object_a_line_named_by_its_event(capsys: pytest.CaptureFixture[str]) -> None:
    with showing_progress(as_json=True) as tell:
        for event in EVENTS:
            tell(event)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["event"] for one in told] == [
        "planned", "started", "chapter", "chapter", "chapter", "started", "report", "report",
        "finished",
    ]  # fmt: skip
    assert told[0] == {
        "event": "planned", "projects": 2, "chapters": 2, "reports": 1, "up_to_date": 1
    }  # fmt: skip
    assert told[3]["seconds"] == 1.3
    assert told[6]["sentences"] == ["costs: [no] such"]
    assert told[7]["file"] == "reports/b/report.en.html"


def test_bars_show_what_runs_now_and_failures_as_they_happen() -> None:
    console = Console(force_terminal=True, width=120, record=True, highlight=False)
    with terminal._Bars(console, Texts("en")) as bars:
        for event in EVENTS[:2]:
            bars.tell(event)
        assert list(bars._lines) == [f"{LONG} costs (sv, en)"]
        for event in EVENTS[2:]:
            bars.tell(event)
        assert not bars._lines
    told = console.export_text()
    assert "took longer than 3 seconds" in told
    assert "costs: [no] such" in told
