"""What is up to date is left alone; what changed is made anew, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evalkit.batch import planner, writing
from evalkit.batch import run as batch
from evalkit.batch.events import ChapterDone, Started
from evalkit.batch.run import render
from evalkit.documents.editions.outcomes import Outcome
from tests.support.offline import Offline, WorkerGone, failed
from tests.support.templates import code, template, write_project, write_template

Rendering = Callable[..., tuple[Outcome, ...]]
CHAPTERS = ("participants", "costs")
# A chapter runs once for all languages, in the first of them.
ALL = [f"exempel {name} (sv)" for name in ("costs", "participants")]


@pytest.fixture
def again(tmp_path: Path, offline: Offline) -> Rendering:
    """Render one project of two chapters and two languages, once already, as HTML."""
    for name in CHAPTERS:
        write_template(tmp_path / "nb", name, template(code("1")))
    write_project(tmp_path / "p", chapters=CHAPTERS)

    def rendering(**options: Any) -> tuple[Outcome, ...]:
        chosen = {"output": tmp_path / "out", "templates": tmp_path / "nb", "formats": ("html",)}
        return render([tmp_path / "p"], **{**chosen, **options})

    rendering()
    assert offline.ran_since() == ALL
    return rendering


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name not in ("manifest.json", "render.log")
    }


def test_a_second_run_with_nothing_changed_runs_and_writes_nothing(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
) -> None:
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "out").rglob("*")}
    outcomes = again()
    assert offline.ran_since() == []
    assert all(outcome.is_up_to_date for outcome in outcomes)
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "out").rglob("*")} == before


def test_force_runs_everything(again: Rendering, offline: Offline) -> None:
    assert not any(outcome.is_up_to_date for outcome in again(is_forced=True))
    assert offline.ran_since() == ALL


def test_a_chapter_whose_template_changed_has_the_whole_project_asked_again(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
) -> None:
    write_template(tmp_path / "nb", "costs", template(code("2")))
    offline.said = "Nytt."
    again()
    assert offline.ran_since() == ALL  # what a project prints is judged together
    page = (tmp_path / "out/exempel/report.sv.html").read_text(encoding="utf-8")
    assert "Nytt." in page


def test_a_project_that_gets_an_interpretation_of_its_own_is_asked_again(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
) -> None:
    write_template(tmp_path / "p/notebooks", "costs", template(code("3")))
    again()
    assert offline.ran_since() == ALL
    (tmp_path / "p/notebooks/costs.ipynb").unlink()
    again()
    assert offline.ran_since() == ALL


def test_a_changed_project_file_runs_everything(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
) -> None:
    file = tmp_path / "p/project.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "\n# a comment\n", encoding="utf-8")
    again()
    assert offline.ran_since() == ALL


def test_a_changed_register_runs_everything(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
) -> None:
    file = tmp_path / "p/project.yaml"
    with file.open("a", encoding="utf-8") as text:
        text.write("registers: [{file: r.csv}]\n")
    register = tmp_path / "p/r.csv"
    register.write_text("Löpnr;Kön;Startdatum\n1;K;2018-01-01\n", encoding="utf-8")
    again()
    assert offline.ran_since() == ALL
    register.write_text("Löpnr;Kön;Startdatum\n1;M;2018-01-01\n", encoding="utf-8")
    again()
    assert offline.ran_since() == ALL
    again()
    assert offline.ran_since() == []


def test_another_version_of_the_code_runs_everything(
    again: Rendering,
    offline: Offline,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (planner, sys.modules["evalkit.documents.files.fingerprints"]):
        monkeypatch.setattr(module, "code_fingerprint", lambda: "another")
    again()
    assert offline.ran_since() == ALL


def test_another_format_is_written_without_running_a_chapter(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
) -> None:
    again(formats=("html", "xlsx"))
    assert offline.ran_since() == []
    folder = tmp_path / "out/exempel"
    assert (folder / "tables.sv.xlsx").is_file()
    again(formats=("xlsx",))
    assert offline.ran_since() == []
    assert not (folder / "report.sv.html").exists()


def test_an_appendix_borrows_the_chapters_of_the_report(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
) -> None:
    again(appendix_of=("costs",))
    assert offline.ran_since() == []
    assert (tmp_path / "out/exempel/appendix.sv.html").is_file()
    assert all(outcome.is_up_to_date for outcome in again(appendix_of=("costs",)))
    assert all(outcome.is_up_to_date for outcome in again())


def test_one_language_does_not_make_the_other_stale(
    again: Rendering,
    offline: Offline,
) -> None:
    (outcome,) = again(languages=("en",))
    assert outcome.is_up_to_date
    assert all(outcome.is_up_to_date for outcome in again())


def test_a_moved_output_folder_is_still_up_to_date(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
) -> None:
    (tmp_path / "out").rename(tmp_path / "elsewhere")
    assert all(one.is_up_to_date for one in again(output=tmp_path / "elsewhere"))
    assert offline.ran_since() == []


def test_a_moved_project_is_still_up_to_date(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
) -> None:
    shutil.move(tmp_path / "p", tmp_path / "q")
    outcomes = render(
        [tmp_path / "q"], output=tmp_path / "out", templates=tmp_path / "nb", formats=("html",)
    )
    assert all(outcome.is_up_to_date for outcome in outcomes)


@pytest.mark.parametrize("name", ["report.sv.html", "chapters/costs.sv.ipynb"])
@pytest.mark.parametrize("damage", ["gone", "edited"])
def test_a_file_that_is_gone_or_edited_is_made_anew(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
    name: str,
    damage: str,
) -> None:
    before = contents(tmp_path / "out/exempel")
    file = tmp_path / "out/exempel" / name
    file.unlink() if damage == "gone" else file.write_bytes(b"{}")
    states = {outcome.language: outcome.is_up_to_date for outcome in again()}
    assert states == {"sv": False, "en": True}
    assert offline.ran_since() == (ALL if "costs" in name else [])
    assert contents(tmp_path / "out/exempel") == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b'{"reports": []}',
        b'{"reports": {"sv": 7}, "asks": 1}',
        b'{"reports": {}, "code": "x"}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_manifest_that_cannot_be_read_is_as_none(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
    content: bytes,
) -> None:
    manifest = tmp_path / "out/exempel/manifest.json"
    manifest.write_bytes(content)
    assert not any(outcome.failures for outcome in again())
    assert json.loads(manifest.read_bytes())["id"] == "exempel"


def test_a_manifest_of_another_shape_that_claims_this_code_is_as_none(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
) -> None:
    manifest = tmp_path / "out/exempel/manifest.json"
    content = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps({**content, "asks": 1, "reports": {"sv": {"status": []}}}))
    assert not any(outcome.failures for outcome in again())


def test_a_failed_report_is_tried_again_and_leaves_the_earlier_one(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
) -> None:
    write_template(tmp_path / "nb", "participants", template(code("4")))
    write_template(tmp_path / "nb", "costs", template(code("4")))
    before = contents(tmp_path / "out/exempel")
    offline.runs["exempel costs (sv)"] = failed("ValueError in cell 2")
    for _ in range(2):  # what a project prints is judged together: the other chapter runs, too
        states = {outcome.language: outcome.failures for outcome in again()}
        assert states == dict.fromkeys(("sv", "en"), ("costs: ValueError in cell 2",))
        after = contents(tmp_path / "out/exempel")
        assert after["report.sv.html"] == before["report.sv.html"]
        assert offline.ran_since() == ALL
    offline.runs.clear()
    assert not any(outcome.failures for outcome in again())
    assert offline.ran_since() == ALL
    assert not (tmp_path / "out/exempel/.work").exists()


def test_a_template_put_back_after_a_failure_needs_no_chapter_at_all(
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
) -> None:
    good = (tmp_path / "nb/costs.ipynb").read_bytes()
    write_template(tmp_path / "nb", "costs", template(code("5")))
    offline.runs = {label: failed("NameError in cell 2") for label in ALL if "costs" in label}
    assert all(outcome.failures for outcome in again())
    (tmp_path / "nb/costs.ipynb").write_bytes(good)
    offline.ran_since()
    assert not any(outcome.failures for outcome in again())
    assert offline.ran_since() == []


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interrupted_run_is_made_whole_by_the_next(
    name: str,
    again: Rendering,
    offline: Offline,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = getattr(batch.signal, name, batch.signal.SIGINT)
    for chapter in CHAPTERS:
        write_template(tmp_path / "nb", chapter, template(code("6")))

    def interrupt(label: str) -> None:
        if label == "exempel participants (sv)":
            for _ in range(2):  # whoever is impatient presses twice
                batch.signal.raise_signal(number)
            raise WorkerGone

    offline.on_run = interrupt
    with pytest.raises(batch.Interrupted, match="0 of 1 projects are finished"):
        again()
    assert offline.executor.closed_at_once is True
    interrupted = offline.ran_since()
    assert "exempel participants (sv)" in interrupted
    offline.on_run = lambda _label: None
    assert not any(outcome.failures for outcome in again())
    assert offline.ran_since() == ALL
    assert not (tmp_path / "out/exempel/.work").exists()


def test_who_asked_not_to_hear_of_a_closed_terminal_does_not(
    again: Rendering, offline: Offline, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangup = getattr(batch.signal, "SIGHUP", None)
    if hangup is None:
        pytest.skip("this system has no such signal")
    before = batch.signal.signal(hangup, batch.signal.SIG_IGN)  # nohup
    try:
        offline.on_run = lambda _label: batch.signal.raise_signal(hangup)
        assert not any(outcome.failures for outcome in again(is_forced=True))
    finally:
        batch.signal.signal(hangup, before)


@pytest.mark.parametrize("name", ["p/project.yaml", "nb/participants.ipynb"])
def test_files_changed_while_a_chapter_runs_make_it_fail(
    again: Rendering, offline: Offline, tmp_path: Path, name: str
) -> None:
    def edit(_label: str) -> None:
        with (tmp_path / name).open("a", encoding="utf-8") as text:
            text.write("\n" if name.endswith("ipynb") else "# edited\n")

    offline.on_run = edit
    outcomes = again(is_forced=True)
    assert "ändrades medan" in outcomes[0].failures[0]


def test_a_run_that_finds_nothing_changed_opens_nothing_heavy(
    again: Rendering, tmp_path: Path
) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom evalkit.batch.run import render\n"
        f"root = Path({str(tmp_path)!r})\n"
        "done = render([root / 'p'], output=root / 'out', templates=root / 'nb',"
        " formats=('html',))\n"
        "assert all(one.is_up_to_date for one in done)\n"
        "heavy = {'pandas', 'numpy', 'papermill', 'matplotlib', 'jinja2', 'yaml'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_chapter_in_two_languages_is_counted_and_told_of_once(
    again: Rendering, offline: Offline
) -> None:
    told: list[Any] = []
    again(is_forced=True, progress=told.append)
    assert told[0].chapters == 2
    started = [(one.chapter, one.languages) for one in told if isinstance(one, Started)]
    assert started[:2] == [(name, ("sv", "en")) for name in CHAPTERS]
    steps = [one for one in told if isinstance(one, ChapterDone)]
    assert [(one.chapter, one.languages, one.done, one.total) for one in steps] == [
        (name, ("sv", "en"), number, 2) for number, name in enumerate(CHAPTERS, start=1)
    ]
    # As long as the chapter ran, not once more for each language.
    assert [one.seconds for one in steps] == [1.5, 1.5]


def test_a_chapter_that_cost_two_workers_fails_in_both_languages(
    again: Rendering, offline: Offline
) -> None:
    told: list[Any] = []
    offline.executor.losing = ["exempel participants (sv)"] * 2
    outcomes = again(is_forced=True, progress=told.append)
    assert [len(one.failures) for one in outcomes] == [1, 1]
    assert all("avslutades utifrån två gånger" in one.failures[0] for one in outcomes)
    steps = [one for one in told if isinstance(one, ChapterDone)]
    assert [(one.chapter, one.state, one.done) for one in steps] == [
        ("participants", "again", 0), ("participants", "failed", 1), ("costs", "done", 2),
    ]  # fmt: skip
    assert {one.languages for one in steps} == {("sv", "en")}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_was_run_for_two_languages_is_of_use_to_one_of_them(
    again: Rendering, offline: Offline, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def stumbling(*_: Any) -> None:
        raise writing._Refused("chapter.said", said="the report could not be put together")

    offline.said = "Nytt."
    with monkeypatch.context() as patched:
        patched.setattr(writing, "_document", stumbling)
        assert all(outcome.failures for outcome in again(is_forced=True))
    offline.ran_since()
    for wanted in (language, {"sv": "en", "en": "sv"}[language]):  # the other is kept for later
        (outcome,) = again(languages=[wanted])
        assert outcome.file is not None
        assert "Nytt." in outcome.file.read_text("utf-8")
        assert offline.ran_since() == []
