"""Dots with intervals in rows: shares against goals, and differences against zero."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.interval_rows import Row, rows_figure
from evalkit.present.labels import Words
from evalkit.present.tables import estimates_table, feasible_difference_table, verdicts_table
from evalkit.present.tables.claims import Verdict, thinned_pairs
from evalkit.results import Estimate, EstimateRow, FeasibleDifference, Released, TargetVerdict

PAIRS_DRAWN = 8


def interval_figure(
    released: Released[Sequence[EstimateRow]],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    dimension: str = "group",
    row_labels: Sequence[str] | None = None,
    goal: float | None = None,
    value_heading: str = "",
) -> FigureBlock:
    """Estimates of one measure, one row per group, with the goal as a line.

    Args:
        released: Estimates of one measure.
        dimension: What the groups are levels of.
        row_labels: Printed texts of the rows, instead of the groups' labels.
        goal: A goal for all rows.
        value_heading: Heading of the value, instead of the measure's name.
    """
    estimates = tuple(released.result)
    labels = row_labels or [words.labels.level(dimension, row.group) for row in estimates]
    rows = [Row(*pair, goal) for pair in zip(labels, estimates, strict=True)]
    data = estimates_table(
        released,
        words,
        table_id=f"{figure_id}-data",
        caption=caption,
        dimension=dimension,
        row_labels=labels,
        value_heading=value_heading,
    )
    heading = value_heading or data.columns[-3]
    return rows_figure(rows, words, data, heading=heading)


def verdicts_figure(
    verdicts: Sequence[tuple[str, Released[Verdict]]], words: Words, *, figure_id: str, caption: str
) -> FigureBlock:
    """Each target's share with its interval and its own goal.

    Args:
        verdicts: Title of each target and its released verdict.
    """
    rows = [_verdict_row(title, released.result) for title, released in verdicts]
    data = verdicts_table(verdicts, words, table_id=f"{figure_id}-data", caption=caption)
    heading = words.texts["column.share"]
    return rows_figure(rows, words, data, heading=heading)


def feasible_difference_figure(
    released: Released[FeasibleDifference], words: Words, *, figure_id: str, caption: str
) -> FigureBlock:
    """A published difference for some possible numbers behind it, from few persons to many."""
    claim = released.result
    rows = [_pair_row(pair, claim, words) for pair in thinned_pairs(claim, rows_shown=PAIRS_DRAWN)]
    data = feasible_difference_table(
        released, words, table_id=f"{figure_id}-data", caption=caption, rows_shown=PAIRS_DRAWN
    )
    heading = words.texts["chart.points"]
    return rows_figure(rows, words, data, heading=heading)


def _verdict_row(title: str, verdict: Verdict) -> Row:
    if isinstance(verdict, TargetVerdict):
        return Row(title, verdict.estimate, verdict.goal)
    return Row(title, verdict)


def _pair_row(pair: dict[str, float], claim: FeasibleDifference, words: Words) -> Row:
    before, after = (words.numbers.count(pair[name]) for name in ("n_before", "n_after"))
    estimate = Estimate(
        measure="difference",
        value=pair["value"],
        low=pair["low"],
        high=pair["high"],
        unit="share_difference",
        method=claim.method,
        confidence_level=claim.confidence_level,
        n=int(pair["n_before"] + pair["n_after"]),
        cells=(),
    )
    return Row(words.texts.format("chart.pair", before=before, after=after), estimate)
