"""The ways to make the reports of many projects; each gives one command to be metered."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.batch.projects import Batch, chapters_of
from benchmarks.samples.many import Plan

HERE = Path(__file__).resolve().parent
NOTEBOOKS = HERE.parents[1] / "notebooks"
BIN = Path(sys.executable).parent
Command = list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A way to make reports.

    Attributes:
        key: Short name, for the tables.
        label: What it is, as printed.
        chapters: How many notebooks or documents its command makes.
        command: Given an empty folder for what it writes, the command.
    """

    key: str
    label: str
    chapters: int
    command: Callable[[Path], Command]


def evalkit_render(key: str, label: str, batch: Batch) -> Contender:
    return Contender(
        key=key,
        label=label,
        chapters=batch.chapters,
        command=lambda folder: render_command(batch, folder / "reports"),
    )


def render_command(batch: Batch, output: Path) -> Command:
    """``evalkit render`` with two workers: the Swedish reports as HTML."""
    options = ["--projects", str(batch.folder), "--output", str(output), "--workers", "2"]
    wanted = ["--languages", "sv", "--formats", "html"]
    return [str(BIN / "evalkit"), "render", "--all", *options, *wanted]


def whole_or_chapter() -> dict[str, Callable[[Path], Command]]:
    """A sample in both languages and all formats, and one of its chapters the usual way."""
    file = NOTEBOOKS.parent / "data/sample/arena-for-arbete/project.yaml"
    given = {"project_file": str(file), "language": "sv", "purpose": "release"}

    def whole(folder: Path) -> Command:
        return [str(BIN / "evalkit"), "render", str(file.parent), "--output", str(folder / "out")]

    def chapter(folder: Path) -> Command:
        notebook = NOTEBOOKS / "time_to_employment.ipynb"
        return _one_by_one([_papermill(notebook, folder / "done.ipynb", given)], folder, 1)

    return {"whole": whole, "chapter": chapter}


def plain_notebooks(plans: Sequence[Plan], batch: Batch, *, at_once: int) -> Contender:
    """One ``papermill`` and one ``jupyter nbconvert`` per project, with a notebook of lifelines."""
    notebook = HERE / "plain.ipynb"

    def jobs(folder: Path) -> list[list[Command]]:
        return [
            _papermill(notebook, folder / f"{planned.id}.ipynb", _plain_parameters(planned, file))
            for planned, file in zip(plans, batch.files, strict=True)
        ]

    return Contender(
        key=f"plain-{at_once}",
        label=f"papermill and nbconvert, plain notebook, {_words(at_once)}",
        chapters=len(plans),
        command=lambda folder: _one_by_one(jobs(folder), folder, at_once),
    )


def own_notebooks(batch: Batch, *, at_once: int) -> Contender:
    """The very chapters of evalkit, run as anybody runs notebooks."""

    def jobs(folder: Path) -> list[list[Command]]:
        return [
            _papermill(
                NOTEBOOKS / f"{chapter}.ipynb",
                folder / f"{file.parent.name}-{chapter}.ipynb",
                {"project_file": str(file), "language": "sv", "purpose": "release"},
            )
            for file in batch.files
            for chapter in chapters_of(file)
        ]

    return Contender(
        key=f"own-{at_once}",
        label=f"papermill and nbconvert, evalkit's own chapters, {_words(at_once)}",
        chapters=batch.chapters,
        command=lambda folder: _one_by_one(jobs(folder), folder, at_once),
    )


def r_markdown(plans: Sequence[Plan], batch: Batch, *, at_once: int) -> Contender:
    """One ``rmarkdown::render`` per project, each in an R of its own."""

    def jobs(folder: Path) -> list[list[Command]]:
        return [
            [_r_markdown(folder, planned, file)]
            for planned, file in zip(plans, batch.files, strict=True)
        ]

    return Contender(
        key=f"r-{at_once}",
        label=f"R Markdown (survival, ggplot2), {_words(at_once)}",
        chapters=len(plans),
        command=lambda folder: _one_by_one(jobs(folder), folder, at_once),
    )


def has_r_markdown() -> bool:
    """R with the packages of the report, and pandoc."""
    if not shutil.which("Rscript"):
        return False
    wanted = 'all(sapply(c("rmarkdown", "survival", "ggplot2"), requireNamespace, quietly = TRUE))'
    asked = f"quit(status = if ({wanted} && rmarkdown::pandoc_available()) 0 else 1)"
    return (
        subprocess.run(["Rscript", "-e", asked], capture_output=True, check=False).returncode == 0
    )


def _papermill(notebook: Path, done: Path, parameters: dict[str, str]) -> list[Command]:
    given = [word for name, value in parameters.items() for word in ("-r", name, value)]
    return [
        [str(BIN / "papermill"), str(notebook), str(done), *given, "--no-progress-bar"],
        [str(BIN / "jupyter"), "nbconvert", "--to", "html", str(done)],
    ]


def _plain_parameters(planned: Plan, file: Path) -> dict[str, str]:
    register = file.parent / planned.register
    return {"register_file": str(register), "data_cut": planned.data_cut.isoformat()}


def _r_markdown(folder: Path, planned: Plan, file: Path) -> Command:
    """Each in a folder of its own: two R at once must not share intermediate files."""
    own = folder / planned.id
    own.mkdir()
    source = shutil.copy(HERE / "report.Rmd", own)
    given = f"list(register = '{file.parent / planned.register}', data_cut = '{planned.data_cut}')"
    return ["Rscript", "-e", f"rmarkdown::render('{source}', params = {given}, quiet = TRUE)"]


def _one_by_one(jobs: list[list[Command]], folder: Path, at_once: int) -> Command:
    listed = folder / "jobs.json"
    listed.write_text(json.dumps({"at_once": at_once, "jobs": jobs}), encoding="utf-8")
    return [sys.executable, str(HERE / "one_by_one.py"), str(listed)]


def _words(at_once: int) -> str:
    return "one after another" if at_once == 1 else "two at a time"
