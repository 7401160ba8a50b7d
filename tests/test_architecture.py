"""No file reaches itself by what it imports, inside functions and for types included."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY

CIRCLES = REPOSITORY.parent / "shared" / "tools" / "circles.py"


@pytest.mark.skipif(not CIRCLES.exists(), reason="the reader of circles lies beside the repository")
def test_no_files_import_each_other_in_a_circle() -> None:
    done = subprocess.run(
        [sys.executable, CIRCLES, "evalkit"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "circles: 0"
