"""Targets, before/after pairs, and the counts that fit a published percentage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words, count_behind
from evalkit.present.sentences.shares import printed_grade
from evalkit.present.tables.cells import (
    count_cell,
    empty_cell,
    estimate_cells,
    estimate_notes,
    headings,
    internal_notes,
    interval_note,
    labelled_rows,
    missing_cell,
    number_cell,
    points_cell,
    points_cells,
)
from evalkit.results import (
    BeforeAfter,
    Estimate,
    EstimateRow,
    FeasibleCounts,
    FeasibleDifference,
    NotEstimable,
    Released,
    TargetVerdict,
    Withheld,
)

ROWS_SHOWN = 12
Verdict = TargetVerdict | NotEstimable | Withheld


def verdicts_table(
    verdicts: Sequence[tuple[str, Released[Verdict]]], words: Words, *, table_id: str, caption: str
) -> Table:
    """One row per target: goal, counts, share with limits, and the grade in words.

    Args:
        verdicts: Title of each target and its released verdict.
    """
    titles = [title for title, _ in verdicts]
    results = [released.result for _, released in verdicts]
    estimates = [r.estimate if isinstance(r, TargetVerdict) else r for r in results]
    marks = (note for _, r in verdicts for note in internal_notes(r, words))
    unmarked = Released(estimates, 0, "")
    notes = estimate_notes(unmarked, estimates, words, labels=titles)
    return Table(
        id=table_id,
        caption=caption,
        columns=headings(
            words, "goal_title", "goal", "persons", "of_these", "share", "low", "high", "verdict"
        ),
        rows=labelled_rows(titles, results, _verdict_cells, words),
        notes=tuple(dict.fromkeys([*notes, *_exact_tests(results, words), *marks])),
    )


def _exact_tests(results: Sequence[Verdict], words: Words) -> Iterator[str]:
    """Of one target: the test behind its grade."""
    for result in results if len(results) == 1 else ():
        if isinstance(result, TargetVerdict):
            p_value = words.numbers.p_value(result.p_above)
            yield words.say("sentence.verdict.p_value", p=p_value)


def before_after_table(
    released: Released[BeforeAfter | NotEstimable | Withheld],
    words: Words,
    *,
    table_id: str,
    caption: str,
) -> Table:
    """Before, after and the difference in percentage points, each with its limits."""
    compared = released.result
    labels = [
        words.say("column.before"),
        words.say("column.after"),
        words.say("column.difference_points"),
    ]
    rows: list[EstimateRow]
    if isinstance(compared, BeforeAfter):
        rows = [compared.before, compared.after, compared.difference]
        cells = [_side_cells(rows[0], words), _side_cells(rows[1], words), _difference(rows, words)]
    else:
        rows = [compared] * 3
        cells = [(empty_cell(compared, words),) * 5] * 3
    return Table(
        id=table_id,
        caption=caption,
        columns=headings(words, "cohort", "persons", "of_these", "share", "low", "high"),
        rows=tuple((Cell(label), *row) for label, row in zip(labels, cells, strict=True)),
        notes=estimate_notes(released, rows, words, labels=labels),
    )


def feasible_table(
    released: Released[FeasibleCounts],
    words: Words,
    *,
    table_id: str,
    caption: str,
    intervals: pd.DataFrame,
) -> Table:
    """Counts that fit a percentage with their intervals, from the fewest persons up.

    Args:
        intervals: One row per count: ``k, n, value, low, high``, as shares.
    """
    rows = [
        (
            count_cell(row["n"], words),
            count_cell(row["k"], words),
            *(number_cell(row[name], "percent", words) for name in ("value", "low", "high")),
        )
        for row in _thinned(intervals, ROWS_SHOWN)
    ]
    return Table(
        id=table_id,
        caption=caption,
        columns=headings(words, "persons", "of_these", "share", "low", "high"),
        rows=tuple(rows),
        notes=(interval_note("wilson", 0.95, words), *internal_notes(released, words)),
    )


def feasible_difference_table(
    released: Released[FeasibleDifference],
    words: Words,
    *,
    table_id: str,
    caption: str,
    rows_shown: int = ROWS_SHOWN,
) -> Table:
    """Possible pairs of counts, from few persons to many, each with its interval."""
    claim = released.result
    counts = ("n_before", "k_before", "n_after", "k_after")
    rows = [
        (
            *(count_cell(row[name], words) for name in counts),
            *(points_cell(row[name], words) for name in ("value", "low", "high")),
        )
        for row in thinned_pairs(claim, rows_shown=rows_shown)
    ]
    return Table(
        id=table_id,
        caption=caption,
        columns=headings(words, *counts, "difference_points", "low", "high"),
        rows=tuple(rows),
        row_headers=1,
        notes=(
            interval_note(claim.method, claim.confidence_level, words, unit="share_difference"),
            *internal_notes(released, words),
        ),
    )


def thinned_pairs(claim: FeasibleDifference, *, rows_shown: int) -> list[dict[str, float]]:
    """Some pairs of counts, evenly spread from the fewest persons in all to the most."""
    pairs = claim.pairs.assign(total=claim.pairs["n_before"] + claim.pairs["n_after"])
    return _thinned(pairs.sort_values("total", kind="stable"), rows_shown)


def _verdict_cells(result: Verdict, words: Words) -> tuple[Cell, ...]:
    if not isinstance(result, TargetVerdict):
        return (empty_cell(result, words),) * 7
    estimate = result.estimate
    goal = Cell(words.numbers.percent_short(result.goal), result.goal, "percent", 1)
    grade = words.labels.level("grade", printed_grade(result, words))
    return (goal, *_side_cells(estimate, words), Cell(grade))


def _side_cells(row: EstimateRow, words: Words) -> tuple[Cell, ...]:
    if not isinstance(row, Estimate):
        return (empty_cell(row, words),) * 5
    return (
        count_cell(row.n, words),
        count_cell(count_behind(row), words),
        *estimate_cells(row, words),
    )


def _difference(rows: Sequence[EstimateRow], words: Words) -> tuple[Cell, ...]:
    before, after, difference = rows
    if not (isinstance(difference, Estimate) and isinstance(before, Estimate)):
        return (missing_cell(words),) * 5
    persons = before.n + (after.n if isinstance(after, Estimate) else 0)
    return (count_cell(persons, words), missing_cell(words), *points_cells(difference, words))


def _thinned(frame: pd.DataFrame, rows_shown: int) -> list[dict[str, float]]:
    """At most ``rows_shown`` rows, evenly spread, first and last among them."""
    chosen = np.unique(np.linspace(0, len(frame) - 1, min(rows_shown, len(frame))).round())
    return [
        {str(name): value for name, value in row.items()}
        for row in frame.iloc[chosen.astype(int)].to_dict("records")
    ]
