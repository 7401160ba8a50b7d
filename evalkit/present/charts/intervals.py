"""Dots with intervals in rows: what is drawn of shares, differences, sites and leads.

Each function says which rows a result has; the drawing is that of `interval_rows`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evalkit.present.blocks import Figure, Table
from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.interval_rows import ROW_MM, Row, rows_figure
from evalkit.present.labels import Words
from evalkit.present.sentences.follow_up import ratio_text
from evalkit.present.sentences.sites import has_own_mean, one_more
from evalkit.present.tables import estimates_table, feasible_difference_table, verdicts_table
from evalkit.present.tables.casemix import Adjusted, adjusted_verdicts_table
from evalkit.present.tables.cells import estimate_cells, estimate_notes, labelled_rows
from evalkit.present.tables.claims import Verdict, thinned_pairs
from evalkit.present.tables.sites import sites_table
from evalkit.results import (
    AdjustedVerdict,
    Estimate,
    EstimateRow,
    FeasibleDifference,
    FollowUpBounds,
    LeadAfterBadYear,
    Released,
    SiteComparison,
    TargetVerdict,
)

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
    heading = words.say("column.share")
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
    heading = words.say("chart.points")
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
    return Row(words.say("chart.pair", before=before, after=after), estimate)


def bounds_figure(
    released: Released[FollowUpBounds],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    imputed: EstimateRow | None = None,
    goal: float | None = None,
) -> Figure:
    """Each share of all persons as a row, from none to every one of the missing.

    Args:
        imputed: The released share with the unknown outcomes estimated.
        goal: A goal to draw as a line.
    """
    bounds = released.result
    rows: list[tuple[EstimateRow, str]] = [
        (bounds.followed_up, words.say("follow_up.row.followed_up")),
        (bounds.none, words.say("follow_up.row.none")),
        *(
            (share, words.say("follow_up.row.ratio", ratio=ratio_text(ratio, words)))
            for ratio, share in zip(bounds.ratios, bounds.assumed, strict=True)
        ),
        (bounds.every, words.say("follow_up.row.every")),
        *([(imputed, words.say("follow_up.row.imputed"))] if imputed else []),
    ]
    figure = interval_figure(
        Released(
            [row for row, _ in rows],
            released.withheld,
            released.rule,
            is_internal=released.is_internal,
        ),
        words,
        figure_id=figure_id,
        caption=caption,
        row_labels=[label for _, label in rows],
        goal=goal,
        value_heading=words.say("column.share"),
    )
    notes = (
        *figure.notes,
        words.say("follow_up.note.limits", method=words.say(f"method.{bounds.method}")),
    )
    return replace(figure, notes=notes, data=replace(figure.data, notes=notes))


DENSE_ROW_MM = 6.5
MANY = 12


def forest_figure(
    released: Released[SiteComparison],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    labels: Sequence[str],
    rows: slice = slice(None),
) -> FigureBlock:
    """Each site's share with its interval, what they have in common, and a further site.

    An open diamond shows the share drawn towards the mean. Withheld sites keep their row.

    Args:
        labels: Printed names of the sites, in order.
        rows: Which of them to draw, where they are too many for one figure.
    """
    found = released.result
    drawn = {row.group: row.value for row in found.shrunken}
    lines = [
        Row(_with_size(label, row, words), row, beside=drawn.get(row.group))
        for label, row in zip(labels[rows], found.sites[rows], strict=True)
    ]
    if has_own_mean(found):
        lines.append(Row(words.say("sites.mean"), found.pooled, mark="diamond"))
    lines.append(Row(one_more(found.dimension, words), found.further, mark="span"))
    data = sites_table(
        released, words, table_id=f"{figure_id}-data", caption=caption, labels=labels, sites=rows
    )
    return rows_figure(
        lines,
        words,
        data,
        heading=words.say("column.share"),
        row_mm=ROW_MM if len(lines) <= MANY else DENSE_ROW_MM,
        notes=(words.say("sites.note.drawn"),),
    )


def _with_size(label: str, row: EstimateRow, words: Words) -> str:
    if not isinstance(row, Estimate):
        return label
    return words.say("sites.with_n", label=label, n=row.n)


def two_leads_figure(
    released: Released[LeadAfterBadYear], words: Words, *, figure_id: str
) -> Figure:
    """Both leads as rows with their intervals, zero as the line to read them by."""
    rows = [
        Row(label=words.say(f"measure.{row.measure}"), estimate=row)
        for row in (released.result.unadjusted, released.result.adjusted)
    ]
    data = two_leads_table(released, words, table_id=f"{figure_id}-data")
    return rows_figure(rows, words, data, heading=words.say("areas.leads.heading"))


def two_leads_table(released: Released[LeadAfterBadYear], words: Words, *, table_id: str) -> Table:
    """The two leads with their limits."""
    rows = (released.result.unadjusted, released.result.adjusted)
    labels = [words.say(f"measure.{row.measure}") for row in rows]
    return Table(
        id=table_id,
        caption=words.say("areas.leads.caption"),
        columns=(
            words.say("areas.leads.method"),
            words.say("areas.leads.heading"),
            words.say("column.low"),
            words.say("column.high"),
        ),
        rows=labelled_rows(labels, rows, estimate_cells, words),
        notes=estimate_notes(released, rows, words, labels=labels),
    )


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
    heading = words.say("column.casemix_adjusted")
    return rows_figure(rows, words, data, heading=heading)
