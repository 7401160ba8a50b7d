"""Where the headings of a file that nobody has described yet stand, and what each may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from evalkit.intake.codebook import Codebook, built_in, codebook_for_follow_up, value_key
from evalkit.intake.convert import USUAL_DATES, DateReading, parse_date, parse_number
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import Grid
from evalkit.intake.guess_exits import MOSTLY, PLANNING_YEARS, is_text, rules, share, speaks_for
from evalkit.intake.headers import find_header
from evalkit.project.proposal import SheetKind
from evalkit.project.registers import FollowUp

ROWS_SEARCHED = 40
_DISTINCT = 0.5


def guessed_header(
    grid: Grid, today: dt.date, codebook: Codebook
) -> tuple[int, int, SheetKind, dict[int, tuple[str, bool]], frozenset[int]]:
    """First and last header line, what the sheet is, column → field and whether known, and the
    columns of days of which any may be the one that counts.
    """
    with suppress(IntakeError):
        header = find_header(grid.cells, codebook, file=grid.file)
        known = {index: (name, True) for name, index in header.columns.items()}
        return (
            header.first,
            header.last,
            "participants",
            _with_guesses(grid.cells, header.last, known, today),
            frozenset(),
        )
    with suppress(IntakeError):
        of_events = codebook_for_follow_up(FollowUp(file=Path(grid.file)))
        header = find_header(grid.cells, of_events, file=grid.file, dated_by="event_date")
        if {"person_id", "event_status"} <= set(header.columns):
            known = {index: (name, True) for name, index in header.columns.items()}
            return header.first, header.last, "follow_up", known, frozenset()
    line = _likely_header(grid.cells)
    named: dict[str, list[int]] = {}
    for index, text in enumerate(grid.cells[line]):
        if text and (canonical := codebook.canonical(text)):
            named.setdefault(canonical[0], []).append(index)
    body = grid.cells[line + 1 :]
    undecided = {
        index for name in ("entry", "exit") for index in named.get(name, ()) if len(named[name]) > 1
    }
    best = {_best(body, name, places, codebook): name for name, places in named.items()}
    known = {index: (name, True) for index, name in best.items()}
    known |= {index: (name, True) for name in named for index in undecided & {*named[name]}}
    fields = _with_guesses(grid.cells, line, known, today)
    has_entry = any(name == "entry" for name, _ in fields.values())
    kind: SheetKind = "participants" if has_entry else "other"
    return line, line, kind, fields, frozenset(undecided)


def _best(body: np.ndarray, name: str, places: Sequence[int], codebook: Codebook) -> int:
    """Of columns with one meaning the one that says most: reasons that are known, else cells.

    Of two days, which is which is never guessed: neither is read.
    """

    def told(index: int) -> tuple[int, int, int]:
        filled = [text for text in body[:, index] if text]
        is_reason = name == "exit_reason"
        known = sum(codebook.exit_class(text) is not None for text in filled) if is_reason else 0
        return known, len(filled), -index

    return max(places, key=told)


def _likely_header(cells: np.ndarray) -> int:
    """The first line about as full as the fullest, with texts and no dates or numbers."""
    searched = cells[:ROWS_SEARCHED]
    texts = [{text for text in row if text and not text[0].isdigit()} for row in searched]
    most = max(map(len, texts))
    return next(line for line, row in enumerate(texts) if len(row) >= MOSTLY * most)


def _with_guesses(
    cells: np.ndarray, last: int, known: dict[int, tuple[str, bool]], today: dt.date
) -> dict[int, tuple[str, bool]]:
    """Known columns, and those whose heading's words and cells agree on a field not yet there."""
    found, body = dict(known), cells[last + 1 :]
    taken = {name for name, _ in known.values()}
    for field, stems in rules()["headings"].items():
        if field in taken:
            continue
        fitting = [
            index
            for index in range(cells.shape[1])
            if index not in found
            and speaks_for(str(cells[last, index]), stems, field)
            and _has_contents(body[:, index], rules()["contents"][field], today)
        ]
        if fitting:
            # Of several the fullest: "Avslutsdatum" before "Nytt avslutsdatum".
            best = max(fitting, key=lambda index: (int((body[:, index] != "").sum()), -index))
            found[best] = (field, False)
    return found


def _has_contents(column: np.ndarray, kind: str, today: dt.date) -> bool:
    values = [str(value) for value in column if value]
    if not values:
        return False
    if kind == "distinct":
        return len(set(values)) >= _DISTINCT * len(values)
    return share(values, lambda value: _is_kind(value, kind, today)) >= MOSTLY


def _is_kind(value: str, kind: str, today: dt.date) -> bool:
    codebook, latest = built_in(), today.year + PLANNING_YEARS
    if kind == "text":
        return is_text(value)
    if kind == "date":
        readings = (USUAL_DATES, DateReading(order="month_first"))
        found = {parse_date(value, codebook, latest, one) for one in readings}
        return not found <= {"impossible"}
    if kind == "birth":
        return (value.isdigit() and len(value) == len("1985")) or _is_kind(value, "date", today)
    if kind == "sex":
        return value_key(value) in codebook.values["sex"]
    return parse_number(value, codebook)[1] == "number"
