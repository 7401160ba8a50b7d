"""A table as Excel wants it: headings that differ, words apart from columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.documents.writers.tidy import is_number, remark_of
from evalkit.present.blocks import Table
from evalkit.present.html import number_columns


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


def row_remarks(table: Table) -> list[str]:
    """What each row says in words where its columns have numbers; a dash says nothing."""
    numbers = number_columns(table)
    return [
        "; ".join(
            f"{table.columns[i]}: {cell.text}"
            for i, cell in enumerate(cells)
            if (i in numbers or is_number(cell)) and remark_of(cell)
        )
        for cells in table.rows
    ]


def column_places(table: Table) -> list[str]:
    """How each column is set: with the numbers, also where they head a row, or with the words."""
    numbers = number_columns(table)
    return [
        "number"
        if column in numbers or any(row[column].kind != "text" for row in table.rows)
        else ("text" if column else "first")
        for column in range(len(table.columns))
    ]
