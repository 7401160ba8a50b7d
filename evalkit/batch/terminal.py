"""What a render shows: bars in a terminal, plain lines elsewhere, JSON for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from evalkit.batch import events
from evalkit.batch.editions import ChangedDraft
from evalkit.documents.editions.outcomes import Outcome
from evalkit.language import Language, Texts

# Above this many reports, those left as they were are counted and not listed.
_LONG_TABLE = 20


@contextmanager
def showing_progress(
    language: Language = "en", *, as_json: bool = False
) -> Iterator[events.Progress]:
    """A callback for `batch.render`: JSON on stdout, or what a reader sees on stderr."""
    texts = _texts(language)
    console = Console(stderr=True, highlight=False)
    if as_json:
        yield _tell_as_json
    elif console.is_terminal:
        with _Bars(console, texts) as bars:
            yield bars.tell
    else:
        yield lambda event: _tell_in_lines(console, event, texts)


def _texts(language: Language) -> Texts:
    """The terminal's own texts: a run that finds nothing to do has no time for all."""
    return Texts(language, only="terminal")


def show_outcomes(outcomes: Sequence[Outcome], output: Path, *, language: Language = "en") -> None:
    """The reports on stdout, and each failure in a sentence on stderr."""
    texts = _texts(language)
    console = Console(highlight=False)
    standing = sum(outcome.is_up_to_date for outcome in outcomes)
    listed = [one for one in outcomes if len(outcomes) <= _LONG_TABLE or not one.is_up_to_date]
    for line in _table(listed, output, texts):
        console.print(line, soft_wrap=True, markup=False)
    rendered = sum(not one.failures and not one.is_up_to_date for one in outcomes)
    counts = {"rendered": str(rendered), "total": str(len(outcomes))}
    told = texts.format("terminal.rendered", **counts)
    if standing:
        told += texts.format("terminal.standing", count=str(standing))
    if rendered + standing:
        told += texts.format("terminal.start", file=f"{output}/index.html")
    console.print(told, soft_wrap=True, markup=False)
    _show_failures(outcomes, texts)


def show_changed_draft(changed: ChangedDraft, output: Path) -> None:
    """That nothing was published, and the figures that differ from the draft that was read."""
    texts, console = Texts(changed.language), Console(highlight=False)
    folder = (output / changed.folder.name).as_posix()
    if changed.is_first:
        told = [texts.format("document.draft_first", folder=folder)]
    else:
        which = "document.draft_figures" if changed.differing else "document.draft_no_figures"
        told = [texts.format("document.draft_changed", folder=folder), texts[which]]
        told += [f"  {sentence}" for sentence in changed.differing]
    for line in told:
        console.print(line, soft_wrap=True, markup=False)
    _show_failures(changed.outcomes, texts)


def _show_failures(outcomes: Sequence[Outcome], texts: Texts) -> None:
    errors = Console(stderr=True, highlight=False)
    for (project_id, failure), languages in _failures(outcomes).items():
        listed = f" ({', '.join(languages)})" if languages else ""
        errors.print(f"{project_id}{listed}: {failure}", soft_wrap=True, markup=False)
    if any(" cell " in told for one in outcomes for told in (*one.failures, *one.incomplete)):
        # A traceback may quote a person's data, so it is never shown here.
        errors.print(texts["terminal.see_why"])


class _Bars:
    """One bar for all chapters, and a line for each job that runs now."""

    def __init__(self, console: Console, texts: Texts) -> None:
        self._texts = texts
        self._overall = Progress(
            TextColumn(texts["terminal.chapters"]),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn(texts["terminal.left"]),
            console=console,
        )
        self._now = Progress(
            TextColumn("  {task.description}"), TimeElapsedColumn(), console=console
        )
        self._live = Live(Group(self._overall, self._now), console=console, transient=True)
        self._bar: TaskID | None = None
        self._lines: dict[str, TaskID] = {}

    def __enter__(self) -> _Bars:
        self._live.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._live.stop()

    def tell(self, event: events.Event) -> None:
        if isinstance(event, events.Planned) and event.chapters:
            self._bar = self._overall.add_task("", total=event.chapters)
        elif isinstance(event, events.Noted):
            self._say(f"{event.project}: {event.sentence}")
        elif isinstance(event, events.Started):
            self._lines[event.label] = self._now.add_task(escape(event.label), total=None)
        elif isinstance(event, events.ChapterDone):
            self._chapter(event)
        elif isinstance(event, events.ReportDone):
            self._end(event.label)
            for sentence in event.sentences:
                self._say(f"{event.label}: {sentence}")

    def _chapter(self, event: events.ChapterDone) -> None:
        self._end(event.label)
        if self._bar is not None:
            self._overall.update(self._bar, completed=event.done)
        if event.state != "done":
            self._say(_chapter_line(event, self._texts))

    def _end(self, label: str) -> None:
        line = self._lines.pop(label, None)
        if line is not None:
            self._now.remove_task(line)

    def _say(self, line: str) -> None:
        self._live.console.print(line, soft_wrap=True, markup=False)


def _tell_in_lines(console: Console, event: events.Event, texts: Texts) -> None:
    if isinstance(event, events.ChapterDone):
        console.print(_chapter_line(event, texts), soft_wrap=True, markup=False)
    elif isinstance(event, events.Noted):
        console.print(f"{event.project}: {event.sentence}", soft_wrap=True, markup=False)


def _chapter_line(event: events.ChapterDone, texts: Texts) -> str:
    seconds = f"{event.seconds:.1f}"
    told = {
        "done": f"{seconds.replace('.', ',') if texts.language == 'sv' else seconds} s",
        "failed": event.sentence,
        "again": texts["terminal.again"],
    }
    return f"{event.done}/{event.total} {event.label}: {told[event.state]}"


def _tell_as_json(event: events.Event) -> None:
    sys.stdout.write(json.dumps(events.as_data(event), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _table(outcomes: Sequence[Outcome], output: Path, texts: Texts) -> Iterator[str]:
    """Aligned lines, not a table of rich's: a path that is folded or cut cannot be copied."""
    project, language, report = (
        texts[f"terminal.column.{name}"] for name in ("project", "language", "report")
    )
    rows = [(project, language, report)] if outcomes else []
    rows += [(one.project_id, one.language or "–", _state(one, output, texts)) for one in outcomes]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)] if rows else []
    for project, language, report in rows:
        yield f"{project:<{widths[0]}}  {language:<{widths[1]}}  {report}"


def _state(outcome: Outcome, output: Path, texts: Texts) -> str:
    if outcome.file is None:
        return texts["terminal.failed"]
    shown = output / outcome.file.resolve().relative_to(output.resolve())
    marks = [texts["terminal.draft"]] if outcome.is_draft else []
    marks += [texts["terminal.incomplete"]] if outcome.incomplete else []
    marks += [texts["terminal.up_to_date"]] if outcome.is_up_to_date else []
    return f"{shown} ({', '.join(marks)})" if marks else str(shown)


def _failures(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], list[str]]:
    """Each project's failures once, with the languages they hit."""
    found: dict[tuple[str, str], list[str]] = {}
    for outcome in outcomes:
        for failure in (*outcome.failures, *outcome.incomplete):
            languages = found.setdefault((outcome.project_id, failure), [])
            languages += [outcome.language] if outcome.language else []
    return found
