"""What a file that nobody has described yet seems to hold: headings, reasons, period.

Guesses are for `evalkit init` to show and for a project file to confirm. Nothing is read by a
guess alone, and no example shows a letter or a digit of a person's.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import numpy as np
from python_calamine import CalamineError, load_workbook

from evalkit.forms import pointing_form
from evalkit.intake.codebook import (
    Codebook,
    built_in,
    codebook_for,
    codebook_for_follow_up,
    header_key,
    value_key,
)
from evalkit.intake.convert import USUAL_DATES, DateReading, parse_date, parse_number
from evalkit.intake.dates import FEWEST_ALIKE, FIRST_DAYS, REASONS_KEPT
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import Column, Grid, coded
from evalkit.intake.headers import column_letter, find_header, printable_header
from evalkit.intake.levels import exit_classes
from evalkit.intake.read import read_grid
from evalkit.project.model import Project
from evalkit.project.proposal import (
    ProposedColumn,
    ProposedEnding,
    ProposedReason,
    ProposedRegister,
    SheetKind,
)
from evalkit.project.registers import FollowUp, Register
from evalkit.project.vocabulary import ExitClass
from evalkit.yaml_text import read_yaml

_ROWS_SEARCHED = 40
_FIRST_ROWS = 2_000
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
# Nothing that happens in a programme of today lies before it.
_EARLIEST = dt.date(1990, 1, 1)
_PLANNING_YEARS = 20
# Of a column's cells, how many must be what the field is.
_MOSTLY = 0.8
_DISTINCT = 0.5
# A column of reasons is a list to choose from when its texts recur; then a rare one is no
# person's story.
_MOST_REASONS, _LONGEST_REASON, _RECURRING = 30, 45, 2
_FEWEST_WRITTEN = 3
_EXAMPLES, _LONGEST_EXAMPLE, _LOOKED_AT = 2, 22, 400
_NOT_WORD = re.compile(r"[\W_]+")
_DRAWN = re.compile(r"\b(?:uttag|utdrag|utskriv|utskrift|per|datum|exporter)\w*\b", re.IGNORECASE)
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{8}\b")
_FIELD_NAME = str.maketrans({"å": "a", "ä": "a", "ö": "o", "é": "e", "ü": "u"})


def guessed_registers(file: Path, *, name: str, today: dt.date) -> tuple[ProposedRegister, ...]:
    """What each sheet of a file seems to hold; empty sheets are passed over.

    Raises:
        IntakeError: If the file cannot be read at all.
    """
    names: tuple[str | None, ...] = sheet_names(file)
    if len(names) < 2:
        grid = read_grid(file, name=name)
        return (_guessed(grid, file=name, sheet=None, today=today),)
    found, refused = [], []
    for sheet in names:
        try:
            grid = read_grid(file, name=name, sheet=sheet)
        except IntakeError as error:
            refused.append(error)
            continue
        found.append(_guessed(grid, file=name, sheet=sheet, today=today))
    if not found:
        raise refused[0]
    # Beside empty sheets the only one needs no name.
    return tuple(found) if len(found) > 1 else (replace(found[0], sheet=None),)


def described_register(register: Register, project: Project) -> ProposedRegister:
    """What a register of a project is read as: headings, fields and examples.

    A heading that is not read has as field what its words speak for, or a name of its own.
    Only the first rows are looked at, which most of a long file are like.

    Raises:
        IntakeError: If the file cannot be read.
    """
    name = register.file.as_posix()
    grid = read_grid(project.folder / register.file, name=name, sheet=register.sheet)
    n_beyond = int((grid.cells[_FIRST_ROWS:] != "").any(axis=1).sum())
    grid = replace(grid, cells=grid.cells[:_FIRST_ROWS])
    codebook = codebook_for(register, beside=project.registers)
    described = _guessed(
        grid, file=name, sheet=register.sheet, today=project.data_cut, codebook=codebook
    )
    read = tuple(
        replace(column, is_read=column.is_read and column.is_known) for column in described.columns
    )
    return replace(described, columns=read, rows=described.rows + n_beyond)


def columns_below(
    grid: Grid, source: Register | FollowUp, *, beside: Sequence[Register] = ()
) -> Iterator[tuple[str, Column]]:
    """Each column's heading and the cells below it; titles and headings are nobody's."""
    last = 0
    with suppress(IntakeError):
        if isinstance(source, FollowUp):
            of_events = codebook_for_follow_up(source)
            last = find_header(grid.cells, of_events, file=grid.file, dated_by="event_date").last
        else:
            last = find_header(grid.cells, codebook_for(source, beside=beside), file=grid.file).last
    for index, column in enumerate(grid.cells.T):
        yield _heading(column[: last + 1], index), grid.column(index).at(slice(last + 1, None))


def masked(text: str) -> str:
    """A value with every letter and digit hidden; the year of a date is kept.

    >>> masked("2024-03-15"), masked("Anna Ek, 070-123"), masked("1912")
    ('2024-••-••', '•••• ••, •••-•••', '••••')
    """
    year = re.match(r"(19|20)\d{2}(?=[-/.]\d)", text)
    kept = year[0] if year else ""
    hidden = kept + re.sub(r"\w", "•", text[len(kept) :])
    return hidden if len(hidden) <= _LONGEST_EXAMPLE else hidden[: _LONGEST_EXAMPLE - 1] + "…"


def guessed_reason(text: str, codebook: Codebook) -> str:
    """The exit class that the words of a reason speak for; empty where they do not agree.

    >>> from evalkit.intake.codebook import built_in
    >>> guessed_reason("Återgått till AF", built_in())
    'referred_back'
    >>> guessed_reason("Ej arbete, åter i försörjningsstöd", built_in())
    ''
    """
    known = codebook.exit_class(text)
    if known:
        return known
    words = _words_of(text)
    if any(_is_word(word, pattern) for word in words for pattern in _rules()["negations"]):
        return ""
    classes = {
        name
        for name, patterns in _rules()["reasons"].items()
        if name in get_args(ExitClass) and any(_holds(words, pattern) for pattern in patterns)
    }
    for louder, other in _rules()["before"]:
        if louder in classes:
            classes.discard(other)
    return classes.pop() if len(classes) == 1 else ""


@cache
def _rules() -> Mapping[str, Any]:
    file = resources.files("evalkit.intake") / "guess.yaml"
    rules: dict[str, Any] = read_yaml(file.read_text(encoding="utf-8"))
    return rules


def _words_of(text: str) -> list[str]:
    return [word for word in _NOT_WORD.split(text.casefold()) if word]


def _is_word(word: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return word.startswith(pattern[:-1])
    return word == pattern


def _holds(words: Sequence[str], pattern: str) -> bool:
    """Whether the words of a pattern stand there in its order, others between them or not."""
    rest = iter(words)
    return all(any(_is_word(word, part) for word in rest) for part in pattern.split())


def sheet_names(file: Path) -> tuple[str, ...]:
    """Names of a workbook's sheets, empty ones too; nothing for other files."""
    if file.suffix.lower() not in _WORKBOOKS:
        return ()
    try:
        with load_workbook(BytesIO(file.read_bytes())) as workbook:
            return tuple(workbook.sheet_names)
    except (CalamineError, OSError, ValueError):
        return ()


def _guessed(
    grid: Grid,
    *,
    file: str,
    sheet: str | None,
    today: dt.date,
    codebook: Codebook | None = None,
) -> ProposedRegister:
    codebook = codebook or built_in()
    first, last, kind, fields = _header(grid, today, codebook)
    body = grid.cells[last + 1 :]
    body = body[(body != "").any(axis=1)]
    # A line with no known heading may be the first person's row.
    lines = grid.cells[first : last + 1] if fields else grid.cells[:0]
    headings = [_heading(lines[:, index], index) for index in range(body.shape[1])]
    columns = tuple(_columns(headings, body, fields, set(codebook.kinds), kind))
    dates = _dates(body, fields, today)
    reasons, rare = _reasons(body, fields, codebook)
    return ProposedRegister(
        file=file,
        sheet=sheet,
        kind=kind,
        rows=len(body),
        columns=columns,
        reasons=reasons,
        rare_reasons=rare,
        endings=tuple(_endings(body, fields, codebook, today)) if kind == "participants" else (),
        first=dates.get("first"),
        last=dates.get("last"),
        drawn=_drawn(grid.cells[:first], today),
    )


def _header(
    grid: Grid, today: dt.date, codebook: Codebook
) -> tuple[int, int, SheetKind, dict[int, tuple[str, bool]]]:
    """First and last header line, what the sheet is, and column → field and whether known."""
    with suppress(IntakeError):
        header = find_header(grid.cells, codebook, file=grid.file)
        known = {index: (name, True) for name, index in header.columns.items()}
        return (
            header.first,
            header.last,
            "participants",
            _with_guesses(grid.cells, header.last, known, today),
        )
    with suppress(IntakeError):
        of_events = codebook_for_follow_up(FollowUp(file=Path(grid.file)))
        header = find_header(grid.cells, of_events, file=grid.file, dated_by="event_date")
        if {"person_id", "event_status"} <= set(header.columns):
            known = {index: (name, True) for name, index in header.columns.items()}
            return header.first, header.last, "follow_up", known
    line = _likely_header(grid.cells)
    known = {
        index: (found[0], True)
        for index, text in enumerate(grid.cells[line])
        if text and (found := codebook.canonical(text))
    }
    fields = _with_guesses(grid.cells, line, known, today)
    has_entry = any(name == "entry" for name, _ in fields.values())
    return line, line, "participants" if has_entry else "other", fields


def _likely_header(cells: np.ndarray) -> int:
    """The first line about as full as the fullest, with texts and no dates or numbers."""
    searched = cells[:_ROWS_SEARCHED]
    texts = [{text for text in row if text and not text[0].isdigit()} for row in searched]
    most = max(map(len, texts))
    return next(line for line, row in enumerate(texts) if len(row) >= _MOSTLY * most)


def _heading(lines: np.ndarray, index: int) -> str:
    """The lowest text of a heading; the project file may name a column by it alone."""
    texts = [text for text in lines if text]
    return printable_header(texts[-1] if texts else "", index)


def _with_guesses(
    cells: np.ndarray, last: int, known: dict[int, tuple[str, bool]], today: dt.date
) -> dict[int, tuple[str, bool]]:
    """Known columns, and those whose heading's words and cells agree on a field not yet there."""
    found, body = dict(known), cells[last + 1 :]
    taken = {name for name, _ in known.values()}
    for field, stems in _rules()["headings"].items():
        if field in taken:
            continue
        fitting = [
            index
            for index in range(cells.shape[1])
            if index not in found
            and _speaks_for(str(cells[last, index]), stems, field)
            and _has_contents(body[:, index], _rules()["contents"][field], today)
        ]
        if fitting:
            # Of several the fullest: "Avslutsdatum" before "Nytt avslutsdatum".
            best = max(fitting, key=lambda index: (int((body[:, index] != "").sum()), -index))
            found[best] = (field, False)
    return found


def _speaks_for(heading: str, stems: Sequence[str], field: str) -> bool:
    words = _words_of(heading)
    if field in ("entry", "exit") and any(
        word.startswith(stem) for word in words for stem in _rules()["planned"]
    ):
        return False
    text = f" {' '.join(words)} "
    return any(f" {stem}" in text for stem in stems)


def _has_contents(column: np.ndarray, kind: str, today: dt.date) -> bool:
    values = [str(value) for value in column if value]
    if not values:
        return False
    if kind == "distinct":
        return len(set(values)) >= _DISTINCT * len(values)
    if kind == "text":
        return _share(values, _is_text) >= _MOSTLY
    return _share(values, lambda value: _is_kind(value, kind, today)) >= _MOSTLY


def _is_text(value: str) -> bool:
    return any(sign.isalpha() for sign in value) and not value[0].isdigit()


def _is_kind(value: str, kind: str, today: dt.date) -> bool:
    codebook, latest = built_in(), today.year + _PLANNING_YEARS
    if kind == "date":
        readings = (USUAL_DATES, DateReading(order="month_first"))
        found = {parse_date(value, codebook, latest, one) for one in readings}
        return not found <= {"impossible"}
    if kind == "birth":
        return (value.isdigit() and len(value) == len("1985")) or _is_kind(value, "date", today)
    if kind == "sex":
        return value_key(value) in codebook.values["sex"]
    return parse_number(value, codebook)[1] == "number"


def _share(values: Sequence[str], holds: Any) -> float:
    counted = Counter(values)
    return sum(n for value, n in counted.items() if holds(value)) / len(values)


def _columns(
    headings: Sequence[str],
    body: np.ndarray,
    fields: Mapping[int, tuple[str, bool]],
    canonical: set[str],
    kind: SheetKind,
) -> Iterator[ProposedColumn]:
    """Every heading once, with its field, or a name under which it could be read."""
    seen: set[str] = set()
    names = canonical | {name for name, _ in fields.values()}
    for index, text in enumerate(headings):
        values = [str(value) for value in body[:, index] if value]
        # What stands below, too, is a person's, on the first row.
        heading = printable_header("" if text in values else text, index)
        key = header_key(heading)
        is_first = bool(key) and key not in seen and not heading.startswith("(")
        seen.add(key)
        if not values and not (is_first and index in fields):
            continue
        field, is_known = fields.get(index, ("", False))
        is_read = bool(field) and is_first
        if not field:
            field = _own_name(heading, names)
            names.add(field)
        yield ProposedColumn(
            heading=heading,
            place=column_letter(index),
            field=field,
            is_read=is_read and kind != "other",
            is_known=is_known,
            examples=_examples(values),
            levels=len(set(map(value_key, set(values)))),
        )


def _own_name(heading: str, taken: set[str]) -> str:
    plain = heading.casefold().translate(_FIELD_NAME).encode("ascii", "ignore").decode()
    name = _NOT_WORD.sub("_", plain).strip("_") or "kolumn"
    name = name if name[0].isalnum() else f"k{name}"
    number = 1
    unique = name
    while unique in taken:
        number += 1
        unique = f"{name}_{number}"
    return unique


def _examples(values: Sequence[str]) -> tuple[str, ...]:
    """Two values of different form among the first, masked."""
    found = dict.fromkeys(masked(value) for value in values[:_LOOKED_AT])
    return tuple(found)[:_EXAMPLES]


def _dates(
    body: np.ndarray, fields: Mapping[int, tuple[str, bool]], today: dt.date
) -> dict[str, dt.date]:
    """First start, and the last start or exit that has been."""
    latest = today.year + _PLANNING_YEARS
    days: dict[str, list[dt.date]] = {"entry": [], "exit": [], "event_date": []}
    for index, (name, _) in fields.items():
        if name in days:
            read = (parse_date(str(text), built_in(), latest) for text in set(body[:, index]))
            days[name] = [
                day for day in read if isinstance(day, dt.date) and _EARLIEST <= day <= today
            ]
    every = [*days["entry"], *days["exit"]]
    found = {}
    if days["entry"]:
        found["first"] = min(days["entry"])
    if every:
        found["last"] = max(every)
    return found


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


def _reasons(
    body: np.ndarray, fields: Mapping[int, tuple[str, bool]], codebook: Codebook
) -> tuple[tuple[ProposedReason, ...], int]:
    """The reasons that may be written down, and how many may not."""
    index = next((one for one, (name, _) in fields.items() if name == "exit_reason"), None)
    if index is None:
        return (), 0
    spellings: dict[str, Counter[str]] = {}
    for value in body[:, index]:
        text = " ".join(str(value).split())
        key = value_key(text)
        nothing = (*codebook.symbols, *codebook.ongoing, *codebook.blanks)
        if key and key not in nothing:
            spellings.setdefault(key, Counter())[text] += 1
    counted = {spelled.most_common(1)[0][0]: spelled.total() for spelled in spellings.values()}
    total = sum(counted.values())
    is_list = len(counted) <= _MOST_REASONS and total >= _RECURRING * len(counted)
    reasons, rare = [], 0
    for text, count in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        is_known = codebook.exit_class(text) is not None
        if not is_known and not _may_be_written(text, count, is_list=is_list):
            rare += 1
            continue
        exit_class = guessed_reason(text, codebook)
        reasons.append(
            ProposedReason(text=text, count=count, exit_class=exit_class, is_known=is_known)
        )
    return tuple(reasons), rare


def _endings(
    body: np.ndarray, fields: Mapping[int, tuple[str, bool]], codebook: Codebook, today: dt.date
) -> Iterator[ProposedEnding]:
    """Texts that several have where an end date should stand, the most frequent first."""
    places = {name: index for index, (name, _) in fields.items()}
    if "exit" not in places:
        return
    texts = body[:, places["exit"]]
    has_column = "exit_reason" in places
    given = np.zeros(len(texts), dtype=bool)
    if has_column:
        given = exit_classes(coded(body[:, places["exit_reason"]]), codebook).values != ""
    states = {text: _ending_state(str(text), codebook, today) for text in set(texts)}
    dated = np.array([states[text] == "date" for text in texts], dtype=bool)
    keeps_reasons = has_column and dated.any() and given[dated].mean() >= REASONS_KEPT
    for text, count in Counter(texts.tolist()).most_common():
        state = states[text]
        if count < FEWEST_ALIKE or state in ("", "date"):
            continue
        if state == "impossible" and not _may_be_written(text, count, is_list=False):
            continue
        nobody_left = not given[texts == text].any()
        is_sure = nobody_left and (state in ("missing", "ongoing") or keeps_reasons)
        yield ProposedEnding(
            text=text,
            count=count,
            is_known=state == "ongoing",
            is_sure=bool(is_sure) and state != "not_available",
        )


def _ending_state(text: str, codebook: Codebook, today: dt.date) -> str:
    """What a text in an end date is: a date, why it is none, or nothing to ask about."""
    if not text or value_key(text) in codebook.errors:
        return ""
    found = parse_date(text, codebook, today.year + _PLANNING_YEARS)
    if found == "impossible":
        month_first = DateReading(order="month_first")
        found = parse_date(text, codebook, today.year + _PLANNING_YEARS, month_first)
    if isinstance(found, dt.date):
        return "missing" if np.datetime64(found, "D") in FIRST_DAYS else "date"
    return found


def _may_be_written(text: str, count: int, *, is_list: bool) -> bool:
    if len(text) > _LONGEST_REASON or "@" in text or pointing_form(text):
        return False
    return is_list or (count >= _FEWEST_WRITTEN and not any(sign.isdigit() for sign in text))
