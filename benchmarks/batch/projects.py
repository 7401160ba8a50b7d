"""The projects of a run: those of ``evalkit sample --many``, whole or with one chapter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count as count_up
from itertools import islice
from pathlib import Path

import yaml

from benchmarks.samples import write_many
from benchmarks.samples.many import Plan, plan, write_project

CURVES = "time_to_employment"
"""The chapter with curves of the ways out, curves by group, and a regression of the time."""
FEWEST_PERSONS = 50


@dataclass(frozen=True, slots=True)
class Batch:
    """Projects and how many chapters they have together."""

    folder: Path
    files: tuple[Path, ...]
    chapters: int


def whole(folder: Path, count: int) -> Batch:
    """The first projects, with all their chapters."""
    return _batch(folder, write_many(folder, count))


def light(folder: Path, count: int) -> Batch:
    """The first projects, each with the chapter of curves alone."""
    return _with_curves_only(folder, write_many(folder, count))


def compared_plans(count: int) -> tuple[Plan, ...]:
    """Projects that every contender can read: a CSV register of at least fifty persons.

    In a smaller one the plain notebook's Cox model may not be estimable and stop it.
    """
    planned = map(plan, count_up(1))
    fitting = (p for p in planned if p.register.endswith(".csv") and p.n >= FEWEST_PERSONS)
    return tuple(islice(fitting, count))


def compared(folder: Path, plans: Sequence[Plan]) -> Batch:
    return _batch(folder, [write_project(folder, planned) for planned in plans])


def compared_curves(folder: Path, plans: Sequence[Plan]) -> Batch:
    """The same projects, each with the chapter of curves alone."""
    return _with_curves_only(folder, [write_project(folder, planned) for planned in plans])


def chapters_of(file: Path) -> list[str]:
    chapters: list[str] = yaml.safe_load(file.read_text(encoding="utf-8"))["chapters"]
    return chapters


def _batch(folder: Path, files: Sequence[Path]) -> Batch:
    return Batch(folder, tuple(files), sum(len(chapters_of(file)) for file in files))


def _with_curves_only(folder: Path, files: Sequence[Path]) -> Batch:
    for file in files:
        lines = file.read_text(encoding="utf-8").split("chapters:\n")[0]
        file.write_text(f"{lines}chapters: [{CURVES}]\n", encoding="utf-8")
    return _batch(folder, files)
