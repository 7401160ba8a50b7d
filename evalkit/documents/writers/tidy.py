"""Every number of a report as one long table: a row per figure, with its limits and its n.

Read off the same tables as every other format, so nothing stands here that is not printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalkit.documents.model import Document
from evalkit.documents.writers.content import (
    Numbered,
    heading_of,
    numbered_chapters,
)
from evalkit.language import Texts
from evalkit.present.blocks import Cell, Table
from evalkit.present.html import number_columns

_LOW, _HIGH = ("column.low", "column.lower"), ("column.high", "column.upper")
_N = ("column.persons", "column.n", "column.at_risk", "column.observed")
_COUNT = ("column.count", "column.of_these", "column.k", "column.reached")
_TIME = ("column.day", "column.period", "time.horizons.column")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One printed number, or what is printed where it is protected.

    Attributes:
        table: The label of its table or figure.
        measure: The heading of its column.
        remark: What is printed beside or instead of a number.
    """

    chapter: str
    table: str
    caption: str
    group: str
    time: str
    measure: str
    value: Cell
    n: Cell | None = None
    count: Cell | None = None
    low: Cell | None = None
    high: Cell | None = None

    @property
    def remark(self) -> str:
        return remark_of(self.value)


def is_number(cell: Cell | None) -> bool:
    """Whether a cell holds a number and not words."""
    return cell is not None and cell.value is not None and cell.kind != "text"


def remark_of(cell: Cell) -> str:
    """What a cell says beside or instead of its number: words, or limits in brackets."""
    if is_number(cell):
        return cell.text if cell.text.endswith(")") else ""
    return cell.text.strip("–") and cell.text


def tidy_figures(document: Document) -> Iterator[Figure]:
    """Every number in the tables and charts of a document, in reading order."""
    texts = Texts(document.language)
    for chapter in numbered_chapters(document):
        for part in chapter.parts:
            for block in part.blocks:
                if isinstance(block, Numbered):
                    yield from _of_table(block, heading_of(chapter), texts)


def _of_table(one: Numbered, chapter: str, texts: Texts) -> Iterator[Figure]:
    table = one.table
    columns = _Columns.of(table, texts)
    for row in table.rows:
        for position in columns.values:
            if is_number(row[position]) or row[position].text.strip("–"):
                low, high = columns.limits.get(position, (None, None))
                yield Figure(
                    chapter=chapter,
                    table=one.label,
                    caption=table.caption,
                    group=", ".join(row[i].text for i in columns.groups),
                    time=", ".join(row[i].text for i in columns.times),
                    measure=table.columns[position],
                    value=row[position],
                    n=_first(row, columns.n),
                    count=_first(row, columns.count),
                    low=None if low is None else row[low],
                    high=None if high is None else row[high],
                )


@dataclass(frozen=True, slots=True)
class _Columns:
    """What each column of a table is: a figure, its limits, what it is of, whom and when."""

    values: tuple[int, ...]
    limits: dict[int, tuple[int, int]]
    n: tuple[int, ...]
    count: tuple[int, ...]
    groups: tuple[int, ...]
    times: tuple[int, ...]

    @classmethod
    def of(cls, table: Table, texts: Texts) -> _Columns:
        def named(keys: Sequence[str]) -> list[int]:
            names = {texts[key] for key in keys}
            return [i for i, head in enumerate(table.columns) if head in names]

        numbers = sorted(number_columns(table))
        low, high = named(_LOW), named(_HIGH)
        n, count = named(_N), named(_COUNT)
        times = [i for i in named(_TIME) if i < table.row_headers]
        values = [i for i in numbers if i not in {*low, *high, *n, *count}]
        limits = {i: (i + 1, i + 2) for i in values if i + 1 in low and i + 2 in high}
        paired = {place for pair in limits.values() for place in pair}
        values += [i for i in (*low, *high) if i in numbers and i not in paired]
        if not values:  # a table of counts alone
            values = [i for i in numbers if i in {*n, *count}]
            n = count = []
        groups = [i for i in range(table.row_headers) if i not in times]
        return cls(tuple(sorted(values)), limits, *map(tuple, (n, count, groups, times)))


def _first(row: Sequence[Cell], places: Sequence[int]) -> Cell | None:
    return row[places[0]] if places else None
