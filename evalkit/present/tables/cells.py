"""Cells and notes that the tables share."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from evalkit.present.blocks import Cell, NumberKind
from evalkit.present.labels import Words
from evalkit.present.numbers import DECIMALS, KIND_OF_UNIT
from evalkit.results import Between, Estimate, EstimateRow, NotEstimable, Released, Unit, Withheld

_P, _EQUALS = "p\u00a0", "=\u00a0"  # said by the heading

T = TypeVar("T")
FEW_AT_DAY = "few_at_day"
NO_INTERVAL = ("known", "published")
"""The methods of figures that are no estimates: they have no interval."""


def number_cell(
    value: float, kind: NumberKind, words: Words, *, decimals: int | None = None
) -> Cell:
    """A cell with a number; "not reached" is words, for it is no number."""
    places = DECIMALS[kind] if decimals is None else decimals
    text = words.numbers.format(value, kind, decimals=places)
    if not math.isfinite(value):
        return Cell(text)
    return Cell(text, float(value), kind, places)


def count_cell(n: float, words: Words) -> Cell:
    """A whole number of persons or rows."""
    return number_cell(float(round(n)), "count", words)


def known_count_cell(n: int | None, words: Words) -> Cell:
    """A count, or that it is withheld."""
    return withheld_cell(words) if n is None else count_cell(n, words)


def points_cells(row: EstimateRow, words: Words) -> tuple[Cell, ...]:
    """A difference of shares and its limits in percentage points; the heading names the unit."""
    if not isinstance(row, Estimate):
        return (empty_cell(row, words),) * 3
    return tuple(points_cell(end, words) for end in (row.value, row.low, row.high))


def labelled_rows(
    labels: Iterable[str],
    rows: Iterable[T],
    write: Callable[[T, Words], Sequence[Cell]],
    words: Words,
) -> tuple[tuple[Cell, ...], ...]:
    """Each row's cells after its label."""
    return tuple((Cell(label), *write(row, words)) for label, row in zip(labels, rows, strict=True))


def points_cell(difference: float, words: Words) -> Cell:
    """A difference of shares in percentage points; the heading names the unit."""
    text = words.numbers.bare(difference, "percentage_points")
    return Cell(text, float(difference), "percentage_points", DECIMALS["percentage_points"])


def p_value_cell(p_value: float, words: Words) -> Cell:
    """A p-value under its heading, "0,39" or "< 0,001"."""
    cell = number_cell(p_value, "p_value", words)
    text = cell.text.removeprefix(_P).removeprefix(_EQUALS)
    return replace(cell, text=text)


def missing_cell(words: Words) -> Cell:
    """Stands where there is no figure."""
    return Cell(words.say("cannot.marker"))


def withheld_cell(words: Words) -> Cell:
    """Stands where a figure is withheld."""
    return Cell(words.say("withheld.marker"))


def empty_cell(row: NotEstimable | Withheld, words: Words) -> Cell:
    """Withheld in words, not computable as a dash that a note explains."""
    return withheld_cell(words) if isinstance(row, Withheld) else missing_cell(words)


def optional_cell(value: float | None, words: Words) -> Cell:
    """A share, or a dash where there is none."""
    return missing_cell(words) if value is None else number_cell(value, "percent", words)


def between_text(row: Between, words: Words) -> str:
    """As "mellan 21,0 % och 28,4 %"."""
    kind = KIND_OF_UNIT[row.unit]
    low, high = (words.numbers.format(limit, kind) for limit in (row.low, row.high))
    return words.say("cell.between", low=low, high=high)


def estimate_cells(row: EstimateRow | Between, words: Words) -> tuple[Cell, Cell, Cell]:
    """Value and limits."""
    if isinstance(row, Between):
        return Cell(between_text(row, words)), missing_cell(words), missing_cell(words)
    if isinstance(row, NotEstimable) and row.reason == FEW_AT_DAY:
        return Cell(words.say("cell.few")), missing_cell(words), missing_cell(words)
    if not isinstance(row, Estimate):
        empty = empty_cell(row, words)
        return empty, empty, empty
    kind = KIND_OF_UNIT[row.unit]
    if row.method in NO_INTERVAL:
        return number_cell(row.value, kind, words), missing_cell(words), missing_cell(words)
    value, low, high = (number_cell(x, kind, words) for x in (row.value, row.low, row.high))
    return value, low, high


def estimate_notes(
    released: Released[Any],
    rows: Sequence[EstimateRow | Between],
    words: Words,
    *,
    labels: Sequence[str],
) -> tuple[str, ...]:
    """Method and level of the estimates, why some are not there, and the internal mark."""
    notes = [*method_notes(rows, words)]
    if any(isinstance(row, Withheld) for row in rows):
        notes.append(words.say("note.withheld"))
    without: dict[str, list[str]] = {}
    for row, label in zip(rows, labels, strict=True):
        if isinstance(row, NotEstimable):
            without.setdefault(words.reason(row), []).append(label)
    notes += [
        words.say("note.cannot", label=", ".join(named), reason=reason)
        for reason, named in without.items()
    ]
    return (*notes, *internal_notes(released, words))


def method_notes(rows: Iterable[EstimateRow | Between], words: Words) -> tuple[str, ...]:
    """One note per interval method and per estimator in use."""
    estimates = [row for row in rows if isinstance(row, Estimate)]
    intervals = [
        words.say(f"method.{row.method}")
        if row.method in NO_INTERVAL
        else interval_note(row.method, row.confidence_level, words, unit=row.unit)
        for row in estimates
        if row.method != "known"  # a budget divided: nothing to say
    ]
    estimators = [note for row in estimates for note in estimator_notes(row.measure, words)]
    return tuple(dict.fromkeys([*intervals, *estimators]))


def interval_note(
    method: str, confidence_level: float, words: Words, *, unit: Unit = "share"
) -> str:
    """As ``95 % konfidensintervall: Wilsons metod (1927)``."""
    return words.say(
        "note.interval_of_difference" if unit == "share_difference" else "note.interval",
        level=words.numbers.percent_short(confidence_level),
        method=words.say(f"method.{method}"),
    )


def estimator_notes(measure: str, words: Words) -> tuple[str, ...]:
    """How a measure is estimated, where it is not simply counted."""
    key = f"estimator.{measure}"
    if key not in words.texts:
        return ()
    return (words.say("note.estimator", estimator=words.say(key)),)


def internal_notes(released: Released[Any], words: Words) -> tuple[str, ...]:
    """How the figures were protected, or the mark that they have not been released."""
    if released.is_internal:
        return (words.say("note.internal"),)
    return tuple(_protected(note, words) for note in released.notes)


def withheld_note(rows: Iterable[Sequence[Cell]], words: Words) -> tuple[str, ...]:
    """What a withheld cell means, where a table has one."""
    marker = words.say("withheld.marker")
    is_there = any(cell.text == marker for row in rows for cell in row)
    return (words.say("note.withheld"),) if is_there else ()


def table_notes(
    released: Released[Any], rows: Iterable[Sequence[Cell]], words: Words
) -> tuple[str, ...]:
    """What every table of released figures ends with."""
    return (*withheld_note(rows, words), *internal_notes(released, words))


def _protected(note: str, words: Words) -> str:
    """A note in words: what an earlier edition showed has its date and that of its data."""
    name, *days = note.split(":")
    told = [words.numbers.date(dt.date.fromisoformat(day)) for day in days if day]
    date, data_cut = (*told, "", "")[:2]
    key = f"disclosure.{name}_data" if data_cut else f"disclosure.{name}"
    return words.say(key, date=date, data_cut=data_cut)


def headings(words: Words, *names: str) -> tuple[str, ...]:
    """Column headings by key."""
    return tuple(words.say(f"column.{name}") for name in names)
