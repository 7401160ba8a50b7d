"""The coefficients of any regression, in the words of its columns where they have any."""

from __future__ import annotations

import math
import re

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.tables.cells import (
    empty_cell,
    internal_notes,
    number_cell,
    p_value_cell,
)
from evalkit.results import Coefficient, NotEstimable, Regression, Released

# ``sex=woman`` as evalkit names a level, ``sex[T.woman]`` and ``C(sex)[T.woman]`` as formulas do.
_OF_LEVEL = re.compile(r"(?:C\()?(\w+)\)?(?:=|\[T\.)([^]:]+)\]?")
_INTERCEPT = frozenset({"intercept", "Intercept", "const"})


def coefficients_table(
    released: Released[Regression], words: Words, *, table_id: str, caption: str
) -> Table:
    """One row per coefficient; ratios where the exponential is one."""
    model, texts, rows = released.result, words.texts, []
    for row in model.coefficients:
        if isinstance(row, Coefficient):
            values = [row.estimate, row.low, row.high]
            shown = [math.exp(value) for value in values] if model.ratio else values
            cells = [number_cell(value, "number", words, decimals=2) for value in shown]
            rows.append((Cell(_term(row.name, words)), *cells, p_value_cell(row.p_value, words)))
        else:
            name = row.group if isinstance(row, NotEstimable) else row.group or row.measure
            rows.append((Cell(_term(name, words)), *[empty_cell(row, words)] * 4))
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


def _term(name: str, words: Words) -> str:
    """What a coefficient is about; the name itself of a column that nobody has worded."""
    if name in _INTERCEPT:
        return words.texts["regression.term.intercept"]
    found = _OF_LEVEL.fullmatch(name)
    column = found[1] if found else name
    if column not in words.labels.titles and f"dimension.{column}" not in words.texts:
        return name
    heading = words.labels.dimension(column)
    return f"{heading}: {words.labels.inline(column, found[2])}" if found else heading
