"""A reader who leaves, or a full disk behind the standard output, ends the messages alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.templates import code, template, write_project, write_template

EVALKIT = [sys.executable, "-c", "from evalkit.cli import main; main()"]


def command(folder: Path, *options: str) -> list[str]:
    return [
        *EVALKIT, "render", "a", "b", "--languages=sv", "--formats=html", "--workers=1",
        f"--projects={folder / 'projects'}", f"--notebooks={folder / 'nb'}",
        f"--output={folder / 'out'}", *options,
    ]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_template(tmp_path / "nb", "participants", template(code("1")))
    for name in ("a", "b"):
        write_project(tmp_path / "projects" / name, identity=name)
    return tmp_path


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_reader_who_has_left_ends_the_messages_and_not_the_batch(
    folder: Path, options: tuple[str, ...]
) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w") as closed:
        done = subprocess.run(
            command(folder, *options), stdout=closed, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 0
    assert "Error" not in done.stderr
    assert all((folder / "out" / name / "report.sv.html").is_file() for name in ("a", "b"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_behind_both_streams_ends_the_messages_and_not_the_batch(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command(folder), stdout=full, stderr=full, check=False)
    assert done.returncode == 0
    assert all((folder / "out" / name / "report.sv.html").is_file() for name in ("a", "b"))
