"""What was found in a file, and how its rows became persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evalkit.shape import Shape

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Shape):
    """Something a check found in a file: where and how often, never whose or what value.

    ``check`` is a text key (``finding.<check>``); ``rows`` are row numbers as the
    spreadsheet shows them, counted from 1 with the header rows included. ``listing``
    holds category labels that are safe to print (unmapped exit reasons, header names).
    """

    severity: Severity
    check: str
    file: str
    column: str = ""
    rows: tuple[int, ...] = ()
    count: int = 0
    listing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStep(Shape):
    """One step from rows read to persons analysed; ``step`` is a text key (``flow.<step>``)."""

    step: str
    count: int
    unit: Literal["rows", "persons", "spells"] = "rows"
