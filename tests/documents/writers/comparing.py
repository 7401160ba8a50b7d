"""What a document says, and the same as each written format shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evalkit.documents.model import Document
from evalkit.documents.writers.content import Numbered, numbered_blocks, numbered_chapters
from evalkit.documents.writers.widths import page_wide_parts
from evalkit.documents.writers.word_fields import WIDE
from evalkit.present.blocks import Box, Bullets, Figure, Heading, Paragraph

Grid = list[list[str]]


def numbered(report: Document) -> list[Numbered]:
    return list(numbered_blocks(numbered_chapters(report)))


def tables_of(report: Document) -> list[Grid]:
    """The tables of a report, and those behind its figures, in reading order."""
    return [_grid(one.table) for one in numbered(report)]


def tables_in_word(report: Document) -> list[Grid]:
    """The same where the numbers of the figures stand last and wide tables are in parts."""
    ones = sorted(numbered(report), key=lambda one: isinstance(one.block, Figure))
    return [_grid(part) for one in ones for part in page_wide_parts(one.table, WIDE)]


def _grid(table: Any) -> Grid:
    return [list(table.columns), *([cell.text for cell in row] for row in table.rows)]


def sentences_of(report: Document) -> Iterator[str]:
    """Everything a page says in words: prose, bullets, boxes, captions, notes, key figures."""
    yield report.summary
    yield from (text for line in report.headlines for text in (line.label, line.text, line.detail))
    yield from (value for fact in report.facts for value in fact.values)
    for chapter in report.chapters:
        yield chapter.title
        for part in chapter.parts:
            yield part.title
            for block in part.blocks:
                yield from _said(block)


def _said(block: Any) -> Iterator[str]:
    if isinstance(block, Heading | Paragraph):
        yield block.text
    elif isinstance(block, Bullets | Box):
        yield from block.items
    else:
        yield block.caption
        yield from block.notes


def shown_in(sheet: Any, language: str) -> Grid:
    """The one table of a sheet as a program of the report's language shows it."""
    (reference,) = [found.ref for found in sheet.tables.values()]
    heads, *rows = [[as_printed(cell, language) for cell in row] for row in sheet[reference]]
    if heads[-1] not in ("Anmärkning", "Remark"):
        return [heads, *rows]
    return [heads[:-1], *(_with_remark(row, heads) for row in rows)]


def _with_remark(row: list[str], heads: list[str]) -> list[str]:
    """Words that a last column tells of empty cells, put where the other formats have them."""
    told = dict(part.split(": ", 1) for part in row[-1].split("; ") if ": " in part)
    return [told.get(head, text) for head, text in zip(heads[:-1], row[:-1], strict=True)]


def as_printed(cell: Any, language: str) -> str:
    """A cell as Excel shows it: only the parts of format codes that we use."""
    if cell.value is None:  # there is no number, and no word in a column of numbers
        return "–"
    if not isinstance(cell.value, int | float):
        return str(cell.value)
    code = cell.number_format.split(";")[0]
    found = re.fullmatch(r'("[<>] "|"SEK\xa0")?((?:#,##)?0(?:\.(0+))?)(.*)', code)
    assert found is not None, code
    before, digits, decimals, after = found.groups(default="")
    value = cell.value * 100 if after.endswith("%") else cell.value
    number = f"{abs(value):{',' if ',' in digits else ''}.{len(decimals)}f}"
    if language == "sv":  # the program that opens the file writes marks of its own language
        number = number.replace(",", "\u00a0").replace(".", ",")
    return ("−" if value < 0 else "") + before.strip('"') + number + after.replace('"', "")
