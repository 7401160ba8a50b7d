"""An area's lead without and with regard to how low it stood, side by side."""

from __future__ import annotations

from evalkit.present.blocks import Cell, Figure, Table
from evalkit.present.charts.interval_rows import Row, rows_figure
from evalkit.present.labels import Words
from evalkit.present.tables.cells import estimate_cells, estimate_notes
from evalkit.results import LeadAfterBadYear, Released


def two_leads_figure(
    released: Released[LeadAfterBadYear], words: Words, *, figure_id: str
) -> Figure:
    """Both leads as rows with their intervals, zero as the line to read them by."""
    rows = [
        Row(label=words.texts[f"measure.{row.measure}"], estimate=row)
        for row in (released.result.unadjusted, released.result.adjusted)
    ]
    data = two_leads_table(released, words, table_id=f"{figure_id}-data")
    return rows_figure(rows, words, data, heading=words.texts["areas.leads.heading"])


def two_leads_table(released: Released[LeadAfterBadYear], words: Words, *, table_id: str) -> Table:
    """The two leads with their limits."""
    texts = words.texts
    rows = (released.result.unadjusted, released.result.adjusted)
    labels = [texts[f"measure.{row.measure}"] for row in rows]
    return Table(
        id=table_id,
        caption=texts["areas.leads.caption"],
        columns=(
            texts["areas.leads.method"],
            texts["areas.leads.heading"],
            texts["column.low"],
            texts["column.high"],
        ),
        rows=tuple(
            (Cell(label), *estimate_cells(row, words))
            for label, row in zip(labels, rows, strict=True)
        ),
        notes=estimate_notes(released, rows, words, labels=labels),
    )
