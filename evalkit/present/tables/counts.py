"""Person counts by one or two dimensions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.tables.cells import (
    count_cell,
    headings,
    number_cell,
    table_notes,
    withheld_cell,
)
from evalkit.results import CountTable, Released

MARGIN_LEVELS = ("", "total", "all")


def counts_table(
    released: Released[CountTable], words: Words, *, table_id: str, caption: str
) -> Table:
    """One dimension: count and share of all. Two: the first in rows, the second in columns.

    Shares are worked out from the released counts alone, so they tell no more than those.
    """
    table = released.result
    one, two = _one_dimension, _two_dimensions
    columns, rows = (one if len(table.dimensions) == 1 else two)(table, words)
    return Table(
        id=table_id,
        caption=caption,
        columns=columns,
        rows=rows,
        notes=table_notes(released, rows, words),
    )


def level_text(dimension: str, level: str, words: Words, *, is_margin: bool) -> str:
    """The printed level; a margin is a total, an empty level is missing."""
    if is_margin and level in MARGIN_LEVELS:
        return words.say("label.total")
    return words.labels.level(dimension, level) if level else words.say("label.missing")


def total_of(table: CountTable) -> int | None:
    """The printed total of a one-dimensional table, or the sum where nothing is withheld."""
    counts = table.counts
    margins = counts.loc[counts["is_margin"], "n"]
    if len(margins):
        total = margins.iloc[0]
        return None if pd.isna(total) else int(total)
    return None if table.has_withheld else int(counts["n"].sum())


def _one_dimension(
    table: CountTable, words: Words
) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    (dimension,) = table.dimensions
    total = total_of(table)
    columns = (words.labels.dimension(dimension), *headings(words, "count", "share_of_all"))
    rows = []
    for row in table.counts.to_dict("records"):
        label = level_text(dimension, str(row[dimension]), words, is_margin=row["is_margin"])
        rows.append((Cell(label), _count(row["n"], words), _share(row["n"], total, words)))
    return columns, tuple(rows)


def _two_dimensions(
    table: CountTable, words: Words
) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    down, across = table.dimensions
    cells = {(str(r[down]), str(r[across])): r["n"] for r in table.counts.to_dict("records")}
    down_levels = dict.fromkeys(level for level, _ in cells)
    across_levels = dict.fromkeys(level for _, level in cells)
    margins = _margin_levels(table)
    columns = (
        words.labels.dimension(down),
        *(level_text(across, level, words, is_margin=level in margins) for level in across_levels),
    )
    rows = tuple(
        (
            Cell(level_text(down, level, words, is_margin=level in margins)),
            *(_count(cells.get((level, other), 0), words) for other in across_levels),
        )
        for level in down_levels
    )
    return columns, rows


def _margin_levels(table: CountTable) -> frozenset[str]:
    """Levels that stand for a total: those that only margin rows have."""
    counts = table.counts
    inner = counts[~counts["is_margin"]]
    return frozenset(
        level
        for dimension in table.dimensions
        for level in set(counts[dimension].astype(str)) - set(inner[dimension].astype(str))
    )


def _count(n: Any, words: Words) -> Cell:
    return withheld_cell(words) if pd.isna(n) else count_cell(float(n), words)


def _share(n: Any, total: int | None, words: Words) -> Cell:
    if pd.isna(n) or not total:
        return withheld_cell(words)
    return number_cell(float(n) / total, "percent", words)
