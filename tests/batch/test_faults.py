"""What goes wrong with one chapter, one report or the disk, and what stands afterwards."""

from __future__ import annotations

import errno
import json
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evalkit.batch import writing
from evalkit.batch.course import Course
from evalkit.batch.events import ChapterDone, Event
from evalkit.batch.run import render
from evalkit.documents.editions.outcomes import Outcome
from evalkit.documents.files import state
from evalkit.statistics.shares.share_counts import whole_count
from tests.support.offline import Offline, WorkerGone, failed
from tests.support.templates import code, template, whole_template, write_project, write_template

# Skatteverket's published test number: stands for whatever must never be told.
PLANTED = "191212121212"
KERNEL = "processen som körde det dog"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two projects of one chapter in Swedish, as HTML."""
    write_template(tmp_path / "nb", "participants", template(code("1")))
    for name in ("a", "b"):
        write_project(tmp_path / name, identity=name)
    return tmp_path


def rendered(folder: Path, **options: Any) -> dict[str, Outcome]:
    outcomes = render(
        [folder / "a", folder / "b"],
        **{
            "output": folder / "out",
            "templates": folder / "nb",
            "formats": ("html",),
            "languages": ["sv"],
            **options,
        },
    )
    return {outcome.project_id: outcome for outcome in outcomes}


def files_under(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_a_chapter_whose_kernel_died_is_run_once_more(offline: Offline, folder: Path) -> None:
    told: list[Event] = []
    offline.runs["a participants (sv)"] = failed(KERNEL, has_died=True)
    offline.on_run = lambda _label: offline.runs.clear() if len(offline.ran) == 2 else None
    assert not any(outcome.failures for outcome in rendered(folder, progress=told.append).values())
    states = [(one.project, one.state) for one in told if isinstance(one, ChapterDone)]
    assert states == [("a", "again"), ("a", "done"), ("b", "done")]


def test_a_chapter_whose_kernel_dies_twice_fails_alone(offline: Offline, folder: Path) -> None:
    offline.runs["a participants (sv)"] = failed(KERNEL, has_died=True)
    outcomes = rendered(folder)
    assert outcomes["a"].failures == (f"participants: {KERNEL}",)
    assert not outcomes["b"].failures
    assert offline.ran == ["a participants (sv)"] * 2 + ["b participants (sv)"]


def test_a_chapter_that_raises_is_not_run_again(offline: Offline, folder: Path) -> None:
    offline.runs["a participants (sv)"] = failed("ValueError in cell 2")
    rendered(folder)
    assert offline.ran == ["a participants (sv)", "b participants (sv)"]


@pytest.mark.parametrize("job", ["a participants (sv)", "report"])
def test_a_job_whose_worker_is_lost_once_is_done_all_the_same(
    offline: Offline, folder: Path, job: str
) -> None:
    offline.executor.losing = [job]
    assert not any(outcome.failures for outcome in rendered(folder).values())


def test_a_worker_lost_between_chapters_and_reports_costs_neither(
    offline: Offline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_write, lost = Course.to_write, [WorkerGone(), WorkerGone()]

    def losing(course: Course) -> list[writing.ReportJob]:
        if lost:
            raise lost.pop()
        return to_write(course)

    monkeypatch.setattr(Course, "to_write", losing)
    assert not any(outcome.failures for outcome in rendered(folder).values())
    assert offline.ran_since() == ["a participants (sv)", "b participants (sv)"]


def test_lines_that_no_worker_wrote_among_its_steps_are_passed_over(
    offline: Offline, folder: Path
) -> None:
    steps = [
        {"chapter": "", "languages": [], "step": "started"},
        {"chapter": "", "languages": ["sv"], "step": "ended"},
        {"chapter": "costs", "languages": ["sv"], "step": "ended"},
        {"chapter": "participants", "languages": ["de"], "step": "again"},
        ["participants"],
    ]

    def forge(_label: str) -> None:
        for file in (folder / "out").glob("*/.work/told.*.jsonl"):
            with file.open("a", encoding="utf-8") as opened:
                opened.writelines(json.dumps(step) + "\n" for step in steps)

    offline.on_run = forge
    told: list[Event] = []
    assert not any(outcome.failures for outcome in rendered(folder, progress=told.append).values())
    states = [(one.chapter, one.state) for one in told if isinstance(one, ChapterDone)]
    assert states == [("participants", "done")] * 2


def test_a_report_whose_worker_is_lost_twice_is_named_and_the_other_written(
    offline: Offline, folder: Path
) -> None:
    offline.executor.losing = ["report", "report"]
    outcomes = rendered(folder)
    assert "avslutades utifrån två gånger" in outcomes["a"].failures[0]
    assert not outcomes["b"].failures


def test_an_error_nobody_foresaw_is_told_by_its_kind_only(
    offline: Offline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise LookupError(PLANTED)

    monkeypatch.setattr(writing, "_document", stumble)
    outcomes = rendered(folder)
    (failure,) = outcomes["a"].failures
    assert re.fullmatch(r"rapporten gick inte att skriva \(LookupError, \w+\.py:\d+\)", failure)
    assert PLANTED.encode() not in b"".join(files_under(folder / "out").values())


def test_a_language_whose_report_could_not_be_written_is_not_linked_to(
    offline: Offline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = writing._document

    def without_english(project: Any, executed: Any, job: writing.ReportJob) -> Any:
        if job.language == "en":
            raise writing._Refused("report.other", kind="KeyError")
        return document(project, executed, job)

    monkeypatch.setattr(writing, "_document", without_english)
    render([folder / "a"], output=folder / "out", templates=folder / "nb", formats=["html"])
    page = (folder / "out/a/report.sv.html").read_text(encoding="utf-8")
    assert "report.en.html" not in page
    monkeypatch.setattr(writing, "_document", document)
    render([folder / "a"], output=folder / "out", templates=folder / "nb", formats=["html"])
    page = (folder / "out/a/report.sv.html").read_text(encoding="utf-8")
    assert "report.en.html" in page


def test_a_whole_run_has_a_limit_and_what_is_done_by_then_is_in_place(
    offline: Offline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = {"now": 100.0}
    monkeypatch.setattr("evalkit.batch.schedule.time.monotonic", lambda: clock["now"])
    offline.on_run = lambda _label: clock.update(now=clock["now"] + 50)
    outcomes = rendered(folder, time_limit_seconds=40)
    assert not outcomes["a"].failures
    assert outcomes["b"].failures == (
        "participants: inte klart inom tidsgränsen 40 sekunder för hela körningen",
    )
    assert (folder / "out/a/report.sv.html").is_file()
    assert json.loads((folder / "out/b/manifest.json").read_bytes())["reports"]["sv"]["chapters"]


FULL = [errno.ENOSPC, errno.EDQUOT, errno.EFBIG]


@pytest.mark.parametrize("number", FULL)
@pytest.mark.parametrize(
    "victim", ["kept", "report.sv.html", "manifest.json", "render.log", "moves.json"]
)
def test_a_full_disk_leaves_the_earlier_report_and_manifest_and_nothing_else(
    offline: Offline, folder: Path, monkeypatch: pytest.MonkeyPatch, victim: str, number: int
) -> None:
    rendered(folder)
    before = files_under(folder / "out/a")
    write_template(folder / "nb", "participants", template(code("2")))
    offline.said = "Något nytt."
    replace_file = Path.write_bytes

    def no_room(file: Path, content: bytes) -> int:
        if "out/a/" in file.as_posix() and victim in file.as_posix():
            replace_file(file, content[: len(content) // 2])
            raise OSError(number, "no room", str(file))
        return replace_file(file, content)

    monkeypatch.setattr(Path, "write_bytes", no_room)
    outcomes = rendered(folder)
    assert "utrymmet är slut" in outcomes["a"].failures[0]
    assert files_under(folder / "out/a") == before
    assert not (folder / "out/a/.work").exists()
    assert "Något nytt." in (folder / "out/b/report.sv.html").read_text(encoding="utf-8")


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="limits of POSIX")
@pytest.mark.slow
def test_files_larger_than_the_system_allows_leave_nothing_half_written(folder: Path) -> None:
    """RLIMIT_FSIZE: the system itself says that a file is too large (EFBIG)."""
    write_template(folder / "nb", "participants", whole_template())
    program = (
        "import resource; from evalkit.cli import main\n"
        "if __name__ == '__main__':\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000)); main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "render", "a", "--notebooks", "nb", "--output", "out",
         "--languages", "sv", "--formats", "html", "--workers", "1"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "utrymmet är slut" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "out/a").exists()


def test_a_portfolio_page_that_cannot_be_written_is_told(
    offline: Offline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_output: Path, *_more: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr("evalkit.batch.portfolio_page.write_portfolio", no_room)
    assert "utrymmet är slut" in rendered(folder)["index.html"].failures[0]


def test_moves_that_a_killed_run_left_are_finished_by_the_next(
    offline: Offline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered(folder)
    write_template(folder / "nb", "participants", template(code("2")))
    offline.said = "Något nytt."
    moved: list[Path] = []
    move = Path.replace

    class Killed(BaseException):
        pass

    def dying(self: Path, target: Path) -> Path:
        if target.name == "report.sv.html" and ".work" not in target.parts:
            raise Killed
        moved.append(target)
        return move(self, target)

    monkeypatch.setattr(Path, "replace", dying)
    with pytest.raises(Killed):
        rendered(folder)
    monkeypatch.setattr(Path, "replace", move)
    outcomes = rendered(folder)
    assert "Något nytt." in (folder / "out/a/report.sv.html").read_text(encoding="utf-8")
    assert outcomes["a"].is_up_to_date
    assert not (folder / "out/a/.work").exists()


@pytest.fixture
def broken_projects(folder: Path) -> Iterator[dict[str, bytes]]:
    yield {
        "empty": b"",
        "binary": bytes(range(256)),
        "tabs": b"id:\tx\n\ty: [",
        "deep": b"[" * 50_000,
        "list": b"- 1\n- 2\n",
        "date": b"id: x\ndata_cut: 2018-13-31\n",
    }


def test_project_files_that_are_none_stop_no_other(
    offline: Offline, folder: Path, broken_projects: dict[str, bytes]
) -> None:
    for name, content in broken_projects.items():
        (folder / name).mkdir()
        (folder / name / "project.yaml").write_bytes(content)
    outcomes = render(
        [*(folder / name / "project.yaml" for name in broken_projects), folder / "a"],
        output=folder / "out", templates=folder / "nb", languages=["sv"], formats=["html"],
    )  # fmt: skip
    failures = {outcome.project_id: outcome.failures for outcome in outcomes}
    assert failures.pop("a") == ()
    assert set(failures) == set(broken_projects)
    assert all(failures.values())


def test_the_log_tells_when_and_how_each_chapter_went_and_no_value(
    offline: Offline, folder: Path
) -> None:
    offline.runs["a participants (sv)"] = failed("ValueError in cell 2", seconds=2.5)
    rendered(folder)
    offline.runs.clear()
    rendered(folder)
    lines = (folder / "out/a/render.log").read_text(encoding="utf-8").splitlines()
    told = [line.split(maxsplit=5)[1:] for line in lines]
    assert told == [
        ["participants", "sv", "2.5", "s", "failed: ValueError in cell 2"],
        ["participants", "sv", "1.5", "s", "done"],
        ["report", "sv", told[2][2], "s", "written"],
    ]


def test_nothing_is_ever_left_of_a_file_that_could_not_be_written_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(file: Path, _content: bytes) -> int:
        file.touch()
        raise OSError(errno.ENOSPC, "no room")

    (tmp_path / "a.txt").write_text("earlier")
    monkeypatch.setattr(Path, "write_bytes", no_room)
    with pytest.raises(state.DiskFull):
        state.write_whole(tmp_path / "a.txt", "new")
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"a.txt": "earlier"}


def test_a_chapter_that_cannot_be_judged_is_told_by_the_line_and_not_by_its_words() -> None:
    with pytest.raises(ValueError, match="whole number") as met:
        whole_count("Kim Exempel", "n")  # type: ignore[arg-type]
    assert re.fullmatch(r"ValueError, share_counts\.py:\d+", writing.kind_of(met.value))
