from __future__ import annotations

import pytest

from evalkit.report.batch import jobs
from evalkit.report.batch import run as batch
from evalkit.report.chapters import execute
from tests.report.offline import Here, Offline


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Offline:
    """Batches run without processes, and chapters are made up; see `tests.report.offline`."""
    made = Offline(Here())
    monkeypatch.setattr(batch, "local_executor", lambda _workers: made.executor)
    monkeypatch.setattr(execute, "run_chapter", made.run_chapter)
    monkeypatch.setattr(jobs, "prepare_kernels", lambda: None)
    return made
