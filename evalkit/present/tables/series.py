"""A series as a table: periods down, areas across."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.tables.cells import headings, internal_notes, missing_cell, number_cell
from evalkit.results import AreaSeries, Released


def series_table(
    released: Released[AreaSeries], words: Words, *, table_id: str, caption: str, source: str = ""
) -> Table:
    """One row per period, one column per area, in the order of the series."""
    series = released.result
    observations = series.observations
    areas = list(dict.fromkeys(observations["area"].astype(str)))
    by_period = {
        period: dict(zip(rows["area"].astype(str), rows["value"], strict=True))
        for period, rows in observations.groupby("period", sort=True)
    }
    rows = tuple(
        (
            Cell(words.numbers.period(str(period))),
            *(_value(values.get(area), words) for area in areas),
        )
        for period, values in by_period.items()
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=(*headings(words, "period"), *(words.labels.level("area", area) for area in areas)),
        rows=rows,
        notes=series_notes(released, words),
        source=source or series.source,
    )


def series_notes(released: Released[AreaSeries], words: Words) -> tuple[str, ...]:
    """Whether the series is invented, and the internal mark."""
    synthetic = (words.texts["note.synthetic"],) if released.result.is_synthetic else ()
    return (*synthetic, *internal_notes(released, words))


def _value(value: Any, words: Words) -> Cell:
    if value is None or pd.isna(value):
        return missing_cell(words)
    return number_cell(float(value), "number", words, decimals=1)
