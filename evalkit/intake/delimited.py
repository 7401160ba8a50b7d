"""CSV files as Swedish systems write them: encoding, delimiter and the ``sep=`` line."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv

from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import Column, Grid, encoded_columns, grid_of, text_cells
from evalkit.results import Finding

_DELIMITERS = (";", "\t", ",", "|")
_SEPARATOR_LINE = re.compile(r"\A\s*\"?sep=(.)\"?[ \t]*\r?\n", re.IGNORECASE)
# UTF-8 å ä ö Å Ä Ö é ü and the byte order mark, read as Windows-1252.
_MOJIBAKE = re.compile("Ã[¥¤¶…„–©¼\u00a5]|ï»¿|Â\u00a0")
_SIGNS_OF_IT = "ÃïÂ"  # which are found many times faster
_LARGEST_CELL = 1_000_000
_BEGINNING = 1_000_000
_USUAL = "cp1252"
_ENCODINGS = (_USUAL, "mac_roman", "cp850")
_SWEDISH = frozenset("åäöÅÄÖéÉüÜ–’”\u00a0")


def read_delimited(path: Path, *, name: str) -> Grid:
    """A delimited text file as text cells; rows are numbered as Excel shows them.

    The ``sep=`` line is not counted: Excel takes it away when it opens the file.

    Raises:
        IntakeError: If a quotation mark is never closed or the bytes are no text.
    """
    text, findings = decode(path.read_bytes(), name=name)
    separator = _SEPARATOR_LINE.match(text)
    if separator:
        text = text[separator.end() :]
    delimiter = separator.group(1) if separator else _likely_delimiter(text)
    columns = _plain_columns(text, delimiter)
    if columns is not None:
        return grid_of(name, columns, findings)
    csv.field_size_limit(_LARGEST_CELL)
    rows: list[list[str]] = []
    is_broken = False
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        is_broken = True  # handled outside: an error raised here would carry the text along
    if is_broken:
        rows, found = _with_loose_quotes(text, delimiter, name, broken_row=len(rows) + 1)
        findings = (*findings, found)
    return Grid(file=name, cells=text_cells(rows), widths=[*map(len, rows)], findings=findings)


def _plain_columns(text: str, delimiter: str) -> list[Column] | None:
    """The columns of a file without quotation marks and with rows of one width; else nothing.

    Arrow reads them many times faster, and most long files are so.
    """
    if '"' in text or not text:
        return None
    n_columns = text[: (text + "\n").index("\n")].count(delimiter) + 1
    names = [str(index) for index in range(n_columns)]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(text.rstrip("\r\n").encode()),
            read_options=arrow_csv.ReadOptions(column_names=names),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, quote_char=False, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return encoded_columns(table.columns)


def _with_loose_quotes(
    text: str, delimiter: str, name: str, *, broken_row: int
) -> tuple[list[list[str]], Finding]:
    """The rows where quotation marks stand inside a cell and are not doubled.

    Spreadsheets read them as they stand. They may not swallow what follows: every row must be
    as wide as the first broken one says, on one line.

    Raises:
        IntakeError: If the rows cannot be told apart.
    """
    rows = [*csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    usual = max(widths, key=widths.__getitem__, default=0)
    later = rows[broken_row - 1 :]
    if any(len(row) not in (usual, 0) for row in later) or any(
        "\n" in cell for row in later for cell in row
    ):
        raise IntakeError("quotation_mark", file=name, row=broken_row)
    found = Finding(
        severity="warning", check="loose_quotes", file=name, rows=(broken_row,), count=1
    )
    return rows, found


def decode(content: bytes, *, name: str) -> tuple[str, tuple[Finding, ...]]:
    """The text of the bytes, and what was noticed about their encoding.

    UTF-8 and UTF-16 prove themselves. Of the others the one is taken in which most letters
    beyond ASCII are those of Swedish; doubly encoded letters are looked for and repaired.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), ()
    findings: tuple[Finding, ...] = ()
    try:
        text = content.decode(_unmarked_utf_16(content) or "utf-8-sig")
    except UnicodeDecodeError:
        encoding = _likely_encoding(content)
        text = content.decode(encoding, errors="replace")
        if encoding != _USUAL:
            told = (encoding.replace("_", " "),)
            found = Finding(severity="note", check="encoding_guessed", file=name, listing=told)
            findings = (found,)
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        raise IntakeError("not_text", file=name)
    if "\ufffd" in text:
        lost = tuple(n for n, line in enumerate(text.split("\n"), 1) if "\ufffd" in line)
        broken = Finding(severity="error", check="mojibake", file=name, rows=lost, count=len(lost))
        findings = (*findings, broken)
    if not any(sign in text for sign in _SIGNS_OF_IT) or not _MOJIBAKE.search(text):
        return text, findings
    repaired, found_too = _repaired(text, name)
    return repaired, (*findings, *found_too)


def _unmarked_utf_16(content: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of the first cells is zero."""
    start = content[:200]
    if len(start) < 8 or b"\x00" not in start:
        return None
    if all(byte == 0 for byte in start[1:8:2]):
        return "utf-16-le"
    return "utf-16-be" if all(byte == 0 for byte in start[0:8:2]) else None


def _likely_encoding(content: bytes) -> str:
    """The encoding that makes Swedish of the bytes beyond ASCII; Windows' own on a tie."""
    beyond = Counter(byte for byte in content if byte > 0x7F)

    def swedish(encoding: str) -> int:
        letters = {byte: bytes([byte]).decode(encoding, "replace") for byte in beyond}
        return sum(n if letters[byte] in _SWEDISH else -n for byte, n in beyond.items())

    return max(_ENCODINGS, key=swedish)


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
    lines = tuple(broken or touched)
    found = Finding(
        severity="error" if broken else "warning",
        check="mojibake" if broken else "mojibake_repaired",
        file=name,
        rows=lines,
        count=len(lines),
    )
    return "\n".join(repaired).removeprefix("\ufeff"), (found,)


def _likely_delimiter(text: str) -> str:
    """The delimiter that splits most of the first lines into the same number of cells."""
    lines = text[:_BEGINNING].splitlines()[:60]

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        if not widths:
            return (0, 0)
        width, agreeing = max(widths.items(), key=lambda item: (item[1], item[0]))
        return (agreeing, width)

    # Ties go to the earlier delimiter: a comma inside a decimal number agrees by accident.
    return max(_DELIMITERS, key=agreement)
