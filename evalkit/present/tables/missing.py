"""Variables that lack values, with how many persons it concerns."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words, count_behind
from evalkit.present.tables.cells import count_cell, empty_cell, internal_notes, number_cell
from evalkit.results import Estimate, EstimateRow, Released, Withheld


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
    any_withheld = any(isinstance(released.result, Withheld) for _, released in shares)
    notes = [words.say("note.withheld")] if any_withheld else []
    notes += [note for _, released in shares[:1] for note in internal_notes(released, words)]
    return Table(
        id=table_id,
        caption=caption,
        columns=(
            words.say("data_quality.completeness.column"),
            words.say("data_quality.completeness.missing"),
            words.say("data_quality.completeness.share"),
        ),
        rows=tuple(
            (Cell(words.labels.dimension(column)), *_cells(released.result, words))
            for column, released in shares
        ),
        notes=tuple(notes),
    )


def _cells(row: EstimateRow, words: Words) -> tuple[Cell, Cell]:
    if not isinstance(row, Estimate):
        return empty_cell(row, words), empty_cell(row, words)
    return count_cell(count_behind(row), words), number_cell(row.value, "percent", words)
