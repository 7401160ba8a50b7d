"""Over time: the share by day with the number at risk, and series of areas by period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from evalkit.present.blocks import Cell, Table
from evalkit.present.curve_lines import Line, lines_of, month_grid
from evalkit.present.labels import Words
from evalkit.present.tables.cells import (
    count_cell,
    estimator_notes,
    headings,
    internal_notes,
    interval_note,
    missing_cell,
    number_cell,
    optional_cell,
)
from evalkit.results import AreaSeries, Curve, Released


def curve_table(
    released: Released[Curve],
    words: Words,
    *,
    table_id: str,
    caption: str,
    dimension: str = "group",
    days: Sequence[int] | None = None,
    value_heading: str = "",
) -> Table:
    """The curve read on a grid of days, one row per group, cause and day.

    Args:
        dimension: What the groups are levels of.
        days: Days to read at; months of 30 days when left out. Days beyond a group's
            follow-up are left out. A curve of released counts is read at its own points.
        value_heading: Heading of the value, instead of the measure's name.
    """
    curve = released.result
    grid = month_grid(curve) if days is None else tuple(days)
    lines = lines_of(curve)
    with_risk = not any(line.has_points for line in lines)
    with_group, with_cause = len(curve.groups) > 1, any(line.cause for line in lines)
    leading = [
        *([words.labels.dimension(dimension)] if with_group else []),
        *([words.labels.dimension("cause")] if with_cause else []),
        *headings(words, "day"),
    ]
    value = value_heading or words.say(f"measure.{curve.measure}")
    rows = [
        (*_leading_cells(line, dimension, words, with_group, with_cause), *cells)
        for line in lines
        for cells in _readings(line, grid, words, with_risk=with_risk)
    ]
    return Table(
        id=table_id,
        caption=caption,
        columns=(
            *leading,
            *headings(words, *(("at_risk",) if with_risk else ())),
            value,
            *headings(words, "low", "high"),
        ),
        rows=tuple(rows),
        row_headers=len(leading),
        notes=curve_notes(released, words),
    )


def curve_notes(released: Released[Curve], words: Words) -> tuple[str, ...]:
    """Interval and estimator, how the curve is protected, and the internal mark."""
    curve = released.result
    notes = [
        interval_note(curve.method, curve.confidence_level, words),
        *estimator_notes(curve.measure, words),
    ]
    if curve.protection:
        notes.append(words.say("note.protected_curve"))
    return (*notes, *internal_notes(released, words))


def _leading_cells(
    line: Line, dimension: str, words: Words, with_group: bool, with_cause: bool
) -> tuple[Cell, ...]:
    group = [Cell(words.labels.level(dimension, line.group))] if with_group else []
    cause = [Cell(words.labels.level("cause", line.cause))] if with_cause else []
    return (*group, *cause)


def _readings(
    line: Line, grid: Sequence[int], words: Words, *, with_risk: bool
) -> list[tuple[Cell, ...]]:
    days = [int(day) for day in line.days] if line.has_points else grid
    read = [(day, line.reading(day)) for day in days]
    return [
        (
            count_cell(day, words),
            *((count_cell(reading.at_risk, words),) if with_risk else ()),
            number_cell(reading.value, "percent", words),
            optional_cell(reading.low, words),
            optional_cell(reading.high, words),
        )
        for day, reading in read
        if reading is not None
    ]


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
    synthetic = (words.say("note.synthetic"),) if released.result.is_synthetic else ()
    return (*synthetic, *internal_notes(released, words))


def _value(value: Any, words: Words) -> Cell:
    if value is None or pd.isna(value):
        return missing_cell(words)
    return number_cell(float(value), "number", words, decimals=1)
