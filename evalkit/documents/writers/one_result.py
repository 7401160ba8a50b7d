"""One result as a sheet or a Word file: its tables and pictures, marked as not reviewed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evalkit.documents.writers.number_codes import number_format
from evalkit.language import Texts
from evalkit.present.blocks import Block, Cell, Figure, Paragraph, Table
from evalkit.present.labels import Words

_COLUMN = 18
_PICTURE_SCALE = 0.45
_LONGEST_NAME = 31
_LONGEST_PROPERTY = 250
_PER_CENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OneResult:
    """What is written of a result.

    Attributes:
        blocks: Its sentences, tables and charts.
        picture: The chart as PNG; empty where there is none. ``alt``: its alternative text.
        frame: Its figures as they are.
        mark: That it has not been reviewed; empty once it has been released.
    """

    title: str
    blocks: tuple[Block, ...]
    picture: bytes
    alt: str
    frame: pd.DataFrame
    mark: str

    @property
    def tables(self) -> list[Table]:
        """The tables, those behind charts among them."""
        shown = [one.data if isinstance(one, Figure) else one for one in self.blocks]
        return [one for one in shown if isinstance(one, Table)]

    @property
    def sentences(self) -> list[str]:
        return [one.text for one in self.blocks if isinstance(one, Paragraph)]


def result_xlsx(one: OneResult, words: Words) -> bytes:
    """A sheet per table with the numbers as printed, and one with the figures as they are."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False,
               "strings_to_urls": False, "nan_inf_to_errors": True}  # fmt: skip
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties(
            {"title": one.title[:_LONGEST_PROPERTY], "subject": one.mark, "author": ""}
        )
        strong = book.add_format({"bold": True})
        for number, table in enumerate(one.tables, start=1):
            name = f"{words.texts['document.table']} {number}"
            sheet = _sheet(book, name, one, strong)
            first = _lines(sheet, [*(one.sentences if number == 1 else []), table.caption])
            _table(book, sheet, table, first, words.texts, strong)
            _lines(sheet, table.notes, first + len(table.rows) + 2)
            if number == 1 and one.picture:
                place = first + len(table.rows) + len(table.notes) + 3
                _picture(sheet, one, place)
        sheet = _sheet(book, words.texts["show.data"], one, strong)
        if not one.tables:
            place = _lines(sheet, one.sentences)
            _frame(sheet, one.frame, place, strong)
            _picture(sheet, one, place + len(one.frame) + 2)
        else:
            _frame(sheet, one.frame, 1, strong)
    return target.getvalue()


def result_docx(one: OneResult, words: Words) -> bytes:
    """The sentences, the picture with its alternative text and the tables."""
    from docx.shared import Mm

    from evalkit.documents.writers.word_fields import add_picture, add_table
    from evalkit.documents.writers.word_styles import empty_document

    word = empty_document(words.language)
    word.core_properties.title = one.title[:_LONGEST_PROPERTY]
    word.core_properties.subject = one.mark
    word.core_properties.author = ""
    if one.mark:
        word.sections[0].header.paragraphs[0].text = one.mark
        word.add_paragraph().add_run(one.mark).bold = True
    word.add_heading(one.title, level=1)
    for sentence in one.sentences:
        word.add_paragraph(sentence)
    if one.picture:
        width = word.sections[0].page_width or Mm(210)
        margins = (word.sections[0].left_margin or 0) + (word.sections[0].right_margin or 0)
        run = word.add_paragraph().add_run()
        room = (width - margins) / Mm(1)
        add_picture(run, one.picture, width_mm=room, title=one.title, description=one.alt)
    for table in one.tables:
        word.add_paragraph(table.caption, style="Caption")
        add_table(word, table, caption=table.caption, before_notes=bool(table.notes))
        for note in table.notes:
            word.add_paragraph(note, style="Note")
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def _sheet(book: Any, name: str, one: OneResult, strong: Any) -> Any:
    """A sheet that says at its top, in print and on its tab what it may be used for."""
    tab = f"{name} – {one.mark}" if one.mark else name
    sheet = book.add_worksheet(tab[:_LONGEST_NAME])
    sheet.write_string(0, 0, f"{one.title}. {one.mark}" if one.mark else one.title, strong)
    if one.mark:
        sheet.set_header(f"&R{one.mark}")
    sheet.set_column(0, 0, 2 * _COLUMN)
    sheet.set_column(1, 20, _COLUMN)
    return sheet


def _lines(sheet: Any, texts: Sequence[str], first: int = 1) -> int:
    for row, text in enumerate(texts, start=first):
        sheet.write_string(row, 0, text)
    return first + len(texts)


def _table(book: Any, sheet: Any, table: Table, first: int, texts: Texts, strong: Any) -> None:
    for column, head in enumerate(table.columns):
        sheet.write_string(first, column, head, strong)
    for row, cells in enumerate(table.rows, start=first + 1):
        for column, cell in enumerate(cells):
            _cell(book, sheet, row, column, cell, texts)


def _cell(book: Any, sheet: Any, row: int, column: int, cell: Cell, texts: Texts) -> None:
    if cell.value is None or cell.kind == "text":
        sheet.write_string(row, column, cell.text)
        return
    value = cell.value * _PER_CENT if cell.kind == "percentage_points" else cell.value
    code = number_format(cell.kind, cell.decimals, texts)
    sheet.write_number(row, column, value, book.add_format({"num_format": code}))


def _frame(sheet: Any, frame: pd.DataFrame, first: int, strong: Any) -> None:
    for column, name in enumerate(frame.columns):
        sheet.write_string(first, column, str(name), strong)
        values: list[Any] = frame[name].tolist()
        for row, value in enumerate(values, start=first + 1):
            is_blank = value is None or value is pd.NA or value != value
            if not is_blank and isinstance(value, int | float):
                sheet.write_number(row, column, float(value))
            elif not is_blank:
                sheet.write_string(row, column, str(value))


def _picture(sheet: Any, one: OneResult, row: int) -> None:
    sheet.insert_image(
        row, 0, "picture.png",
        {"image_data": io.BytesIO(one.picture), "description": one.alt,
         "x_scale": _PICTURE_SCALE, "y_scale": _PICTURE_SCALE},
    )  # fmt: skip
