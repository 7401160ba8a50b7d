"""A web page with a table, which many systems call an Excel file."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from evalkit.intake.delimited import decode
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import Grid, text_cells
from evalkit.results import Finding


def read_web_page(path: Path, *, name: str) -> Grid:
    """The only table of a web page, or the longest by far, as text.

    Raises:
        IntakeError: If the page holds no table, or several of which none is the register.
    """
    text, findings = decode(path.read_bytes(), name=name)
    page = _Tables()
    page.feed(text)
    page.close()
    tables = sorted((table for table in page.tables if table), key=len, reverse=True)
    if not tables:
        raise IntakeError("web_page.no_table", file=name)
    if len(tables) > 1 and len(tables[1]) * 2 > len(tables[0]):
        raise IntakeError("web_page.tables", file=name)
    found = Finding(severity="note", check="web_page", file=name)
    return Grid(file=name, cells=text_cells(tables[0]), findings=(found, *findings))


class _Tables(HTMLParser):
    """Tables as rows of cells. A cell over several columns leaves the others empty."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[object]]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table" or (tag == "tr" and not self.tables):
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._end_cell()
            self._cell = []
            self._further = max(int(dict(attrs).get("colspan") or "1"), 1) - 1
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            text = " ".join("".join(self._cell).split())
            self.tables[-1][-1] += [text, *[""] * self._further]
            self._cell = None
