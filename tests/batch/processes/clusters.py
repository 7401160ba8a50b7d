"""A scheduler and worker processes on the loopback, as one would start them by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.support.waiting import PATIENCE_SECONDS


@dataclass
class LocalCluster:
    address: str
    folder: Path
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add_worker(
        self, *, surroundings: dict[str, str] | None = None, threads: int = 1, nanny: bool = False
    ) -> psutil.Process:
        """A worker; without a nanny, what is killed stays killed."""
        started = _start(
            "distributed.cli.dask_worker",
            [self.address, f"--nthreads={threads}", f"--{'' if nanny else 'no-'}nanny",
             "--no-dashboard", "--memory-limit=0", f"--local-directory={self.folder}"],
            {**self.environment, **(surroundings or {})},
            self.folder,
        )  # fmt: skip
        self.processes.append(started)
        return psutil.Process(started.pid)

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@contextmanager
def local_cluster(
    folder: Path, *, workers: int, protocol: str = "tcp", surroundings: dict[str, str] | None = None
) -> Iterator[LocalCluster]:
    """A scheduler with some workers, all gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "scheduler.json"
    environment = {**os.environ, "DASK_DISTRIBUTED__DIAGNOSTICS__NVML": "false"}
    environment.update(surroundings or {})
    scheduler = _start(
        "distributed.cli.dask_scheduler",
        [
            f"--protocol={protocol}",
            "--host=127.0.0.1",
            "--port=0",
            "--no-dashboard",
            f"--scheduler-file={told}",
        ],
        environment,
        folder,
    )
    cluster = LocalCluster("", folder, environment, [scheduler])
    try:
        cluster.address = _address(told, scheduler)
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        cluster.end()


def _start(
    module: str, options: list[str], environment: dict[str, str], folder: Path
) -> subprocess.Popen[bytes]:
    """A process that says what it has to say in ``said.log``."""
    with (folder / "said.log").open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", module, *options],
            env=environment,
            # Not where the tests stand: Python would import from there before anything else.
            cwd=tempfile.gettempdir(),
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def _address(told: Path, scheduler: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and scheduler.poll() is None:
        if told.is_file() and (text := told.read_text()).endswith("}"):
            return str(json.loads(text)["address"])
        time.sleep(0.1)
    raise AssertionError("the scheduler did not start")
