"""How long reading takes: registers of 10³ to 10⁶ rows against bare pandas in the same run.

Run from the repository's root with ``python -m benchmarks.reading``; the table it prints stands
in BENCHMARKS.md. Every measurement is a process of its own. Times are the processor's, since a
busy machine stretches the clock's, and are given with and without starting Python and loading
the libraries. Memory is the largest the process held.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

SIZES = (1_000, 10_000, 100_000, 1_000_000)
# The last row of an Excel sheet is the 1 048 576th, the first holds the headings.
MOST_EXCEL_ROWS = 1_048_575
KINDS = ("csv", "parquet", "xlsx")
PROJECT = """id: reading
title: Läsning
summary: Ett register av påhittade personer.
languages: [sv]
period: {{start: 2023-01-01, end: 2024-12-31}}
data_cut: 2024-12-31
is_synthetic: true
registers:
  - file: {file}
chapters: [participants]
"""
REASONS = ("Arbete", "Studier", "Åter remittent", "Avbrott", "Sjukdom")
TASKS = ("pandas", "pass", "check", "report")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=lambda text: int(float(text)), default=SIZES)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    asked = parser.parse_args(arguments)
    print("| file | rows | task | seconds | without start | MB | against pandas |")
    print("|---|--:|---|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as room:
        for kind in asked.kinds:
            for rows in asked.sizes:
                folder = Path(room) / f"{kind}-{rows}"
                write(folder, kind, min(rows, MOST_EXCEL_ROWS) if kind == "xlsx" else rows)
                _measure(folder, kind, rows)


def write(folder: Path, kind: str, rows: int) -> None:
    """A register of made-up persons, a third of them still enrolled, and its project file."""
    folder.mkdir(parents=True)
    frame = register(rows)
    file = folder / f"r.{kind}"
    if kind == "csv":
        frame.to_csv(file, sep=";", index=False, encoding="utf-8-sig", date_format="%Y-%m-%d")
    elif kind == "parquet":
        frame.to_parquet(file, index=False)
    else:
        with pd.ExcelWriter(file, engine="xlsxwriter", datetime_format="yyyy-mm-dd") as writer:
            frame.to_excel(writer, index=False)
    (folder / "project.yaml").write_text(PROJECT.format(file=file.name), encoding="utf-8")


def register(rows: int) -> pd.DataFrame:
    generator = np.random.default_rng(7)
    start = np.datetime64("2023-01-01", "s") + 86_400 * generator.integers(0, 600, rows)
    end = start + 86_400 * generator.integers(20, 320, rows)
    is_open = (end > np.datetime64("2024-12-31")) | (generator.random(rows) < 0.3)
    reason = np.array(REASONS, dtype=object)[generator.integers(0, len(REASONS), rows)]
    return pd.DataFrame(
        {
            "Löpnr": [f"D{number:07d}" for number in range(rows)],
            "Kön": np.array(["Kvinna", "Man"], dtype=object)[generator.integers(0, 2, rows)],
            "Ålder": generator.integers(18, 64, rows),
            "Startdatum": start,
            "Slutdatum": pd.Series(end).mask(is_open),
            "Avslutsorsak": pd.Series(reason).mask(is_open),
        }
    )


def _measure(folder: Path, kind: str, rows: int) -> None:
    beside = 0.0
    for task in TASKS:
        if task == "pass" and kind != "xlsx":
            continue  # only a workbook is looked through a second time
        ended = subprocess.run(
            [sys.executable, "-m", "benchmarks.reading_task", task, str(folder)],
            check=True,
            capture_output=True,
            text=True,
        )
        told = json.loads(ended.stdout.splitlines()[-1])
        beside = beside or told["seconds"]
        print(
            f"| {kind} | {rows:,} | {task} | {told['whole']:.2f} | {told['seconds']:.2f} | "
            f"{told['megabytes']:.0f} | {told['seconds'] / beside:.1f} |".replace(",", "\u00a0"),
            flush=True,
        )


def used() -> float:
    """Seconds of the processor that this process has used."""
    times = resource.getrusage(resource.RUSAGE_SELF)
    return times.ru_utime + times.ru_stime


def timed(run: Callable[[], object]) -> dict[str, float]:
    """What a task took, told apart from what came before it."""
    before = used()
    run()
    after = used()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"whole": after, "seconds": after - before, "megabytes": peak}


if __name__ == "__main__":
    main()
