"""Looking through a sheet of an OpenDocument spreadsheet (ods)."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from evalkit.intake.marks import Marks, Place

_CHUNK = 1 << 18
_ERROR = re.compile(r"#[\wÅÄÖ/?]+[!?]?$|(Err|Fel):\d+$", re.IGNORECASE)
# LibreOffice repeats the last empty row to the end of the grid.
_MOST_REPEATS = 100_000


def look_through(archive: zipfile.ZipFile, title: str) -> Marks:
    """The marks of the sheet with the given title."""
    reader = _Reader(title)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    with archive.open("content.xml") as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return reader.marks


@dataclass(slots=True)
class _Reader:
    title: str
    marks: Marks = field(default_factory=Marks)
    is_ours: bool = False
    row: int = 0
    column: int = 0
    cell: dict[str, str] | None = None
    shown: list[str] = field(default_factory=list)
    row_repeats: int = 1

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "table:table":
            self.is_ours = given.get("table:name") == self.title
        elif name == "table:null-date" and given.get("table:date-value", "").startswith("1904"):
            self.marks.counts_from_1904 = True
        elif name == "table:table-row" and self.is_ours:
            self.column = 0
            self.row_repeats = int(given.get("table:number-rows-repeated", "1"))
            if given.get("table:visibility", "visible") != "visible":
                self.marks.hidden |= {
                    self.row + i for i in range(min(self.row_repeats, _MOST_REPEATS))
                }
        elif name in ("table:table-cell", "table:covered-table-cell") and self.is_ours:
            self.cell, self.shown = given, []

    def text(self, text: str) -> None:
        if self.cell is not None:
            self.shown.append(text)

    def end(self, name: str) -> None:
        if name == "table:table-row" and self.is_ours:
            self.row += self.row_repeats
        elif name in ("table:table-cell", "table:covered-table-cell") and self.cell is not None:
            self._end_cell(self.cell)
            self.cell = None

    def _end_cell(self, cell: dict[str, str]) -> None:
        repeats = int(cell.get("table:number-columns-repeated", "1"))
        shown = "".join(self.shown).strip()
        has_formula = "table:formula" in cell
        target = self._set_for(cell, shown, has_formula)
        if target is not None:
            target |= {
                (self.row + i, self.column + j)
                for i in range(min(self.row_repeats, _MOST_REPEATS))
                for j in range(repeats)
            }
        down = int(cell.get("table:number-rows-spanned", "1")) - 1
        right = int(cell.get("table:number-columns-spanned", "1")) - 1
        if down or right:
            first = (self.row, self.column)
            self.marks.merged.append((first, (self.row + down, self.column + right)))
        self.column += repeats

    def _set_for(self, cell: dict[str, str], shown: str, has_formula: bool) -> set[Place] | None:
        kind = cell.get("office:value-type", "")
        if cell.get("calcext:value-type") == "error" or (has_formula and _ERROR.match(shown)):
            return self.marks.errors
        if has_formula and not kind:
            return self.marks.uncomputed
        return self.marks.percents if kind == "percentage" else None
