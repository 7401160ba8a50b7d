"""Write the five sample projects anew, or many made-up ones: ``python -m benchmarks.samples``."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.samples import SAMPLES, write_many, write_samples

SAMPLE_FOLDER = Path(__file__).resolve().parents[2] / "data" / "sample"


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.samples", description=__doc__)
    arguments.add_argument("--output", type=Path, help="folder to write in")
    arguments.add_argument("--many", type=int, help="write this many made-up projects instead")
    given = arguments.parse_args()
    if given.many is not None:
        folder = given.output or Path("data/many")
        print(f"{len(write_many(folder, given.many))} made-up projects written to {folder}")
        return
    # Project files and published series are written by hand; only the registers are drawn.
    folder = given.output or SAMPLE_FOLDER
    write_samples(folder)
    print(f"{len(SAMPLES)} sample projects written to {folder}")


if __name__ == "__main__":
    main()
