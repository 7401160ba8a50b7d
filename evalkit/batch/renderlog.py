"""``render.log`` beside a project's reports: when each chapter ran, for how long, how it went.

Only what passed the guard is told: chapters, seconds and the sentences of failures.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from evalkit.documents.files.state import read_bytes

LOG = "render.log"
# Enough for some fifty renders of a report of eight chapters in two languages.
_MOST_LINES = 1000


def log_line(chapter: str, language: str, seconds: float, state: str, sentence: str = "") -> str:
    """A line that begins with the time of day, in UTC."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    told = f"{state}: {sentence}" if sentence else state
    return f"{now}  {chapter:<22}  {language}  {seconds:7.1f} s  {told}"


def longer_log(folder: Path, lines: Sequence[str]) -> str:
    """The log that stands with lines added, the oldest dropped when there are very many."""
    try:
        earlier = read_bytes(folder / LOG).decode("utf-8").splitlines()
    except (OSError, ValueError):  # none, or something else in its place
        earlier = []
    return "\n".join([*earlier, *lines][-_MOST_LINES:]) + "\n"
