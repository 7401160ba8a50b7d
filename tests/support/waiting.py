"""Waiting for other processes, which may take their time on a machine with much to do."""

from __future__ import annotations

import time
from collections.abc import Callable

# Bounds a hang and nothing else: no test may fail because it was not quick.
PATIENCE_SECONDS = 300.0


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
