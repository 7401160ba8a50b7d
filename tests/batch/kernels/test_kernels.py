"""Kernels from the nursery, kernels without it, and what is left when a worker is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from evalkit.batch.kernels import kernels, warm
from evalkit.batch.kernels.execute import ChapterTask, run_chapter
from evalkit.documents.files.workfolder import workplace
from tests.support.templates import code, template, write_template
from tests.support.waiting import PATIENCE_SECONDS, wait_until

WARM = "import os; assert 'nursery.py' in open(f'/proc/{os.getpid()}/cmdline').read()"
COLD = "import os, sys; assert 'ipykernel_launcher' in ' '.join(sys.orig_argv)"

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def task(folder: Path, source: str) -> ChapterTask:
    return ChapterTask(
        project_file=folder / "project.yaml",
        project_id="exempel",
        chapter="participants",
        language="sv",
        template=write_template(folder / "notebooks", "participants", template(code(source))),
    )


@linux
def test_a_kernel_comes_from_the_nursery_and_is_the_first_to_end_without_memory(
    tmp_path: Path,
) -> None:
    points = "assert open('/proc/self/oom_score_adj').read().strip() == '800'"
    assert run_chapter(task(tmp_path, f"{WARM}\n{points}")).failure == ""


@linux
def test_a_nursery_may_load_its_libraries_before_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "nursery", warm.Nursery())
    warm.prepare_kernels()
    prepared = warm.nursery._process
    assert run_chapter(task(tmp_path, WARM)).failure == ""
    assert warm.nursery._process is prepared is not None


def test_a_nursery_that_cannot_be_started_is_missed_only_when_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(warm, "nursery", warm.Nursery())
    monkeypatch.setattr(warm.sys, "executable", "/no/such/python")
    warm.prepare_kernels()


@pytest.mark.parametrize(
    "nursery",
    ["raise SystemExit", "print('no number', flush=True)", "import time; time.sleep(600)"],
    ids=["ends at once", "answers nonsense", "never answers"],
)
def test_a_nursery_that_fails_gives_way_to_an_ordinary_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nursery: str
) -> None:
    script = tmp_path / "nursery.py"
    script.write_text(nursery)
    failing = warm.Nursery()
    monkeypatch.setattr(warm, "_NURSERY", script)
    monkeypatch.setattr(warm, "nursery", failing)
    monkeypatch.setattr(warm, "_PATIENCE_SECONDS", 3.0)
    assert run_chapter(task(tmp_path, COLD)).failure == ""


def test_where_the_system_cannot_fork_safely_kernels_are_ordinary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = SimpleNamespace(platform="darwin", executable=sys.executable)
    monkeypatch.setattr(kernels, "sys", elsewhere)
    assert run_chapter(task(tmp_path, COLD)).failure == ""


def test_temporary_files_of_a_chapter_go_with_it(tmp_path: Path) -> None:
    """A chapter that is killed cannot take them away itself; they may hold a person's values."""
    kept = tmp_path / "kept"
    source = (
        "import os, pathlib, tempfile\n"
        f"pathlib.Path({str(kept)!r}).write_text(tempfile.mkdtemp())\n"
        "os.abort()"
    )
    assert run_chapter(task(tmp_path, source)).has_died
    made = Path(kept.read_text())
    assert workplace() in made.parents
    assert not made.exists()


@linux
def test_a_kernel_whose_folder_is_gone_writes_nowhere_else(tmp_path: Path) -> None:
    """As when its worker is killed while it starts; IPython then wants a folder elsewhere."""
    machine, work = tmp_path / "machine", tmp_path / "work"
    machine.mkdir()
    work.mkdir()
    environment = {**os.environ, "TMPDIR": str(machine)}
    nursery = subprocess.Popen(
        [sys.executable, "-P", str(warm._NURSERY)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )
    request = {
        "arguments": ["-f", str(work / "connection.json")],
        "environment": warm.chapter_environment(environment, tmp_path / "gone"),
        "folder": str(work),
    }
    with nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        nursery.stdin.write(json.dumps(request) + "\n")
        nursery.stdin.flush()
        kernel = int(nursery.stdout.readline())
        wait_until(lambda: not psutil.pid_exists(kernel))
    assert [*machine.iterdir()] == []


@linux
@pytest.mark.slow
def test_a_killed_worker_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    started = tmp_path / "started"
    # The kernel holds Python's lock, so that no thread of its own could end it.
    source = (
        "import subprocess, sys, re\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(started)!r}, 'w').write('x')\n"
        "re.match('(a+)+b', 'a' * 40)"
    )
    asked = task(tmp_path, source)
    program = (
        "from pathlib import Path\n"
        "from evalkit.batch.kernels.execute import ChapterTask, run_chapter\n"
        f"run_chapter(ChapterTask(project_file=Path({str(asked.project_file)!r}),"
        f" project_id='x', chapter='x', language='sv', template=Path({str(asked.template)!r})))"
    )
    mark = f"evalkit-test-{os.getpid()}"
    environment = {**os.environ, "EVALKIT_TEST_MARK": mark, "TMPDIR": str(tmp_path / "t")}
    (tmp_path / "t").mkdir()
    with subprocess.Popen([sys.executable, "-c", program], env=environment) as worker:
        wait_until(started.exists)
        assert len(marked(mark)) == 4  # the worker, its nursery, the kernel, and its child
        worker.kill()
    wait_until(lambda: not marked(mark))
    assert list((tmp_path / "t").iterdir()) == []


def marked(mark: str) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("EVALKIT_TEST_MARK") == mark:
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def test_a_kernel_that_ends_before_it_answers_is_told_apart_from_a_faulty_chapter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "sys", SimpleNamespace(platform="darwin", executable="x"))
    kernel = {**kernels.get_kernel_dict(), "argv": [sys.executable, "-c", "raise SystemExit"]}
    monkeypatch.setattr(kernels, "get_kernel_dict", lambda: kernel)
    run = run_chapter(task(tmp_path, "1"))
    assert run.failure == "processen som skulle köra det gick inte att starta"
    assert run.has_died


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")
@pytest.mark.parametrize("left", [b"", b"a request cut sh"], ids=["unasked", "halfway"])
def test_a_nursery_whose_worker_goes_at_any_time_removes_its_folder(
    tmp_path: Path, left: bytes
) -> None:
    folder = tmp_path / "evalkit-1-x"
    (folder / "tmp").mkdir(parents=True)
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w") as nobody_reads:
        subprocess.run(
            [sys.executable, "-P", str(warm._NURSERY), str(folder)],
            input=left, stdout=nobody_reads, stderr=subprocess.DEVNULL, check=False, timeout=120,
        )  # fmt: skip
    assert not folder.exists()


@linux
def test_a_process_that_has_a_kernels_number_after_it_is_left_alone() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        ours = warm.ForkedKernel(other.pid, nursery=os.getpid())
        stranger = warm.ForkedKernel(other.pid, nursery=os.getppid())
        assert (ours.poll(), stranger.poll()) == (None, 1)
        stranger.send_signal(signal.SIGKILL)
        other.communicate(b"\n", timeout=PATIENCE_SECONDS)
    assert other.returncode == 0


def test_a_run_elsewhere_with_the_same_number_leaves_the_folder_of_this_one() -> None:
    """In two containers numbers coincide, and their temporary folder may be one."""
    folder = workplace()
    end = "import sys; from evalkit.documents.files import workfolder as w; w.remove_workplace"
    subprocess.run([sys.executable, "-c", f"{end}({os.getpid()})"], check=True)
    assert folder.is_dir()
