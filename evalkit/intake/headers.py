"""Finding the header of a register: below title rows, on one to three lines, by codebook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evalkit.intake.codebook import Codebook
from evalkit.intake.errors import IntakeError

_ROWS_SEARCHED = 40
_MOST_LINES = 3
_LONGEST_PRINTED = 60
# Date column → what it is, headers it may have, where a project names its own.
_EXPECTED = {
    "entry": (
        "a start date",
        "Startdatum or Inskrivningsdatum",
        "as entry under registers: columns:",
    ),
    "event_date": (
        "the date of an event",
        "Datum or Händelsedatum",
        "as event_date under follow_up: columns:",
    ),
}
_IDENTITY_LIKE = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Where the header stands and which column is what.

    Attributes:
        first, last: Index of the first and last header line, from 0.
        columns: Canonical column → column index.
        names: Canonical column → header as the file has it.
        unused: Headers not recognised; ``repeated``: headers of an already found column.
    """

    first: int
    last: int
    columns: dict[str, int]
    names: dict[str, str]
    unused: tuple[str, ...]
    repeated: tuple[str, ...]


def find_header(
    cells: np.ndarray, codebook: Codebook, *, file: str, dated_by: str = "entry"
) -> Header:
    """The header lines that recognise most columns; the fewest and first lines on a tie.

    Args:
        cells: The grid of text.
        codebook: Which headers there may be.
        file: What messages call the file.
        dated_by: The date column that every row needs: the start of an enrolment, unless
            the file is of another kind.

    Raises:
        IntakeError: If no row names that date, which every analysis needs.
    """
    best = (0, 0, 0)
    for first in range(min(_ROWS_SEARCHED, len(cells))):
        for lines in range(1, min(_MOST_LINES, len(cells) - first) + 1):
            recognised = sum(
                _recognise(parts, codebook) is not None
                for parts in _header_parts(cells[first : first + lines])
            )
            best = max(best, (recognised, -lines, -first))
    header = _header(cells, -best[2], -best[1], codebook) if best[0] else None
    if header is None or dated_by not in header.columns:
        seen = ", ".join(sorted(header.names.values())) if header else "none"
        what, example, where = _EXPECTED[dated_by]
        raise IntakeError(
            f"{file}: no column with {what} was recognised (expected a header such as "
            f"{example}; recognised headers: {seen}); name it as {dated_by} under {where} in the "
            "project file"
        )
    return header


def column_letter(index: int) -> str:
    """Spreadsheet name of a column.

    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def printable_header(header: str, index: int) -> str:
    """The header, or only its column letter where it is long or may hold a person's number."""
    if not header or len(header) > _LONGEST_PRINTED or _IDENTITY_LIKE.search(header):
        return f"({column_letter(index)})"
    return header


def _header_parts(lines: np.ndarray) -> list[list[str]]:
    """Per column its header texts from top to bottom.

    An upper text reaches right over empty cells, as a merged heading does when the merging
    was lost.
    """
    upper = [_reaching_right(row) for row in lines[:-1]]
    parts: list[list[str]] = []
    for own, stacked in zip(lines.T, zip(*upper, lines[-1], strict=True), strict=True):
        # An upper heading alone names a column only where it stands itself.
        texts = [text for text in stacked if text] if (own != "").any() else []
        parts.append(list(dict.fromkeys(texts)))
    return parts


def _reaching_right(row: Sequence[str]) -> list[str]:
    reached, current = [], ""
    for text in row:
        current = text or current
        reached.append(current)
    return reached


def _recognise(parts: Sequence[str], codebook: Codebook) -> tuple[str, int] | None:
    """The canonical column of a header: the whole text first, then without upper lines."""
    for start in range(len(parts)):
        found = codebook.canonical(" ".join(parts[start:]))
        if found:
            return found
    return None


def _header(cells: np.ndarray, first: int, lines: int, codebook: Codebook) -> Header:
    parts = _header_parts(cells[first : first + lines])
    texts = [" ".join(texts) for texts in parts]
    chosen: dict[str, tuple[int, int]] = {}
    unused, repeated = [], []
    for index, column_parts in enumerate(parts):
        found = _recognise(column_parts, codebook)
        if found is None:
            if (cells[first + lines :, index] != "").any() or texts[index]:
                unused.append(printable_header(texts[index], index))
            continue
        name, rank = found
        if name in chosen:
            loser = index if chosen[name][0] <= rank else chosen[name][1]
            repeated.append(printable_header(texts[loser], loser))
        if name not in chosen or rank < chosen[name][0]:
            chosen[name] = (rank, index)
    columns = {name: index for name, (_, index) in chosen.items()}
    names = {name: printable_header(texts[index], index) for name, index in columns.items()}
    return Header(
        first=first,
        last=first + lines - 1,
        columns=columns,
        names=names,
        unused=tuple(unused),
        repeated=tuple(repeated),
    )
