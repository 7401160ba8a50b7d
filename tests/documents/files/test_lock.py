"""One run at a time in a folder of reports, and nothing left that stops the next."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from evalkit.documents.files.lock import LOCK, AtWork, alone_in
from tests.support.templates import code, template, whole_template, write_project, write_template
from tests.support.waiting import PATIENCE_SECONDS, wait_until

EVALKIT = (sys.executable, "-c", "from evalkit.cli import main; main()")
HOLDER = (
    "import sys; from pathlib import Path; from evalkit.documents.files.lock import alone_in\n"
    "with alone_in(Path(sys.argv[1])):\n"
    "    print('held', flush=True); sys.stdin.read()\n"
)

# Says that it has begun, and waits until it may go on.
WAITING = """
import os, time
beside = os.path.dirname(project_file)
open(os.path.join(beside, "begun"), "w").close()
while not os.path.exists(os.path.join(beside, "go")):
    time.sleep(0.05)
"""


@contextmanager
def held_elsewhere(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the folder, until it is told or killed."""
    program = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder


def require_free(folder: Path) -> None:
    with alone_in(folder):
        pass
    assert list(folder.iterdir()) == []


def test_a_second_run_is_told_of_the_first_and_since_when(tmp_path: Path) -> None:
    with alone_in(tmp_path):
        since = "2026-03-01 21:30"
        moment = time.mktime(time.strptime(since, "%Y-%m-%d %H:%M"))
        os.utime(tmp_path / LOCK, (moment, moment))
        with pytest.raises(AtWork) as refused, alone_in(tmp_path):
            pass
        assert str(refused.value) == (
            f"{tmp_path}: another run has been at work there since {since}; give the command "
            "again when it is finished, or name another folder with --output"
        )
    require_free(tmp_path)


def test_a_run_of_another_process_is_told_of_until_it_ends(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path) as holder:
        with pytest.raises(AtWork), alone_in(tmp_path):
            pass
        holder.communicate("")
    require_free(tmp_path)


def test_a_run_that_was_killed_stops_nobody_and_a_file_left_by_it_neither(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path) as holder:
        holder.kill()
    assert (tmp_path / LOCK).is_file()
    os.utime(tmp_path / LOCK, (0, 0))
    with alone_in(tmp_path), pytest.raises(AtWork, match=f"since {time.strftime('%Y')}"):
        alone_in(tmp_path).__enter__()
    require_free(tmp_path)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_storage_that_knows_no_locks_is_used_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fcntl = pytest.importorskip("fcntl", reason="locks of POSIX")

    def refuse(*_: object) -> None:
        raise OSError(number, "no locks")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with alone_in(tmp_path), alone_in(tmp_path):
        pass


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX")
@pytest.mark.parametrize("other", ["link", "pipe", "folder"])
def test_what_lies_in_the_place_of_the_lock_stops_nobody(tmp_path: Path, other: str) -> None:
    place, elsewhere = tmp_path / "out" / LOCK, tmp_path / "elsewhere"
    place.parent.mkdir()
    if other == "link":
        place.symlink_to(elsewhere)
    elif other == "pipe":
        os.mkfifo(place)
    else:
        place.mkdir()
    with alone_in(place.parent):
        assert not elsewhere.exists()


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with alone_in(tmp_path / "nowhere"):
        assert list(tmp_path.iterdir()) == []


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[tuple[list[str], subprocess.Popen[str]]]:
    """A command and the process that carries it out, in the midst of a chapter."""
    project = tmp_path / "p"
    write_template(
        tmp_path / "nb", "participants", template(code(WAITING), *whole_template()["cells"][1:])
    )
    write_project(project)
    command = [
        *(*EVALKIT, "render", str(project), "--languages=sv", "--formats=html", "--workers=1"),
        *(f"--notebooks={tmp_path / 'nb'}", f"--output={tmp_path / 'out'}"),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as first:
        wait_until(lambda: (project / "begun").is_file() or first.poll() is not None)
        assert first.poll() is None
        yield command, first
        first.kill()


def done(*command: str) -> tuple[int, str]:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stderr


@pytest.mark.slow
def test_of_two_commands_in_one_folder_the_second_says_so_and_nothing_else_is_held_up(
    tmp_path: Path,
    waiting: tuple[list[str], subprocess.Popen[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")  # the language of whoever sits at the machine
    command, first = waiting
    told = re.escape(f"evalkit: {tmp_path / 'out'}: another run has been at work there since ")
    for second in (command, [*EVALKIT, "portfolio", f"--output={tmp_path / 'out'}"]):
        status, said = done(*second)
        assert status == 2
        assert re.fullmatch(rf"{told}\S+ \S+; give the command again when .* --output\n", said)
    assert done(*EVALKIT, "check", str(tmp_path / "p")) == (0, "")
    (tmp_path / "p" / "go").touch()
    first.communicate(timeout=PATIENCE_SECONDS)
    assert first.returncode == 0
    assert (tmp_path / "out/exempel/report.sv.html").is_file()
    assert done(*command) == (0, "")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_after_a_command_that_was_killed_the_next_begins_at_once(
    tmp_path: Path, waiting: tuple[list[str], subprocess.Popen[str]]
) -> None:
    command, first = waiting
    (tmp_path / "p" / "go").touch()
    first.kill()
    status, _ = done(*command)
    assert status == 0
    found = {file.name for file in (tmp_path / "out").rglob("*") if file.is_file()}
    assert "report.sv.html" in found
    assert LOCK not in found
