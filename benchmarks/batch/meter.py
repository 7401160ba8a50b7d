"""What a command costs: seconds, processor seconds and peak memory of its whole process tree.

The tree is looked at ten times a second. Of a process that has ended, what it used since the
last look is not known: half a look is added for each, as if it had been busy all the time, so
that whoever starts many short processes gains nothing.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

LOOK_SECONDS = 0.1
LOOKS_PER_WEIGHING = 5


class CommandFailed(RuntimeError):
    """A contender that did not do its work; a time of it would mean nothing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """``peak_bytes`` counts pages that processes share once (proportional set size)."""

    seconds: float
    processor_seconds: float
    peak_bytes: int


@dataclass(slots=True)
class _Tree:
    used: dict[int, float] = field(default_factory=dict)
    peak: int = 0

    def look(self, root: psutil.Process, *, weigh: bool) -> None:
        weight = 0
        for process in [root, *root.children(recursive=True)]:
            with suppress(psutil.Error):
                times = process.cpu_times()
                self.used[process.pid] = times.user + times.system
                if weigh:
                    weight += _weight(process)
        self.peak = max(self.peak, weight)


def metered(
    command: Sequence[str], *, folder: Path, environment: Mapping[str, str] | None = None
) -> Cost:
    """Run a command to its end.

    Raises:
        CommandFailed: If its exit code is not 0; the end of what it printed is told.
    """
    tree, looks = _Tree(), 0
    with tempfile.TemporaryFile() as printed:
        started = time.perf_counter()
        running = subprocess.Popen(
            list(command), cwd=folder, env=environment, stdout=printed, stderr=subprocess.STDOUT
        )
        root = psutil.Process(running.pid)
        try:
            while running.poll() is None:
                with suppress(psutil.Error):
                    tree.look(root, weigh=looks % LOOKS_PER_WEIGHING == 0)
                looks += 1
                with suppress(subprocess.TimeoutExpired):
                    running.wait(LOOK_SECONDS)
        finally:
            _end(running, root)
        seconds = time.perf_counter() - started
        if running.returncode:
            printed.seek(0)
            raise CommandFailed(printed.read().decode(errors="replace")[-2000:])
    # On a busy machine the looks are further apart than asked for.
    unseen = len(tree.used) * seconds / max(looks, 1) / 2
    return Cost(seconds, sum(tree.used.values()) + unseen, tree.peak)


def _end(running: subprocess.Popen[bytes], root: psutil.Process) -> None:
    """Nothing goes on when the measuring is broken off."""
    if running.poll() is None:
        for process in [*root.children(recursive=True), root]:
            with suppress(psutil.Error):
                process.kill()
        running.wait()


def _weight(process: psutil.Process) -> int:
    """Proportional set size where the system tells it (Linux), else the resident size."""
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return int(process.memory_info().rss)
    kilobytes = next((line.split()[1] for line in lines if line.startswith("Pss:")), "0")
    return int(kilobytes) * 1024
