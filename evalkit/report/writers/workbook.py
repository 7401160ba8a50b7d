"""Documents → Excel: a cover sheet, then one table a sheet, with real numbers.

The habits are those of the UK Analysis Function for accessible spreadsheets: title in A1,
what must be known above the table, one marked table per sheet, no merged cells, no blank
rows. Text never becomes a formula or a link.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from evalkit.language import Texts
from evalkit.present.blocks import Cell, NumberKind, Table
from evalkit.present.html import Page, number_columns
from evalkit.present.numbers import printed_value
from evalkit.report.documents.model import Document
from evalkit.report.writers.content import (
    Numbered,
    inputs_table,
    kind_of,
    numbered_blocks,
    numbered_chapters,
    provenance_text,
)

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDEST_COLUMN = 46
_NARROWEST_COLUMN = 9
_A4 = 9
_LINE_POINTS = 15.5
_WIDER = 0.95  # a letter of running text against the digit that column widths count in
_INK, _ACCENT, _HAIR = "#1C2429", "#0A5272", "#C9D1D6"
# Words beside a column of numbers keep a distance to it.
_ALIGNED: dict[str, dict[str, object]] = {
    "first": {"align": "left"},
    "text": {"align": "left", "indent": 1},
    "number": {"align": "right"},
}


def report_xlsx(document: Document) -> bytes:
    """The tables of the report, and those behind its figures, as one workbook."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        book.set_properties(
            {
                "title": document.title,
                "subject": document.summary,
                "author": "",
                "created": datetime.combine(document.data_cut, datetime.min.time()),
            }
        )
        _Workbook(book, document).write()
    return target.getvalue()


class _Workbook:
    """The sheets of one document, and the formats they share."""

    def __init__(self, book: Any, document: Document) -> None:
        self._book, self._document = book, document
        self._texts = Texts(document.language)
        self._page = Page(self._texts)
        base = {"font_name": "Calibri", "font_size": 11, "font_color": _INK, "valign": "top"}
        self._base = base
        self._plain = book.add_format(base)
        self._wrapped = book.add_format({**base, "text_wrap": True})
        self._title = book.add_format({**base, "bold": True, "font_size": 15})
        self._strong = book.add_format({**base, "bold": True})
        self._link = book.add_format({**base, "font_color": _ACCENT, "underline": 1})
        self._heads = {
            place: book.add_format(
                {**base, "bold": True, "text_wrap": True, "valign": "bottom", "bottom": 2, "top": 1,
                 **_ALIGNED[place]}
            )
            for place in _ALIGNED
        }  # fmt: skip
        self._numbers: dict[str, Any] = {}

    def write(self) -> None:
        numbered = tuple(numbered_blocks(numbered_chapters(self._document)))
        self._cover(numbered)
        for number, one in enumerate(numbered, start=1):
            self._sheet(one, number)

    def _cover(self, numbered: Sequence[Numbered]) -> None:
        document, texts = self._document, self._texts
        sheet = self._new_sheet(texts["document.sheet.cover"])
        sheet.set_column(0, 0, 38)
        sheet.set_column(1, 1, 100)
        sheet.write_string(0, 0, document.title, self._title)
        row = 1
        for label, text in self._pairs():
            sheet.write_string(row, 0, label, self._wrapped)
            sheet.write_string(row, 1, text, self._wrapped)
            sheet.set_row(row, _row_height((label, 38), (text, 100)))
            row += 1
        heads = (texts["document.sheet.contents"], texts["document.sheet.title"])
        for column, head in enumerate(heads):
            sheet.write_string(row, column, head, self._heads["first"])
        for one in numbered:
            row += 1
            sheet.write_url(row, 0, f"internal:'{one.label}'!A1", self._link, one.label)
            sheet.write_string(row, 1, one.block.caption, self._wrapped)
            sheet.set_row(row, _row_height((one.block.caption, 100)))

    def _pairs(self) -> list[tuple[str, str]]:
        """What the cover says before its contents, as label and text."""
        document, texts = self._document, self._texts
        pairs = [(kind_of(document), document.summary)]
        if document.synthetic_note:
            pairs.append((texts["document.synthetic_title"], document.synthetic_note))
        pairs += [(fact.label, "; ".join(fact.values)) for fact in document.facts]
        pairs += [
            (line.label, f"{line.text}; {line.detail}" if line.detail else line.text)
            for line in document.headlines
        ]
        pairs.append((texts["document.provenance"], provenance_text(document)))
        files = inputs_table(document)
        pairs += [
            (f"{files.columns[0]}: {name.text}", f"{files.columns[1]}: {digest.text}")
            for name, digest in files.rows
        ]
        return [*pairs, (texts["document.sheet.cover"], texts["document.sheet.text"])]

    def _sheet(self, numbered: Numbered, number: int) -> None:
        block, table, texts = numbered.block, numbered.table, self._texts
        sheet = self._new_sheet(numbered.label)
        sheet.write_string(0, 0, f"{numbered.label}. {block.caption}", self._title)
        lines = [texts["document.sheet.one_table"], *self._units(table)]
        lines += dict.fromkeys([*block.notes, *table.notes])
        source = block.source or table.source
        if source:
            lines.append(self._page.source(source))
        for row, line in enumerate(lines, start=1):
            sheet.write_string(row, 0, line, self._plain)
        back = len(lines) + 1
        cover = f"internal:'{texts['document.sheet.cover']}'!A1"
        sheet.write_url(back, 0, cover, self._link, texts["document.sheet.back"])
        self._table(sheet, table, back + 1, name=f"table_{number}")

    def _units(self, table: Table) -> list[str]:
        kinds = dict.fromkeys(cell.kind for row in table.rows for cell in row)
        names = [
            self._texts[key]
            for kind in kinds
            if (key := f"document.sheet.unit.{kind}") in self._texts
        ]
        return [f"{self._texts['document.sheet.unit']} {', '.join(names)}"] if names else []

    def _table(self, sheet: Any, table: Table, first: int, *, name: str) -> None:
        numbers = number_columns(table)
        heads = unique_headings(table.columns)
        places = [
            "number" if column in numbers else "text" if column else "first"
            for column in range(len(heads))
        ]
        sheet.add_table(
            first, 0, first + max(len(table.rows), 1), len(heads) - 1,
            {
                "name": name,
                "style": None,
                "autofilter": False,
                "first_column": table.row_headers > 0,
                "columns": [
                    {"header": head, "header_format": self._heads[place]}
                    for head, place in zip(heads, places, strict=True)
                ],
            },
        )  # fmt: skip
        for row, cells in enumerate(table.rows, start=first + 1):
            for column, cell in enumerate(cells):
                self._cell(sheet, row, column, cell, place=places[column])
        widths = []
        for column, head in enumerate(heads):
            widths.append(_column_width(head, [cells[column].text for cells in table.rows]))
            sheet.set_column(column, column, widths[-1])
        lines = [heads, *([cell.text for cell in cells] for cells in table.rows)]
        for row, line in enumerate(lines, start=first):
            sheet.set_row(row, _row_height(*zip(line, widths, strict=True)))

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell, *, place: str) -> None:
        if cell.value is None or cell.kind == "text" or "<" in cell.text or ">" in cell.text:
            sheet.write_string(row, column, cell.text, self._format("@", place))
            return
        decimals = printed_decimals(cell.text, self._texts)
        value = printed_value(cell.value, cell.kind, decimals=decimals)
        if cell.kind == "percent":
            value = value / 100
        code = number_format(cell.kind, decimals, self._texts)
        sheet.write_number(row, column, float(value), self._format(code, "number"))

    def _format(self, code: str, place: str) -> Any:
        key = f"{place} {code}"
        if key not in self._numbers:
            looks = {**self._base, "num_format": code, "bottom": 4, "bottom_color": _HAIR,
                     "text_wrap": place != "number", **_ALIGNED[place]}  # fmt: skip
            self._numbers[key] = self._book.add_format(looks)
        return self._numbers[key]

    def _new_sheet(self, name: str) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        return sheet


def number_format(kind: NumberKind, decimals: int, texts: Texts) -> str:
    r"""The format code of a kind of number, with the minus and the units of the language.

    >>> number_format("sek", 0, Texts("en"))
    '#,##0"\xa0SEK";"−"#,##0"\xa0SEK"'
    >>> number_format("p_value", 2, Texts("sv"))
    '"p\xa0=\xa0"0.00'
    """
    digits = "0" + (f".{'0' * decimals}" if decimals else "")
    if kind == "percent":
        space = texts["number.percent"].removeprefix("{value}").removesuffix("%")
        return _signed(f"{digits}{_quoted(space)}%")
    if kind == "percentage_points":
        return _signed(digits)
    if kind == "p_value":
        return f"{_quoted(texts['number.p.equal'].removesuffix('{value}'))}{digits}"
    grouped = f"#,##{digits}"
    if kind == "days":
        unit = texts["number.days.other"].removeprefix("{value}")
        return _signed(f"{grouped}{_quoted(unit)}")
    if kind == "sek":
        return _signed(f"{grouped}{_quoted(texts['number.sek'].removeprefix('{value}'))}")
    return _signed(grouped)


def printed_decimals(text: str, texts: Texts) -> int:
    """How many decimals a number was printed with; a p-value has two or three.

    >>> printed_decimals("p = 0,002", Texts("sv")), printed_decimals("1,004", Texts("en"))
    (3, 0)
    """
    _, _, fraction = text.partition(texts["number.decimal_mark"])
    return len(fraction) - len(fraction.lstrip("0123456789"))


def unique_headings(columns: Sequence[str]) -> list[str]:
    """Column headings as an Excel table demands them: none empty, none twice.

    >>> unique_headings(["n", "k", "N", ""])
    ['n', 'k', 'N (2)', '–']
    """
    given: dict[str, int] = {}
    result = []
    for column in columns:
        heading = column or "–"
        times = given[heading.lower()] = given.get(heading.lower(), 0) + 1
        result.append(heading if times == 1 else f"{heading} ({times})")
    return result


def _signed(code: str) -> str:
    """Negative numbers with the minus of the other formats, not a hyphen."""
    return f'{code};"−"{code}'


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""


def _row_height(*cells: tuple[str, float]) -> float:
    """Points for the fullest cell: not every program heightens rows of wrapped text itself."""
    lines = max(math.ceil(len(text) * _WIDER / width) for text, width in cells)
    return _LINE_POINTS * max(lines, 1)


def _column_width(head: str, texts: Sequence[str]) -> int:
    words = max((len(word) for word in head.split()), default=0)
    longest = max((len(text) for text in texts), default=0)
    return min(max(words, longest, _NARROWEST_COLUMN), _WIDEST_COLUMN) + 3
