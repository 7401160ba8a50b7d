"""Where jobs run: processes of this machine, or the workers of a cluster behind the same door.

The batch submits no more than ``places`` jobs at a time and starts the next when one is
done, so what is submitted is what runs. A job is a function of a module with plain
arguments and a plain result: both may cross to another machine.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from typing import Any, Protocol

# What a future fails with when the process or the machine that ran its job is gone. The
# job itself may be sound: the batch submits it once more.
WorkerLost = BrokenExecutor


class Executor(Protocol):
    """The part of `concurrent.futures.Executor` that the batch uses, and two ways to stop."""

    @property
    def places(self) -> int:
        """Jobs that run at the same time."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Run ``function(*arguments)``; the future fails with `WorkerLost` if its worker dies."""

    def end(self, future: Future[Any]) -> None:
        """End one job that has run for too long; its future then fails with `WorkerLost`."""

    def close(self, *, at_once: bool = False) -> None:
        """Let the workers go: when they are done, or with whatever they run at once."""
