"""Tables of indicators: codes by sex, results from start to share, definitions side by side.

A count that is absent from a row prints "–": nobody of that sex is registered, or nothing of
the kind is recorded. A count that is ``None`` is withheld.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.tables.cells import (
    count_cell,
    empty_cell,
    estimate_cells,
    headings,
    interval_note,
    known_count_cell,
    missing_cell,
    withheld_cell,
    withheld_note,
)
from evalkit.results import Estimate, EstimateRow

SEX_COLUMNS = ("woman", "man", "non_binary")
TOTAL = "total"
RESULT_COUNTS = (
    "started",
    "finished",
    "not_yet_observable",
    "no_information",
    "observed",
    "reached",
)
MOVES = ("left", "joined", "lost", "gained")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLine:
    """One code with its count per sex and in all."""

    code: str
    text: str
    counts: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """One result of one sex or of all: the counts from started to reached, and the share."""

    code: str
    text: str
    counts: Mapping[str, int | None]
    share: EstimateRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One definition of a chain: what it changes, whom that moves, and the share it gives."""

    text: str
    moves: Mapping[str, int]
    share: EstimateRow


def codes_table(
    lines: Sequence[CodeLine],
    words: Words,
    *,
    table_id: str,
    caption: str,
    notes: tuple[str, ...] = (),
    source: str = "",
    first_columns: tuple[str, ...] = ("code", "indicator"),
) -> Table:
    """Codes in rows; women, men, non-binary and all in columns, none of them all empty.

    ``first_columns`` heads the rows: code and text, or the dimension of levels without code.
    """
    has_code = len(first_columns) > 1
    lines = [line for line in lines if line.counts]
    sexes = [one for one in SEX_COLUMNS if any(one in line.counts for line in lines)]
    columns = (
        *(
            headings(words, *first_columns)
            if has_code
            else map(words.labels.dimension, first_columns)
        ),
        *(words.labels.level("sex", sex) for sex in sexes),
        words.say("label.total"),
    )
    rows = tuple(
        (
            *((Cell(line.code),) if has_code else ()),
            Cell(line.text),
            *_count_cells(line.counts, (*sexes, TOTAL), words),
        )
        for line in lines
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=columns,
        rows=rows,
        row_headers=len(first_columns),
        notes=(*notes, *_marker_notes(rows, words)),
        source=source,
    )


def results_table(
    lines: Sequence[ResultLine],
    words: Words,
    *,
    table_id: str,
    caption: str,
    notes: tuple[str, ...] = (),
    source: str = "",
) -> Table:
    """One row per result and sex, from those who started to the share of those observed.

    What nobody records has no row.
    """
    lines = [line for line in lines if line.counts]
    columns = (
        *headings(words, "code"),
        words.labels.dimension("sex"),
        *headings(words, *RESULT_COUNTS, "share", "lower", "upper"),
    )
    rows = tuple(
        (
            Cell(line.code),
            Cell(line.text),
            *_count_cells(line.counts, RESULT_COUNTS, words),
            *_share_cells(line, words),
        )
        for line in lines
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=columns,
        rows=rows,
        row_headers=2,
        notes=(
            *notes,
            *_interval_notes([line.share for line in lines], words),
            *_marker_notes(rows, words),
        ),
        source=source,
    )


def steps_table(
    lines: Sequence[StepLine],
    words: Words,
    *,
    table_id: str,
    caption: str,
    notes: tuple[str, ...] = (),
) -> Table:
    """From one definition's share to another's, and whom each change moves."""
    columns = headings(words, "definition", *MOVES, "reached", "n", "share", "lower", "upper")
    rows = tuple(
        (
            Cell(line.text),
            *_move_cells(line, words),
            *_k_of_n(line.share, words),
            *estimate_cells(line.share, words),
        )
        for line in lines
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=columns,
        rows=rows,
        notes=(
            *notes,
            *_interval_notes([line.share for line in lines], words),
            *withheld_note(rows, words),
        ),
    )


def before_and_after_table(
    lines: Sequence[tuple[str, int | None, int | None]],
    words: Words,
    *,
    table_id: str,
    caption: str,
    heading: str,
) -> Table:
    """The same persons before and after: one row per situation."""
    rows = tuple(
        (Cell(text), known_count_cell(before, words), known_count_cell(after, words))
        for text, before, after in lines
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=(heading, *headings(words, "before", "after")),
        rows=rows,
        notes=withheld_note(rows, words),
    )


def checks_table(
    lines: Sequence[tuple[str, str, str]], words: Words, *, table_id: str, caption: str
) -> Table:
    """Validation tests: what is tested, in codes, and the outcome."""
    return Table(
        id=table_id,
        caption=caption,
        columns=headings(words, "check", "formula", "outcome"),
        rows=tuple(tuple(Cell(text) for text in line) for line in lines),
    )


def _count_cells(
    counts: Mapping[str, int | None], names: Sequence[str], words: Words
) -> tuple[Cell, ...]:
    return tuple(
        known_count_cell(counts[name], words) if name in counts else missing_cell(words)
        for name in names
    )


def _share_cells(line: ResultLine, words: Words) -> tuple[Cell, ...]:
    """No share where there are no counts; withheld where the counts are."""
    if line.share is not None:
        return estimate_cells(line.share, words)
    empty = withheld_cell(words) if line.counts else missing_cell(words)
    return empty, empty, empty


def _move_cells(line: StepLine, words: Words) -> tuple[Cell, ...]:
    if not isinstance(line.share, Estimate):
        return tuple(empty_cell(line.share, words) for _ in MOVES)
    return _count_cells(line.moves, MOVES, words)


def _k_of_n(share: EstimateRow, words: Words) -> tuple[Cell, Cell]:
    if not isinstance(share, Estimate):
        return empty_cell(share, words), empty_cell(share, words)
    return count_cell(share.cells[0], words), count_cell(share.n, words)


def _interval_notes(shares: Sequence[EstimateRow | None], words: Words) -> tuple[str, ...]:
    notes = (
        interval_note(share.method, share.confidence_level, words)
        for share in shares
        if isinstance(share, Estimate)
    )
    return tuple(dict.fromkeys(notes))


def _marker_notes(rows: Sequence[Sequence[Cell]], words: Words) -> tuple[str, ...]:
    """What a dash and a withheld count mean, where there are any."""
    has_dash = any(cell.text == words.say("cannot.marker") for row in rows for cell in row)
    dash = (words.say("esf.note.dash"),) if has_dash else ()
    return (*dash, *withheld_note(rows, words))
