"""R's survival and cmprsk as contenders: one R process per size, asked task by task.

The columns go over in a binary file, so that neither reading nor printing is timed.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.data import COVARIATES, HORIZON_DAYS, Spells

SCRIPT = Path(__file__).with_name("peers.R")
R_TASKS = {
    ("kaplan_meier", "R survival"): "kaplan_meier survival",
    ("log_rank", "R survival"): "log_rank survival",
    ("cumulative_incidence", "R survival"): "cumulative_incidence survival",
    ("cumulative_incidence", "R cmprsk"): "cumulative_incidence cmprsk",
    ("restricted_mean", "R survival"): "restricted_mean survival",
    ("cox", "R survival"): "cox survival",
    ("cox", "R coxph.fit"): "cox coxph.fit",
}
R_NOTES = {
    ("cox", "R survival"): "its concordance included",
    ("cox", "R coxph.fit"): "the bare fit behind `coxph`",
}


def has_r() -> bool:
    return shutil.which("Rscript") is not None


@dataclass(slots=True)
class RProcess:
    """A running R that holds one size's columns."""

    process: subprocess.Popen[str]
    versions: dict[str, str]

    def ask(self, task: str, times: int) -> tuple[float, np.ndarray]:
        """Seconds per run, and the compared figures."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{task} {times}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if not answer:
            raise RuntimeError(f"R stopped at {task}")
        return float(answer[0]), np.array([float(v) for v in answer[1:]])

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def start_r(spells: Spells) -> RProcess:
    """R with the columns read and ready; the file is gone again when this returns."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "columns.bin"
        _write_columns(spells, path)
        process = subprocess.Popen(
            ["Rscript", "--vanilla", str(SCRIPT), str(path), str(HORIZON_DAYS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        ready = process.stdout.readline().split()
    if len(ready) < 5:
        raise RuntimeError("R did not start: is its package survival installed?")
    versions = {"R": f"{ready[1]}.{ready[2]}", "survival": ready[3], "cmprsk": ready[4]}
    return RProcess(process=process, versions=versions)


def _write_columns(spells: Spells, path: Path) -> None:
    with path.open("wb") as file:
        np.array([spells.n], dtype=np.int32).tofile(file)
        for column in (spells.days, spells.causes, spells.groups):
            column.astype(np.int32).tofile(file)
        for name in COVARIATES:
            spells.frame[name].to_numpy().astype(float).tofile(file)
