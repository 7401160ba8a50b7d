"""A file system that is full in earnest, which a namespace of its own lets anyone mount."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.batch.full_disk import ROOMS_KILOBYTES, command
from tests.support.templates import (
    markdown,
    template,
    whole_template,
    write_project,
    write_template,
)

NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
NO_SPACE = "utrymmet är slut där rapporterna skrivs; den tidigare rapporten står orörd"


@pytest.mark.slow
def test_a_full_disk_fails_its_own_project_and_leaves_its_earlier_report(tmp_path: Path) -> None:
    _require_namespaces(tmp_path)
    whole = whole_template()
    write_template(tmp_path / "nb", "participants", whole)
    for name in ("full", "sound"):
        write_project(tmp_path / "projects" / name, identity=name)
    subprocess.run(command(tmp_path, "full", "sound"), check=True, capture_output=True)
    changed = template(*whole["cells"][1:], markdown("Ny."))
    write_template(tmp_path / "nb", "participants", changed)

    inside = [sys.executable, "-m", "tests.batch.full_disk", str(tmp_path)]
    told = json.loads(subprocess.run([*NAMESPACE, *inside], check=True, capture_output=True).stdout)

    assert [one["room"] for one in told["tried"]] == list(ROOMS_KILOBYTES)
    for tried in told["tried"]:
        assert (tried["code"], tried["full"][0], tried["is_untouched"]) == (1, "failed", True)
        assert tried["full"][1].removeprefix("participants: ") == NO_SPACE
    assert [one["sound"] for one in told["tried"]] == [["rendered"], *[["up_to_date"]] * 2]
    assert told["untouched"]
    assert told["last"] == {"code": 0, "full": ["rendered"]}


def _require_namespaces(folder: Path) -> None:
    """Skip where the system lets nobody mount a file system, as in some containers."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not there: no file system can be mounted for this test alone")
    (folder / "mount").mkdir()
    mounting = ["mount", "-t", "tmpfs", "tmpfs", str(folder / "mount")]
    if subprocess.run([*NAMESPACE, *mounting], capture_output=True, check=False).returncode:
        pytest.skip("namespaces are not allowed: no file system can be mounted for this test alone")
