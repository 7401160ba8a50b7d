"""Looking through a sheet of an Excel workbook (xlsx, xlsm): what its values do not tell.

The sheet is found as the workbook names it, whatever its part is called, in the usual or the
strict namespaces, with or without prefixes. It is read as a stream, and only where it holds
something worth finding.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET
from xml.parsers import expat

import numpy as np

from evalkit.intake.marks import Marks, Place

_CHUNK = 1 << 18
_OVERLAP = 64
# Plain texts are found many times faster than patterns, single letters faster still, and most
# sheets hold none of them.
_WORTH_A_LOOK = {b"h": (b"hidden=",), b"'": (b"t='", b"r='"), b"f": (b"<f", b":f"),
                 b"m": (b"mergeCell ",), b'"e': (b't="e"',)}  # fmt: skip
_FAR_CELL = re.compile(rb'r="[A-Z]{3}\d')
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](\d+)[\"']")
_CELL = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]+)(\d+)[\"'][^>]*?(?:/>|>.*?</(?:\w+:)?c>)", re.DOTALL
)
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
# Per cent with no and with two decimals among the formats that every workbook has.
_PERCENT_FORMATS = frozenset({9, 10})
_QUOTED = re.compile(r'"[^"]*"|\\.')
# A sheet with so many more rows than it writes down has something far below its table.
_GAP_ROWS = 10_000
# A program that computes nothing leaves 0; of so many formulas not all have that result.
_FEWEST_ZEROS = 3


def look_through(archive: zipfile.ZipFile, title: str) -> Marks:
    """The marks of the sheet with the given title."""
    workbook, sheet = _parts(archive, title)
    properties = next((one for one in workbook.iter() if _local(one.tag) == "workbookPr"), None)
    from_1904 = properties is not None and properties.get("date1904", "0") in ("1", "true", "on")
    percents = _percent_styles(archive)
    worth = {**_WORTH_A_LOOK, b's="': tuple(b's="%d"' % style for style in percents)}
    if not _is_worth_a_look(archive, sheet, worth):
        return Marks(counts_from_1904=from_1904)
    reader = _SheetReader(percents=percents, blank_texts=_blank_texts(archive))
    with archive.open(sheet) as stream:
        reader.parse(iter(lambda: stream.read(_CHUNK), b""))
    reader.marks.counts_from_1904 = from_1904
    return reader.marks


def without_cells_beyond(archive: zipfile.ZipFile, title: str, extent: Place) -> bytes:
    """The workbook without the cells of a sheet that lie beyond ``extent``."""
    from io import BytesIO

    _, sheet = _parts(archive, title)
    n_rows, n_columns = extent

    def kept(match: re.Match[bytes]) -> bytes:
        row, column = int(match[2]), column_number(match[1].decode())
        return match[0] if row <= n_rows and column < n_columns else b""

    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for name in archive.namelist():
            content = archive.read(name)
            copy.writestr(name, _CELL.sub(kept, content) if name == sheet else content)
    return made.getvalue()


def column_number(letters: str) -> int:
    """Column letters as a number from 0.

    >>> column_number("A"), column_number("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _parts(archive: zipfile.ZipFile, title: str) -> tuple[ET.Element, str]:
    """The workbook's own part, and the name of the part that holds the sheet."""
    office = relationship_targets(archive, "")
    book = next(
        target for kind, target in office.values() if kind.rpartition("/")[2] == "officeDocument"
    )
    workbook = ET.fromstring(archive.read(book))
    targets = relationship_targets(archive, book)
    for one in workbook.iter():
        if _local(one.tag) == "sheet" and one.get("name") == title:
            identity = next(value for key, value in one.attrib.items() if _local(key) == "id")
            return workbook, targets[identity][1]
    raise KeyError(title)


def relationship_targets(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relationships of a part: id → kind and name of the part it points to."""
    folder, name = posixpath.split(part)
    rels = ET.fromstring(archive.read(posixpath.join(folder, "_rels", f"{name}.rels")))
    return {
        one.get("Id", ""): (
            one.get("Type", ""),
            posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/"),
        )
        for one in rels
    }


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """Indexes of the cell styles that show a number in per cent."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    styles = ET.fromstring(archive.read("xl/styles.xml"))
    formats = set(_PERCENT_FORMATS)
    for one in styles.iter():
        if _local(one.tag) == "numFmt" and "%" in _QUOTED.sub("", one.get("formatCode", "")):
            formats.add(int(one.get("numFmtId", "-1")))
    cells = next((one for one in styles if _local(one.tag) == "cellXfs"), None)
    return frozenset(
        index
        for index, style in enumerate(cells if cells is not None else ())
        if int(style.get("numFmtId", "0")) in formats
    )


def _blank_texts(archive: zipfile.ZipFile) -> frozenset[int]:
    """Indexes of the shared texts that hold nothing a reader would see."""
    part = next((one for one in archive.namelist() if one.endswith("sharedStrings.xml")), None)
    if part is None:
        return frozenset()
    blank: list[int] = []
    with archive.open(part) as stream:
        index = 0
        for _, one in ET.iterparse(stream):
            if _local(one.tag) == "si":
                if not "".join(one.itertext()).strip():
                    blank.append(index)
                index += 1
                one.clear()
    return frozenset(blank)


def _is_worth_a_look(
    archive: zipfile.ZipFile, sheet: str, worth: Mapping[bytes, tuple[bytes, ...]]
) -> bool:
    n_rows, last, tail = 0, 0, b""
    with archive.open(sheet) as stream:
        while chunk := stream.read(_CHUNK):
            seen = tail + chunk
            if _holds_far_cell(seen) or any(
                rare in seen and any(text in seen for text in texts)
                for rare, texts in worth.items()
            ):
                return True
            n_rows += chunk.count(b"<row") + (chunk.count(b":row") if b":" in chunk else 0)
            numbers = _ROW_NUMBER.findall(chunk[-4096:])
            last = max(last, int(numbers[-1])) if numbers else last
            tail = chunk[-_OVERLAP:]
    return last > n_rows + _GAP_ROWS


def _holds_far_cell(seen: bytes) -> bool:
    """A column of three letters; letters before a digit are looked for first, all at once."""
    signs = np.frombuffer(seen, dtype=np.uint8)
    is_letter = signs - ord("A") < 26
    is_far = is_letter[:-3] & is_letter[1:-2] & is_letter[2:-1] & (signs[3:] - ord("0") < 10)
    return bool(is_far.any()) and _FAR_CELL.search(seen) is not None


def _local(name: str) -> str:
    return name.rpartition("}")[2]


@dataclass(slots=True)
class _SheetReader:
    """Reads a sheet's XML; one cell at a time is remembered."""

    percents: frozenset[int]
    blank_texts: frozenset[int]
    marks: Marks = field(default_factory=Marks)
    row: int = -1
    column: int = -1
    kind: str = ""
    is_percent: bool = False
    has_formula: bool = False
    is_value: bool = False
    value: list[str] = field(default_factory=list)
    n_zeros: int = 0
    is_computed: bool = False
    last: Place = (0, 0)
    filled: Place = (0, 0)

    def parse(self, chunks: Iterator[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
        self.marks.extent = self.filled
        if self.is_computed or self.n_zeros < _FEWEST_ZEROS:
            self.marks.zero_formulas.clear()
        if self.last[0] > self.filled[0] or self.last[1] > self.filled[1]:
            self.marks.beyond = (self.last[0] - 1, self.last[1] - 1)

    def _start(self, name: str, given: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._start_cell(given)
        elif tag in ("v", "t"):
            self.is_value = True
        elif tag == "f":
            self.has_formula = True
        elif tag == "row":
            self.row = int(given["r"]) - 1 if "r" in given else self.row + 1
            self.column = -1
            if given.get("hidden") in ("1", "true"):
                self.marks.hidden.add(self.row)
        elif tag == "mergeCell":
            first, _, last = given["ref"].partition(":")
            self.marks.merged.append((_place(first), _place(last or first)))

    def _start_cell(self, given: dict[str, str]) -> None:
        self.column = _place(given["r"])[1] if "r" in given else self.column + 1
        self.kind = given.get("t", "n")
        self.is_percent = int(given.get("s", "0")) in self.percents
        self.has_formula = False
        self.value = []

    def _text(self, text: str) -> None:
        if self.is_value:
            self.value.append(text)

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag in ("v", "t"):
            self.is_value = False
        elif tag == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        place, text = (self.row, self.column), "".join(self.value).strip()
        self.last = (max(self.last[0], self.row + 1), max(self.last[1], self.column + 1))
        if text and not (self.kind == "s" and int(text) in self.blank_texts):
            self.filled = (max(self.filled[0], self.row + 1), max(self.filled[1], self.column + 1))
        if self.kind == "e":
            self.marks.errors.add(place)
        elif self.has_formula and not text and self.kind != "str":
            self.marks.uncomputed.add(place)
        elif self.has_formula:
            self.n_zeros += text == "0"
            self.is_computed |= text != "0"
            self.marks.zero_formulas.add(self.column)
        if self.is_percent and self.kind == "n" and text:
            self.marks.percents.add(place)


def _place(reference: str) -> Place:
    match = _REFERENCE.match(reference.replace("$", ""))
    assert match is not None  # Excel writes nothing else here
    return int(match[2]) - 1, column_number(match[1])
