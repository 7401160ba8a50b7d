"""Excel files of the Swedish Public Employment Service: headers are recognised, never places."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from evalkit.intake.codebook import header_key
from evalkit.intake.errors import IntakeError
from evalkit.intake.official.json_stat import VALUE
from evalkit.intake.read import read_grid

_ROWS_SEARCHED = 40
_AGES = re.compile(r"\b(\d\d)\s*[-–]\s*(\d\d)\s*år")


def read_employment_service(
    path: Path,
    *,
    name: str,
    sheet: str | None,
    area_column: str,
    value_column: str,
    period: str,
    period_column: str,
) -> pd.DataFrame:
    """Area, period and value as text from wherever in the sheet the headers stand.

    Titles above and notes below are passed over; a header in two rows is read as both
    together ("16-65 år Andel"), the upper one standing for all columns to its right until the
    next. Rows without a value are left out; "<5" and ".." stay as they are.

    Raises:
        IntakeError: If the file cannot be read or no row has the headers; those found are
            listed.
    """
    cells = read_grid(path, name=name, sheet=sheet).cells
    wanted = [area_column, value_column, *([period_column] if period_column else [])]
    first, places = _headers(cells, wanted, name)
    body = cells[first + 1 :]
    body = body[(body[:, places[0]] != "") & (body[:, places[1]] != "")]
    periods = body[:, places[2]] if period_column else np.full(len(body), period, dtype=object)
    return pd.DataFrame({"area": body[:, places[0]], "period": periods, VALUE: body[:, places[1]]})


def ages_in(text: str) -> str:
    """The age span that a header or title states: shares of 16–64 and 16–65 do not compare.

    >>> ages_in("Inskrivna arbetslösa 16-65 år, andel")
    '16–65'
    """
    found = _AGES.search(text)
    return f"{found[1]}–{found[2]}" if found else ""


def ages_stated(path: Path, *, name: str, sheet: str | None) -> str:
    """The first age span stated above the figures of a file."""
    cells = read_grid(path, name=name, sheet=sheet).cells
    return ages_in(" ".join(text for row in cells[:_ROWS_SEARCHED] for text in row if text))


def _headers(cells: np.ndarray, wanted: list[str], name: str) -> tuple[int, list[int]]:
    """The row of headers, and the column of each; the lower of two rows when there are two."""
    keys = [header_key(text) for text in wanted]
    seen: list[str] = []
    for row in range(min(len(cells), _ROWS_SEARCHED)):
        for headers in _readings(cells, row):
            known = [header_key(text) for text in headers]
            if all(key in known for key in keys):
                return row, [known.index(key) for key in keys]
        seen += [text for text in cells[row] if text and not text.replace(".", "").isdigit()]
    listed = ", ".join(dict.fromkeys(seen[:12]))
    raise IntakeError("no_headers", file=name, headers=", ".join(wanted), found=listed)


def _readings(cells: np.ndarray, row: int) -> list[list[str]]:
    """A row as headers: alone, and below the row above it, whose groups reach to the right."""
    own = list(cells[row])
    if row == 0:
        return [own]
    group, together = "", []
    for above, below in zip(cells[row - 1], own, strict=True):
        group = above or group
        together.append(f"{group} {below}".strip() if below else above)
    return [own, together, [b or a for a, b in zip(cells[row - 1], together, strict=True)]]
