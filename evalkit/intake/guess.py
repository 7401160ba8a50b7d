"""What a file that nobody has described yet seems to hold: headings, reasons, period.

Guesses are for `evalkit init` to show and for a project file to confirm. Nothing is read by a
guess alone, and no example shows a letter or a digit of a person's.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

import numpy as np

from evalkit.intake.asides import rows_aside
from evalkit.intake.codebook import (
    Codebook,
    built_in,
    codebook_for,
    header_key,
    value_key,
)
from evalkit.intake.convert import parse_date
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import Grid
from evalkit.intake.guess_exits import (
    NOT_WORD,
    PLANNING_YEARS,
    endings_in,
    may_be_reason,
    reasons_in,
)
from evalkit.intake.guess_headings import ROWS_SEARCHED, guessed_header
from evalkit.intake.headers import column_letter, lowest_heading, printable_header
from evalkit.intake.identity import code_key, compacted
from evalkit.intake.read import read_grid
from evalkit.intake.workbook import sheet_names
from evalkit.project.model import Project
from evalkit.project.proposal import ProposedColumn, ProposedRegister, SheetKind
from evalkit.project.registers import Register

_FIRST_ROWS = 2_000
# Nothing that happens in a programme of today lies before it.
_EARLIEST = dt.date(1990, 1, 1)
_FEW_LEVELS = 4
_EXAMPLES, _LONGEST_EXAMPLE, _LOOKED_AT = 2, 22, 400
_DRAWN = re.compile(r"\b(?:uttag|utdrag|utskriv|utskrift|per|datum|exporter)\w*\b", re.IGNORECASE)
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{8}\b")
_SHORT = 10  # digits of an identity number without its century
_FIELD_NAME = str.maketrans({"å": "a", "ä": "a", "ö": "o", "é": "e", "ü": "u"})


def guessed_registers(
    file: Path, *, name: str, today: dt.date, known: Sequence[Register] = ()
) -> tuple[ProposedRegister, ...]:
    """What each sheet of a file seems to hold; empty sheets are passed over.

    Args:
        file: The file.
        name: As the project file is to call it.
        today: Later days are plans.
        known: Registers that are described already, this one or an earlier extract.

    Raises:
        IntakeError: If the file cannot be read at all.
    """
    names = sheet_names(file)
    found, refused = [], []
    for sheet in names if len(names) > 1 else (None,):
        try:
            grid = read_grid(file, name=name, sheet=sheet)
        except IntakeError as error:
            refused.append(error)
            continue
        found.append(_guessed(grid, name, sheet, today, _codebook(grid, name, sheet, known)))
    if not found:
        raise refused[0]
    # Beside empty sheets the only one needs no name.
    return tuple(found) if len(found) > 1 else (replace(found[0], sheet=None),)


def _codebook(grid: Grid, name: str, sheet: str | None, known: Sequence[Register]) -> Codebook:
    """With what the sheet's own description names, else the one whose headings it has most of."""
    keys = {header_key(text) for text in set(grid.cells[:ROWS_SEARCHED].flat)}

    def likeness(one: Register) -> tuple[bool, int]:
        is_own = one.file.as_posix() == name and one.sheet in (None, sheet)
        return is_own, sum(header_key(heading) in keys for heading in one.columns)

    best = max(known, key=likeness, default=None)
    return codebook_for(best, beside=known) if best and any(likeness(best)) else built_in()


def described_register(register: Register, project: Project) -> ProposedRegister:
    """What a register of a project is read as: headings, fields and examples.

    A heading that is not read has as field what its words speak for, or a name of its own.
    Only the first rows are looked at, which most of a long file are like.

    Raises:
        IntakeError: If the file cannot be read.
    """
    name = register.file.as_posix()
    grid = read_grid(project.folder / register.file, name=name, sheet=register.sheet)
    codebook = codebook_for(register, beside=project.registers)
    described = _guessed(
        grid, name, register.sheet, project.data_cut, codebook, most_rows=_FIRST_ROWS
    )
    read = tuple(
        replace(column, is_read=column.is_read and column.is_known) for column in described.columns
    )
    return replace(described, columns=read)


def masked(text: str) -> str:
    """A value with every letter and digit hidden; the year of a date is kept.

    >>> masked("2024-03-15"), masked("Anna Ek, 070-123"), masked("1912")
    ('2024-••-••', '•••• ••, •••-•••', '••••')
    """
    year = re.match(r"(19|20)\d{2}(?=[-/.]\d)", text)
    kept = year[0] if year else ""
    hidden = kept + re.sub(r"\w", "•", text[len(kept) :])
    return hidden if len(hidden) <= _LONGEST_EXAMPLE else hidden[: _LONGEST_EXAMPLE - 1] + "…"


def _guessed(
    grid: Grid,
    file: str,
    sheet: str | None,
    today: dt.date,
    codebook: Codebook,
    *,
    most_rows: int | None = None,
) -> ProposedRegister:
    above = replace(grid, cells=grid.cells[:most_rows])
    first, last, kind, fields, undecided = guessed_header(above, today, codebook)
    rows = _persons_rows(grid, last, fields, kind, codebook)
    body = grid.cells[rows[:most_rows]]
    # A line with no known heading may be the first person's row.
    lines = grid.cells[first : last + 1] if fields else grid.cells[:0]
    headings = [lowest_heading(lines[:, index], index) for index in range(body.shape[1])]
    columns = tuple(_columns(headings, body, fields, undecided, codebook, kind))
    dates = _dates(body, fields, today)
    reasons, rare = reasons_in(body, fields, codebook)
    return ProposedRegister(
        file=file,
        sheet=sheet,
        kind=kind,
        rows=len(rows),
        columns=columns,
        reasons=reasons,
        rare_reasons=rare,
        endings=tuple(endings_in(body, fields, codebook, today)) if kind == "participants" else (),
        first=dates.get("first"),
        last=dates.get("last"),
        drawn=_drawn(grid.cells[:first], today),
        persons=_persons(body, fields) if most_rows is None else frozenset(),
    )


def _persons(body: np.ndarray, fields: Mapping[int, tuple[str, bool]]) -> frozenset[int]:
    """A number of each person's designation, the same with and without the century's digits."""
    index = next((one for one, (name, _) in fields.items() if name == "person_id"), None)
    texts = (
        {code_key(compacted(text)) for text in body[:, index]} - {"0"} if index is not None else ()
    )
    return frozenset(hash(one[-_SHORT:] if one.isdigit() else one) for one in texts if one)


def _persons_rows(
    grid: Grid, last: int, fields: dict[int, tuple[str, bool]], kind: SheetKind, codebook: Codebook
) -> np.ndarray:
    """Places of the rows below the headings, without totals and notes."""
    columns_filled = [grid.column(index).filled for index in range(grid.cells.shape[1])]
    is_below = np.logical_or.reduce(columns_filled)
    is_below[: last + 1] = False
    if kind == "participants" and is_below.any():
        columns = {name: index for index, (name, _) in fields.items()}
        headings = {name: str(grid.cells[last, index]) for name, index in columns.items()}
        texts = {name: grid.column(index).at(is_below) for name, index in columns.items()}
        places = np.flatnonzero(is_below)
        asides = rows_aside(grid.cells, places, texts, columns, headings, codebook)
        is_below[places[np.logical_or.reduce([*asides.values()])]] = False
    return np.flatnonzero(is_below)


def _columns(
    headings: Sequence[str],
    body: np.ndarray,
    fields: Mapping[int, tuple[str, bool]],
    undecided: frozenset[int],
    codebook: Codebook,
    kind: SheetKind,
) -> Iterator[ProposedColumn]:
    """Every heading once, with its field, or a name under which it could be read."""
    seen: set[str] = set()
    names = set(codebook.kinds) | {name for name, _ in fields.values()}
    for index, text in enumerate(headings):
        values = [str(value) for value in body[:, index] if value]
        # What stands below, too, is a person's, on the first row.
        heading = printable_header("" if text in values else text, index)
        key = header_key(heading)
        is_first = bool(key) and key not in seen and not heading.startswith("(")
        if not values and not (is_first and index in fields):
            continue
        field, is_known = fields.get(index, ("", False))
        if key in seen and field and not heading.startswith("("):
            heading, is_first = f"{heading} [{column_letter(index)}]", True
        is_reason = field == "exit_reason" or may_be_reason(heading, values, field, codebook)
        seen.add(key)
        is_read = bool(field) and is_first and index not in undecided
        if not field:
            field = _own_name(heading, names)
            names.add(field)
        levels = set(map(value_key, set(values)))
        yield ProposedColumn(
            heading=heading,
            place=column_letter(index),
            field=field,
            is_read=is_read and kind != "other",
            is_known=is_known,
            examples=_examples(values),
            levels=len(levels),
            may_be_reason=is_reason and kind == "participants",
            marks_others=len(levels) <= _FEW_LEVELS and any(map(codebook.is_of_others, levels)),
        )


def _own_name(heading: str, taken: set[str]) -> str:
    plain = heading.casefold().translate(_FIELD_NAME).encode("ascii", "ignore").decode()
    name = NOT_WORD.sub("_", plain).strip("_") or "kolumn"
    name = name if name[0].isalnum() else f"k{name}"
    numbered = (f"{name}_{number}" for number in count(2))
    return next(one for one in chain((name,), numbered) if one not in taken)


def _examples(values: Sequence[str]) -> tuple[str, ...]:
    """Two values of different form among the first, masked."""
    found: dict[str, None] = {}
    for value in values[:_LOOKED_AT]:
        found[masked(value)] = None
        if len(found) == _EXAMPLES:
            break
    return tuple(found)


def _dates(
    body: np.ndarray, fields: Mapping[int, tuple[str, bool]], today: dt.date
) -> dict[str, dt.date]:
    """First start, and the last start or exit that has been."""
    latest = today.year + PLANNING_YEARS
    days: dict[str, list[dt.date]] = {"entry": [], "exit": [], "event_date": []}
    for index, (name, _) in fields.items():
        if name in days:
            read = (parse_date(str(text), built_in(), latest) for text in set(body[:, index]))
            days[name] = [
                day for day in read if isinstance(day, dt.date) and _EARLIEST <= day <= today
            ]
    first = {"first": min(days["entry"])} if days["entry"] else {}
    return first | ({"last": max(every)} if (every := [*days["entry"], *days["exit"]]) else {})


def _drawn(above: np.ndarray, today: dt.date) -> dt.date | None:
    """The day that a line above the headings says the file was drawn."""
    for row in above:
        text = " ".join(str(cell) for cell in row if cell)
        if _DRAWN.search(text):
            for written in _DAY.findall(text):
                day = parse_date(written, built_in(), today.year)
                if isinstance(day, dt.date) and _EARLIEST <= day <= today:
                    return day
    return None
