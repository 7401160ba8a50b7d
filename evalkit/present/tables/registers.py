"""From rows to persons, and what the checks found."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.tables.cells import count_cell, headings, table_notes, withheld_cell
from evalkit.results import Finding, FlowStep, Released, Withheld

# Enough to mend a file by; more says that something else is wrong.
ROWS_LISTED = 40


def flow_table(
    released: Released[Sequence[FlowStep | Withheld]], words: Words, *, table_id: str, caption: str
) -> Table:
    """Every step from rows read to persons analysed. A withheld step has its key as measure."""
    rows = tuple(_step_cells(step, words) for step in released.result)
    return Table(
        id=table_id,
        caption=caption,
        columns=headings(words, "step", "count", "unit"),
        rows=rows,
        notes=table_notes(released, rows, words),
    )


def findings_table(
    findings: Sequence[Finding],
    words: Words,
    *,
    table_id: str,
    caption: str,
    with_rows: bool = False,
) -> Table:
    """What the checks found: severity, sentence, file and column.

    Args:
        findings: The findings; they hold no person's value.
        with_rows: Whether to print how often and in which rows: for those who correct the
            file, never in a report, where both could point at a person.
    """
    columns = headings(words, "severity", "finding", "file", "column")
    own = headings(words, "count", "rows") if with_rows else ()
    return Table(
        id=table_id,
        caption=caption,
        columns=(*columns, *own),
        rows=tuple(
            (*_finding_cells(finding, words), *(_where(finding, words) if with_rows else ()))
            for finding in findings
        ),
    )


def _step_cells(step: FlowStep | Withheld, words: Words) -> tuple[Cell, ...]:
    if isinstance(step, Withheld):
        return (Cell(words.say(f"flow.{step.measure}")), withheld_cell(words), Cell(""))
    return (
        Cell(words.say(f"flow.{step.step}")),
        count_cell(step.count, words),
        Cell(words.labels.level("unit", step.unit)),
    )


def _finding_cells(finding: Finding, words: Words) -> tuple[Cell, ...]:
    return (
        Cell(words.labels.level("severity", finding.severity)),
        Cell(finding_text(finding, words)),
        Cell(finding.file),
        Cell(finding.column or words.say("cannot.marker")),
    )


def _where(finding: Finding, words: Words) -> tuple[Cell, ...]:
    count = finding.count or len(finding.rows)
    return (
        count_cell(count, words) if count else Cell(words.say("cannot.marker")),
        Cell(row_numbers(finding.rows, words)),
    )


def finding_text(finding: Finding, words: Words) -> str:
    """The sentence of a check, with the category labels it names."""
    text = words.say(f"finding.{finding.check}")
    if not finding.listing:
        return text
    return words.say("finding.listing", finding=text, listing=", ".join(finding.listing))


def row_numbers(rows: Sequence[int], words: Words, *, shown: int = ROWS_LISTED) -> str:
    """Row numbers as read in a spreadsheet, neighbours joined, cut where there are many.

    >>> from evalkit.present.labels import words_in
    >>> row_numbers((14, 15, 16, 88, 131, 140), words_in("en"), shown=2)
    '14–16, 88 … (2 more)'
    """
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    listed = ", ".join(_run(run) for run in runs[:shown])
    more = sum(map(len, runs[shown:]))
    if not more:
        return listed
    return words.say("rows.and_more", rows=listed, more=more)


def _run(rows: Sequence[int]) -> str:
    return str(rows[0]) if len(rows) == 1 else f"{rows[0]}–{rows[-1]}"
