"""Estimates with their intervals, one row per group; the coefficients of any regression."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words, count_behind
from evalkit.present.tables.cells import (
    NO_INTERVAL,
    count_cell,
    empty_cell,
    estimate_cells,
    estimate_notes,
    headings,
    internal_notes,
    missing_cell,
    number_cell,
    p_value_cell,
    points_cells,
)
from evalkit.results import (
    Between,
    Coefficient,
    Estimate,
    EstimateRow,
    NotEstimable,
    Regression,
    Released,
)

# ``sex=woman`` as evalkit names a level, ``sex[T.woman]`` and ``C(sex)[T.woman]`` as formulas do.
_OF_LEVEL = re.compile(r"(?:C\()?(\w+)\)?(?:=|\[T\.)([^]:]+)\]?")
_INTERCEPT = frozenset({"intercept", "Intercept", "const"})

COUNTED = "share"


def estimates_table(
    released: Released[Sequence[EstimateRow | Between]],
    words: Words,
    *,
    table_id: str,
    caption: str,
    dimension: str = "group",
    row_labels: Sequence[str] | None = None,
    row_heading: str = "",
    value_heading: str = "",
    source: str = "",
) -> Table:
    """Group, persons, value and limits; counted shares also with their count.

    Args:
        dimension: What the groups are levels of.
        row_labels: Printed texts of the rows, instead of the groups' labels.
        row_heading: Heading of the first column, instead of the dimension's.
        value_heading: Heading of the value, instead of the measure's name.
    """
    rows = tuple(released.result)
    labels = row_labels or [words.labels.level(dimension, row.group) for row in rows]
    is_counted = bool(rows) and all(row.measure == COUNTED for row in rows)
    measure = rows[0].measure if rows else COUNTED
    columns = (
        row_heading or words.labels.dimension(dimension),
        *headings(words, "persons", *(("of_these",) if is_counted else ())),
        value_heading or words.say(f"measure.{measure}"),
        *headings(words, "low", "high"),
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=columns,
        rows=tuple(
            (Cell(label), *_counts(row, words, is_counted), *estimate_cells(row, words))
            for row, label in zip(rows, labels, strict=True)
        ),
        notes=estimate_notes(released, rows, words, labels=labels),
        source=source,
    )


def differences_table(
    released: Released[Sequence[EstimateRow | Between]],
    differences: Sequence[Estimate],
    words: Words,
    *,
    reference: str,
    dimension: str,
    table_id: str,
    caption: str,
) -> Table:
    """Group, persons, share, and the difference from one group with its limits.

    Args:
        differences: Each other group less the reference, by group.
        reference: The group that the others are compared with.
        dimension: What the groups are levels of.
    """
    rows, gaps = tuple(released.result), {row.group: row for row in differences}
    nothing = (Cell(""),) * 3  # in the row of the reference
    labels = [words.labels.level(dimension, row.group) for row in rows]
    against = words.say("column.difference_from", group=words.labels.inline(dimension, reference))
    columns = (words.labels.dimension(dimension), *headings(words, "persons", "share"), against)
    return Table(
        id=table_id,
        caption=caption,
        columns=(*columns, *headings(words, "low", "high")),
        rows=tuple(
            (
                Cell(label),
                *_counts(row, words, is_counted=False),
                estimate_cells(row, words)[0],
                *(points_cells(gaps[row.group], words) if row.group in gaps else nothing),
            )
            for row, label in zip(rows, labels, strict=True)
        ),
        notes=(
            *estimate_notes(released, rows, words, labels=labels),
            words.say(
                "note.difference_limits",
                level=words.numbers.percent_short(differences[0].confidence_level),
            ),
        ),
    )


def _counts(row: EstimateRow | Between, words: Words, is_counted: bool) -> tuple[Cell, ...]:
    if isinstance(row, Estimate) and row.method in NO_INTERVAL and not row.n:
        return (missing_cell(words),) * (1 + is_counted)
    if isinstance(row, Estimate):
        persons = count_cell(row.n, words)
        return (persons, count_cell(count_behind(row), words)) if is_counted else (persons,)
    if isinstance(row, NotEstimable | Between):
        persons = count_cell(row.n, words)
        return (persons, missing_cell(words)) if is_counted else (persons,)
    empty = empty_cell(row, words)
    return (empty, empty) if is_counted else (empty,)


def coefficients_table(
    released: Released[Regression], words: Words, *, table_id: str, caption: str
) -> Table:
    """One row per coefficient; ratios where the exponential is one."""
    model, rows = released.result, []
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
            words.say("regression.column.term"),
            words.say("regression.column.ratio" if model.ratio else "trend.column.value"),
            words.say("column.low"),
            words.say("column.high"),
            words.say("regression.column.p_value"),
        ),
        rows=tuple(rows),
        notes=(
            *([words.say("regression.note.persons", n=model.n)] if model.n else []),
            *internal_notes(released, words),
        ),
    )


def _term(name: str, words: Words) -> str:
    """What a coefficient is about; the name itself of a column that nobody has worded."""
    if name in _INTERCEPT:
        return words.say("regression.term.intercept")
    found = _OF_LEVEL.fullmatch(name)
    column = found[1] if found else name
    if column not in words.labels.titles and f"dimension.{column}" not in words.texts:
        return name
    heading = words.labels.dimension(column)
    return f"{heading}: {words.labels.inline(column, found[2])}" if found else heading
