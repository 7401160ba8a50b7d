"""``python -m benchmarks``: measures everything and writes BENCHMARKS.md."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.batch.write import taken
from benchmarks.compare import compare
from benchmarks.measure import MOST_ROUNDS
from benchmarks.write import Circumstances, document

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGES = ("evalkit", "numpy", "pandas", "lifelines", "scikit-survival", "statsmodels")


def main(arguments: Sequence[str] | None = None) -> None:
    asked = _parser().parse_args(arguments)
    before = load()
    findings = compare(
        [int(float(size)) for size in asked.sizes],
        patience=asked.patience,
        rounds=asked.rounds,
        with_r=not asked.without_r,
        tell=lambda line: print(line, flush=True),
    )
    for found in findings:
        circumstances = Circumstances(
            date=datetime.now(UTC).date().isoformat(),
            machine=machine(),
            versions=versions(found.versions),
            load=f"{before}, {load()} (this run itself is one)",
            patience=f"{asked.patience:g}",
        )
        batch = taken(asked.output.read_text(encoding="utf-8")) if asked.output.is_file() else ""
        asked.output.write_text(document(found, circumstances, batch=batch), encoding="utf-8")
        print(f"written: {asked.output.name}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=["1e3", "1e5", "1e6", "1e7"])
    parser.add_argument("--patience", type=float, default=150, help="longest run, in seconds")
    parser.add_argument("--rounds", type=int, default=MOST_ROUNDS, help="turns per contender")
    parser.add_argument("--without-r", action="store_true", help="even where Rscript is installed")
    parser.add_argument("--output", type=Path, default=REPOSITORY / "BENCHMARKS.md")
    return parser


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def machine() -> str:
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.is_file() else []
    model = next((line.split(":")[1].strip() for line in lines if "model name" in line), "")
    cores = os.cpu_count() or 1
    return f"{model or platform.machine()}, {cores} cores, {platform.system()}"


def versions(of_r: dict[str, str], packages: Sequence[str] = PACKAGES) -> str:
    found = {"Python": platform.python_version()}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return ", ".join(f"{name} {number}" for name, number in (found | of_r).items())


if __name__ == "__main__":
    main()
