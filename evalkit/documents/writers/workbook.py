"""Documents → Excel: a cover, every number in one long table, then one table a sheet.

The habits are those of the UK Analysis Function for accessible spreadsheets: title in A1,
what must be known above the table, one marked table per sheet, no merged cells, no blank
rows. Text never becomes a formula or a link, and never stands in a column of numbers: a cell
without a number is empty, and a last column says what is printed there instead.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from evalkit.documents.model import Document
from evalkit.documents.writers.content import (
    Numbered,
    heading_of,
    inputs_table,
    kind_of,
    numbered_blocks,
    numbered_chapters,
    provenance_text,
)
from evalkit.documents.writers.number_codes import (
    held_number,
    number_format,
    printed_decimals,
    signed,
)
from evalkit.documents.writers.sheet_tables import column_places, row_remarks, unique_headings
from evalkit.documents.writers.tidy import Figure, is_number, tidy_figures
from evalkit.documents.writers.widths import (
    BOLD,
    SHEET_PADDING,
    column_width,
    longest_word,
    row_height,
)
from evalkit.language import Texts
from evalkit.present.blocks import Cell, Table
from evalkit.present.html import Page, number_columns

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_COVER_COLUMNS = (38, 84, 34)
# A line above a table that is longer would make the whole sheet small in print.
_LINES = textwrap.TextWrapper(120, break_long_words=False, break_on_hyphens=False)
_A4 = 9
_WITH_UNIT = ("count", "percent", "percentage_points", "days", "sek")
_TIDY = ("chapter", "table", "caption", "group", "time", "measure")
_TIDY_NUMBERS, _LAST = ("n", "count", "value", "low", "high"), ("unit", "rounded", "remark")
_TIDY_WIDTHS = {  # together what a landscape A4 holds at a size that can be read
    "chapter": 16, "table": 9, "caption": 32, "group": 25, "time": 9, "measure": 17,
    "n": 8, "count": 8, "value": 10, "low": 10, "high": 10, "unit": 14, "rounded": 9, "remark": 10,
}  # fmt: skip
_TITLE_POINTS = 23
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
        self._apart = book.add_format({**base, "indent": 1, "text_wrap": True})
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
        numbered = [
            (one, heading_of(chapter))
            for chapter in numbered_chapters(self._document)
            for one in numbered_blocks([chapter])
        ]
        self._cover(numbered)
        self._every_number()
        for number, (one, _) in enumerate(numbered, start=1):
            self._sheet(one, number)

    def _cover(self, numbered: Sequence[tuple[Numbered, str]]) -> None:
        texts = self._texts
        sheet = self._new_sheet(texts["document.sheet.cover"], self._document.title)
        for column, width in enumerate(_COVER_COLUMNS):
            sheet.set_column(column, column, width)
        pairs = self._pairs()
        for row, pair in enumerate(pairs, start=1):
            self._cover_line(sheet, row, pair)
        contents = len(pairs) + 1
        for column, name in enumerate(("contents", "title", "chapter")):
            head = texts[f"document.sheet.{name}"]
            sheet.write_string(contents, column, head, self._heads["first"])
        whole = (texts["document.sheet.numbers"], texts["document.sheet.numbers_title"], "")
        listed = [(one.label, one.block.caption, chapter) for one, chapter in numbered]
        for row, line in enumerate([whole, *listed], start=contents + 1):
            self._cover_line(sheet, row, line)
            sheet.write_url(row, 0, f"internal:'{line[0]}'!A1", self._link, line[0])

    def _cover_line(self, sheet: Any, row: int, line: Sequence[str]) -> None:
        for column, text in enumerate(line):
            if text:
                sheet.write_string(row, column, text, self._wrapped)
        sheet.set_row(row, row_height(line, _COVER_COLUMNS))

    def _pairs(self) -> list[tuple[str, str]]:
        """What the cover says before its contents, as label and text."""
        document, texts = self._document, self._texts
        pairs = [(kind_of(document), document.summary)]
        pairs += document.notices
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

    def _every_number(self) -> None:
        """The long table: for filtering, and for other programs."""
        texts = self._texts
        sheet = self._new_sheet(
            texts["document.sheet.numbers"], texts["document.sheet.numbers_title"]
        )
        heads = [texts[f"document.sheet.tidy.{name}"] for name in (*_TIDY, *_TIDY_NUMBERS, *_LAST)]
        sheet.write_string(1, 0, texts["document.sheet.numbers_text"], self._plain)
        figures = list(tidy_figures(self._document))
        places = ["first", *["text"] * (len(_TIDY) - 1), *["number"] * len(_TIDY_NUMBERS),
                  *["text"] * len(_LAST)]  # fmt: skip
        self._mark_table(sheet, 2, len(figures), heads, places, name="every_number")
        for row, figure in enumerate(figures, start=3):
            self._figure(sheet, row, figure)
        widths = [
            max(width, BOLD * longest_word([head]) + SHEET_PADDING)
            for width, head in zip(_TIDY_WIDTHS.values(), heads, strict=True)
        ]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_row(2, row_height(heads, widths, letters=BOLD))
        for row, figure in enumerate(figures, start=3):
            words = [getattr(figure, name) for name in _TIDY]
            sheet.set_row(row, row_height(words, widths))
        sheet.set_margins(left=0.4, right=0.4)
        sheet.freeze_panes(3, 0)
        sheet.repeat_rows(2)

    def _figure(self, sheet: Any, row: int, figure: Figure) -> None:
        texts = self._texts
        is_told = is_number(figure.value)
        unit = texts[f"document.sheet.unit.{figure.value.kind}"] if is_told else ""
        rounded = texts["document.sheet.rounded.no"]  # no profile rounds; readers look for it
        words = [getattr(figure, name) for name in _TIDY]
        last = len(_TIDY) + len(_TIDY_NUMBERS)
        ends = enumerate((unit, rounded, figure.remark), start=last)
        for column, text in (*enumerate(words), *ends):
            if text:
                looks = self._wrapped if column < last else self._apart
                sheet.write_string(row, column, text, looks)
        for column, name in enumerate(_TIDY_NUMBERS, start=len(_TIDY)):
            cell: Cell | None = getattr(figure, name)
            if cell is not None and is_number(cell):
                decimals = printed_decimals(cell.text, texts)
                value = held_number(cell, decimals)
                sheet.write_number(row, column, float(value), self._bare(decimals))

    def _bare(self, decimals: int) -> Any:
        """A number in the unit that a column of its own names."""
        code = signed("0" + (f".{'0' * decimals}" if decimals else ""))
        if code not in self._numbers:
            looks = {**self._base, "num_format": code, "align": "right"}
            self._numbers[code] = self._book.add_format(looks)
        return self._numbers[code]

    def _sheet(self, numbered: Numbered, number: int) -> None:
        block, table, texts = numbered.block, numbered.table, self._texts
        sheet = self._new_sheet(numbered.label, f"{numbered.label}. {block.caption}")
        lines = [texts["document.sheet.one_table"], *self._units(table)]
        lines += dict.fromkeys([*block.notes, *table.notes])
        source = block.source or table.source
        if source:
            lines.append(self._page.source(source))
        rows = [row for line in lines for row in _LINES.wrap(line)]
        for position, row in enumerate(rows, start=1):
            sheet.write_string(position, 0, row, self._plain)
        back = len(rows) + 1
        cover = f"internal:'{texts['document.sheet.cover']}'!A1"
        sheet.write_url(back, 0, cover, self._link, texts["document.sheet.back"])
        self._table(sheet, table, back + 1, name=f"table_{number}")
        sheet.repeat_rows(back + 1)
        sheet.freeze_panes(back + 2, table.row_headers)

    def _units(self, table: Table) -> list[str]:
        kinds = dict.fromkeys(cell.kind for row in table.rows for cell in row)
        names = [
            self._texts[key]
            for kind in kinds
            if kind in _WITH_UNIT and (key := f"document.sheet.unit.{kind}")
        ]
        return [f"{self._texts['document.sheet.unit']} {', '.join(names)}"] if names else []

    def _table(self, sheet: Any, table: Table, first: int, *, name: str) -> None:
        remarks = row_remarks(table)
        extra = [self._texts["document.sheet.tidy.remark"]] if any(remarks) else []
        heads = unique_headings([*table.columns, *extra])
        places = [*column_places(table), *["text"] * len(extra)]
        self._mark_table(
            sheet, first, len(table.rows), heads, places, name=name, is_headed=table.row_headers > 0
        )
        numbers = number_columns(table)
        for row, cells in enumerate(table.rows, start=first + 1):
            for column, cell in enumerate(cells):
                if column in numbers and not is_number(cell):
                    sheet.write_blank(row, column, None, self._format("General", "number"))
                else:
                    self._cell(sheet, row, column, cell, place=places[column])
            if extra:
                remark = remarks[row - first - 1]
                self._words(sheet, row, len(cells), remark, "text")
        shown = [[cell.text for cell in cells] for cells in table.rows]
        if extra:
            shown = [[*texts, remark] for texts, remark in zip(shown, remarks, strict=True)]
        lines = [heads, *shown]
        widths = [column_width(*texts) for texts in zip(*lines, strict=True)]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for row, line in enumerate(lines, start=first):
            letters = BOLD if row == first else 1
            sheet.set_row(row, row_height(line, widths, letters=letters))

    def _mark_table(
        self,
        sheet: Any,
        first: int,
        rows: int,
        heads: Sequence[str],
        places: Sequence[str],
        *,
        name: str,
        is_headed: bool = False,
    ) -> None:
        """Say to Excel, and to those who listen to it, that here is a table with these heads."""
        sheet.add_table(
            first, 0, first + max(rows, 1), len(heads) - 1,
            {
                "name": name,
                "style": None,
                "autofilter": name == "every_number",
                "first_column": is_headed,
                "columns": [
                    {"header": head, "header_format": self._heads[place]}
                    for head, place in zip(heads, places, strict=True)
                ],
            },
        )  # fmt: skip

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell, *, place: str) -> None:
        if cell.value is None or cell.kind == "text":
            self._words(sheet, row, column, cell.text, place)
            return
        decimals = printed_decimals(cell.text, self._texts)
        value = held_number(cell, decimals)
        if cell.kind == "percent":
            value = value / 100
        code = number_format(cell.kind, decimals, self._texts)
        if cell.text[0] in "<>":
            code = f'"{cell.text[0]} "{code}'
        sheet.write_number(row, column, float(value), self._format(code, "number"))

    def _words(self, sheet: Any, row: int, column: int, text: str, place: str) -> None:
        if text:
            sheet.write_string(row, column, text, self._format("@", place))
        else:
            sheet.write_blank(row, column, None, self._format("@", place))

    def _format(self, code: str, place: str) -> Any:
        key = f"{place} {code}"
        if key not in self._numbers:
            looks = {**self._base, "valign": "vcenter", "num_format": code, "bottom": 4,
                     "bottom_color": _HAIR, "text_wrap": place != "number",
                     **_ALIGNED[place]}  # fmt: skip
            self._numbers[key] = self._book.add_format(looks)
        return self._numbers[key]

    def _new_sheet(self, name: str, title: str) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, title, self._title)
        sheet.set_row(0, _TITLE_POINTS)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        pages = self._texts.format("document.page_of", page="&P", total="&N")
        sheet.set_footer(f"&L{self._document.title.replace('&', '&&')}&R{pages}")
        return sheet
