"""CSV files as Swedish systems write them: encoding, delimiter and the ``sep=`` line."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from pathlib import Path

from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import Grid, text_cells
from evalkit.results import Finding

_DELIMITERS = (";", "\t", ",", "|")
_SEPARATOR_LINE = re.compile(r"\A\s*\"?sep=(.)\"?[ \t]*\r?\n", re.IGNORECASE)
# UTF-8 å ä ö Å Ä Ö é ü and the byte order mark, read as Windows-1252.
_MOJIBAKE = re.compile("Ã[¥¤¶…„–©¼\u00a5]|ï»¿|Â\u00a0")
_LARGEST_CELL = 1_000_000


def read_delimited(path: Path, *, name: str) -> Grid:
    """A delimited text file as text cells; rows are numbered as Excel shows them.

    The ``sep=`` line is not counted: Excel takes it away when it opens the file.

    Raises:
        IntakeError: If a quotation mark is never closed or the bytes are no text.
    """
    return delimited_grid(path.read_bytes(), name=name)


def delimited_grid(content: bytes, *, name: str) -> Grid:
    """The cells of a delimited text, or of its beginning up to the end of a row."""
    text, findings = decode(content, name=name)
    separator = _SEPARATOR_LINE.match(text)
    if separator:
        text = text[separator.end() :]
    delimiter = separator.group(1) if separator else _likely_delimiter(text)
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[object]] = []
    try:
        rows.extend(list(row) for row in reader)
    except csv.Error:
        raise IntakeError(
            f"{name}: a quotation mark near row {len(rows) + 1} is not closed, "
            "so the rows after it cannot be told apart"
        ) from None
    return Grid(file=name, cells=text_cells(rows), findings=findings)


def decode(content: bytes, *, name: str) -> tuple[str, tuple[Finding, ...]]:
    """The text of the bytes, and what was noticed about their encoding.

    UTF-8 first, then Windows-1252, which never fails on UTF-8: doubly encoded letters are
    looked for and repaired.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), ()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise IntakeError(f"{name}: this is not a text file")
    if not _MOJIBAKE.search(text):
        return text, ()
    return _repaired(text, name)


def _repaired(text: str, name: str) -> tuple[str, tuple[Finding, ...]]:
    """Doubly encoded text put right line by line; lines that cannot be are reported."""
    repaired, broken, touched = [], [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if not _MOJIBAKE.search(line):
            repaired.append(line)
            continue
        touched.append(number)
        try:
            repaired.append(line.encode("cp1252").decode("utf-8-sig"))
        except UnicodeError:
            repaired.append(line)
            broken.append(number)
    findings = [
        Finding(
            severity="warning",
            check="mojibake_repaired",
            file=name,
            rows=tuple(touched),
            count=len(touched),
        )
    ]
    if broken:
        findings = [
            Finding(
                severity="error",
                check="mojibake",
                file=name,
                rows=tuple(broken),
                count=len(broken),
            )
        ]
    return "\n".join(repaired).removeprefix("\ufeff"), tuple(findings)


def _likely_delimiter(text: str) -> str:
    """The delimiter that splits most of the first lines into the same number of cells."""
    lines = text.splitlines()[:60]

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        if not widths:
            return (0, 0)
        width, agreeing = max(widths.items(), key=lambda item: (item[1], item[0]))
        return (agreeing, width)

    # Ties go to the earlier delimiter: a comma inside a decimal number agrees by accident.
    return max(_DELIMITERS, key=agreement)
