"""Finding the header of a register: below title rows, on one to three lines, by codebook."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evalkit.forms import pointing_form
from evalkit.intake.codebook import IS_LONGER, OWN, Codebook, header_key, is_planned, value_key
from evalkit.intake.errors import IntakeError, hint

_ROWS_SEARCHED = 40
_MOST_LINES = 3
_LONGEST_PRINTED = 60
# "Startdatum 2", "Slutdatum omgång 2", "Nytt startdatum", "Återinskriven".
_AGAIN = re.compile(
    r"(?:[\s_.(]+(?:omgång|period|insats|nr))?[\s_.(]*[2-9]\)?$|^(?:ny(?:tt|a)? |andra |åter[- ]?)",
    re.IGNORECASE,
)
# An end that so many have without a reason is planned, if other days agree so well with them.
_PLANNED, _AGREES = 0.1, 0.98
_DAY_LIKE = re.compile(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}|\d{5,8}$")
# A number of somebody's, or a day.
_POINTS = re.compile(r"\d{6}|\d{4}[-./]\d{1,2}[-./]\d|\d{1,2}[-./]\d{1,2}[-./]\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Where the header stands and which column is what.

    Attributes:
        first, last: Index of the first and last header line, from 0.
        columns: Canonical column → column index.
        names: Canonical column → header as the file has it.
        unused: Headers not recognised; ``repeated``: headers of an already found column.
        keys: Every heading of the file, reduced for comparison, as the project may name it.
    """

    first: int
    last: int
    columns: dict[str, int]
    names: dict[str, str]
    unused: tuple[str, ...]
    repeated: tuple[str, ...]
    keys: frozenset[str] = frozenset()


def find_header(
    cells: np.ndarray, codebook: Codebook, *, file: str, dated_by: str = "entry"
) -> Header:
    """The header lines that recognise most columns, each once; the fewest and first on a tie.

    Args:
        cells: The grid of text.
        codebook: Which headers there may be.
        file: What messages call the file.
        dated_by: The date column that every row needs: the start of an enrolment, unless
            the file is of another kind.

    Raises:
        IntakeError: If no row names that date, which every analysis needs.
    """
    best = (0, 0, 0, 0)
    for first in range(min(_ROWS_SEARCHED, len(cells))):
        for lines in range(1, min(_MOST_LINES, len(cells) - first) + 1):
            found = [
                recognised[0]
                for index, parts in enumerate(_header_parts(cells[first : first + lines]))
                if (recognised := _recognise(parts, codebook, index))
            ]
            # An upper line that parts two columns of one heading belongs to the headings.
            n_names = len(set(found))
            best = max(best, (n_names, n_names - len(found), -lines, -first))
    header = _header(cells, -best[3], -best[2], codebook, file) if best[0] else None
    if header is None or dated_by not in header.columns:
        seen = ", ".join(sorted(header.names.values())) if header else "–"
        # Where two headings are known the line is one of headings, and not of a person's.
        others = header.unused if header and len(header.names) > 1 else ()
        unread = hint("other_headers", headers=", ".join(others)) if others else None
        raise IntakeError(f"no_{dated_by}", file=file, headers=seen, hint=unread)
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
    """The header, or only its column letter where it is long or its form may point at a person."""
    is_long = len(header) > _LONGEST_PRINTED
    if not header or is_long or _POINTS.search(header) or pointing_form(header):
        return f"({column_letter(index)})"
    return header


def lowest_heading(lines: np.ndarray, index: int) -> str:
    """The lowest text of a heading; the project file may name a column by it alone."""
    texts = [text for text in lines if text]
    return printable_header(texts[-1] if texts else "", index)


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


def _recognise(parts: Sequence[str], codebook: Codebook, index: int) -> tuple[str, int] | None:
    """The canonical column of a header: the whole text first, then without upper lines.

    A column may be named with its letter behind, "Slutdatum [F]", where a heading stands twice.
    What an upper heading calls planned is planned.
    """
    texts = [" ".join(parts[start:]) for start in range(len(parts))]
    for text in texts if codebook.has_own else ():
        for named in (f"{text} [{column_letter(index)}]", text):
            if own := codebook.own(named):
                return own, OWN
    for text in texts:
        found = codebook.canonical(text)
        if found and found[0] in ("entry", "exit", "event_date") and is_planned(texts[0]):
            return None
        if found:
            return found
    return None


def _header(cells: np.ndarray, first: int, lines: int, codebook: Codebook, file: str) -> Header:
    parts = _header_parts(cells[first : first + lines])
    texts = [" ".join(texts) for texts in parts]
    body = cells[first + lines :]
    chosen: dict[str, tuple[int, int]] = {}
    unused, repeated = [], []
    for index, column_parts in enumerate(parts):
        found = _recognise(column_parts, codebook, index)
        if found is None:
            if (body[:, index] != "").any() or texts[index]:
                unused.append(printable_header(texts[index], index))
            _require_one_enrolment(body[:, index], texts[index], codebook, file)
            continue
        name, rank = found
        if name in chosen:
            _require_one(body, chosen[name], (rank, index), texts, name, file)
            pair = sorted((chosen[name], (rank, index)))
            _require_clear(body, pair, texts, name, codebook, file)
            loser = index if chosen[name][0] <= rank else chosen[name][1]
            repeated.append(printable_header(texts[loser], loser))
        if name not in chosen or rank < chosen[name][0]:
            chosen[name] = (rank, index)
    columns = {name: index for name, (_, index) in chosen.items()}
    if {"exit", "exit_reason"} <= columns.keys() and unused and chosen["exit"][0] != OWN:
        others = [index for index in range(len(parts)) if index not in columns.values()]
        _require_no_other_end(body, columns, others, texts, codebook, file)
    names = {name: printable_header(texts[index], index) for name, index in columns.items()}
    return Header(
        first=first,
        last=first + lines - 1,
        columns=columns,
        names=names,
        unused=tuple(unused),
        repeated=tuple(repeated),
        keys=frozenset(
            header_key(named)
            for index, column_parts in enumerate(parts)
            for start in range(len(column_parts))
            for text in (" ".join(column_parts[start:]),)
            for named in (text, f"{text} [{column_letter(index)}]")
        ),
    )


def _require_one_enrolment(column: np.ndarray, heading: str, codebook: Codebook, file: str) -> None:
    """Refuse further enrolments beside the first on a row: "Startdatum 2" is another start."""
    found = codebook.canonical(_AGAIN.sub("", heading)) if _AGAIN.search(heading) else None
    if found and found[0] in ("entry", "exit") and (column != "").any():
        raise IntakeError("enrolments_beside", file=file, column=heading)


def _require_clear(
    body: np.ndarray,
    pair: Sequence[tuple[int, int]],
    texts: Sequence[str],
    name: str,
    codebook: Codebook,
    file: str,
) -> None:
    """Refuse two different headings of which either may be the exit, or its reason.

    Of days of leaving the one that does not count is most often a planned one.
    """
    (rank, one), (other_rank, other) = pair
    if name not in ("exit", "exit_reason") or rank < 0 or other_rank >= IS_LONGER:
        return
    filled = body[:, other] != ""
    differ = filled & (body[:, one] != body[:, other])
    if name == "exit":
        means = np.array([text[:1].isdigit() for text in body[:, other]], dtype=bool)
    else:
        known = (codebook.exit_class(text) is not None for text in body[:, other])
        means = np.fromiter(known, dtype=bool)
    if (differ & means).any() and means.sum() > filled.sum() / 2:
        first, second = (printable_header(texts[index], index) for index in (one, other))
        raise IntakeError("two_columns", file=file, first=first, second=second, name=name)


def _require_no_other_end(
    body: np.ndarray,
    columns: Mapping[str, int],
    others: Sequence[int],
    texts: Sequence[str],
    codebook: Codebook,
    file: str,
) -> None:
    """Refuse an exit that also those without a reason have, beside days that only the others have.

    So it is where the day that was planned is called end, and the other one has a name of its own.
    """
    reasons = body[:, columns["exit_reason"]]
    no_reason = {"", *(text for text in set(reasons) if value_key(text) in codebook.ongoing)}
    given = np.array([text not in no_reason for text in reasons], dtype=bool)
    planned = (body[:, columns["exit"]] != "") & ~given
    if planned.sum() < _PLANNED * len(body) or not given.any():
        return
    for index in others:
        filled = body[:, index] != ""
        if (filled == given).mean() > _AGREES and all(map(_DAY_LIKE.match, body[filled, index])):
            first, second = (printable_header(texts[one], one) for one in (columns["exit"], index))
            raise IntakeError("two_columns", file=file, first=first, second=second, name="exit")


def _require_one(
    body: np.ndarray,
    one: tuple[int, int],
    other: tuple[int, int],
    texts: Sequence[str],
    name: str,
    file: str,
) -> None:
    """Refuse two columns of one meaning and other contents: which is meant is not told."""
    if one[0] != other[0] or (body[:, one[1]] == body[:, other[1]]).all():
        return
    shown = printable_header(texts[other[1]], other[1])
    if header_key(texts[one[1]]) != header_key(texts[other[1]]):
        first = printable_header(texts[one[1]], one[1])
        raise IntakeError("two_columns", file=file, first=first, second=shown, name=name)
    first, second = column_letter(one[1]), column_letter(other[1])
    raise IntakeError(
        "heading_twice", file=file, column=shown, first=first, second=second, name=name
    )
