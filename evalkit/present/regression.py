"""A regression in words: what each coefficient is about, its table and its sentences.

Only ratios are printed: a reader meets "kvot 0,54", never a logarithm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.sentences.parts import finished
from evalkit.present.tables.cells import (
    empty_cell,
    internal_notes,
    interval_note,
    number_cell,
    p_value_cell,
)
from evalkit.results import Coefficient, NotEstimable, Regression, Released, Withheld

References = Mapping[str, str]
Row = Coefficient | NotEstimable | Withheld
_YEARS = frozenset({"age_at_entry", "age"})
# Their levels are words for persons: "män", "nyanlända".
_OF_PERSONS = frozenset({"sex", "target_group"})


@dataclass(frozen=True, slots=True)
class Term:
    """What a coefficient is about: a column, and for a level its printed texts."""

    column: str
    level: str = ""
    reference: str = ""


def regression_table(
    released: Released[Regression],
    words: Words,
    *,
    references: References,
    outcome: str,
    table_id: str,
    caption: str,
    left_out: int | None = 0,
) -> Table:
    """One row per coefficient: ratio, limits and p-value.

    Args:
        references: Column → the level that the others are compared with.
        outcome: What those with the event have done, from `outcome_was`.
        left_out: Persons left out for missing data; ``None`` for too few to tell how many.
    """
    model = released.result
    columns = (
        words.say("regression.column.term"),
        words.say("regression.column.ratio"),
        words.say("column.low"),
        words.say("column.high"),
        words.say("regression.column.p_value"),
    )
    rows = tuple(
        (Cell(_term_text(_name(row), words, references)), *_cells(row, words))
        for row in model.coefficients
    )
    notes = (
        words.say("regression.note.fine_gray", done=outcome),
        *_counts(model, words, outcome),
        *_left_out(left_out, words),
        interval_note("wald", model.confidence_level, words),
        *_reasons(model.coefficients, words, references),
        *internal_notes(released, words),
    )
    return Table(id=table_id, caption=caption, columns=columns, rows=rows, notes=notes)


def regression_sentences(
    released: Released[Regression], words: Words, *, references: References, outcome: str
) -> tuple[str, ...]:
    """A sentence per coefficient whose interval leaves out 1, or that none does.

    Coefficients that do not exist or are withheld take no part in "none": nothing is known
    of them.
    """
    printed = [row for row in released.result.coefficients if isinstance(row, Coefficient)]
    level = released.result.confidence_level
    found = [
        _sentence(row, words, references, outcome, level)
        for row in printed
        if not row.low <= 0 <= row.high
    ]
    if printed and not found:
        found.append(words.say("regression.none"))
    return (*found, finished(released, words.say("regression.limits"), words))


def term_of(name: str, words: Words, references: References) -> Term:
    """The term of a coefficient's name: ``sex=woman`` or ``age_at_entry``."""
    column, _, level = name.partition("=")
    if not level:
        return Term(column)
    inline = words.labels.inline
    return Term(column, words.labels.level(column, level), inline(column, references[column]))


def _term_text(name: str, words: Words, references: References) -> str:
    term = term_of(name, words, references)
    dimension = words.labels.dimension(term.column)
    if term.level:
        return words.say(
            "regression.term.level",
            dimension=dimension,
            level=words.labels.inline(term.column, name.partition("=")[2]),
            reference=term.reference,
        )
    key = "year" if term.column in _YEARS else "number"
    return words.say(f"regression.term.{key}", dimension=dimension)


def _reasons(rows: Sequence[Row], words: Words, references: References) -> Iterator[str]:
    """Why rows have no ratio: each that does not exist by its term, the withheld together."""
    if any(isinstance(row, Withheld) for row in rows):
        yield words.say("note.withheld")
    for row in rows:
        if isinstance(row, NotEstimable):
            term = _term_text(row.measure, words, references)
            yield words.say("note.cannot", label=term, reason=words.reason(row))


def _name(row: Row) -> str:
    return row.name if isinstance(row, Coefficient) else row.measure


def _cells(row: Row, words: Words) -> tuple[Cell, ...]:
    if not isinstance(row, Coefficient):
        return (empty_cell(row, words),) * 4
    ratio = (row.exponentiated, row.exponentiated_low, row.exponentiated_high)
    return (
        *(number_cell(value, "number", words) for value in ratio),
        p_value_cell(row.p_value, words),
    )


def _sentence(
    row: Coefficient, words: Words, references: References, outcome: str, confidence_level: float
) -> str:
    term = term_of(row.name, words, references)
    interval = words.say(
        "sentence.interval",
        level=words.numbers.percent_short(confidence_level),
        interval=words.numbers.interval(row.exponentiated_low, row.exponentiated_high, "number"),
    )
    return words.say(
        f"regression.{'faster' if row.estimate > 0 else 'slower'}"
        f"{'' if term.level else '_per_unit'}",
        level=_starting(_whom(term.column, term.level, words)),
        reference=_whom(term.column, term.reference, words),
        term=words.labels.dimension(term.column),
        done=outcome,
        value=words.numbers.number(row.exponentiated),
        interval=interval,
    )


def _whom(column: str, level: str, words: Words) -> str:
    """Persons by what they are; of a place or a track, the group of it."""
    if column in _OF_PERSONS or not level:
        return level
    return words.say("regression.group", level=level)


def _starting(text: str) -> str:
    return text[:1].upper() + text[1:]


def _counts(model: Regression, words: Words, outcome: str) -> tuple[str, ...]:
    """How many the model rests on; nothing where that would tell how few were left out."""
    if not model.n:
        return ()
    counts = {"n": model.n, "events": model.events}
    return (words.say("regression.note.counts", done=outcome, **counts),)


def _left_out(count: int | None, words: Words) -> tuple[str, ...]:
    if count is None:
        return (words.say("regression.note.left_out.few"),)
    if not count:
        return ()
    return (words.say("regression.note.left_out", count=count),)
