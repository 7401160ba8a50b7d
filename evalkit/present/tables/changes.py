"""Changes of areas between two periods, the area and its reference first."""

from __future__ import annotations

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.tables.cells import internal_notes, number_cell, text_cell
from evalkit.results import AreaChange, AreaChanges, Released


def changes_table(
    released: Released[AreaChanges],
    words: Words,
    *,
    table_id: str,
    caption: str,
    decimals: int = 2,
    source: str = "",
) -> Table:
    """One row per area: first value, last value, change, and the change against the reference.

    Values are printed in the unit of the series, which the caption names.
    """
    changes = released.result
    texts = words.texts
    columns = (
        texts["trend.column.area"],
        words.numbers.period(changes.first),
        words.numbers.period(changes.last),
        texts["trend.column.change"],
        texts.format(
            "trend.column.against_reference",
            reference=words.labels.inline("area", changes.reference.area),
        ),
    )
    rows = (changes.area, changes.reference, *changes.others)
    missing = (
        (texts.format("trend.missing", areas=words.labels.all_of(changes.missing)),)
        if changes.missing
        else ()
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=columns,
        rows=tuple(_cells(row, changes.reference, words, decimals) for row in rows),
        notes=(texts["trend.rounding"], *missing, *internal_notes(released, words)),
        source=source,
    )


def _cells(row: AreaChange, reference: AreaChange, words: Words, decimals: int) -> tuple[Cell, ...]:
    values = (row.first_value, row.last_value, row.change, row.change - reference.change)
    return (
        text_cell(words.labels.level("area", row.area)),
        *(number_cell(value, "number", words, decimals=decimals) for value in values),
    )
