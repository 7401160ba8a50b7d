"""Sixty projects of which every fourth is sick, stopped twice on the way: nothing sound is lost.

One story told by the real command line. Before it, three projects have a report; then their
chapters, and those of others, are made to fail. The run is stopped by Ctrl-C, started again,
killed with SIGKILL, and started once more with the same command.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from evalkit.documents.files.lock import LOCK
from evalkit.documents.files.provenance import digest
from tests.batch.drill import (
    CHAPTER_LIMIT_SECONDS,
    CODE_FAULTS,
    FILE_FAULTS,
    FILE_LIMIT_BYTES,
    write_corrupt,
    write_counting_template,
    write_faulty,
    write_real,
    write_sound,
)
from tests.support.waiting import PATIENCE_SECONDS

# One worker of the test run tells the whole story: `--dist loadgroup`.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("fault drill")]

# A file that grows beyond the limit cannot be written: errno EFBIG, where a full disk has ENOSPC.
_PROGRAM = f"""
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({FILE_LIMIT_BYTES}, {FILE_LIMIT_BYTES}))
from evalkit.cli import main
main()
"""
EVALKIT = (sys.executable, "-c", _PROGRAM)
WORKERS = 3
PROJECTS = 60
REAL = ("a-real", "z-real")
SOUND = tuple(
    f"{'a' if number < 28 else 'z'}{number:02}"
    for number in range(PROJECTS - len(REAL) - len(CODE_FAULTS) - len(FILE_FAULTS))
)
FAULTS = {f"m-{name}": fault for name, fault in {**CODE_FAULTS, **FILE_FAULTS}.items()}
# These have a report before they fall ill.
EARLIER = ("m-kills-its-kernel", "m-kills-its-worker", "m-too-large")
# Chapters that are finished before the run is stopped.
UNTIL_INTERRUPTED, UNTIL_KILLED = 8, 8
# Of the runs of the story: earlier reports, interrupted, killed, and the one that ends it.
LAST = 3
# Bounds a hang and nothing else.
_PATIENCE_SECONDS = 1800


@dataclass
class Run:
    """One command: its events, what it said besides, and how it ended."""

    events: list[dict[str, Any]]
    said: str
    code: int

    def chapters(self, *states: str) -> Counter[tuple[str, str]]:
        return Counter(
            (one["project"], language)
            for one in self.events
            if one["event"] == "chapter" and one["state"] in states
            for language in one["languages"]
        )

    def failures(self) -> dict[str, list[str]]:
        return {
            one["project"]: one["sentences"]
            for one in self.events
            if one["event"] == "report" and one["state"] == "failed"
        }


@dataclass
class Drill:
    """The folders of the story, and a mark that every process of it carries."""

    folder: Path
    runs: list[Run] = field(default_factory=list)
    left: dict[int, list[str]] = field(default_factory=dict)
    earlier: dict[str, bytes] = field(default_factory=dict)

    @property
    def output(self) -> Path:
        return self.folder / "reports"

    @property
    def environment(self) -> dict[str, str]:
        (self.folder / "tmp").mkdir(exist_ok=True)
        mark, temporary = str(self.folder), str(self.folder / "tmp")
        return {**os.environ, "LC_ALL": "sv_SE.UTF-8", "EVALKIT_DRILL": mark, "TMPDIR": temporary}

    def command(self, *projects: str, output: Path, options: tuple[str, ...] = ()) -> list[str]:
        return [
            *(*EVALKIT, "render", "--json", "--formats=html", f"--output={output}"),
            *(f"--projects={self.folder / 'projects'}", f"--notebooks={self.folder / 'nb'}"),
            *(f"--chapter-limit={CHAPTER_LIMIT_SECONDS}", *options),
            *(projects or ("--all",)),
        ]

    def run(
        self,
        *projects: str,
        output: Path | None = None,
        options: tuple[str, ...] = (f"--workers={WORKERS}",),
        stop: int | None = None,
        after: int = 0,
    ) -> Run:
        """Run the command; send it the signal once so many chapters are finished."""
        # Files, not pipes: a process left behind would hold a pipe open for ever.
        told, said = self.folder / "told", self.folder / "said"
        command = subprocess.Popen(
            self.command(*projects, output=output or self.output, options=options),
            env=self.environment,
            stdout=told.open("wb"),
            stderr=said.open("wb"),
            start_new_session=True,
        )
        is_stopped = False
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while command.poll() is None:
            if time.monotonic() > deadline:
                command.kill()
                raise AssertionError("the command did not come to an end")
            time.sleep(0.05)
            if stop and not is_stopped and told.read_text().count('"state": "done"') >= after:
                is_stopped = True
                # Ctrl-C reaches every process of the terminal; SIGKILL only the one it is for.
                (os.killpg if stop == signal.SIGINT else os.kill)(command.pid, stop)
        whole = [line for line in told.read_text().splitlines(keepends=True) if line[-1] == "\n"]
        done = Run([json.loads(line) for line in whole], said.read_text(), command.wait())
        self.left[len(self.runs)] = self.left_behind(is_killed=done.code == -signal.SIGKILL)
        self.runs.append(done)
        return done

    def left_behind(self, *, is_killed: bool) -> list[str]:
        """Processes, temporary files and half files that stay.

        Who is killed as it writes leaves half a file; no later run may leave it there.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            half = () if is_killed else self._half_files()
            found = [*_processes(str(self.folder)), *_names_under(self.folder / "tmp"), *half]
            if not found or time.monotonic() > deadline:
                return found
            time.sleep(0.1)

    def _half_files(self) -> Iterator[str]:
        for name in _names_under(self.output):
            file = Path(name).name
            # A run that is killed leaves the file of its lock, empty and nobody's.
            if file != LOCK and (file.startswith(".") or file.endswith(".tmp")):
                yield name

    def reports(self, project: str, output: Path | None = None) -> dict[str, str]:
        """The files of a report; the digest of its own project file, which it prints, levelled."""
        folder = (output or self.output) / project
        own = digest(self.folder / "projects" / project / "project.yaml")[:16]
        return {
            str(file.relative_to(folder)): file.read_text("utf-8").replace(own, "digest")
            for file in folder.rglob("*")
            if file.suffix in (".html", ".ipynb")
        }

    def times_run(self, project: str) -> int:
        file = self.folder / "projects" / project / "runs"
        return len(file.read_text().split()) if file.is_file() else 0


@pytest.fixture(scope="module")
def drill(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Drill:
    story = Drill(tmp_path_factory.mktemp("drill"))
    _write_projects(story.folder, sample_folder)
    story.run(*EARLIER)
    for name in EARLIER:
        story.earlier.update(_files(story.output / name))
        (story.folder / "projects" / name / "runs").unlink()
    for name in [*CODE_FAULTS, "no-notebook"]:
        write_faulty(story.folder / "projects", f"m-{name}", fault=name)
    story.run(stop=signal.SIGINT, after=UNTIL_INTERRUPTED)
    story.run(stop=signal.SIGKILL, after=UNTIL_KILLED)
    story.run()
    return story


def _write_projects(folder: Path, sample_folder: Path) -> None:
    sample = sample_folder / "arena-for-arbete"
    projects = folder / "projects"
    write_counting_template(folder / "nb")
    shutil.copy(sample_folder.parents[1] / "notebooks" / "data_quality.ipynb", folder / "nb")
    for name in [*SOUND, *(f"m-{name}" for name in [*CODE_FAULTS, "no-notebook"])]:
        write_sound(projects, name)
    for name in REAL:
        write_real(projects, name, sample)
    for name in FILE_FAULTS:
        if name != "no-notebook":
            write_corrupt(projects, f"m-{name}", sample, fault=name)


def _files(folder: Path) -> dict[str, bytes]:
    return {
        f"{folder.name}/{file.relative_to(folder)}": file.read_bytes()
        for file in folder.rglob("*")
        if file.suffix in (".html", ".ipynb")
    }


def _names_under(folder: Path) -> Iterator[str]:
    """Files, also while folders are being removed: what goes meanwhile is passed over."""
    for inside, _, names in os.walk(folder):
        yield from (f"{inside}/{name}" for name in names)


def _processes(mark: str) -> Iterator[str]:
    for process in psutil.process_iter():
        try:
            carries = process.environ().get("EVALKIT_DRILL") == mark
            if carries and process.status() != psutil.STATUS_ZOMBIE:
                yield f"process {process.pid}: {' '.join(process.cmdline()[-3:])}"
        except psutil.Error:
            continue


def test_ctrl_c_ends_the_run_and_says_how_to_go_on(drill: Drill) -> None:
    interrupted = drill.runs[1]
    assert interrupted.code == 130
    assert interrupted.events[-1]["event"] == "finished"
    assert interrupted.events[-1]["interrupted"] is True
    assert re.fullmatch(
        r"(evalkit: )?avbrutet: \d+ av 60 projekt är klara och på plats; "
        r"samma kommando fortsätter med de andra\n",
        interrupted.said,
    )


def test_no_process_and_no_temporary_file_outlives_a_run_however_it_ends(drill: Drill) -> None:
    assert [run.code for run in drill.runs[: LAST + 1]] == [0, 130, -signal.SIGKILL, 1]
    assert drill.left == {number: [] for number in range(len(drill.runs))}


def test_what_was_finished_before_the_run_was_stopped_is_not_run_again(drill: Drill) -> None:
    _, interrupted, killed, last = drill.runs[: LAST + 1]
    finished = [set(run.chapters("done")) for run in (interrupted, killed, last)]
    # A chapter that was finished while the signal came may not have been told of.
    assert sum(map(len, finished)) == len(set.union(*finished))
    times = {name: drill.times_run(name) for name in SOUND}
    again = sum(number - 1 for number in times.values())
    assert min(times.values()) == 1  # once for both languages
    assert again <= 2 * WORKERS


def test_every_sound_report_is_there_and_the_same_as_one_rendered_alone(drill: Drill) -> None:
    alone = drill.folder / "alone"
    drill.run("a00", "a-real", output=alone, options=("--workers=1",))
    small, real = drill.reports("a00", alone), drill.reports("a-real", alone)
    assert {"report.sv.html", "report.en.html"} < set(small)
    unlike = [name for name in SOUND if drill.reports(name) != small]
    unlike += [name for name in REAL if drill.reports(name) != real]
    assert unlike == []


def test_every_fault_is_told_in_one_sentence_with_its_project(drill: Drill) -> None:
    failures = drill.runs[LAST].failures()
    assert set(failures) == set(FAULTS)
    unlike = {
        name: told
        for name, told in failures.items()
        if len(told) != 1 or FAULTS[name].sentence not in told[0]
    }
    assert unlike == {}


def test_a_death_from_outside_is_tried_once_more_and_a_fault_of_the_chapter_is_not(
    drill: Drill,
) -> None:
    expected = {f"m-{name}": fault.runs for name, fault in CODE_FAULTS.items()}
    assert {name: drill.times_run(name) for name in expected} == expected


def test_a_project_that_fails_keeps_its_earlier_report_to_the_byte(drill: Drill) -> None:
    standing = {
        key: value for name in EARLIER for key, value in _files(drill.output / name).items()
    }
    # Page, two pages for those who decide, and chapter, in two languages.
    assert len(standing) == 3 * 2 * len(EARLIER)
    assert standing == drill.earlier


def test_a_failed_project_without_an_earlier_report_leaves_no_page(drill: Drill) -> None:
    found = {
        str(file.relative_to(drill.output))
        for name in set(FAULTS) - set(EARLIER)
        for file in (drill.output / name).rglob("*")
        if file.is_file() and file.name not in ("manifest.json", "render.log")
    }
    assert found == set()


def test_the_portfolio_names_every_report_that_could_not_be_made(drill: Drill) -> None:
    page = (drill.output / "index.en.html").read_text("utf-8")
    for name in SOUND + REAL:
        assert f'href="{name}/report.en.html"' in page
