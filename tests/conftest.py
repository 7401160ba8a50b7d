"""What every test may lean on: where the outside facts lie, and when they are absent."""

from __future__ import annotations

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture(scope="session")
def shared_path() -> Path:
    """The folder of outside facts beside the repository; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder of outside facts (../shared) is not beside this repository")
    return SHARED


@pytest.fixture(scope="session")
def sample_folder() -> Path:
    """The sample projects of this repository."""
    return REPOSITORY / "data" / "sample"
