"""Looking through the old binary workbooks (xls, xlsb): error cells, hidden rows, the epoch.

calamine gives an error cell of an xls file as an empty text, and who left on a day that shows
as #N/A has not stayed. Sources: [MS-CFB], [MS-XLS] and [MS-XLSB], Microsoft's own descriptions.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Sequence

from evalkit.intake.marks import Marks

_FREE = 0xFFFFFFFA  # sector numbers from here on mark ends and gaps
_SMALL_STREAM = 4096
_BIFF8 = 0x0600
_IS_ERROR = 2
# Records of [MS-XLS].
_BOF, _EOF, _FORMULA, _DATE_1904, _BOUND_SHEET = 0x0809, 0x000A, 0x0006, 0x0022, 0x0085
_BOOL_ERR, _ROW, _MERGED = 0x0205, 0x0208, 0x00E5
# Records of [MS-XLSB].
_ROW_HEADER, _CELL_ERROR, _FORMULA_ERROR, _BUNDLE_SHEET, _WORKBOOK_PROPERTIES = 0, 3, 11, 156, 153


def look_through_xls(content: bytes, title: str) -> Marks:
    """The marks of a sheet of an Excel 97–2003 workbook."""
    stream = _workbook_stream(content)
    sheets: dict[str, int] = {}
    marks = Marks()
    for kind, data in _records(stream, 0):
        if kind == _BOF and struct.unpack_from("<H", data)[0] != _BIFF8:
            raise ValueError("older than Excel 97")
        if kind == _BOUND_SHEET:
            (place,), n, is_wide = struct.unpack_from("<I", data), data[6], data[7] & 1
            name = data[8 : 8 + n * (2 if is_wide else 1)]
            sheets[name.decode("utf-16-le" if is_wide else "latin-1")] = place
        elif kind == _DATE_1904:
            marks.counts_from_1904 = data[:2] == b"\x01\x00"
    for kind, data in _records(stream, sheets[title]):
        _take_record(kind, data, marks)
    return marks


def _take_record(kind: int, data: bytes, marks: Marks) -> None:
    if kind in (_BOOL_ERR, _FORMULA):
        row, column = struct.unpack_from("<HH", data)
        # A formula's result that is no number ends in FFFF and says of which kind it is.
        is_formula_error = data[12:14] == b"\xff\xff" and data[6] == _IS_ERROR
        if data[7] == 1 if kind == _BOOL_ERR else is_formula_error:
            marks.errors.add((row, column))
    elif kind == _ROW and data[12] & 0x20:
        marks.hidden.add(struct.unpack_from("<H", data)[0])
    elif kind == _MERGED:
        for i in range(struct.unpack_from("<H", data)[0]):
            top, bottom, left, right = struct.unpack_from("<4H", data, 2 + 8 * i)
            marks.merged.append(((top, left), (bottom, right)))


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Records up to the end of the part that starts at ``place``; charts inside are passed."""
    depth = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        data = stream[place + 4 : place + 4 + size]
        place += 4 + size
        depth += (kind == _BOF) - (kind == _EOF)
        if kind == _EOF and depth == 0:
            return
        if depth == 1:
            yield kind, data


def _workbook_stream(content: bytes) -> bytes:
    """The stream named Workbook inside the compound file."""
    file = _CompoundFile(content)
    directory = file.stream(struct.unpack_from("<I", content, 48)[0])
    for place in range(0, len(directory), 128):
        length = struct.unpack_from("<H", directory, place + 64)[0]
        name = directory[place : place + max(length - 2, 0)].decode("utf-16-le", "replace")
        if name == "Workbook":
            start, total = struct.unpack_from("<II", directory, place + 116)
            if total >= _SMALL_STREAM:
                return file.stream(start)[:total]
            pool = file.stream(struct.unpack_from("<I", directory, 116)[0])
            return file.small_stream(start, pool)[:total]
    raise ValueError("no stream named Workbook")


class _CompoundFile:
    """Streams of a compound file: chains of sectors, the small ones inside a stream of theirs."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._size = 1 << struct.unpack_from("<H", content, 30)[0]
        self._small = 1 << struct.unpack_from("<H", content, 32)[0]
        sectors = [*struct.unpack_from("<109I", content, 76)]
        following = struct.unpack_from("<I", content, 68)[0]
        while following < _FREE:
            *more, following = _numbers(self._sector(following))
            sectors += more
        self._links = [n for one in sectors if one < _FREE for n in _numbers(self._sector(one))]

    def stream(self, start: int) -> bytes:
        return b"".join(map(self._sector, _chain(start, self._links)))

    def small_stream(self, start: int, pool: bytes) -> bytes:
        table = self.stream(struct.unpack_from("<I", self._content, 60)[0])
        places = (self._small * one for one in _chain(start, _numbers(table)))
        return b"".join(pool[place : place + self._small] for place in places)

    def _sector(self, number: int) -> bytes:
        return self._content[(number + 1) * self._size : (number + 2) * self._size]


def _numbers(data: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _chain(start: int, links: Sequence[int]) -> Iterator[int]:
    """Sector numbers in their order; a damaged chain that runs in a circle ends."""
    for _ in range(len(links)):
        if start >= _FREE:
            return
        yield start
        start = links[start]


def look_through_xlsb(archive: zipfile.ZipFile, title: str) -> Marks:
    """The marks of a sheet of a binary workbook of Excel 2007 or later."""
    from evalkit.intake.open_xml import relationship_targets

    marks, identity = Marks(), ""
    for kind, data in _binary_records(archive.read("xl/workbook.bin")):
        if kind == _WORKBOOK_PROPERTIES:
            marks.counts_from_1904 = bool(data[0] & 1)
        elif kind == _BUNDLE_SHEET:
            own, place = _wide_text(data, 8)
            name, _ = _wide_text(data, place)
            identity = own if name == title else identity
    sheet = relationship_targets(archive, "xl/workbook.bin")[identity][1]
    row = 0
    for kind, data in _binary_records(archive.read(sheet)):
        if kind == _ROW_HEADER:
            row = struct.unpack_from("<I", data)[0]
            if data[11] & 0x10:
                marks.hidden.add(row)
        elif kind in (_CELL_ERROR, _FORMULA_ERROR):
            marks.errors.add((row, struct.unpack_from("<I", data)[0]))
    return marks


def _binary_records(content: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(content):
        kind, place = _variable(content, place, 2)
        size, place = _variable(content, place, 4)
        yield kind, content[place : place + size]
        place += size


def _variable(content: bytes, place: int, longest: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where the next begins."""
    value = 0
    for i in range(longest):
        byte = content[place + i]
        value |= (byte & 0x7F) << (7 * i)
        if byte < 0x80:
            return value, place + i + 1
    return value, place + longest


def _wide_text(data: bytes, place: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", data, place)[0]
    end = place + 4 + 2 * length
    return data[place + 4 : end].decode("utf-16-le"), end
