"""Adjusted verdicts: observed beside expected, and the adjusted share against the goal."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.tables.cells import (
    count_cell,
    empty_cell,
    estimate_cells,
    estimate_notes,
    headings,
    internal_notes,
    labelled_rows,
    number_cell,
)
from evalkit.results import AdjustedVerdict, NotEstimable, Released, Withheld

Adjusted = AdjustedVerdict | NotEstimable | Withheld
COLUMNS = (
    "persons",
    "casemix_observed",
    "casemix_expected",
    "casemix_ratio",
    "casemix_adjusted",
    "low",
    "high",
    "verdict",
)


def adjusted_verdicts_table(
    verdicts: Sequence[tuple[str, Released[Adjusted]]],
    words: Words,
    *,
    table_id: str,
    caption: str,
    row_heading: str = "",
) -> Table:
    """One row per level: outcome, what was to be expected, their ratio, the adjusted share.

    Args:
        verdicts: Printed level and its released verdict.
        row_heading: Heading of the first column.
    """
    labels = [label for label, _ in verdicts]
    results = [released.result for _, released in verdicts]
    rows = [r.adjusted if isinstance(r, AdjustedVerdict) else r for r in results]
    marks = (note for _, released in verdicts for note in internal_notes(released, words))
    notes = estimate_notes(Released(rows, 0, ""), rows, words, labels=labels)
    return Table(
        id=table_id,
        caption=caption,
        columns=(row_heading or words.say("column.group"), *headings(words, *COLUMNS)),
        rows=labelled_rows(labels, results, _cells, words),
        notes=tuple(dict.fromkeys([*notes, words.say("casemix.note.ratio"), *marks])),
    )


def _cells(result: Adjusted, words: Words) -> tuple[Cell, ...]:
    if not isinstance(result, AdjustedVerdict):
        return (empty_cell(result, words),) * len(COLUMNS)
    return (
        count_cell(result.observed.n, words),
        number_cell(result.observed.value, "percent", words),
        number_cell(result.expected, "percent", words),
        number_cell(result.ratio.value, "number", words, decimals=2),
        *estimate_cells(result.adjusted, words),
        Cell(words.labels.level("grade", result.grade)),
    )
