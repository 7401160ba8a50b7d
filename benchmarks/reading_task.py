"""One task of `benchmarks.reading` in a process of its own: prints what it took."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.reading import timed

DATES = ["Startdatum", "Slutdatum"]


def main() -> None:
    task, folder = sys.argv[1], Path(sys.argv[2])
    print(json.dumps(timed(_task(task, folder))))


def _task(task: str, folder: Path) -> Callable[[], object]:
    """The task with its libraries loaded, so that loading is told apart."""
    if task == "pandas":
        return _by_pandas(next(path for path in folder.iterdir() if path.stem == "r"))
    if task == "pass":
        return _one_pass(folder / "r.xlsx")
    from evalkit.chapters.findings import project_findings

    from evalkit.chapters.plain_text import section_text
    from evalkit.documents.writers import workbook  # noqa: F401 - what a report loads
    from evalkit.intake import registers  # noqa: F401

    if task == "check":
        return lambda: project_findings(folder / "project.yaml")
    from evalkit.answers.study import open_study

    sections = ("participants.status", "participants.outcomes", "participants.enrolment")

    def report() -> None:
        study = open_study(folder, purpose="release")
        for name in sections:
            section_text(study, name)

    return report


def _by_pandas(file: Path) -> Callable[[], object]:
    import pandas as pd

    readers: dict[str, Callable[[], object]] = {
        ".csv": lambda: pd.read_csv(file, sep=";", parse_dates=DATES),
        ".parquet": lambda: pd.read_parquet(file),
        ".xlsx": lambda: pd.read_excel(file, engine="calamine"),
    }
    return readers[file.suffix]


def _one_pass(file: Path) -> Callable[[], object]:
    """Every cell of the sheet once, as calamine gives it."""
    from python_calamine import CalamineWorkbook

    return lambda: CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()


if __name__ == "__main__":
    main()
