"""``python -m benchmarks.batch``: measures batches and rewrites their section of BENCHMARKS.md."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.__main__ import REPOSITORY, load, machine, versions
from benchmarks.batch import run
from benchmarks.batch.write import placed, section

MEASURED = Path(__file__).with_name("measured.json")
PACKAGES = ("evalkit", "papermill", "nbconvert", "lifelines", "pandas", "matplotlib")
PARTS = ("project", "turns", "many", "growth")


def main(arguments: Sequence[str] | None = None) -> None:
    asked = _parser().parse_args(arguments)
    measured = _earlier(asked.measured, keep=set(asked.parts) != set(PARTS))
    for part in asked.parts:
        before = load()
        measured |= {part: _measured(part, asked)}
        date = datetime.now(UTC).date().isoformat()
        measured["when"] = measured.get("when", {}) | {part: [date, before, load()]}
        measured |= {"machine": machine(), "versions": versions({}, PACKAGES)}
        # After each part: an hour's figures must not be lost with the last one.
        asked.measured.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    document = placed(asked.output.read_text(encoding="utf-8"), section(measured))
    asked.output.write_text(document, encoding="utf-8")
    _tell(f"written: {asked.output.name}")


def _measured(part: str, asked: argparse.Namespace) -> Any:
    if part == "project":
        return run.whole_project(asked.turns, tell=_tell)
    if part == "turns":
        return run.in_turns(projects_each=asked.compared, rounds=asked.rounds, tell=_tell)
    if part == "many":
        return run.many(asked.projects, tell=_tell)
    return run.growing([int(count) for count in asked.sizes], tell=_tell)


def _earlier(file: Path, *, keep: bool) -> dict[str, Any]:
    """What other parts found before: only a whole run starts from nothing."""
    if not keep or not file.is_file():
        return {}
    earlier: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return earlier


def _tell(line: str) -> None:
    print(line, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--compared", type=int, default=6, help="projects for all contenders")
    parser.add_argument("--rounds", type=int, default=2, help="turns per contender")
    parser.add_argument("--turns", type=int, default=5, help="turns of a whole project")
    parser.add_argument("--projects", type=int, default=100, help="projects with every chapter")
    parser.add_argument("--sizes", nargs="+", default=["10", "30", "100", "300", "1000"])
    parser.add_argument("--measured", type=Path, default=MEASURED)
    parser.add_argument("--output", type=Path, default=REPOSITORY / "BENCHMARKS.md")
    return parser


if __name__ == "__main__":
    main()
