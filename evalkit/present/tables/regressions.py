"""The coefficients of any regression, under the names of its columns."""

from __future__ import annotations

import math

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.tables.cells import (
    empty_cell,
    internal_notes,
    number_cell,
    p_value_cell,
)
from evalkit.results import Coefficient, NotEstimable, Regression, Released


def coefficients_table(
    released: Released[Regression], words: Words, *, table_id: str, caption: str
) -> Table:
    """One row per coefficient under its own name; ratios where the exponential is one."""
    model, texts, rows = released.result, words.texts, []
    for row in model.coefficients:
        if isinstance(row, Coefficient):
            values = [row.estimate, row.low, row.high]
            shown = [math.exp(value) for value in values] if model.ratio else values
            cells = [number_cell(value, "number", words, decimals=2) for value in shown]
            rows.append((Cell(row.name), *cells, p_value_cell(row.p_value, words)))
        else:
            name = row.group if isinstance(row, NotEstimable) else row.group or row.measure
            rows.append((Cell(name), *[empty_cell(row, words)] * 4))
    return Table(
        id=table_id,
        caption=caption,
        columns=(
            texts["regression.column.term"],
            texts["regression.column.ratio" if model.ratio else "trend.column.value"],
            texts["column.low"],
            texts["column.high"],
            texts["regression.column.p_value"],
        ),
        rows=tuple(rows),
        notes=(
            *(
                [texts.format("regression.note.persons", n=words.numbers.count(model.n))]
                if model.n
                else []
            ),
            *internal_notes(released, words),
        ),
    )
