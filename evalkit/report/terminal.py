"""What a render shows in a terminal: a bar where one can move, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from evalkit.report import batch
from evalkit.report.publish import Outcome


@contextmanager
def showing_progress() -> Iterator[batch.Progress]:
    """A callback for `batch.render` that tells of each finished chapter on stderr."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield lambda step: console.print(_line(step), soft_wrap=True, markup=False)
        return
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[label]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        shown = bar.add_task("", total=None, label="starting")

        def update(step: batch.Step) -> None:
            bar.update(shown, completed=step.done, total=step.total, label=escape(step.label))

        yield update


def show_outcomes(outcomes: Sequence[Outcome], output: Path) -> None:
    """The reports as a table on stdout, and each failure in a sentence on stderr."""
    console = Console(highlight=False)
    table = Table("Project", "Language", box=None, pad_edge=False)
    table.add_column("Report", overflow="fold")
    for outcome in outcomes:
        report = "failed" if outcome.failures else str(outcome.file)
        table.add_row(escape(outcome.project_id), outcome.language or "–", escape(report))
    console.print(table)
    rendered = sum(not outcome.failures for outcome in outcomes)
    start = f"; start at {output}/index.html" if rendered else ""
    console.print(
        f"{rendered} of {len(outcomes)} reports rendered{start}", soft_wrap=True, markup=False
    )
    errors = Console(stderr=True, highlight=False)
    for (project_id, failure), languages in _failures(outcomes).items():
        listed = f" ({', '.join(languages)})" if languages else ""
        errors.print(f"{project_id}{listed}: {failure}", soft_wrap=True, markup=False)
    if any(" in cell " in failure for outcome in outcomes for failure in outcome.failures):
        # A traceback may quote a person's data, so it is never shown here.
        errors.print("To see why, run that chapter's notebook on the project in JupyterLab.")


def _failures(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], list[str]]:
    """Each project's failures once, with the languages they hit."""
    found: dict[tuple[str, str], list[str]] = {}
    for outcome in outcomes:
        for failure in outcome.failures:
            languages = found.setdefault((outcome.project_id, failure), [])
            languages += [outcome.language] if outcome.language else []
    return found


def _line(step: batch.Step) -> str:
    state = step.failure or f"{step.seconds:.1f} s"
    return f"{step.done}/{step.total} {step.label}: {state}"
