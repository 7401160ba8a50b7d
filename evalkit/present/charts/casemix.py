"""Adjusted shares with their intervals against the goal, one row per level."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.blocks import Figure
from evalkit.present.charts.interval_rows import Row, rows_figure
from evalkit.present.labels import Words
from evalkit.present.tables.casemix import Adjusted, adjusted_verdicts_table
from evalkit.results import AdjustedVerdict, Released


def adjusted_verdicts_figure(
    verdicts: Sequence[tuple[str, Released[Adjusted]]],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    row_heading: str = "",
) -> Figure:
    """Adjusted shares against the goal they are judged by.

    Args:
        verdicts: Printed level and its released verdict.
        row_heading: Heading of the levels in the data table.
    """
    goals = {r.result.goal for _, r in verdicts if isinstance(r.result, AdjustedVerdict)}
    goal = goals.pop() if len(goals) == 1 else None
    rows = [
        Row(label, r.result.adjusted if isinstance(r.result, AdjustedVerdict) else r.result, goal)
        for label, r in verdicts
    ]
    data = adjusted_verdicts_table(
        verdicts, words, table_id=f"{figure_id}-data", caption=caption, row_heading=row_heading
    )
    heading = words.texts["column.casemix_adjusted"]
    return rows_figure(rows, words, data, heading=heading)
