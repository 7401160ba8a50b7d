"""Tables of a comparison group: who is compared, how alike they are, every difference."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.sentences.comparison import covariate_label
from evalkit.present.tables.cells import (
    count_cell,
    empty_cell,
    headings,
    internal_notes,
    number_cell,
    points_cell,
    withheld_cell,
)
from evalkit.results import (
    AdjustedComparison,
    Balance,
    BalanceRow,
    Estimate,
    EstimateRow,
    GroupFlow,
    NotEstimable,
    Overlap,
    Released,
    WithheldBalance,
)


def group_flow_table(released: Released[GroupFlow], words: Words, *, table_id: str) -> Table:
    """Persons of both groups, step by step."""
    steps = released.result.steps
    return Table(
        id=table_id,
        caption=words.say("comparison.flow.caption"),
        columns=_columns(words, "step", "treated", "control"),
        rows=tuple(
            (
                Cell(words.say(f"comparison.step.{step.step}")),
                _count(step.treated, words),
                _count(step.control, words),
            )
            for step in steps
        ),
        notes=_notes(released, words, any(None in (s.treated, s.control) for s in steps)),
    )


def balance_data_table(released: Released[Balance], words: Words, *, table_id: str) -> Table:
    """Each confounder in both groups, before and after weighting."""
    balance = released.result
    weights_participants = balance.target != "treated"
    weighted = ("treated_weighted", "control_weighted")[0 if weights_participants else 1 :]
    columns = _columns(words, "covariate", "treated", "control", *weighted, "before", "after")
    hidden = any(isinstance(row, WithheldBalance) for row in balance.rows)
    return Table(
        id=table_id,
        caption=words.say("comparison.balance.caption"),
        columns=columns,
        rows=tuple(
            (
                Cell(covariate_label(row.column, row.level, words)),
                *_balance_cells(row, words, weights_participants, len(columns) - 1),
            )
            for row in balance.rows
        ),
        notes=(words.say("comparison.balance.method"), *_notes(released, words, hidden)),
    )


def overlap_data_table(released: Released[Overlap], words: Words, *, table_id: str) -> Table:
    """Persons of both groups by class of the propensity."""
    overlap = released.result
    hidden = None in (*overlap.treated, *overlap.control)
    return Table(
        id=table_id,
        caption=words.say("comparison.overlap.caption"),
        columns=_columns(words, "propensity", "treated", "control"),
        rows=tuple(
            (Cell(label), _count(treated, words), _count(control, words))
            for label, treated, control in zip(
                class_labels(overlap, words), overlap.treated, overlap.control, strict=True
            )
        ),
        notes=_notes(released, words, hidden),
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
        pairs = words.numbers.count(made.n_pairs)
        notes.append(words.say("comparison.pairs", pairs=pairs))
    return Table(
        id=table_id,
        caption=caption,
        columns=(*_columns(words, "method", "difference"), *headings(words, "low", "high")),
        rows=tuple(
            (Cell(label), *_difference_cells(row, words))
            for label, row in zip(labels, made.differences, strict=True)
        ),
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


def _count(count: int | None, words: Words) -> Cell:
    return withheld_cell(words) if count is None else count_cell(count, words)


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


def _difference_cells(row: EstimateRow, words: Words) -> tuple[Cell, ...]:
    if not isinstance(row, Estimate):
        return (empty_cell(row, words),) * 3
    return tuple(points_cell(end, words) for end in (row.value, row.low, row.high))


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


def _notes(released: Released[object], words: Words, has_withheld: bool) -> tuple[str, ...]:
    withheld = (words.say("note.withheld"),) if has_withheld else ()
    return (*withheld, *internal_notes(released, words))
