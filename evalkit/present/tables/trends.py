"""Tables of designs on series: changes, lines, weights, placebos and leads."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.tables.cells import (
    count_cell,
    headings,
    internal_notes,
    interval_note,
    number_cell,
    points_cells,
)
from evalkit.results import (
    AreaChange,
    AreaChanges,
    Estimate,
    EventStudy,
    LeadChange,
    LeadOverReference,
    Released,
    SegmentedTrend,
    SyntheticControl,
)

DECIMALS = 2
SHOWN_PLACEBOS = 10
LONG_ENOUGH = 48
"""Periods from which intervals of a break leave out zero about as often as they say."""


def segmented_table(
    released: Released[SegmentedTrend], words: Words, *, table_id: str, caption: str, source: str
) -> Table:
    """Level, slope and difference at the end, with their intervals."""
    trend = released.result
    test = trend.tests[0]
    dependence = words.say(
        "trend.segmented.dependence",
        autocorrelation=words.numbers.number(trend.autocorrelation),
        test=words.say(f"test.{test.name}"),
        p=words.numbers.p_value(test.p_value),
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=(words.say("trend.column.measure"), *_estimate_headings(words)),
        rows=tuple(
            (Cell(words.say(f"measure.{row.measure}")), *_estimate_cells(row, words))
            for row in trend.changes
        ),
        notes=(
            interval_note(
                trend.changes[0].method, trend.changes[0].confidence_level, words, unit="rate"
            ),
            dependence,
            *_short(trend, words),
            *internal_notes(released, words),
        ),
        source=source,
    )


def _short(trend: SegmentedTrend, words: Words) -> tuple[str, ...]:
    """A warning where intervals are known to be too narrow, from simulations without a break."""
    n = trend.n_before + trend.n_after
    if n >= LONG_ENOUGH:
        return ()
    return (words.say("trend.segmented.short", n=n),)


def lines_table(
    lines: pd.DataFrame,
    names: Sequence[str],
    words: Words,
    *,
    table_id: str,
    caption: str,
    notes: tuple[str, ...] = (),
    source: str = "",
) -> Table:
    """Periods down, lines across."""
    columns = [column for column in lines.columns if column != "period"]
    rows = tuple(
        (
            Cell(words.numbers.period(str(row["period"]))),
            *(_number(float(row[column]), words) for column in columns),
        )
        for _, row in lines.iterrows()
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=(*headings(words, "period"), *names),
        rows=rows,
        notes=notes,
        source=source,
    )


def weights_table(
    released: Released[SyntheticControl], words: Words, *, table_id: str, caption: str, source: str
) -> Table:
    """Weight of each area, and the difference with that area left out."""
    control = released.result
    ordered = sorted(control.weights.items(), key=lambda item: (-item[1], item[0]))
    rows = tuple(
        (
            Cell(area),
            number_cell(weight, "percent", words, decimals=0),
            _number(control.leave_one_out[area], words)
            if area in control.leave_one_out
            else Cell(words.say("trend.no_weight")),
        )
        for area, weight in ordered
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=tuple(words.say(f"trend.column.{name}") for name in ("area", "weight", "without")),
        rows=rows,
        notes=internal_notes(released, words),
        source=source,
    )


def placebo_table(
    released: Released[SyntheticControl], words: Words, *, table_id: str, caption: str, source: str
) -> Table:
    """Areas by how much more they differ after the start than before, the most unusual first."""
    control = released.result
    ordered = control.placebos.sort_values(["ratio", "area"], ascending=[False, True])
    ranked = ordered.assign(rank=range(1, len(ordered) + 1))
    shown = ranked[(ranked["rank"] <= SHOWN_PLACEBOS) | (ranked["area"] == control.area)]
    rows = tuple(
        (
            Cell(str(row["area"])),
            count_cell(row["rank"], words),
            _number(float(row["ratio"]), words),
            _number(float(row["difference"]), words),
        )
        for _, row in shown.iterrows()
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=tuple(
            words.say(f"trend.column.{name}") for name in ("area", "rank", "ratio", "difference")
        ),
        rows=rows,
        notes=internal_notes(released, words),
        source=source,
    )


def event_study_table(
    released: Released[EventStudy],
    words: Words,
    *,
    table_id: str,
    caption: str,
    source: str,
    is_synthetic: bool = False,
) -> Table:
    """One row per period: difference against the reference period, with its interval."""
    study = released.result
    first = study.differences[0]
    return Table(
        id=table_id,
        caption=caption,
        columns=(*headings(words, "period"), *_estimate_headings(words)),
        rows=tuple(
            (Cell(words.numbers.period(row.group)), *_estimate_cells(row, words))
            for row in study.differences
        ),
        notes=(
            interval_note(first.method, first.confidence_level, words, unit="rate"),
            words.say(
                "trend.event_study.from", period=words.numbers.period(study.reference_period)
            ),
            words.say("trend.event_study.each"),
            *((words.say("note.synthetic"),) if is_synthetic else ()),
            *internal_notes(released, words),
        ),
        source=source,
    )


def lead_table(
    released: Released[LeadChange], words: Words, *, name: str, table_id: str, caption: str
) -> Table:
    """Share, reference and lead in both periods, and the change of the lead."""
    compared = released.result
    columns = (
        *headings(words, "period", "n", "share"),
        name[:1].upper() + name[1:],
        words.say("trend.column.lead"),
        *headings(words, "low", "high"),
    )
    change = compared.change
    dash = Cell(words.say("cannot.marker"))
    last = (
        Cell(words.say("measure.lead_change")),
        count_cell(change.n, words),
        dash,
        dash,
        *points_cells(change, words),
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=columns,
        rows=(*(_lead_cells(row, words) for row in (compared.before, compared.after)), last),
        notes=(
            interval_note(compared.before.lead.method, change.confidence_level, words),
            interval_note(change.method, change.confidence_level, words, unit=change.unit),
            *((words.say("trend.lead.known"),) if change.method == "newcombe" else ()),
            *internal_notes(released, words),
        ),
    )


def _lead_cells(row: LeadOverReference, words: Words) -> tuple[Cell, ...]:
    return (
        Cell(row.label),
        count_cell(row.share.n, words),
        number_cell(row.share.value, "percent", words),
        number_cell(row.reference_share, "percent", words),
        *points_cells(row.lead, words),
    )


def _estimate_headings(words: Words) -> tuple[str, ...]:
    return (words.say("trend.column.value"), *headings(words, "low", "high"))


def _estimate_cells(row: Estimate, words: Words) -> tuple[Cell, ...]:
    return tuple(_number(value, words) for value in (row.value, row.low, row.high))


def _number(value: float, words: Words) -> Cell:
    return number_cell(value, "number", words, decimals=DECIMALS)


def changes_table(
    released: Released[AreaChanges], words: Words, *, table_id: str, caption: str, source: str = ""
) -> Table:
    """One row per area: first value, last value, change, and the change against the reference.

    Values are printed in the unit of the series, which the caption names.
    """
    changes = released.result
    columns = (
        words.say("trend.column.area"),
        words.numbers.period(changes.first),
        words.numbers.period(changes.last),
        words.say("trend.column.change"),
        words.say(
            "trend.column.against_reference",
            reference=words.labels.inline("area", changes.reference.area),
        ),
    )
    rows = (changes.area, changes.reference, *changes.others)
    missing = (
        (words.say("trend.missing", areas=words.labels.all_of(changes.missing)),)
        if changes.missing
        else ()
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=columns,
        rows=tuple(_cells(row, changes.reference, words, DECIMALS) for row in rows),
        notes=(words.say("trend.rounding"), *missing, *internal_notes(released, words)),
        source=source,
    )


def _cells(row: AreaChange, reference: AreaChange, words: Words, decimals: int) -> tuple[Cell, ...]:
    values = (row.first_value, row.last_value, row.change, row.change - reference.change)
    return (
        Cell(words.labels.level("area", row.area)),
        *(number_cell(value, "number", words, decimals=decimals) for value in values),
    )
