"""Variables that lack values, with how many persons it concerns."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words, count_behind
from evalkit.present.tables.cells import count_cell, empty_cell, number_cell, table_notes
from evalkit.results import Estimate, EstimateRow, Released


def missing_table(
    shares: Sequence[tuple[str, Released[EstimateRow]]],
    words: Words,
    *,
    table_id: str,
    caption: str,
) -> Table:
    """One row per variable: persons without a value, and their share of all.

    Args:
        shares: Column name and released share of persons without a value.
    """
    rows = tuple(
        (Cell(words.labels.dimension(column)), *_cells(released.result, words))
        for column, released in shares
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=(
            words.say("data_quality.completeness.column"),
            words.say("data_quality.completeness.missing"),
            words.say("data_quality.completeness.share"),
        ),
        rows=rows,
        notes=table_notes(shares[0][1], rows, words) if shares else (),
    )


def _cells(row: EstimateRow, words: Words) -> tuple[Cell, Cell]:
    if not isinstance(row, Estimate):
        return empty_cell(row, words), empty_cell(row, words)
    return count_cell(count_behind(row), words), number_cell(row.value, "percent", words)
