"""Tables of a comparison group: who is compared, how alike they are, every difference."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.sentences.comparison import covariate_label
from evalkit.present.tables.cells import (
    headings,
    internal_notes,
    known_count_cell,
    labelled_rows,
    number_cell,
    points_cells,
    table_notes,
    withheld_cell,
)
from evalkit.results import (
    AdjustedComparison,
    Balance,
    BalanceRow,
    Estimate,
    GroupFlow,
    NotEstimable,
    Overlap,
    Released,
    WithheldBalance,
)


def group_flow_table(released: Released[GroupFlow], words: Words, *, table_id: str) -> Table:
    """Persons of both groups, step by step."""
    rows = tuple(
        (
            Cell(words.say(f"comparison.step.{step.step}")),
            known_count_cell(step.treated, words),
            known_count_cell(step.control, words),
        )
        for step in released.result.steps
    )
    return Table(
        id=table_id,
        caption=words.say("comparison.flow.caption"),
        columns=_columns(words, "step", "treated", "control"),
        rows=rows,
        notes=table_notes(released, rows, words),
    )


def balance_data_table(released: Released[Balance], words: Words, *, table_id: str) -> Table:
    """Each confounder in both groups, before and after weighting."""
    balance = released.result
    weights_participants = balance.target != "treated"
    weighted = ("treated_weighted", "control_weighted")[0 if weights_participants else 1 :]
    columns = _columns(words, "covariate", "treated", "control", *weighted, "before", "after")
    rows = tuple(
        (
            Cell(covariate_label(row.column, row.level, words)),
            *_balance_cells(row, words, weights_participants, len(columns) - 1),
        )
        for row in balance.rows
    )
    return Table(
        id=table_id,
        caption=words.say("comparison.balance.caption"),
        columns=columns,
        rows=rows,
        notes=(words.say("comparison.balance.method"), *table_notes(released, rows, words)),
    )


def overlap_data_table(released: Released[Overlap], words: Words, *, table_id: str) -> Table:
    """Persons of both groups by class of the propensity."""
    overlap = released.result
    classes = zip(class_labels(overlap, words), overlap.treated, overlap.control, strict=True)
    rows = tuple(
        (Cell(label), known_count_cell(treated, words), known_count_cell(control, words))
        for label, treated, control in classes
    )
    return Table(
        id=table_id,
        caption=words.say("comparison.overlap.caption"),
        columns=_columns(words, "propensity", "treated", "control"),
        rows=rows,
        notes=table_notes(released, rows, words),
    )


def differences_table(
    released: Released[AdjustedComparison], words: Words, *, table_id: str, caption: str
) -> Table:
    """Every method's difference with its interval, the unadjusted first."""
    made = released.result
    labels = [words.say(f"measure.{row.measure}") for row in made.differences]
    main = words.say(f"measure.{made.main}")
    notes = [words.say("comparison.main_row", measure=main)]
    if made.n_pairs:
        notes.append(words.say("comparison.pairs", pairs=made.n_pairs))
    return Table(
        id=table_id,
        caption=caption,
        columns=(*_columns(words, "method", "difference"), *headings(words, "low", "high")),
        rows=labelled_rows(labels, made.differences, points_cells, words),
        notes=(
            *notes,
            *_interval_notes(made, words),
            *_reasons(made, words, labels),
            *internal_notes(released, words),
        ),
    )


def class_labels(overlap: Overlap, words: Words) -> list[str]:
    """``0–10 %`` and so on."""
    return [
        words.numbers.interval(low, high, "percent", decimals=0)
        for low, high in zip(overlap.edges[:-1], overlap.edges[1:], strict=True)
    ]


def _columns(words: Words, *names: str) -> tuple[str, ...]:
    return tuple(words.say(f"comparison.column.{name}") for name in names)


def _balance_cells(
    row: BalanceRow | WithheldBalance, words: Words, weights_participants: bool, n: int
) -> tuple[Cell, ...]:
    if isinstance(row, WithheldBalance):
        return (withheld_cell(words),) * n
    means = [row.mean_treated, row.mean_control]
    means += [row.weighted_treated] if weights_participants else []
    means.append(row.weighted_control)
    shown = (
        [number_cell(mean, "percent", words, decimals=0) for mean in means]
        if row.level
        else [number_cell(mean, "number", words, decimals=1) for mean in means]
    )
    return (*shown, *(number_cell(gap, "number", words) for gap in (row.before, row.after)))


def _interval_notes(made: AdjustedComparison, words: Words) -> tuple[str, ...]:
    """How the interval of each row was made, in one note."""
    rows = [row for row in made.differences if isinstance(row, Estimate)]
    items = [
        words.say(
            "comparison.interval_of",
            measure=words.say(f"measure.{row.measure}"),
            method=words.say(f"method.{row.method}"),
        )
        for row in rows
    ]
    if not rows:
        return ()
    level = words.numbers.percent_short(rows[0].confidence_level)
    return (words.say("comparison.intervals", level=level, items="; ".join(items)),)


def _reasons(made: AdjustedComparison, words: Words, labels: Sequence[str]) -> tuple[str, ...]:
    """Why a method has no answer."""
    return tuple(
        words.say("note.cannot", label=label, reason=words.reason(row))
        for row, label in zip(made.differences, labels, strict=True)
        if isinstance(row, NotEstimable)
    )
