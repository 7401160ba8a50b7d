"""The parts of a run: contenders in turns, a hundred projects, more and more projects."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.batch import projects
from benchmarks.batch.contenders import (
    Contender,
    evalkit_render,
    has_r_markdown,
    own_notebooks,
    plain_notebooks,
    r_markdown,
    render_command,
    whole_or_chapter,
)
from benchmarks.batch.meter import Cost, metered

Tell = Callable[[str], None]
Measured = dict[str, Any]
OWN_CHAPTERS_OF = 1
"""Projects whose chapters are also run by papermill and nbconvert: five chapters or so each."""


def in_turns(*, projects_each: int, rounds: int, tell: Tell) -> list[Measured]:
    """Every contender once in each round; the fastest turn counts, and the largest memory."""
    with tempfile.TemporaryDirectory(prefix="batch-") as place:
        found: dict[str, Measured] = {}
        contenders = _contenders(Path(place), projects_each)
        for turn in range(rounds):
            for one in contenders:
                with tempfile.TemporaryDirectory(prefix="turn-") as empty:
                    command = one.command(Path(empty))
                    cost = metered(command, folder=Path(empty), environment=surroundings())
                tell(f"{turn + 1}: {one.label}: {cost.seconds / one.chapters:.2f} s a chapter")
                found[one.key] = _better(found.get(one.key), one, cost)
        return list(found.values())


def many(count: int, *, tell: Tell) -> Measured:
    """Projects with all their chapters, into an empty folder and then with nothing changed."""
    with tempfile.TemporaryDirectory(prefix="batch-") as place:
        return _twice(projects.whole(Path(place) / "projects", count), Path(place), tell)


def whole_project(rounds: int, *, tell: Tell) -> Measured:
    """A sample's whole report and one of its chapters in turns: medians of processor seconds."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, command in whole_or_chapter().items():
            with tempfile.TemporaryDirectory(prefix="turn-") as empty:
                cost = metered(command(Path(empty)), folder=Path(empty), environment=surroundings())
            tell(f"{name}: {cost.processor_seconds:.1f} processor seconds")
            found.setdefault(name, []).append(cost.processor_seconds)
    return {"rounds": rounds, **{name: median(costs) for name, costs in found.items()}}


def growing(counts: Sequence[int], *, tell: Tell) -> list[Measured]:
    """Ever more projects of one chapter each."""
    measured = []
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="batch-") as place:
            batch = projects.light(Path(place) / "projects", count)
            measured.append(_twice(batch, Path(place), tell))
    return measured


def surroundings() -> Mapping[str, str]:
    """The same for all: bytecode is kept, as where packages are installed the usual way."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _contenders(place: Path, count: int) -> list[Contender]:
    plans = projects.compared_plans(count)
    full = projects.compared(place / "full", plans)
    few = projects.compared(place / "few", plans[:OWN_CHAPTERS_OF])
    curves = projects.compared_curves(place / "curves", plans)
    own = "`evalkit render`, two workers"
    chosen = [
        evalkit_render("evalkit", f"{own}, whole reports", full),
        evalkit_render("evalkit-curves", f"{own}, the chapter of curves alone", curves),
    ]
    for at_once in (1, 2):
        chosen += [
            plain_notebooks(plans, full, at_once=at_once),
            own_notebooks(few, at_once=at_once),
        ]
        if has_r_markdown():
            chosen.append(r_markdown(plans, full, at_once=at_once))
    return chosen


def _better(before: Measured | None, one: Contender, cost: Cost) -> Measured:
    now: Measured = {"label": one.label, "key": one.key, "chapters": one.chapters, **asdict(cost)}
    if before is None:
        return now
    fastest = {name: min(before[name], now[name]) for name in ("seconds", "processor_seconds")}
    return now | fastest | {"peak_bytes": max(before["peak_bytes"], now["peak_bytes"])}


def _twice(batch: projects.Batch, place: Path, tell: Tell) -> Measured:
    command = render_command(batch, place / "reports")
    first = metered(command, folder=place, environment=surroundings())
    again = metered(command, folder=place, environment=surroundings())
    reports = len(list((place / "reports").glob("*/report.sv.html")))
    tell(
        f"{reports} reports, {batch.chapters} chapters: {first.seconds:.1f} s, {again.seconds:.2f}"
    )
    return {
        "projects": reports,
        "chapters": batch.chapters,
        **asdict(first),
        "seconds_again": again.seconds,
        "processor_seconds_again": again.processor_seconds,
    }
