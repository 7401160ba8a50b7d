"""Any register file → a grid of text. Reading text first keeps leading zeros and odd dates.

What a file is, its first bytes tell: web pages and plain text named .xls are common.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from evalkit.intake.delimited import read_delimited
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import Grid, encoded_columns, grid_of, text_cells
from evalkit.intake.web_page import read_web_page
from evalkit.intake.workbook import read_workbook

_KNOWN = frozenset(
    {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt", ".parquet", ".pq",
     ".html", ".htm"}
)  # fmt: skip
_OPEN_ELSEWHERE = ("~$", ".~lock.")
_TEXTS = frozenset({".csv", ".tsv", ".txt"})
_ZIP, _COMPOUND, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"
_LOOKED_AT = 4096
_WEB_PAGE = re.compile(rb"<\s*(!doctype\s+html|html|table|head|body|meta)\b", re.IGNORECASE)
_WEB_ARCHIVE = b"MIME-Version:"
_XML_SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"


# The files read while `grids_kept` lasts; none of them is kept outside of it.
_kept: list[dict[tuple[object, ...], Grid]] = []


@contextmanager
def grids_kept() -> Iterator[None]:
    """While it lasts nobody waits for one file twice, however many look at it."""
    _kept.append(_kept[-1] if _kept else {})
    try:
        yield
    finally:
        _kept.pop()


def read_grid(path: Path, *, name: str, sheet: str | None = None) -> Grid:
    """The cells of an Excel, OpenDocument, CSV or Parquet file, or of a web page, as text.

    Args:
        path: Where the file lies.
        name: What messages call the file.
        sheet: Excel sheet; may be left out where only one sheet holds anything.

    Raises:
        IntakeError: If the file is missing, empty, unreadable or of an unknown kind.
    """
    found = existing(path)
    if found is None:
        raise IntakeError("no_file", file=name)
    stat = found.stat()
    version = (found.resolve(), stat.st_mtime_ns, stat.st_size, sheet)
    kept = _kept[-1] if _kept else {}
    grid = kept.get(version) or _whole(found, path.suffix.lower(), name, sheet)
    kept[version] = grid
    return grid if grid.file == name else replace(grid, file=name)


def _whole(found: Path, suffix: str, name: str, sheet: str | None) -> Grid:
    if found.name.startswith(_OPEN_ELSEWHERE):
        raise IntakeError("lock_file", file=name)
    if suffix not in _KNOWN:
        raise IntakeError("kind", file=name, suffix=suffix)
    try:
        grid = _read(found, name, sheet)
    except PermissionError:
        raise IntakeError("not_allowed", file=name) from None
    if not any(grid.column(index).filled.any() for index in range(grid.cells.shape[1])):
        if sheet:
            raise IntakeError("empty_sheet", file=name, sheet=sheet)
        raise IntakeError("empty_file", file=name)
    return grid


def existing(path: Path) -> Path | None:
    """The file of that name, also where the disk holds its letters decomposed, as Macs do."""
    if path.is_file():
        return path
    wanted = unicodedata.normalize("NFC", path.name)
    if wanted.isascii() or not path.parent.is_dir():
        return None
    alike = (one for one in path.parent.iterdir() if one.is_file())
    return next((one for one in alike if unicodedata.normalize("NFC", one.name) == wanted), None)


def _read(path: Path, name: str, sheet: str | None) -> Grid:
    with path.open("rb") as stream:
        start = stream.read(_LOOKED_AT)
    suffix = path.suffix.lower()
    if start.startswith(_PARQUET) or suffix in {".parquet", ".pq"}:
        return _read_parquet(path, name)
    if start.startswith((_ZIP, _COMPOUND)) and suffix not in _TEXTS:
        return read_workbook(path, name=name, sheet=sheet)
    return _read_text(path, name, sheet, start)


def _read_text(path: Path, name: str, sheet: str | None, start: bytes) -> Grid:
    """A file of text, whatever it is called."""
    suffix = path.suffix.lower()
    if _XML_SPREADSHEET in start:
        raise IntakeError("xml_2003", file=name)
    if start.lstrip().startswith(_WEB_ARCHIVE):
        raise IntakeError("web_archive", file=name)
    if _WEB_PAGE.search(start):
        return read_web_page(path, name=name)
    if suffix in {".xlsx", ".xlsm", ".xlsb", ".ods"}:
        return read_workbook(path, name=name, sheet=sheet)
    grid = read_delimited(path, name=name)
    if suffix == ".xls" and grid.cells.shape[1] < 2:
        raise IntakeError("not_excel", file=name)
    return grid


def _read_parquet(path: Path, name: str) -> Grid:
    """A Parquet table with its column names as row 1, as a spreadsheet would show it."""
    try:
        # Not read_table: it refuses a file in which a name stands twice.
        table = parquet.ParquetFile(path).read()
    except (pa.ArrowException, OSError):
        raise IntakeError("not_parquet", file=name) from None
    names = text_cells([table.column_names])
    try:
        columns = encoded_columns(table.columns, names[0])
    except pa.ArrowNotImplementedError:  # lists and the like are told apart by Python alone
        rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
        return Grid(file=name, cells=text_cells([table.column_names, *rows]))
    return grid_of(name, columns)
