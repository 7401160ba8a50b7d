"""What the machine has to offer: cores and memory, and so how many chapters at once."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

# Measured with the sample projects on Linux: a worker up to 320 MB while it writes all four
# formats, its nursery 155 MB, the kernel of a chapter 100 MB beside what it shares with it.
_WORKER_BYTES = 700 * 1024**2
# Left for the command itself and for whoever else uses the machine.
_SPARED_BYTES = 500 * 1024**2


def usual_workers() -> int:
    """One per usable core, fewer where memory would not suffice, at least one."""
    room = (available_memory() - _SPARED_BYTES) // _WORKER_BYTES
    return max(1, min(usable_cores(), room))


def usable_cores() -> int:
    """Cores this process may use, which containers and schedulers may limit."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def available_memory(root: Path = Path("/")) -> int:
    """Bytes that can still be taken: what is free, or what the container leaves if less."""
    free = int(psutil.virtual_memory().available)
    return min([free, *_left_in_containers(root)])


def _left_in_containers(root: Path) -> list[int]:
    """What each control group that this process is in leaves of its limit (cgroup v2 and v1)."""
    left = []
    for group in _own_groups(root):
        for limit, used in (
            ("memory.max", "memory.current"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes"),
        ):
            known = [_number(group / name) for name in (limit, used)]
            if known[0] is not None and known[1] is not None:
                left.append(max(0, known[0] - known[1]))
    return left


def _own_groups(root: Path) -> list[Path]:
    """Folders of the memory groups of this process, up to the topmost that is shown here."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    folders = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers in ("", "memory"):
            top = root / "sys/fs/cgroup" / controllers
            own = top / path.lstrip("/")
            folders += [own, *own.parents][: len(own.parts) - len(top.parts) + 1]
    return folders


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):  # "max" is no limit
        return None
